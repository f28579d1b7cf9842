import pytest

from materiality.whatif.differences import compare
from materiality.whatif.wording import finding
from tests.materiality.documents import issue, results


def said(before, now) -> str:
    return "".join(part.text for part in finding(compare(before, now)))


BEFORE = results(issue("alpha", 1, "High"), issue("beta", 2, "High"), issue("gamma", 3, "Minor"))


def test_the_same_result_has_no_differences():
    found = compare(BEFORE, BEFORE)
    assert not found.tier_changes
    assert not found.rank_changes
    assert said(BEFORE, BEFORE) == "Nothing changes: every issue keeps its rank and its tier."


def test_rank_tier_and_priority_before_and_now():
    now = results(issue("gamma", 1, "High"), issue("alpha", 2, "High"), issue("beta", 3, "Minor"))
    found = compare(BEFORE, now).by_code
    assert [found[code].moved for code in ("alpha", "beta", "gamma")] == [-1, -1, 2]
    assert [found[code].rises for code in ("alpha", "beta", "gamma")] == [None, False, True]
    assert found["gamma"].gained == pytest.approx(2)
    assert [issue.code for issue in compare(BEFORE, now).issues] == ["gamma", "alpha", "beta"]
    assert said(BEFORE, now) == "Two issues change tier: Gamma rises to High; Beta falls to Minor."


def test_ranks_that_change_within_tiers_are_counted():
    now = results(issue("beta", 1, "High"), issue("alpha", 2, "High"), issue("gamma", 3, "Minor"))
    assert said(BEFORE, now) == "No issue changes tier; 2 change rank."


def test_scores_that_change_alone_are_told():
    now = results(issue("alpha", 1, "High", priority=3.8), issue("beta", 2, "High"), issue("gamma", 3, "Minor"))
    assert said(BEFORE, now) == "Scores move a little; every issue keeps its rank and its tier."


def test_an_issue_that_is_left_out_is_no_change_of_tier():
    found = compare(BEFORE, results(issue("alpha", 1, "High"), issue("gamma", 2, "Minor")))
    assert [issue.code for issue in found.left_out] == ["beta"]
    assert not found.tier_changes
    assert found.by_code["gamma"].moved == 1


def test_an_issue_that_loses_its_tier_changes_it():
    found = compare(BEFORE, results(issue("alpha", 1, "High"), issue("beta", 2, "High"), issue("gamma", None, None)))
    assert found.by_code["gamma"].changes_tier
    assert found.by_code["gamma"].moved == 0
    assert said(BEFORE, results(issue("gamma", None, None))) == "One issue changes tier: Gamma has no tier any more."


def test_many_changes_are_counted_and_the_first_named():
    codes = [f"issue {number}" for number in range(5)]
    before = results(*(issue(code, rank + 1, "High") for rank, code in enumerate(codes)))
    now = results(*(issue(code, rank + 1, "Minor") for rank, code in enumerate(codes)))
    expected = "Five issues change tier: Issue 0 falls to Minor; Issue 1 falls to Minor; and 3 more."
    assert said(before, now) == expected
