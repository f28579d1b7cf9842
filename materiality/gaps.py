"""What a complete method statement says and this assessment's cannot say yet. Pure: facts in, gaps out."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from materiality.facts import Facts
from materiality.models import ProposalState
from scoping.models import Phase, ProcessStage
from scoping.wording import capital, enumerated, spelled


@dataclass(frozen=True)
class Gap:
    """Something that a complete statement says and this one cannot yet; `page` is where it is mended."""

    what: str
    why: str
    page: str
    stage: str = ""


def gaps_of(facts: Facts) -> list[Gap]:
    """What is still missing for a complete statement, in the order of the work."""
    scope, gaps = facts.scope, []
    noted = {note.stage for note in scope.notes}
    if not scope.groups and ProcessStage.DIALOGUE not in noted:
        why = _("GRI 3-1 b asks whose views informed the process.")
        gaps.append(Gap(_("Name the stakeholder groups"), why, "scoping:stakeholders"))
    elif scope.groups and not any(group.channels for group in scope.groups) and ProcessStage.DIALOGUE not in noted:
        why = _("Readers want to know how the company talks with each group, and how often.")
        gaps.append(Gap(_("Record the channels of communication"), why, "scoping:stakeholders"))
    if not scope.listed:
        gaps.append(Gap(_("List the issues"), _("There are none yet."), "scoping:long-list"))
    elif scope.without_source and ProcessStage.DETERMINING not in noted:
        number = scope.without_source
        which = ngettext(
            "%(number)s issue has no recorded source.", "%(number)s issues have no recorded source.", number
        ) % {"number": capital(spelled(number))}
        gaps.append(Gap(_("Record where the issues come from"), which, "scoping:long-list"))
    if ProcessStage.DETERMINING not in noted:
        why = _(
            "GRI 3-1 a asks how impacts on the economy, the environment and people were identified. "
            "This version does not score impacts: say in a note how you looked at them."
        )
        gaps.append(Gap(_("Say how impacts were identified"), why, "scoping:note-new", ProcessStage.DETERMINING))
    if not scope.experts and ProcessStage.DIALOGUE not in noted:
        why = _(
            "GRI 3-1 b asks for the experts whose views informed the process. If there were none, no note is needed."
        )
        gaps.append(Gap(_("Name the experts, if there were any"), why, "scoping:note-new", ProcessStage.DIALOGUE))
    gaps += _results_gaps(facts)
    if not facts.is_confirmed:
        gaps.append(_confirmation_gap(facts))
    return gaps


def _confirmation_gap(facts: Facts) -> Gap:
    record = facts.confirmation
    if record is None:
        why = _(
            "Who confirmed the result, and when? Put it before the committee or board here. Where it was confirmed "
            "elsewhere, a note on the process page records it."
        )
        return Gap(_("Have the result confirmed"), why, "materiality:confirmation")
    if record.state == ProposalState.OPEN:
        why = _("The result is before %(body)s, and not decided yet.") % {"body": record.body}
        return Gap(_("Wait for the confirmation"), why, "materiality:confirmation")
    if record.state == ProposalState.RETURNED:
        why = _("%(body)s returned it. See to the remark, then propose the result again.") % {"body": record.body}
    else:
        why = _("Its confirmation is void, since something has changed. Propose the result again.")
    return Gap(_("Have the result confirmed"), why, "materiality:confirmation")


def _results_gaps(facts: Facts) -> list[Gap]:
    if not facts.with_survey:
        return []
    survey = facts.survey
    if survey is None:
        return [Gap(_("Open the survey"), _("The priorities follow from its answers."), "surveys:survey")]
    if not survey.answers or (facts.phase == Phase.SURVEY and survey.silent):
        silent = enumerated([group.name for group in survey.silent], most=3)
        return [
            Gap(
                _("Hear from every group"),
                _("No answer has come from %(groups)s.") % {"groups": silent},
                "surveys:survey",
            )
        ]
    if survey.simulated:
        why = _("Simulated answers are nobody’s views. Take them out before you publish the statement.")
        return [Gap(_("Replace the simulated answers"), why, "surveys:survey")]
    if facts.run is None:
        return [Gap(_("Compute the result"), _("Answers are in, and nothing is computed."), "materiality:results")]
    return []
