"""The list of issues. What the survey asks about freezes when it opens; what is new then is for the next assessment."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from scoping.models import Assessment, Issue, Mention, Phase, Standing
from scoping.services.mentions import NewMention, fill_mention
from scoping.services.scope import FROZEN, current, free_code, hold, note, require_room
from scoping.wording import enumerated
from tables.names import tidy

# Nobody rates more, and a tally holds one number for each pair of issues.
MOST_ISSUES = 500
# A respondent reads it; the form and the columns of a list hold no more either.
LONGEST_DESCRIPTION = 2000
# The code of an error about a name that the list has already.
TAKEN = "taken"


@dataclass(frozen=True)
class NewIssue:
    name: str
    category: str = ""
    description: str = ""
    code: str = ""
    mentions: tuple[NewMention, ...] = ()


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
    mention: NewMention | None = None,
    apart_from: Collection[int] = (),
    by: User | None = None,
) -> Issue:
    """
    Adds an issue, or changes `issue`. After the survey has opened a new one is noted for the next assessment.

    Parameters
    ----------
    place : where respondents see it, from 1; without effect on issues that they are not asked about.
    mention : where a new issue was found.
    apart_from : ids of issues of which somebody said, in spite of the names, that they are others.

    Raises
    ------
    ValidationError
        By field: a name or code that is taken or empty. Without a field (code "frozen"): the survey asks about it.
    """
    held = hold(assessment)
    everything = list(held.issues.all())
    if issue is not None:
        # What a merge or a decision has done to it since it was read, stays done.
        issue = current(issue, everything)
        _require_not_asked(held, issue)
    others = [other for other in everything if other != issue]
    saved = issue or _new_issue(held, by)
    _fill(saved, NewIssue(name, category, description, code), _Taken(others))
    if issue is None:
        _require_room(len(others) + 1)
        saved.position = _end_of(others)
    saved.save()
    Mention.objects.bulk_create(_mentions(saved, [mention] if mention else [], by))
    if place is not None and held.phase == Phase.SCOPING and saved.standing == Standing.LISTED:
        _put_in_place(saved, others, place)
    saved.distinct_from.add(*[other for other in others if other.pk in apart_from])
    note(held, by, f"{'changed' if issue else 'added'} the issue {saved.name}")
    return saved


@transaction.atomic
def add_issues(
    *, assessment: Assessment, issues: Sequence[NewIssue], only_new: bool = False, by: User | None = None
) -> list[Issue]:
    """
    Adds many issues at the end of the list, each with its mentions: all of them, or none. After the survey has
    opened they are noted for the next assessment. With `only_new`, those whose names are taken are left out.

    Raises
    ------
    ValidationError
        One message for each issue that cannot be added, each with its place in `issues` (from 1); with the code TAKEN
        where it is only that the name is taken.
    """
    held = hold(assessment)
    present = list(held.issues.all())
    start = _end_of(present)
    taken = _Taken(present)
    _require_room(len(present) + sum(not (only_new and taken.refusal(tidy(wanted.name))) for wanted in issues))
    added: list[Issue] = []
    mentions: list[Mention] = []
    problems: list[ValidationError] = []
    for number, wanted in enumerate(issues, start=1):
        known = bool(taken.refusal(tidy(wanted.name)))
        if known and only_new:
            continue
        new = _new_issue(held, by)
        new.position = start + len(added)
        try:
            _fill(new, wanted, taken)
            mentions += _mentions(new, wanted.mentions, by)
        except ValidationError as error:
            code = TAKEN if known else "invalid"
            problems.extend(
                ValidationError(_("Line %(number)s: %(message)s") % {"number": number, "message": message}, code=code)
                for message in error.messages
            )
        else:
            added.append(new)
            taken.add(new)
    if problems:
        raise ValidationError(problems)
    Issue.objects.bulk_create(added)
    Mention.objects.bulk_create(mentions)
    if added:
        note(held, by, f"added {len(added)} issues" if len(added) > 1 else f"added the issue {added[0].name}")
    return added


@transaction.atomic
def remove_issue(*, issue: Issue, by: User | None = None) -> None:
    """
    Removes an issue that nobody has been asked about, with its mentions; topics of concern that name it stay.

    Raises
    ------
    ValidationError
        The survey asks about it, other issues are merged into it, or issues of a following assessment continue it:
        the table of changes there would call them new.
    """
    held = hold(issue.assessment)
    _require_not_asked(held, issue)
    if merged := list(issue.merged.values_list("name", flat=True)):
        names = _(", ").join(f"“{name}”" for name in merged)
        raise ValidationError(
            _(
                "“%(issue)s” stands for issues that were merged into it: %(names)s. Undo these merges on its sheet, "
                "then remove it."
            )
            % {"issue": issue.name, "names": names}
        )
    _require_not_continued(issue)
    try:
        issue.delete()
    except ProtectedError as error:
        raise ValidationError(
            _(
                "A questionnaire asks about “%(issue)s”, so it stays. To ask about another list, carry this "
                "assessment forward (page Changes)."
            )
            % {"issue": issue.name}
        ) from error
    note(held, by, f"removed the issue {issue.name}")


def _new_issue(held: Assessment, by: User | None) -> Issue:
    standing = Standing.LISTED if held.phase == Phase.SCOPING else Standing.NEXT
    return Issue(assessment=held, standing=standing, added_by=by)


def _require_not_asked(held: Assessment, issue: Issue) -> None:
    if held.phase != Phase.SCOPING and held.issues.asked().filter(pk=issue.pk).exists():
        raise ValidationError(FROZEN, code="frozen")


def _require_not_continued(issue: Issue) -> None:
    links = issue.successors.select_related("issue__assessment").order_by("issue__assessment__created_at", "issue_id")
    following = [link.issue for link in links]
    if not following:
        return
    later = following[0].assessment
    names = enumerated([f"“{each.name}”" for each in following if each.assessment_id == later.pk], most=4)
    raise ValidationError(
        _(
            "“%(issue)s” is continued by %(names)s in “%(later)s” (%(reporting_period)s), whose table of changes "
            "would lose that. Take the link away on the page Changes of that assessment, then remove the issue; or "
            "screen it out here, which keeps the link."
        )
        % {"issue": issue.name, "names": names, "later": later.name, "reporting_period": later.reporting_period}
    )


class _Taken:
    """The names and codes in a list, so that 500 lines are compared with 500 issues at once."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.codes: set[str] = set()
        self._by_name: dict[str, Issue] = {}
        self._names: dict[int, str] = {}
        for issue in issues:
            self.add(issue)

    def add(self, issue: Issue) -> None:
        self.codes.add(issue.code)
        self._by_name[_bare(issue.name)] = issue
        self._names[issue.pk] = issue.name

    def free_code(self, name: str) -> str:
        """A code for the next issue; without Latin letters its number in the list."""
        return free_code(name, taken=self.codes, fallback="issue", place=len(self.codes) + 1)

    def refusal(self, name: str) -> str:
        """Why the name cannot be given again, and what to do instead; empty where it is free."""
        issue = self._by_name.get(_bare(name))
        if issue is None:
            return ""
        if issue.merged_into_id is not None:
            survivor = self._names.get(issue.merged_into_id, _("another issue"))
            return _(
                "“%(name)s” was merged into “%(survivor)s”. Add a mention to “%(survivor)s”, or undo that merge."
            ) % {"name": name, "survivor": survivor}
        if issue.standing == Standing.LEFT_OUT:
            return _(
                "“%(name)s” is on the long list already, screened out. Add a mention to it; Screening can bring it "
                "back."
            ) % {"name": name}
        if issue.standing == Standing.NEXT:
            return _("“%(name)s” is noted for the next assessment already. Add a mention to it.") % {"name": name}
        return _("“%(name)s” is already in the list. Each issue is asked about once.") % {"name": name}


def _fill(issue: Issue, wanted: NewIssue, taken: _Taken) -> None:
    issue.name = tidy(wanted.name)
    issue.category = tidy(wanted.category)
    issue.description = tidy(wanted.description)
    if (length := len(issue.description)) > LONGEST_DESCRIPTION:
        message = _("A description has at most %(most)s characters; this one has %(length)s. Shorten it.") % {
            "most": f"{LONGEST_DESCRIPTION:,}",
            "length": f"{length:,}",
        }
        raise ValidationError({"description": message})
    if refusal := taken.refusal(issue.name):
        raise ValidationError({"name": refusal})
    if wanted.code and slugify(wanted.code) in taken.codes:
        raise ValidationError(
            {"code": _("The code “%(wanted)s” belongs to another issue. Choose another one.") % {"wanted": wanted.code}}
        )
    issue.code = slugify(wanted.code) or issue.code or taken.free_code(issue.name)
    issue.full_clean(exclude=["assessment", "added_by"], validate_unique=False, validate_constraints=False)


def _bare(name: str) -> str:
    return tidy(name).casefold()


def _mentions(issue: Issue, wanted: Iterable[NewMention], by: User | None) -> list[Mention]:
    mentions: list[Mention] = []
    for new in wanted:
        require_room(len(mentions), owner=f"“{issue.name}”", what=_("mentions"))
        mention = Mention(added_by=by)
        fill_mention(mention, issue, new)
        mentions.append(mention)
    return mentions


def _require_room(count: int) -> None:
    if count > MOST_ISSUES:
        raise ValidationError(
            _("This would make %(count)s issues; an assessment has at most %(most)s. Shorten the list first.")
            % {"count": count, "most": MOST_ISSUES}
        )


def _end_of(issues: Sequence[Issue]) -> int:
    return max((issue.position for issue in issues), default=-1) + 1


def _put_in_place(issue: Issue, others: Sequence[Issue], place: int) -> None:
    """Moves the issue among those that respondents see. The rest of the long list keeps its places."""
    everybody = sorted([*others, issue], key=lambda each: (each.position, each.pk))
    asked = [other for other in others if other.standing == Standing.LISTED]
    wanted = iter([*asked[: place - 1], issue, *asked[place - 1 :]])
    _put_in_order([next(wanted) if each.standing == Standing.LISTED else each for each in everybody])


def _put_in_order(issues: Sequence[Issue]) -> None:
    for position, issue in enumerate(issues):
        issue.position = position
    Issue.objects.bulk_update(issues, ["position"])
