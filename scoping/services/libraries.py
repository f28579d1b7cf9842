"""Picking from a library: an entry becomes an issue of the long list, or one more mention of an issue there."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from scoping.libraries.format import Entry, Library
from scoping.models import Assessment, Issue, Mention, SourceKind
from scoping.services.issues import NewIssue, add_issues
from scoping.services.mentions import NewMention, fill_mention
from scoping.services.scope import hold, note, require_room
from scoping.wording import counted
from tables.names import tidy


@dataclass(frozen=True)
class Choice:
    """
    An entry by its code. `into` is the code of the issue that it is to be a mention of; without one it becomes an
    issue of its own. `apart_from` is the code of an issue of a like name that somebody says is another one.
    """

    code: str
    into: str = ""
    apart_from: str = ""


@dataclass(frozen=True)
class Picked:
    """What a pick has done. `known` entries were mentions of an issue before."""

    added: int
    mentioned: int
    known: int


@transaction.atomic
def pick_entries(
    *, assessment: Assessment, library: Library, choices: Sequence[Choice], by: User | None = None
) -> Picked:
    """
    Puts the chosen entries on the long list: all of them, or none. An entry that is there already is passed over.

    Raises
    ------
    ValidationError
        Nothing is chosen; an entry or an issue is not known; a new issue has the name of one that is on the list; the
        list would get too long.
    """
    held = hold(assessment)
    chosen = _by_code(library, choices)
    known = _picked_before(held, library)
    fresh = [choice for choice in chosen.values() if library.by_code[choice.code].reference not in known]
    issues = {issue.code: issue for issue in held.issues.select_related("merged_into")}
    mentions = []
    for choice in fresh:
        if choice.into:
            entry, mention = library.by_code[choice.code], Mention(added_by=by)
            fill_mention(mention, _target(entry, choice.into, issues), _mention(entry))
            mentions.append(mention)
    _require_room_for(mentions)
    Mention.objects.bulk_create(mentions)
    wanted = _new_issues([choice for choice in fresh if not choice.into], library, issues)
    added = add_issues(assessment=held, issues=[new for new, _ in wanted], by=by)
    for issue, (_new, apart) in zip(added, wanted, strict=True):
        issue.distinct_from.add(*apart)
    if fresh:
        note(held, by, f"picked {counted(len(fresh), 'entry', 'entries')} of {library.name}")
    return Picked(added=len(added), mentioned=len(fresh) - len(added), known=len(chosen) - len(fresh))


def _require_room_for(mentions: Sequence[Mention]) -> None:
    new = Counter(mention.issue for mention in mentions)
    for issue, count in new.items():
        require_room(issue.mentions.count() + count - 1, owner=f"“{issue.name}”", what=_("mentions"))


def _by_code(library: Library, choices: Sequence[Choice]) -> Mapping[str, Choice]:
    if not choices:
        raise ValidationError(_("Nothing was ticked. Tick the entries that you want on your list, then add them."))
    unknown = [choice.code for choice in choices if choice.code not in library.by_code]
    if unknown:
        raise ValidationError(
            _("%(library)s has no entry “%(unknown)s”. Look at the list again, then tick what you want.")
            % {"library": library.name, "unknown": unknown[0]}
        )
    return {choice.code: choice for choice in choices}


def _picked_before(assessment: Assessment, library: Library) -> set[str]:
    mentions = Mention.objects.filter(issue__assessment=assessment, reference__startswith=f"{library.slug}:")
    return set(mentions.values_list("reference", flat=True))


def _mention(entry: Entry) -> NewMention:
    return NewMention(kind=SourceKind.GUIDELINE, source=entry.citation, reference=entry.reference)


def _target(entry: Entry, into: str, issues: Mapping[str, Issue]) -> Issue:
    issue = issues.get(into)
    if issue is None:
        raise ValidationError(
            _(
                "“%(entry)s” was to be added to an issue that is not on the list any more. Look at the list again, "
                "then choose."
            )
            % {"entry": entry.name}
        )
    return issue.merged_into or issue


def _new_issues(
    choices: Sequence[Choice], library: Library, issues: Mapping[str, Issue]
) -> list[tuple[NewIssue, list[Issue]]]:
    """One new issue for each name, since a standard may have two entries of one (GRI 103 and 302), and the issues
    that it was told apart from."""
    taken = {tidy(issue.name).casefold(): issue.name for issue in issues.values()}
    by_name: dict[str, list[Choice]] = {}
    problems = []
    for choice in choices:
        entry = library.by_code[choice.code]
        name = tidy(entry.full_name).casefold()
        if name in taken:
            problems.append(
                _(
                    "%(citation)s: your list has an issue “%(taken)s” already. Add the entry to that issue, or give "
                    "the issue another name first."
                )
                % {"citation": entry.citation, "taken": taken[name]}
            )
        by_name.setdefault(name, []).append(choice)
    if problems:
        raise ValidationError(problems)
    wanted = []
    for together in by_name.values():
        entries = [library.by_code[choice.code] for choice in together]
        new = NewIssue(
            name=entries[0].full_name,
            category=entries[0].category,
            mentions=tuple(_mention(entry) for entry in entries),
        )
        wanted.append((new, [issues[choice.apart_from] for choice in together if choice.apart_from in issues]))
    return wanted
