"""Leaving answers with a quality flag out of the count, with a reason, and counting them again. They stay stored."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from accounts.models import User
from scoping.services.scope import note
from surveys.arrays import Reading, read_counted
from surveys.models import Exclusion, GroupTally, QualityFlag, Questionnaire, Response, Survey
from surveys.quality import flags_of
from surveys.release import shift
from surveys.selectors import questionnaire_of, tallies_of
from surveys.services.folding import locked_questionnaire
from surveys.services.quality import keep_findings, request_look
from surveys.tally import Tally, count
from surveys.withholding import smallest_group, told

LONGEST_REASON = 500
# Keys in one statement: SQLite takes 32,766 parameters at most.
_AT_ONCE = 10_000


@transaction.atomic
def exclude(*, survey: Survey, flag: str, reason: str, by: User | None = None) -> Exclusion:
    """Leave every counted answer with this flag out of the count: of those that results are made of.

    Answers that come later are not touched. Where the flag was excluded before, those that have it by now join the ones
    that are left out, and the new reason is kept. An answer that is left out already for another flag stays there.

    Raises
    ------
    ValidationError
        For a flag that does not exist, without a reason, and if no counted answer has the flag.
    """
    reason = reason.strip()
    _check(flag, reason)
    questionnaire = _questionnaire(survey)
    folded = tallies_of(survey.assessment)
    reading = read_counted(questionnaire, simulated=folded.kind if folded else None, with_keys=True)
    flags = flags_of(reading.answers(), kind=reading.frozen.kind)
    chosen = flags[flag] & (reading.excluded == 0)
    answers = int(np.count_nonzero(chosen))
    if not answers:
        nothing = _("No counted answer has this flag now, so there is nothing to leave out.")
        raise ValidationError(nothing, code="nothing")
    exclusion, _created = Exclusion.objects.update_or_create(
        survey=survey, flag=flag, defaults={"reason": reason, "excluded_by": by}
    )
    keys = [reading.keys[place] for place in np.flatnonzero(chosen)]
    for start in range(0, answers, _AT_ONCE):
        Response.objects.filter(pk__in=keys[start : start + _AT_ONCE]).update(exclusion=exclusion)
    _count_anew(questionnaire, _by_group(reading, chosen), sign=-1)
    exclusion.answers = exclusion.responses.count()
    exclusion.save(update_fields=["answers"])
    reading.excluded[chosen] = exclusion.pk
    keep_findings(survey=survey, reading=reading, flags=flags)
    number = told(answers, smallest_group(survey))
    note(
        survey.assessment,
        by,
        f"left {number} answers out of the count ({exclusion.get_flag_display().lower()}): {reason}",
    )
    return exclusion


@transaction.atomic
def include_again(*, exclusion: Exclusion, by: User | None = None) -> int:
    """Count the answers of an exclusion again. Returns how many there are.

    Raises
    ------
    ValidationError
        If somebody has included them meanwhile.
    """
    survey = exclusion.survey
    questionnaire = _questionnaire(survey)
    if not Exclusion.objects.filter(pk=exclusion.pk).exists():
        raise ValidationError(_("These answers are counted again already."), code="gone")
    packed: dict[tuple[int, bool], list[bytes]] = {}
    left_out = exclusion.responses.filter(tallied=True).values_list("group_id", "simulated", "ratings")
    for group_id, simulated, ratings in left_out.iterator(_AT_ONCE):
        packed.setdefault((group_id, simulated), []).append(bytes(ratings))
    items = questionnaire.items.count()
    _count_anew(questionnaire, ((key, _table(parts, items)) for key, parts in packed.items()), sign=1)
    answers = sum(map(len, packed.values()))
    exclusion.responses.update(exclusion=None)
    label = exclusion.get_flag_display().lower()
    exclusion.delete()
    request_look(survey=survey, by=by)
    note(survey.assessment, by, f"took {told(answers, smallest_group(survey))} answers into the count again ({label})")
    return answers


def _check(flag: str, reason: str) -> None:
    if flag not in QualityFlag.values:
        raise ValidationError({"flag": _("There is no such flag. Choose one from the list.")})
    if not reason:
        raise ValidationError({"reason": _("Say why these answers do not count: the report states it.")})
    if len(reason) > LONGEST_REASON:
        too_long = _("A reason has at most %(most)d characters; this one has %(length)d. Shorten it.")
        raise ValidationError({"reason": too_long % {"most": LONGEST_REASON, "length": len(reason)}})


def _questionnaire(survey: Survey) -> Questionnaire:
    """The survey's newest questionnaire, its tallies and answers to oneself: folding and changing wait for us."""
    found = questionnaire_of(survey)
    if found is None:
        raise ValidationError(_("The survey has not been opened: there are no answers yet."), code="nothing")
    return locked_questionnaire(found.pk)


Ratings = NDArray[np.uint8]


def _by_group(reading: Reading, chosen: NDArray[np.bool_]) -> Iterable[tuple[tuple[int, bool], Ratings]]:
    for group in np.unique(reading.groups[chosen]):
        for simulated in (False, True):
            rows = chosen & (reading.groups == group) & (reading.simulated == simulated)
            if rows.any():
                yield (int(group), simulated), reading.ratings[rows]


def _table(parts: list[bytes], items: int) -> Ratings:
    return np.frombuffer(b"".join(parts), np.uint8).reshape(len(parts), items)


def _count_anew(questionnaire: Questionnaire, changed: Iterable[tuple[tuple[int, bool], Ratings]], sign: int) -> None:
    """Take answers off the tallies (sign -1) or add them, exactly; what may be shown moves on with it."""
    scale = questionnaire.scale_low, questionnaire.scale_high
    stored: dict[Any, GroupTally] = {(row.group_id, row.simulated): row for row in questionnaire.tallies.all()}
    for key, ratings in changed:
        part = count(ratings, scale)
        row = stored[key]
        known = Tally.from_bytes(bytes(row.packed))
        total = known + part if sign > 0 else known - part
        k = questionnaire.survey.minimum_group
        shift(row, total, k=k, removed=part if sign < 0 else None, known=sign > 0)
        row.save()
