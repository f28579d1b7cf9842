"""The process as pages show it: the stages of ATRenew's 2021 figure, each with what is done, by whom, and what is next.

Pure but for `activity_of`: facts in, stages out.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from accounts.models import Organisation
from accounts.selectors import lines_of
from materiality.facts import ConfirmationRecord, Facts
from materiality.models import ProposalState
from scoping.models import Phase, ProcessStage, Side, SourceKind, Standing
from scoping.selectors.record import NoteRecord
from scoping.wording import counted, ended, listed, noun, on_day

# Enough for a year of work; older lines would not change who has worked on a stage.
MOST_LINES = 1000
# The first of these words among the first words of a line of the audit trail says which stage it is about.
STAGE_WORDS = {
    ProcessStage.DIALOGUE: "group groups channel channels concern concerns contact contacts score scores scored weight",
    ProcessStage.DETERMINING: "issue issues mention mentions library libraries merged unmerged",
    ProcessStage.CRITERIA: "criterion criteria screening short mark marks marked decided undid",
    ProcessStage.RESULTS: "survey answers method tiers tier simulated recount",
    ProcessStage.CONFIRMATION: "proposed proposal confirmed confirmation returned published",
}
# Lines that begin so are about the whole assessment.
ABOUT_ALL = ("loaded the case", "created the assessment", "carried forward")
STAGE_OF_WORD = {word: stage for stage, words in STAGE_WORDS.items() for word in words.split()}


@dataclass(frozen=True)
class Fact:
    """One thing that is done, as a label and what it amounts to."""

    label: str
    value: str


@dataclass(frozen=True)
class Next:
    """The one next step of a stage, and the page where it is taken."""

    text: str
    page: str
    stage: str = ""


@dataclass(frozen=True)
class Worked:
    """Who has worked on a stage, and when last."""

    people: tuple[str, ...]
    last: date

    def __str__(self) -> str:
        return f"{listed(self.people, most=4)}, last on {on_day(self.last)}"


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
            name=str(stage.label),
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
        return f"{len(scope.groups)} {noun(len(scope.groups), 'group')}"
    if stage == ProcessStage.DETERMINING:
        return f"{scope.listed} {noun(scope.listed, 'issue')} on the list"
    if stage == ProcessStage.CRITERIA:
        if scope.decision:
            return f"decided on {on_day(scope.decision.decided_on)}"
        return "noted" if done else "not decided"
    if stage == ProcessStage.RESULTS:
        if not facts.with_survey:
            return "the list is the result"
        if facts.survey is None:
            return "not asked yet"
        return f"{facts.survey.answers:,} {noun(facts.survey.answers, 'answer')}"
    if facts.confirmation:
        return _confirmed_when(facts.confirmation)
    return "noted" if done else "not recorded"


def _confirmed_when(record: ConfirmationRecord) -> str:
    if record.state == ProposalState.CONFIRMED and record.confirmed_on:
        return f"confirmed on {on_day(record.confirmed_on)}"
    told: dict[str, str] = {ProposalState.OPEN: "waiting", ProposalState.RETURNED: "returned"}
    return told.get(record.state, "void")


def _remark(stage: ProcessStage, facts: Facts) -> str:
    """What a reader must know about the stage beside its facts."""
    if stage == ProcessStage.CONFIRMATION and facts.confirmation is None:
        if facts.scope.is_confirmed:
            return "A note records who confirmed the result. It was not proposed here."
        return "Nothing was proposed yet. Where a result was confirmed elsewhere, a note records by whom, and when."
    if stage == ProcessStage.CONFIRMATION and facts.confirmation and facts.confirmation.because:
        return f"{facts.confirmation.body}: {ended(facts.confirmation.because)}"
    if stage == ProcessStage.CRITERIA and facts.scope.decision is None and facts.scope.listed:
        return "No short list was decided here, so every issue on the list counts."
    if stage == ProcessStage.RESULTS and not facts.with_survey:
        return "This assessment holds no survey. Its list of issues is the result."
    if stage == ProcessStage.RESULTS and facts.survey and facts.survey.simulated:
        some = (
            "All answers" if facts.survey.simulated == facts.survey.answers else f"{facts.survey.simulated:,} answers"
        )
        return f"{some} are simulated: they show how the method works, and are not the view of any stakeholder."
    return ""


# --- what is done -----------------------------------------------------------------------------------------
def _dialogue(facts: Facts) -> Iterable[Fact]:
    scope = facts.scope
    if not scope.groups:
        return
    inside, outside = len(scope.on(Side.INTERNAL)), len(scope.on(Side.EXTERNAL))
    yield Fact("Stakeholder groups", f"{len(scope.groups)}: {inside} internal, {outside} external")
    channels = sum(group.channels for group in scope.groups)
    reached = sum(group.channels > 0 for group in scope.groups)
    yield Fact("Channels", f"{channels}, with {reached} of {len(scope.groups)} groups" if channels else "none")
    concerns = sum(group.concerns for group in scope.groups)
    answered = sum(group.answered_concerns for group in scope.groups)
    response = "all" if answered == concerns else answered or "none"
    yield Fact("Topics of concern", f"{concerns}, {response} with a response" if concerns else "none")
    scored = sum(group.is_scored for group in scope.groups)
    attributes = listed(scope.attributes)
    yield Fact(f"Scored on {attributes}", f"{scored} of {len(scope.groups)} groups")
    yield Fact("Contact people", f"{scope.contacts:,}" if scope.contacts else "none")


def _determining(facts: Facts) -> Iterable[Fact]:
    scope = facts.scope
    if not scope.found:
        return
    for kind in SourceKind:
        number = scope.mentions.get(kind, 0)
        yield Fact(str(kind.label), f"{number:,} {noun(number, 'mention')}" if number else "none")
    if scope.carried_over:
        yield Fact(f"Carried over from {scope.previous_period}", f"{scope.carried_over:,}")
    if scope.libraries:
        yield Fact("Libraries", listed(scope.libraries))
    yield Fact("Long list", f"{scope.found:,} {noun(scope.found, 'issue')}")
    for standing, label in ((Standing.MERGED, "Merged into others"), (Standing.LEFT_OUT, "Screened out")):
        if moved := scope.standings.get(standing):
            yield Fact(label, f"{moved:,}")
    yield Fact("On the list now", f"{scope.listed:,}")
    if waiting := scope.standings.get(Standing.NEXT):
        yield Fact("Noted for the next assessment", f"{waiting:,}")


def _criteria(facts: Facts) -> Iterable[Fact]:
    scope = facts.scope
    decision = scope.decision
    names = decision.criteria if decision and decision.criteria else scope.criteria
    if names and (decision or scope.markers or scope.notes_on(ProcessStage.CRITERIA)):
        yield Fact("Criteria", "; ".join(names))
    markers = decision.markers if decision else scope.markers
    if markers:
        yield Fact("Marked by", counted(markers, "person", "people"))
    if decision is None:
        return
    by = f" by {decision.decided_by}" if decision.decided_by else ""
    yield Fact(f"Decision, version {decision.version}", f"{on_day(decision.decided_on)}{by}")
    yield Fact("On the short list", f"{decision.listed} of {decision.of} issues")
    if decision.against:
        yield Fact("Against the marks", f"{counted(decision.against, 'issue')}, each with a reason")
    if decision.remark:
        yield Fact("Recorded with it", decision.remark)
    if scope.next_version:
        yield Fact("For the next assessment", f"version {scope.next_version}")


def _results(facts: Facts) -> Iterable[Fact]:
    survey, run = facts.survey, facts.run
    if not facts.with_survey and facts.scope.listed:
        yield Fact("Issues", f"{facts.scope.listed}")
        if facts.scope.categories:
            yield Fact("Categories", f"{facts.scope.categories}")
    if survey:
        yield Fact("Survey opened", on_day(survey.opened_on))
        yield Fact("Survey closed", on_day(survey.closed_on) if survey.closed_on else "still open")
        yield Fact("Answers", f"{survey.answers:,} from {len(survey.heard)} of {len(survey.groups)} groups")
        for group in survey.groups:
            yield Fact(group.name, f"{group.answers:,}" if group.answers else "none")
    if run:
        yield Fact("Newest result", f"{on_day(run.computed_on)}, {run.respondents:,} {noun(run.respondents, 'answer')}")
        yield Fact("Tiers", "; ".join(f"{name} {count}" for name, count in run.tiers))
    if run and run.moved:
        yield Fact("Tiers as computed", "; ".join(f"{name} {count}" for name, count in run.computed))
        yield Fact("By decision in another tier", f"{counted(run.moved, 'issue')}, each with a reason")
    if facts.scope.published:
        yield Fact("Published tiers", "; ".join(f"{name} {count}" for name, count in facts.scope.published))


def _confirmation(facts: Facts) -> Iterable[Fact]:
    record = facts.confirmation
    if record is None:
        return
    yield Fact("Proposed to", f"{record.body}, on {on_day(record.proposed_on)} (proposal {record.number})")
    if record.meeting_on:
        yield Fact("Meeting", on_day(record.meeting_on))
    for one in record.signed:
        did = "Confirmed by" if one.confirms else "Returned by"
        yield Fact(did, f"{one.name} ({one.role}), with {one.means}, on {on_day(one.on)}")
    if record.confirmed_on:
        yield Fact("Confirmed", on_day(record.confirmed_on))
    elif record.state == ProposalState.OPEN:
        yield Fact("Confirmed", f"by {len(record.signers)} of {record.people_needed}")
    if record.state == ProposalState.VOID and record.ended_on:
        yield Fact("Void since", on_day(record.ended_on))
    yield Fact("Public report", "can be read by anybody" if record.is_public else "none")


FACTS = {
    ProcessStage.DIALOGUE: _dialogue,
    ProcessStage.DETERMINING: _determining,
    ProcessStage.CRITERIA: _criteria,
    ProcessStage.RESULTS: _results,
    ProcessStage.CONFIRMATION: _confirmation,
}


# --- what is next -----------------------------------------------------------------------------------------
def _next_dialogue(facts: Facts) -> Next | None:
    groups = facts.scope.groups
    if not groups:
        return Next("Add the stakeholder groups", "scoping:stakeholders")
    if not any(group.channels for group in groups):
        return Next("Record the channels of communication", "scoping:stakeholders")
    if not all(group.is_scored for group in groups):
        return Next(f"Score {listed(facts.scope.attributes)}", "scoping:scores")
    return None


def _next_determining(facts: Facts) -> Next | None:
    if facts.scope.listed < 2:
        return Next("Build the long list", "scoping:long-list")
    if missing := facts.scope.without_source:
        return Next(
            f"Record where {counted(missing, 'issue')} {noun(missing, 'comes', 'come')} from", "scoping:long-list"
        )
    return None


def _next_criteria(facts: Facts) -> Next | None:
    scope = facts.scope
    if new := scope.since_decision:
        return Next(f"Screen the {noun(new, 'issue')} that {noun(new, 'has', 'have')} come since", "scoping:screening")
    if scope.decision or scope.notes_on(ProcessStage.CRITERIA):
        return None
    if facts.phase == Phase.SCOPING and scope.listed:
        return Next("Mark the issues, then decide the short list", "scoping:screening")
    if scope.listed:
        return Next("Note how the list was chosen", "scoping:note-new", ProcessStage.CRITERIA)
    return None


def _next_results(facts: Facts) -> Next | None:
    if not facts.with_survey:
        return Next("Read the list", "scoping:issue-table") if facts.scope.listed else None
    if facts.survey is None:
        return Next("Open the survey", "surveys:survey")
    if not facts.survey.answers:
        return Next("Share the links of the survey", "surveys:survey")
    return Next("Read the results" if facts.run else "Compute the results", "materiality:results")


def _next_confirmation(facts: Facts) -> Next | None:
    record = facts.confirmation
    if record is None:
        has_result = facts.run is not None or (not facts.with_survey and facts.scope.listed > 0)
        if facts.scope.is_confirmed or not has_result:
            return None
        return Next("Put the result before a committee or board", "materiality:confirmation")
    if record.state == ProposalState.CONFIRMED:
        return None if record.is_public else Next("Publish the result", "materiality:publish")
    if record.state == ProposalState.OPEN:
        return Next("See who still has to confirm", "materiality:confirmation")
    return Next("Propose the result again", "materiality:confirmation")


NEXT = {
    ProcessStage.DIALOGUE: _next_dialogue,
    ProcessStage.DETERMINING: _next_determining,
    ProcessStage.CRITERIA: _next_criteria,
    ProcessStage.RESULTS: _next_results,
    ProcessStage.CONFIRMATION: _next_confirmation,
}


# --- by whom ----------------------------------------------------------------------------------------------
def activity_of(organisation: Organisation, slug: str) -> dict[str, Worked]:
    """Who has worked on which stage, as the audit trail tells."""
    people: dict[str, dict[str, None]] = {}
    last: dict[str, datetime] = {}
    for actor, summary, at in lines_of(organisation, slug, MOST_LINES):
        stage = stage_of(summary)
        if stage and actor:
            people.setdefault(stage, {}).setdefault(actor)
            last.setdefault(stage, at)  # the newest comes first
    return {stage: Worked(tuple(names), timezone.localtime(last[stage]).date()) for stage, names in people.items()}


def stage_of(summary: str) -> ProcessStage | None:
    """The stage that a line of the audit trail is about, by the first word that tells."""
    if summary.startswith(ABOUT_ALL):
        return None
    words = re.findall(r"[a-z]+", " ".join(summary.split()[:6]).lower())
    return next((STAGE_OF_WORD[word] for word in words if word in STAGE_OF_WORD), None)
