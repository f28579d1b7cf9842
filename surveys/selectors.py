"""Reads of the survey, always of one organisation's assessment."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from accounts.models import Organisation
from scoping.models import Assessment, StakeholderGroup
from surveys import rows
from surveys.answers import MISSING, ON_ISSUE, OVERALL, Reading, reading_of
from surveys.frozen import FrozenQuestionnaire, Sheet
from surveys.links import AnswerLink
from surveys.models import Comment, CommentKind, Draft, Item, Questionnaire, Response, Survey, SurveyLink
from surveys.release import shows_all, visible
from surveys.tally import Tally
from surveys.turnout import people_by_group

LONGEST_TITLE = 200


@dataclass(frozen=True)
class GroupAnswers:
    """What one stakeholder group's answers add up to, as far as it may be shown.

    Attributes
    ----------
    people : the answers of respondents.
    simulated : the simulated answers.
    held_back : respondents who are counted, and join what is shown when more have come (surveys/release.py).
    is_whole : whether all that is counted is shown.
    population : how many people the group has for this survey; None where nobody knows.
    """

    group: StakeholderGroup
    people: Tally
    simulated: Tally
    held_back: int
    is_whole: bool
    population: int | None

    @property
    def tally(self) -> Tally:
        return self.people + self.simulated


@dataclass(frozen=True)
class FoldedSurvey:
    """Everything that an analysis starts from: the questions, a tally per group, what is not counted yet."""

    questionnaire: Questionnaire
    items: list[Item]
    groups: list[GroupAnswers]
    untallied: int


@dataclass(frozen=True)
class GroupProgress:
    """Who has answered, for one group. `counted` are in the tallies, `waiting` will be soon."""

    group: StakeholderGroup
    link: SurveyLink | None
    counted: int
    waiting: int
    simulated: int

    @property
    def answers(self) -> int:
        return self.counted + self.waiting


def survey_of(*, organisation: Organisation, assessment: Assessment) -> Survey | None:
    """The survey of `assessment`; None before one is prepared."""
    surveys = Survey.objects.filter(assessment=assessment, assessment__organisation=organisation)
    return surveys.select_related("assessment__organisation").first()


def untouched_survey(assessment: Assessment) -> Survey:
    """The survey that `assessment` would have, not stored: for pages that show it before anybody changed it."""
    return Survey(assessment=assessment, title=default_title(assessment))


def default_title(assessment: Assessment) -> str:
    return f"What should {assessment.company} pay most attention to?"[:LONGEST_TITLE]


def link_of(survey: Survey, *, group_code: str) -> SurveyLink | None:
    """The link of one group; None before the survey was opened, and for a group that came later."""
    return survey.links.filter(group__code=group_code).first()


def questionnaire_of(survey: Survey) -> Questionnaire | None:
    """The newest frozen version; None before the survey was opened."""
    return survey.questionnaires.order_by("-version").first()


def tallies_of(assessment: Assessment) -> FoldedSurvey | None:
    """The counted answers of `assessment`, groups in their order, those without answers with an empty tally.

    None before the survey was opened for the first time.
    """
    versions = Questionnaire.objects.filter(survey__assessment=assessment).select_related("survey")
    questionnaire = versions.order_by("-version").first()
    if questionnaire is None:
        return None
    items = list(questionnaire.items.select_related("issue"))
    ended = not questionnaire.survey.takes_answers(timezone.now())
    k = questionnaire.survey.minimum_group
    nobody = Tally.empty(len(items), (questionnaire.scale_low, questionnaire.scale_high))
    # One statement reads all groups, so no fold can come between two of them. What is on its way to be shown is large
    # and not needed.
    rows_of = {(row.group_id, row.simulated): row for row in questionnaire.tallies.defer("next")}
    asked = list(assessment.groups.all())
    people = people_by_group(questionnaire.survey, asked)
    groups = []
    for group in asked:
        shown = {}
        for is_simulated in (False, True):
            row = rows_of.get((group.pk, is_simulated))
            shown[is_simulated] = (visible(row, ended=ended, k=k) if row else None) or nobody
        counted = rows_of.get((group.pk, False))
        held_back = counted.respondents - shown[False].respondents if counted else 0
        is_whole = counted is None or shows_all(counted, shown[False])
        groups.append(GroupAnswers(group, shown[False], shown[True], max(held_back, 0), is_whole, people[group.pk]))
    untallied = sum(rows.count_untallied(questionnaire.pk).values())
    return FoldedSurvey(questionnaire, items, groups, untallied)


def progress_by_group(survey: Survey) -> list[GroupProgress]:
    """Answers so far for each group of the assessment.

    Its cost does not depend on how many people answered: counted answers come from the tallies, waiting ones
    from the index over what is not tallied.
    """
    questionnaire = questionnaire_of(survey)
    links = {link.group_id: link for link in survey.links.all()}
    counted: Counter[int] = Counter()
    waiting: Counter[int] = Counter()
    simulated: Counter[int] = Counter()
    if questionnaire is not None:
        tallied = questionnaire.tallies.values_list("group_id", "simulated", "respondents")
        untallied = rows.count_untallied(questionnaire.pk)
        for group_id, is_simulated, respondents in tallied:
            counted[group_id] += respondents
            simulated[group_id] += respondents * is_simulated
        for (group_id, is_simulated), respondents in untallied.items():
            waiting[group_id] += respondents
            simulated[group_id] += respondents * is_simulated
    return [
        GroupProgress(group, links.get(group.pk), counted[group.pk], waiting[group.pk], simulated[group.pk])
        for group in survey.assessment.groups.all()
    ]


def was_sent(key: UUID) -> bool:
    """Whether the answer of that key is stored. Keys are secrets' hashes: nobody meets another's by chance."""
    return Response.objects.filter(pk=key).exists()


def draft_of(key: UUID, questionnaire: FrozenQuestionnaire) -> Reading | None:
    """What is unsent under that key; None when there is nothing for this version of the questionnaire."""
    drafts = Draft.objects.filter(pk=key, questionnaire_id=questionnaire.id)
    found = drafts.values_list("ratings", "texts").first()
    return None if found is None else Reading(bytes(found[0]), texts=found[1])


def sent_answer(link: AnswerLink, sheet: Sheet) -> Reading | None:
    """The answer that the invited person of the link has sent, as a form; None where it is not known whose it is."""
    if not link.links_people or link.invited is None:
        return None
    answers = Response.objects.filter(authorship__invitation=link.invited.invitation_id)
    response = answers.filter(questionnaire_id=link.questionnaire.id).first()
    if response is None:
        return None
    texts = {f"profile.{code}": str(number) for code, number in (response.profile or {}).items()}
    for comment in response.comments.select_related("item"):
        texts[field_of_comment(comment)] = comment.text
    return reading_of(link.questionnaire, sheet, bytes(response.ratings), texts)


def field_of_comment(comment: Comment) -> str:
    """The field of the form in which a comment was written."""
    if comment.item:
        return ON_ISSUE + comment.item.code
    return OVERALL if comment.kind == CommentKind.OVERALL else MISSING
