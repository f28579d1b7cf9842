"""The design of a survey: the page "Questions", and the pages that change its parts until the survey opens."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import editors_only
from accounts.requests import MemberRequest
from scoping.views.base import address, form_page, form_response, sent
from surveys.design import outline_of
from surveys.forms.building import AnonymityForm, JudgingForm, TextsForm
from surveys.frozen import usual_word
from surveys.models import Survey, SurveyState
from surveys.selectors import questionnaire_of
from surveys.services import building
from surveys.texts import ordered_issues
from surveys.views.base import find_assessment, survey_to_design

View = Callable[..., HttpResponse]


def design_page(view: View) -> View:
    """A form page that changes the design: view(request, survey, ...). Once the survey is open, it leads to the
    questions, where they can be read."""

    @editors_only
    @form_page
    @wraps(view)
    def page(request: MemberRequest, slug: str, **place: Any) -> HttpResponse:
        survey = survey_to_design(request, find_assessment(request, slug))
        if survey.state != SurveyState.DRAFT and request.method != "POST":
            return redirect(address(request, slug, "surveys:build"))
        return view(request, survey, **place)

    return page


def design_action(view: View) -> View:
    """A button that changes the design: view(request, survey, ...) gives the page to go to. A refusal is a message."""

    @require_POST
    @editors_only
    @wraps(view)
    def action(request: MemberRequest, slug: str, **place: Any) -> HttpResponse:
        survey = survey_to_design(request, find_assessment(request, slug))
        try:
            return view(request, survey, **place)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
            return redirect(address(request, slug, "surveys:build"))

    return action


def to_build(request: MemberRequest, survey: Survey, section: str, done: str) -> HttpResponse:
    messages.success(request, done)
    return redirect(address(request, survey.assessment.slug, "surveys:build", section=section))


@require_GET
def build(request: MemberRequest, slug: str) -> HttpResponse:
    """The questionnaire as it would be asked now; once the survey has opened, as it was frozen."""
    survey = survey_to_design(request, find_assessment(request, slug))
    is_draft = survey.state == SurveyState.DRAFT
    context = {
        "assessment": survey.assessment,
        "survey": survey,
        "outline": outline_of(survey),
        "frozen": None if is_draft else questionnaire_of(survey),
        "may_change": is_draft and request.membership.may_edit,
    }
    return render(request, "surveys/build/build.html", context)


@design_page
def judging(request: MemberRequest, survey: Survey) -> HttpResponse:
    form = JudgingForm(sent(request), survey=survey)
    if request.method == "POST" and form.attempt(
        lambda values: building.set_judging(assessment=survey.assessment, by=request.user, **form.design(values))
    ):
        return to_build(request, survey, "judging", _("Saved: this is how issues are judged."))
    usual = [usual_word(step, (1, 5), "en") for step in range(1, 6)]
    return form_response(request, "surveys/build/judging.html", form, {"assessment": survey.assessment, "usual": usual})


@design_page
def texts(request: MemberRequest, survey: Survey) -> HttpResponse:
    form = TextsForm(sent(request), survey=survey)
    if request.method == "POST" and form.attempt(
        lambda values: building.set_texts(assessment=survey.assessment, by=request.user, **values)
    ):
        return to_build(request, survey, "texts", _("The texts are saved."))
    context = {"assessment": survey.assessment, "survey": survey}
    return form_response(request, "surveys/build/texts.html", form, context)


@design_page
def anonymity(request: MemberRequest, survey: Survey) -> HttpResponse:
    form = AnonymityForm(sent(request), survey=survey)
    if request.method == "POST" and form.attempt(
        lambda values: building.set_anonymity(assessment=survey.assessment, by=request.user, **values)
    ):
        return to_build(
            request, survey, "anonymity", _("The anonymity is chosen. Respondents are told before they begin.")
        )
    return form_response(request, "surveys/build/anonymity.html", form, {"assessment": survey.assessment})


@design_page
def order(request: MemberRequest, survey: Survey) -> HttpResponse:
    """The issues with a button up and one down for each, and a place that can be typed."""
    issues = ordered_issues(survey)
    context: dict[str, Any] = {
        "assessment": survey.assessment,
        "rows": [(issue, str(place)) for place, issue in enumerate(issues, 1)],
        "own_order": bool(survey.issue_order),
        "moved": request.GET.get("moved", ""),
        "by": request.GET.get("by", ""),
    }
    if request.method != "POST":
        return render(request, "surveys/build/order.html", context)
    try:
        return _reorder(request, survey)
    except ValidationError as refusal:
        typed = [(issue, request.POST.get(f"place_{issue.code}", place)) for issue, place in context["rows"]]
        context |= {"problems": refusal.messages, "rows": typed}
        return render(request, "surveys/build/order.html", context, status=400)


def _reorder(request: MemberRequest, survey: Survey) -> HttpResponse:
    """What the pressed button asks for: one issue a step, the list's own order, or the places that were typed."""
    assessment, user = survey.assessment, request.user
    for direction, step in (("up", -1), ("down", 1)):
        if code := request.POST.get(direction):
            building.move_issue(assessment=assessment, code=code, step=step, by=user)
            # Without a fragment: browsers give no focus where the address has one.
            return redirect(
                address(request, assessment.slug, "surveys:build-order", query={"moved": code, "by": direction})
            )
    if "listed" in request.POST:
        building.order_as_listed(assessment=assessment, by=user)
        return to_build(request, survey, "issues", _("The issues come as on the short list again."))
    building.place_issues(assessment=assessment, places=_changed_places(request), by=user)
    return to_build(request, survey, "issues", _("The order is saved."))


def _changed_places(request: MemberRequest) -> dict[str, int]:
    """The places that somebody typed over, by the issue's code. `shown` is the order that the page had."""
    places = {}
    for place, code in enumerate(request.POST.get("shown", "").split(), 1):
        typed = request.POST.get(f"place_{code}", str(place)).strip()
        if not (typed.isascii() and typed.isdigit() and len(typed) < 6):
            raise ValidationError(_("“%(typed)s” is no place. Enter whole numbers from 1.") % {"typed": typed[:20]})
        if int(typed) != place:
            places[code] = int(typed)
    return places
