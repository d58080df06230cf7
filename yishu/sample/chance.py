"""Where chance comes from: one independent stream a (seed, day, purpose), so that a new purpose shifts no other
draw.

Nothing else in the package may make a generator: same seed, same bytes.
"""

import zlib

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def stream(seed: int, day: int, purpose: str) -> np.random.Generator:
    """The generator of one purpose on one day (0 = the founding of the city, 1 = first delivery)."""
    return np.random.default_rng([seed, day, zlib.crc32(purpose.encode())])


def between(rng: np.random.Generator, low: int | Ints, high: int | Ints, size: int) -> Ints:
    """Whole numbers from `low` to `high`, both included; an empty range gives `low`."""
    low_array, high_array = np.asarray(low, dtype=np.int64), np.asarray(high, dtype=np.int64)
    span = np.maximum(high_array - low_array + 1, 1)
    return np.asarray(low_array + np.floor(rng.random(size) * span).astype(np.int64), dtype=np.int64)


def weighted(rng: np.random.Generator, weights: npt.ArrayLike, size: int) -> Ints:
    """Indices drawn in proportion to their weights."""
    shares = np.asarray(weights, dtype=np.float64)
    return (
        np.searchsorted(np.cumsum(shares / shares.sum()), rng.random(size), side="right")
        .clip(max=len(shares) - 1)
        .astype(np.int64)
    )


def some(rng: np.random.Generator, candidates: Ints, count: int) -> Ints:
    """At most `count` different candidates, in ascending order."""
    return np.sort(rng.choice(candidates, size=min(count, len(candidates)), replace=False)).astype(np.int64)


def about(rng: np.random.Generator, expected: float, *, least: int = 0) -> int:
    """How many events happen where `expected` are expected."""
    return max(least, int(rng.poisson(expected)))
