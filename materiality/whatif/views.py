"""The page that asks what if, and the part of it that is redrawn while sliders move. Nothing here is stored."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from accounts.requests import MemberRequest
from materiality.review.selectors import moved_in
from materiality.services import NothingToAnalyse
from materiality.whatif.adjustments import WEIGHED_BY, Adjustments
from materiality.whatif.page import Asking
from scoping.steps import steps
from scoping.views.base import find_assessment

DRAWINGS = {"wide": ("wide",), "narrow": ("narrow",)}


@require_GET
def page(request: MemberRequest, slug: str) -> HttpResponse:
    """Sliders and what they would make of the result. An address that cannot be computed says why, beside the method
    as it is."""
    assessment = find_assessment(request, slug)
    context = {
        "assessment": assessment,
        "steps": steps(assessment, organisation=request.organisation),
        "english": _reads_english(),
    }
    try:
        asking = Asking(request.organisation, assessment)
    except NothingToAnalyse:
        return render(request, "materiality/whatif/page.html", context)
    adjustments, wrong = Adjustments(asking.choice), []
    answer = None
    try:
        adjustments = asking.read(request.GET)
        answer = asking.answer(adjustments)
    except ValidationError as error:
        wrong = error.messages
        try:
            answer = asking.answer(Adjustments(asking.choice))
        except ValidationError as without:
            wrong = list(dict.fromkeys([*wrong, *without.messages]))
    context |= {
        "answer": answer,
        "wrong": wrong,
        "controls": asking.controls(adjustments, answer.shares if answer else {}),
        "has_run": asking.run is not None,
        "by_decision": moved_in(assessment, asking.before() if asking.run else None),
        "moved_on": asking.moved_on(),
        "sensitivity": asking.sensitivity(answer.adjustments, answer.results) if answer else None,
    }
    return render(request, "materiality/whatif/page.html", context, status=400 if wrong else 200)


@require_GET
def result(request: MemberRequest, slug: str) -> HttpResponse:
    """The part that is redrawn: finding, matrix and list. Where there is none, a sentence that says why."""
    assessment = find_assessment(request, slug)
    try:
        asking = Asking(request.organisation, assessment)
        adjustments = asking.read(request.GET)
        drawings = DRAWINGS.get(request.GET.get("drawing", ""), ("wide", "narrow"))
        answer = asking.answer(adjustments, drawings, moving="moving" in request.GET)
    except ValidationError as error:
        return render(
            request, "materiality/whatif/_wrong.html", {"wrong": error.messages, "was_drawn": True}, status=400
        )
    context = {"assessment": assessment, "answer": answer, "english": _reads_english(), "alone": True}
    if request.GET.get(WEIGHED_BY, adjustments.choice.weights) != adjustments.choice.weights:
        # Weights come from elsewhere now: the sliders start anew.
        context["controls"] = asking.controls(adjustments, answer.shares)
    response = render(request, "materiality/whatif/_result.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
def robustness(request: MemberRequest, slug: str) -> HttpResponse:
    """Which weight would move which issue, from where the sliders stand: looked at once they stand still."""
    assessment = find_assessment(request, slug)
    try:
        asking = Asking(request.organisation, assessment)
        sensitivity = asking.sensitivity(asking.read(request.GET))
    except ValidationError as error:
        return render(request, "materiality/whatif/_wrong.html", {"wrong": error.messages}, status=400)
    context = {"assessment": assessment, "sensitivity": sensitivity}
    response = render(request, "materiality/whatif/_sensitivity.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _reads_english() -> bool:
    """What a document keeps is in English, and marked as such on other pages."""
    return (get_language() or "en").startswith("en")
