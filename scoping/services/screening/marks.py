"""The marks that one person gives: issue by issue, on each criterion, with a reason where there is one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from scoping.models import HIGHEST_MARK, Assessment, Mark, Standing
from scoping.services.scope import hold, note
from scoping.wording import noun
from tables.names import tidy

LONGEST_REASON = 500


@dataclass(frozen=True)
class NewMark:
    """A mark as wanted on an issue and a criterion (their ids); None takes back the one that was given."""

    issue: int
    criterion: int
    value: int | None
    reason: str = ""


@transaction.atomic
def save_marks(*, assessment: Assessment, marks: Sequence[NewMark], by: User) -> int:
    """
    Gives the marks of one person, all or none, and returns how many issues were changed. A later mark on the same
    issue and criterion takes the place of an earlier one.

    Raises
    ------
    ValidationError
        A mark outside of 0 to 3, a reason without a mark or too long: with the names of issue and criterion. Code
        "stale": an issue or a criterion that is not there, or no longer.
    """
    held = hold(assessment)
    marks = list({(mark.issue, mark.criterion): mark for mark in marks}.values())
    criteria = dict(held.criteria.values_list("pk", "name"))
    if any(mark.criterion not in criteria for mark in marks):
        raise ValidationError(
            _("A criterion was removed while you were marking. Your other marks are still below: save again."),
            code="stale",
        )
    wanted = {mark.issue for mark in marks}
    listed = held.issues.exclude(standing=Standing.MERGED).filter(pk__in=wanted)
    issues = dict(listed.values_list("pk", "name"))
    if wanted - set(issues):
        raise ValidationError(
            _("An issue was removed or merged while you were marking. Your other marks are still below: save again."),
            code="stale",
        )
    if problems := [problem for mark in marks if (problem := _problem_of(mark, issues, criteria))]:
        raise ValidationError(problems)
    own = Mark.objects.filter(member=by, issue__in=issues)
    before = {
        (issue, criterion): (pk, value, reason)
        for pk, issue, criterion, value, reason in own.values_list("pk", "issue_id", "criterion_id", "value", "reason")
    }
    gone, given, changed = [], [], set()
    for mark in marks:
        place, reason = (mark.issue, mark.criterion), tidy(mark.reason)
        if mark.value is None:
            if place in before:
                gone.append(before[place][0])
                changed.add(mark.issue)
        elif before.get(place, (0, None, ""))[1:] != (mark.value, reason):
            given.append(Mark(issue_id=place[0], criterion_id=place[1], member=by, value=mark.value, reason=reason))
            changed.add(mark.issue)
    Mark.objects.filter(pk__in=gone).delete()
    Mark.objects.bulk_create(
        given,
        update_conflicts=True,
        unique_fields=["issue", "criterion", "member"],
        update_fields=["value", "reason"],
    )
    if changed:
        note(held, by, f"marked {len(changed)} {noun(len(changed), 'issue')}")
    return len(changed)


def _problem_of(mark: NewMark, issues: Mapping[int, str], criteria: Mapping[int, str]) -> str:
    place = f"“{issues[mark.issue]}”, {criteria[mark.criterion]}"
    if mark.value is not None and mark.value not in range(HIGHEST_MARK + 1):
        return _("%(place)s: a mark is 0, 1, 2 or 3, not %(value)s.") % {"place": place, "value": mark.value}
    if mark.value is None and mark.reason.strip():
        return _("%(place)s: there is a reason but no mark. Choose a mark, or clear the reason.") % {"place": place}
    if len(tidy(mark.reason)) > LONGEST_REASON:
        return _("%(place)s: the reason has %(n)s characters. Shorten it to %(most)s.") % {
            "place": place,
            "n": len(tidy(mark.reason)),
            "most": LONGEST_REASON,
        }
    return ""
