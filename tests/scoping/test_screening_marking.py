"""Marking and deciding on the pages: what is asked, what comes back, and that nothing typed is lost."""

from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from scoping import services as scoping_services
from scoping.models import HIGHEST_MARK, Assessment, Mark, Phase, ShortListDecision, Standing
from scoping.screening import Rule
from scoping.selectors.screening import screening_of
from scoping.selectors.screening.marks import ISSUES_PER_PAGE, marking_page
from scoping.services.issues import MOST_ISSUES
from scoping.services.screening import Overrule, decide_short_list
from tests.scoping.screened import give, issue, listed, to_be_screened
from tests.scoping.test_screening_pages import page, said
from tests.support.factories import IssueFactory, MarkFactory, TierFactory, UserFactory
from tests.support.people import House


@pytest.fixture
def assessment(house: House) -> Assessment:
    return to_be_screened(organisation=house.organisation, slug="paper-2026")


def typed_marks(assessment: Assessment, value: str = "2", numbers: range = range(4), **more: str) -> dict[str, Any]:
    """What the page sends where every mark on it is `value`."""
    issues = [issue(assessment, number).pk for number in numbers]
    criteria = assessment.criteria.values_list("pk", flat=True)
    marks = {f"mark-{pk}-{criterion}": value for pk in issues for criterion in criteria}
    return {"issue": issues, **marks, **more}


def place(assessment: Assessment, number: int = 0) -> str:
    return f"{issue(assessment, number).pk}-{assessment.criteria.first().pk}"


# --- marks ------------------------------------------------------------------------------------------------
def test_marks_are_saved_and_shown_again(assessment: Assessment, house: House, analyst_client: Client):
    why = {f"why-{place(assessment)}": " Asked  for by the bank "}
    response = analyst_client.post(page("marks"), typed_marks(assessment, "2", **why), follow=True)
    assert "You have marked 4 of 4 issues." in said(response)
    assert Mark.objects.filter(member=house.analyst, value=2).count() == 8
    assert Mark.objects.get(reason="Asked for by the bank").issue == issue(assessment, 0)
    content = analyst_client.get(page("marks")).content.decode()
    assert f'name="mark-{place(assessment)}" value="2" checked' in content
    assert 'value="Asked for by the bank"' in content


def test_marks_of_others_are_not_shown_while_marking(assessment: Assessment, analyst_client: Client):
    give(assessment, 6, 6, member=UserFactory(name="Somebody else"))
    Mark.objects.update(reason="Their reason")
    content = analyst_client.get(page("marks")).content.decode()
    assert "Their reason" not in content
    assert 'value="3" checked' not in content


def test_an_emptied_mark_is_taken_back(assessment: Assessment, house: House, analyst_client: Client):
    give(assessment, 6, 6, member=house.analyst)
    analyst_client.post(page("marks"), typed_marks(assessment, "", range(1)))
    assert set(Mark.objects.values_list("issue__code", flat=True)) == {"issue-1"}


def test_saving_goes_on_to_the_next_page(assessment: Assessment, analyst_client: Client):
    for position in range(4, ISSUES_PER_PAGE + 3):
        IssueFactory(assessment=assessment, position=position)
    first = typed_marks(assessment, "1", range(ISSUES_PER_PAGE))
    assert analyst_client.post(page("marks"), first)["Location"] == f"{page('marks')}?page=2"
    last = analyst_client.get(page("marks"), {"page": 2})
    assert [row.issue.name for row in last.context["form"].rows()] == ["Issue 25", "Issue 26", "Issue 27"]
    assert analyst_client.post(f"{page('marks')}?page=2", first)["Location"] == page("screening")
    assert analyst_client.post(page("marks"), first | {"stop": "1"})["Location"] == page("screening")


def test_what_is_not_yet_marked_gets_shorter_as_one_goes(assessment: Assessment, house: House, analyst_client: Client):
    for position in range(4, 2 * ISSUES_PER_PAGE):
        IssueFactory(assessment=assessment, position=position)
    give(assessment, 6, 6, member=house.analyst)
    here = f"{page('marks')}?show=open"
    shown = analyst_client.get(here).context["page"]
    assert (shown.done, shown.open, shown.issues[0].name) == (2, 48, "Issue 2")
    some = typed_marks(assessment, "1", range(2, 10))
    assert analyst_client.post(here, some)["Location"] == f"{here}&page=1"
    none = typed_marks(assessment, "", range(10, 35))
    assert analyst_client.post(here, none)["Location"] == f"{here}&page=2"


def test_who_has_marked_everything_is_told_so(assessment: Assessment, house: House, analyst_client: Client):
    give(assessment, 6, 6, 6, 6, member=house.analyst)
    assert "You have marked every issue" in said(analyst_client.get(page("marks"), {"show": "open"}))


def test_merged_issues_are_not_marked(assessment: Assessment, analyst_client: Client):
    assessment.issues.filter(code="issue-0").update(standing=Standing.MERGED, merged_into=issue(assessment, 1))
    rows = analyst_client.get(page("marks")).context["form"].rows()
    assert [row.issue.name for row in rows] == ["Issue 1", "Issue 2", "Issue 3"]


@pytest.mark.parametrize("value", ["4", "-1", "many", "2.5", "²", "9" * 40])
def test_a_mark_that_is_none_is_refused_and_the_rest_comes_back(
    assessment: Assessment, analyst_client: Client, value: str
):
    bad = {f"mark-{place(assessment)}": value, f"why-{place(assessment, 1)}": "A reason to keep"}
    response = analyst_client.post(page("marks"), typed_marks(assessment, "3") | bad)
    content = response.content.decode()
    assert response.status_code == 400
    assert "Choose a mark from 0 to 3, or none." in said(response)
    assert content.count('value="3" checked') == 7
    assert "A reason to keep" in content
    assert not Mark.objects.exists()


@pytest.mark.parametrize(
    ("mark", "reason", "text"),
    [("", "Why not", "There is a reason but no mark."), ("1", "x" * 501, "This has 501 characters.")],
)
def test_a_reason_that_does_not_fit_is_refused_at_its_place(
    assessment: Assessment, analyst_client: Client, mark: str, reason: str, text: str
):
    bad = {f"mark-{place(assessment)}": mark, f"why-{place(assessment)}": reason}
    response = analyst_client.post(page("marks"), typed_marks(assessment) | bad)
    assert response.status_code == 400
    assert f'id="error-{place(assessment)}"' in response.content.decode()
    assert text in said(response)
    assert reason in response.content.decode()


def test_a_criterion_that_was_removed_meanwhile_loses_no_other_mark(assessment: Assessment, analyst_client: Client):
    typed = typed_marks(assessment, "1")
    assessment.criteria.last().delete()
    response = analyst_client.post(page("marks"), typed)
    assert response.status_code == 400
    assert "A criterion was removed while you were marking." in said(response)
    assert response.content.decode().count('value="1" checked') == 4
    assert not Mark.objects.exists()
    assert analyst_client.post(page("marks"), typed_marks(assessment, "1")).status_code == 302


def test_an_issue_that_was_removed_meanwhile_loses_no_other_mark(assessment: Assessment, analyst_client: Client):
    typed = typed_marks(assessment, "1")
    issue(assessment, 3).delete()
    response = analyst_client.post(page("marks"), typed)
    assert response.status_code == 400
    assert "An issue was removed or merged while you were marking." in said(response)
    assert response.content.decode().count('value="1" checked') == 6


def test_marks_for_another_assessment_are_refused(assessment: Assessment, analyst_client: Client):
    theirs = MarkFactory(value=0)
    foreign = {f"mark-{theirs.issue_id}-{theirs.criterion_id}": "3"}
    assert analyst_client.post(page("marks"), typed_marks(assessment) | foreign).status_code == 400
    assert list(Mark.objects.values_list("value", flat=True)) == [0]


def test_a_null_byte_does_not_reach_the_database(assessment: Assessment, analyst_client: Client):
    analyst_client.post(page("marks"), typed_marks(assessment, "1", range(1), **{f"why-{place(assessment)}": "a\x00b"}))
    assert Mark.objects.filter(reason="ab").count() == 1


# --- deciding ---------------------------------------------------------------------------------------------
def typed_decision(client: Client, **more: str) -> dict[str, str]:
    """What the page sends if nothing is overruled."""
    context = client.get(page("decide")).context
    return {"seen": context["seen"], "for": "survey" if context["applies"] else "next", "note": ""} | more


def test_the_proposal_is_decided_as_it_is(assessment: Assessment, house: House, analyst_client: Client):
    give(assessment, 6, 2, 3)
    response = analyst_client.post(page("decide"), typed_decision(analyst_client, note="Six of us"), follow=True)
    text = said(response)
    assert "Version 1 of the short list is decided." in text
    assert "3 issues are on the short list" in text
    assert "Six of us" in text
    assert "by Analyst" in text
    assert ShortListDecision.objects.get().decided_by == house.analyst
    assert listed(assessment) == ["Issue 0", "Issue 2", "Issue 3"]


def test_an_issue_is_kept_all_the_same_with_a_reason(assessment: Assessment, analyst_client: Client):
    give(assessment, 6, 2, 3)
    pk = issue(assessment, 1).pk
    kept = {f"to-{pk}": "in", f"why-{pk}": "The bank asks"}
    response = analyst_client.post(page("decide"), typed_decision(analyst_client, **kept), follow=True)
    assert "1 issue was decided against the proposal" in said(response)
    assert "out overruled The bank asks" in said(response)
    assert len(listed(assessment)) == 4
    again = analyst_client.get(page("decide")).content.decode()
    assert f'name="to-{pk}" value="in" checked' in again
    assert "The bank asks" in again


@pytest.mark.parametrize(
    ("to", "why", "text"),
    [
        ("out", "", "Say why"),
        ("", "No box", "the box is not ticked"),
        ("out", "x" * 501, "501"),
        ("up", "x", "Tick the"),
    ],
)
def test_overruling_half_way_is_refused_by_name(
    assessment: Assessment, analyst_client: Client, to: str, why: str, text: str
):
    give(assessment, 6, 2, 3)
    pk = issue(assessment, 0).pk
    typed = typed_decision(analyst_client, note="Kept note", **{f"to-{pk}": to, f"why-{pk}": why})
    response = analyst_client.post(page("decide"), typed)
    assert response.status_code == 400
    assert "Mend what is marked below, at “Issue 0”." in said(response)
    assert text in said(response)
    assert "Kept note" in response.content.decode()
    assert why in response.content.decode()
    assert not ShortListDecision.objects.exists()


def test_marks_that_came_meanwhile_are_shown_before_anything_is_decided(assessment: Assessment, analyst_client: Client):
    give(assessment, 6, 2, 3)
    pk = issue(assessment, 0).pk
    typed = typed_decision(analyst_client, **{f"to-{pk}": "out", f"why-{pk}": "Covered"})
    Mark.objects.filter(issue=issue(assessment, 1)).update(value=3)
    response = analyst_client.post(page("decide"), typed)
    assert response.status_code == 400
    assert "the proposal for “Issue 1”" in said(response)
    assert f'name="to-{pk}" value="out" checked' in response.content.decode()
    again = typed | {"seen": response.context["seen"]}
    assert analyst_client.post(page("decide"), again).status_code == 302
    assert listed(assessment) == ["Issue 1", "Issue 2", "Issue 3"]


def test_a_sent_page_that_says_nothing_decides_nothing(assessment: Assessment, analyst_client: Client):
    assert analyst_client.post(page("decide"), {}).status_code == 400
    assert not ShortListDecision.objects.exists()


def test_after_opening_the_page_says_that_it_is_for_the_next_survey(assessment: Assessment, analyst_client: Client):
    give(assessment, 6, 2, 3, 3)
    scoping_services.set_phase(assessment=assessment, phase=Phase.SURVEY)
    assert "Version 1 is for the next assessment. The open one keeps its questions." in said(
        analyst_client.get(page("decide"))
    )
    response = analyst_client.post(page("decide"), typed_decision(analyst_client), follow=True)
    assert "Version 1 is for the next assessment." in said(response)
    assert len(listed(assessment)) == 4


def test_every_issue_of_the_longest_list_can_be_overruled(settings: Any):
    """A tick and a reason each: a request may have that many inputs."""
    assert settings.DATA_UPLOAD_MAX_NUMBER_FIELDS > 2 * MOST_ISSUES + 10


# --- the record -------------------------------------------------------------------------------------------
def test_the_record_shows_who_decided_what_by_which_rule(assessment: Assessment, viewer_client: Client):
    member = give(assessment, 5, 2, member=UserFactory(name="Anna"))
    Mark.objects.filter(value=3).update(reason="Asked for by name")
    decide_short_list(assessment=assessment, remark="With the CFO", by=member)
    text = said(viewer_client.get(page("decision", version=1)))
    for fact in (
        "by Anna",
        "In force",
        "With the CFO",
        "The mean marks on all criteria add up to at least 3.",
        "Anna marked 2 issues",
        "3 Criterion 0, Anna: “Asked for by name”",
        "3 issues are on the short list",
        "1 is left out",
        "2 had no proposal",
    ):
        assert fact in text


def test_the_record_says_what_changed_since_the_version_before(assessment: Assessment, viewer_client: Client):
    give(assessment, 6, 2, 3)
    decide_short_list(assessment=assessment)
    overrule = Overrule(issue(assessment, 1).pk, True, "The bank asks")
    decide_short_list(assessment=assessment, overrules=[overrule])
    assert "What changed since version 1 Came in Issue 1" in said(viewer_client.get(page("decision", version=2)))
    assert "Replaced by version 2" in said(viewer_client.get(page("decision", version=1)))


def test_tiers_that_no_longer_add_up_are_pointed_out(assessment: Assessment, analyst_client: Client):
    give(assessment, 6, 2, 3)
    TierFactory(assessment=assessment, planned_count=4)
    decide_short_list(assessment=assessment)
    response = analyst_client.get(page("decision", version=1))
    assert "The tiers are sized for 4 issues, and the list has 3." in said(response)
    assert page("tiers") in response.content.decode()


def test_a_decision_is_undone_by_a_button(assessment: Assessment, house: House, analyst_client: Client):
    give(assessment, 6, 2, 3)
    decide_short_list(assessment=assessment)
    undo = page("undo-decision", version=1)
    assert undo in analyst_client.get(page("decision", version=1)).content.decode()
    assert analyst_client.get(undo).status_code == 405
    assert analyst_client.post(undo)["Location"] == page("screening")
    assert len(listed(assessment)) == 4
    text = said(analyst_client.get(page("decision", version=1)))
    assert "Undone" in text
    assert "by Analyst" in text


def test_after_opening_the_decision_stays_and_the_page_says_why(assessment: Assessment, analyst_client: Client):
    give(assessment, 6, 2, 3)
    decide_short_list(assessment=assessment)
    scoping_services.set_phase(assessment=assessment, phase=Phase.SURVEY)
    undo = page("undo-decision", version=1)
    assert undo not in analyst_client.get(page("decision", version=1)).content.decode()
    assert "The survey has opened and asks about this list" in said(analyst_client.post(undo, follow=True))
    assert len(listed(assessment)) == 3


def test_a_decision_is_shown_as_it_was_when_issues_have_gone_since(assessment: Assessment, viewer_client: Client):
    decide_short_list(assessment=assessment)
    issue(assessment, 3).delete()
    assert "Issue 3" in said(viewer_client.get(page("decision", version=1)))


# --- what is written in two places ------------------------------------------------------------------------
def test_the_steps_of_a_mark_go_up_to_the_highest(assessment: Assessment, analyst_client: Client):
    steps = analyst_client.get(page("marks")).context["steps"]
    assert [int(step) for step, _ in steps] == list(range(HIGHEST_MARK + 1))


def test_the_rule_reaches_the_arithmetic_exactly(assessment: Assessment):
    Assessment.objects.update(short_list_threshold="2.55")
    assert screening_of(Assessment.objects.get()).rule == Rule(Fraction("2.55"))


def test_issues_to_be_marked_are_asked_for_in_the_order_of_the_list(assessment: Assessment, house: House):
    """By the statement itself: rows that are counted together come in that order by chance too, mostly."""
    with CaptureQueriesContext(connection) as asked:
        marking_page(assessment, house.analyst)
    [counted] = [one["sql"] for one in asked if "GROUP BY" in one["sql"] and "scoping_mention" in one["sql"]]
    assert 'ORDER BY "scoping_issue"."position" ASC' in counted
