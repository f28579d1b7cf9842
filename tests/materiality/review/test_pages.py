"""The pages of the review: what they show, who may do what, and bad input."""

import pytest
from django.test import Client

from materiality.models import Override, ProposalState, ReviewComment
from materiality.services import comment, resolve, withdraw_override
from scoping.models import Assessment
from tests.materiality.documents import issue
from tests.materiality.review.conftest import Give, issues, lock
from tests.materiality.years import result_of
from tests.support.factories import AssessmentFactory, IssueFactory
from tests.support.people import House

pytestmark = pytest.mark.django_db

REVIEW = "/o/example/a/example-2022/review/"
ISSUE = f"{REVIEW}issues/c/"
FORM = {"tier": "High", "reason": "Clients ask for it.", "seen": ""}


def text(client: Client, address: str = REVIEW) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_page_begins_with_what_was_decided_and_what_is_open(
    reviewed: Assessment, house: House, give: Give, viewer_client: Client
):
    assert "Every issue stands in the tier that was computed; no point is open." in text(viewer_client)
    give("c", "High")
    comment(assessment=reviewed, text="Why?", by=house.approver, is_open_point=True)
    assert "One issue stands in another tier than computed; one point is open." in text(viewer_client)


def test_every_issue_has_its_computed_tier_and_the_decided_one_with_who_and_why(
    reviewed: Assessment, house: House, give: Give, viewer_client: Client
):
    give("c", "High", "Clients <b>ask</b> for it.")
    comment(assessment=reviewed, issue=reviewed.issues.get(code="c"), text="Why?", by=house.owner, is_open_point=True)
    row = text(viewer_client).partition('<tr id="c">')[2].partition("</tr>")[0]
    for told in ("Minor", "90 %", "High", "Clients &lt;b&gt;ask&lt;/b&gt; for it.", "Analyst", "1 open"):
        assert told in row
    assert "contested" in text(viewer_client).partition('<tr id="b">')[2].partition("</tr>")[0]


def test_the_page_of_an_issue_keeps_every_decision(
    reviewed: Assessment, house: House, give: Give, viewer_client: Client
):
    withdraw_override(override=give("c", "High", "A first thought."), by=house.owner)
    give("c", "High", "A second thought.")
    page = text(viewer_client, ISSUE)
    assert "Computed: Minor, with 90 % certainty. By decision: High." in page
    assert page.index("A second thought.") < page.index("A first thought.")
    assert "ended by Owner" in page
    assert f'href="{REVIEW}issues/b/"' in page  # the issue before it by rank
    assert '<form method="post" class="form"' not in page  # a viewer reads


def test_a_decision_made_on_another_result_says_so(reviewed: Assessment, give: Give, viewer_client: Client):
    give("b", "Minor")
    result_of(reviewed, issues()[0], issue("b", 2, "Minor", name="Issue B"))
    assert "When this was decided, High was computed." in text(viewer_client, f"{REVIEW}issues/b/")
    assert "can be taken back" in text(viewer_client, f"{REVIEW}issues/b/")
    assert "as computed" in text(viewer_client)


def test_a_decision_without_effect_says_so(reviewed: Assessment, give: Give, viewer_client: Client):
    give("c", "High")
    result_of(reviewed, issues()[0], issue("c", None, None, name="Issue C"))
    assert "without effect" in text(viewer_client)
    assert "The decision has no effect on the current result" in text(viewer_client, ISSUE)


# --- tiers --------------------------------------------------------------------------------------------------
def test_an_analyst_gives_a_tier_and_takes_it_back(reviewed: Assessment, house: House, analyst_client: Client):
    answer = analyst_client.post(f"{ISSUE}tier/", FORM, follow=True)
    assert "“Issue C” stands in the tier “High” by decision." in answer.content.decode()
    override = Override.objects.get()
    assert (override.tier, override.by, override.ended_at) == ("High", house.analyst, None)
    answer = analyst_client.post(f"{ISSUE}tier/back/", {"override": override.pk}, follow=True)
    assert "stands in the tier that was computed" in answer.content.decode()
    answer = analyst_client.post(f"{ISSUE}tier/back/", {"override": "x"}, follow=True)
    assert "There is no such decision to take back" in answer.content.decode()


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({}, "Choose the tier."),
        ({"tier": "High", "reason": ""}, "Give the reason: it is shown wherever the tier is."),
        ({"tier": "<script>", "reason": "x"}, "“&lt;script&gt;” is not a tier of this result."),
        ({"tier": "High", "reason": "x" * 4_001}, "At most 4,000 characters; this has 4,001."),
        ({"tier": "Minor", "reason": "x"}, "stands in the tier “Minor” already."),
        ({"tier": "High", "reason": "x\0"}, "Null characters are not allowed."),
    ],
)
def test_what_does_not_fit_comes_back_with_what_was_typed(
    reviewed: Assessment, owner_client: Client, sent: dict[str, str], told: str
):
    answer = owner_client.post(f"{ISSUE}tier/", sent)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert told in page
    assert sent.get("reason", "")[:3_000].replace("\0", "") in page
    assert not Override.objects.exists()


def test_a_script_or_arabic_in_a_reason_is_text(reviewed: Assessment, owner_client: Client):
    owner_client.post(f"{ISSUE}tier/", FORM | {"reason": "<script>alert(1)</script> العملاء يطلبون ذلك"})
    for address in (REVIEW, ISSUE):
        page = text(owner_client, address)
        assert "&lt;script&gt;alert(1)&lt;/script&gt; العملاء يطلبون ذلك" in page
        assert "<script>alert" not in page


def test_who_saw_another_decision_is_shown_it_first(reviewed: Assessment, give: Give, owner_client: Client):
    override = give("c", "High", "Theirs.")
    answer = owner_client.post(f"{ISSUE}tier/", FORM | {"tier": "Minor", "reason": "Mine."})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Analyst gave it the tier “High” meanwhile." in page
    assert "Theirs." in page
    assert "Mine." in page
    assert f'name="seen" value="{override.pk}"' in page


@pytest.mark.parametrize("state", [ProposalState.OPEN, ProposalState.CONFIRMED])
def test_a_locked_result_says_why_and_has_no_form_for_tiers(
    reviewed: Assessment, give: Give, owner_client: Client, state: ProposalState
):
    give("b", "Minor")
    lock(reviewed, state)
    for address in (REVIEW, ISSUE):
        page = text(owner_client, address)
        assert "by the board of directors" in page or "before the board of directors" in page
        assert 'href="/o/example/a/example-2022/confirmation/"' in page
    assert "Give it another tier" not in page
    assert "Take it back" not in text(owner_client, f"{REVIEW}issues/b/")
    answer = owner_client.post(f"{ISSUE}tier/", FORM)
    assert answer.status_code == 400
    assert "Clients ask for it." in answer.content.decode()
    assert Override.objects.count() == 1


# --- comments -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("address", "code"), [(f"{REVIEW}comment/", None), (f"{ISSUE}comment/", "c")])
def test_an_approver_comments_and_leaves_an_open_point(
    reviewed: Assessment, house: House, approver_client: Client, owner_client: Client, address: str, code: str | None
):
    answer = approver_client.post(address, {"text": "Why <i>not</i>?", "is_open_point": "on"}, follow=True)
    page = answer.content.decode()
    assert "Why &lt;i&gt;not&lt;/i&gt;?" in page
    assert "Open point" in page
    assert "Close this point" not in page  # an editor's work
    said = ReviewComment.objects.get()
    assert (said.issue.code if said.issue else None, said.by, said.is_open_point) == (code, house.approver, True)
    answer = owner_client.post(f"{REVIEW}points/{said.pk}/close/", {"resolution": ""})
    assert answer.status_code == 400
    assert "Say what came of it." in answer.content.decode()
    answer = owner_client.post(f"{REVIEW}points/{said.pk}/close/", {"resolution": "Because."}, follow=True)
    assert "Because." in answer.content.decode()
    assert "Closed by Owner" in answer.content.decode()


@pytest.mark.parametrize("address", [f"{REVIEW}comment/", f"{ISSUE}comment/"])
@pytest.mark.parametrize("said", ["", "x" * 4_001])
def test_a_comment_that_does_not_fit_comes_back(reviewed: Assessment, owner_client: Client, address: str, said: str):
    answer = owner_client.post(address, {"text": said})
    assert answer.status_code == 400
    assert "Nothing was saved." in answer.content.decode()
    assert said[:3_000] in answer.content.decode()
    assert not ReviewComment.objects.exists()


def test_a_point_that_was_closed_meanwhile_stays_closed(reviewed: Assessment, house: House, owner_client: Client):
    point = comment(assessment=reviewed, text="Why?", by=house.owner, is_open_point=True)
    resolve(comment=point, resolution="Because.", by=house.analyst)
    answer = owner_client.post(f"{REVIEW}points/{point.pk}/close/", {"resolution": "No reason."})
    assert answer.status_code == 400
    assert "This is not an open point any more." in answer.content.decode()


# --- who ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["approver", "viewer"])
def test_approvers_and_viewers_decide_no_tier(
    reviewed: Assessment, house: House, role: str, request: pytest.FixtureRequest
):
    client: Client = request.getfixturevalue(f"{role}_client")
    point = comment(assessment=reviewed, text="Why?", by=house.owner, is_open_point=True)
    for address in (f"{ISSUE}tier/", f"{ISSUE}tier/back/", f"{REVIEW}points/{point.pk}/close/"):
        assert client.post(address, FORM).status_code == 403
    assert "Give it another tier" not in text(client, ISSUE)


def test_viewers_do_not_comment(reviewed: Assessment, viewer_client: Client):
    for address in (f"{REVIEW}comment/", f"{ISSUE}comment/"):
        assert viewer_client.post(address, {"text": "Hello"}).status_code == 403
    assert "Add the comment" not in text(viewer_client)


def test_what_is_elsewhere_is_not_found(reviewed: Assessment, house: House, owner_client: Client):
    other = AssessmentFactory(organisation=house.elsewhere, slug="elsewhere-2022")
    result_of(other, issue("z", 1, "High"))
    IssueFactory(assessment=other, code="z")
    point = comment(assessment=other, text="Why?", by=house.outsider, is_open_point=True)
    for address in ("/o/example/a/elsewhere-2022/review/", f"{REVIEW}issues/z/"):
        assert owner_client.get(address).status_code == 404
    assert owner_client.post(f"{REVIEW}points/{point.pk}/close/", {"resolution": "x"}).status_code == 404


# --- empty pages --------------------------------------------------------------------------------------------
def test_without_a_result_the_page_says_what_to_do(assessment: Assessment, owner_client: Client):
    page = text(owner_client)
    assert "There is no result to review yet" in page
    assert 'href="/o/example/a/example-2022/results/"' in page
    assert owner_client.get(ISSUE).status_code == 404
    assert owner_client.post(f"{REVIEW}comment/", {"text": "x"}).status_code in (302, 400)


def test_without_a_survey_the_list_is_commented(house: House, owner_client: Client):
    listed = AssessmentFactory(organisation=house.organisation, slug="example-2022", with_survey=False)
    assert "There is no result to review yet" in text(owner_client)
    IssueFactory(assessment=listed, code="c", name="Issue C")
    assert "The list is the result; no point is open." in text(owner_client)
    owner_client.post(f"{ISSUE}comment/", {"text": "Still on it?"})
    assert "Still on it?" in text(owner_client, ISSUE)
    assert "Give it another tier" not in text(owner_client, ISSUE)
    assert owner_client.post(f"{ISSUE}tier/", FORM).status_code == 400


@pytest.mark.parametrize("number", [1, 12])
def test_the_page_takes_as_many_queries_for_many_issues_as_for_one(
    assessment: Assessment, house: House, owner_client: Client, number: int, django_assert_max_num_queries
):
    for place in range(number):
        IssueFactory(assessment=assessment, code=f"i{place}")
    result_of(assessment, *(issue(f"i{place}", place + 1, "High") for place in range(number)))
    for one in assessment.issues.filter(code__startswith="i"):
        comment(assessment=assessment, issue=one, text="Why?", by=house.owner, is_open_point=True)
    with django_assert_max_num_queries(19):
        owner_client.get(REVIEW)
