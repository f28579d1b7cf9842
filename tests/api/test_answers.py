"""Answers as numbers, what is left out of them, links, charts and what-if through the API."""

from collections.abc import Callable

import pytest

from materiality.models import AnalysisRun, ExportFile, Scenario
from materiality.services import analyse_now
from surveys.models import Exclusion, Response, SurveyLink
from surveys.services import open_survey, prepare_survey, submit_response
from tests.api.conftest import Api
from tests.support.factories import AssessmentFactory, TierFactory
from tests.support.people import House

PLACE = "assessments/water/"
SURVEY = f"{PLACE}survey/"
ITEMS = 8


@pytest.fixture
def assessment(house: House):
    """Surveyed: twelve people of each group, of whom the first six rate everything alike."""
    found = AssessmentFactory(organisation=house.organisation, slug="water", groups=2, issues=ITEMS)
    found.groups.filter(code="group-0").update(side="internal")
    found.groups.filter(code="group-1").update(side="external")
    for position, (name, count) in enumerate([("High", 3), ("Low", 5)]):
        TierFactory(assessment=found, name=name, position=position, planned_count=count)
    survey = prepare_survey(assessment=found)
    open_survey(survey=survey)
    for link in SurveyLink.objects.filter(survey=survey):
        for number in range(12):
            ratings = [3] * ITEMS if number < 6 else [5, 4, 3, 2, 1, 1 + number % 5, 2, 4]
            submit_response(link=link, answers=bytes(ratings))
    return found


def test_before_it_is_opened_there_are_no_answers(api: Api, house: House):
    AssessmentFactory(organisation=house.organisation, slug="water", groups=1, issues=2)
    for path in ("answers/", "exclusions/", "links/group-0/qr/"):
        assert api.get(f"{SURVEY}{path}").status_code == 404
    assert api.post(f"{SURVEY}answers/look/").status_code == 404


def test_answers_are_looked_at_left_out_and_counted_again(
    api: Api, assessment, run_waiting_jobs: Callable[[], int], house: House
):
    analyse_now(assessment=assessment)
    asked = api.post(f"{SURVEY}answers/look/")
    assert (asked.status_code, asked.json()["kind"]) == (202, "surveys.quality")
    run_waiting_jobs()
    found = api.read(f"{SURVEY}answers/")
    assert (found["answers"], found["outdated"]) == (24, False)
    alike = next(one for one in found["findings"]["flags"] if one["flag"] == "straight-liner")
    assert (alike["answers"], alike["groups"]) == (12, {"group-0": 6, "group-1": 6})
    made = api.post(f"{SURVEY}exclusions/", {"flag": "straight-liner", "reason": "They did not read."})
    assert made.status_code == 201, made.content
    assert made.json() == api.read(f"{SURVEY}exclusions/")
    assert (made.json()["exclusions"][0]["reason"], Exclusion.objects.count()) == ("They did not read.", 1)
    assert api.delete(f"{SURVEY}exclusions/straight-liner/").status_code == 204
    assert api.read(f"{SURVEY}exclusions/") == {"exclusions": []}
    assert api.delete(f"{SURVEY}exclusions/straight-liner/").status_code == 404
    nothing = api.post(f"{SURVEY}exclusions/", {"flag": "speeder", "reason": "Too fast."})
    assert nothing.status_code == 409


def test_a_service_does_not_say_which_answers_count(service: Api, assessment):
    body = {"flag": "straight-liner", "reason": "They did not read."}
    assert service.post(f"{SURVEY}exclusions/", body).status_code == 403


def test_answers_are_counted_anew_and_simulated_ones_removed(api: Api, assessment):
    assert api.post(f"{SURVEY}answers/recount/").json()["status"] == "queued"
    Response.objects.filter(pk=Response.objects.first().pk).update(simulated=True)
    assert api.post(f"{SURVEY}answers/remove-simulated/").json() == {"removed": 1}
    assert Response.objects.count() == 23


def test_a_link_is_renewed_and_drawn(api: Api, assessment):
    before = SurveyLink.objects.get(group__code="group-0").token
    renewed = api.post(f"{SURVEY}links/group-0/renew/").json()
    assert before not in renewed["address"]
    assert renewed["address"] in {link["address"] for link in api.read(f"{SURVEY}links/")["links"]}
    picture = api.get(f"{SURVEY}links/group-0/qr/")
    assert (picture["Content-Type"], b"<svg" in picture.content) == ("image/svg+xml", True)


def test_what_if_is_computed_and_not_kept(api: Api, assessment):
    analyse_now(assessment=assessment)
    runs = AnalysisRun.objects.count()
    body = {"adjustments": {"weights": {"group-0": "2"}, "left_out_issues": ["issue-7"]}}
    found = api.post(f"{PLACE}what-if/", body)
    assert found.status_code == 200, found.content
    assert found.json()["adjustments"]["weights"] == {"group-0": "2"}
    assert "issue-7" not in {one["code"] for one in found.json()["results"]["issues"] if one["rank"]}
    assert (Scenario.objects.count(), AnalysisRun.objects.count()) == (0, runs)
    assert api.post(f"{PLACE}what-if/", {"adjustments": {"weights": {"none": "2"}}}).status_code in (400, 409)


def test_charts_are_told_in_words_and_numbers(api: Api, assessment):
    without = {one["chart"]: one for one in api.read(f"{PLACE}charts/")["charts"]}
    assert "no result yet" in without["matrix"]["why_not"]
    assert api.get(f"{PLACE}charts/matrix/picture/").status_code == 409
    analyse_now(assessment=assessment)
    found = {one["chart"]: one for one in api.read(f"{PLACE}charts/")["charts"]}
    assert (found["matrix"]["why_not"], "issues" in found["matrix"]["alt_text"]) == ("", True)
    chart = api.read(f"{PLACE}charts/matrix/")
    assert chart["alt_text"] == found["matrix"]["alt_text"]
    assert len(chart["rows"]) == ITEMS
    assert {len(row) for row in chart["rows"]} == {len(chart["header"])}
    picture = api.get(f"{PLACE}charts/matrix/picture/")
    assert (picture["Content-Type"], b"<svg" in picture.content) == ("image/svg+xml", True)
    assert api.get(f"{PLACE}charts/none/").status_code == 404


def test_the_statement_says_how_topics_were_determined(api: Api, assessment):
    found = api.read(f"{PLACE}statement/")
    assert {"GRI 3-1", "GRI 3-1 a"} <= {section["answers"] for section in found["sections"]}
    assert all(section["paragraphs"] for section in found["sections"])
    assert all(gap["why"] for gap in found["gaps"])


def test_a_file_is_deleted(api: Api, assessment, service: Api):
    analyse_now(assessment=assessment)
    place = f"{PLACE}files/{api.post(f'{PLACE}files/', {'kind': 'ranking'}).json()['id']}/"
    assert service.delete(place).status_code == 403
    assert api.delete(place).status_code == 204
    assert not ExportFile.objects.exists()
