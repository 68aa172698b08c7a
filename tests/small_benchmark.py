"""A benchmark run as a user would, but small: on servers of its own, with questions made up from a seed."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def run(folder: Path, name: str, *options: str) -> tuple[str, dict]:
    """What the benchmark says, and its numbers; its complaints go where the tests' own go."""
    written = folder / "numbers.json"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HARK_")}
    said = subprocess.run(
        [sys.executable, "-m", "config.run", "bench", name, *options, "--json", str(written)],
        env=environment | {"HARK_SHARED_DATA": str(folder / "nothing")},
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
    return said, json.loads(written.read_text())
