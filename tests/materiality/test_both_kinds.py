"""Simulated answers and people's in one survey: one kind counts, and every page says the same of it."""

import re

import pytest
from django.urls import reverse

from materiality.charts import CHARTS
from materiality.models import AnalysisRun
from materiality.services import analyse_now, is_out_of_date
from materiality.whatif.recomputing import Adjustments, recompute
from scoping.models import Assessment, Side
from surveys.models import Survey, SurveyLink
from surveys.selectors import tallies_of
from surveys.services import close_survey, fold_responses, open_survey, remove_simulated, submit_response
from tests.support.factories import AssessmentFactory, IssueFactory, StakeholderGroupFactory, SurveyFactory
from tests.support.people import House, client_of

GROUPS = {"staff": Side.INTERNAL, "board": Side.INTERNAL, "clients": Side.EXTERNAL, "press": Side.EXTERNAL}
SIMULATED = 50
# What differs between two runs of the same answers.
OF_THE_RUN = {"run", "assessment", "title", "computed_at"}


def survey_in(house: House, slug: str, k: int = 5) -> Survey:
    assessment = AssessmentFactory(organisation=house.organisation, slug=slug)
    for position, code in enumerate("abc"):
        IssueFactory(assessment=assessment, code=code, name=f"Issue {code.upper()}", position=position)
    for position, (code, side) in enumerate(GROUPS.items()):
        fields = {"code": code, "name": code.title(), "side": side, "position": position}
        StakeholderGroupFactory(assessment=assessment, headcount=200, **fields)
    survey = SurveyFactory(assessment=assessment, minimum_group=k)
    open_survey(survey=survey)
    survey.refresh_from_db()
    return survey


def simulated(survey: Survey, number: int = SIMULATED) -> None:
    for link in survey.links.all():
        for at in range(number):
            submit_response(link=link, answers=bytes([at % 5 + 1, 3, 1]), simulated=True)
    fold_responses(survey=survey)


def people(survey: Survey, number: int, *groups: str) -> None:
    for group in groups or GROUPS:
        link = SurveyLink.objects.get(survey=survey, group__code=group)
        for at in range(number):
            submit_response(link=link, answers=bytes([2, at % 3 + 3, 5 - at % 2]))
    fold_responses(survey=survey)


@pytest.fixture
def mixed(house: House) -> Survey:
    """Fifty simulated answers of each group."""
    survey = survey_in(house, "mixed")
    simulated(survey)
    return survey


def result(survey: Survey) -> dict:
    results = analyse_now(assessment=survey.assessment).results
    return {key: value for key, value in results.items() if key not in OF_THE_RUN}


def page(house: House, assessment: Assessment, name: str) -> str:
    kwargs = {"organisation": house.organisation.slug, "slug": assessment.slug}
    html = client_of(house.analyst).get(reverse(name, kwargs=kwargs)).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL)).split())


# --- which kind stands ----------------------------------------------------------------------------------------
def test_a_few_people_leave_the_simulated_result_as_it_is(mixed):
    before = result(mixed)
    people(mixed, 2)
    assert result(mixed) == before
    assert (before["respondents"], before["simulated"]) == (4 * SIMULATED, 4 * SIMULATED)
    folded = tallies_of(mixed.assessment)
    assert (folded.stands_in, folded.set_aside, folded.held_back) == (True, 0, 8)


@pytest.mark.parametrize("closed", [False, True])
def test_of_enough_people_the_result_is_as_if_nothing_were_simulated(house, mixed, closed):
    alone = survey_in(house, "alone")
    for survey in (mixed, alone):
        people(survey, 12)
        if closed:
            close_survey(survey=survey)
    found = result(mixed)
    assert found == result(alone)
    assert found["simulated"] == 0
    folded = tallies_of(mixed.assessment)
    assert (folded.stands_in, folded.set_aside) == (False, 4 * SIMULATED)


def test_few_people_of_every_group_are_shown_together_at_the_end_and_alone(house, mixed):
    """Three of each group: groups of one side speak as one, and no simulated voice stands beside them."""
    alone = survey_in(house, "alone")
    for survey in (mixed, alone):
        people(survey, 3)
        close_survey(survey=survey)
    found = result(mixed)
    assert found == result(alone)
    heard = {group["name"]: group["n"] for group in found["stakeholder_groups"] if group["n"]}
    assert heard == {"Staff and Board together": 6, "Clients and Press together": 6}


def test_too_few_people_at_the_end_are_not_shown_and_the_simulated_ones_stand(mixed):
    people(mixed, 2)
    close_survey(survey=mixed)
    found = result(mixed)
    assert found["simulated"] == found["respondents"] == 4 * SIMULATED
    assert not any(cell.get("hidden") for issue in found["issues"] for cell in issue["groups"].values())


def test_one_group_that_can_be_shown_is_enough(mixed):
    people(mixed, 12, "staff")
    found = result(mixed)
    assert {group["code"] for group in found["stakeholder_groups"] if group["n"]} == {"staff"}


def test_what_people_gave_shows_at_once_where_the_survey_is_identified(house):
    survey = survey_in(house, "identified", k=1)
    simulated(survey, 3)
    people(survey, 1, "press")
    assert result(survey)["respondents"] == 1


def test_all_that_is_made_of_answers_follows(house, mixed):
    """The heat map, hidden views, what if and response rates are those of a survey without simulated answers."""
    alone = survey_in(house, "alone")
    charts, heard = [], []
    for survey in (mixed, alone):
        people(survey, 12)
        assessment = survey.assessment
        found = analyse_now(assessment=assessment).results
        charts.append([CHARTS[slug].table(found, assessment).rows for slug in ("heat", "rates", "tiers")])
        heard.append(recompute(assessment=assessment, adjustments=Adjustments())["issues"])
    assert charts[0] == charts[1]
    assert [row[2] for row in charts[0][1]] == [12, 12, 12, 12]
    assert heard[0] == heard[1]


def test_rates_beside_a_simulated_result_are_simulated_alike(mixed):
    people(mixed, 2)
    rows = CHARTS["rates"].table(None, mixed.assessment).rows
    assert [(row[2], row[-1]) for row in rows] == [(SIMULATED, "all")] * 4


def test_removing_what_is_set_aside_changes_no_result(mixed):
    people(mixed, 12)
    run = analyse_now(assessment=mixed.assessment)
    remove_simulated(survey=mixed)
    assert not is_out_of_date(run, tallies_of(mixed.assessment))
    assert analyse_now(assessment=mixed.assessment) == run
    assert AnalysisRun.objects.filter(assessment=mixed.assessment).count() == 1


# --- what pages say -------------------------------------------------------------------------------------------
PAGES = ("materiality:overview", "surveys:survey", "surveys:watch", "materiality:results")


def test_while_people_wait_every_page_says_so(house, mixed):
    analyse_now(assessment=mixed.assessment)
    people(mixed, 3, "press")
    told = {name: page(house, mixed.assessment, name) for name in PAGES}
    for name, text in told.items():
        assert "3 people have answered, and do not count yet." in text, name
        assert "new answer" not in text, name
    assert "203 Groups heard" in told["materiality:overview"]
    assert "Answers 203 Groups heard 4 of 4 Not counted yet 3 Simulated 200" in told["surveys:survey"]
    assert "200 answers" in told["materiality:results"]
    assert "Update the results" not in told["materiality:overview"]


def test_somebody_who_tries_it_out_changes_no_result_and_is_told(house, mixed):
    run = analyse_now(assessment=mixed.assessment)
    link = mixed.links.first()
    submit_response(link=link, answers=bytes([5, 5, 5]))
    kwargs = {"organisation": house.organisation.slug, "slug": mixed.assessment.slug}
    for _ in range(2):  # before the answer is counted, and then
        page_of_results = client_of(house.analyst).post(reverse("materiality:analyse", kwargs=kwargs), follow=True)
        text = page_of_results.content.decode()
        assert "Nothing has changed: this result is up to date." in text
        assert "1 person has answered, and does not count yet." in text
        fold_responses(survey=mixed)
    assert analyse_now(assessment=mixed.assessment) == run


def test_when_people_count_every_page_says_so_with_the_same_numbers(house, mixed):
    analyse_now(assessment=mixed.assessment)
    people(mixed, 12)
    close_survey(survey=mixed)
    told = {name: page(house, mixed.assessment, name) for name in PAGES}
    for name, text in told.items():
        assert "200 simulated answers are stored and do not count, since people have answered." in text, name
        assert "Results are made of the answers of 48 people alone." in text, name
    for name in ("materiality:overview", "materiality:results"):
        assert "48 people have answered: the simulated answers do not count any more." in told[name]
    assert "Answers 48 Groups heard 4 of 4 Not counted yet 0" in told["surveys:survey"]
    assert "Delete 200 simulated answers" in told["surveys:survey"]
    analyse_now(assessment=mixed.assessment)
    text = page(house, mixed.assessment, "materiality:results")
    assert "48 answers" in text
    assert "any more" not in text
    remove_simulated(survey=mixed)
    assert not any("simulated answers are stored" in page(house, mixed.assessment, name) for name in PAGES)


# --- groups that wait -----------------------------------------------------------------------------------------
def test_a_group_of_which_nothing_is_shown_yet_is_not_called_silent(house):
    survey = survey_in(house, "waits")
    people(survey, 12, "staff", "clients")
    first = analyse_now(assessment=survey.assessment)
    assert any(note.startswith("No answers from Board and Press.") for note in first.results["notes"])
    people(survey, 7, "board")
    assert "The first answers of another group have come" in page(house, survey.assessment, "materiality:results")
    notes = analyse_now(assessment=survey.assessment).results["notes"]
    [told] = [note for note in notes if "Board" in note]
    assert told.startswith(
        "Answers have come from Board and are not shown yet: while the survey is open, that takes 10"
    )
    assert any(note.startswith("No answers from Press. It drops out") for note in notes)
    text = page(house, survey.assessment, "materiality:results")
    assert "Nothing is shown yet of Board (7)." in text
    assert "have changed since" not in text
    close_survey(survey=survey)
    assert not any("Board" in note for note in analyse_now(assessment=survey.assessment).results["notes"])


def test_an_axis_of_which_nothing_is_shown_yet_is_not_called_silent(house):
    survey = survey_in(house, "waits")
    people(survey, 12, "staff")
    people(survey, 6, "press")
    notes = " ".join(analyse_now(assessment=survey.assessment).results["notes"])
    assert "No answers of external groups with a weight are shown yet" in notes
    assert "has answered" not in notes
