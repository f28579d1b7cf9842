"""What the pages of a survey share: finding it within the organisation, and the way back."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.requests import MemberRequest
from scoping.models import Assessment
from scoping.views import base
from surveys import selectors
from surveys.models import Survey
from surveys.services import prepare_survey


def find_assessment(request: MemberRequest, slug: str) -> Assessment:
    """The assessment of the address, with the numbers that the stepper shows."""
    return base.find_assessment(request, slug, counted=True)


def find_survey(request: MemberRequest, assessment: Assessment) -> Survey:
    """The survey of `assessment`; 404 when none is prepared yet."""
    found = selectors.survey_of(organisation=request.organisation, assessment=assessment)
    if found is None:
        raise Http404("This assessment has no survey yet.")
    return found


def survey_to_design(request: MemberRequest, assessment: Assessment) -> Survey:
    """The survey of `assessment`, unsaved with the usual title while nobody has touched it: opening a page writes
    nothing. 404 where the assessment holds no survey."""
    if not assessment.with_survey:
        raise Http404("This assessment holds no survey.")
    found = selectors.survey_of(organisation=request.organisation, assessment=assessment)
    return found or selectors.untouched_survey(assessment)


def survey_to_change(request: MemberRequest, assessment: Assessment) -> Survey:
    """The survey of `assessment` for a view that changes it, made if there is none."""
    if not assessment.with_survey:
        raise Http404("This assessment holds no survey.")
    return prepare_survey(assessment=assessment)


def back(request: MemberRequest, page: str, slug: str, **place: str) -> HttpResponse:
    """To a page of the same survey, by its name, such as surveys:survey."""
    return redirect(reverse(page, kwargs={"organisation": request.organisation.slug, "slug": slug, **place}))
