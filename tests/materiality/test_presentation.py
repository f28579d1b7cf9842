import pytest

from materiality.presentation import (
    heat_rows,
    heat_step,
    ordered_groups,
    says_certainty,
    tiers_with_rows,
    without_tier,
)
from tests.materiality.documents import issue, results


@pytest.mark.parametrize(("mean", "step"), [(1, 0), (2.29, 0), (2.31, 1), (3.5, 4), (4.69, 7), (4.71, 8), (5, 8)])
def test_heat_steps_cover_the_scale(mean: float, step: int):
    assert heat_step(mean, (1, 5)) == step


def test_heat_steps_follow_another_scale():
    assert heat_step(1, (0.5, 10)) == 0
    assert heat_step(9.9, (1, 10)) == 8


def test_issues_stand_in_their_tiers_in_order_of_rank():
    tiers = tiers_with_rows(results())
    assert [(tier.number, [row.issue["code"] for row in tier.rows]) for tier in tiers] == [
        (1, ["alpha", "beta"]),
        (2, ["gamma"]),
    ]


def test_the_certainty_bar_is_as_wide_as_the_probabilities():
    document = results(issue("alpha", 1, "High", 0.75), issue("beta", 2, "Minor"))
    row = tiers_with_rows(document)[0].rows[0]
    assert [(part.tier, part.x, part.width) for part in row.bar] == [(1, 0.0, 54.0), (2, 54.0, 18.0)]
    assert row.bar_text == "High 75 %, Minor 25 %"


def test_certainty_is_said_as_soon_as_one_issue_has_it():
    unsure = issue("alpha", 1, "High", tier_probability={}, rank_interval=None)
    assert not says_certainty(results(unsure))
    assert says_certainty(results(unsure, issue("beta", 2, "Minor")))


def test_an_issue_nobody_rated_is_listed_apart():
    document = results(issue("alpha", 1, "High"), issue("beta", None, None))
    assert [row["code"] for row in without_tier(document)] == ["beta"]
    assert [row.issue["code"] for row in heat_rows(document)] == ["alpha"]


def test_extremes_stand_out_only_where_an_issue_is_contested():
    calm, contested = heat_rows(results(issue("alpha", 1, "High"), issue("beta", 2, "High", contested=True)))
    assert not any(cell.is_peak for cell in calm.cells)
    assert all(cell.is_peak for cell in contested.cells)


def test_company_groups_come_first_and_silent_groups_have_no_column():
    document = results()
    staff, clients = document["stakeholder_groups"]
    document["stakeholder_groups"] = [clients, staff, staff | {"name": "Board", "n": 0}]
    assert [group["name"] for group in ordered_groups(document)] == ["Staff", "Clients"]
