"""The pages of the review: every issue with its computed and decided tier, and one issue with what was said of it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import editors_only
from accounts.requests import MemberRequest
from materiality import selectors, services
from materiality.models import Override, ReviewComment
from materiality.review.forms import CloseForm, SayForm, TierForm
from materiality.review.page import IssueReview, Review, is_open, issue_review, review_of
from scoping.models import Assessment
from scoping.steps import steps
from scoping.views.base import address, find_assessment

View = Callable[..., HttpResponse]


def commenters_only(view: View) -> View:
    @wraps(view)
    def checked(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not _may_comment(request):
            raise PermissionDenied(_("Owners, analysts and approvers comment on a result. Viewers read it."))
        return view(request, *args, **kwargs)

    return checked


def _may_comment(request: MemberRequest) -> bool:
    return request.membership.may_edit or request.membership.may_confirm


@require_GET
def review(request: MemberRequest, slug: str) -> HttpResponse:
    """Every issue of the current result, and what was said of the result as a whole."""
    return _review_page(request, find_assessment(request, slug, counted=True))


@require_POST
@commenters_only
def say(request: MemberRequest, slug: str) -> HttpResponse:
    """A comment on the result as a whole."""
    assessment = find_assessment(request, slug, counted=True)
    form = SayForm(request.POST)
    if not form.attempt(lambda values: services.comment(assessment=assessment, by=request.user, **values)):
        return _review_page(request, assessment, saying=form)
    messages.success(request, _said(form))
    return redirect(address(request, slug, "materiality:review", section="said"))


@require_GET
def issue(request: MemberRequest, slug: str, code: str) -> HttpResponse:
    """One issue: where it was put and how surely, what was decided about it, and what was said."""
    assessment = find_assessment(request, slug, counted=True)
    return _issue_page(request, assessment, *_issue(assessment, code))


@require_POST
@editors_only
def give_tier(request: MemberRequest, slug: str, code: str) -> HttpResponse:
    assessment = find_assessment(request, slug, counted=True)
    whole, found = _issue(assessment, code)
    form = TierForm(request.POST, tiers=[tier.name for tier in whole.tiers])
    made: list[Override] = []
    if not form.attempt(
        lambda values: made.append(
            services.override_tier(assessment=assessment, issue=found.issue, by=request.user, **values)
        )
    ):
        # What somebody else decided meanwhile is on the page that comes back.
        return _issue_page(request, assessment, *_issue(assessment, code), deciding=form)
    done = _("“%(issue)s” stands in the tier “%(tier)s” by decision.")
    messages.success(request, done % {"issue": found.issue.name, "tier": made[0].tier})
    return redirect(address(request, slug, "materiality:review-issue", code=code))


@require_POST
@editors_only
def take_back(request: MemberRequest, slug: str, code: str) -> HttpResponse:
    """Back to the computed tier."""
    assessment = find_assessment(request, slug)
    _whole, found = _issue(assessment, code)
    page = redirect(address(request, slug, "materiality:review-issue", code=code))
    override = next((one for one in found.history if str(one.pk) == request.POST.get("override", "")), None)
    if override is None:
        messages.error(request, _("There is no such decision to take back. The page shows what is in force now."))
        return page
    try:
        services.withdraw_override(override=override, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        done = _("The decision is taken back: “%(issue)s” stands in the tier that was computed.")
        messages.success(request, done % {"issue": found.issue.name})
    return page


@require_POST
@commenters_only
def say_on_issue(request: MemberRequest, slug: str, code: str) -> HttpResponse:
    assessment = find_assessment(request, slug, counted=True)
    whole, found = _issue(assessment, code)
    form = SayForm(request.POST)
    if not form.attempt(
        lambda values: services.comment(assessment=assessment, issue=found.issue, by=request.user, **values)
    ):
        return _issue_page(request, assessment, whole, found, saying=form)
    messages.success(request, _said(form))
    return redirect(address(request, slug, "materiality:review-issue", code=code, section="said"))


@require_POST
@editors_only
def close_point(request: MemberRequest, slug: str, point: int) -> HttpResponse:
    """Say what came of an open point, on the result or on one of its issues."""
    assessment = find_assessment(request, slug, counted=True)
    found = get_object_or_404(ReviewComment.objects.select_related("issue"), pk=point, assessment=assessment)
    form = CloseForm(request.POST, point=found.pk)
    if not form.attempt(lambda values: services.resolve(comment=found, by=request.user, **values)):
        if found.issue:
            return _issue_page(request, assessment, *_issue(assessment, found.issue.code), closing=(found.pk, form))
        return _review_page(request, assessment, closing=(found.pk, form))
    messages.success(request, _("The point is closed."))
    if found.issue:
        return redirect(address(request, slug, "materiality:review-issue", code=found.issue.code, section="said"))
    return redirect(address(request, slug, "materiality:review", section="said"))


def _said(form: SayForm) -> str:
    if form.cleaned_data["is_open_point"]:
        return _("The point is open until somebody says what came of it.")
    return _("The comment is kept.")


def _issue(assessment: Assessment, code: str) -> tuple[Review, IssueReview]:
    whole = review_of(assessment)
    found = issue_review(whole, assessment, code) if whole else None
    if whole is None or found is None:
        raise Http404("There is no such issue in the result of this assessment.")
    return whole, found


def _threads(
    comments: list[ReviewComment], closing: tuple[int, CloseForm] | None
) -> list[tuple[ReviewComment, CloseForm | None]]:
    """Every comment, and the form that closes it where it is an open point; `closing` is one with mistakes in it."""
    return [
        (one, None if not is_open(one) else closing[1] if closing and closing[0] == one.pk else CloseForm(point=one.pk))
        for one in comments
    ]


def _context(request: MemberRequest, assessment: Assessment) -> dict[str, Any]:
    return {
        "assessment": assessment,
        "steps": steps(assessment, organisation=request.organisation),
        "may_edit": request.membership.may_edit,
        "may_comment": _may_comment(request),
    }


def _review_page(
    request: MemberRequest,
    assessment: Assessment,
    *,
    saying: SayForm | None = None,
    closing: tuple[int, CloseForm] | None = None,
) -> HttpResponse:
    found = review_of(assessment)
    form = closing[1] if closing else saying
    context = _context(request, assessment) | {
        "review": found,
        "form": form,
        "saying": saying or SayForm(),
        "threads": _threads(found.on_the_whole, closing) if found else [],
        "points": [one for one in found.open_points if one.issue] if found else [],
        "has_earlier": selectors.number_of_runs(assessment) > 1,
    }
    return render(request, "materiality/review/review.html", context, status=400 if form and form.errors else 200)


def _issue_page(
    request: MemberRequest,
    assessment: Assessment,
    whole: Review,
    found: IssueReview,
    *,
    deciding: TierForm | None = None,
    saying: SayForm | None = None,
    closing: tuple[int, CloseForm] | None = None,
) -> HttpResponse:
    form = deciding or saying or (closing[1] if closing else None)
    stands_in = found.row.stands_in
    in_force = found.row.override
    context = _context(request, assessment) | {
        "review": whole,
        "found": found,
        "row": found.row,
        "issue": found.row.issue,
        "form": form,
        "deciding": deciding or TierForm(tiers=[tier.name for tier in whole.tiers]),
        # Whoever sends the form has seen on this page what is in force now.
        "seen": in_force.pk if in_force else "",
        "tiers": [(tier, tier == stands_in) for tier in whole.tiers],
        "saying": saying or SayForm(),
        "threads": _threads(list(found.comments), closing),
        "chances": found.row.chances(whole.tiers),
    }
    return render(request, "materiality/review/issue.html", context, status=400 if form and form.errors else 200)
