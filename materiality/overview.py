"""What the working group should know first: who has answered, what is running, what to do next."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import AuditEvent, Membership, Organisation
from accounts.selectors import events_of
from jobs.models import Job, Status
from jobs.selectors import recent_jobs
from materiality.confirmation.selectors import Newest, newest_proposal, waits_for, why_ended
from materiality.findings import Part, headline
from materiality.models import AnalysisRun, ExportFile, Proposal, ProposalState
from materiality.news import News, news_of
from materiality.review.selectors import decided_results
from materiality.selectors import current_run
from materiality.tasks import EXPORT
from scoping.models import Assessment, Phase, ProcessStage
from scoping.selectors import missing_for_survey
from scoping.selectors.categories import Category, categories_of
from scoping.selectors.record import record_of
from scoping.wording import capital, enumerated, spelled
from surveys.selectors import BothKinds, GroupProgress, both_kinds, progress_by_group, survey_of, tallies_of

# More than these nobody takes in; the next ones show when these are done.
MOST_TODOS = 4


@dataclass(frozen=True)
class Todo:
    """One next step: why, and the page where it is taken."""

    title: str
    why: str
    button: str
    url: str


@dataclass(frozen=True)
class Overview:
    """Everything on an assessment's first page; `groups` is empty until a survey is prepared.

    Attributes
    ----------
    decide : what the member who looks has to decide; None where nothing waits for them.
    todos : the next steps of the working group.
    jobs : those that wait or run; `failed`: those that nothing has made good since, and nobody has put away.
    """

    groups: list[GroupProgress]
    both: BothKinds | None
    decide: Todo | None
    todos: list[Todo]
    jobs: list[Job]
    failed: list[Job]
    events: list[AuditEvent]
    run: AnalysisRun | None
    headline: list[Part]
    categories: list[Category]  # of the list that is the result, where no survey is held

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


def overview_of(
    *, organisation: Organisation, assessment: Assessment, membership: Membership | None = None
) -> Overview:
    """`membership` : of who looks; without one, as the working group sees it."""
    # Opening the survey ends the phase of scoping: until then there is nothing to be read.
    opened = assessment.phase != Phase.SCOPING
    survey = survey_of(organisation=organisation, assessment=assessment) if opened else None
    groups = progress_by_group(survey) if survey else []
    run = current_run(organisation=organisation, assessment=assessment) if survey else None
    categories = [] if assessment.with_survey else categories_of(assessment)
    recent = recent_jobs(organisation, assessment.slug, 5)
    if assessment.with_survey:
        todos = todos_of(organisation=organisation, assessment=assessment, groups=groups, run=run)
    else:
        todos = _todos_of_list(organisation, assessment, categories)
    return Overview(
        groups=groups,
        both=both_kinds(groups, k=survey.minimum_group) if survey else None,
        decide=_decide(organisation, assessment, membership) if membership else None,
        todos=todos[:MOST_TODOS],
        jobs=[job for job in recent if job.is_open],
        failed=_failed(recent),
        events=events_of(organisation, assessment.slug, 8),
        run=run,
        headline=headline(decided_results(run)) if run else _headline_of_list(categories),
        categories=categories,
    )


def _decide(organisation: Organisation, assessment: Assessment, membership: Membership) -> Todo | None:
    waiting = waits_for(membership, assessment)
    if waiting is None:
        return None
    why = _("The result is before %(body)s and waits for your confirmation.") % {"body": waiting.body}
    page = _pages(organisation, assessment)("materiality:confirmation")
    return Todo(_("Read and decide"), why, _("Read it and decide"), page)


def _failed(recent: list[Job]) -> list[Job]:
    found = [job for job in recent if job.status == Status.DEAD and not _made_good(job, recent)]
    # A file that failed is put away on the page of files.
    of_files = [job.pk for job in found if job.kind == EXPORT]
    kept = set(ExportFile.objects.filter(job__in=of_files).values_list("job", flat=True)) if of_files else set()
    return [job for job in found if job.kind != EXPORT or job.pk in kept]


def _made_good(failed: Job, recent: list[Job]) -> bool:
    """Whether a later job of the same kind has done what this one did not."""
    return any(
        job.kind == failed.kind and job.status == Status.DONE and job.created_at > failed.created_at for job in recent
    )


def _headline_of_list(categories: list[Category]) -> list[Part]:
    """Without a survey the list is the finding; nothing is said while it is empty."""
    issues = sum(category.issues for category in categories)
    named = sum(bool(category.name) for category in categories)
    if not issues:
        return []
    number = capital(spelled(issues))
    if not named:
        return [Part(ngettext("%(number)s issue", "%(number)s issues", issues) % {"number": number})]
    parts = {
        "issues": ngettext("%(number)s issue", "%(number)s issues", issues) % {"number": number},
        "categories": ngettext("%(number)s category", "%(number)s categories", named) % {"number": spelled(named)},
    }
    return [Part(_("%(issues)s in %(categories)s") % parts)]


def _pages(organisation: Organisation, assessment: Assessment) -> Callable[[str], str]:
    def page(name: str) -> str:
        return reverse(name, kwargs={"organisation": organisation.slug, "slug": assessment.slug})

    return page


def _todos_of_list(organisation: Organisation, assessment: Assessment, categories: list[Category]) -> list[Todo]:
    """The next steps where no survey is held."""
    page = _pages(organisation, assessment)
    issues = sum(category.issues for category in categories)
    if not issues:
        why = _("The list is the result: issues from interviews, peers, media and guidelines, each with its source.")
        return [Todo(_("List the issues"), why, _("Build the long list"), page("scoping:long-list"))]
    todos = []
    if bare := sum(category.without_meaning for category in categories):
        why = _("No sheet says yet what the issue means to the company.")
        if bare < issues:
            why = ngettext(
                "%(number)s sheet does not say yet what the issue means to the company.",
                "%(number)s sheets do not say yet what the issue means to the company.",
                bare,
            ) % {"number": capital(spelled(bare))}
        table = page("scoping:issue-table")
        todos.append(Todo(_("Write what the issues mean"), why, _("Go to the issue table"), table))
    newest = newest_proposal(assessment)
    if newest:
        todos += _todos_of_confirmation(newest, page)
    else:
        why = _("Put it before the committee or board. Once they have confirmed it, it can be published.")
        if assessment.process_notes.filter(stage=ProcessStage.CONFIRMATION).exists():
            why = _("A note tells that it was agreed. Once it is confirmed here as well, it can be published.")
        todos.append(
            Todo(_("Take the list to the board"), why, _("Go to the confirmation"), page("materiality:confirmation"))
        )
    return [*todos, _statement(page)]


def _todos_of_confirmation(newest: Newest, page: Callable[[str], str]) -> list[Todo]:
    """What is next with a result that was proposed; once it is confirmed and public, the report."""
    proposal = newest.proposal
    told, here = {"body": proposal.body}, page("materiality:confirmation")
    if proposal.state == ProposalState.OPEN:
        why = _("Nothing of it changes until it is decided, unless an owner or analyst withdraws the proposal.")
        return [Todo(_("The result is before %(body)s") % told, why, _("See who still has to confirm"), here)]
    if proposal.state == ProposalState.CONFIRMED:
        if newest.is_public:
            why = _(
                "Tables for each framework are filled from it. Charts, files and the public page are listed beside."
            )
            tables = page("materiality:disclosures")
            return [Todo(_("Put the result into the report"), why, _("Go to the disclosure tables"), tables)]
        why = _("%(body)s confirmed it. A public page shows it to everybody, until you withdraw it.") % told
        return [Todo(_("Publish the result"), why, _("Go to the publication"), page("materiality:publish"))]
    why = _("%(body)s returned it: %(because)s") % {**told, "because": Truncator(proposal.ended_because).chars(160)}
    if proposal.state == ProposalState.VOID:
        because = Truncator(why_ended(proposal)).chars(160)
        why = _("Its confirmation is void. %(because)s") % {"because": because}
    return [Todo(_("Propose the result again"), why, _("Go to the confirmation"), here)]


def _statement(page: Callable[[str], str]) -> Todo:
    why = _("The method statement for GRI 3-1 is written from what was done, and says what is still missing.")
    return Todo(_("Put the method into the report"), why, _("Read the statement"), page("materiality:statement"))


def _todos_of_scoping(organisation: Organisation, assessment: Assessment) -> list[Todo]:
    """The next steps until the survey opens, in the order of the work; what is optional says so."""
    page = _pages(organisation, assessment)
    missing = missing_for_survey(assessment)
    record = record_of(assessment)
    missing_places = {one.place for one in missing}
    todos = [Todo(one.what, one.why, *_place(one.place, page)) for one in missing if one.place in ("groups", "issues")]
    if record.since_decision:
        new = record.since_decision
        title = ngettext("Screen the issue that has come since", "Screen the issues that have come since", new)
        why = ngettext(
            "%(number)s issue has come since the short list was decided.",
            "%(number)s issues have come since the short list was decided.",
            new,
        ) % {"number": capital(spelled(new))}
        todos.append(Todo(title, why, _("Go to the screening"), page("scoping:screening")))
    elif not record.decision and not record.published and "issues" not in missing_places:
        why = _("Optional: criteria and marks show which issues to ask about. Ten to forty are usual.")
        todos.append(Todo(_("Screen the list"), why, _("Go to the screening"), page("scoping:screening")))
    todos += [Todo(one.what, one.why, *_place(one.place, page)) for one in missing if one.place == "tiers"]
    if not missing:
        why = _("Issues and groups are ready. Opening freezes the questions and makes a link for each group.")
        todos.append(Todo(_("Open the survey"), why, _("Go to the survey"), page("surveys:survey")))
    unscored = sum(not group.is_scored for group in record.groups)
    if unscored and "groups" not in missing_places:
        why = _(
            "Optional: how much power and interest a group has suggests its weight. Weights can change at any time."
        )
        title = _("Score the groups")
        if unscored <= 3:
            title = ngettext("Score %(number)s group", "Score %(number)s groups", unscored) % {
                "number": spelled(unscored)
            }
        todos.append(Todo(title, why, _("Go to the scores"), page("scoping:scores")))
    return todos


def _place(place: str, page: Callable[[str], str]) -> tuple[str, str]:
    """The button and the page where something is mended."""
    return {
        "groups": (_("Go to the stakeholders"), page("scoping:stakeholders")),
        "issues": (_("Build the long list"), page("scoping:long-list")),
        "tiers": (_("Change the tiers"), page("scoping:tiers")),
    }[place]


def todos_of(
    *, organisation: Organisation, assessment: Assessment, groups: list[GroupProgress], run: AnalysisRun | None
) -> list[Todo]:
    """The next steps, most urgent first."""
    if assessment.phase == Phase.SCOPING:
        return _todos_of_scoping(organisation, assessment)
    page = _pages(organisation, assessment)
    survey, results = page("surveys:survey"), page("materiality:results")
    newest = newest_proposal(assessment) if run else None
    if newest and newest.proposal.state in Proposal.LIVE:
        # Nothing about the survey or the analysis is to be done while the result is locked.
        return [*_todos_of_confirmation(newest, page), _statement(page)]
    todos: list[Todo] = []
    silent = [progress.group.name for progress in groups if not progress.answers]
    answers = sum(progress.answers for progress in groups)
    if assessment.phase == Phase.SURVEY and silent:
        why = _("Without an answer a group drops out of its axis. Links and QR codes are on the survey page.")
        title = _("Hear from %(groups)s") % {"groups": enumerated(silent)}
        if len(silent) > 3:
            title = _("Hear from %(n)d groups") % {"n": len(silent)}
        todos.append(Todo(title, why, _("Share the links"), survey))
    if answers and run is None:
        why = ngettext(
            "%(n)s answer is in. The matrix takes a few seconds.",
            "%(n)s answers are in. The matrix takes a few seconds.",
            answers,
        ) % {"n": f"{answers:,}"}
        todos.append(Todo(_("Compute the first results"), why, _("Go to the results"), results))
    elif run and (news := news_of(run, tallies_of(assessment))):
        todos.append(Todo(_("Update the results"), _why_update(news), _("Go to the results"), results))
    if assessment.phase == Phase.SURVEY and groups and not silent:
        why = _("Every group has answered. Closing stops the links; the survey can be opened again.")
        todos.append(Todo(_("Close the survey when its time is over"), why, _("Go to the survey"), survey))
    if assessment.phase == Phase.RESULTS and run and not todos:
        todos += _todos_of_confirmation(newest, page) if newest else [_to_the_board(page)]
        todos.append(_statement(page))
    return todos


def _why_update(news: News) -> str:
    if news.kind == "people":
        told = ngettext(
            "%(n)s person has answered: the simulated answers do not count any more.",
            "%(n)s people have answered: the simulated answers do not count any more.",
            news.number,
        )
    elif news.kind == "more":
        told = ngettext(
            "%(n)s answer is not in the matrix yet.", "%(n)s answers are not in the matrix yet.", news.number
        )
    elif news.kind == "engine":
        told = _("The way results are computed has been improved since the last analysis.")
    elif news.kind == "waiting":
        told = _("The first answers of another group have come. They wait to be shown, and the result will say so.")
    else:
        told = _("Answers, weights, groups, tiers or method have changed since the last analysis.")
    return told % {"n": f"{news.number:,}"}


def _to_the_board(page: Callable[[str], str]) -> Todo:
    why = _("Look at every issue once more in the review, then propose the result to those who confirm it.")
    return Todo(_("Take the result to the board"), why, _("Go to the confirmation"), page("materiality:confirmation"))
