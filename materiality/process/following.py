"""What is next at each stage, and the page where it is done."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from materiality.facts import Facts
from materiality.models import ProposalState
from materiality.process.parts import Next
from materiality.statement.finding import attribute_names
from scoping.models import Phase, ProcessStage
from scoping.wording import spelled


def _dialogue(facts: Facts) -> Next | None:
    groups = facts.scope.groups
    if not groups:
        return Next(_("Add the stakeholder groups"), "scoping:stakeholders")
    if not any(group.channels for group in groups):
        return Next(_("Record the channels of communication"), "scoping:stakeholders")
    if not all(group.is_scored for group in groups):
        score = _("Score %(attributes)s") % {"attributes": attribute_names(facts.scope.attributes)}
        return Next(score, "scoping:scores")
    return None


def _determining(facts: Facts) -> Next | None:
    if facts.scope.listed < 2:
        return Next(_("Build the long list"), "scoping:long-list")
    if missing := facts.scope.without_source:
        record = ngettext(
            "Record where %(number)s issue comes from", "Record where %(number)s issues come from", missing
        )
        return Next(record % {"number": spelled(missing)}, "scoping:long-list")
    return None


def _criteria(facts: Facts) -> Next | None:
    scope = facts.scope
    if new := scope.since_decision:
        screen = ngettext("Screen the issue that has come since", "Screen the issues that have come since", new)
        return Next(screen, "scoping:screening")
    if scope.decision or scope.notes_on(ProcessStage.CRITERIA):
        return None
    if facts.phase == Phase.SCOPING and scope.listed:
        return Next(_("Mark the issues, then decide the short list"), "scoping:screening")
    if scope.listed:
        return Next(_("Note how the list was chosen"), "scoping:note-new", ProcessStage.CRITERIA)
    return None


def _results(facts: Facts) -> Next | None:
    if not facts.with_survey:
        return Next(_("Read the list"), "scoping:issue-table") if facts.scope.listed else None
    if facts.survey is None:
        return Next(_("Open the survey"), "surveys:survey")
    if not facts.survey.answers:
        return Next(_("Share the links of the survey"), "surveys:survey")
    return Next(_("Read the results") if facts.run else _("Compute the results"), "materiality:results")


def _confirmation(facts: Facts) -> Next | None:
    record = facts.confirmation
    if record is None:
        has_result = facts.run is not None or (not facts.with_survey and facts.scope.listed > 0)
        if facts.scope.is_confirmed or not has_result:
            return None
        return Next(_("Put the result before a committee or board"), "materiality:confirmation")
    if record.state == ProposalState.CONFIRMED:
        return None if record.is_public else Next(_("Publish the result"), "materiality:publish")
    if record.state == ProposalState.OPEN:
        return Next(_("See who still has to confirm"), "materiality:confirmation")
    return Next(_("Propose the result again"), "materiality:confirmation")


NEXT: dict[ProcessStage, Callable[[Facts], Next | None]] = {
    ProcessStage.DIALOGUE: _dialogue,
    ProcessStage.DETERMINING: _determining,
    ProcessStage.CRITERIA: _criteria,
    ProcessStage.RESULTS: _results,
    ProcessStage.CONFIRMATION: _confirmation,
}
