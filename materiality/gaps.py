"""What a complete method statement says and this assessment's cannot say yet. Pure: facts in, gaps out."""

from dataclasses import dataclass

from materiality.facts import Facts
from scoping.models import Phase, ProcessStage
from scoping.wording import capital, counted, listed, noun


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
        why = "GRI 3-1 b asks whose views informed the process."
        gaps.append(Gap("Name the stakeholder groups", why, "scoping:stakeholders"))
    elif scope.groups and not any(group.channels for group in scope.groups) and ProcessStage.DIALOGUE not in noted:
        why = "Readers want to know how the company talks with each group, and how often."
        gaps.append(Gap("Record the channels of communication", why, "scoping:stakeholders"))
    if not scope.listed:
        gaps.append(Gap("List the issues", "There are none yet.", "scoping:long-list"))
    elif scope.without_source and ProcessStage.DETERMINING not in noted:
        number = scope.without_source
        which = f"{capital(counted(number, 'issue'))} {noun(number, 'has', 'have')} no recorded source."
        gaps.append(Gap("Record where the issues come from", which, "scoping:long-list"))
    if ProcessStage.DETERMINING not in noted:
        why = (
            "GRI 3-1 a asks how impacts on the economy, the environment and people were identified. "
            "This version does not score impacts: say in a note how you looked at them."
        )
        gaps.append(Gap("Say how impacts were identified", why, "scoping:note-new", ProcessStage.DETERMINING))
    if not scope.experts and ProcessStage.DIALOGUE not in noted:
        why = "GRI 3-1 b asks for the experts whose views informed the process. If there were none, no note is needed."
        gaps.append(Gap("Name the experts, if there were any", why, "scoping:note-new", ProcessStage.DIALOGUE))
    gaps += _results_gaps(facts)
    if not scope.is_confirmed:
        why = (
            "Who confirmed the result, and when? Confirmation inside Salient is not in this version; a note records it."
        )
        gaps.append(Gap("Record the confirmation", why, "scoping:note-new", ProcessStage.CONFIRMATION))
    return gaps


def _results_gaps(facts: Facts) -> list[Gap]:
    if not facts.with_survey:
        return []
    survey = facts.survey
    if survey is None:
        return [Gap("Open the survey", "The priorities follow from its answers.", "surveys:survey")]
    if not survey.answers or (facts.phase == Phase.SURVEY and survey.silent):
        silent = listed([group.name for group in survey.silent], most=3)
        return [Gap("Hear from every group", f"No answer has come from {silent}.", "surveys:survey")]
    if survey.simulated:
        why = "Simulated answers are nobody’s views. Take them out before you publish the statement."
        return [Gap("Replace the simulated answers", why, "surveys:survey")]
    if facts.run is None:
        return [Gap("Compute the result", "Answers are in, and nothing is computed.", "materiality:results")]
    return []
