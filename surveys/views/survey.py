"""The working group's survey page: open and close, the links to share, who has answered."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import editors_only
from accounts.requests import MemberRequest
from jobs.models import Status
from jobs.selectors import newest_job
from scoping.models import Assessment
from scoping.steps import steps
from surveys import selectors, services
from surveys.design import outline_of
from surveys.forms.opening import ClosingDateForm, OpenSurveyForm
from surveys.languages import english_name, name_of
from surveys.links import address_of
from surveys.models import Survey, SurveyLink, SurveyState
from surveys.qr import qr_svg
from surveys.readiness import readiness_of
from surveys.services.folding import FOLD
from surveys.services.purging import purge_due_at
from surveys.services.recounting import RECOUNT
from surveys.texts import progress_of
from surveys.views.base import back, find_assessment, find_survey


@require_GET
def survey(request: MemberRequest, slug: str) -> HttpResponse:
    return _page(request, find_assessment(request, slug))


@require_POST
@editors_only
def open_survey(request: MemberRequest, slug: str) -> HttpResponse:
    assessment = find_assessment(request, slug)
    form = OpenSurveyForm(request.POST)
    if not form.is_valid():
        return _page(request, assessment, form=form)
    try:
        survey = services.prepare_survey(assessment=assessment)
        services.open_when_ready(survey=survey, by=request.user, **form.cleaned_data)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return _page(request, assessment, form=form)
    messages.success(request, _("The survey is open. Share the link of each group with its people."))
    return back(request, "surveys:survey", slug)


@require_POST
@editors_only
def close_survey(request: MemberRequest, slug: str) -> HttpResponse:
    survey = find_survey(request, find_assessment(request, slug))
    try:
        services.close_survey(survey=survey, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("The survey is closed. Its links say so; you can open it again at any time."))
    return back(request, "surveys:survey", slug)


@require_POST
@editors_only
def reopen_survey(request: MemberRequest, slug: str) -> HttpResponse:
    done = _("The survey takes answers again, with the same links and the same questions.")
    return _with_last_day(request, slug, services.reopen_survey, done)


@require_POST
@editors_only
def last_day(request: MemberRequest, slug: str) -> HttpResponse:
    done = _("The survey's last day is changed. Mails that went out name the one before.")
    return _with_last_day(request, slug, services.set_closing_date, done)


def _with_last_day(request: MemberRequest, slug: str, change: Callable[..., Survey], done: str) -> HttpResponse:
    """Does what a day was typed for and says so; where it is refused, the page comes back with what was typed."""
    assessment = find_assessment(request, slug)
    survey = find_survey(request, assessment)
    form = ClosingDateForm(request.POST)
    if not form.is_valid():
        return _page(request, assessment, form=form)
    try:
        change(survey=survey, by=request.user, closes_at=form.cleaned_data["closes_at"])
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return _page(request, assessment, form=form)
    messages.success(request, done)
    return back(request, "surveys:survey", slug)


@require_POST
@editors_only
def recount(request: MemberRequest, slug: str) -> HttpResponse:
    services.request_recount(survey=find_survey(request, find_assessment(request, slug)), by=request.user)
    return back(request, "surveys:survey", slug)


@require_POST
@editors_only
def remove_simulated(request: MemberRequest, slug: str) -> HttpResponse:
    survey = find_survey(request, find_assessment(request, slug))
    counted = any(progress.stands_in for progress in selectors.progress_by_group(survey))
    removed = services.remove_simulated(survey=survey, by=request.user)
    done = _("%(n)d simulated answers are removed. They did not count any more.")
    if counted:
        done = _("%(n)d simulated answers are removed. Compute the results again.")
    messages.success(request, done % {"n": removed})
    return back(request, "surveys:survey", slug)


@require_POST
@editors_only
def renew_link(request: MemberRequest, slug: str, group: str) -> HttpResponse:
    link = _link(find_survey(request, find_assessment(request, slug)), group)
    services.renew_link(link=link, by=request.user)
    messages.success(
        request, _("%(group)s has a new link. The one before opens nothing any more.") % {"group": link.group}
    )
    return back(request, "surveys:survey", slug)


@require_GET
def qr_code(request: MemberRequest, slug: str, group: str) -> HttpResponse:
    """The picture of one group's link; with ?download as a file."""
    survey = find_survey(request, find_assessment(request, slug))
    link = _link(survey, group)
    response = HttpResponse(qr_svg(address_of(link.token)), content_type="image/svg+xml")
    response["Cache-Control"] = "private, no-store"
    if "download" in request.GET:
        response["Content-Disposition"] = f'attachment; filename="{slug}-{group}-qr.svg"'
    return response


def _page(request: MemberRequest, assessment: Assessment, form: ClosingDateForm | None = None) -> HttpResponse:
    """The page in whichever state the survey is; `form` when it comes back with something wrong."""
    organisation = request.organisation
    if not assessment.with_survey:
        place = {"assessment": assessment, "steps": steps(assessment, organisation=organisation)}
        return render(request, "surveys/survey_none.html", place, status=400 if form else 200)
    found = selectors.survey_of(organisation=organisation, assessment=assessment)
    context: dict[str, Any] = {
        "assessment": assessment,
        "steps": steps(assessment, organisation=organisation),
        "survey": found,
        "form": form,
        "now": timezone.now(),
    }
    if found is None or found.state == SurveyState.DRAFT:
        survey = found or selectors.untouched_survey(assessment)
        context |= {
            "survey": survey,
            "outline": outline_of(survey),
            "languages": [(english_name(one.language) or name_of(one.language), one) for one in progress_of(survey)],
            "readiness": readiness_of(assessment),
            "form": form or OpenSurveyForm(),
            "may_change": request.membership.may_edit,
        }
        return render(request, "surveys/survey_draft.html", context, status=400 if form else 200)
    groups = selectors.progress_by_group(found)
    context |= {
        "form": form or ClosingDateForm(initial={"closes_at": found.closes_at}),
        "is_open": found.takes_answers(timezone.now()),
        "questionnaire": selectors.questionnaire_of(found),
        "purge_due_at": purge_due_at(found),
        "groups": [(group, address_of(group.link.token) if group.link else "") for group in groups],
        "answers": sum(group.answers for group in groups),
        "waiting": sum(group.not_counted for group in groups),
        "simulated": sum(group.simulated for group in groups),
        "stored_simulated": sum(group.simulated + group.set_aside for group in groups),
        "both": selectors.both_kinds(groups, k=found.minimum_group),
        "heard": sum(group.answers > 0 for group in groups),
        "most": max((group.answers for group in groups), default=0),
        **_counting(request, assessment),
    }
    return render(request, "surveys/survey.html", context, status=400 if form else 200)


def _counting(request: MemberRequest, assessment: Assessment) -> dict[str, Any]:
    """The counting that runs, waits or failed, and the outcome of the last recount."""
    recount = newest_job(request.organisation, assessment.slug, RECOUNT)
    fold = newest_job(request.organisation, assessment.slug, FOLD)
    return {"recount": recount, "jobs": [job for job in (recount, fold) if job and job.status != Status.DONE]}


def _link(survey: Survey, group: str) -> SurveyLink:
    link = selectors.link_of(survey, group_code=group)
    if link is None:
        raise Http404("This group has no link: open the survey, or reopen it after adding a group.")
    return link
