"""Documents in, values out: rows, agreement, and what changed in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from materiality.presentation import NARROW_SPACE as THIN
from materiality.scenarios.comparison import agreement, compare_all
from materiality.scenarios.wording import agreement_in_words, changes_in_words, shares_by_code
from materiality.whatif.differences import compare
from tests.materiality.documents import issue, results

CURRENT = results(issue("alpha", 1, "High"), issue("beta", 2, "High"), issue("gamma", 3, "Minor"))
SWAPPED = results(issue("alpha", 1, "High"), issue("gamma", 2, "High"), issue("beta", 3, "Minor"))
WITHOUT = results(issue("gamma", 1, "High"), issue("alpha", 2, "Minor"))


def test_rows_are_in_the_order_of_the_current_result():
    found = compare_all(CURRENT, [SWAPPED, WITHOUT])
    assert [row.code for row in found.rows] == ["alpha", "beta", "gamma"]
    beta = found.rows[1]
    assert beta.current.rank == 2
    assert (beta.cells[0].now.rank, beta.cells[0].moved, beta.cells[0].rises) == (3, -1, False)
    assert beta.cells[1].now is None
    assert [row.changes_tier for row in found.rows] == [True, True, True]


def test_an_issue_that_the_current_result_lacks_comes_last():
    found = compare_all(WITHOUT, [CURRENT])
    assert [row.code for row in found.rows] == ["gamma", "alpha", "beta"]
    assert found.rows[2].current is None
    assert found.rows[2].cells[0].now.rank == 2


def test_without_a_current_result_there_is_nothing_to_agree_with():
    found = compare_all(None, [SWAPPED, CURRENT])
    assert [row.code for row in found.rows] == ["alpha", "gamma", "beta"]
    assert [cell.now.rank for cell in found.rows[1].cells] == [2, 3]
    assert found.agreements == (None, None)
    assert not any(row.changes_tier for row in found.rows)


def test_agreement_counts_tiers_and_ranks_that_both_have():
    found = agreement(compare(CURRENT, SWAPPED))
    assert (found.same, found.of) == (1, 3)
    # Of three pairs two are in the same order.
    assert found.tau == pytest.approx(1 / 3)
    assert (agreement(compare(CURRENT, WITHOUT)).of, agreement(compare(CURRENT, WITHOUT)).tau) == (2, -1)


def test_tau_allows_for_ties():
    """Of three pairs one is tied in one order: (2 - 0) / sqrt(2 * 3)."""
    tied = results(issue("alpha", 1, "High"), issue("beta", 1, "High"), issue("gamma", 3, "Minor"))
    assert agreement(compare(CURRENT, tied)).tau == pytest.approx(2 / 6**0.5)


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=2, max_size=12))
def test_tau_is_that_of_scipy(ranks: list[tuple[int, int]]):
    before, now = zip(*ranks, strict=True)
    one, other = (
        results(*(issue(f"i{place}", rank, "High") for place, rank in enumerate(column))) for column in (before, now)
    )
    tau = agreement(compare(one, other)).tau
    if len(set(before)) == 1 or len(set(now)) == 1:
        assert tau is None
    else:
        assert tau == pytest.approx(kendalltau(before, now).statistic)


@pytest.mark.parametrize("ranks", [(1,), (1, 1, 1), (None, None, 1)])
def test_without_an_order_there_is_no_tau(ranks):
    flat = results(*(issue(code, rank, rank and "High") for code, rank in zip("abc", ranks, strict=False)))
    found = agreement(compare(flat, flat))
    assert found.tau is None
    assert len(agreement_in_words(found)) == 1


def test_what_is_the_same_is_said_to_be():
    assert "Nothing but the answers" in changes_in_words({}, CURRENT, CURRENT)[0]


def test_changes_are_told_one_by_one():
    def groups(weight: float) -> list[dict]:
        rows = [("staff", "Staff", weight, 10), ("managers", "Managers", 1.0, 5), ("silent", "Silent", 8.0, 0)]
        return [
            {"code": code, "name": name, "side": "internal", "weight": given, "share": 0, "n": n, "together": []}
            for code, name, given, n in rows
        ]

    rule = {"kind": "cut_offs", "cuts": [4, "10/3"]}
    current = CURRENT | {"stakeholder_groups": groups(1.0)}
    changed = WITHOUT | {
        "stakeholder_groups": groups(3.0),
        "method": CURRENT["method"] | {"priority": "max", "rule": rule, "weights": "equal", "finite_population": True},
    }
    assert shares_by_code(changed) == {"staff": 0.75, "managers": 0.25}
    kept = {"weights": {"staff": "3"}, "left_out_groups": ["managers", "gone"], "left_out_issues": ["beta"]}
    assert changes_in_words(kept, changed, current) == [
        "All groups of an axis weigh the same.",
        "Priority is the higher of both axes.",
        "Tiers by cut-offs on priority: 4 / 10/3.",
        "The spread allows for how many of a group answered.",
        f"Staff: 75{THIN}% of the weight on its axis instead of 50{THIN}%.",
        "Without the groups “Managers”, “gone”.",
        "Without the issue “Beta”.",
    ]


def test_a_group_counted_with_others_has_a_share_and_one_name():
    groups = [
        {"code": "a", "name": "A, on the company", "side": "internal", "weight": 1.0, "n": 0, "together": []},
        {"code": "b", "name": "B, on the company", "side": "internal", "weight": 3.0, "n": 9, "together": []},
        {"code": "a+b", "name": "A and B together", "side": "internal", "weight": 4.0, "n": 9, "together": ["a", "b"]},
        {"code": "a", "name": "A, on stakeholders", "side": "external", "weight": 1.0, "n": 0, "together": []},
        {"code": "b", "name": "B, on stakeholders", "side": "external", "weight": 3.0, "n": 9, "together": []},
    ]
    document = CURRENT | {"stakeholder_groups": groups}
    assert shares_by_code(document)["b"] in (0.75, 1.0)
    assert changes_in_words({"weights": {"b": "3"}}, document, document)[0].startswith("B: ")
