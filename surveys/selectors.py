"""Reads of the survey, always of one organisation's assessment."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np

from accounts.models import Organisation
from scoping.models import Assessment, StakeholderGroup
from surveys import rows
from surveys.frozen import FrozenQuestionnaire
from surveys.models import Draft, Item, Questionnaire, Response, Survey, SurveyLink
from surveys.tally import Tally


@dataclass(frozen=True)
class GroupAnswers:
    """What one stakeholder group's answers add up to; `simulated` of the tally's respondents are simulated."""

    group: StakeholderGroup
    tally: Tally
    simulated: int


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
    questionnaire = Questionnaire.objects.filter(survey__assessment=assessment).order_by("-version").first()
    if questionnaire is None:
        return None
    items = list(questionnaire.items.select_related("issue"))
    # One statement reads all groups, so no fold can come between two of them.
    tallies: dict[int, list[Any]] = {}
    for row in questionnaire.tallies.all():
        tallies.setdefault(row.group_id, []).append(row)
    groups = []
    for group in assessment.groups.all():
        tally = Tally.empty(len(items), (questionnaire.scale_low, questionnaire.scale_high))
        for row in tallies.get(group.pk, []):
            tally += Tally.from_bytes(bytes(row.packed))
        simulated = sum(row.respondents for row in tallies.get(group.pk, []) if row.simulated)
        groups.append(GroupAnswers(group, tally, simulated))
    untallied = sum(rows.count_untallied(questionnaire.pk).values())
    return FoldedSurvey(questionnaire, items, groups, untallied)


def ratings_of(questionnaire: Questionnaire, group: StakeholderGroup) -> np.ndarray:
    """The counted answers of a group, shape (respondents, items), uint8, 0 = no answer.

    For groups small enough to be resampled person by person. Rows are sorted by their content: they must not
    show an order of arrival, and the same answers must give the same array.
    """
    answers = Response.objects.filter(questionnaire=questionnaire, group=group, tallied=True)
    packed = sorted(bytes(ratings) for ratings in answers.values_list("ratings", flat=True))
    return np.frombuffer(b"".join(packed), dtype=np.uint8).reshape(len(packed), questionnaire.items.count())


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


def draft_ratings(key: UUID, questionnaire: FrozenQuestionnaire) -> bytes | None:
    """The unsent ratings of that key; None when there are none for this version of the questionnaire."""
    drafts = Draft.objects.filter(pk=key, questionnaire_id=questionnaire.id)
    ratings = drafts.values_list("ratings", flat=True).first()
    return None if ratings is None else bytes(ratings)
