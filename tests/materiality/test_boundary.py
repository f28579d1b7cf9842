import pytest

from materiality.boundary import boundary_cases, two_digits
from tests.materiality.documents import issue, results


def test_an_issue_that_could_be_in_another_tier_is_named_with_both():
    document = results(
        issue("alpha", 1, "High"),
        issue("beta", 2, "High", 0.71, to_settle={"answers": 183, "tier": "Minor"}),
        issue("gamma", 3, "Minor"),
    )
    [case] = boundary_cases(document)
    assert case.issue["code"] == "beta"
    assert [(place.name, place.number, place.chance) for place in case.places] == [
        ("High", 1, "71 %"),
        ("Minor", 2, "29 %"),
    ]
    assert case.answers == 190


def test_the_line_is_drawn_at_95_percent():
    document = results(issue("alpha", 1, "High", 0.95), issue("beta", 2, "High", 0.949))
    assert [case.issue["code"] for case in boundary_cases(document)] == ["beta"]


def test_where_answers_alone_do_not_settle_it_no_number_is_given():
    [case] = boundary_cases(results(issue("alpha", 1, "High", 0.5, to_settle={"answers": None, "tier": "Minor"})))
    assert case.is_estimated
    assert case.answers is None


def test_a_result_of_an_earlier_version_names_the_case_without_a_number():
    [case] = boundary_cases(results(issue("alpha", 1, "High", 0.6)))
    assert not case.is_estimated


def test_without_a_tier_or_certainty_nothing_is_said():
    unsure = issue("beta", 2, "High", tier_probability={})
    assert boundary_cases(results(issue("alpha", None, None), unsure)) == []


@pytest.mark.parametrize(("number", "rounded"), [(1, 1), (9, 9), (99, 99), (101, 110), (183, 190), (12_345, 13_000)])
def test_estimates_are_rounded_up_to_two_digits(number, rounded):
    assert two_digits(number) == rounded
