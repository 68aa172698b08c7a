"""A disk of a few megabytes, filled up and emptied at will, with a database on it."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PIECE = 1 << 20


@contextmanager
def small_disk(place: Path, megabytes: int) -> Iterator[None]:
    """A disk of this size at `place`; skips the test where this machine lets us mount none."""
    place.mkdir()
    if os.geteuid():
        pytest.skip("needs root, to mount a small disk")
    size = f"size={megabytes}m,mode=0711"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", place], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"needs the right to mount a small disk: {mounted.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


def fill(place: Path) -> None:
    """Leave no byte free at `place`."""
    with open(place / "filler", "ab", buffering=0) as filler:
        piece = PIECE
        while piece:
            try:
                filler.write(bytes(piece))
            except OSError:
                piece //= 2


def make_room(place: Path) -> None:
    """Take away again what `fill` wrote."""
    (place / "filler").unlink(missing_ok=True)
