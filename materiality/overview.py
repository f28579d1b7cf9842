"""What the working group should know first: who has answered, what is running, what to do next."""

from dataclasses import dataclass

from django.urls import reverse

from accounts.models import AuditEvent, Organisation
from accounts.selectors import events_of
from jobs.models import Job, Status
from jobs.selectors import recent_jobs
from materiality.findings import Part, headline
from materiality.models import AnalysisRun
from materiality.selectors import current_run
from materiality.services import is_out_of_date
from scoping.models import Assessment, Phase
from scoping.selectors import missing_for_survey
from surveys.selectors import GroupProgress, progress_by_group, survey_of, tallies_of


@dataclass(frozen=True)
class Todo:
    """One next step: why, and the page where it is taken."""

    title: str
    why: str
    button: str
    url: str


@dataclass(frozen=True)
class Overview:
    """Everything on an assessment's first page; `groups` is empty until a survey is prepared."""

    groups: list[GroupProgress]
    todos: list[Todo]
    jobs: list[Job]
    events: list[AuditEvent]
    run: AnalysisRun | None
    headline: list[Part]

    @property
    def answers(self) -> int:
        return sum(progress.answers for progress in self.groups)

    @property
    def simulated(self) -> int:
        return sum(progress.simulated for progress in self.groups)

    @property
    def heard(self) -> int:
        return sum(progress.answers > 0 for progress in self.groups)

    @property
    def most(self) -> int:
        """Answers of the group that gave most, at least 1: the length of a full bar."""
        return max((progress.answers for progress in self.groups), default=0) or 1


def overview_of(*, organisation: Organisation, assessment: Assessment) -> Overview:
    survey = survey_of(organisation=organisation, assessment=assessment)
    groups = progress_by_group(survey) if survey and assessment.phase != Phase.SCOPING else []
    run = current_run(organisation=organisation, assessment=assessment)
    recent = recent_jobs(organisation, assessment.slug, 5)
    return Overview(
        groups=groups,
        todos=todos_of(organisation=organisation, assessment=assessment, groups=groups, run=run),
        jobs=[job for job in recent if job.is_open or job.status == Status.DEAD],
        events=events_of(organisation, assessment.slug, 8),
        run=run,
        headline=headline(run.results) if run else [],
    )


def todos_of(
    *, organisation: Organisation, assessment: Assessment, groups: list[GroupProgress], run: AnalysisRun | None
) -> list[Todo]:
    """The next steps, most urgent first."""

    def page(name: str) -> str:
        return reverse(name, kwargs={"organisation": organisation.slug, "slug": assessment.slug})

    scope, survey, results = page("scoping:scope"), page("surveys:survey"), page("materiality:results")
    if assessment.phase == Phase.SCOPING:
        missing = missing_for_survey(assessment)
        if missing:
            return [Todo(one.what, one.why, "Go there", f"{scope}#{one.place}") for one in missing]
        why = "Issues and groups are ready. Opening freezes the questions and makes a link for each group."
        return [Todo("Open the survey", why, "Go to the survey", survey)]
    todos: list[Todo] = []
    silent = [progress.group.name for progress in groups if not progress.answers]
    answers = sum(progress.answers for progress in groups)
    new = answers - (run.respondents if run else 0)
    if assessment.phase == Phase.SURVEY and silent:
        why = "Without an answer a group drops out of its axis. Links and QR codes are on the survey page."
        todos.append(Todo(f"Hear from {_listed(silent)}", why, "Share the links", survey))
    if answers and run is None:
        why = f"{answers:,} answer{'s are' if answers != 1 else ' is'} in. The matrix takes a few seconds."
        todos.append(Todo("Compute the first results", why, "Go to the results", results))
    elif run and is_out_of_date(run, tallies_of(assessment)):
        why = "Answers, weights, groups, tiers or method have changed since the last analysis."
        if new > 0:
            why = f"{new:,} answer{'s are' if new != 1 else ' is'} not in the matrix yet."
        todos.append(Todo("Update the results", why, "Go to the results", results))
    if assessment.phase == Phase.SURVEY and groups and not silent:
        why = "Every group has answered. Closing stops the links; the survey can be opened again."
        todos.append(Todo("Close the survey when its time is over", why, "Go to the survey", survey))
    if assessment.phase == Phase.RESULTS and run and not todos:
        why = "The figure and the tables are ready to download for the working group and the board."
        todos.append(Todo("Take the result to the board", why, "Go to the results", results))
    return todos


def _listed(names: list[str], most: int = 3) -> str:
    if len(names) > most:
        return f"{len(names)} groups"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
