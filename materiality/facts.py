"""The facts from which the pages of the process and the method statement are written: scope, survey, newest result.

Plain values, gathered in a fixed number of queries; sentences among them are in the language of the page. What the
facts mean in words is said elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation
from materiality.confirmation.selectors import confirmed_on, newest_proposal, why_ended
from materiality.models import CurrentRun, ProposalState, Signature, Verdict
from materiality.results import method_sentence
from materiality.review.decided import decide, moved_by_decision
from materiality.review.selectors import given_tiers, overrides_of
from materiality.scoring.method import Method
from scoping.models import Assessment, Phase
from scoping.selectors.record import ScopeRecord, record_of
from surveys import wording
from surveys.content import Content
from surveys.models import Survey
from surveys.monitor import left_out_of
from surveys.selectors import progress_by_group, questionnaire_of, survey_of
from surveys.withholding import told_here


@dataclass(frozen=True)
class GroupAnswered:
    name: str
    answers: int
    simulated: int = 0


@dataclass(frozen=True)
class SurveyRecord:
    """A survey that was opened: when, what was asked and how, who answered, and which answers do not count.

    `task` follows "was asked to"; `axes`, `scoring` and `protection` are whole sentences, or empty. Results of fewer
    than `minimum_group` people are not shown. Of a group from which fewer than `fewest` answers came it is told that
    there are some, not how many; members, who see the number of each group, read it with `fewest` = 1.
    """

    opened_on: date
    closed_on: date | None
    issues: int
    task: str
    groups: tuple[GroupAnswered, ...]
    axes: str = ""
    scoring: str = ""
    protection: str = ""
    left_out: tuple[str, ...] = ()
    minimum_group: int = 1
    fewest: int = 1

    @property
    def answers(self) -> int:
        return sum(group.answers for group in self.groups)

    @property
    def simulated(self) -> int:
        return sum(group.simulated for group in self.groups)

    @property
    def heard(self) -> tuple[GroupAnswered, ...]:
        return tuple(group for group in self.groups if group.answers)

    @property
    def silent(self) -> tuple[GroupAnswered, ...]:
        return tuple(group for group in self.groups if not group.answers)


@dataclass(frozen=True)
class RunRecord:
    """The result that the pages show: when it was computed, from how many answers, how, and the tiers it made.

    Where the working group decided otherwise, `tiers` are as decided, `computed` as they came out of the analysis, and
    `moved` issues stand in another tier than computed.
    """

    computed_on: date
    respondents: int
    simulated: int
    method: str
    tiers: tuple[tuple[str, int], ...]
    computed: tuple[tuple[str, int], ...] = ()
    moved: int = 0


@dataclass(frozen=True)
class SignedBy:
    """Who signed, as they were then. `role` and `means` are values of Role and Signature.Means."""

    name: str
    role: str
    means: str
    on: date
    confirms: bool = True
    remark: str = ""


@dataclass(frozen=True)
class ConfirmationRecord:
    """The newest proposal that was not taken back. `state` is one of ProposalState."""

    state: str
    body: str
    number: int
    proposed_on: date
    meeting_on: date | None = None
    confirmed_on: date | None = None
    ended_on: date | None = None
    because: str = ""
    people_needed: int = 1
    signed: tuple[SignedBy, ...] = ()
    is_public: bool = False

    @property
    def signers(self) -> tuple[SignedBy, ...]:
        return tuple(one for one in self.signed if one.confirms)


@dataclass(frozen=True)
class Facts:
    """Everything that was done in one assessment."""

    name: str
    company: str
    period: str
    with_survey: bool = True
    phase: str = Phase.SCOPING
    scope: ScopeRecord = field(default_factory=ScopeRecord)
    survey: SurveyRecord | None = None
    run: RunRecord | None = None
    confirmation: ConfirmationRecord | None = None

    @property
    def is_confirmed(self) -> bool:
        """Here, or as a note says as long as nothing was proposed here."""
        if self.confirmation:
            return self.confirmation.state == ProposalState.CONFIRMED
        return self.scope.is_confirmed


def facts_of(*, organisation: Organisation, assessment: Assessment) -> Facts:
    # Opening the survey ends the phase of scoping: until then there is nothing to be read.
    opened = assessment.phase != Phase.SCOPING
    survey = survey_of(organisation=organisation, assessment=assessment) if opened else None
    return Facts(
        name=assessment.name,
        company=assessment.company,
        period=assessment.reporting_period,
        with_survey=assessment.with_survey,
        phase=assessment.phase,
        scope=record_of(assessment),
        survey=_survey(survey) if survey else None,
        run=_run(organisation, assessment) if survey else None,
        confirmation=_confirmation(assessment) if opened or not assessment.with_survey else None,
    )


def _survey(survey: Survey) -> SurveyRecord | None:
    questionnaire = questionnaire_of(survey)
    if questionnaire is None or survey.opened_at is None:
        return None
    content = Content.from_json(questionnaire.content)
    # A closing date works by itself, even before a worker has seen it.
    ended = None if survey.takes_answers(timezone.now()) else survey.closed_at or survey.closes_at
    return SurveyRecord(
        opened_on=_day(survey.opened_at),
        closed_on=_day(ended) if ended else None,
        issues=len({item.code for item in content.items}),
        task=wording.task(content),
        axes=wording.axes(content),
        scoring=wording.scoring(content),
        protection=wording.anonymity(content, survey.minimum_group),
        left_out=tuple(
            _("%(answers)s (%(label)s: %(reason)s)")
            % {"answers": one.answers, "label": _(one.label), "reason": one.reason}
            for one in left_out_of(survey, words=told_here)
        ),
        groups=tuple(
            GroupAnswered(progress.group.name, progress.standing, progress.simulated)
            for progress in progress_by_group(survey)
        ),
        minimum_group=survey.minimum_group,
    )


def _run(organisation: Organisation, assessment: Assessment) -> RunRecord | None:
    current = CurrentRun.objects.filter(assessment=assessment, assessment__organisation=organisation)
    given = given_tiers(overrides_of(assessment))
    # The results themselves are large; of them only the sizes of the tiers are read, unless some were decided.
    row = current.values(
        "run__created_at",
        "run__respondents",
        "run__simulated_respondents",
        "run__parameters",
        "run__results__tiers",
        *(["run__results__issues"] if given else []),
    ).first()
    if row is None:
        return None
    tiers: Sequence[dict[str, Any]] = row["run__results__tiers"]
    moved = 0
    if given:
        decided = decide({"tiers": tiers, "issues": row["run__results__issues"]}, given)
        tiers, moved = decided["tiers"], len(moved_by_decision(decided))
    return run_record(
        computed_at=row["run__created_at"],
        respondents=row["run__respondents"],
        simulated=row["run__simulated_respondents"],
        method=row["run__parameters"],
        tiers=tiers,
        moved=moved,
    )


def run_record(
    *,
    computed_at: datetime,
    respondents: int,
    simulated: int,
    method: dict[str, Any],
    tiers: Sequence[Mapping[str, Any]],
    moved: int,
) -> RunRecord:
    """
    Parameters
    ----------
    tiers : of a decided result, as its document has them.
    moved : how many issues stand in another tier than computed.
    """
    return RunRecord(
        computed_on=_day(computed_at),
        respondents=respondents,
        simulated=simulated,
        method=method_sentence(Method.from_dict(method)),
        tiers=tuple((tier["name"], tier["count"]) for tier in tiers),
        computed=tuple((tier["name"], tier.get("computed_count", tier["count"])) for tier in tiers) if moved else (),
        moved=moved,
    )


def _confirmation(assessment: Assessment) -> ConfirmationRecord | None:
    newest = newest_proposal(assessment)
    if newest is None:
        return None
    proposal = newest.proposal
    return ConfirmationRecord(
        state=proposal.state,
        body=proposal.body,
        number=proposal.number,
        proposed_on=_day(proposal.proposed_at),
        meeting_on=proposal.meeting_on,
        confirmed_on=confirmed_on(proposal),
        ended_on=_day(proposal.ended_at) if proposal.ended_at else None,
        because=why_ended(proposal),
        people_needed=proposal.people_needed,
        signed=tuple(
            SignedBy(one.name, one.role, one.means, _day(one.at), one.verdict == Verdict.CONFIRM, one.remark)
            for one in Signature.objects.filter(proposal=proposal)
        ),
        is_public=newest.is_public,
    )


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()
