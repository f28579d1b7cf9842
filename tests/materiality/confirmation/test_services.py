"""Proposing, confirming, reopening; and what makes a confirmation void."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import AuditEvent, Membership, Role, User
from accounts.services import change_role, choose_people_to_confirm, remove_member
from materiality.models import AnalysisRun, CurrentRun, Proposal, ProposalState, Signature
from materiality.services import (
    Choice,
    Locked,
    NotAllowed,
    analyse_now,
    choose_method,
    locking,
    override_tier,
    propose,
    reopen,
    request_analysis,
    running,
    sign,
    still_needed,
    void_changed,
    void_if_changed,
    withdraw_override,
    withdraw_proposal,
)
from scoping.models import Assessment, Issue
from scoping.services import remove_issue
from surveys.models import Response
from surveys.selectors import tallies_of
from surveys.services import fold_responses, reopen_survey
from surveys.services.folding import locked_questionnaire, take_off
from tests.materiality.confirmation.conftest import Sign, member
from tests.materiality.conftest import Answer
from tests.support.factories import AssessmentFactory
from tests.support.people import House


def state(proposal: Proposal) -> str:
    return Proposal.objects.get(pk=proposal.pk).state


def why(proposal: Proposal) -> str:
    return Proposal.objects.get(pk=proposal.pk).ended_because


def lines(house: House) -> list[str]:
    return list(AuditEvent.objects.filter(organisation=house.organisation).values_list("summary", flat=True))


def later() -> None:
    """A sweep when every proposal is due."""
    Proposal.objects.update(checked_at=timezone.now() - timedelta(minutes=11))
    void_changed()


def give_tier(assessment: Assessment, by: User) -> None:
    override_tier(assessment=assessment, issue=assessment.issues.get(code="b"), tier="High", reason="Law.", by=by)


# --- proposing --------------------------------------------------------------------------------------------
def test_a_proposal_keeps_the_decided_result_and_its_digest(result: Assessment, house: House) -> None:
    give_tier(result, house.analyst)
    proposal = propose(assessment=result, body=" the board ", by=house.analyst, note="Look at b.")
    by_code = {issue["code"]: issue for issue in proposal.document["issues"]}
    assert by_code["b"]["decision"]["computed_tier"] != by_code["b"]["tier"] == "High"
    assert (proposal.number, proposal.body, len(proposal.digest)) == (1, "the board", 64)
    assert "proposed the result to the board" in lines(house)


def test_without_a_result_there_is_nothing_to_propose(assessment: Assessment, house: House) -> None:
    with pytest.raises(ValidationError, match="no result yet"):
        propose(assessment=assessment, body="the board", by=house.analyst)


def test_a_result_that_is_out_of_date_is_not_proposed(result: Assessment, house: House) -> None:
    result.groups.filter(code="staff").update(weight=3)
    with pytest.raises(ValidationError, match="out of date"):
        propose(assessment=result, body="the board", by=house.analyst)


def test_it_takes_somebody_to_confirm(result: Assessment, house: House) -> None:
    with pytest.raises(ValidationError, match="Say who is to confirm"):
        propose(assessment=result, body="  ", by=house.analyst)


def test_a_second_one_waits_for_the_first(proposed: Proposal, house: House) -> None:
    with pytest.raises(Locked, match="before the board"):
        propose(assessment=proposed.assessment, body="the committee", by=house.analyst)


def test_a_list_without_a_survey_can_be_confirmed(house: House, signs: Sign) -> None:
    listing = AssessmentFactory(organisation=house.organisation, with_survey=False, issues=2)
    proposal = propose(assessment=listing, body="the board", by=house.analyst)
    assert signs(proposal, house.approver).state == ProposalState.CONFIRMED
    later()
    assert state(proposal) == ProposalState.CONFIRMED
    remove_issue(issue=listing.issues.first(), by=house.analyst)
    later()
    assert (state(proposal), why(proposal)) == (ProposalState.VOID, "The list of issues has changed since.")


def test_a_withdrawn_proposal_frees_the_result_and_the_next_has_another_number(
    proposed: Proposal, house: House
) -> None:
    withdraw_proposal(proposal=proposed, by=house.analyst)
    give_tier(proposed.assessment, house.analyst)
    assert propose(assessment=proposed.assessment, body="the board", by=house.analyst).number == 2
    with pytest.raises(ValidationError, match="Only a proposal that waits"):
        withdraw_proposal(proposal=proposed, by=house.analyst)


# --- signing ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["approver", "owner"])
def test_one_person_confirms(proposed: Proposal, house: House, signs: Sign, role: str) -> None:
    assert signs(proposed, getattr(house, role), means="passkey").state == ProposalState.CONFIRMED
    signature = Signature.objects.get()
    assert (signature.role, signature.means, signature.digest) == (role, "passkey", proposed.digest)
    assert {"confirmed proposal 1 by passkey", "proposal 1 is confirmed by the board"} <= set(lines(house))


def test_other_systems_are_told_of_the_confirmation_and_of_nothing_before(
    for_two: Proposal, house: House, signs: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[dict[str, object]] = []
    monkeypatch.setattr(locking, "announce", lambda **event: told.append(event))
    signs(for_two, house.approver)
    assert told == []
    signs(for_two, house.owner)
    assert [(one["event"], one["data"]["digest"]) for one in told] == [("result.confirmed", for_two.digest)]
    reopen(proposal=for_two, by=house.analyst, because="A site was sold.")
    assert told[1]["event"] == "result.void"
    assert told[1]["data"]["because"] == "A site was sold."


def test_other_systems_are_told_of_a_return(
    proposed: Proposal, house: House, signs: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[dict[str, object]] = []
    monkeypatch.setattr(locking, "announce", lambda **event: told.append(event))
    signs(proposed, house.approver, verdict="return", remark="Ask the suppliers.")
    assert [(one["event"], one["data"]["because"]) for one in told] == [("result.returned", "Ask the suppliers.")]


@pytest.mark.parametrize("role", ["analyst", "viewer"])
def test_others_do_not(proposed: Proposal, house: House, signs: Sign, role: str) -> None:
    with pytest.raises(NotAllowed, match="Only approvers and owners"):
        signs(proposed, getattr(house, role))
    assert not Signature.objects.exists()


def test_somebody_whose_role_changed_meanwhile_does_not(proposed: Proposal, house: House) -> None:
    seen = member(house, house.approver)
    change_role(membership=member(house, house.approver), role=Role.VIEWER, by=house.owner)
    with pytest.raises(NotAllowed):
        sign(proposal=proposed, membership=seen, verdict="confirm", means="password", digest=proposed.digest)
    remove_member(membership=member(house, house.approver), by=house.owner)
    with pytest.raises(NotAllowed):
        sign(proposal=proposed, membership=seen, verdict="confirm", means="password", digest=proposed.digest)


def test_an_owner_elsewhere_does_not(proposed: Proposal, house: House) -> None:
    theirs = Membership.objects.get(user=house.outsider)
    with pytest.raises(NotAllowed):
        sign(proposal=proposed, membership=theirs, verdict="confirm", means="password", digest=proposed.digest)


def test_what_was_read_has_to_be_what_is_proposed(proposed: Proposal, house: House, signs: Sign) -> None:
    with pytest.raises(ValidationError, match="not what is proposed now"):
        signs(proposed, house.approver, digest="0" * 64)


def test_nobody_signs_twice(result: Assessment, house: House, signs: Sign) -> None:
    choose_people_to_confirm(organisation=house.organisation, people=2, by=house.owner)
    result.organisation.refresh_from_db()
    proposal = propose(assessment=result, body="the board", by=house.analyst)
    signs(proposal, house.approver)
    with pytest.raises(NotAllowed, match="already"):
        signs(proposal, house.approver)


def test_returned_with_a_remark_it_is_the_working_groups_again(proposed: Proposal, house: House, signs: Sign) -> None:
    with pytest.raises(ValidationError, match="what the working group should change"):
        signs(proposed, house.approver, verdict="return", remark=" ")
    signs(proposed, house.approver, verdict="return", remark="Look at c.")
    assert (state(proposed), why(proposed)) == (ProposalState.RETURNED, "Look at c.")
    give_tier(proposed.assessment, house.analyst)
    with pytest.raises(ValidationError, match="not open any more"):
        signs(proposed, house.owner)


# --- two people, and segregation --------------------------------------------------------------------------
@pytest.fixture
def for_two(result: Assessment, house: House) -> Proposal:
    choose_people_to_confirm(organisation=house.organisation, people=2, by=house.owner)
    result.organisation.refresh_from_db()
    return propose(assessment=result, body="the board", by=house.analyst)


def test_where_two_are_wanted_one_is_not_enough(for_two: Proposal, house: House, signs: Sign) -> None:
    assert still_needed(for_two) == ["Two people have to confirm."]
    half = signs(for_two, house.approver)
    assert (half.state, still_needed(half)) == (ProposalState.OPEN, ["One more person has to confirm."])
    assert signs(for_two, house.owner).state == ProposalState.CONFIRMED


def test_one_of_two_returns_it_alone(for_two: Proposal, house: House, signs: Sign) -> None:
    signs(for_two, house.approver)
    assert signs(for_two, house.owner, verdict="return", remark="No.").state == ProposalState.RETURNED


def test_a_proposal_keeps_the_number_it_was_proposed_with(for_two: Proposal, house: House, signs: Sign) -> None:
    choose_people_to_confirm(organisation=house.organisation, people=1, by=house.owner)
    assert signs(for_two, house.approver).state == ProposalState.OPEN


def test_who_gave_a_tier_confirms_only_with_somebody_else(
    result: Assessment, house: House, signs: Sign, second: User
) -> None:
    give_tier(result, house.owner)
    proposal = propose(assessment=result, body="the board", by=house.owner)
    alone = signs(proposal, house.owner)
    assert alone.state == ProposalState.OPEN
    assert still_needed(alone) == ["Somebody who gave no issue another tier than the computed one has to confirm too."]
    assert signs(proposal, second).state == ProposalState.CONFIRMED


def test_two_who_gave_tiers_need_a_third(result: Assessment, house: House, signs: Sign, second: User) -> None:
    give_tier(result, house.owner)
    change_role(membership=member(house, second), role=Role.OWNER, by=house.owner)
    override_tier(assessment=result, issue=result.issues.get(code="c"), tier="High", reason="Law.", by=second)
    choose_people_to_confirm(organisation=house.organisation, people=2, by=house.owner)
    result.organisation.refresh_from_db()
    proposal = propose(assessment=result, body="the board", by=house.analyst)
    signs(proposal, house.owner)
    assert signs(proposal, second).state == ProposalState.OPEN
    assert signs(proposal, house.approver).state == ProposalState.CONFIRMED


def test_a_signature_whose_account_is_gone_is_not_that_of_somebody_who_gave_none(
    result: Assessment, house: House, signs: Sign, second: User
) -> None:
    give_tier(result, house.owner)
    change_role(membership=member(house, second), role=Role.OWNER, by=house.owner)
    override_tier(assessment=result, issue=result.issues.get(code="c"), tier="High", reason="Law.", by=second)
    proposal = propose(assessment=result, body="the board", by=house.analyst)
    signs(proposal, house.owner)
    house.owner.delete()
    assert signs(proposal, second).state == ProposalState.OPEN
    assert signs(proposal, house.approver).state == ProposalState.CONFIRMED


def test_a_tier_that_was_taken_back_does_not_count(result: Assessment, house: House, signs: Sign) -> None:
    give_tier(result, house.owner)
    withdraw_override(override=result.overrides.get(), by=house.analyst)
    assert signs(propose(assessment=result, body="x", by=house.owner), house.owner).state == ProposalState.CONFIRMED


# --- locked -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("decided", [False, True])
def test_nothing_of_it_changes_while_it_is_live(proposed: Proposal, house: House, signs: Sign, decided: bool) -> None:
    if decided:
        signs(proposed, house.approver)
    assessment = proposed.assessment
    with pytest.raises(Locked):
        give_tier(assessment, house.analyst)
    with pytest.raises(Locked):
        choose_method(assessment=assessment, choice=Choice("max"), by=house.analyst)
    with pytest.raises(Locked):
        request_analysis(assessment=assessment, by=house.analyst)
    assert not assessment.overrides.exists()


def test_reopened_it_is_void_with_the_reason_and_free(proposed: Proposal, house: House, signs: Sign) -> None:
    with pytest.raises(ValidationError, match="Only a confirmed result"):
        reopen(proposal=proposed, by=house.analyst, because="New facts.")
    signs(proposed, house.approver)
    with pytest.raises(ValidationError, match="Say why"):
        reopen(proposal=proposed, by=house.analyst, because=" ")
    void = reopen(proposal=proposed, by=house.analyst, because="New facts.")
    assert (void.state, void.ended_because, void.ended_by) == (ProposalState.VOID, "New facts.", house.analyst)
    assert "the confirmation of proposal 1 is void: New facts." in lines(house)
    give_tier(proposed.assessment, house.analyst)


# --- what makes it void -----------------------------------------------------------------------------------
@pytest.fixture
def confirmed(proposed: Proposal, house: House, signs: Sign) -> Proposal:
    return signs(proposed, house.approver)


def test_nothing_changed_it_stands(confirmed: Proposal) -> None:
    later()
    found = Proposal.objects.get(pk=confirmed.pk)
    assert found.state == ProposalState.CONFIRMED
    assert found.checked_at > timezone.now() - timedelta(minutes=1)


def test_it_is_looked_at_now_and_then(confirmed: Proposal) -> None:
    confirmed.assessment.groups.filter(code="staff").update(weight=3)
    void_changed()
    assert state(confirmed) == ProposalState.CONFIRMED
    later()
    assert state(confirmed) == ProposalState.VOID


def test_changed_weights_void_it(confirmed: Proposal, house: House) -> None:
    confirmed.assessment.groups.filter(code="staff").update(weight=3)
    later()
    assert why(confirmed) == "Answers, weights, tiers or method have changed since."
    assert f"the confirmation of proposal 1 is void: {why(confirmed)}" in lines(house)


def test_erased_answers_that_change_a_tally_void_it(confirmed: Proposal) -> None:
    survey = confirmed.assessment.survey
    response = Response.objects.filter(questionnaire__survey=survey, group__code="staff").first()
    assert response is not None
    with transaction.atomic():
        take_off(locked_questionnaire(response.questionnaire_id), [response])
        response.delete()
    later()
    assert state(confirmed) == ProposalState.VOID


def test_answers_that_come_after_reopening_the_survey_void_it_once_they_count(
    confirmed: Proposal, answer: Answer
) -> None:
    survey = confirmed.assessment.survey
    reopen_survey(survey=survey)
    answer("staff", [1, 5, 5])
    later()
    assert state(confirmed) == ProposalState.CONFIRMED
    fold_responses(survey=survey)
    later()
    assert state(confirmed) == ProposalState.VOID


def test_a_new_run_voids_it_at_once(confirmed: Proposal) -> None:
    confirmed.assessment.groups.filter(code="staff").update(weight=3)
    analyse_now(assessment=confirmed.assessment)
    assert (state(confirmed), why(confirmed)) == (ProposalState.VOID, "A new analysis gave another result.")


def test_the_same_run_again_does_not(confirmed: Proposal) -> None:
    analyse_now(assessment=confirmed.assessment)
    assert state(confirmed) == ProposalState.CONFIRMED


def test_a_better_engine_does_not(confirmed: Proposal, monkeypatch: pytest.MonkeyPatch) -> None:
    # What is up to date by the engine of today is not by one of tomorrow; the confirmation asks for the run's own.
    monkeypatch.setattr(running.is_of_other_input, "__kwdefaults__", {"engine": "salient-99"})
    assert running.is_of_other_input(AnalysisRun.objects.get(pk=confirmed.run_id), tallies_of(confirmed.assessment))
    later()
    assert state(confirmed) == ProposalState.CONFIRMED


def test_tiers_that_were_given_past_the_lock_void_it(confirmed: Proposal, house: House) -> None:
    assessment = confirmed.assessment
    issue = Issue.objects.get(assessment=assessment, code="b")
    assessment.overrides.create(issue=issue, run=confirmed.run, tier="High", reason="Late.", by=house.analyst)
    later()
    assert why(confirmed) == "The working group has given other tiers since."


def test_given_tiers_that_stay_as_they_were_do_not(result: Assessment, house: House, signs: Sign) -> None:
    give_tier(result, house.analyst)
    proposal = signs(propose(assessment=result, body="the board", by=house.analyst), house.approver)
    later()
    assert state(proposal) == ProposalState.CONFIRMED


def test_an_open_proposal_is_taken_back_and_cannot_be_confirmed(proposed: Proposal, house: House, signs: Sign) -> None:
    proposed.assessment.groups.filter(code="staff").update(weight=3)
    with pytest.raises(ValidationError, match="has to propose it anew"):
        signs(proposed, house.approver)
    later()
    assert state(proposed) == ProposalState.WITHDRAWN


def test_what_has_changed_underneath_can_still_be_returned(proposed: Proposal, house: House, signs: Sign) -> None:
    proposed.assessment.groups.filter(code="staff").update(weight=3)
    assert signs(proposed, house.approver, verdict="return", remark="Old.").state == ProposalState.RETURNED


def test_looking_takes_few_queries(confirmed: Proposal, django_assert_max_num_queries) -> None:
    proposal = Proposal.objects.select_related("assessment__organisation").get(pk=confirmed.pk)
    with django_assert_max_num_queries(16):
        assert void_if_changed(proposal) == ""


# --- at once ----------------------------------------------------------------------------------------------
@pytest.mark.production  # SQLite has one writer at a time
@pytest.mark.django_db(transaction=True)
def test_two_who_sign_at_once_are_both_counted(for_two: Proposal, house: House, signs: Sign) -> None:
    together, states = threading.Barrier(2), []

    def confirm(user: User) -> None:
        try:
            together.wait()
            states.append(signs(for_two, user).state)
        finally:
            connection.close()

    threads = [threading.Thread(target=confirm, args=(user,)) for user in (house.approver, house.owner)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(states) == [ProposalState.CONFIRMED, ProposalState.OPEN]
    assert state(for_two) == ProposalState.CONFIRMED


@pytest.mark.production
@pytest.mark.django_db(transaction=True)
def test_one_who_confirms_and_one_who_returns_at_once_do_not_both_have_it(
    proposed: Proposal, house: House, signs: Sign
) -> None:
    together, outcomes = threading.Barrier(2), []

    def decide(user: User, verdict: str) -> None:
        try:
            together.wait()
            outcomes.append(signs(proposed, user, verdict=verdict, remark="As I said.").state)
        except ValidationError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=decide, args=one) for one in ((house.approver, "confirm"), (house.owner, "return"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "refused" in outcomes
    assert {state(proposed)} == set(outcomes) - {"refused"}


@pytest.mark.production
@pytest.mark.django_db(transaction=True)
def test_who_gives_a_tier_while_somebody_proposes_is_not_locked_out_by_them(result: Assessment, house: House) -> None:
    proposed: list[Proposal] = []

    def put_before_the_board() -> None:
        try:
            proposed.append(propose(assessment=result, body="the board", by=house.analyst))
        finally:
            connection.close()

    thread = threading.Thread(target=put_before_the_board)
    with transaction.atomic(), connection.cursor() as cursor:
        CurrentRun.objects.select_for_update().get(assessment=result)
        thread.start()
        waiting = 0
        while not waiting and thread.is_alive():
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            waiting = cursor.fetchone()[0]
        give_tier(result, house.owner)
    thread.join()
    assert len(proposed[0].document["issues"]) == 3
    assert void_if_changed(proposed[0]) == ""
