"""Background jobs of the conclusion."""

from django.urls import reverse
from django.utils.translation import gettext_noop

from jobs.models import Job
from jobs.runner import RunningJob
from materiality.services import compute_run, keep_run, look
from scoping.models import Assessment
from surveys.models import Survey
from surveys.services import fold_responses

EXPORT = "materiality.export"


def analyse(run: RunningJob) -> None:
    """Fold in new answers, compute, keep the run: the keeping in one transaction with the job's end."""
    assessment = Assessment.objects.select_related("organisation").filter(pk=run.arguments["assessment"]).first()
    if assessment is None:
        return  # deleted while the job waited: nothing to do, and nothing went wrong
    run.progress(0, 3, gettext_noop("Counting new answers"))
    survey = Survey.objects.filter(assessment=assessment).first()
    if survey:
        fold_responses(survey=survey)
    run.progress(1, 3, gettext_noop("Computing scores, tiers and certainty"))
    computed = compute_run(assessment=assessment)
    run.progress(2, 3, gettext_noop("Keeping the result"))
    with run.completing() as result:
        kept = keep_run(computed)
        result["run"] = str(kept.pk)
        result["respondents"] = kept.respondents


def results_page(job: Job) -> str:
    """Where the outcome of an analysis is shown."""
    return reverse("materiality:results", kwargs={"organisation": job.organisation.slug, "slug": job.subject})


def make_file(run: RunningJob) -> None:
    """Make a file for download. What draws and writes is loaded when the first one is made: it takes a second."""
    from materiality.files.services import make

    make(run)


def files_page(job: Job) -> str:
    """Where a finished file is fetched."""
    return reverse("materiality:files", kwargs={"organisation": job.organisation.slug, "slug": job.subject})


def sweep_files() -> None:
    """Take away files whose time is over."""
    from materiality.files.services import sweep

    sweep()


def look_after(job: Job) -> None:
    """A job about an assessment has run: what it changed shows at what was proposed or confirmed."""
    if job.kind != EXPORT:  # files only read
        look(job.subject, organisation=job.organisation_id)


def look_at(assessment: Assessment) -> None:
    """Something of the assessment was erased."""
    look(assessment.slug)
