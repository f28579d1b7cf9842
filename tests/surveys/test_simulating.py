import io
from uuid import RFC_4122

import numpy as np
import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AuditEvent
from jobs.models import Job
from scoping.models import Side
from surveys import bulk_rows, simulation
from surveys.answers import InvalidAnswer
from surveys.bulk_rows import random_keys
from surveys.links import public_link
from surveys.models import Exclusion, GroupTally, IssueQuestion, Response, SurveyState
from surveys.selectors import tallies_of
from surveys.services import (
    Recount,
    SurveyClosed,
    close_survey,
    fold_responses,
    prepare_survey,
    recount_tallies,
    remove_simulated,
    simulate_answers,
    simulating,
    submit_response,
)
from surveys.services.folding import locked_questionnaire, take_off
from surveys.services.simulated import store_together
from tests.support.factories import AssessmentFactory, PublishedResultFactory, TierFactory


def simulate(**options):
    out = io.StringIO()
    call_command("simulate", "a1", stdout=out, **options)
    return out.getvalue()


def stored():
    return sorted((row.group.code, bytes(row.ratings)) for row in Response.objects.select_related("group"))


def priorities(assessment):
    """Mean of the two axes, each the mean of its groups' means; new answers are counted first."""
    fold_responses(survey=assessment.survey)
    groups = tallies_of(assessment).groups
    axes = []
    for side in Side:
        means = [answers.tally.sums / answers.tally.counts for answers in groups if answers.group.side == side]
        axes.append(np.mean(means, axis=0))
    return np.mean(axes, axis=0)


def test_it_opens_the_survey_and_sends_marked_answers(assessment):
    said = simulate(respondents=10, seed=1)
    assert assessment.survey.state == SurveyState.OPEN
    assert Response.objects.filter(simulated=True).count() == Response.objects.count() == 10
    assert "10 of 10" in said
    assert "10 simulated answers to a1 (seed 1)" in said


def test_groups_get_equal_numbers(assessment):
    simulate(respondents=10, seed=1)
    counts = [Response.objects.filter(group=group).count() for group in assessment.groups.all()]
    assert counts == [4, 3, 3]


def test_the_same_seed_gives_the_same_answers_and_replaces_them(assessment):
    simulate(respondents=12, seed=5)
    first = stored()
    simulate(respondents=12, seed=5)
    assert stored() == first


def test_another_seed_gives_others(assessment):
    simulate(respondents=12, seed=5)
    first = stored()
    simulate(respondents=12, seed=6)
    assert stored() != first


def test_simulating_again_replaces_what_is_counted(assessment, survey):
    for _ in range(2):
        simulate(respondents=3, seed=1)
        fold_responses(survey=survey)
    assert sum(row.respondents for row in GroupTally.objects.filter(simulated=True)) == 3


@pytest.mark.parametrize("counted", [False, True])
def test_where_people_have_answered_nothing_is_simulated(assessment, survey, counted):
    simulate(respondents=3, seed=1)
    submit_response(link=public_link(survey.links.first().token), answers=bytes([1] * 5))
    if counted:
        fold_responses(survey=survey)
    with pytest.raises(CommandError, match="1 person has answered, and simulated answers never count beside"):
        simulate(respondents=7, seed=1)
    assert Response.objects.filter(simulated=True).count() == 3


def test_the_record_tells_of_simulated_answers(assessment):
    simulate(respondents=4, seed=1)
    simulate(respondents=3, seed=1)
    told = list(AuditEvent.objects.order_by("pk").values_list("summary", flat=True))[-3:]
    assert told == ["stored 4 simulated answers", "removed 4 simulated answers", "stored 3 simulated answers"]


@pytest.mark.django_db(transaction=True)
def test_a_worker_is_asked_to_count_them(assessment):
    simulate(respondents=250, seed=1)
    assert Job.objects.get().kind == "surveys.fold"


def test_the_published_order_is_what_the_answers_show(assessment):
    tiers = [TierFactory(assessment=assessment, position=at, name=f"Tier {at}") for at in range(2)]
    order = [3, 0, 4, 1, 2]
    for rank, position in enumerate(order, start=1):
        issue = assessment.issues.get(code=f"issue-{position}")
        PublishedResultFactory(issue=issue, tier=tiers[rank > 3], rank=rank)
    simulate(respondents=600, seed=1)
    assert priorities(assessment).argsort()[::-1].tolist() == order


def test_without_anything_published_the_seed_decides(assessment):
    orders = set()
    for seed in range(4):
        simulate(respondents=90, seed=seed)
        orders.add(tuple(priorities(assessment).argsort()))
    assert len(orders) > 1


def test_planned_tiers_shape_the_answers_where_nothing_is_published(assessment):
    TierFactory(assessment=assessment, position=0, name="High", planned_count=2)
    TierFactory(assessment=assessment, position=1, name="Low", planned_count=3)
    simulate(respondents=600, seed=1)
    steps = np.diff(np.sort(priorities(assessment))[::-1])
    assert steps.argmin() == 1


def test_an_issue_that_was_not_published_is_asked_as_well(assessment):
    tier = TierFactory(assessment=assessment, position=0)
    PublishedResultFactory(issue=assessment.issues.first(), tier=tier, rank=1)
    assert simulate_answers(assessment=assessment, respondents=3, seed=1) == 3


def test_issues_that_were_not_published_take_the_places_that_the_tiers_leave(assessment):
    assessment.tiers.all().delete()
    sizes = {"High": 2, "Middle": 2, "Low": 1}
    tiers = [
        TierFactory(assessment=assessment, position=position, name=name, planned_count=size)
        for position, (name, size) in enumerate(sizes.items())
    ]
    for code in ("issue-1", "issue-4"):
        PublishedResultFactory(issue=assessment.issues.get(code=code), tier=tiers[0], rank=None)
    simulate(respondents=600, seed=1)
    found = priorities(assessment)
    assert set(found.argsort()[-2:]) == {1, 4}
    steps = np.diff(np.sort(found)[::-1])
    assert set(steps.argsort()[:2]) == {1, 3}  # the widest steps are those between the tiers


def test_without_sizes_issues_that_were_not_published_are_in_the_middle(assessment):
    assessment.tiers.all().delete()
    tiers = [TierFactory(assessment=assessment, position=at, name=f"Tier {at}") for at in range(3)]
    PublishedResultFactory(issue=assessment.issues.get(code="issue-0"), tier=tiers[0], rank=None)
    PublishedResultFactory(issue=assessment.issues.get(code="issue-1"), tier=tiers[2], rank=None)
    simulate(respondents=600, seed=1)
    order = priorities(assessment).argsort()[::-1].tolist()
    assert (order[0], order[-1]) == (0, 1)


def test_an_unknown_slug_is_named(db):
    with pytest.raises(CommandError, match="no assessment 'a1'"):
        simulate()


def test_a_closed_survey_is_not_opened_behind_the_working_groups_back(assessment, survey):
    close_survey(survey=survey)
    with pytest.raises(CommandError, match="reopen it"):
        simulate(respondents=3)


def test_an_assessment_without_issues_says_what_is_missing(house):
    AssessmentFactory(organisation=house.organisation, slug="a1")
    with pytest.raises(CommandError, match="no issues to rate"):
        simulate(respondents=3)


def test_nobody_cannot_answer(assessment):
    with pytest.raises(ValidationError, match="at least 1"):
        simulate_answers(assessment=assessment, respondents=0, seed=1)


@pytest.fixture
def together(monkeypatch):
    """Any number of answers is stored together, in several pieces for each group."""
    monkeypatch.setattr(simulating, "ONE_BY_ONE", 0)
    monkeypatch.setattr(simulation, "AT_ONCE", 7)


@pytest.mark.parametrize("kind", IssueQuestion.values)
def test_stored_together_they_are_what_is_sent_one_by_one(assessment, request, kind):
    survey = prepare_survey(assessment=assessment)
    survey.kind, survey.choose = kind, 2
    survey.save()
    simulate(respondents=60, seed=5)
    one_by_one, columns = stored(), rest_of_columns()
    fold_responses(survey=survey)
    tallies = tallied()
    request.getfixturevalue("together")
    simulate(respondents=60, seed=5)
    assert (stored(), rest_of_columns()) == (one_by_one, columns)
    fold_responses(survey=survey)
    assert tallied() == tallies


def test_stored_together_both_importances_are_what_is_sent_one_by_one(assessment, request):
    survey = prepare_survey(assessment=assessment)
    survey.both_importances = True
    survey.save()
    simulate(respondents=60, seed=5)
    one_by_one = stored()
    request.getfixturevalue("together")
    simulate(respondents=60, seed=5)
    assert stored() == one_by_one


def rest_of_columns():
    columns = ("questionnaire", "simulated", "tallied", "seconds", "profile", "exclusion")
    return set(Response.objects.values_list(*columns))


def tallied():
    return {row.group_id: bytes(row.packed) for row in GroupTally.objects.all()}


def test_stored_together_they_lie_in_the_order_of_keys_that_are_random(assessment, together):
    simulate(respondents=60, seed=1)
    place = "ctid" if connection.vendor == "postgresql" else "rowid"
    keys = [one.pk for one in Response.objects.raw(f"SELECT * FROM surveys_response ORDER BY {place}")]
    assert keys == sorted(keys, key=lambda key: key.bytes)
    assert {(key.version, key.variant) for key in keys} == {(4, RFC_4122)}
    simulate(respondents=60, seed=1)
    assert set(keys).isdisjoint(Response.objects.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_a_worker_is_asked_to_count_what_is_stored_together(assessment, together):
    simulate(respondents=60, seed=1)
    assert Job.objects.get().kind == "surveys.fold"


def test_nothing_is_stored_together_in_a_survey_that_was_closed_meanwhile(assessment, survey, together):
    def close(done, total, step):
        close_survey(survey=survey)

    with pytest.raises(SurveyClosed):
        simulate_answers(assessment=assessment, respondents=60, seed=1, progress=close)
    assert Response.objects.count() == 7


@pytest.mark.parametrize("wrong", [[6, 1, 1, 1, 1], [0, 0, 0, 0, 0], [1, 1]])
def test_one_answer_that_cannot_be_counted_keeps_all_from_being_stored(link, wrong):
    ratings = np.array([[1] * len(wrong), wrong], np.uint8)
    with pytest.raises(InvalidAnswer):
        store_together(link=link, ratings=ratings, before=0, of=2)
    assert not Response.objects.exists()


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setattr(bulk_rows, "_PAGES_DELETED", 1)
    monkeypatch.setattr(bulk_rows, "_ROWS_DELETED", 50)


def test_simulated_answers_are_removed_part_by_part(assessment, survey, together, small_parts):
    simulate(respondents=400, seed=1)
    link = public_link(survey.links.first().token)
    real = [submit_response(link=link, answers=bytes([3] * 5)).key for _ in range(3)]
    fold_responses(survey=survey)
    exclusion = Exclusion.objects.create(survey=survey, flag="speeder", reason="Too fast")
    left_out = list(Response.objects.filter(simulated=True)[:5])
    take_off(locked_questionnaire(survey.questionnaires.get().pk), left_out)
    Response.objects.filter(pk__in=[answer.pk for answer in left_out]).update(exclusion=exclusion)
    assert recount_tallies(survey=survey).corrected == ()
    assert remove_simulated(survey=survey) == 400
    assert set(Response.objects.values_list("pk", flat=True)) == set(real)
    assert not GroupTally.objects.filter(simulated=True).exists()
    assert recount_tallies(survey=survey) == Recount(3, ())


@pytest.mark.django_db(transaction=True)
def test_a_removal_that_stops_in_the_middle_leaves_counts_that_are_right(
    assessment, survey, together, small_parts, monkeypatch
):
    simulate(respondents=400, seed=1)
    fold_responses(survey=survey)
    delete, calls = bulk_rows.delete_simulated, []

    def die_at_the_third_part(**part):
        calls.append(part)
        if len(calls) == 3:
            raise RuntimeError("the process was killed")
        return delete(**part)

    monkeypatch.setattr(bulk_rows, "delete_simulated", die_at_the_third_part)
    with pytest.raises(RuntimeError):
        remove_simulated(survey=survey)
    monkeypatch.undo()
    assert recount_tallies(survey=survey).corrected == ()
    left = Response.objects.count()
    assert remove_simulated(survey=survey) == left
    assert not GroupTally.objects.exists()


@given(st.lists(st.integers(1, 50), min_size=1, max_size=6))
def test_keys_rise_from_batch_to_batch(sizes):
    whole = sum(sizes)
    keys = np.vstack([random_keys(size, before=sum(sizes[:at]), of=whole) for at, size in enumerate(sizes)])
    as_bytes = [key.tobytes() for key in keys]
    assert as_bytes == sorted(as_bytes)
    assert len(set(as_bytes)) == whole
