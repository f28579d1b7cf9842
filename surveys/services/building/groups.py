"""What is particular to one stakeholder group: its introduction, its issues, its words, and how many are hoped for."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from scoping.models import Issue, StakeholderGroup
from scoping.services.scope import current, note
from scoping.wording import enumerated
from surveys.design import MOST_NAMED, Design, design_of
from surveys.models import GroupDesign, GroupIssue, IssueQuestion
from surveys.services.building.base import hold_design, line, lines
from surveys.turnout import people_in

LONGEST_NAME, LONGEST_DESCRIPTION = 300, 2000
MOST_PEOPLE = 100_000_000


@dataclass(frozen=True)
class OwnIssue:
    """An issue for one group. Empty words mean those for all."""

    asked: bool = True
    name: str = ""
    description: str = ""


@transaction.atomic
def save_group_design(
    *,
    group: StakeholderGroup,
    introduction: str = "",
    target: int | None = None,
    population: int | None = None,
    issues: Mapping[str, OwnIssue] | None = None,
    by: User | None = None,
) -> GroupDesign:
    """
    Sets what is particular to `group`.

    Parameters
    ----------
    introduction : instead of the survey's own; empty for that.
    target, population : answers hoped for, and people in the group where they are not those of the register; None if
        not known.
    issues : code of an issue -> how it is for this group. Issues that are not named stay as they are.

    Raises
    ------
    ValidationError
        By field, for a text or a number; `issues` where nothing would be asked of the group, an issue of nobody, or
        where the kind of question needs the same issues for all. With the code "frozen": the survey has opened.
    """
    survey = hold_design(group.assessment)
    group = current(group)
    design = design_of(survey)
    own, _made = GroupDesign.objects.get_or_create(survey=survey, group=group)
    own.introduction = lines(introduction, field="introduction")
    own.target, own.population = _people(target, "target"), _people(population, "population")
    people = people_in(group, own)
    if target and people and target > people:
        fewer = _("The group has %(people)s people, fewer than the answers hoped for.")
        raise ValidationError({"target": fewer % {"people": f"{people:,}"}})
    own.save()
    if issues is not None:
        _check(design, group, issues)
        _store(own, {issue.code: issue for issue in design.issues}, issues)
    note(survey.assessment, by, f"changed what the survey asks the group {group.name}")
    return own


def _people(number: int | None, field: str) -> int | None:
    if number is not None and not 1 <= number <= MOST_PEOPLE:
        wanted = _("Enter a number of people from 1 to %(most)s, or nothing.") % {"most": f"{MOST_PEOPLE:,}"}
        raise ValidationError({field: wanted})
    return number


def _check(design: Design, group: StakeholderGroup, given: Mapping[str, OwnIssue]) -> None:
    """Refuses a choice of issues that leaves somebody or something without a question."""
    known = {issue.code: issue for issue in design.issues}
    if unknown := set(given) - set(known):
        gone = _(", ").join(sorted(unknown)[:MOST_NAMED])
        missing = _("Not on the short list any more: %(codes)s. Open this page again.") % {"codes": gone}
        raise ValidationError({"issues": missing})
    before = design.not_asked(group)
    after = {
        issue.pk for issue in design.issues if not given.get(issue.code, OwnIssue(asked=issue.pk not in before)).asked
    }
    if after and design.survey.kind != IssueQuestion.RATING:
        raise ValidationError(
            {
                "issues": _(
                    "A top choice or a ranking compares the issues with each other, so every group is asked "
                    "about all of them. Tick them all, or choose a rating first."
                )
            }
        )
    if known and len(after) == len(known):
        raise ValidationError({"issues": _("The group would be asked about no issue. Tick at least one.")})
    elsewhere = [design.not_asked(other) for other in design.groups if other.pk != group.pk]
    # What nobody was asked about before is said when the survey opens, and does not stand in the way here.
    orphans = (after - before).intersection(*elsewhere)
    if orphans:
        names = [f"“{issue.name}”" for issue in design.issues if issue.pk in orphans]
        raise ValidationError(
            {
                "issues": _(
                    "No other group is asked about %(issues)s. Tick it here, or let another group be asked first."
                )
                % {"issues": enumerated(names, most=MOST_NAMED)}
            }
        )


def _store(own: GroupDesign, known: Mapping[str, Issue], given: Mapping[str, OwnIssue]) -> None:
    """Keeps a row only for issues that differ from what all groups read."""
    rows = []
    for code, wish in given.items():
        issue = known[code]
        name = line(wish.name, field="issues", most=LONGEST_NAME)
        description = lines(wish.description, field="issues", most=LONGEST_DESCRIPTION)
        name = "" if name == issue.name else name
        description = "" if description == issue.description else description
        if name or description or not wish.asked:
            rows.append(GroupIssue(design=own, issue=issue, asked=wish.asked, name=name, description=description))
    own.issues.filter(issue__in=[known[code] for code in given]).delete()
    GroupIssue.objects.bulk_create(rows)
