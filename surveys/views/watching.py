"""The page "Answers": who answers, what looks odd in it, what was left out, and the answers as a file."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import editors_only
from accounts.requests import MemberRequest
from jobs.models import Job, Status
from jobs.selectors import newest_job
from scoping.steps import steps
from scoping.views.base import address
from scoping.wording import enumerated
from surveys import selectors
from surveys.answers_export import NotYet, answers_csv, answers_export, comments_csv
from surveys.forms.watching import ExcludeForm
from surveys.models import Exclusion, QualityFlag, Survey, SurveyState
from surveys.monitor import Findings, Monitor, findings_of, monitor_of, skipped_questions
from surveys.quality import (
    ANSWERED_SHARE,
    RATED_FOR_DUPLICATE,
    RATED_FOR_STRAIGHT,
    SECONDS_PER_QUESTION,
)
from surveys.services.excluding import exclude, include_again
from surveys.services.quality import QUALITY, REST, request_look
from surveys.views.base import back, find_assessment, find_survey, survey_to_design


@require_GET
@never_cache
def watch(request: MemberRequest, slug: str) -> HttpResponse:
    return _page(request, survey_to_design(request, find_assessment(request, slug)))


@require_GET
@never_cache
def live(request: MemberRequest, slug: str) -> HttpResponse:
    """The counts alone, for a page that is open; without htmx the whole page."""
    survey = find_survey(request, find_assessment(request, slug))
    if not getattr(request, "htmx", False):
        return back(request, "surveys:watch", slug)
    return render(request, "surveys/watch/_counts.html", _counts(survey, monitor_of(survey)))


@require_POST
@editors_only
def look(request: MemberRequest, slug: str) -> HttpResponse:
    """Ask for a look at the answers; the page itself asks for one, by htmx, when its findings are old."""
    survey = find_survey(request, find_assessment(request, slug))
    if survey.state == SurveyState.DRAFT:
        raise Http404("The survey has not been opened.")
    job = request_look(survey=survey, by=request.user)
    if getattr(request, "htmx", False):
        return render(request, "surveys/watch/_looking.html", {"assessment": survey.assessment, "job": job})
    return redirect(address(request, slug, "surveys:watch", section="quality"))


@require_POST
@editors_only
def leave_out(request: MemberRequest, slug: str) -> HttpResponse:
    survey = find_survey(request, find_assessment(request, slug))
    form = ExcludeForm(request.POST)
    done: list[Exclusion] = []
    if not form.attempt(lambda values: done.append(exclude(survey=survey, by=request.user, **values))):
        if form["flag"].errors:
            messages.error(request, _("Nothing was left out: there is no such flag. Choose one below."))
        return _page(request, survey, form=form)
    left_out = _(
        "Left out of the count: “%(flag)s”. Compute the results again. In a group where only a few were left out they "
        "stay as they were, since the difference would show what these few said."
    )
    messages.success(request, left_out % {"flag": _(done[0].get_flag_display()).lower()})
    return redirect(address(request, slug, "surveys:watch", section="quality"))


@require_POST
@editors_only
def count_again(request: MemberRequest, slug: str) -> HttpResponse:
    survey = find_survey(request, find_assessment(request, slug))
    exclusion = Exclusion.objects.filter(survey=survey, flag=request.POST.get("flag", "")).first()
    if exclusion is None:
        messages.error(request, _("These answers are counted already."))
    else:
        try:
            include_again(exclusion=exclusion, by=request.user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, _("These answers count again. Compute the results again."))
    return redirect(address(request, slug, "surveys:watch", section="quality"))


@require_GET
@editors_only
def answers_file(request: MemberRequest, slug: str) -> Any:
    survey = find_survey(request, find_assessment(request, slug))
    try:
        export = answers_export(survey)
    except NotYet as refusal:
        messages.error(request, str(refusal))
        return redirect(address(request, slug, "surveys:watch", section="files"))
    response = _file(answers_csv(export), f"{slug}-answers.csv")
    if export.together:
        codes = " ".join("+".join(group.code for group in joined) for joined in export.together)
        response["Salient-Groups-Together"] = f"{codes}; fewer than {export.k} people"
    if export.left_out:
        codes = " ".join(group.code for group in export.left_out)
        response["Salient-Groups-Left-Out"] = f"{codes}; fewer than {export.k} people"
    return response


@require_GET
@editors_only
def comments_file(request: MemberRequest, slug: str) -> Any:
    survey = find_survey(request, find_assessment(request, slug))
    try:
        return _file(comments_csv(survey), f"{slug}-comments.csv")
    except NotYet as refusal:
        messages.error(request, str(refusal))
        return redirect(address(request, slug, "surveys:watch", section="files"))


def _file(pieces: Iterator[str], name: str) -> Any:
    """A download that is written while it is made. To the stubs of Django a stream is no HttpResponse."""
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _page(request: MemberRequest, survey: Survey, form: ExcludeForm | None = None) -> HttpResponse:
    """The page; `form` when it comes back with something wrong."""
    assessment = survey.assessment
    context: dict[str, Any] = {
        "assessment": assessment,
        "survey": survey,
        "steps": steps(assessment, organisation=request.organisation),
    }
    if survey.state == SurveyState.DRAFT:
        return render(request, "surveys/watch/none.html", context, status=400 if form else 200)
    monitor = monitor_of(survey)
    folded = selectors.tallies_of(assessment)
    groups = [watched.group for watched in monitor.groups]
    findings = findings_of(survey, groups, folded.items if folded else [])
    job = newest_job(request.organisation, assessment.slug, QUALITY)
    outdated = monitor.outdates(findings)
    file, no_file = None, ""
    if request.membership.may_edit:
        try:
            file = answers_export(survey)
        except NotYet as refusal:
            no_file = str(refusal)
    context |= {
        **_counts(survey, monitor),
        "findings": findings,
        "flags": _flags(findings, form),
        "skipped": skipped_questions(survey, folded) if folded else [],
        "no_file": no_file,
        "together": [enumerated([group.name for group in joined]) for joined in file.together] if file else [],
        "not_in_file": enumerated([group.name for group in file.left_out]) if file else "",
        "job": job if job and job.status != Status.DONE else None,
        "outdated": outdated,
        "asks_by_itself": outdated and _may_ask_by_itself(request, findings, job),
    }
    return render(request, "surveys/watch/watch.html", context, status=400 if form else 200)


def _counts(survey: Survey, monitor: Monitor) -> dict[str, Any]:
    return {
        "assessment": survey.assessment,
        "survey": survey,
        "monitor": monitor,
        "is_open": survey.takes_answers(timezone.now()),
    }


def _meaning(flag: str) -> str:
    """What a flag means, for the page; see surveys/quality.py."""
    if flag == QualityFlag.SPEEDER:
        speeder = _("Less than a third of the median time, and less than %(seconds)s seconds a question.")
        return speeder % {"seconds": f"{SECONDS_PER_QUESTION:g}"}
    if flag == QualityFlag.STRAIGHT_LINER:
        return _("At least %(ratings)d ratings, all of them equal.") % {"ratings": RATED_FOR_STRAIGHT}
    if flag == QualityFlag.DUPLICATE:
        duplicate = _(
            "At least %(ratings)d ratings, each as in another answer of the group. One of those alike is not flagged."
        )
        return duplicate % {"ratings": RATED_FOR_DUPLICATE}
    mostly_empty = _("Less than %(percent)s %% of what was asked is rated.")
    return mostly_empty % {"percent": f"{100 * ANSWERED_SHARE:.0f}"}


def _flags(findings: Findings | None, form: ExcludeForm | None) -> list[tuple[Any, str, ExcludeForm]]:
    """Each flag with what it means and the form to leave it out; the form that came back in its place."""
    if findings is None:
        return []
    wrong = form["flag"].value() if form else ""
    return [
        (flag, _meaning(flag.flag), form if form and wrong == flag.flag else ExcludeForm.of(flag.flag))
        for flag in findings.flags
    ]


def _may_ask_by_itself(request: MemberRequest, findings: Findings | None, job: Job | None) -> bool:
    """Whether the page asks for a new look: once in a few minutes, and not while one is under way or has failed."""
    if not request.membership.may_edit or (job and job.status != Status.DONE):
        return False
    return findings is None or timezone.now() - findings.at > REST
