"""The five stages: how far each is, and what a reader must know of it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from materiality.facts import ConfirmationRecord, Facts
from materiality.models import ProposalState
from materiality.process.done import FACTS
from materiality.process.following import NEXT
from materiality.process.parts import Fact, Next
from materiality.process.work import Worked
from scoping.models import Phase, ProcessStage, Side
from scoping.selectors.record import NoteRecord
from scoping.wording import dated, typed_ended


@dataclass(frozen=True)
class Stage:
    """A stage of the process. `state` is done, now or todo, as the stepper shows it."""

    key: str
    name: str
    state: str
    when: str
    facts: tuple[Fact, ...]
    remark: str
    by: Worked | None
    next: Next | None
    notes: tuple[NoteRecord, ...]

    @property
    def url(self) -> str:
        """The place on the page: the stepper leads there."""
        return f"#{self.key}"


def process_of(facts: Facts, activity: dict[str, Worked]) -> list[Stage]:
    """The five stages, in the order of the work."""
    done = {stage: _is_done(stage, facts) for stage in ProcessStage}
    # Who opened the survey without screening has decided not to: the next stage is the one after.
    passed = {ProcessStage.CRITERIA} if facts.phase != Phase.SCOPING or not facts.with_survey else set()
    now = next((stage for stage in ProcessStage if not done[stage] and stage not in passed), None)
    return [
        Stage(
            key=stage.value,
            name=_(stage.label),
            state="done" if done[stage] else "now" if stage == now else "todo",
            when=_when(stage, facts, done=done[stage]),
            facts=tuple(FACTS[stage](facts)),
            remark=_remark(stage, facts),
            by=activity.get(stage),
            next=NEXT[stage](facts),
            notes=facts.scope.notes_on(stage),
        )
        for stage in ProcessStage
    ]


def _is_done(stage: ProcessStage, facts: Facts) -> bool:
    scope = facts.scope
    noted = bool(scope.notes_on(stage))
    if stage == ProcessStage.DIALOGUE:
        both = bool(scope.on(Side.INTERNAL) and scope.on(Side.EXTERNAL))
        return both and any(group.channels or group.concerns for group in scope.groups)
    if stage == ProcessStage.DETERMINING:
        return scope.listed >= 2 and (noted or any(scope.mentions.values()) or scope.carried_over > 0)
    if stage == ProcessStage.CRITERIA:
        return noted or scope.decision is not None
    if stage == ProcessStage.RESULTS:
        if not facts.with_survey:
            return scope.listed >= 2
        return facts.phase == Phase.RESULTS and facts.run is not None
    return facts.is_confirmed


def _when(stage: ProcessStage, facts: Facts, *, done: bool) -> str:
    scope = facts.scope
    if stage == ProcessStage.DIALOGUE:
        return ngettext("%(n)d group", "%(n)d groups", len(scope.groups)) % {"n": len(scope.groups)}
    if stage == ProcessStage.DETERMINING:
        told = ngettext("%(n)d issue on the list", "%(n)d issues on the list", scope.listed)
        return told % {"n": scope.listed}
    if stage == ProcessStage.CRITERIA:
        if scope.decision:
            return _("decided on %(day)s") % {"day": dated(scope.decision.decided_on)}
        return pgettext("stage", "noted") if done else pgettext("stage", "not decided")
    if stage == ProcessStage.RESULTS:
        if not facts.with_survey:
            return _("the list is the result")
        if facts.survey is None:
            return pgettext("stage", "not asked yet")
        answers = facts.survey.answers
        return ngettext("%(number)s answer", "%(number)s answers", answers) % {"number": f"{answers:,}"}
    if facts.confirmation:
        return _confirmed_when(facts.confirmation)
    return pgettext("stage", "noted") if done else pgettext("stage", "not recorded")


def _confirmed_when(record: ConfirmationRecord) -> str:
    if record.state == ProposalState.CONFIRMED and record.confirmed_on:
        return _("confirmed on %(day)s") % {"day": dated(record.confirmed_on)}
    if record.state == ProposalState.OPEN:
        return pgettext("stage", "waiting")
    return pgettext("stage", "returned") if record.state == ProposalState.RETURNED else pgettext("stage", "void")


def _remark(stage: ProcessStage, facts: Facts) -> str:
    """What a reader must know about the stage beside its facts."""
    if stage == ProcessStage.CONFIRMATION and facts.confirmation is None:
        if facts.scope.is_confirmed:
            return _("A note records who confirmed the result. It was not proposed here.")
        return _("Nothing was proposed yet. Where a result was confirmed elsewhere, a note records by whom, and when.")
    if stage == ProcessStage.CONFIRMATION and facts.confirmation and facts.confirmation.because:
        ended = {"body": facts.confirmation.body, "because": typed_ended(facts.confirmation.because)}
        return _("%(body)s: %(because)s") % ended
    if stage == ProcessStage.CRITERIA and facts.scope.decision is None and facts.scope.listed:
        return _("No short list was decided here, so every issue on the list counts.")
    if stage == ProcessStage.RESULTS and not facts.with_survey:
        return _("This assessment holds no survey. Its list of issues is the result.")
    if stage == ProcessStage.RESULTS and facts.survey and (simulated := facts.survey.simulated):
        if simulated == facts.survey.answers:
            return _(
                "All answers are simulated: they show how the method works, and are not the view of any stakeholder."
            )
        told = ngettext(
            "%(number)s answer is simulated: it shows how the method works, and is not the view of any stakeholder.",
            "%(number)s answers are simulated: they show how the method works, and are not the view of any "
            "stakeholder.",
            simulated,
        )
        return told % {"number": f"{simulated:,}"}
    return ""
