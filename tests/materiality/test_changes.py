"""The comparison of two years: what is compared with what, how surely, and what is said of it."""

import csv
import io
from dataclasses import replace

import pytest

from materiality.change.amounts import lines_of
from materiality.change.comparison import Comparison, comparison_of, has_previous
from materiality.change.drawing import figure_of, file_of
from materiality.change.sentences import criterion, headline, report_text
from materiality.change.table import changes_csv
from materiality.models import AnalysisRun, CurrentRun
from materiality.scoring.change import Verdict
from scoping.continuity import Relation
from scoping.models import Assessment
from tests.materiality.years import link, listed, placed, result_of
from tests.support.factories import AssessmentFactory, PublishedResultFactory, TierFactory
from tests.support.people import House

pytestmark = pytest.mark.django_db


@pytest.fixture
def before(house: House) -> Assessment:
    return AssessmentFactory(organisation=house.organisation, reporting_period="2021", slug="example-2021")


@pytest.fixture
def now(house: House, before: Assessment) -> Assessment:
    return AssessmentFactory(
        organisation=house.organisation, reporting_period="2022", slug="example-2022", previous=before
    )


@pytest.fixture
def years(now: Assessment, before: Assessment) -> Assessment:
    """Every relation: water is the same and rises, soil is renamed, air and noise are merged, waste is split, pay is
    dropped, data is new."""
    listed(before, "water", "earth", "air", "noise", "waste", "pay")
    listed(now, "water", "soil", "emissions", "waste", "recycling", "data")
    link(now, before, water="water", soil="earth", emissions="air noise", waste="waste", recycling="waste")
    result_of(
        before,
        placed("pay", 1, "High", 4.5),
        placed("earth", 2, "High", 4.2),
        placed("air", 3, "Minor", 3.9),
        placed("noise", 4, "Minor", 3.5),
        placed("water", 5, "Minor", 3.0),
        placed("waste", 6, "Minor", 2.0),
    )
    result_of(
        now,
        placed("water", 1, "High", 4.6),
        placed("data", 2, "High", 4.4),
        placed("soil", 3, "Minor", 4.15),
        placed("emissions", 4, "Minor", 4.0),
        placed("waste", 5, "Minor", 2.2),
        placed("recycling", 6, "Minor", 2.1),
    )
    return now


def compared(assessment: Assessment) -> Comparison:
    found = comparison_of(organisation=assessment.organisation, assessment=assessment)[0]
    assert found is not None
    return found


def said(comparison: Comparison) -> str:
    return "".join(part.text for part in headline(comparison))


def row(comparison: Comparison, code: str):
    return next(one for one in comparison.rows if one.code == code)


def test_every_issue_stands_once_by_rank_and_the_dropped_ones_last(years: Assessment):
    comparison = compared(years)
    assert [(one.code, one.relation) for one in comparison.rows] == [
        ("water", Relation.SAME),
        ("data", Relation.NEW),
        ("soil", Relation.RENAMED),
        ("emissions", Relation.MERGED),
        ("waste", Relation.SPLIT),
        ("recycling", Relation.SPLIT),
        ("pay", Relation.DROPPED),
    ]


def test_only_what_continues_one_issue_by_itself_has_moved(years: Assessment):
    comparison = compared(years)
    assert {one.code for one in comparison.rows if one.priority} == {"water", "soil"}
    assert {one.code for one in comparison.rows if one.ranks} == {"water", "soil"}
    assert comparison.compared == 2
    assert [then.code for then in row(comparison, "emissions").before] == ["air", "noise"]


def test_a_move_has_its_interval_and_verdict(years: Assessment):
    water = row(compared(years), "water")
    assert water.priority.difference.value == pytest.approx(1.6)
    assert water.priority.difference.interval == pytest.approx((1.6 - 0.02**0.5, 1.6 + 0.02**0.5))
    assert water.priority.verdict == Verdict.LARGER
    assert water.ranks.value == -4
    assert water.tiers.higher == pytest.approx(0.99 * 0.99)
    assert row(compared(years), "soil").priority.verdict == Verdict.WITHIN


def test_the_headline_names_who_came_and_who_left(years: Assessment):
    comparison = compared(years)
    assert said(comparison) == (
        "New in the highest tier, High: Water and Data; no longer: Soil and Pay (dropped from the list). "
        "One of 2 moves is larger than its uncertainty."
    )
    assert [part.text for part in headline(comparison) if part.is_name] == ["Water", "Data", "Soil", "Pay"]


def test_a_tier_named_important_reads_on_as_a_sentence(years: Assessment):
    comparison = compared(years)
    now = replace(comparison.now, tiers=("Highly important", "Minor"))
    assert said(replace(comparison, now=now)).startswith("New among the highly important issues: Water and Data;")


def test_an_issue_at_the_boundary_is_said_not_to_be_settled(years: Assessment):
    chances = {"High": 0.6, "Minor": 0.4}
    result_of(
        years, placed("water", 1, "High", 4.6, tier_probability=chances),
        placed("data", 2, "High", 4.4, tier_probability=chances), placed("soil", 3, "High", 4.15),
    )  # fmt: skip
    assert "Not settled: Water and Data." in said(compared(years))
    assert "higher tier, not settled (59 %)" in [line.tier for line in lines_of(compared(years))]


def test_without_any_change_the_headline_says_so(now: Assessment, before: Assessment):
    for assessment in (before, now):
        listed(assessment, "water")
        result_of(assessment, placed("water", 1, "High", 4.0))
    link(now, before, water="water")
    assert said(compared(now)) == (
        "The highest tier, High, has the same issues as in 2021. "
        "The only move compared is not larger than its uncertainty."
    )


def test_the_criterion_counts_the_moves_that_are_looked_at_together(years: Assessment):
    assert "when all 2 moves are looked at together" in criterion(compared(years))
    assert "about one in 10 is chance" in criterion(compared(years))


def test_the_text_for_the_report_has_every_change(years: Assessment):
    text = report_text(compared(years))
    for fact in (
        "Changes to the list of material topics in 2022, compared with 2021.",
        "New: Data.",
        "Dropped: Pay.",
        "Renamed: Soil (2021: Earth).",
        "Merged: Emissions continues Air and Noise.",
        "Split: Recycling continues a part of Waste.",
        "Water: priority 3.00 to 4.60 (+1.60; 90 % interval +1.46 to +1.74), rank 5 to 1.",
        "Benjamini and Hochberg (1995)",
    ):
        assert fact in text.replace("\N{NARROW NO-BREAK SPACE}", " "), fact
    assert "\x02" not in text


def test_simulated_answers_are_named_in_the_text_too(years: Assessment):
    result_of(years, placed("water", 1, "High", 4.6), simulated=20, respondents=20)
    assert "All answers of 2022 are simulated." in report_text(compared(years))


# --- where years are not alike ----------------------------------------------------------------------------
def test_a_result_without_intervals_shows_moves_without_certainty(years: Assessment, before: Assessment):
    result_of(before, placed("water", 1, "High", 4.5, half=None), placed("earth", 2, "Minor", 4.2, half=None))
    comparison = compared(years)
    water = row(comparison, "water")
    assert (water.priority.difference.value, water.priority.verdict) == (pytest.approx(0.1), Verdict.UNKNOWN)
    assert water.tiers is None
    assert comparison.compared == 0
    assert "How sure the moves are is not known." in said(comparison)
    assert any("No move of priority has a certainty" in note for note in comparison.notes)


def test_a_run_that_keeps_no_interval_of_priority_is_compared_without_one(years: Assessment, before: Assessment):
    old = placed("water", 1, "High", 4.5)
    del old["priority_interval"]
    result_of(before, old)
    water = row(compared(years), "water")
    assert water.priority.verdict == Verdict.UNKNOWN
    assert water.ranks.interval is not None


def test_a_published_list_is_compared_by_tier_and_rank_alone(now: Assessment, before: Assessment):
    issues = listed(before, "water", "air")
    tiers = [TierFactory(assessment=before, name=name, position=place) for place, name in enumerate(["High", "Minor"])]
    for place, (issue, tier) in enumerate(zip(issues, tiers, strict=True)):
        PublishedResultFactory(issue=issue, tier=tier, rank=place + 1)
    listed(now, "water", "air")
    link(now, before, water="water", air="air")
    result_of(now, placed("air", 1, "High", 4.0), placed("water", 2, "Minor", 3.0))
    comparison = compared(now)
    assert comparison.measure is None
    assert [line.change for line in lines_of(comparison)] == ["", ""]
    assert [(line.rose, line.tier) for line in lines_of(comparison)] == [(1, "higher tier"), (-1, "lower tier")]
    assert "For 2021 this is the list that was published" in comparison.notes[0]
    assert "New in the highest tier, High: Air; no longer: Water." in said(comparison)


def test_what_has_no_published_tier_neither_came_nor_left(now: Assessment, before: Assessment):
    water, _air = listed(before, "water", "air")
    PublishedResultFactory(issue=water, tier=TierFactory(assessment=before, name="High", position=0), rank=None)
    TierFactory(assessment=before, name="Minor", position=1)
    listed(now, "water", "air")
    link(now, before, water="water", air="air")
    result_of(now, placed("air", 1, "High", 4.0), placed("water", 2, "High", 3.0))
    comparison = compared(now)
    assert "has the same issues" in said(comparison)
    assert any("1 issue has no tier in one of the years" in note for note in comparison.notes)
    assert figure_of(comparison, now) is None


def test_an_assessment_that_asks_people_is_not_compared_by_what_was_published(now: Assessment, before: Assessment):
    for assessment in (before, now):
        (issue,) = listed(assessment, "water")
        PublishedResultFactory(issue=issue, tier=TierFactory(assessment=assessment, name="High", position=0))
    assert comparison_of(organisation=now.organisation, assessment=now)[0] is None
    now.with_survey = False
    now.save()
    assert compared(now).now.is_published


def test_other_scales_are_compared_by_their_shares(years: Assessment, before: Assessment):
    """3.0 of 1 to 5 and 5.5 of 1 to 10 are both the middle; 4.6 of 1 to 5 is 0.9 of the scale."""
    result_of(before, placed("water", 1, "High", 5.5), placed("earth", 2, "Minor", 4.0), scale=[1, 10])
    comparison = compared(years)
    assert comparison.measure == "share"
    assert row(comparison, "water").priority.difference.value == pytest.approx(0.4)
    assert lines_of(comparison)[0].change == "+40.0 % of the scale"
    assert "The scale ran from 1 to 10 in 2021 and runs from 1 to 5 in 2022" in comparison.notes[0]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"question": "budget"}, "rated in one year, and chosen or ranked in the other"),
        ({"method": {"priority": "max"}}, "by another rule"),
        ({"method": {"cannot_judge": "lowest"}}, "A missing rating counts otherwise than in 2021"),
        ({"method": {"axes": ["impact", "financial"]}}, "other axes"),
    ],
)
def test_priorities_that_do_not_mean_the_same_are_not_compared(
    years: Assessment, before: Assessment, fields: dict, why: str
):
    result_of(before, placed("water", 1, "High", 4.5), placed("earth", 2, "Minor", 4.2), **fields)
    comparison = compared(years)
    assert comparison.measure is None
    assert row(comparison, "water").priority is None
    assert row(comparison, "water").ranks is not None
    assert why in comparison.notes[0]


def test_scale_handling_changes_spreads_alone_so_priorities_are_compared(years: Assessment, before: Assessment):
    as_before = compared(years)
    run = CurrentRun.objects.get(assessment=before).run
    AnalysisRun.objects.filter(pk=run.pk).update(
        results=run.results | {"method": run.results["method"] | {"leniency": "centred"}}
    )
    comparison = compared(years)
    assert comparison.measure == "points"
    assert row(comparison, "water").priority is not None
    assert (comparison.rows, comparison.notes) == (as_before.rows, as_before.notes)


def test_an_axis_that_nobody_spoke_on_makes_another_priority(years: Assessment, before: Assessment):
    result_of(before, placed("water", 1, "High", 4.5, company=None), placed("earth", 2, "Minor", 4.2, company=None))
    assert compared(years).measure is None


def test_tiers_of_other_names_are_compared_by_their_place(years: Assessment, before: Assessment):
    tiers = [{"name": "Top", "count": 1}, {"name": "Rest", "count": 1}]
    result_of(
        before, placed("water", 1, "Rest", 4.5, tier_probability={"Top": 0.1, "Rest": 0.9}),
        placed("earth", 2, "Top", 4.2, tier_probability={"Top": 1.0}), tiers=tiers,
    )  # fmt: skip
    comparison = compared(years)
    assert row(comparison, "water").tiers.higher == pytest.approx(0.9 * 0.99)
    assert any("compared by their place" in note for note in comparison.notes)


def test_another_number_of_tiers_is_not_compared(years: Assessment, before: Assessment):
    result_of(before, placed("water", 1, "High", 4.5), tiers=[{"name": "High", "count": 1}])
    comparison = compared(years)
    assert row(comparison, "water").tiers is None
    assert said(comparison).startswith("The tiers of both years cannot be compared.")
    figure = figure_of(comparison, years)
    assert figure is not None
    assert figure.tiers == ()


def test_what_else_differs_is_told(years: Assessment, before: Assessment):
    groups = [
        {"code": "staff", "name": "Employees", "side": "internal", "weight": 1.0, "share": 1.0, "n": 5, "simulated": 0}
    ]
    result_of(
        before, placed("water", 1, "High", 4.5), placed("earth", 2, "Minor", 4.2), stakeholder_groups=groups,
        method={"priority": "mean", "weights": "equal", "rule": {"kind": "cut_offs", "cuts": [3]}, "interval": 0.8},
    )  # fmt: skip
    told = " ".join(compared(years).notes)
    for fact in ("only in 2021: Employees", "another rule, or to other sizes", "weighed", "among 2 issues in 2021"):
        assert fact in told, fact
    assert row(compared(years), "water").priority.verdict == Verdict.UNKNOWN


# --- reading ------------------------------------------------------------------------------------------------
def test_an_assessment_knows_whether_one_is_before_it(now: Assessment, before: Assessment):
    assert (has_previous(now), has_previous(before)) == (True, False)


@pytest.mark.parametrize("issues", [1, 10])
def test_ten_issues_take_as_many_queries_as_one(
    now: Assessment, before: Assessment, issues: int, django_assert_num_queries
):
    codes = [f"issue-{number}" for number in range(issues)]
    for assessment in (before, now):
        listed(assessment, *codes)
        result_of(assessment, *(placed(code, place + 1, "High", 4.0 - place / 10) for place, code in enumerate(codes)))
    link(now, before, **{code: code for code in codes})
    assessment = Assessment.objects.select_related("organisation").get(pk=now.pk)
    with django_assert_num_queries(6):
        compared(assessment)


def test_results_of_another_organisation_are_no_years(now: Assessment, before: Assessment, house: House):
    listed(now, "water")
    result_of(now, placed("water", 1, "High", 4.0))
    before.organisation = house.elsewhere
    before.save()
    result_of(before, placed("water", 1, "High", 4.0))
    assert comparison_of(organisation=now.organisation, assessment=now)[1] is None


# --- files --------------------------------------------------------------------------------------------------
def test_the_table_has_every_number(years: Assessment):
    rows = list(csv.DictReader(io.StringIO(changes_csv(compared(years)).decode("utf-8-sig"))))
    water, emissions, pay = rows[0], rows[3], rows[-1]
    assert (water["2021: rank"], water["2022: rank"], water["Ranks gained"]) == ("5", "1", "4")
    assert water["Verdict"] == "larger than its uncertainty"
    assert float(water["Change of priority"]) == pytest.approx(1.6)
    assert float(water["p-value adjusted for all moves"]) < 0.001
    assert (emissions["Issues in 2021"], emissions["2021: rank"], emissions["2021: priority"]) == (
        "Air and Noise", "3 and 4", "3.90 and 3.50",
    )  # fmt: skip
    assert (pay["Relation"], pay["2021: tier"], pay["2022: rank"]) == ("dropped", "High", "")


def test_the_chart_has_a_line_for_every_pair(years: Assessment):
    figure = figure_of(compared(years), years)
    assert figure is not None
    ends = [(figure.before[one.before].name, figure.now[one.now].name, one.kind) for one in figure.lines]
    assert ends == [
        ("Water", "Water", "clear"),
        ("Earth", "Soil", "faint"),
        ("Air", "Emissions", "part"),
        ("Noise", "Emissions", "part"),
        ("Waste", "Waste", "part"),
        ("Waste", "Recycling", "part"),
    ]
    assert [one.name for one in figure.before if one.alone] == ["Pay"]
    assert [one.name for one in figure.now if one.alone] == ["Data"]
    assert file_of(figure, "svg").startswith(b"<?xml")
