"""The comparison with the period before through the API: the numbers and the sentences of the page."""

import pytest

from materiality.change.comparison import comparison_of
from materiality.change.sentences import report_text
from scoping.models import Assessment
from tests.api.conftest import Api
from tests.api.test_every_operation import queries
from tests.materiality.years import link, listed, placed, result_of
from tests.support.factories import AssessmentFactory, PublishedResultFactory, TierFactory
from tests.support.people import House

PLACE = "assessments/now/years-compared/"


@pytest.fixture
def before(house: House) -> Assessment:
    return AssessmentFactory(organisation=house.organisation, reporting_period="2021", slug="before")


@pytest.fixture
def now(house: House, before: Assessment) -> Assessment:
    return AssessmentFactory(organisation=house.organisation, reporting_period="2022", slug="now", previous=before)


@pytest.fixture
def years(now: Assessment, before: Assessment) -> Assessment:
    listed(before, "water", "air", "pay")
    listed(now, "water", "air", "data")
    link(now, before, water="water", air="air")
    result_of(before, placed("air", 1, "High", 4.5), placed("water", 2, "Minor", 3.0), placed("pay", 3, "Minor", 2.5))
    result_of(now, placed("water", 1, "High", 4.6), placed("air", 2, "Minor", 4.4), placed("data", 3, "Minor", 2.0))
    return now


def test_every_issue_stands_with_its_move(api: Api, years: Assessment):
    found = api.read(PLACE)
    assert (found["why_not"], found["linked"], found["tiers_compared"], found["measure"]) == ("", True, True, "points")
    assert found["before"] == {
        "assessment": "before", "reporting_period": "2021", "published": False, "answers": 20, "simulated": 0,
        "tiers": ["High", "Minor"],
    }  # fmt: skip
    assert (found["now"]["assessment"], found["interval"]) == ("now", 0.9)
    water, air, data, pay = found["issues"]
    assert (water["code"], water["relation"], water["ranks_gained"], water["tiers_gained"]) == ("water", "same", 1, 1)
    assert water["before"] == [
        {"code": "water", "name": "Water", "rank": 2, "tier": "Minor", "priority": 3.0, "computed_tier": ""}
    ]
    assert water["now"] == {"rank": 1, "tier": "High", "priority": 4.6, "computed_tier": ""}
    assert water["priority_change"] == pytest.approx(1.6)
    assert water["priority_change_interval"] == pytest.approx([1.6 - 0.02**0.5, 1.6 + 0.02**0.5])
    assert water["larger_than_uncertainty"]
    assert water["verdict"] == "Larger than its uncertainty"
    assert water["tier_in_words"].startswith("higher tier, settled (")
    assert sum(water["tier_chances"].values()) == pytest.approx(1)
    assert (air["ranks_gained"], air["tiers_gained"], air["verdict"]) == (-1, -1, "Within its uncertainty")
    assert not air["larger_than_uncertainty"]
    assert (data["before"], data["ranks_gained"], data["verdict"]) == ([], None, "Nothing to compare with")
    assert (pay["relation"], pay["now"], pay["before"][0]["rank"]) == ("dropped", None, 3)


def test_the_interval_of_ranks_is_turned_so_that_up_is_positive(api: Api, years: Assessment):
    row = comparison_of(organisation=years.organisation, assessment=years)[0].rows[0]
    low, high = row.ranks.interval
    gained = api.read(PLACE)["issues"][0]["ranks_gained_interval"]
    assert gained == [-high, -low]
    assert gained[0] < 1 < gained[1]


def test_the_sentences_are_those_of_the_page(api: Api, years: Assessment):
    found = api.read(PLACE)
    assert found["headline"] == (
        "New in the highest tier, High: Water; no longer: Air. One of 2 moves is larger than its uncertainty."
    )
    assert found["summary"] == "Of 3 issues 2 are the same and 1 new; 1 of 2021 is dropped."
    assert found["criterion"].startswith("A move is larger than its uncertainty when the 90")
    comparison = comparison_of(organisation=years.organisation, assessment=years)[0]
    assert found["report"] == report_text(comparison)
    assert found["notes"] == list(comparison.notes)
    assert "Dropped: Pay." in found["report"]


def test_the_sentences_are_in_the_language_asked_for(api: Api, years: Assessment):
    found, english = api.read(f"{PLACE}?language=zh-hans"), api.read(PLACE)
    for part in ("headline", "summary", "criterion", "report"):
        assert any("\u4e00" <= sign <= "\u9fff" for sign in found[part]), part
    assert found["issues"][0]["verdict"] != english["issues"][0]["verdict"]
    assert found["issues"][0]["ranks_gained"] == 1
    refused = api.get(f"{PLACE}?language=de")
    assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, "language")


def test_tiers_of_different_numbers_are_not_compared(api: Api, years: Assessment, before: Assessment):
    before.runs.update(
        results=before.runs.get().results | {"tiers": [{"name": "High"}, {"name": "Minor"}, {"name": "Last"}]}
    )
    found = api.read(PLACE)
    assert not found["tiers_compared"]
    assert all(issue["tiers_gained"] is None and issue["tier_in_words"] == "" for issue in found["issues"])
    assert any("numbers of tiers differ" in note for note in found["notes"])


def test_a_published_list_is_compared_without_certainty(api: Api, now: Assessment, before: Assessment):
    tiers = [TierFactory(assessment=before, position=place, name=("High", "Minor")[place]) for place in range(2)]
    for place, issue in enumerate(listed(before, "water", "air")):
        PublishedResultFactory(issue=issue, tier=tiers[place], rank=place + 1)
    listed(now, "water", "air")
    link(now, before, water="water", air="air")
    result_of(now, placed("air", 1, "High", 4.6), placed("water", 2, "Minor", 4.4))
    found = api.read(PLACE)
    assert (found["before"]["published"], found["measure"], found["interval"], found["criterion"]) == (
        True, None, None, "",
    )  # fmt: skip
    air = found["issues"][0]
    assert (air["ranks_gained"], air["ranks_gained_interval"], air["priority_change"]) == (1, None, None)
    assert (air["verdict"], air["larger_than_uncertainty"]) == ("Certainty not known", False)


def test_more_issues_take_no_more_queries(api: Api, years: Assessment, before: Assessment):
    few = queries(api, f"/api/v1/{PLACE}")
    more = [f"more-{number}" for number in range(6)]
    for assessment in (before, years):
        listed(assessment, *more)
        rows = [placed(code, place, "Minor", 2.0) for place, code in enumerate(["water", *more], start=1)]
        result_of(assessment, *rows)
    link(years, before, **{code: code for code in more})
    assert len(api.read(PLACE)["issues"]) == 10
    assert queries(api, f"/api/v1/{PLACE}") <= few


def nothing(found: dict) -> bool:
    return not any(found[part] for part in found if part not in ("why_not", "before", "now"))


def test_why_nothing_can_be_compared_is_said(api: Api, now: Assessment, before: Assessment):
    alone = api.read("assessments/before/years-compared/")
    assert alone["why_not"].startswith("No assessment before this one is named")
    assert nothing(alone)
    both = api.read(PLACE)
    assert both["why_not"] == "2021 has no result yet: compute it, or enter what was published."
    listed(before, "water")
    result_of(before, placed("water", 1, "High", 4.5))
    one = api.read(PLACE)
    assert one["why_not"] == "This assessment has no result yet: collect answers, then compute the results."
    assert (one["before"]["reporting_period"], one["now"]) == ("2021", None)
    assert nothing(one)
    Assessment.objects.filter(pk=now.pk).update(with_survey=False)
    assert api.read(PLACE)["why_not"].endswith("that were published: only its list can be compared.")
