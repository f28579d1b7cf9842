"""Relations between two lists follow from pairs, and from nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoping.continuity import MEANING, Continuity, Relation, continuity_of, summary_of

LISTS = st.dictionaries(st.integers(0, 12), st.sampled_from(["Water", "Energy", "Waste", " water "]), max_size=8)
PAIRS = st.lists(st.tuples(st.integers(0, 14), st.integers(100, 114)), max_size=20)


def shifted(names: dict[int, str]) -> dict[int, str]:
    """The list before has keys of its own."""
    return {key + 100: name for key, name in names.items()}


def relations(names: str, before: str, pairs: str) -> dict[str, Relation]:
    """Of lists such as "ABC", where an issue is named by its letter, and pairs such as "Aa Bb"."""
    old = {letter.lower(): letter for letter in before}
    found = continuity_of({letter: letter for letter in names}, old, [(pair[0], pair[1]) for pair in pairs.split()])
    return {continued.issue: continued.relation for continued in found.issues}


def test_one_issue_with_the_same_name_is_the_same() -> None:
    assert relations("A", "A", "Aa") == {"A": Relation.SAME}


def test_capitals_and_spaces_are_no_new_name() -> None:
    found = continuity_of({1: "Water  Use"}, {2: "water use"}, [(1, 2)])
    assert found.issues[0].relation == Relation.SAME


def test_one_issue_with_another_name_is_renamed() -> None:
    assert relations("A", "B", "Ab") == {"A": Relation.RENAMED}


def test_several_issues_before_one_are_merged() -> None:
    assert relations("A", "AB", "Aa Ab") == {"A": Relation.MERGED}


def test_an_issue_with_several_after_it_is_split() -> None:
    assert relations("AB", "A", "Aa Ba") == {"A": Relation.SPLIT, "B": Relation.SPLIT}


def test_merging_a_part_of_a_split_issue_is_both() -> None:
    assert relations("AB", "AB", "Aa Ab Bb") == {"A": Relation.MERGED_AND_SPLIT, "B": Relation.SPLIT}


def test_an_issue_that_continues_none_is_new_whatever_its_name() -> None:
    assert relations("A", "A", "") == {"A": Relation.NEW}


def test_what_none_continues_is_dropped_in_the_order_of_its_list() -> None:
    assert continuity_of({1: "Water"}, {7: "Waste", 5: "Water", 6: "Energy"}, [(1, 5)]).dropped == (7, 6)


def test_previous_issues_stand_in_the_order_of_their_list() -> None:
    assert continuity_of({1: "A"}, {7: "x", 5: "y"}, [(1, 5), (1, 7)]).issues[0].previous == (7, 5)


def test_a_pair_with_an_issue_on_neither_list_is_none() -> None:
    found = continuity_of({1: "A"}, {2: "A"}, [(1, 9), (8, 2)])
    assert (found.issues[0].relation, found.dropped) == (Relation.NEW, (2,))


def test_a_pair_given_twice_is_one_pair() -> None:
    assert relations("A", "A", "Aa Aa") == {"A": Relation.SAME}


def test_every_relation_is_explained() -> None:
    assert set(MEANING) == set(Relation)


@given(LISTS, LISTS, PAIRS)
def test_every_issue_gets_exactly_one_relation(names: dict[int, str], old: dict[int, str], pairs: list) -> None:
    found = continuity_of(names, shifted(old), pairs)
    assert [continued.issue for continued in found.issues] == list(names)


@given(LISTS, LISTS, PAIRS)
def test_every_issue_before_is_continued_or_dropped_and_never_both(
    names: dict[int, str], old: dict[int, str], pairs: list
) -> None:
    before = shifted(old)
    found = continuity_of(names, before, pairs)
    continued = {previous for row in found.issues for previous in row.previous}
    assert continued | set(found.dropped) == set(before)
    assert not continued & set(found.dropped)


@given(LISTS, LISTS, PAIRS, st.randoms())
def test_the_order_of_the_pairs_changes_nothing(names: dict, old: dict, pairs: list, random) -> None:
    mixed = list(pairs)
    random.shuffle(mixed)
    assert continuity_of(names, shifted(old), mixed) == continuity_of(names, shifted(old), pairs)


@given(LISTS, LISTS, PAIRS)
def test_the_word_tells_how_many_issues_stand_before_one(names: dict, old: dict, pairs: list) -> None:
    several = {Relation.MERGED, Relation.MERGED_AND_SPLIT}
    for row in continuity_of(names, shifted(old), pairs).issues:
        assert (len(row.previous) > 1) == (row.relation in several)
        assert (not row.previous) == (row.relation == Relation.NEW)


@given(LISTS, LISTS, PAIRS)
def test_the_counts_add_up_to_the_lists(names: dict, old: dict, pairs: list) -> None:
    found = continuity_of(names, shifted(old), pairs)
    assert found.counts().total() == len(names) + len(found.dropped)


# --- the sentence -----------------------------------------------------------------------------------------
SAME, RENAMED, NEW, DROPPED = Relation.SAME, Relation.RENAMED, Relation.NEW, Relation.DROPPED


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ({SAME: 14, RENAMED: 2, NEW: 2}, "Of 18 issues 14 are the same, 2 renamed and 2 new."),
        ({SAME: 1, NEW: 17}, "Of 18 issues 1 is the same and 17 new."),
        ({SAME: 18}, "All 18 issues are the same."),
        ({NEW: 3, DROPPED: 1}, "All 3 issues are new; 1 of 2021 is dropped."),
        ({RENAMED: 1, DROPPED: 2}, "The only issue is renamed; 2 of 2021 are dropped."),
        ({DROPPED: 2}, "The list is empty; 2 of 2021 are dropped."),
        ({}, "The list is empty."),
    ],
)
def test_the_counts_read_as_a_sentence(counts: dict[Relation, int], sentence: str) -> None:
    assert summary_of(counts, "2021") == sentence


def test_two_empty_lists_have_nothing_to_tell() -> None:
    assert continuity_of({}, {}, []) == Continuity((), ())
