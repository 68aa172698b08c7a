"""Emails as we agreed on them, whole, but for the tokens of links that name rows by number."""

import os
import re
from pathlib import Path


def assert_same(name: str, said: str) -> None:
    """What an email says is what stands in the golden file `name`; HARK_TEST_WRITE_GOLDEN=1 writes that."""
    said = re.sub(r"(?<=/n/)[\w-]+", "TOKEN", said)
    path = Path(__file__).parent / "golden" / name
    if os.environ.get("HARK_TEST_WRITE_GOLDEN"):
        path.write_text(said, encoding="utf-8")
    assert said == path.read_text(encoding="utf-8")
