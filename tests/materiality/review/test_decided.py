"""Decided results: what a decision changes in a document, and what stays as computed."""

from datetime import date
from typing import Any

import pytest

from materiality.review.decided import GivenTier, computed_tier, decide, decision_of, digest_of, moved_by_decision
from tests.materiality.documents import issue, results

GIVEN = {"gamma": GivenTier("High", "Clients ask for it.", date(2026, 5, 3))}


def one(document: dict[str, Any], code: str) -> dict[str, Any]:
    return next(row for row in document["issues"] if row["code"] == code)


def test_an_issue_stands_in_the_tier_that_was_given_and_keeps_the_computed_one():
    gamma = one(decide(results(), GIVEN), "gamma")
    assert gamma["tier"] == "High"
    assert gamma["decision"] == {
        "tier": "High", "reason": "Clients ask for it.", "on": "2026-05-03", "computed_tier": "Minor",
    }  # fmt: skip
    assert computed_tier(gamma) == "Minor"


def test_ranks_scores_and_probabilities_stay_as_computed():
    before, after = one(results(), "gamma"), one(decide(results(), GIVEN), "gamma")
    assert {key: value for key, value in after.items() if key not in ("tier", "decision")} == {
        key: value for key, value in before.items() if key != "tier"
    }


def test_tiers_count_anew_and_keep_what_was_computed():
    assert decide(results(), GIVEN)["tiers"] == [
        {"name": "High", "count": 3, "computed_count": 2},
        {"name": "Minor", "count": 0, "computed_count": 1},
    ]


def test_the_document_of_the_run_is_left_alone():
    document = results()
    decide(document, GIVEN)
    assert document == results()


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, "nothing is decided"),
        ({"delta": GivenTier("High", "-", date(2026, 5, 3))}, "the result has no such issue"),
        ({"gamma": GivenTier("Medium", "-", date(2026, 5, 3))}, "the result has no such tier"),
    ],
)
def test_without_effect_the_decided_result_equals_the_computed_one(given: dict[str, GivenTier], why: str):
    assert decide(results(), given) == results(), why


def test_an_issue_without_a_rank_has_no_place_to_decide_about():
    document = results(issue("alpha", 1, "High"), issue("gamma", None, None))
    assert decide(document, GIVEN) == document


def test_an_issue_with_a_rank_and_without_a_tier_gets_one():
    document = results(issue("gamma", 1, None))
    gamma = one(decide(document, GIVEN), "gamma")
    assert (gamma["tier"], computed_tier(gamma)) == ("High", None)
    assert moved_by_decision(decide(document, GIVEN)) == [gamma]


def test_a_decision_that_says_what_is_computed_by_now_stays_visible_and_moves_nothing():
    document = decide(results(), {"gamma": GivenTier("Minor", "As ever.", date(2026, 5, 3))})
    assert decision_of(one(document, "gamma"))["reason"] == "As ever."
    assert moved_by_decision(document) == []


def test_the_digest_does_not_depend_on_the_order_of_keys_and_does_on_a_reason():
    document = decide(results(), GIVEN)
    assert digest_of(dict(reversed(document.items()))) == digest_of(document)
    other = {"gamma": GivenTier("High", "Clients ask for it!", date(2026, 5, 3))}
    assert digest_of(decide(results(), other)) != digest_of(document)
