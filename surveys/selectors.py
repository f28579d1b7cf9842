"""Reads of the survey, always of one organisation's assessment."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils import timezone

from accounts.models import Organisation
from scoping.models import Assessment, StakeholderGroup
from surveys import rows
from surveys.answers import MISSING, ON_ISSUE, OVERALL, Reading, reading_of
from surveys.folded import FoldedSurvey, GroupAnswers
from surveys.frozen import FrozenQuestionnaire, Sheet
from surveys.links import AnswerLink
from surveys.models import Comment, CommentKind, Draft, GroupTally, Item, Questionnaire, Response, Survey, SurveyLink
from surveys.partition import protections
from surveys.release import read, shows_all, visible
from surveys.rows import GroupKey
from surveys.tally import Tally
from surveys.turnout import people_by_group

LONGEST_TITLE = 200


@dataclass(frozen=True)
class GroupProgress:
    """Who has answered, for one group.

    Attributes
    ----------
    people_counted, people_waiting : answers of people that are in the tallies, and that soon will be.
    simulated_counted, simulated_waiting : the same of simulated answers.
    stands_in : whether the survey's simulated answers stand in for people's.
    """

    group: StakeholderGroup
    link: SurveyLink | None
    people_counted: int
    people_waiting: int
    simulated_counted: int
    simulated_waiting: int
    stands_in: bool

    @property
    def people(self) -> int:
        return self.people_counted + self.people_waiting

    @property
    def simulated(self) -> int:
        """Simulated answers, as long as they stand in."""
        return self.simulated_counted + self.simulated_waiting if self.stands_in else 0

    @property
    def set_aside(self) -> int:
        """Simulated answers that do not count, since people's do."""
        return 0 if self.stands_in else self.simulated_counted + self.simulated_waiting

    @property
    def answers(self) -> int:
        """All that came, without what is set aside."""
        return self.people + self.simulated

    @property
    def waiting(self) -> int:
        """Of the answers, those that are in no tally yet."""
        return self.people_waiting + (self.simulated_waiting if self.stands_in else 0)

    @property
    def not_counted(self) -> int:
        """Of the answers, those that no result is made of yet: people's too, as long as simulated ones stand in."""
        return self.people + self.simulated_waiting if self.stands_in else self.people_waiting

    @property
    def standing(self) -> int:
        """Answers of the kind that results are made of."""
        return self.simulated if self.stands_in else self.people


@dataclass(frozen=True)
class BothKinds:
    """A survey that holds simulated answers and people's: how many, and whether the simulated ones stand in."""

    people: int
    simulated: int
    stands_in: bool
    k: int

    @property
    def first(self) -> int:
        """Answers of one group with which people's are shown while the survey is open (surveys/release.py)."""
        return 2 * self.k


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

    Simulated answers and people's are never in one result: simulated ones stand in as long as nothing of people's can
    be shown, and from then on people's are all there is. What may be shown of those does not depend on simulated ones.

    None before the survey was opened for the first time.
    """
    versions = Questionnaire.objects.filter(survey__assessment=assessment).select_related("survey")
    questionnaire = versions.order_by("-version").first()
    if questionnaire is None:
        return None
    items = list(questionnaire.items.select_related("issue"))
    asked = list(assessment.groups.all())
    people = people_by_group(questionnaire.survey, asked)
    ended = not questionnaire.survey.takes_answers(timezone.now())
    # One statement reads all groups, so no fold can come between two of them.
    counted = read(questionnaire.tallies.all(), ended=ended)
    waiting = rows.count_untallied(questionnaire.pk)
    shown = _shown(questionnaire, items, people, asked, counted, ended=ended)
    folded = replace(shown, untallied=sum(waiting.values()))
    late = sum(number for (_, simulated), number in waiting.items() if simulated)
    if not late and not any(answers.simulated.respondents for answers in folded.groups):
        return folded
    return _of_one_kind(folded, {row.group_id: row.respondents for row in counted if not row.simulated}, late)


def _shown(
    questionnaire: Questionnaire,
    items: list[Item],
    people: Mapping[int, int | None],
    asked: Sequence[StakeholderGroup],
    counted: Sequence[GroupTally],
    *,
    ended: bool,
) -> FoldedSurvey:
    """What may be shown of the tallies `counted`, by itself, both kinds; `people` are the headcounts of the groups."""
    k = questionnaire.survey.minimum_group
    nobody = Tally.empty(len(items), (questionnaire.scale_low, questionnaire.scale_high))
    rows_of = {(row.group_id, row.simulated): row for row in counted}
    groups = []
    for group in asked:
        shown = {}
        for is_simulated in (False, True):
            row = rows_of.get((group.pk, is_simulated))
            shown[is_simulated] = (visible(row, ended=ended, k=k) if row else None) or nobody
        of_people = rows_of.get((group.pk, False))
        held_back = of_people.respondents - shown[False].respondents if of_people else 0
        is_whole = of_people is None or shows_all(of_people, shown[False], ended=ended)
        groups.append(GroupAnswers(group, shown[False], shown[True], max(held_back, 0), is_whole, people.get(group.pk)))
    return FoldedSurvey(questionnaire, items, groups, untallied=0)


def _of_one_kind(survey: FoldedSurvey, people_counted: Mapping[int, int], simulated_late: int) -> FoldedSurvey:
    """`survey`, which holds simulated answers, with those that stand.

    Parameters
    ----------
    people_counted : by group, how many people's answers are counted, shown or not.
    simulated_late : how many simulated answers are not counted yet.
    """
    nobody = Tally.empty(len(survey.items), (survey.questionnaire.scale_low, survey.questionnaire.scale_high))
    if _tells_of_people(survey):
        set_aside = sum(answers.simulated.respondents for answers in survey.groups) + simulated_late
        groups = [replace(answers, simulated=nobody) for answers in survey.groups]
        return replace(survey, groups=groups, untallied=survey.untallied - simulated_late, set_aside=set_aside)
    groups = [
        replace(answers, people=nobody, held_back=people_counted.get(answers.group.pk, 0), is_whole=True)
        for answers in survey.groups
    ]
    people_late = survey.untallied - simulated_late
    # So few people can be in no result once they are counted.
    if sum(people_counted.values()) + people_late < survey.questionnaire.survey.minimum_group:
        people_late = 0
    return replace(survey, groups=groups, untallied=simulated_late + people_late, stands_in=True)


def _tells_of_people(survey: FoldedSurvey) -> bool:
    """Whether anything of people's answers is left to show where small groups are protected."""
    return any(protection.told.any() or protection.pools for _, protection in protections(survey))


def progress_by_group(survey: Survey) -> list[GroupProgress]:
    """Answers so far for each group of the assessment.

    Its cost does not depend on how many people answered: counted answers come from the tallies, waiting ones
    from the index over what is not tallied.
    """
    questionnaire = questionnaire_of(survey)
    links = {link.group_id: link for link in survey.links.all()}
    counted: Counter[GroupKey] = Counter()
    waiting: Counter[GroupKey] = Counter()
    if questionnaire is not None:
        tallied = questionnaire.tallies.values_list("group_id", "simulated", "respondents")
        counted.update({(group_id, simulated): respondents for group_id, simulated, respondents in tallied})
        waiting.update(rows.count_untallied(questionnaire.pk))
    stands_in = any(answers for (_, simulated), answers in (counted + waiting).items() if simulated)
    groups = list(survey.assessment.groups.all())
    if stands_in and questionnaire and any(not simulated for _, simulated in counted):
        ended = not questionnaire.survey.takes_answers(timezone.now())
        of_people = read(questionnaire.tallies.filter(simulated=False), ended=ended)
        items = list(questionnaire.items.all())
        stands_in = not _tells_of_people(_shown(questionnaire, items, {}, groups, of_people, ended=ended))
    return [
        GroupProgress(
            group=group,
            link=links.get(group.pk),
            people_counted=counted[group.pk, False],
            people_waiting=waiting[group.pk, False],
            simulated_counted=counted[group.pk, True],
            simulated_waiting=waiting[group.pk, True],
            stands_in=stands_in,
        )
        for group in groups
    ]


def both_kinds(groups: Sequence[GroupProgress], *, k: int) -> BothKinds | None:
    """What pages say where a survey holds both kinds of answers; None where it holds one of them, or none.

    Parameters
    ----------
    groups : of one survey, as `progress_by_group` gives them.
    k : the smallest number of people whose result is shown.
    """
    people = sum(progress.people for progress in groups)
    simulated = sum(progress.simulated + progress.set_aside for progress in groups)
    return BothKinds(people, simulated, groups[0].stands_in, k) if people and simulated else None


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
