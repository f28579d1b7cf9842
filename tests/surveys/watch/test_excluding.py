import numpy as np
import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEvent
from jobs.models import Job
from surveys.models import Exclusion, GroupTally, Response
from surveys.monitor import left_out
from surveys.release import visible
from surveys.services import close_survey, fold_responses, recount_tallies, settle_tallies
from surveys.services.excluding import exclude, include_again
from surveys.services.quality import QUALITY
from surveys.tally import Tally, count
from tests.surveys.watch.conftest import EMPTY, STRAIGHT

STRAIGHT_LINER = "straight-liner"


def tallies(survey):
    return {row.group_id: Tally.from_bytes(bytes(row.packed)) for row in GroupTally.objects.order_by("group_id")}


def tally_of(answers, group):
    packed = [bytes(one.ratings) for one in answers if one.group_id == group]
    return count(np.frombuffer(b"".join(packed), np.uint8).reshape(len(packed), -1), (1, 5))


def leave_out(survey, house, flag=STRAIGHT_LINER, reason="They only clicked through."):
    return exclude(survey=survey, flag=flag, reason=reason, by=house.analyst)


def test_flagged_answers_leave_the_count_exactly(survey, crowd, house):
    exclusion = leave_out(survey, house)
    assert exclusion.answers == 8
    left = [one for one in crowd if bytes(one.ratings) != STRAIGHT]
    assert tallies(survey) == {group: tally_of(left, group) for group in {one.group_id for one in crowd}}
    assert set(Response.objects.filter(exclusion=exclusion).values_list("pk", flat=True)) == {
        one.pk for one in crowd if bytes(one.ratings) == STRAIGHT
    }


def test_a_recount_agrees_with_it(survey, crowd, house):
    leave_out(survey, house)
    before = tallies(survey)
    assert recount_tallies(survey=survey).corrected == ()
    assert tallies(survey) == before


def test_counting_them_again_brings_back_what_was(survey, crowd, house):
    before = tallies(survey)
    exclusion = leave_out(survey, house)
    assert include_again(exclusion=exclusion, by=house.owner) == 8
    assert tallies(survey) == before
    assert not Response.objects.exclude(exclusion=None).exists()
    assert not Exclusion.objects.exists()
    assert Job.objects.filter(kind=QUALITY).count() == 1


def test_while_answers_come_in_what_is_shown_does_not_move_by_the_answers_that_went(survey, crowd, house):
    before = {row.group.code: (row.shown, bytes(row.next)) for row in GroupTally.objects.select_related("group")}
    exclusion = leave_out(survey, house)
    include_again(exclusion=exclusion, by=house.owner)
    after = {row.group.code: (row.shown, bytes(row.next)) for row in GroupTally.objects.select_related("group")}
    assert after == before


def test_after_the_end_it_moves_where_enough_answers_went(survey, crowd, house):
    close_survey(survey=survey)
    settle_tallies(survey.questionnaires.select_related("survey").get())
    before = tallies(survey)
    exclusion = leave_out(survey, house)
    shown = {row.group_id: visible(row, ended=True, k=5) for row in GroupTally.objects.order_by("group_id")}
    # Six of the first group are enough to tell, two of the second are not.
    first, second = list(before)[:2]
    assert shown[first] == tallies(survey)[first] != before[first]
    assert shown[second] == before[second] != tallies(survey)[second]
    include_again(exclusion=exclusion, by=house.owner)
    assert tallies(survey) == before


def test_later_answers_with_the_flag_are_not_left_out_silently(survey, crowd, house, store):
    exclusion = leave_out(survey, house)
    store(7, ratings=STRAIGHT)
    assert exclusion.responses.count() == 8
    again = leave_out(survey, house, reason="The new ones as well.")
    assert (again.pk, again.answers, again.reason) == (exclusion.pk, 15, "The new ones as well.")
    with pytest.raises(ValidationError, match="nothing to leave out"):
        leave_out(survey, house)


def test_answers_that_wait_to_be_counted_are_left_alone(survey, crowd, house, store):
    (waiting,) = store(1, ratings=STRAIGHT, fold=False)
    leave_out(survey, house)
    waiting.refresh_from_db()
    assert waiting.exclusion is None
    fold_responses(survey=survey)
    assert recount_tallies(survey=survey).corrected == ()


def test_an_answer_is_left_out_for_one_flag_only(survey, store, house):
    store(20)
    store(6, ratings=EMPTY)
    store(6, ratings=bytes([3] * 5 + [0] * 7))
    first = leave_out(survey, house, flag="mostly-empty")
    assert first.answers == 12
    with pytest.raises(ValidationError, match="nothing to leave out"):
        leave_out(survey, house, flag=STRAIGHT_LINER)


def test_one_of_the_answers_that_are_alike_still_counts(survey, store, house, crowd):
    alike = store(6, ratings=bytes([1, 5] * 6))
    leave_out(survey, house, flag="duplicate")
    left = [one.pk for one in Response.objects.filter(pk__in=[one.pk for one in alike], exclusion=None)]
    assert left == [min(one.pk for one in alike)]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"flag": "boring"}, "no such flag"),
        ({"reason": "  "}, "Say why"),
        ({"reason": "x" * 501}, "at most 500"),
        ({"flag": "speeder"}, "nothing to leave out"),
    ],
)
def test_what_cannot_be_left_out_changes_nothing(survey, crowd, house, fields, message):
    before = tallies(survey)
    with pytest.raises(ValidationError, match=message):
        leave_out(survey, house, **fields)
    assert tallies(survey) == before
    assert not Exclusion.objects.exists()


def test_counting_again_twice_is_refused(survey, crowd, house):
    exclusion = leave_out(survey, house)
    again = Exclusion.objects.get()
    include_again(exclusion=exclusion)
    with pytest.raises(ValidationError, match="counted again already"):
        include_again(exclusion=again)


def test_both_leave_a_line_in_the_audit_trail(survey, crowd, house):
    exclusion = leave_out(survey, house)
    include_again(exclusion=exclusion, by=house.owner)
    lines = list(AuditEvent.objects.order_by("pk").values_list("actor", "summary"))[-2:]
    assert lines == [
        (house.analyst.pk, "left 8 answers out of the count (same rating everywhere): They only clicked through."),
        (house.owner.pk, "took 8 answers into the count again (same rating everywhere)"),
    ]


def test_few_are_told_as_few_wherever_it_is_stated(survey, store, house, assessment):
    store(20)
    store(3, ratings=STRAIGHT)
    leave_out(survey, house)
    (stated,) = left_out(assessment)
    assert (stated.label, stated.reason, stated.answers, stated.who) == (
        "Same rating everywhere",
        "They only clicked through.",
        "fewer than 5",
        str(house.analyst),
    )
    assert "left fewer than 5 answers" in AuditEvent.objects.latest("pk").summary


def test_without_a_survey_nothing_is_left_out(assessment):
    assert left_out(assessment) == []
