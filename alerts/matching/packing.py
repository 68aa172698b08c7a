"""Packing: arrays in one file, one after the other as `.npy`, which is mapped as it lies."""

import mmap
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.lib import format as npy

LAYOUT = 2
"""Raise it when the arrays of an index change their names or meaning: older files are then left alone."""
_ALIGNED = 64


def pack(arrays: Mapping[str, np.ndarray], file: BinaryIO) -> None:
    """Write the arrays, their names first."""
    names = sorted(arrays)
    for array in (np.array(names), *(arrays[name] for name in names)):
        np.save(file, array, allow_pickle=False)
        file.write(bytes(-file.tell() % _ALIGNED))


def mapped(path: Path) -> dict[str, np.ndarray]:
    """The arrays of a file that `pack` wrote: it is mapped, so they cannot be written to; raises OSError."""
    with path.open("rb") as file:
        memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        names = _next(file, memory).tolist()
        return {name: _next(file, memory) for name in names}


def _next(file: BinaryIO, memory: mmap.mmap) -> np.ndarray:
    """The array that begins here; the file moves on to the next one."""
    npy.read_magic(file)
    shape, _, dtype = npy.read_array_header_1_0(file)
    size, begin = int(np.prod(shape)), file.tell()
    end = begin + size * dtype.itemsize
    file.seek(end + -end % _ALIGNED)
    return np.frombuffer(memory, dtype, size, begin).reshape(shape) if size else np.empty(shape, dtype)
