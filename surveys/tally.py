"""What a group's answers add up to: exact integers that can be merged, extended, reduced and stored.

Pure numpy. Knows bytes and counts, not whose they are: no Django, no database, no weights, no means.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Scale = tuple[int, int]

NO_ANSWER = 0
# Pairs of items grow with the square: at 1,000 items a tally is 24 MB, beyond that no respondent goes.
MAX_ITEMS = 1000
# float32 holds every integer below this, so sums that stay below it are exact in whatever order they are added.
_FLOAT32_EXACT = 2**24
# A byte counts to 255: that many rows of 0/1 are added up in bytes, which is what makes histograms fast.
_BYTE_ROWS = 255
_BLOCK_ROWS = 32 * _BYTE_ROWS
_BLOCK_CELLS = 2**21

_MAGIC = b"TALLY"
_VERSION = 1
_HEADER = struct.Struct("<5sBBBIq")
_DIGEST_BYTES = 32


@dataclass(frozen=True, eq=False)
class Tally:
    """Counts and sums over respondents who rated items on one scale.

    Every field is an exact integer. Tallies of separate respondents add up (`a + b`) to the tally of all of
    them, in any order and grouping, and an answer that is erased is taken off again (`a - b`).

    Parameters
    ----------
    scale : (low, high)
        The ratings that exist, ``1 <= low < high <= 255``. The byte 0 means "no answer or cannot judge".
    respondents : int
        Number of respondents, also those who rated nothing.
    histogram : (items, high - low + 1) int64
        How many respondents gave each rating, from low to high.
    joint_counts : (items, items) int64
        ``[i, j]``: respondents who rated both i and j. Symmetric.
    joint_sums : (items, items) int64
        ``[i, j]``: sum of the ratings of i over respondents who rated both i and j. Not symmetric.
    joint_products : (items, items) int64
        ``[i, j]``: sum of rating of i times rating of j over respondents who rated both. Symmetric.

    Raises
    ------
    ValueError
        If the scale does not fit, a shape does not match, a number is negative, or more respondents answered
        an item than there are.
    """

    scale: Scale
    respondents: int
    histogram: Integers
    joint_counts: Integers
    joint_sums: Integers
    joint_products: Integers

    def __post_init__(self) -> None:
        low, high = _checked_scale(self.scale)
        object.__setattr__(self, "scale", (low, high))
        object.__setattr__(self, "respondents", int(self.respondents))
        items = _checked_items(np.shape(self.histogram)[0])
        shapes = {"histogram": (items, high - low + 1)}
        for name in ("histogram", "joint_counts", "joint_sums", "joint_products"):
            array = np.asarray(getattr(self, name))
            if array.dtype.kind not in "iu":
                raise ValueError(f"{name} holds {array.dtype} instead of integers.")
            array = np.array(array, dtype=np.int64, order="C")
            if array.shape != shapes.get(name, (items, items)):
                raise ValueError(f"{name} has the shape {array.shape}, not {shapes.get(name, (items, items))}.")
            if array.size and array.min() < 0:
                raise ValueError(f"{name} holds the negative number {array.min()}.")
            object.__setattr__(self, name, _frozen(array))
        if self.respondents < 0:
            raise ValueError(f"The number of respondents is {self.respondents}, less than 0.")
        if self.counts.max() > self.respondents:
            raise ValueError(f"{self.counts.max()} answers to one item come from {self.respondents} respondents.")
        if not np.array_equal(np.diagonal(self.joint_counts), self.counts):
            raise ValueError("The histogram and the joint counts are not of the same answers.")

    @classmethod
    def empty(cls, items: int, scale: Scale) -> Tally:
        """The tally of nobody: what counting starts from."""
        low, high = _checked_scale(scale)
        square = np.zeros((_checked_items(items), items), np.int64)
        return cls((low, high), 0, np.zeros((items, high - low + 1), np.int64), square, square, square)

    @property
    def items(self) -> int:
        """Number of items."""
        return self.histogram.shape[0]

    @cached_property
    def counts(self) -> Integers:
        """(items,) How many respondents rated each item."""
        return _frozen(self.histogram.sum(axis=1))

    @cached_property
    def sums(self) -> Integers:
        """(items,) Sum of the ratings of each item."""
        return _frozen(self.histogram @ np.arange(self.scale[0], self.scale[1] + 1, dtype=np.int64))

    def select(self, items: Sequence[int]) -> Tally:
        """The tally of the same respondents with these items only, in this order."""
        chosen = np.asarray(items, dtype=np.intp)
        if np.array_equal(chosen, np.arange(self.items)):
            return self
        square = np.ix_(chosen, chosen)
        return Tally(
            self.scale,
            self.respondents,
            self.histogram[chosen],
            self.joint_counts[square],
            self.joint_sums[square],
            self.joint_products[square],
        )

    def silence(self, items: NDArray[np.bool_]) -> Tally:
        """(items,) bool: the tally as if nobody had rated those items."""
        kept = ~np.asarray(items, dtype=bool)
        if kept.all():
            return self
        both = kept[:, None] & kept
        return Tally(
            self.scale,
            self.respondents,
            self.histogram * kept[:, None],
            self.joint_counts * both,
            self.joint_sums * both,
            self.joint_products * both,
        )

    def filled(self, value: int, items: NDArray[np.bool_]) -> Tally:
        """(items,) bool: the tally as if every respondent who did not rate one of those items had rated it `value`.

        Exact where all items are in one state; not after `updated`, which does not know who is missing from what.

        Raises
        ------
        ValueError
            If `value` is not on the scale.

        Notes
        -----
        With N respondents, sums S, counts n, and N_ij, S_ij, P_ij over those who rated both i and j: where both are
        filled, S'_ij = S_i + v (N - n_i) and
        P'_ij = P_ij + v (S_i - S_ij) + v (S_j - S_ji) + v^2 (N - n_i - n_j + N_ij).
        Where i alone is filled, those who rated j remain: P'_ij = P_ij + v (S_j - S_ji), S'_ij = S_ij + v (n_j - N_ij)
        and S'_ji = S_j.
        """
        low, high = self.scale
        if not low <= value <= high:
            raise ValueError(f"{value!r} is not a rating from {low} to {high}.")
        first = np.asarray(items, dtype=bool)[:, None]
        second = first.T
        n, sums, all_of = self.counts, self.sums, np.int64(self.respondents)
        # How many of those who remain in the pair did not rate i, and j, and neither; and what they rated the other.
        without_first = np.where(second, all_of - n[:, None], n - self.joint_counts)
        only_second = value * (sums - self.joint_sums.T)
        only_first = value * (sums[:, None] - self.joint_sums)
        neither = value * value * (all_of - n[:, None] - n + self.joint_counts)
        histogram = self.histogram.copy()
        histogram[:, value - low] += np.where(first[:, 0], all_of - n, 0)
        return Tally(
            self.scale,
            self.respondents,
            histogram,
            np.where(first, np.where(second, all_of, n), np.where(second, n[:, None], self.joint_counts)),
            np.where(second, sums[:, None], self.joint_sums) + np.where(first, value * without_first, 0),
            self.joint_products + first * only_second + second * only_first + (first & second) * neither,
        )

    def updated(self, newer: Tally, items: NDArray[np.bool_]) -> Tally:
        """(items,) bool: this tally with those items as they are in a later one of the same respondents and more.

        Means and histograms are exact for every item. What is known of pairs is the later state for pairs of updated
        items, and the earlier one for the others.
        """
        both = items[:, None] & items
        counts = np.where(both, newer.joint_counts, self.joint_counts)
        return Tally(
            self.scale,
            max(newer.respondents if items.any() else self.respondents, int(np.diagonal(counts).max(initial=0))),
            np.where(items[:, None], newer.histogram, self.histogram),
            counts,
            np.where(both, newer.joint_sums, self.joint_sums),
            np.where(both, newer.joint_products, self.joint_products),
        )

    def __add__(self, other: Tally) -> Tally:
        """The tally of both sets of respondents."""
        return self._combined(other, 1)

    def __sub__(self, other: Tally) -> Tally:
        """The tally without the respondents of `other`. ValueError if they were not all in this one."""
        try:
            return self._combined(other, -1)
        except ValueError as error:
            raise ValueError(f"Answers are taken off that were never counted: {error}") from error

    def _combined(self, other: Tally, sign: int) -> Tally:
        if not isinstance(other, Tally):
            return NotImplemented
        if (self.items, self.scale) != (other.items, other.scale):
            raise ValueError(
                f"A tally of {self.items} items on the scale {self.scale} does not go together with one of "
                f"{other.items} items on the scale {other.scale}."
            )
        if not other.respondents:
            return self
        if not self.respondents and sign > 0:
            return other
        return Tally(
            self.scale,
            self.respondents + sign * other.respondents,
            self.histogram + sign * other.histogram,
            self.joint_counts + sign * other.joint_counts,
            self.joint_sums + sign * other.joint_sums,
            self.joint_products + sign * other.joint_products,
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tally):
            return NotImplemented
        return all(np.array_equal(getattr(self, f.name), getattr(other, f.name)) for f in fields(self))

    def __hash__(self) -> int:
        return hash((self.scale, self.respondents, self.histogram.tobytes()))

    def to_bytes(self) -> bytes:
        """The tally for storage: a header, little-endian 64-bit integers, and a SHA-256 over both."""
        content = self._content()
        return content + hashlib.sha256(content).digest()

    @classmethod
    def from_bytes(cls, packed: bytes | bytearray | memoryview) -> Tally:
        """The tally that `to_bytes` packed.

        Raises
        ------
        ValueError
            If the bytes are damaged, cut off, or of a version that this program does not know.
        """
        packed = bytes(packed)
        content, digest = packed[:-_DIGEST_BYTES], packed[-_DIGEST_BYTES:]
        if len(content) < _HEADER.size:
            raise ValueError(f"A packed tally cannot be as short as {len(packed)} bytes.")
        magic, version, low, high, items, respondents = _HEADER.unpack_from(content)
        if magic != _MAGIC:
            raise ValueError(f"These bytes are not a packed tally: they begin with {magic!r}.")
        if version != _VERSION:
            raise ValueError(f"The packed tally has version {version}; this program reads version {_VERSION}.")
        if hashlib.sha256(content).digest() != digest:
            raise ValueError("The packed tally is damaged: its digest does not match. Recount the answers.")
        levels = high - low + 1
        numbers = np.frombuffer(content, dtype="<i8", offset=_HEADER.size)
        if numbers.size != items * levels + 3 * items * items:
            raise ValueError(f"A packed tally of {items} items cannot hold {numbers.size} numbers.")
        histogram, *squares = np.split(numbers, items * levels + items * items * np.arange(3))
        counts, sums, products = (square.reshape(items, items) for square in squares)
        return cls((low, high), respondents, histogram.reshape(items, levels), counts, sums, products)

    def digest(self) -> str:
        """SHA-256 of the content in hex: equal tallies have equal digests on every machine."""
        return hashlib.sha256(self._content()).hexdigest()

    def _content(self) -> bytes:
        header = _HEADER.pack(_MAGIC, _VERSION, *self.scale, self.items, self.respondents)
        arrays = (self.histogram, self.joint_counts, self.joint_sums, self.joint_products)
        return header + b"".join(array.astype("<i8").tobytes() for array in arrays)


def count(ratings: NDArray[np.uint8], scale: Scale) -> Tally:
    """Count the answers of respondents.

    Parameters
    ----------
    ratings : (respondents, items) uint8
        One row per respondent: a rating on the scale, or 0 for no answer. May be read-only, such as
        ``np.frombuffer(packed, np.uint8).reshape(-1, items)``.
    scale : (low, high)
        The ratings that exist, ``1 <= low < high <= 255``.

    Returns
    -------
    Tally
        Exact, whatever the number of respondents. Works through the rows in blocks, so that the memory it
        needs does not grow with them.

    Raises
    ------
    ValueError
        If a byte is neither 0 nor on the scale, naming the respondent's row, the item and the value.

    Notes
    -----
    With X the ratings of a block and A its answers as 0/1, one matrix product of [X A] with itself holds the
    products (X'X), the sums (X'A) and the counts (A'A). Blocks are so small that every entry stays below
    2**24, where float32 is exact; from block to block the sums are kept in int64.
    """
    low, high = _checked_scale(scale)
    ratings = np.asarray(ratings)
    if ratings.dtype != np.uint8 or ratings.ndim != 2:
        raise ValueError(f"Ratings are a table of unsigned bytes, not {ratings.dtype} in {ratings.ndim} dimension(s).")
    respondents, items = ratings.shape
    _checked_items(items)
    histogram = np.zeros((items, high - low + 1), np.int64)
    products = np.zeros((2 * items, 2 * items), np.int64)
    rows = _rows_per_block(items, high)
    stacked = np.empty((min(rows, respondents), 2 * items), np.float32)
    for start in range(0, respondents, rows):
        block = np.ascontiguousarray(ratings[start : start + rows])
        both = stacked[: len(block)]
        both[:, :items] = block
        np.not_equal(block, NO_ANSWER, out=both[:, items:], casting="unsafe")
        product = (both.T @ both).astype(np.int64)
        levels = _count_levels(block, low, high)
        # Whoever answered gave a rating on the scale, or the two counts differ.
        if not np.array_equal(levels.sum(axis=1), np.diagonal(product)[items:]):
            raise _off_the_scale(block, start, low, high)
        products += product
        histogram += levels
    return Tally(
        (low, high),
        respondents,
        histogram,
        joint_counts=products[items:, items:],
        joint_sums=products[:items, items:],
        joint_products=products[:items, :items],
    )


def _rows_per_block(items: int, high: int) -> int:
    exact = (_FLOAT32_EXACT - 1) // high**2
    cache = max(_BYTE_ROWS, _BLOCK_CELLS // (2 * max(items, 1)))
    return max(1, min(_BLOCK_ROWS, exact, cache))


def _count_levels(block: NDArray[np.uint8], low: int, high: int) -> Integers:
    """(items, levels) How often each item has each rating in the block."""
    items = block.shape[1]
    whole = len(block) // _BYTE_ROWS * _BYTE_ROWS
    counts = np.empty((items, high - low + 1), np.int64)
    for level in range(low, high + 1):
        equal = (block == level).view(np.uint8)
        in_bytes = np.add.reduce(equal[:whole].reshape(_BYTE_ROWS, -1), axis=0, dtype=np.uint8)
        counts[:, level - low] = in_bytes.reshape(-1, items).sum(axis=0, dtype=np.int64)
        counts[:, level - low] += equal[whole:].sum(axis=0, dtype=np.int64)
    return counts


def _off_the_scale(block: NDArray[np.uint8], start: int, low: int, high: int) -> ValueError:
    row, item = np.argwhere((block != NO_ANSWER) & ((block < low) | (block > high)))[0]
    return ValueError(
        f"Respondent {start + row}, item {item} (both counted from 0): {block[row, item]} is not a rating from "
        f"{low} to {high}, and not 0 for no answer."
    )


def _frozen(array: Integers) -> Integers:
    array.setflags(write=False)
    return array


def _checked_scale(scale: Scale) -> Scale:
    low, high = int(scale[0]), int(scale[1])
    if not 1 <= low < high <= 255:
        raise ValueError(f"A scale runs from at least 1 to at most 255, not from {scale[0]} to {scale[1]}.")
    return low, high


def _checked_items(items: int) -> int:
    if not 1 <= items <= MAX_ITEMS:
        raise ValueError(f"A questionnaire has 1 to {MAX_ITEMS} items, not {items}.")
    return items
