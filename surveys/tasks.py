"""The survey's background work: handlers that fetch what a job names and hand it to a service."""

from collections.abc import Iterator
from contextlib import contextmanager

from jobs.models import Job
from jobs.runner import Refusal, RunningJob
from surveys.models import Survey
from surveys.rows import MisshapenAnswer
from surveys.services import fold_responses, pieces, recount_tallies
from surveys.services.folding import request_folds_of_untallied
from surveys.services.inviting import add_waiting_list
from surveys.services.mixing import mix_answers
from surveys.services.opening import close_ended_surveys
from surveys.services.purging import purge, request_purges_due, sweep_old_drafts
from surveys.services.quality import look, request_looks_after_closing
from surveys.services.sending import resume_lost, send
from tables.problems import SourceError


def fold(run: RunningJob) -> None:
    """Count new answers."""
    survey = _survey(run.job)
    with _no_use_in_trying_again():
        counted = fold_responses(survey=survey, progress=run.progress) if survey else 0
    with run.completing() as result:
        result["counted"] = counted


def recount(run: RunningJob) -> None:
    """Count every answer afresh."""
    survey = _survey(run.job)
    if survey is None:
        return
    with _no_use_in_trying_again():
        found = recount_tallies(survey=survey, progress=run.progress)
    with run.completing() as result:
        result["respondents"] = found.respondents
        result["corrected"] = list(found.corrected)


def help_recount(run: RunningJob) -> None:
    """Count pieces of a large recount that another worker has begun."""
    survey = _survey(run.job)
    if survey is None:
        return
    counted = pieces.help_recount(
        survey=survey,
        questionnaire_id=run.arguments["questionnaire"],
        snapshot=run.arguments["snapshot"],
        progress=run.progress,
    )
    with run.completing() as result:
        result["pieces"] = counted


def look_at_quality(run: RunningJob) -> None:
    """Look at every answer for the page that watches them."""
    survey = _survey(run.job)
    if survey is not None:
        look(survey=survey, progress=run.progress)


def invite(run: RunningJob) -> None:
    """Add a long list of people to the invitations."""
    survey = _survey(run.job)
    if survey is not None:
        try:
            add_waiting_list(run=run, survey=survey)
        except SourceError as error:
            raise Refusal(str(error)) from error


def send_mails(run: RunningJob) -> None:
    """Send what waits of a mailing."""
    send(run)


def mix(run: RunningJob) -> None:
    """Take the order of arrival away from the answers of a survey that was closed."""
    survey = _survey(run.job)
    if survey is not None:
        with _no_use_in_trying_again():
            mix_answers(survey=survey)


def purge_survey(run: RunningJob) -> None:
    """Delete the personal data of a survey whose time is over."""
    survey = _survey(run.job)
    if survey is not None:
        purge(survey=survey, progress=run.progress)


def sweep() -> None:
    """What no row asks for: folds that were lost with a queue, surveys whose closing date has come, a look at the
    answers of those that were closed, personal data whose time is over, what killed recounts left."""
    request_folds_of_untallied()
    close_ended_surveys()
    resume_lost()
    request_looks_after_closing()
    request_purges_due()
    sweep_old_drafts()
    pieces.forget_lost_pieces()


@contextmanager
def _no_use_in_trying_again() -> Iterator[None]:
    try:
        yield
    except MisshapenAnswer as error:
        raise Refusal(str(error)) from error


def _survey(job: Job) -> Survey | None:
    """The job's survey, within the job's organisation; None when it was deleted since."""
    surveys = Survey.objects.filter(assessment__organisation=job.organisation_id)
    return surveys.filter(pk=job.arguments["survey"]).first()
