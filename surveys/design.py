"""The design of a survey as the working group reads it: what is asked of whom, and what in it cannot be asked.

Before opening it is composed from the design, afterwards read from what was frozen.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from scoping.models import Assessment, Issue, Side, StakeholderGroup
from scoping.wording import enumerated
from surveys.content import MOST_RANKED, Content, compose
from surveys.frozen import FrozenQuestionnaire, Sheet, read_frozen
from surveys.models import GroupDesign, IssueQuestion, Survey, SurveyState
from surveys.selectors import questionnaire_of
from surveys.texts import designs_by_group, ordered_issues
from surveys.turnout import people_in

ANONYMITY_CHOSEN = "chose how anonymous the survey is"
MOST_NAMED = 5


# --- what is designed -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Design:
    """A survey that is not opened yet, with the issues in their order and what is particular to each group."""

    survey: Survey
    issues: tuple[Issue, ...]
    groups: tuple[StakeholderGroup, ...]
    designs: Mapping[int, GroupDesign]

    def not_asked(self, group: StakeholderGroup) -> set[int]:
        """The ids of the issues on the short list that `group` is not asked about."""
        design = self.designs.get(group.pk)
        left_out = {own.issue_id for own in design.issues.all() if not own.asked} if design else set()
        return left_out & {issue.pk for issue in self.issues}


def design_of(survey: Survey) -> Design:
    return Design(
        survey, tuple(ordered_issues(survey)), tuple(survey.assessment.groups.all()), designs_by_group(survey)
    )


def judging_obstacles(design: Design) -> list[str]:
    """Why issues cannot be judged in the way that was chosen: a sentence for each reason, with what to do."""
    survey, issues = design.survey, len(design.issues)
    if survey.kind == IssueQuestion.RATING:
        return []
    is_top = survey.kind == IssueQuestion.TOP
    obstacles = []
    if survey.both_importances:
        obstacles.append(
            _("A top choice asks for one importance only. Choose a rating, or ask for one importance.")
            if is_top
            else _("A ranking asks for one importance only. Choose a rating, or ask for one importance.")
        )
    if apart := [group.name for group in design.groups if design.not_asked(group)]:
        compares = (
            _(
                "A top choice compares the issues with each other, so all groups are asked about the same ones. "
                "Ask %(groups)s about every issue, or choose a rating."
            )
            if is_top
            else _(
                "A ranking compares the issues with each other, so all groups are asked about the same ones. "
                "Ask %(groups)s about every issue, or choose a rating."
            )
        )
        obstacles.append(compares % {"groups": enumerated(apart, most=MOST_NAMED)})
    if survey.kind == IssueQuestion.RANKING and issues > MOST_RANKED:
        obstacles.append(
            _(
                "A ranking holds at most %(most)d issues, and the short list has %(issues)d. "
                "Shorten the list, or choose a rating."
            )
            % {"most": MOST_RANKED, "issues": issues}
        )
    # Who chooses all of them has said nothing.
    most = issues - 1 if is_top else issues
    if issues > 1 and survey.choose > most:
        too_many = (
            _("Of %(issues)d issues, at most %(most)d can be chosen, not %(choose)d. Enter a lower number.")
            if is_top
            else _("Of %(issues)d issues, at most %(most)d can be put in order, not %(choose)d. Enter a lower number.")
        )
        obstacles.append(too_many % {"issues": issues, "most": most, "choose": survey.choose})
    return obstacles


def asking_obstacles(design: Design) -> list[str]:
    """Groups that are asked nothing, and issues that nobody is asked about: a sentence for each, with what to do."""
    if not design.issues or not design.groups:
        return []
    skipped = {group: design.not_asked(group) for group in design.groups}
    idle = [group.name for group, left_out in skipped.items() if len(left_out) == len(design.issues)]
    nowhere = set.intersection(*skipped.values())
    orphans = [issue.name for issue in design.issues if issue.pk in nowhere]
    obstacles = []
    if idle:
        nothing = _("%(groups)s: asked about no issue. Tick at least one.")
        obstacles.append(nothing % {"groups": enumerated(idle, most=MOST_NAMED)})
    if orphans:
        nobody = _("No group is asked about %(issues)s. Ask at least one group, or take the issue off the short list.")
        obstacles.append(nobody % {"issues": enumerated([f"“{name}”" for name in orphans], most=MOST_NAMED)})
    return obstacles


# --- what respondents will see ----------------------------------------------------------------------------
@dataclass(frozen=True)
class OutlinedIssue:
    """An issue as all groups read it, and the names of the groups that it is different for."""

    code: str
    name: str
    description: str
    not_for: tuple[str, ...]
    reworded_for: tuple[str, ...]


@dataclass(frozen=True)
class OutlinedGroup:
    """What one group is asked, counted."""

    group: StakeholderGroup
    issues: int
    reworded: int
    own_introduction: bool
    minutes: int
    target: int | None
    population: int | None

    @property
    def is_internal(self) -> bool:
        return self.group.side == Side.INTERNAL


@dataclass(frozen=True)
class Outline:
    """A questionnaire at a glance: `sheet` is what everybody reads, without any group's own words."""

    content: Content
    sheet: Sheet
    issues: tuple[OutlinedIssue, ...]
    groups: tuple[OutlinedGroup, ...]

    @property
    def differs(self) -> bool:
        """Whether some group is asked about fewer issues, or in other words, than the others."""
        return any(issue.not_for or issue.reworded_for for issue in self.issues)


def questionnaire_to_show(survey: Survey) -> FrozenQuestionnaire:
    """What was frozen; before that, what would be frozen now. The latter has no number."""
    if survey.state != SurveyState.DRAFT and (frozen := questionnaire_of(survey)):
        return read_frozen(frozen)
    return FrozenQuestionnaire(0, 0, compose(survey))


def outline_of(survey: Survey) -> Outline:
    """The questionnaire of `survey` at a glance, in its source language."""
    shown = questionnaire_to_show(survey)
    content = shown.content
    language = content.languages[0]
    designs = designs_by_group(survey)
    reworded_by_group = _reworded(content)
    everything = tuple(item.position for item in content.items)
    # No group has the number 0, so this is the sheet without anybody's own words.
    common = shown.sheet(0, language)
    codes = tuple(dict.fromkeys(item.code for item in content.items))
    not_for: dict[str, list[str]] = {code: [] for code in codes}
    reworded_for: dict[str, list[str]] = {code: [] for code in codes}
    groups = []
    for group in survey.assessment.groups.all():
        positions = content.groups[group.pk].positions if group.pk in content.groups else everything
        asked = {content.items[position].code for position in positions}
        reworded = reworded_by_group.get(group.code, set()) & asked
        own_introduction = bool(content.text(f"group.{group.code}.introduction", language))
        for code in codes if len(asked) < len(codes) else ():
            if code not in asked:
                not_for[code].append(group.name)
        for code in reworded:
            reworded_for[code].append(group.name)
        # Most groups read what all read: with fifty of them, theirs need not be put together and timed each.
        is_common = positions == everything and not (reworded or own_introduction)
        sheet = common if is_common else shown.sheet(group.pk, language)
        design = designs.get(group.pk)
        groups.append(
            OutlinedGroup(
                group,
                len(asked),
                len(reworded),
                own_introduction,
                sheet.minutes,
                design.target if design else None,
                people_in(group, design),
            )
        )
    issues = tuple(
        OutlinedIssue(
            code,
            content.text(f"issue.{code}.name", language),
            content.text(f"issue.{code}.description", language),
            tuple(not_for[code]),
            tuple(reworded_for[code]),
        )
        for code in codes
    )
    return Outline(content, common, issues, tuple(groups))


def _reworded(content: Content) -> dict[str, set[str]]:
    """By the code of a group, the codes of the issues that it reads in words of its own."""
    found: dict[str, set[str]] = {}
    for key in content.texts[content.languages[0]]:
        # group.<code>.issue.<code>.name or .description; a code is a slug, without dots.
        parts = key.split(".")
        if len(parts) == 5 and parts[0] == "group":
            found.setdefault(parts[1], set()).add(parts[3])
    return found


def is_anonymity_chosen(assessment: Assessment) -> bool:
    """Whether somebody has looked at the question and saved an answer. The audit trail knows."""
    events = assessment.organisation.events.filter(subject=assessment.slug)
    return bool(events.filter(summary__startswith=ANONYMITY_CHOSEN).exists())
