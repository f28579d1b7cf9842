"""What is done at each stage, as labels and what they amount to."""

from collections.abc import Callable, Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.models import Role
from materiality.facts import Facts, SignedBy
from materiality.models import ProposalState, Signature
from materiality.process.parts import Fact
from materiality.statement.finding import attribute_names
from scoping.models import ProcessStage, Side, SourceKind, Standing
from scoping.selectors.record import DecisionRecord
from scoping.wording import dated, enumerated, in_a_row, spelled


def _none() -> str:
    return pgettext("amount", "none")


def _of_groups(number: int, of: int) -> str:
    told = ngettext("%(number)d of %(of)d group", "%(number)d of %(of)d groups", of)
    return told % {"number": number, "of": of}


# --- stakeholders and issues ------------------------------------------------------------------------------
def _dialogue(facts: Facts) -> Iterable[Fact]:
    scope = facts.scope
    if not scope.groups:
        return
    told = {"n": len(scope.groups), "inside": len(scope.on(Side.INTERNAL)), "outside": len(scope.on(Side.EXTERNAL))}
    yield Fact(_("Stakeholder groups"), _("%(n)d: %(inside)d internal, %(outside)d external") % told)
    channels = sum(group.channels for group in scope.groups)
    reached = sum(group.channels > 0 for group in scope.groups)
    with_groups = {"n": channels, "groups": _of_groups(reached, len(scope.groups))}
    yield Fact(_("Channels"), _("%(n)d, with %(groups)s") % with_groups if channels else _none())
    concerns = sum(group.concerns for group in scope.groups)
    answered = sum(group.answered_concerns for group in scope.groups)
    yield Fact(_("Topics of concern"), _concerns(concerns, answered) if concerns else _none())
    scored = sum(group.is_scored for group in scope.groups)
    label = _("Scored on %(attributes)s") % {"attributes": attribute_names(scope.attributes)}
    yield Fact(label, _of_groups(scored, len(scope.groups)))
    yield Fact(_("Contact people"), f"{scope.contacts:,}" if scope.contacts else _none())


def _concerns(number: int, answered: int) -> str:
    if answered == number:
        told = _("%(n)d, all with a response")
    elif answered:
        told = _("%(n)d, %(answered)d with a response")
    else:
        told = _("%(n)d, none with a response")
    return told % {"n": number, "answered": answered}


def _determining(facts: Facts) -> Iterable[Fact]:
    scope = facts.scope
    if not scope.found:
        return
    for kind in SourceKind:
        number = scope.mentions.get(kind, 0)
        told = ngettext("%(number)s mention", "%(number)s mentions", number) % {"number": f"{number:,}"}
        yield Fact(_(kind.label), told if number else _none())
    if scope.carried_over:
        yield Fact(_("Carried over from %(period)s") % {"period": scope.previous_period}, f"{scope.carried_over:,}")
    if scope.libraries:
        yield Fact(_("Libraries"), enumerated(scope.libraries))
    issues = ngettext("%(number)s issue", "%(number)s issues", scope.found)
    yield Fact(_("Long list"), issues % {"number": f"{scope.found:,}"})
    if merged := scope.standings.get(Standing.MERGED):
        yield Fact(_("Merged into others"), f"{merged:,}")
    if left_out := scope.standings.get(Standing.LEFT_OUT):
        yield Fact(_("Screened out"), f"{left_out:,}")
    yield Fact(_("On the list now"), f"{scope.listed:,}")
    if waiting := scope.standings.get(Standing.NEXT):
        yield Fact(_("Noted for the next assessment"), f"{waiting:,}")


# --- screening --------------------------------------------------------------------------------------------
def _criteria(facts: Facts) -> Iterable[Fact]:
    scope = facts.scope
    decision = scope.decision
    names = decision.criteria if decision and decision.criteria else scope.criteria
    if names and (decision or scope.markers or scope.notes_on(ProcessStage.CRITERIA)):
        yield Fact(_("Criteria"), in_a_row(names))
    if markers := decision.markers if decision else scope.markers:
        people = ngettext("%(number)s person", "%(number)s people", markers)
        yield Fact(_("Marked by"), people % {"number": spelled(markers)})
    if decision is None:
        return
    yield Fact(_("Decision, version %(version)s") % {"version": decision.version}, _decided(decision))
    issues = ngettext("%(number)d of %(of)d issue", "%(number)d of %(of)d issues", decision.of)
    yield Fact(_("On the short list"), issues % {"number": decision.listed, "of": decision.of})
    if decision.against:
        yield Fact(_("Against the marks"), _with_reasons(decision.against))
    if decision.remark:
        yield Fact(_("Recorded with it"), decision.remark)
    if scope.next_version:
        yield Fact(_("For the next assessment"), _("version %(version)s") % {"version": scope.next_version})


def _decided(decision: DecisionRecord) -> str:
    day = dated(decision.decided_on)
    return _("%(day)s by %(who)s") % {"day": day, "who": decision.decided_by} if decision.decided_by else day


def _with_reasons(issues: int) -> str:
    told = ngettext("%(number)s issue, each with a reason", "%(number)s issues, each with a reason", issues)
    return told % {"number": spelled(issues)}


# --- survey and result ------------------------------------------------------------------------------------
def _results(facts: Facts) -> Iterable[Fact]:
    survey, run = facts.survey, facts.run
    if not facts.with_survey and facts.scope.listed:
        yield Fact(_("Issues"), f"{facts.scope.listed}")
        if facts.scope.categories:
            yield Fact(_("Categories"), f"{facts.scope.categories}")
    if survey:
        yield Fact(_("Survey opened"), dated(survey.opened_on))
        closed = dated(survey.closed_on) if survey.closed_on else pgettext("survey", "still open")
        yield Fact(pgettext("day", "Survey closed"), closed)
        groups = _of_groups(len(survey.heard), len(survey.groups))
        yield Fact(_("Answers"), _("%(number)s from %(groups)s") % {"number": f"{survey.answers:,}", "groups": groups})
        for group in survey.groups:
            yield Fact(group.name, f"{group.answers:,}" if group.answers else _none())
    if run:
        answers = ngettext("%(number)s answer", "%(number)s answers", run.respondents)
        told = {"day": dated(run.computed_on), "answers": answers % {"number": f"{run.respondents:,}"}}
        yield Fact(_("Newest result"), _("%(day)s, %(answers)s") % told)
        yield Fact(_("Tiers"), _tiers(run.tiers))
    if run and run.moved:
        yield Fact(_("Tiers as computed"), _tiers(run.computed))
        yield Fact(_("By decision in another tier"), _with_reasons(run.moved))
    if facts.scope.published:
        yield Fact(_("Published tiers"), _tiers(facts.scope.published))


def _tiers(tiers: Sequence[tuple[str, int]]) -> str:
    return in_a_row(f"{name} {count}" for name, count in tiers)


# --- confirmation -----------------------------------------------------------------------------------------
def _confirmation(facts: Facts) -> Iterable[Fact]:
    record = facts.confirmation
    if record is None:
        return
    proposed = {"body": record.body, "day": dated(record.proposed_on), "number": record.number}
    yield Fact(_("Proposed to"), _("%(body)s, on %(day)s (proposal %(number)s)") % proposed)
    if record.meeting_on:
        yield Fact(_("Meeting"), dated(record.meeting_on))
    for one in record.signed:
        yield Fact(_("Confirmed by") if one.confirms else _("Returned by"), _signed(one))
    if record.confirmed_on:
        yield Fact(pgettext("day", "Confirmed"), dated(record.confirmed_on))
    elif record.state == ProposalState.OPEN:
        told = _("by %(number)d of %(needed)d") % {"number": len(record.signers), "needed": record.people_needed}
        yield Fact(pgettext("day", "Confirmed"), told)
    if record.state == ProposalState.VOID and record.ended_on:
        yield Fact(_("Void since"), dated(record.ended_on))
    public = _("can be read by anybody") if record.is_public else _none()
    yield Fact(_("Public report"), public)


def _signed(one: SignedBy) -> str:
    roles, means = dict(Role.choices), dict(Signature.Means.choices)
    return _("%(name)s (%(role)s), with %(means)s, on %(day)s") % {
        "name": one.name,
        "role": _(roles.get(one.role, one.role)).lower(),
        "means": _(means.get(one.means, one.means)),
        "day": dated(one.on),
    }


FACTS: dict[ProcessStage, Callable[[Facts], Iterable[Fact]]] = {
    ProcessStage.DIALOGUE: _dialogue,
    ProcessStage.DETERMINING: _determining,
    ProcessStage.CRITERIA: _criteria,
    ProcessStage.RESULTS: _results,
    ProcessStage.CONFIRMATION: _confirmation,
}
