"""Chance that belongs to a position and never to a day: what was once so of a person or a household stays so.

Here is the hash only. Chance of a seed and a day comes from chance.py; what the numbers mean, the tables say.
"""

import zlib

import numpy as np
import numpy.typing as npt

from yishu.sample.chance import Ints

_STEP = np.uint64(0x9E3779B97F4A7C15)  # splitmix64 (Steele, Lea, Flood 2014): golden ratio, then two multiplications
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_BITS_OF_A_FLOAT = 53


def share(positions: Ints, purpose: str) -> npt.NDArray[np.float64]:
    """A number in [0, 1) for each position, independent between purposes."""
    return (_mixed(positions, purpose) >> np.uint64(64 - _BITS_OF_A_FLOAT)).astype(np.float64) / 2.0**_BITS_OF_A_FLOAT


def pick(positions: Ints, purpose: str, n: int) -> Ints:
    """One of 0 … n-1 for each position."""
    return np.asarray(np.floor(share(positions, purpose) * n), dtype=np.int64)


def _mixed(positions: Ints, purpose: str) -> npt.NDArray[np.uint64]:
    """Arrays of uint64 wrap around without a word, which is what the hash asks for."""
    start = np.array([zlib.crc32(purpose.encode()) << 32], dtype=np.uint64)
    state = (np.asarray(positions, dtype=np.int64).astype(np.uint64) + np.uint64(1)) * _STEP + start
    state = (state ^ (state >> np.uint64(30))) * _FIRST
    state = (state ^ (state >> np.uint64(27))) * _SECOND
    return np.asarray(state ^ (state >> np.uint64(31)), dtype=np.uint64)
