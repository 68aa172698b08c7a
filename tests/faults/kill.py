"""The kill test by hand, as long as one likes: python -m tests.faults.kill --kills 3000 --seed 7 --json docs/kills.json

It starts servers of its own, says how it gets on, and writes what it did and found. Ends with 1 if anything was not
as promised.
"""

import argparse
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import django

from tests import servers


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition(":")[0])
    parser.add_argument("--kills", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=20260302)
    parser.add_argument("--json", type=Path, help="where to write the report")
    return parser.parse_args()


def commit() -> str:
    """The commit that is checked out, with a `+` where files differ from it."""
    head = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
    changed = subprocess.run(
        ["git", "status", "--porcelain", "-uno"], capture_output=True, text=True, check=True
    ).stdout
    return head + ("+" if changed else "")


def play(kills: int, seed: int) -> dict[str, object]:
    """The report of one run on servers that are up."""
    from django.db import connection
    from django.test.utils import setup_test_environment

    from tests.digests.sink import Sink
    from tests.faults.killing import run_by_smtp

    setup_test_environment()
    connection.creation.create_test_db(verbosity=0)
    path, _, query = os.environ["DATABASE_URL"].partition("?")
    database = f"{path.rpartition('/')[0]}/{connection.settings_dict['NAME']}?{query}".rstrip("?")
    sink = Sink()
    sink.start()
    with tempfile.TemporaryDirectory() as folder:
        report = run_by_smtp({**os.environ, "DATABASE_URL": database}, sink, Path(folder), seed, kills, say)
    sink.stop()
    return report.as_json()


def say(words: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)


def main() -> int:
    asked = arguments()
    servers.prepare_environment()
    servers.start()
    try:
        django.setup()
        logging.disable(logging.WARNING)
        report = {"commit": commit(), "began": time.strftime("%Y-%m-%d %H:%M"), **play(asked.kills, asked.seed)}
    finally:
        servers.stop()
    words = json.dumps(report, indent=2)
    print(words)
    if asked.json:
        asked.json.write_text(words + "\n")
    return 1 if report["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
