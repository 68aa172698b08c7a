"""Where the real captures lie, and the reason why a test without them is skipped."""

import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).resolve().parents[2].parent / "shared" / "data"
SHARED = Path(os.environ.get("HARK_SHARED_DATA", BESIDE))


def needs_shared(*path: str):
    """Marks a test that reads `../shared/data/PATH`."""
    is_here = SHARED.joinpath(*path).exists()

    def mark(test):
        skipped = pytest.mark.skipif(not is_here, reason=f"needs ../shared/data/{'/'.join(path)}")
        return pytest.mark.shared_data(skipped(test))

    return mark
