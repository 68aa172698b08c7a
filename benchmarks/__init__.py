"""Benchmarks: `./run bench NAME`. They measure, print and check; tests never assert seconds, these say them."""
