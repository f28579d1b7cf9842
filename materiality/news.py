"""What has come since a result was computed, where an analysis now would start from something else."""

from dataclasses import dataclass
from typing import Literal

from materiality.models import AnalysisRun
from materiality.scoring.analysis import ENGINE
from materiality.services import is_out_of_date
from surveys.selectors import FoldedSurvey

Kind = Literal["people", "more", "fewer", "engine", "waiting", "other"]


@dataclass(frozen=True)
class News:
    """
    Attributes
    ----------
    kind : "people", whose answers take the place of simulated ones; "more" or "fewer" answers than the result is made
        of; another version of the "engine"; first answers of groups that are "waiting" to be shown; or something
        "other": weights, groups, tiers or method.
    number : how many answers that are, of people or more; else 0.
    """

    kind: Kind
    number: int = 0


def news_of(run: AnalysisRun, survey: FoldedSurvey | None) -> News | None:
    """None while the result is up to date."""
    if survey is None or not is_out_of_date(run, survey):
        return None
    answers = answers_of(survey)
    if run.simulated_respondents and answers and not survey.stands_in:
        return News("people", answers)
    if answers > run.respondents:
        return News("more", answers - run.respondents)
    if answers < run.respondents:
        return News("fewer")
    if run.engine != ENGINE:
        return News("engine")
    return News("waiting" if _waiting(survey) - _told_to_wait(run) else "other")


def answers_of(survey: FoldedSurvey) -> int:
    """Answers of which an analysis now would be made, those too that it would count first."""
    return sum(answers.tally.respondents for answers in survey.groups) + survey.untallied


def _waiting(survey: FoldedSurvey) -> set[str]:
    return {answers.group.name for answers in survey.groups if answers.waits}


def _told_to_wait(run: AnalysisRun) -> set[str]:
    """The groups of which the result says so; of very many it names the first."""
    told = [fact for fact in run.results.get("note_facts", []) if fact["about"] == "groups_waiting"]
    return {name for fact in told for voice in fact["groups"]["first"] for name in voice["groups"]}
