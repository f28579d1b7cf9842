"""Disclosure tables through the API: what is recorded, what is still to be written and where, and the files."""

import io
import re

import docx
import openpyxl
import pytest

from materiality.services import analyse_now
from scoping.models import Assessment
from surveys.models import SurveyLink
from surveys.services import close_survey, open_survey, prepare_survey, submit_response
from tests.api.conftest import Api, ApiOf
from tests.support.factories import AssessmentFactory, StakeholderGroupFactory, TierFactory
from tests.support.people import House

PLACE = "assessments/water/"
PAGES = "http://localhost:8000/o/example/a/water/"


@pytest.fixture
def assessment(house: House) -> Assessment:
    found = AssessmentFactory(organisation=house.organisation, slug="water", groups=2, issues=2)
    found.issues.filter(code="issue-0").update(meaning="It costs us.")
    for position, name in enumerate(["High", "Low"]):
        TierFactory(assessment=found, position=position, name=name, planned_count=1)
    return found


def answered(assessment: Assessment) -> None:
    open_survey(survey=prepare_survey(assessment=assessment))
    for link in SurveyLink.objects.filter(survey__assessment=assessment):
        for _ in range(12):
            submit_response(link=link, answers=bytes([5, 3]))
    analyse_now(assessment=assessment)


def table(api: Api, framework: str, code: str, query: str = "") -> dict:
    found = api.read(f"{PLACE}disclosures/{framework}/{query}")
    return next(one for one in found["tables"] if one["code"] == code)


def test_frameworks_are_listed_with_what_is_left_to_write(api: Api, assessment):
    found = api.read(f"{PLACE}disclosures/")
    assert (found["answers"], found["simulated"], found["has_result"]) == (0, 0, False)
    assert [one["framework"] for one in found["frameworks"]] == ["gri", "hkex", "esrs", "sse-szse"]
    for one in found["frameworks"]:
        detail = api.read(f"{PLACE}disclosures/{one['framework']}/")
        assert {name: detail[name] for name in one} == one
        rows = [row for table in detail["tables"] for row in table["rows"]]
        assert one["rows"] == len(rows)
        assert one["rows_to_complete"] == sum(not row["complete"] for row in rows) > 0


def test_each_cell_says_what_is_there_what_is_missing_and_where_it_is_written(api: Api, assessment):
    found = table(api, "gri", "3-3")
    cells = {cell["column"][:2]: cell for cell in found["rows"][0]["cells"]}
    assert [cell["column"] for cell in found["rows"][0]["cells"]] == found["columns"]
    assert cells["a."] == {
        "column": "a. Impacts", "state": "filled", "paragraphs": ["It costs us."], "to_write": "", "address": "",
    }  # fmt: skip
    assert (cells["d."]["state"], cells["d."]["paragraphs"]) == ("missing", [])
    assert cells["d."]["to_write"].startswith("Write what is done")
    assert cells["d."]["address"] == f"{PAGES}scoping/issues/issue-0/sheet/edit/#id_practice"
    # Nothing here asks for it: it is for the report alone.
    assert (cells["b."]["state"], cells["b."]["address"]) == ("missing", "")
    process = table(api, "gri", "3-1")["rows"][0]
    assert (process["cells"][0]["state"], process["complete"]) == ("partly", False)
    assert process["cells"][0]["paragraphs"]
    assert process["cells"][0]["to_write"].startswith("Say how impacts along activities")


def test_who_may_not_edit_is_led_to_the_page_that_shows_the_same(house: House, api_of: ApiOf, assessment):
    cell = table(api_of(house.viewer), "gri", "3-3")["rows"][0]["cells"][3]
    assert cell["address"] == f"{PAGES}scoping/issues/issue-0/sheet/"


def test_how_many_answered_is_not_told_of_a_small_group(api: Api, assessment):
    """Group 0 and Group 2 speak for the company and are counted as one, Group 1 for stakeholders."""
    StakeholderGroupFactory(assessment=assessment, position=2)
    survey = prepare_survey(assessment=assessment)
    open_survey(survey=survey)
    for position, people in enumerate([9, 1, 3]):
        link = SurveyLink.objects.get(survey=survey, group__code=f"group-{position}")
        for _ in range(people):
            submit_response(link=link, answers=bytes([5, 3]))
    survey.refresh_from_db()
    close_survey(survey=survey)
    analyse_now(assessment=assessment)
    few = "Group 0 9, Group 1 fewer than 5 and Group 2 fewer than 5"
    for framework in ("gri", "hkex", "esrs"):
        told = str(api.read(f"{PLACE}disclosures/{framework}/"))
        assert few in told
        assert not re.search(r"Group 1 \(?1\b|Group 2 \(?3\b", told)
    told = str(api.read(f"{PLACE}disclosures/esrs/"))
    assert "Group 0 and Group 2 together (12) and Group 1 (fewer than 5)" in told
    assert "Group 0 (9)" not in told
    # What members see on the page of the survey they read here, too.
    assert "Group 0 9, Group 1 1 and Group 2 3" in str(api.read(f"{PLACE}statement/"))


def test_ranks_and_tiers_join_with_a_result(api: Api, assessment):
    answered(assessment)
    assert api.read(f"{PLACE}disclosures/")["has_result"]
    counted = api.read(f"{PLACE}result/")["results"]["respondents"]
    assert api.read(f"{PLACE}disclosures/gri/")["answers"] == counted > 0
    rows = table(api, "gri", "3-2 a")["rows"]
    assert [(row["code"], row["asks"], row["cells"][1]["paragraphs"]) for row in rows] == [
        ("1", "Issue 0", ["High"]),
        ("2", "Issue 1", ["Low"]),
    ]
    assert table(api, "gri", "3-2 a")["rows_to_complete"] == 0


def test_what_people_did_not_write_is_in_the_language_asked_for(api: Api, assessment):
    chinese = table(api, "gri", "3-3", "?language=zh-hans")
    assert chinese["rows"][0]["cells"][0]["paragraphs"] == ["It costs us."]
    assert chinese["title"] != table(api, "gri", "3-3")["title"]
    assert any("\u4e00" <= sign <= "\u9fff" for sign in chinese["title"])
    listed = api.read(f"{PLACE}disclosures/?language=zh-hans")["frameworks"]
    assert listed[0]["name"] != api.read(f"{PLACE}disclosures/")["frameworks"][0]["name"]


def test_files_hold_one_framework_or_all(api: Api, assessment):
    everything = api.get(f"{PLACE}disclosures-file/")
    assert everything.status_code == 200
    assert everything["Content-Disposition"] == 'attachment; filename="water-disclosures.xlsx"'
    sheets = openpyxl.load_workbook(io.BytesIO(everything.content)).sheetnames
    assert {name.split()[0] for name in sheets} == {"Overview", "GRI", "HKEX", "ESRS", "SSE-SZSE"}
    one = api.get(f"{PLACE}disclosures-file/?format=docx&framework=gri&language=zh-hans")
    assert one["Content-Disposition"] == 'attachment; filename="water-disclosures-gri.docx"'
    assert one["Content-Type"].endswith("wordprocessingml.document")
    texts = [paragraph.text for paragraph in docx.Document(io.BytesIO(one.content)).paragraphs]
    headings = [text for text in texts if text.startswith("3-")]
    assert len(headings) == 4
    assert not any("ESRS" in text for text in texts)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in headings[0])


def test_what_there_is_not_is_said(api: Api, assessment):
    assert api.get(f"{PLACE}disclosures/sasb/").status_code == 404
    for query, parameter in [("format=pdf", "format"), ("framework=sasb", "framework"), ("language=de", "language")]:
        refused = api.get(f"{PLACE}disclosures-file/?{query}")
        assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, parameter)
