"""A result beside the one before it: what moved, what was different, and which two are compared."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client

from materiality.models import AnalysisRun, CurrentRun
from materiality.review.runs_compared import compare_runs
from materiality.review.selectors import decided_results
from materiality.services import Choice, analyse_now, choose_method
from scoping.models import Assessment
from tests.materiality.conftest import Answer
from tests.materiality.review.conftest import Give, current, issues
from tests.materiality.years import result_of
from tests.support.factories import AssessmentFactory, TierFactory
from tests.support.people import House

pytestmark = pytest.mark.django_db

PAGE = "/o/example/a/example-2022/review/compared/"
UNKNOWN = "00000000-0000-4000-8000-000000000001"


@pytest.fixture
def first(assessment: Assessment, answered: Assessment) -> AnalysisRun:
    """Issues a and b are High, c is Minor, from four answers."""
    for position, (name, count) in enumerate((("High", 2), ("Minor", 1))):
        TierFactory(assessment=assessment, name=name, position=position, planned_count=count)
    return analyse_now(assessment=assessment)


@pytest.fixture
def second(first: AnalysisRun, assessment: Assessment, answer: Answer) -> AnalysisRun:
    """Six more people put c first."""
    for group in ("staff", "clients"):
        for _ in range(3):
            answer(group, [4, 1, 5])
    return analyse_now(assessment=assessment)


def text(client: Client, query: str = "") -> str:
    answer = client.get(f"{PAGE}{query}")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_page_says_first_what_moved_and_then_why(second: AnalysisRun, viewer_client: Client):
    page = text(viewer_client)
    told = "Two issues change tier: <em>Issue C</em> rises to High; <em>Issue B</em> falls to Minor."
    assert page.index(told) < page.index("6 new answers: 10 instead of 4.")
    assert "By group: Staff +3 and Clients +3." in page


def test_each_issue_has_rank_tier_priority_and_axes_then_and_now(first: AnalysisRun, second: AnalysisRun):
    found = compare_runs(first, second, second.results)
    row = next(row for row in found.rows if row.difference.code == "c")
    assert (row.difference.before.tier, row.difference.now.tier) == ("Minor", "High")
    assert (row.difference.before.rank, row.difference.now.rank) == (3, 2)
    assert row.company == (1.5, 3.6)
    assert row.axes == [("To the company", "3.60 (+2.10)"), ("To stakeholders", "3.60 (+2.10)")]
    assert row.gained == "+2.10"


def test_scores_are_rounded_as_on_the_other_pages(reviewed: Assessment):
    before = current(reviewed)
    other = [one | {"company": 4.1178, "stakeholders": 3.995} for one in issues()]
    now = result_of(reviewed, *other)
    told = [told for _axis, told in compare_runs(before, now, now.results).rows[0].axes]
    assert [one.partition(" ")[0] for one in told] == ["4.12", "4.00"]


def test_a_move_that_two_decimals_do_not_show_is_none(reviewed: Assessment):
    before = current(reviewed)
    other = [one | {"priority": one["priority"] + 0.001, "company": one["company"] - 0.001} for one in issues()]
    found = compare_runs(before, result_of(reviewed, *other), before.results)
    assert (found.rows[0].gained, found.rows[0].axes[0][1]) == ("", "4.00")


def test_another_method_is_told_in_words(first: AnalysisRun, assessment: Assessment, viewer_client: Client):
    choose_method(assessment=assessment, choice=Choice(priority="max", rule="cut_offs", cuts=("4",)))
    analyse_now(assessment=assessment)
    page = text(viewer_client)
    assert "<li>Priority is the higher of both axes.</li>" in page
    assert "<li>Tiers by cut-offs on priority: 4.</li>" in page
    assert "new answer" not in page


def test_what_was_computed_is_compared_and_a_decision_is_marked(reviewed: Assessment, give: Give):
    before = current(reviewed)
    now = result_of(reviewed, *issues())
    give("c", "High")
    found = compare_runs(before, now, decided_results(now))
    assert not found.differences.tier_changes
    assert [row.decided for row in found.rows] == ["", "", "High"]


def test_any_two_can_be_chosen(first: AnalysisRun, second: AnalysisRun, viewer_client: Client):
    assert "rises to Minor" not in text(viewer_client)
    turned = text(viewer_client, f"?now={first.pk}&before={second.pk}")
    assert "<em>Issue B</em> rises to High; <em>Issue C</em> falls to Minor." in turned
    assert "6 answers fewer: 4 instead of 10." in turned
    assert "This is one result beside itself." in text(viewer_client, f"?now={first.pk}&before={first.pk}")


def test_of_the_first_result_the_next_one_is_shown(first: AnalysisRun, second: AnalysisRun, viewer_client: Client):
    """When answers return to an earlier state, the earlier result is the current one."""
    CurrentRun.objects.filter(assessment=first.assessment).update(run=first)
    assert "4 instead of 10" in text(viewer_client)
    AnalysisRun.objects.filter(pk=first.pk).update(created_at=second.created_at + timedelta(days=1))
    assert "4 instead of 10" in text(viewer_client)


@pytest.mark.parametrize("query", ["?now=nonsense", "?before=1", f"?now={UNKNOWN}", f"?before={UNKNOWN}"])
@pytest.mark.parametrize("address", [PAGE, f"{PAGE[:-1]}.csv"])
def test_what_is_no_result_of_the_assessment_is_not_found(
    second: AnalysisRun, viewer_client: Client, address: str, query: str
):
    assert viewer_client.get(f"{address}{query}").status_code == 404


def test_a_result_of_another_assessment_is_not_found(second: AnalysisRun, house: House, viewer_client: Client):
    for organisation in (house.organisation, house.elsewhere):
        other = result_of(AssessmentFactory(organisation=organisation), *issues())
        assert viewer_client.get(f"{PAGE}?before={other.pk}").status_code == 404


def test_with_one_result_or_none_the_page_says_what_to_do(assessment: Assessment, owner_client: Client):
    assert "There is no result yet" in text(owner_client)
    answer = owner_client.get(f"{PAGE[:-1]}.csv", follow=True)
    assert "There is nothing to export yet" in answer.content.decode()


def test_with_one_result_the_page_waits_for_another(first: AnalysisRun, owner_client: Client):
    assert "There is one result so far" in text(owner_client)


def test_the_file_has_the_numbers_of_the_page(first: AnalysisRun, second: AnalysisRun, viewer_client: Client):
    answer = viewer_client.get(f"{PAGE[:-1]}.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="example-2022-results-compared.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    c = next(row for row in rows if row["Code"] == "c")
    before = next(name for name in c if name.startswith("Before") and name.endswith("computed tier"))
    assert (c[before], c["Ranks gained"], c["Other tier"]) == ("Minor", "1", "yes")
    assert float(c["Change of priority"]) == pytest.approx(2.1)
    assert "Tier by decision" not in c


def test_the_results_page_leads_here(second: AnalysisRun, viewer_client: Client):
    page = viewer_client.get("/o/example/a/example-2022/results/").content.decode()
    assert f'href="{PAGE}"' in page
