"""The pages of the screening: who may see and change them, what they show, and that nothing typed is lost."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from scoping.models import Assessment, Criterion, Mark, ShortListRule
from scoping.services.screening import decide_short_list
from tests.scoping.screened import give, issue, to_be_screened
from tests.support.factories import (
    AssessmentFactory,
    CriterionFactory,
    IssueFactory,
    MarkFactory,
    UserFactory,
)
from tests.support.people import House

FORMS = ("criteria", "marks", "decide")


@pytest.fixture
def assessment(house: House) -> Assessment:
    return to_be_screened(organisation=house.organisation, slug="paper-2026")


def page(name: str, slug: str = "paper-2026", **kwargs: object) -> str:
    return reverse(f"scoping:{name}", kwargs={"organisation": "example", "slug": slug, **kwargs})


def said(response: Any) -> str:
    """The text of a page, without markup, single-spaced."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).replace("&#x27;", "'").split())


# --- who may ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["approver", "viewer"])
def test_who_does_not_edit_looks_and_gets_no_form(assessment: Assessment, house: House, client_of, role: str):
    give(assessment, 6, 2)
    decide_short_list(assessment=assessment)
    client = client_of(getattr(house, role))
    for address in (page("screening"), page("decision", version=1)):
        response = client.get(address)
        assert response.status_code == 200
        assert [name for name in FORMS if f'href="{page(name)}' in response.content.decode()] == []
    for name in FORMS:
        assert client.get(page(name)).status_code == client.post(page(name)).status_code == 403


def test_what_is_not_there_is_404(assessment: Assessment, house: House, owner_client: Client):
    theirs = CriterionFactory()
    assert owner_client.get(page("decision", version=1)).status_code == 404
    assert owner_client.post(page("undo-decision", version=1)).status_code == 404
    assert owner_client.post(page("criterion-remove", criterion_id=theirs.pk)).status_code == 404
    assert Criterion.objects.filter(pk=theirs.pk).exists()


# --- the screening page -----------------------------------------------------------------------------------
def test_without_issues_the_page_leads_to_the_long_list(house: House, analyst_client: Client):
    AssessmentFactory(organisation=house.organisation, slug="paper-2026")
    response = analyst_client.get(page("screening"))
    assert "No issue on the long list yet" in said(response)
    assert page("long-list") in response.content.decode()


def test_without_criteria_the_page_offers_the_usual_ones(house: House, analyst_client: Client):
    AssessmentFactory(organisation=house.organisation, slug="paper-2026", issues=2)
    assert "No criteria yet" in said(analyst_client.get(page("screening")))
    form = analyst_client.get(page("criteria"))
    assert 'value="General concern of stakeholders"' in form.content.decode()
    assert "not stored yet" in said(form)
    assert not Criterion.objects.exists()


@pytest.mark.parametrize(
    ("count", "text"), [(4, "Your list has 4 issues"), (41, "That would be 41 questions")], ids=["short", "long"]
)
def test_without_marks_the_page_says_that_screening_is_a_choice(
    assessment: Assessment, analyst_client: Client, count: int, text: str
):
    for position in range(4, count):
        IssueFactory(assessment=assessment, position=position)
    shown = said(analyst_client.get(page("screening")))
    assert "Nobody has marked an issue yet" in shown
    assert "Screening is a step you can take, not one you must." in shown
    assert text in shown


def test_the_table_has_means_totals_proposals_and_the_line(assessment: Assessment, viewer_client: Client):
    give(assessment, 6, 2, 3)
    give(assessment, 3, 2, 2)
    text = said(viewer_client.get(page("screening")))
    assert "1 of 4 issues reach the threshold" in text
    assert "2 do not, and 1 is not marked on every criterion: it stays on the list" in text
    # Each number follows its name, which narrow screens show.
    one, two = assessment.criteria.all()
    assert re.search(rf"1 Issue 0 .* Total 4\.5 in disagree {one} 3 {two} 1\.5 0–3 Threshold 3 ", text)
    assert f"Issue 2 Total 2.5 out close {one} 2.5 {two} 0 " in text


@pytest.mark.parametrize(
    ("show", "names"), [("in", ["Issue 0"]), ("out", ["Issue 1"]), ("open", ["Issue 2", "Issue 3"])]
)
def test_the_table_is_reduced_to_what_one_wants_to_see(
    assessment: Assessment, viewer_client: Client, show: str, names: list[str]
):
    give(assessment, 6, 2)
    rows = viewer_client.get(page("screening"), {"show": show}).context["rows"]
    assert [row.issue.name for row in rows] == names


@pytest.mark.parametrize("query", ["show=nonsense", "page=99", "page=-1", "page=x", "page=" + "9" * 40])
def test_an_address_that_makes_no_sense_still_shows_the_table(
    assessment: Assessment, viewer_client: Client, query: str
):
    give(assessment, 6)
    assert len(viewer_client.get(f"{page('screening')}?{query}").context["rows"]) == 4


@pytest.mark.parametrize(("rule", "shown"), [(ShortListRule.TOTAL, False), (ShortListRule.MUST_HAVE, True)])
def test_a_must_have_is_called_so_only_where_the_rule_asks_for_it(
    assessment: Assessment, analyst_client: Client, rule: ShortListRule, shown: bool
):
    assessment.criteria.filter(position=1).update(must_have=True)
    Assessment.objects.update(short_list_rule=rule, short_list_threshold=2)
    assessment.refresh_from_db()
    give(assessment, 6, 2)
    decide_short_list(assessment=assessment)
    for address in (page("screening"), page("marks"), page("decision", version=1)):
        badge = '<span class="badge badge-quiet">must-have</span>'
        assert (badge in analyst_client.get(address).content.decode()) is shown, address


def test_a_rule_of_must_haves_without_any_is_pointed_out(assessment: Assessment, analyst_client: Client):
    give(assessment, 6, 2)
    Assessment.objects.update(short_list_rule=ShortListRule.MUST_HAVE, short_list_threshold=2)
    assert "The rule has nothing to go by" in said(analyst_client.get(page("screening")))


def test_issues_that_came_since_the_decision_are_named(assessment: Assessment, analyst_client: Client):
    give(assessment, 6, 6)
    decide_short_list(assessment=assessment)
    IssueFactory(assessment=assessment, name="Newcomer", position=9)
    text = said(analyst_client.get(page("screening")))
    assert "1 issue has come since version 1 was decided. “Newcomer”. It is on the short list" in text


def test_marks_that_propose_something_else_by_now_are_named(assessment: Assessment, analyst_client: Client):
    give(assessment, 6, 2)
    decide_short_list(assessment=assessment)
    Mark.objects.filter(issue=issue(assessment, 1)).update(value=3)
    assert "The marks of 1 issue now propose something else than in version 1" in said(
        analyst_client.get(page("screening"))
    )


def test_a_hostile_name_is_shown_as_text(assessment: Assessment, house: House, analyst_client: Client):
    hostile = "<script>alert(1)</script>"
    give(assessment, 6, 2, member=UserFactory(name=hostile))
    assessment.issues.update(description=hostile)
    assessment.issues.filter(code="issue-0").update(name=hostile)
    Criterion.objects.filter(position=0).update(name=hostile, description=hostile)
    Mark.objects.update(reason=hostile)
    decide_short_list(assessment=assessment, remark=hostile)
    for name in ("screening", *FORMS):
        content = analyst_client.get(page(name)).content.decode()
        assert "<script>alert" not in content
        assert "&lt;script&gt;alert" in content
    assert "<script>alert" not in analyst_client.get(page("decision", version=1)).content.decode()


# --- criteria ---------------------------------------------------------------------------------------------
def typed_criteria(client: Client) -> dict[str, Any]:
    """What the page of criteria would send if nothing were changed."""
    form = client.get(page("criteria")).context["form"]
    initial = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in initial.items() if value not in (None, False)}


def test_criteria_are_added_and_put_first(assessment: Assessment, analyst_client: Client):
    typed = typed_criteria(analyst_client) | {"name_3": "Urgency", "place_3": 1, "must_have_3": "on"}
    response = analyst_client.post(page("criteria"), typed)
    assert response["Location"] == page("screening")
    assert [(row.name, row.must_have) for row in assessment.criteria.all()] == [
        ("Urgency", True),
        ("Criterion 0", False),
        ("Criterion 1", False),
    ]


def test_the_usual_criteria_are_saved_as_they_stand(house: House, analyst_client: Client):
    made = AssessmentFactory(organisation=house.organisation, slug="paper-2026")
    analyst_client.post(page("criteria"), typed_criteria(analyst_client))
    assert made.criteria.count() == 4


def test_a_criterion_that_was_removed_meanwhile_keeps_what_was_typed(assessment: Assessment, analyst_client: Client):
    typed = typed_criteria(analyst_client) | {"description_2": "A long text"}
    assessment.criteria.filter(position=1).delete()
    response = analyst_client.post(page("criteria"), typed)
    assert response.status_code == 400
    assert "Somebody removed this criterion meanwhile" in said(response)
    assert "A long text" in response.content.decode()
    again = {name: response.context["form"][name].value() or "" for name in response.context["form"].fields}
    again = {name: value for name, value in again.items() if value is not False}
    assert analyst_client.post(page("criteria"), again).status_code == 302
    assert [(row.name, row.description) for row in assessment.criteria.all()][1:] == [("Criterion 1", "A long text")]


def test_a_threshold_out_of_reach_is_refused_at_its_field(assessment: Assessment, analyst_client: Client):
    response = analyst_client.post(page("criteria"), typed_criteria(analyst_client) | {"threshold": "6.5"})
    assert response.status_code == 400
    assert 'id="id_threshold_error"' in response.content.decode()
    assert 'value="6.5"' in response.content.decode()


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"name_1": ""}, "Name it."),
        ({"must_have_3": "on"}, "This criterion needs a name."),
        ({"threshold": "many"}, "Enter a number, such as 6 or 7.5."),
        ({"threshold": "NaN"}, "Enter a number"),
        ({"place_1": "0"}, "The first place is 1."),
        ({"criterion_1": "9" * 30}, "criterion"),
        ({"rule": "by-mood"}, "not one of the available choices"),
    ],
)
def test_bad_criteria_are_refused(assessment: Assessment, analyst_client: Client, change: dict[str, str], text: str):
    response = analyst_client.post(page("criteria"), typed_criteria(analyst_client) | change)
    assert response.status_code == 400
    assert text in said(response)
    assert [row.name for row in assessment.criteria.all()] == ["Criterion 0", "Criterion 1"]


def test_removing_a_criterion_says_how_many_marks_go(assessment: Assessment, analyst_client: Client):
    give(assessment, 6, 2)
    first = assessment.criteria.first()
    assert "Remove “Criterion 0” and its 2 marks" in said(analyst_client.get(page("criteria")))
    remove = page("criterion-remove", criterion_id=first.pk)
    analyst_client.post(remove)
    assert assessment.criteria.count() == 2
    response = analyst_client.post(remove, {"marks": "2"}, follow=True)
    assert "“Criterion 0” is removed with 2 marks." in said(response)


# --- queries ----------------------------------------------------------------------------------------------
# Session, user, membership and assessment come first for every page.
QUERIES = {"screening": 17, "criteria": 6, "marks": 10, "decide": 10, "decision": 11}


@pytest.mark.parametrize("name", QUERIES)
@pytest.mark.parametrize("count", [1, 3])
def test_pages_ask_as_much_for_three_as_for_one(
    house: House, analyst_client: Client, name: str, count: int, django_assert_num_queries
):
    made = AssessmentFactory(organisation=house.organisation, slug="paper-2026", issues=1 + count)
    people = UserFactory.create_batch(count)
    for position in range(count):
        criterion = CriterionFactory(assessment=made, position=position)
        for listed_issue in made.issues.all():
            for member in people:
                MarkFactory(issue=listed_issue, criterion=criterion, member=member, value=3, reason="Asked for")
    made.short_list_threshold = 1
    made.save()
    for _ in range(1 + count):
        decide_short_list(assessment=made, by=house.analyst)
    for position in range(count):
        IssueFactory(assessment=made, position=10 + position)
    kwargs = {"version": 1 + count} if name == "decision" else {}
    with django_assert_num_queries(QUERIES[name]):
        assert analyst_client.get(page(name, **kwargs)).status_code == 200
