"""Wherever the current result shows, a decided tier shows with the computed one beside it, and the reason."""

import csv
import io
import json

import openpyxl
import pytest
from django.test import Client

from figures.data import MatrixFigure
from materiality.change.amounts import lines_of
from materiality.change.comparison import comparison_of
from materiality.change.table import changes_csv
from materiality.findings import headline
from materiality.models import CurrentRun, Override
from materiality.review.selectors import decided_results
from materiality.scenarios.services import keep_scenario
from materiality.services import analyse_now, override_tier
from materiality.whatif.adjustments import Adjustments
from scoping.models import Assessment
from tests.materiality.chapters import opened
from tests.materiality.conftest import Answer
from tests.materiality.review.conftest import current
from tests.materiality.years import link, listed, placed, result_of
from tests.support.factories import AssessmentFactory, PublishedResultFactory, TierFactory
from tests.support.people import House

pytestmark = pytest.mark.django_db

REASON = "=HYPERLINK(\"x\") <script>alert('x')</script> 客户要求"
RESULTS = "/o/example/a/example-2022/results/"


@pytest.fixture
def decided(answered: Assessment, house: House) -> Assessment:
    """Issues a and b are High and c is Minor as computed; c is High by decision, as it was published."""
    for position, (name, count) in enumerate((("High", 2), ("Minor", 1))):
        TierFactory(assessment=answered, name=name, position=position, planned_count=count)
    for one in answered.issues.all():
        PublishedResultFactory(issue=one, tier=answered.tiers.get(name="High"), rank=None)
    analyse_now(assessment=answered)
    override_tier(
        assessment=answered, issue=answered.issues.get(code="c"), tier="High", reason=REASON, by=house.analyst
    )
    return answered


def file_of(client: Client, assessment: Assessment, name: str) -> bytes:
    run = CurrentRun.objects.get(assessment=assessment).run_id
    answer = client.get(f"{RESULTS}{run}/{name}")
    assert answer.status_code == 200
    return answer.content


def test_the_results_page_marks_it_with_both_tiers_and_the_reason(decided: Assessment, viewer_client: Client):
    page = " ".join(viewer_client.get(RESULTS).content.decode().split())
    assert "<strong>1 issue stands in another tier than computed, by decision of the working group.</strong>" in page
    row = page.partition('<tr class="by-decision">')[2].partition("</tr>")[0]
    assert "Computed:" in row
    assert "Minor" in row
    assert "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; 客户要求" in row
    assert "tier High by decision (computed: Minor)" in page  # the matrix, as it is heard
    assert "One issue stands in another tier than computed, by decision." in page  # its source, and the headline
    assert 'href="/o/example/a/example-2022/review/"' in page
    assert "<script>alert" not in page


def test_an_earlier_result_stays_as_computed(decided: Assessment, answer: Answer, viewer_client: Client):
    run = CurrentRun.objects.get(assessment=decided).run
    answer("staff", [5, 3, 1])
    analyse_now(assessment=decided)
    page = viewer_client.get(f"{RESULTS}{run.pk}/").content.decode()
    assert "Minor" in page
    assert "by decision" not in page


def test_the_csv_has_the_computed_tier_the_day_and_the_reason(decided: Assessment, viewer_client: Client):
    rows = list(csv.DictReader(io.StringIO(file_of(viewer_client, decided, "tables.csv").decode("utf-8-sig"))))
    assert [(row["Tier"], row["Computed tier"]) for row in rows] == [
        ("High", "High"),
        ("High", "High"),
        ("High", "Minor"),
    ]
    override = Override.objects.get()
    assert (rows[2]["Decided on"], rows[2]["Reason of the decision"]) == (f"{override.at:%Y-%m-%d}", f"'{REASON}")
    assert rows[0]["Decided on"] == rows[0]["Reason of the decision"] == ""


def test_the_workbook_has_them_on_its_ranking_and_counts_both(decided: Assessment, viewer_client: Client):
    book = openpyxl.load_workbook(io.BytesIO(file_of(viewer_client, decided, "tables.xlsx")))
    ranking = [dict(zip(*pair, strict=True)) for pair in rows_of(book["Ranking"])]
    assert [row["Computed tier"] for row in ranking] == ["High", "High", "Minor"]
    assert [row["Decision"] is None for row in ranking] == [True, True, False]
    assert ranking[2]["Reason of the decision"] == REASON
    assert "Probability of the computed tier" in ranking[0]
    tiers = [dict(zip(*pair, strict=True)) for pair in rows_of(book["Tiers"])]
    assert [(row["Issues"], row["Issues as computed"]) for row in tiers] == [(3, 2), (0, 1)]
    notes = [row[1].value for row in book["Notes"]]
    assert any(note.startswith("One issue stands in another tier than computed, by decision.") for note in notes)


def rows_of(sheet) -> list[tuple[list, list]]:
    values = [list(row) for row in sheet.iter_rows(values_only=True)]
    return [(values[0], row) for row in values[1:]]


def test_the_chapter_tells_the_decision_with_its_reason(decided: Assessment, viewer_client: Client):
    document = opened(viewer_client.get("/o/example/a/example-2022/chapter.docx").content)
    told = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "Tiers by decision of the working group" in told
    assert "Issue C: High; computed: Minor; decided on" in told
    assert REASON in told
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "High, by decision (computed: Minor)" in cells


def test_the_record_has_the_decision(decided: Assessment, viewer_client: Client):
    document = json.loads(file_of(viewer_client, decided, "run.json"))
    assert document["issues"][2]["decision"] | {"on": ""} == {
        "tier": "High", "reason": REASON, "on": "", "computed_tier": "Minor",
    }  # fmt: skip


def test_figures_say_it_in_their_source_and_keep_the_rule_of_the_bands(decided: Assessment):
    figure = MatrixFigure.from_results(decided_results(current(decided)))
    assert "One issue stands in another tier than computed, by decision." in figure.source
    assert [point.computed for point in figure.points] == [None, None, "Minor"]
    # The sizes were planned and kept: what people decided is no tie.
    assert "fixed counts 2 / 1 on priority" in figure.source


def test_without_a_decision_no_file_has_a_word_of_it(decided: Assessment, viewer_client: Client):
    Override.objects.all().delete()
    for name in ("tables.csv", "run.json"):
        found = file_of(viewer_client, decided, name)
        assert b'"decision"' not in found
        assert b"Computed tier" not in found
    assert "by decision" not in viewer_client.get(RESULTS).content.decode()


def test_the_published_tier_is_compared_with_the_one_it_stands_in(decided: Assessment, viewer_client: Client):
    page = " ".join(viewer_client.get(RESULTS).content.decode().split())
    assert "3 of 3 issues stand in the tier that" in page
    assert "1 issue stands where it does by decision." in page


# --- the headline -------------------------------------------------------------------------------------------
def test_the_headline_calls_settled_what_was_computed_alone(decided: Assessment):
    document = decided_results(current(decided))
    sure = [one | {"tier_probability": {"High": 0.99, "Minor": 0.01}} for one in document["issues"]]
    told = "".join(part.text for part in headline(document | {"issues": sure}))
    assert told == (
        "Three issues are in the highest tier, High. The two that were computed there are settled. "
        "One issue stands in another tier than computed, by decision."
    )


# --- years compared -----------------------------------------------------------------------------------------
def test_years_compare_decided_tiers_and_say_nothing_of_how_sure_that_is(house: House):
    before = AssessmentFactory(organisation=house.organisation, reporting_period="2021", slug="example-2021")
    now = AssessmentFactory(
        organisation=house.organisation, reporting_period="2022", slug="example-2022", previous=before
    )
    for assessment in (before, now):
        listed(assessment, "water", "soil")
        result_of(assessment, placed("water", 1, "High", 4.0), placed("soil", 2, "Minor", 3.0))
    link(now, before, water="water", soil="soil")
    override_tier(assessment=now, issue=now.issues.get(code="soil"), tier="High", reason=REASON, by=house.analyst)
    comparison = comparison_of(organisation=house.organisation, assessment=now)[0]
    soil = lines_of(comparison)[1]
    assert (soil.tier, soil.now.tier, soil.now.computed) == ("higher tier, by decision", "High", "Minor")
    assert [row.code for row in comparison.entered] == ["soil"]
    assert any("In 2022 1 issue stands in another tier than computed" in note for note in comparison.notes)
    rows = list(csv.DictReader(io.StringIO(changes_csv(comparison).decode("utf-8-sig"))))
    assert [row["2022: computed tier, where another was given by decision"] for row in rows] == ["", "Minor"]


# --- what-ifs and scenarios ---------------------------------------------------------------------------------
@pytest.mark.parametrize("page", ["what-if", "scenarios"])
def test_what_ifs_compare_what_is_computed_and_say_so(decided: Assessment, viewer_client: Client, page: str):
    keep_scenario(assessment=decided, name="As it is", adjustments=Adjustments())
    found = " ".join(viewer_client.get(f"/o/example/a/example-2022/{page}/").content.decode().split())
    assert "<strong>1 issue of the current result stands in another tier by decision.</strong>" in found
    assert "other tier" not in found.partition("<tbody>")[2]
