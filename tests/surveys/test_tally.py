"""Tallies are exact: equal to a recount, however answers were split, merged, taken off or stored."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from surveys.tally import MAX_ITEMS, Tally, count

SCALE = (1, 5)
Ratings = NDArray[np.uint8]

# Two respondents, three items; the second could not judge item 1.
RATINGS = np.array([[5, 3, 1], [4, 0, 2]], np.uint8)


@st.composite
def ratings(draw: st.DrawFn, items: int = 4, most: int = 12) -> Ratings:
    respondents = draw(st.integers(0, most))
    packed = draw(st.binary(min_size=respondents * items, max_size=respondents * items))
    return np.frombuffer(packed, np.uint8).reshape(respondents, items) % 6


def plain_loops(table: Ratings, scale: tuple[int, int]) -> Tally:
    """The definition, respondent by respondent."""
    items, levels = table.shape[1], scale[1] - scale[0] + 1
    histogram = np.zeros((items, levels), np.int64)
    counts, sums, products = (np.zeros((items, items), np.int64) for _ in range(3))
    for row in table.tolist():
        for i, x in enumerate(row):
            if not x:
                continue
            histogram[i, x - scale[0]] += 1
            for j, y in enumerate(row):
                if y:
                    counts[i, j] += 1
                    sums[i, j] += x
                    products[i, j] += x * y
    return Tally(scale, len(table), histogram, counts, sums, products)


def test_counts_by_hand() -> None:
    tally = count(RATINGS, SCALE)
    assert tally.respondents == 2
    assert tally.histogram.tolist() == [[0, 0, 0, 1, 1], [0, 0, 1, 0, 0], [1, 1, 0, 0, 0]]
    assert tally.joint_counts.tolist() == [[2, 1, 2], [1, 1, 1], [2, 1, 2]]
    assert tally.joint_sums.tolist() == [[9, 5, 9], [3, 3, 3], [3, 1, 3]]
    assert tally.joint_products.tolist() == [[41, 15, 13], [15, 9, 3], [13, 3, 5]]
    assert tally.counts.tolist() == [2, 1, 2]
    assert tally.sums.tolist() == [9, 3, 3]
    assert tally.items == 3


@given(ratings())
@settings(deadline=None, max_examples=40)
def test_equals_plain_loops(table: Ratings) -> None:
    assert count(table, SCALE) == plain_loops(table, SCALE)


@given(ratings(), ratings(), ratings())
@settings(deadline=None, max_examples=40)
def test_merging_equals_counting_together_in_any_order(a: Ratings, b: Ratings, c: Ratings) -> None:
    together = count(np.concatenate([a, b, c]), SCALE)
    first, second, third = (count(table, SCALE) for table in (a, b, c))
    assert first + second + third == third + (second + first) == together


@given(ratings(), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=40)
def test_order_of_respondents_does_not_matter(table: Ratings, random: object) -> None:
    rows = table.tolist()
    random.shuffle(rows)
    assert count(np.array(rows, np.uint8).reshape(table.shape), SCALE) == count(table, SCALE)


@given(ratings(), ratings())
@settings(deadline=None, max_examples=40)
def test_taking_off_equals_never_counted(kept: Ratings, erased: Ratings) -> None:
    together = count(np.concatenate([kept, erased]), SCALE)
    assert together - count(erased, SCALE) == count(kept, SCALE)


@given(ratings(), st.lists(st.integers(0, 3), min_size=1, max_size=4, unique=True))
@settings(deadline=None, max_examples=40)
def test_selecting_equals_counting_those_columns(table: Ratings, items: list[int]) -> None:
    assert count(table, SCALE).select(items) == count(np.ascontiguousarray(table[:, items]), SCALE)


masks = st.lists(st.booleans(), min_size=4, max_size=4).map(np.array)


@given(ratings(), masks)
@settings(deadline=None, max_examples=40)
def test_silencing_equals_nobody_having_rated(table: Ratings, items: NDArray[np.bool_]) -> None:
    assert count(table, SCALE).silence(items) == count(np.where(items, 0, table).astype(np.uint8), SCALE)


@given(ratings(), ratings(), masks)
@settings(deadline=None, max_examples=40)
def test_updating_takes_each_item_from_its_own_state(early: Ratings, more: Ratings, items: NDArray[np.bool_]) -> None:
    older, newer = count(early, SCALE), count(np.concatenate([early, more]), SCALE)
    updated = older.updated(newer, items)
    for state, chosen in ((newer, items), (older, ~items)):
        assert np.array_equal(updated.histogram[chosen], state.histogram[chosen])
        for name in ("joint_counts", "joint_sums", "joint_products"):
            square = np.ix_(chosen, chosen)
            assert np.array_equal(getattr(updated, name)[square], getattr(state, name)[square])
    # A pair of an older and a newer item is known as it was: of those who had rated both by then.
    mixed = items[:, None] ^ items
    assert np.array_equal(updated.joint_counts[mixed], older.joint_counts[mixed])
    assert updated.respondents == (newer if items.any() else older).respondents


@given(ratings(), ratings())
@settings(deadline=None, max_examples=20)
def test_updating_all_or_nothing_is_the_later_or_the_earlier_state(early: Ratings, more: Ratings) -> None:
    older, newer = count(early, SCALE), count(np.concatenate([early, more]), SCALE)
    assert older.updated(newer, np.ones(4, bool)) == newer
    assert older.updated(newer, np.zeros(4, bool)) == older


@given(ratings())
@settings(deadline=None, max_examples=40)
def test_packing_keeps_everything(table: Ratings) -> None:
    tally = count(table, SCALE)
    unpacked = Tally.from_bytes(memoryview(tally.to_bytes()))
    assert unpacked == tally
    assert unpacked.digest() == tally.digest()
    assert hash(unpacked) == hash(tally)


def test_empty_is_the_tally_of_nobody() -> None:
    assert Tally.empty(3, SCALE) == count(np.empty((0, 3), np.uint8), SCALE)
    assert Tally.empty(3, SCALE) + count(RATINGS, SCALE) == count(RATINGS, SCALE)


@pytest.mark.parametrize(("scale", "rows"), [((1, 5), 20_000), ((1, 10), 9_000), ((1, 255), 1_000), ((50, 100), 4_000)])
def test_blocks_stay_exact(scale: tuple[int, int], rows: int) -> None:
    """More rows than a block holds, at the top of the scale where sums are largest."""
    table = np.full((rows, 3), scale[1], np.uint8)
    table[::7, 1] = 0
    table[::5, 2] = scale[0]
    wide = table.astype(np.int64)
    answered = (table > 0).astype(np.int64)
    tally = count(table, scale)
    assert np.array_equal(tally.joint_products, wide.T @ wide)
    assert np.array_equal(tally.joint_sums, wide.T @ answered)
    assert np.array_equal(tally.joint_counts, answered.T @ answered)
    assert np.array_equal(tally.sums, wide.sum(axis=0))


def test_read_only_and_strided_ratings_are_counted() -> None:
    packed = np.frombuffer(RATINGS.tobytes(), np.uint8).reshape(2, 3)
    assert not packed.flags.writeable
    assert count(packed, SCALE) == count(RATINGS, SCALE)
    assert count(RATINGS[:, ::2], SCALE) == count(RATINGS[:, ::2].copy(), SCALE)


def test_arrays_cannot_be_changed() -> None:
    tally = count(RATINGS, SCALE)
    for array in (tally.histogram, tally.joint_counts, tally.joint_sums, tally.joint_products, tally.counts):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_digest_tells_tallies_apart() -> None:
    other = RATINGS.copy()
    other[0, 0] = 4
    assert count(other, SCALE).digest() != count(RATINGS, SCALE).digest()
    assert count(other, SCALE) != count(RATINGS, SCALE)
    assert count(RATINGS, SCALE) != count(RATINGS, (1, 6))
    assert count(RATINGS, SCALE) != "a tally"


def test_a_rating_above_the_scale_is_named() -> None:
    table = np.full((9_000, 3), 4, np.uint8)
    table[8_500, 2] = 6
    with pytest.raises(ValueError, match=r"Respondent 8500, item 2 .* 6 is not a rating from 1 to 5"):
        count(table, SCALE)


def test_a_rating_below_the_scale_is_named() -> None:
    with pytest.raises(ValueError, match=r"Respondent 0, item 2 .* 1 is not a rating from 2 to 6"):
        count(RATINGS, (2, 6))


@pytest.mark.parametrize("scale", [(0, 5), (5, 5), (5, 1), (1, 256)])
def test_a_scale_that_does_not_fit_a_byte_is_refused(scale: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="A scale runs from"):
        count(RATINGS, scale)


@pytest.mark.parametrize("table", [RATINGS.astype(np.int64), RATINGS.astype(float), RATINGS[0]])
def test_only_a_table_of_bytes_is_counted(table: NDArray[np.generic]) -> None:
    with pytest.raises(ValueError, match="table of unsigned bytes"):
        count(table, SCALE)


@pytest.mark.parametrize("items", [0, MAX_ITEMS + 1, 5_000])
def test_no_items_and_too_many_are_refused(items: int) -> None:
    with pytest.raises(ValueError, match=f"not {items}"):
        count(np.zeros((1, items), np.uint8), SCALE)


def test_tallies_of_other_questions_do_not_mix() -> None:
    with pytest.raises(ValueError, match=r"3 items .* 2 items"):
        count(RATINGS, SCALE) + Tally.empty(2, SCALE)
    with pytest.raises(ValueError, match=r"\(1, 5\) .* \(1, 7\)"):
        count(RATINGS, SCALE) + Tally.empty(3, (1, 7))


def test_taking_off_what_was_never_counted_is_refused() -> None:
    with pytest.raises(ValueError, match="never counted"):
        count(RATINGS[:1], SCALE) - count(RATINGS[1:], SCALE)


@pytest.mark.parametrize("position", [0, 5, 20, 60, -40, -1])
def test_damaged_bytes_are_refused(position: int) -> None:
    packed = bytearray(count(RATINGS, SCALE).to_bytes())
    packed[position] ^= 1
    with pytest.raises(ValueError, match=r"damaged|not a packed tally|version"):
        Tally.from_bytes(bytes(packed))


@pytest.mark.parametrize("length", [0, 10, 50, 200])
def test_bytes_that_are_cut_off_are_refused(length: int) -> None:
    with pytest.raises(ValueError, match=r"as short as|damaged"):
        Tally.from_bytes(count(RATINGS, SCALE).to_bytes()[:length])


def test_numbers_that_contradict_each_other_are_refused() -> None:
    good = count(RATINGS, SCALE)
    with pytest.raises(ValueError, match="2 answers to one item come from 1 respondents"):
        Tally(SCALE, 1, good.histogram, good.joint_counts, good.joint_sums, good.joint_products)
    with pytest.raises(ValueError, match="not of the same answers"):
        Tally(SCALE, 2, good.histogram, good.joint_counts * 0, good.joint_sums, good.joint_products)
    with pytest.raises(ValueError, match="negative number -9"):
        Tally(SCALE, 2, good.histogram, good.joint_counts, -good.joint_sums, good.joint_products)
    with pytest.raises(ValueError, match="shape"):
        Tally(SCALE, 2, good.histogram[:, :3], good.joint_counts, good.joint_sums, good.joint_products)
    with pytest.raises(ValueError, match="float64 instead of integers"):
        Tally(SCALE, 2, good.histogram, good.joint_counts, good.joint_sums / 2, good.joint_products)
