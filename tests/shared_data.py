"""The real test material beside the checkout: read where it is, never copied; tests without it are skipped."""

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("HARK_SHARED_DATA") or Path(__file__).parents[2] / "shared" / "data")


def shared(name: str) -> Path:
    """The file or folder `name` of the material; skips the test, with the reason, where it is absent."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"needs ../shared/data/{name}")
    return path
