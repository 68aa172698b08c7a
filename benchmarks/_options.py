"""What benchmarks are asked alike, and how they give their numbers away."""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path


def parser(name: str, seed: int) -> argparse.ArgumentParser:
    """The options every benchmark has, to which each adds its own."""
    made = argparse.ArgumentParser(prog=f"./run bench {name}")
    made.add_argument("--json", metavar="FILE", help="write the numbers to a file")
    made.add_argument("--seed", type=int, default=seed)
    return made


def give(numbers: Mapping[str, object], options: argparse.Namespace) -> None:
    """Write the numbers to the file, if one was asked for."""
    if options.json:
        Path(options.json).write_text(json.dumps(numbers, indent=1) + "\n")
