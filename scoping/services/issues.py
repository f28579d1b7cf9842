"""The list of issues that respondents rate. It is frozen when the survey opens."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.text import slugify

from accounts.models import User
from scoping.models import Assessment, Issue
from scoping.services.scope import free_code, hold_open, note, same_name, tidy

# Nobody rates more, and a tally holds one number for each pair of issues.
MOST_ISSUES = 500


@dataclass(frozen=True)
class NewIssue:
    name: str
    category: str = ""
    description: str = ""
    code: str = ""


@transaction.atomic
def save_issue(
    *,
    assessment: Assessment,
    name: str,
    category: str = "",
    description: str = "",
    code: str = "",
    place: int | None = None,
    issue: Issue | None = None,
    by: User | None = None,
) -> Issue:
    """
    Adds an issue, or changes `issue`; `place` counts from 1.

    Raises
    ------
    ValidationError
        By field: a name or code that is taken or empty. Without a field (code "frozen"): the survey has opened.
    """
    held = hold_open(assessment)
    others = [other for other in held.issues.all() if other != issue]
    saved = issue or Issue(assessment=held)
    _fill(saved, NewIssue(name, category, description, code), others)
    if issue is None:
        _require_room(len(others) + 1)
        saved.position = max((other.position for other in others), default=-1) + 1
    saved.save()
    if place is not None:
        _put_in_order([*others[: place - 1], saved, *others[place - 1 :]])
    note(held, by, f"{'changed' if issue else 'added'} the issue {saved.name}")
    return saved


@transaction.atomic
def add_issues(*, assessment: Assessment, issues: Sequence[NewIssue], by: User | None = None) -> list[Issue]:
    """
    Adds many issues at the end of the list: all of them, or none.

    Raises
    ------
    ValidationError
        One message for each issue that cannot be added, each with its place in `issues` (from 1).
    """
    held = hold_open(assessment)
    listed = list(held.issues.all())
    _require_room(len(listed) + len(issues))
    start = max((issue.position for issue in listed), default=-1) + 1
    added: list[Issue] = []
    problems: list[str] = []
    for number, wanted in enumerate(issues, start=1):
        new = Issue(assessment=held, position=start + len(added))
        try:
            _fill(new, wanted, [*listed, *added])
        except ValidationError as error:
            problems.extend(f"Line {number}: {message}" for message in error.messages)
        else:
            added.append(new)
    if problems:
        raise ValidationError(problems)
    Issue.objects.bulk_create(added)
    if added:
        note(held, by, f"added {len(added)} issues" if len(added) > 1 else f"added the issue {added[0].name}")
    return added


@transaction.atomic
def remove_issue(*, issue: Issue, by: User | None = None) -> None:
    """Removes an issue that nobody has been asked about; concerns that name it keep their topic."""
    held = hold_open(issue.assessment)
    try:
        issue.delete()
    except ProtectedError as error:
        raise ValidationError(
            f"A questionnaire asks about “{issue.name}”, so it stays. "
            "To ask about another list, start a new assessment."
        ) from error
    note(held, by, f"removed the issue {issue.name}")


@transaction.atomic
def reorder_issues(*, assessment: Assessment, codes: Sequence[str], by: User | None = None) -> None:
    """Puts the issues into the order of `codes`, which names every one of them once."""
    held = hold_open(assessment)
    by_code = {issue.code: issue for issue in held.issues.all()}
    if sorted(codes) != sorted(by_code):
        raise ValidationError("The list has changed meanwhile. Look at it again, then set the order.")
    _put_in_order([by_code[code] for code in codes])
    note(held, by, "changed the order of the issues")


def _fill(issue: Issue, wanted: NewIssue, others: Sequence[Issue]) -> None:
    issue.name = tidy(wanted.name)
    issue.category = tidy(wanted.category)
    issue.description = tidy(wanted.description)
    if any(same_name(other.name, issue.name) for other in others):
        raise ValidationError({"name": f"“{issue.name}” is already in the list. Each issue is asked about once."})
    taken = {other.code for other in others}
    if wanted.code and slugify(wanted.code) in taken:
        raise ValidationError({"code": f"The code “{wanted.code}” belongs to another issue. Choose another one."})
    issue.code = slugify(wanted.code) or issue.code or free_code(issue.name, taken=taken, fallback="issue")
    issue.full_clean(exclude=["assessment"], validate_unique=False, validate_constraints=False)


def _require_room(count: int) -> None:
    if count > MOST_ISSUES:
        raise ValidationError(
            f"This would make {count} issues; an assessment has at most {MOST_ISSUES}. Shorten the list first."
        )


def _put_in_order(issues: Sequence[Issue]) -> None:
    for position, issue in enumerate(issues):
        issue.position = position
    Issue.objects.bulk_update(issues, ["position"])
