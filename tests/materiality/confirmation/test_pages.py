"""The page of the confirmation: who sees and may do what, what comes back, what other pages say."""

import re
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from accounts.services import change_role, choose_people_to_confirm
from jobs.models import Job
from materiality.models import Proposal, ProposalState, Publication, Signature
from materiality.publishing.services import publish, withdraw
from materiality.services import ANALYSE, comment, override_tier, propose, reopen, withdraw_proposal
from scoping.models import Assessment
from scoping.steps import steps
from surveys.models import Survey
from surveys.services import reopen_survey
from tests.materiality.confirmation.conftest import Sign, member
from tests.support.factories import PASSWORD, AssessmentFactory
from tests.support.people import House, client_of

PAGE = "/o/example/a/example-2022/confirmation/"
ClientOf = Callable[[User], Client]


def verb(proposal: Proposal, name: str) -> str:
    return f"{PAGE}{proposal.pk}/{name}/"


def text(client: Client, page: str = PAGE) -> str:
    response = client.get(page)
    assert response.status_code == 200
    return plain(response.content.decode())


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def decision(proposal: Proposal, **more: str) -> dict[str, str]:
    return {"verdict": "confirm", "password": PASSWORD, "digest": proposal.digest, **more}


# --- proposing --------------------------------------------------------------------------------------------
def test_an_analyst_proposes(result: Assessment, analyst_client: Client) -> None:
    form = {"body": "the board", "meeting_on": "2023-03-03", "note": "All as computed."}
    assert analyst_client.post(PAGE, form).status_code == 302
    proposal = Proposal.objects.get()
    assert (proposal.body, str(proposal.meeting_on), proposal.note) == ("the board", "2023-03-03", "All as computed.")
    page = text(analyst_client)
    assert "The result is proposed" in page
    assert "Meeting on 3 March 2023" in page
    assert "All as computed." in page
    assert proposal.digest in page


@pytest.mark.parametrize("role", ["approver", "viewer"])
def test_readers_do_not_propose(result: Assessment, role: str, request: pytest.FixtureRequest) -> None:
    client = request.getfixturevalue(f"{role}_client")
    assert "An owner or analyst of Example Ltd. proposes the result." in text(client)
    assert client.post(PAGE, {"body": "the board"}).status_code == 403
    assert not Proposal.objects.exists()


def test_what_does_not_fit_comes_back(result: Assessment, analyst_client: Client) -> None:
    response = analyst_client.post(PAGE, {"body": "", "meeting_on": "soon", "note": "x" * 4001})
    assert response.status_code == 400
    assert response.content.decode().count('class="field-errors"') == 3


def test_without_a_result_the_page_says_where_to_go(assessment: Assessment, analyst_client: Client) -> None:
    page = analyst_client.get(PAGE).content.decode()
    assert "There is no result yet" in page
    assert "Propose the result</button>" not in page
    assert analyst_client.post(PAGE, {"body": "the board"}).status_code == 400


def test_what_to_look_at_before_stands_above_the_form(result: Assessment, house: House, analyst_client: Client) -> None:
    comment(assessment=result, text="Is it right?", by=house.analyst, is_open_point=True)
    reopen_survey(survey=Survey.objects.get(assessment=result))
    page = analyst_client.get(PAGE).content.decode()
    assert "1 point is still open." in page
    assert reverse("materiality:review", kwargs={"organisation": "example", "slug": result.slug}) in page
    assert "The survey is open" in page
    assert "Propose the result</button>" in page


def test_a_result_that_is_out_of_date_has_to_be_updated_first(result: Assessment, analyst_client: Client) -> None:
    result.groups.filter(code="staff").update(weight=3)
    page = analyst_client.get(PAGE).content.decode()
    assert "Needed first" in page
    assert "Propose the result</button>" not in page


# --- reading ----------------------------------------------------------------------------------------------
def test_tiers_that_were_decided_stand_with_reason_and_computed_tier(
    result: Assessment, house: House, approver_client: Client
) -> None:
    override_tier(
        assessment=result, issue=result.issues.get(code="b"), tier="High", reason="<b>Law</b>", by=house.analyst
    )
    propose(assessment=result, body="the board", by=house.analyst)
    page = approver_client.get(PAGE).content.decode()
    assert "&lt;b&gt;Law&lt;/b&gt;" in page
    told = plain(page)
    assert "Issue B High Moderate" in told
    assert "computed 1" in told
    assert "4 people from 2 of 2 groups" in told


def test_simulated_answers_are_told(assessment: Assessment, answer, house: House, approver_client: Client) -> None:
    from materiality.services import analyse_now

    answer("staff", [1, 2, 3], simulated=True)
    answer("clients", [1, 2, 3], simulated=True)
    analyse_now(assessment=assessment)
    assert "nobody’s views would be confirmed" in text(client_of(house.analyst))
    propose(assessment=assessment, body="the board", by=house.analyst)
    assert "All answers are simulated." in text(approver_client)


def test_a_list_without_a_survey_is_shown_by_category(house: House, approver_client: Client) -> None:
    listing = AssessmentFactory(organisation=house.organisation, slug="list", with_survey=False, issues=2)
    propose(assessment=listing, body="the board", by=house.analyst)
    page = text(approver_client, "/o/example/a/list/confirmation/")
    assert "Environment 2 Issue 0; Issue 1" in page


# --- deciding ---------------------------------------------------------------------------------------------
def test_an_approver_confirms_with_the_password(proposed: Proposal, approver_client: Client) -> None:
    response = approver_client.post(verb(proposed, "sign"), decision(proposed, remark="Good."), follow=True)
    page = plain(response.content.decode())
    assert "The result is confirmed. Owners and analysts are told, and can publish it now." in page
    assert 'class="btn btn-primary" href="/o/example/a/example-2022/publish/"' not in page
    assert "Approver , approver: confirmed" in page
    assert "by password" in page
    assert "Good." in page
    assert Signature.objects.get().means == "password"


def test_a_wrong_password_decides_nothing(proposed: Proposal, approver_client: Client) -> None:
    response = approver_client.post(verb(proposed, "sign"), decision(proposed, password="wrong", remark="Good."))
    page = response.content.decode()
    assert response.status_code == 400
    assert "This is not your password." in page
    assert "Good.</textarea>" in page
    assert "wrong" not in page
    assert not Signature.objects.exists()


def test_without_a_password_nothing_is_decided(proposed: Proposal, approver_client: Client) -> None:
    response = approver_client.post(verb(proposed, "sign"), decision(proposed, password=""))
    assert "Enter your password." in response.content.decode()
    assert not Signature.objects.exists()


def test_too_many_wrong_passwords_have_to_wait_and_the_page_says_how_long(
    proposed: Proposal, approver_client: Client
) -> None:
    cache.clear()
    for _ in range(5):
        approver_client.post(verb(proposed, "sign"), decision(proposed, password="wrong"))
    response = approver_client.post(verb(proposed, "sign"), decision(proposed))
    assert "Too many wrong passwords. Wait 10 minutes, then try again." in response.content.decode()
    assert not Signature.objects.exists()


def test_right_ones_do_not_count(proposed: Proposal, house: House, approver_client: Client) -> None:
    for _ in range(7):
        approver_client.post(verb(proposed, "sign"), decision(proposed, digest="0" * 64))
    assert approver_client.post(verb(proposed, "sign"), decision(proposed)).status_code == 302


@pytest.mark.parametrize("role", ["analyst", "viewer"])
def test_who_may_not_confirm_is_told(proposed: Proposal, role: str, request: pytest.FixtureRequest) -> None:
    client = request.getfixturevalue(f"{role}_client")
    assert 'id="decide"' not in client.get(PAGE).content.decode()
    response = client.post(verb(proposed, "sign"), decision(proposed))
    assert response.status_code == 403
    assert "Only approvers and owners can confirm a result." in response.content.decode()


def test_an_approver_does_not_edit(proposed: Proposal, approver_client: Client) -> None:
    for name in ("withdraw", "reopen"):
        assert approver_client.post(verb(proposed, name), {"because": "x"}).status_code == 403
    assert "Withdraw the proposal" not in text(approver_client)


def test_another_result_than_was_read_is_not_confirmed(proposed: Proposal, approver_client: Client) -> None:
    response = approver_client.post(verb(proposed, "sign"), decision(proposed, digest="0" * 64))
    page = response.content.decode()
    assert response.status_code == 400
    assert "Read it again, then decide." in page
    assert f'name="digest" value="{proposed.digest}"' in page


def test_the_same_form_sent_again_decides_nothing_more(proposed: Proposal, approver_client: Client) -> None:
    approver_client.post(verb(proposed, "sign"), decision(proposed))
    again = approver_client.post(verb(proposed, "sign"), decision(proposed))
    assert again.status_code == 400
    assert "not open any more" in again.content.decode()
    assert Signature.objects.count() == 1


def test_a_proposal_that_was_withdrawn_meanwhile_is_not_confirmed(
    proposed: Proposal, house: House, approver_client: Client
) -> None:
    withdraw_proposal(proposal=proposed, by=house.analyst)
    response = approver_client.post(verb(proposed, "sign"), decision(proposed))
    assert "The page shows what became of it." in response.content.decode()
    assert not Signature.objects.exists()


def test_what_changed_underneath_takes_it_back(proposed: Proposal, approver_client: Client) -> None:
    proposed.assessment.groups.filter(code="staff").update(weight=3)
    response = approver_client.post(verb(proposed, "sign"), decision(proposed))
    assert response.status_code == 400
    proposed.refresh_from_db()
    assert proposed.state == ProposalState.WITHDRAWN
    assert "The last proposal was taken back. Answers, weights, tiers or method have changed since." in plain(
        response.content.decode()
    )


def test_returning_takes_a_remark_and_the_page_shows_it(
    proposed: Proposal, approver_client: Client, analyst_client: Client
) -> None:
    refused = approver_client.post(verb(proposed, "sign"), decision(proposed, verdict="return"))
    assert "Say what the working group should change." in refused.content.decode()
    approver_client.post(verb(proposed, "sign"), decision(proposed, verdict="return", remark="Look at c."))
    page = text(analyst_client)
    assert "the board: returned to the working group." in page
    assert "Look at c." in page
    assert "Propose the result" in page


@pytest.mark.parametrize(
    "credential", ["{", "[]", "{}", '"x"', '{"id": "a", "response": {}}', "null", '{"id": 1}', "[" * 100_000]
)
def test_what_is_no_answer_of_a_passkey_decides_nothing(
    proposed: Proposal, approver_client: Client, credential: str
) -> None:
    sent = decision(proposed, password="", credential=credential)
    response = approver_client.post(verb(proposed, "sign"), sent)
    assert response.status_code == 400
    assert "The passkey could not be checked." in response.content.decode()
    assert not Signature.objects.exists()


# --- two people, and segregation --------------------------------------------------------------------------
def test_the_page_says_who_still_has_to_confirm(
    result: Assessment, house: House, approver_client: Client, owner_client: Client, second: User
) -> None:
    choose_people_to_confirm(organisation=house.organisation, people=2, by=house.owner)
    result.organisation.refresh_from_db()
    override_tier(assessment=result, issue=result.issues.get(code="b"), tier="High", reason="Law.", by=house.owner)
    proposal = propose(assessment=result, body="the board", by=house.analyst)
    assert "Two people have to confirm." in text(approver_client)
    page = text(owner_client)
    assert "Your confirmation counts together with that of somebody who did not." in page
    assert "Owner you gave a tier; cannot confirm alone" in page
    done = owner_client.post(verb(proposal, "sign"), decision(proposal), follow=True)
    assert "Your confirmation is recorded. One more person has to confirm. Somebody who gave no issue" in plain(
        done.content.decode()
    )
    assert 'id="decide"' not in owner_client.get(PAGE).content.decode()
    approver_client.post(verb(proposal, "sign"), decision(proposal))
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.CONFIRMED


def test_the_only_owner_who_gave_a_tier_is_told_to_find_somebody(
    result: Assessment, house: House, owner_client: Client
) -> None:
    change_role(membership=member(house, house.approver), role=Role.VIEWER, by=house.owner)
    override_tier(assessment=result, issue=result.issues.get(code="b"), tier="High", reason="Law.", by=house.owner)
    proposal = propose(assessment=result, body="the board", by=house.owner)
    assert "Everybody who may confirm gave an issue another tier" in text(owner_client)
    owner_client.post(verb(proposal, "sign"), decision(proposal))
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.OPEN
    change_role(membership=member(house, house.viewer), role=Role.APPROVER, by=house.owner)
    assert "Everybody who may confirm" not in text(owner_client)
    client_of(house.viewer).post(verb(proposal, "sign"), decision(proposal))
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.CONFIRMED


def test_an_organisation_without_two_who_may_confirm_is_told(
    result: Assessment, house: House, owner_client: Client
) -> None:
    choose_people_to_confirm(organisation=house.organisation, people=2, by=house.owner)
    change_role(membership=member(house, house.approver), role=Role.VIEWER, by=house.owner)
    result.organisation.refresh_from_db()
    propose(assessment=result, body="the board", by=house.analyst)
    assert "Two people have to confirm, and only one member may." in text(owner_client)


# --- withdraw, reopen, history ----------------------------------------------------------------------------
def test_an_analyst_withdraws(proposed: Proposal, analyst_client: Client) -> None:
    response = analyst_client.post(verb(proposed, "withdraw"), follow=True)
    assert "The proposal is withdrawn." in response.content.decode()
    assert "Only a proposal that waits" in analyst_client.post(verb(proposed, "withdraw"), follow=True).content.decode()


def test_an_analyst_reopens_with_a_reason(
    proposed: Proposal, house: House, signs: Sign, analyst_client: Client
) -> None:
    signs(proposed, house.approver)
    refused = analyst_client.post(verb(proposed, "reopen"), {"because": " "})
    assert (refused.status_code, Proposal.objects.get().state) == (400, ProposalState.CONFIRMED)
    page = plain(analyst_client.post(verb(proposed, "reopen"), {"because": "New facts."}, follow=True).content.decode())
    assert "is void. New facts. Reopened by Analyst on" in page
    assert "1. To the board Void" in page


def test_every_proposal_is_in_the_history(proposed: Proposal, house: House, signs: Sign, viewer_client: Client) -> None:
    signs(proposed, house.approver, verdict="return", remark="Look at c.")
    second = propose(assessment=proposed.assessment, body="the committee", by=house.owner)
    signs(second, house.approver)
    page = text(viewer_client)
    assert page.index("2. To the committee Confirmed") < page.index("1. To the board Returned")
    assert "Approver , approver: returned it" in page


def test_a_proposal_of_another_assessment_is_not_found(
    proposed: Proposal, house: House, approver_client: Client
) -> None:
    AssessmentFactory(organisation=house.organisation, slug="other")
    path = verb(proposed, "sign").replace("example-2022", "other")
    assert approver_client.post(path, decision(proposed)).status_code == 404


# --- what other pages say ---------------------------------------------------------------------------------
def step(assessment: Assessment, house: House, number: int) -> tuple[str, str]:
    found = steps(assessment, organisation=house.organisation)[number]
    return found.state, found.when


def test_the_steps_follow_the_confirmation(result: Assessment, house: House, signs: Sign) -> None:
    assert step(result, house, 3) == ("todo", "not proposed yet")
    proposal = propose(assessment=result, body="the board", by=house.analyst)
    assert step(result, house, 2)[0] == "done"
    assert step(result, house, 3) == ("now", "before the board")
    confirmed = signs(proposal, house.approver).confirmed_at
    assert confirmed is not None
    assert step(result, house, 3) == ("done", f"confirmed {confirmed.day} {confirmed:%B %Y}")
    assert step(result, house, 4) == ("now", "not public yet")
    Publication.objects.create(assessment=result, proposal=proposal, document={}, published_by=house.owner)
    assert step(result, house, 4) == ("done", "public")
    reopen(proposal=proposal, by=house.owner, because="New facts.")
    assert step(result, house, 2)[0] == "now"
    assert step(result, house, 3) == ("todo", "void: New facts.")


def test_a_returned_result_is_told(proposed: Proposal, house: House, signs: Sign) -> None:
    signs(proposed, house.approver, verdict="return", remark="No.")
    assert step(proposed.assessment, house, 3) == ("todo", "returned by the board")


def test_a_withdrawn_proposal_is_called_so(proposed: Proposal, house: House, analyst_client: Client) -> None:
    withdraw_proposal(proposal=proposed, by=house.analyst)
    assert step(proposed.assessment, house, 3) == ("todo", "withdrawn")
    assert "Proposal withdrawn" in text(analyst_client, RESULTS)


def test_what_is_public_and_void_is_not_done(proposed: Proposal, house: House, signs: Sign) -> None:
    signs(proposed, house.approver)
    Publication.objects.create(assessment=proposed.assessment, proposal=proposed, document={})
    assert step(proposed.assessment, house, 4) == ("done", "public")
    reopen(proposal=proposed, by=house.owner, because="New facts.")
    assert step(proposed.assessment, house, 4) == ("begun", "public, confirmation void")


def test_the_list_of_assessments_says_what_waits_and_what_is_public(
    proposed: Proposal, house: House, signs: Sign, approver_client: Client
) -> None:
    def phase() -> str:
        row = approver_client.get("/o/example/").content.decode()
        return row.partition('<span class="badge">')[2].partition("<")[0]

    assert phase() == "Waiting for confirmation"
    signs(proposed, house.approver)
    assert phase() == "Confirmed"
    Publication.objects.create(assessment=proposed.assessment, proposal=proposed, document={})
    assert phase() == "Public"
    reopen(proposal=proposed, by=house.owner, because="New facts.")
    assert phase() == "Public, confirmation void"


def test_a_locked_method_is_read_and_not_asked_for(proposed: Proposal, analyst_client: Client) -> None:
    page = text(analyst_client, "/o/example/a/example-2022/method/")
    assert "Save and compute" not in page
    assert "Go to the confirmation" in page


def test_an_update_without_anything_new_says_so(result: Assessment, analyst_client: Client) -> None:
    asked = analyst_client.post("/o/example/a/example-2022/analyse/", follow=True)
    assert "Nothing has changed: this result is up to date." in asked.content.decode()
    assert not Job.objects.filter(kind=ANALYSE).exists()


def test_a_withdrawn_proposal_leaves_what_was_before(proposed: Proposal, house: House, signs: Sign) -> None:
    signs(proposed, house.approver)
    reopen(proposal=proposed, by=house.owner, because="New facts.")
    again = propose(assessment=proposed.assessment, body="the board", by=house.analyst)
    withdraw_proposal(proposal=again, by=house.analyst)
    assert step(proposed.assessment, house, 3) == ("todo", "void: New facts.")


RESULTS = "/o/example/a/example-2022/results/"


def test_the_results_page_carries_the_confirmation(
    proposed: Proposal, house: House, signs: Sign, analyst_client: Client
) -> None:
    page = text(analyst_client, RESULTS)
    assert "Proposed before the board" in page
    assert "Update results" not in page
    signs(proposed, house.approver)
    page = text(analyst_client, RESULTS)
    assert "Confirmed by the board on" in page
    assert "The result is locked as it was confirmed." in page
    reopen(proposal=proposed, by=house.owner, because="New facts.")
    page = text(analyst_client, RESULTS)
    assert "Confirmation void New facts." in page
    assert "Update results" in page


def test_a_locked_result_refuses_with_a_message(proposed: Proposal, analyst_client: Client) -> None:
    asked = analyst_client.post("/o/example/a/example-2022/analyse/", follow=True)
    assert "This result is before the board." in asked.content.decode()
    method = "/o/example/a/example-2022/method/"
    assert "This result is before the board." in text(analyst_client, method)
    refused = analyst_client.post(method, {"priority": "max"})
    assert refused.status_code == 400
    assert "withdraw the proposal first" in refused.content.decode()


def test_who_may_confirm_finds_it_waiting_on_the_overview(
    proposed: Proposal, house: House, approver_client: Client, analyst_client: Client
) -> None:
    overview = "/o/example/a/example-2022/"
    page = text(approver_client, overview)
    assert "What you do next 1 Read and decide" in page
    assert "You can withdraw" not in page
    page = text(analyst_client, overview)
    assert "Read and decide" not in page
    assert "The result is before the board" in page
    approver_client.post(verb(proposed, "sign"), decision(proposed))
    assert "Read and decide" not in text(approver_client, overview)
    assert "Publish the result" in text(analyst_client, overview)


@pytest.mark.parametrize("role", ["analyst", "approver"])
def test_the_page_asks_the_database_a_bounded_number_of_times(
    proposed: Proposal, role: str, request: pytest.FixtureRequest, django_assert_max_num_queries
) -> None:
    client = request.getfixturevalue(f"{role}_client")
    client.get(PAGE)
    with django_assert_max_num_queries(20):
        client.get(PAGE)


# --- what is read before it is signed ---------------------------------------------------------------------
def test_matrix_and_ranking_are_those_of_the_proposal(
    result: Assessment, house: House, approver_client: Client
) -> None:
    override_tier(assessment=result, issue=result.issues.get(code="b"), tier="High", reason="Law", by=house.analyst)
    proposal = propose(assessment=result, body="the board", by=house.analyst)
    for issue in proposal.document["issues"]:
        issue["name"] = f"As proposed: {issue['code']}"
    Proposal.objects.filter(pk=proposal.pk).update(document=proposal.document)
    page = approver_client.get(PAGE).content.decode()
    ranking = page[page.index("cf-ranks") :].partition("</table>")[0]
    assert "matrix-wide" in page
    assert re.findall(r'<th scope="row">(As proposed: .)</th>', ranking) == [
        "As proposed: a",
        "As proposed: b",
        "As proposed: c",
    ]
    assert "High by decision; computed: Moderate" in plain(ranking)


# --- names ------------------------------------------------------------------------------------------------
def test_who_has_no_name_gives_it_with_the_decision(proposed: Proposal, house: House, approver_client: Client) -> None:
    User.objects.filter(pk=house.approver.pk).update(name="")
    assert 'name="name"' in approver_client.get(PAGE).content.decode()
    refused = approver_client.post(verb(proposed, "sign"), decision(proposed))
    assert refused.status_code == 400
    assert "Enter your name." in refused.content.decode()
    assert approver_client.post(verb(proposed, "sign"), decision(proposed, name=" Ada  Berg ")).status_code == 302
    assert Signature.objects.get().name == "Ada Berg"
    house.approver.refresh_from_db()
    assert house.approver.name == "Ada Berg"


def test_who_has_a_name_is_not_asked(proposed: Proposal, approver_client: Client) -> None:
    assert 'name="name"' not in approver_client.get(PAGE).content.decode()


def test_the_form_says_who_is_told(result: Assessment, analyst_client: Client) -> None:
    assert "with a link to this page and nothing of the result: Approver and Owner." in text(analyst_client)


def test_a_withdrawn_report_is_told_where_it_could_be_published(
    proposed: Proposal, house: House, signs: Sign, analyst_client: Client
) -> None:
    signs(proposed, house.approver)
    proposed.refresh_from_db()
    public = publish(proposal=proposed, by=house.analyst)
    withdraw(publication=public, by=house.analyst, because="A figure was wrong.")
    page = text(analyst_client, "/o/example/a/example-2022/publish/")
    assert "The report was withdrawn on" in page
    assert "A figure was wrong." in page
    assert "not public yet" not in page
    assert steps(proposed.assessment, organisation=house.organisation)[-1].when.startswith("withdrawn on ")
