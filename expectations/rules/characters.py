"""Texts as bytes: what the kernels of identifiers share. A matrix has a row each *position* and a column each text.

Not here: any standard. Position by position, the arithmetic of check digits runs over contiguous bytes; text by text it took
seven times as long.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

Bytes = npt.NDArray[np.uint8]
Sums = npt.NDArray[np.uint16] | npt.NDArray[np.uint32]
Flags = npt.NDArray[np.bool_]

ZERO: Final = np.uint8(ord("0"))
ILLEGAL: Final = 255


def values_of(alphabet: str) -> Bytes:
    """Byte -> place in the alphabet, ILLEGAL elsewhere."""
    table = np.full(256, ILLEGAL, dtype=np.uint8)
    table[np.frombuffer(alphabet.encode(), dtype=np.uint8)] = range(len(alphabet))
    return table


def fitting(texts: pl.Series, width: int, read: int | None = None) -> tuple[Flags, Bytes]:
    """Which texts are `width` bytes long, and those as a matrix (of the first `read` positions: what is not read need not
    be moved).

    A text with longer characters may have the right length in bytes: it then fails the checks of its characters.
    """
    binary = texts.cast(pl.String).cast(pl.Binary)
    fits = (binary.bin.size() == width).fill_null(False)
    matrix = binary.filter(fits).bin.reinterpret(dtype=pl.Array(pl.UInt8, width)).to_numpy()
    return fits.to_numpy(), np.ascontiguousarray(matrix.reshape(-1, width)[:, :read].T)


def spread(texts: pl.Series, fits: Flags, values: pl.Series) -> pl.Series:
    """Values of the fitting texts back in their places; null elsewhere."""
    nothing = pl.repeat(None, len(texts), dtype=values.dtype, eager=True)
    return nothing.scatter(np.flatnonzero(fits), values).rename(texts.name)


def holds(texts: pl.Series, fits: Flags, valid: Flags) -> pl.Series:
    """Booleans of the fitting texts back in their places: false elsewhere, null for null."""
    whole = np.zeros(len(texts), dtype=np.bool_)
    whole[fits] = valid
    answer = pl.Series(texts.name, whole, dtype=pl.Boolean)
    return answer.set(texts.is_null(), None) if texts.null_count() else answer


def as_texts(characters: Bytes) -> pl.Series:
    """A matrix as texts."""
    width, count = characters.shape
    if not count:
        return pl.Series([], dtype=pl.String)
    flat = np.ascontiguousarray(characters.T).view(f"S{width}").ravel()
    return pl.Series(flat.tolist(), dtype=pl.Binary).cast(pl.String)


def all_at_most(values: Bytes, highest: int) -> Flags:
    return np.asarray(values.max(axis=0, initial=0) <= highest)


def weighted_sum(values: Bytes, weights: tuple[int, ...]) -> Sums:
    """The sum of value times weight, of legal values (at most 35 each) always under 65,536; illegal ones (up to 255) give a
    meaningless sum, never an error."""
    total = np.zeros(values.shape[1], dtype=np.uint16)
    for value, weight in zip(values, weights, strict=True):
        total += value * np.uint16(weight)
    return total


def number(digits: Bytes) -> Sums:
    total = np.zeros(digits.shape[1], dtype=np.uint32)
    for digit in digits:
        total *= np.uint32(10)
        total += digit
    return total


def hybrid_check(values: Bytes, modulus: int) -> Sums:
    """The check value of an ISO 7064 hybrid system MOD `modulus`+1, `modulus` over values from 0 to modulus - 1."""
    check = np.full(values.shape[1], modulus, dtype=np.uint32)
    for value in values:
        check = (check + value) % modulus
        check = np.where(check == 0, modulus, check) * 2 % (modulus + 1)
    return np.asarray((modulus + 1 - check) % modulus, dtype=np.uint32)
