"""Whatever changes a result that is proposed or confirmed ends that at once, visibly, and at the same moment too."""

import logging
import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from materiality import middleware
from materiality.models import Override, Proposal, ProposalState
from materiality.services import Choice, Locked, analyse_now, choose_method, propose, void_if_changed
from materiality.services.grounds import OTHER_INPUT, OTHER_LIST, OTHER_NAMES
from scoping.models import Assessment, PublishedResult, Tier
from scoping.services import save_group
from scoping.services.assessments import rename_assessment
from scoping.services.merging import merge_issue
from surveys.models import SurveyLink
from surveys.services import reopen_survey
from surveys.services.folding import request_folds_of_untallied
from surveys.services.rights import erase_person
from tests.materiality.confirmation.conftest import Sign, member
from tests.materiality.conftest import Answer
from tests.support.factories import AssessmentFactory, ContactFactory
from tests.support.people import House

HOME = "/o/example/a/example-2022/"
GROUP = {"name": "Staff", "side": "internal", "relevance": "", "headcount": "", "weight": "1"}
NAMES = {"name": "Example 2022", "company": "Example Ltd.", "reporting_period": "2022"}
WEIGHT = ("scoping/groups/staff/", GROUP | {"weight": "3"})


def ended(proposal: Proposal) -> tuple[str, str]:
    found = Proposal.objects.get(pk=proposal.pk)
    return found.state, found.ended_because


def shown(client: Client, page: str, sent: dict[str, Any]) -> str:
    """What stands on the page to which the form leads."""
    answer = client.post(HOME + page, sent, follow=True)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def confirmed(proposed: Proposal, house: House, signs: Sign) -> Proposal:
    return signs(proposed, house.approver)


@pytest.fixture
def listing(house: House) -> Assessment:
    return AssessmentFactory(organisation=house.organisation, slug="listing", with_survey=False, issues=3)


# --- pages ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("page", "sent", "because"),
    [
        (*WEIGHT, OTHER_INPUT),
        ("scoping/groups/staff/", GROUP | {"headcount": "90"}, OTHER_INPUT),
        ("scoping/tiers/", {"name_1": "Vital", "name_2": "Other"}, OTHER_INPUT),
        ("edit/", NAMES | {"company": "Sample Ltd."}, OTHER_NAMES),
        ("edit/", NAMES | {"reporting_period": "2023"}, OTHER_NAMES),
    ],
)
def test_a_change_by_a_page_voids_what_is_confirmed_and_says_so(
    confirmed: Proposal, analyst_client: Client, page: str, sent: dict[str, str], because: str
) -> None:
    told = shown(analyst_client, page, sent)
    assert ended(confirmed) == (ProposalState.VOID, because)
    assert f"The confirmation by the board is void now: {because}" in told


def test_what_waits_for_confirmation_is_withdrawn(proposed: Proposal, analyst_client: Client) -> None:
    assert f"The proposal to the board is withdrawn: {OTHER_INPUT} Propose the result anew." in shown(
        analyst_client, *WEIGHT
    )
    assert ended(proposed) == (ProposalState.WITHDRAWN, OTHER_INPUT)


def test_the_next_page_begins_where_that_is_said(confirmed: Proposal, analyst_client: Client) -> None:
    same = analyst_client.post(HOME + WEIGHT[0], GROUP)
    assert same["Location"].endswith("/scoping/#groups")
    assert analyst_client.post(HOME + WEIGHT[0], WEIGHT[1])["Location"].endswith("/scoping/")


@pytest.mark.parametrize(
    ("page", "sent"),
    [
        ("scoping/groups/staff/", GROUP | {"relevance": "They do the work."}),
        ("edit/", NAMES),
        ("review/comment/", {"text": "Well done.", "of": ""}),
    ],
)
def test_what_the_result_does_not_depend_on_leaves_it(
    confirmed: Proposal, analyst_client: Client, page: str, sent: dict[str, str]
) -> None:
    assessment = confirmed.assessment
    rest = {"name": assessment.name, "company": assessment.company, "reporting_period": assessment.reporting_period}
    told = shown(analyst_client, page, sent | rest if page == "edit/" else sent)
    assert "void now" not in told
    assert ended(confirmed) == (ProposalState.CONFIRMED, "")


def test_a_form_that_comes_back_changes_nothing(confirmed: Proposal, analyst_client: Client) -> None:
    assert analyst_client.post(f"{HOME}scoping/groups/staff/", GROUP | {"weight": "-1"}).status_code == 400
    assert ended(confirmed) == (ProposalState.CONFIRMED, "")


def test_where_it_cannot_be_told_the_change_is_done_all_the_same(
    confirmed: Proposal, analyst_client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(slug: str) -> None:
        raise RuntimeError(slug)

    monkeypatch.setattr(middleware.services, "look", fail)
    with caplog.at_level(logging.ERROR, middleware.__name__):
        assert analyst_client.post(HOME + WEIGHT[0], WEIGHT[1]).status_code == 302
    assert "example-2022" in caplog.text
    assert confirmed.assessment.groups.get(code="staff").weight == 3


def test_respondents_do_not_wait_for_it(proposed: Proposal, client: Client) -> None:
    reopen_survey(survey=proposed.assessment.survey)
    link = SurveyLink.objects.get(survey__assessment=proposed.assessment, group__code="staff")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.post(f"/s/{link.token}/", {})
    assert asked.captured_queries
    assert not [one for one in asked.captured_queries if "materiality_" in one["sql"]]


def test_where_nothing_is_proposed_it_takes_one_query(result: Assessment, analyst_client: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        analyst_client.post(HOME + WEIGHT[0], WEIGHT[1])
    assert len([one for one in asked.captured_queries if "materiality_" in one["sql"]]) == 1


# --- what is said before ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "page",
    ["scoping/groups/staff/", "scoping/tiers/", "edit/", "scoping/scores/edit/", "survey/", "survey/answers/"],
)
def test_a_page_says_before_what_a_change_would_do(
    proposed: Proposal, house: House, signs: Sign, analyst_client: Client, viewer_client: Client, page: str
) -> None:
    before = "The result is before the board. A change here that it depends on takes the proposal back at once."
    after = (
        "The result is confirmed by the board. A change here that it depends on makes the confirmation void at once."
    )
    assert before in analyst_client.get(HOME + page).content.decode()
    signs(proposed, house.approver)
    assert after in analyst_client.get(HOME + page).content.decode()
    assert after not in viewer_client.get(HOME + page).content.decode()
    Proposal.objects.update(state=ProposalState.VOID)
    assert after not in analyst_client.get(HOME + page).content.decode()


def test_of_a_list_that_is_the_result_its_issues_are_at_stake_and_not_its_weights(
    listing: Assessment, house: House, analyst_client: Client
) -> None:
    propose(assessment=listing, body="the board", by=house.analyst)
    issue, group = listing.issues.first(), save_group(assessment=listing, name="Staff", side="internal")
    place = "/o/example/a/listing/scoping/"
    assert "takes the proposal back" in analyst_client.get(f"{place}issues/{issue.code}/").content.decode()
    assert "takes the proposal back" not in analyst_client.get(f"{place}groups/{group.code}/").content.decode()


# --- a list without a survey ------------------------------------------------------------------------------
def merge(listing: Assessment) -> None:
    one, other = listing.issues.all()[:2]
    merge_issue(issue=one, into=other)


def rename_an_issue(listing: Assessment) -> None:
    listing.issues.filter(pk=listing.issues.first().pk).update(name="Another name")


def give_a_published_tier(listing: Assessment) -> None:
    tier = Tier.objects.create(assessment=listing, name="High", position=7)
    PublishedResult.objects.create(issue=listing.issues.first(), tier=tier)


def hold_a_survey(listing: Assessment) -> None:
    names = {"name": listing.name, "company": listing.company, "reporting_period": listing.reporting_period}
    rename_assessment(assessment=listing, with_survey=True, **names)


@pytest.mark.parametrize("change", [merge, rename_an_issue, give_a_published_tier, hold_a_survey])
def test_a_changed_list_is_not_what_was_proposed(
    listing: Assessment, house: House, change: Callable[[Assessment], None]
) -> None:
    proposal = propose(assessment=listing, body="the board", by=house.analyst)
    change(listing)
    assert void_if_changed(Proposal.objects.get(pk=proposal.pk)) == OTHER_LIST


def test_a_company_with_another_name_is_not_the_one_whose_list_was_proposed(listing: Assessment, house: House) -> None:
    proposal = propose(assessment=listing, body="the board", by=house.analyst)
    Assessment.objects.filter(pk=listing.pk).update(company="Sample Ltd.")
    assert void_if_changed(Proposal.objects.get(pk=proposal.pk)) == OTHER_NAMES


# --- names ------------------------------------------------------------------------------------------------
def test_after_a_new_name_the_result_is_proposed_under_it_without_another_analysis(
    proposed: Proposal, house: House
) -> None:
    Assessment.objects.filter(pk=proposed.assessment_id).update(company="Sample Ltd.")
    Proposal.objects.update(state=ProposalState.WITHDRAWN)
    again = propose(assessment=proposed.assessment, body="the board", by=house.analyst)
    assert again.run_id == proposed.run_id
    assert again.document == proposed.document | {"company_name": "Sample Ltd."}
    assert void_if_changed(again) == ""


# --- workers and erasures ---------------------------------------------------------------------------------
def test_answers_that_a_worker_counts_end_it(
    confirmed: Proposal, answer: Answer, run_waiting_jobs: Callable[[], int]
) -> None:
    reopen_survey(survey=confirmed.assessment.survey)
    answer("staff", [1, 5, 5])
    request_folds_of_untallied()
    assert ended(confirmed) == (ProposalState.CONFIRMED, "")
    run_waiting_jobs()
    assert ended(confirmed) == (ProposalState.VOID, OTHER_INPUT)


def test_an_erasure_is_followed_by_a_look(
    confirmed: Proposal, house: House, django_capture_on_commit_callbacks: Any
) -> None:
    staff = confirmed.assessment.groups.get(code="staff")
    ContactFactory(group=staff, email="kim@example.org")
    confirmed.assessment.groups.filter(code="staff").update(weight=3)
    with django_capture_on_commit_callbacks(execute=True):
        erase_person(organisation=house.organisation, address="kim@example.org", by=house.analyst)
    assert ended(confirmed) == (ProposalState.VOID, OTHER_INPUT)


# --- people -----------------------------------------------------------------------------------------------
def test_the_result_stays_confirmed_when_those_go_who_decided_about_it(
    result: Assessment, house: House, signs: Sign
) -> None:
    run = analyse_now(assessment=result)
    issue = result.issues.get(code="b")
    Override.objects.create(assessment=result, issue=issue, run=run, tier="High", reason="Law.", by=house.owner)
    proposal = signs(propose(assessment=result, body="the board", by=house.analyst), house.approver)
    member(house, house.approver).delete()
    house.owner.delete()
    house.approver.delete()
    found = Proposal.objects.get(pk=proposal.pk)
    assert (found.state, void_if_changed(found)) == (ProposalState.CONFIRMED, "")


# --- at the same moment -----------------------------------------------------------------------------------
def waiting(thread: threading.Thread) -> None:
    """Until the thread waits for a lock of this connection, or has ended without."""
    with connection.cursor() as cursor:
        found = 0
        while not found and thread.is_alive():
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            found = cursor.fetchone()[0]


def at_once(act: Callable[[], object], outcomes: list[object]) -> threading.Thread:
    def acting() -> None:
        try:
            outcomes.append(act())
        except ValidationError as refusal:
            outcomes.append(refusal)
        finally:
            connection.close()

    thread = threading.Thread(target=acting)
    thread.start()
    return thread


def choose(assessment: Assessment, house: House) -> Callable[[], object]:
    return lambda: choose_method(assessment=assessment, choice=Choice(priority="max"), by=house.owner)


def put(assessment: Assessment, house: House) -> Callable[[], object]:
    return lambda: propose(assessment=assessment, body="the board", by=house.analyst)


@pytest.mark.production  # SQLite has one writer at a time
@pytest.mark.django_db(transaction=True)
def test_a_method_that_is_being_chosen_does_not_slip_under_a_proposal(result: Assessment, house: House) -> None:
    outcomes: list[object] = []
    with transaction.atomic():
        choose(result, house)()
        thread = at_once(put(result, house), outcomes)
        waiting(thread)
    thread.join()
    assert "out of date" in str(outcomes[0])
    assert not Proposal.objects.exists()


@pytest.mark.production
@pytest.mark.django_db(transaction=True)
def test_a_method_is_not_chosen_under_a_proposal_that_is_being_made(result: Assessment, house: House) -> None:
    outcomes: list[object] = []
    with transaction.atomic():
        put(result, house)()
        thread = at_once(choose(result, house), outcomes)
        waiting(thread)
    thread.join()
    assert isinstance(outcomes[0], Locked)
    assert void_if_changed(Proposal.objects.get()) == ""


@pytest.mark.production
@pytest.mark.django_db(transaction=True)
def test_a_weight_changed_while_somebody_signs_voids_what_they_confirmed(
    proposed: Proposal, house: House, signs: Sign, analyst_client: Client
) -> None:
    outcomes: list[object] = []
    with transaction.atomic():
        signs(proposed, house.approver)
        thread = at_once(lambda: analyst_client.post(HOME + WEIGHT[0], WEIGHT[1]).status_code, outcomes)
        waiting(thread)
    thread.join()
    assert outcomes == [302]
    assert ended(proposed) == (ProposalState.VOID, OTHER_INPUT)


@pytest.mark.production
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", range(5))
def test_whichever_is_last_of_a_proposal_and_a_change_sees_the_other(
    result: Assessment, analyst_client: Client, number: int
) -> None:
    outcomes: list[object] = []
    together = threading.Barrier(2)

    def send(page: str, sent: dict[str, str]) -> Callable[[], object]:
        def act() -> object:
            together.wait()
            return analyst_client.post(HOME + page, sent).status_code

        return act

    threads = [
        at_once(send("confirmation/", {"body": "the board"}), outcomes),
        at_once(send("scoping/tiers/", {"name_1": "Vital", "name_2": "Other"}), outcomes),
    ]
    for thread in threads:
        thread.join()
    assert 302 in outcomes
    assert not Proposal.objects.filter(state=ProposalState.OPEN).exists()
