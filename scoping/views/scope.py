"""What will be asked: the page of the scope, and forms for its groups, issues, tiers and concerns."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import editors_only
from accounts.requests import MemberRequest
from accounts.selectors import events_of
from scoping import selectors, services
from scoping.forms.scope import ConcernForm, GroupForm, IssueForm, PasteForm, TiersForm
from scoping.services.scope import FROZEN
from scoping.steps import steps
from scoping.views.base import (
    find_assessment,
    form_page,
    form_response,
    is_open,
    onward,
    remove_and_return,
    sent,
    to_scope,
)


@require_GET
def scope(request: MemberRequest, slug: str) -> HttpResponse:
    """All that is known before anybody is asked: who, about what, in which tiers, and what was published."""
    assessment = find_assessment(request, slug)
    groups = list(assessment.groups.annotate(concern_count=Count("concerns")))
    issues = list(selectors.issues_of(assessment))
    tiers = list(selectors.tiers_of(assessment))
    concerns = list(selectors.concerns_of(assessment))
    context = {
        "assessment": assessment,
        "steps": steps(assessment, organisation=request.organisation),
        "axes": selectors.axes_of(groups),
        "groups": groups,
        "issues": issues,
        "categories": len({issue.category for issue in issues if issue.category}),
        "tiers": tiers,
        "planned": sum(tier.planned_count or 0 for tier in tiers),
        "concerns": concerns,
        "readings": sum(concern.is_reading for concern in concerns),
        "published": any(hasattr(issue, "published") for issue in issues),
        "events": events_of(request.organisation, assessment.slug, 6),
        "missing": selectors.missing_for_survey(assessment) if is_open(assessment) else [],
        "frozen": not is_open(assessment),
        "frozen_because": FROZEN,
        "may_edit": request.membership.may_edit,
    }
    return render(request, "scoping/scope.html", context)


@editors_only
@form_page
def group(request: MemberRequest, slug: str, code: str | None = None) -> HttpResponse:
    """Adds a group, or changes the one called `code`."""
    assessment = find_assessment(request, slug)
    present = get_object_or_404(assessment.groups, code=code) if code else None
    frozen = not is_open(assessment)
    form = GroupForm(sent(request), group=present, frozen=frozen and present is not None)
    if request.method == "POST" and form.attempt(
        lambda values: services.save_group(assessment=assessment, group=present, by=request.user, **values)
    ):
        messages.success(request, f"“{form.cleaned_data['name']}” is saved.")
        return onward(request, slug, "groups", "scoping:group-new")
    return form_response(
        request, "scoping/group.html", form, {"assessment": assessment, "group": present, "frozen": frozen}
    )


@editors_only
@require_POST
def group_remove(request: MemberRequest, slug: str, code: str) -> HttpResponse:
    present = get_object_or_404(find_assessment(request, slug).groups, code=code)
    return remove_and_return(
        request, slug, "groups", present, lambda: services.remove_group(group=present, by=request.user)
    )


@editors_only
@form_page
def issue(request: MemberRequest, slug: str, code: str | None = None) -> HttpResponse:
    """Adds an issue, or changes the one called `code`."""
    assessment = find_assessment(request, slug)
    listed = list(assessment.issues.all())
    present = get_object_or_404(assessment.issues, code=code) if code else None
    place = listed.index(present) + 1 if present else None
    form = IssueForm(sent(request), issue=present, place=place)
    if request.method == "POST" and form.attempt(
        lambda values: services.save_issue(assessment=assessment, issue=present, by=request.user, **values)
    ):
        messages.success(request, f"“{form.cleaned_data['name']}” is saved.")
        return onward(request, slug, "issues", "scoping:issue-new")
    context = {
        "assessment": assessment,
        "issue": present,
        "frozen": not is_open(assessment),
        "categories": sorted({listed_issue.category for listed_issue in listed if listed_issue.category}),
    }
    return form_response(request, "scoping/issue.html", form, context)


@editors_only
@require_POST
def issue_remove(request: MemberRequest, slug: str, code: str) -> HttpResponse:
    present = get_object_or_404(find_assessment(request, slug).issues, code=code)
    return remove_and_return(
        request, slug, "issues", present, lambda: services.remove_issue(issue=present, by=request.user)
    )


@editors_only
@form_page
def paste(request: MemberRequest, slug: str) -> HttpResponse:
    """Adds many issues at once: all of them, or none."""
    assessment = find_assessment(request, slug)
    form = PasteForm(sent(request))
    if request.method == "POST" and form.attempt(
        lambda _: services.add_issues(assessment=assessment, issues=form.issues(), by=request.user)
    ):
        count = len(form.issues())
        messages.success(request, f"{count} issues are added." if count > 1 else "One issue is added.")
        return to_scope(request, slug, "issues")
    return form_response(
        request, "scoping/paste.html", form, {"assessment": assessment, "frozen": not is_open(assessment)}
    )


@editors_only
@form_page
def tiers(request: MemberRequest, slug: str) -> HttpResponse:
    assessment = find_assessment(request, slug)
    form = TiersForm(sent(request), assessment=assessment)
    if request.method == "POST" and form.attempt(
        lambda _: services.save_tiers(assessment=assessment, tiers=form.plans(), by=request.user)
    ):
        messages.success(request, "The tiers are saved.")
        return to_scope(request, slug, "tiers")
    return form_response(
        request, "scoping/tiers.html", form, {"assessment": assessment, "listed": assessment.issues.count()}
    )


@editors_only
@form_page
def concern(request: MemberRequest, slug: str, concern_id: int | None = None) -> HttpResponse:
    """Adds a concern, or changes the one with this id."""
    assessment = find_assessment(request, slug)
    present = get_object_or_404(selectors.concerns_of(assessment), pk=concern_id) if concern_id else None
    form = ConcernForm(sent(request), assessment=assessment, concern=present)
    if request.method == "POST" and form.attempt(
        lambda values: services.save_concern(assessment=assessment, concern=present, by=request.user, **values)
    ):
        messages.success(request, f"“{form.cleaned_data['topic']}” is saved.")
        return onward(request, slug, "concerns", "scoping:concern-new")
    return form_response(request, "scoping/concern.html", form, {"assessment": assessment, "concern": present})


@editors_only
@require_POST
def concern_remove(request: MemberRequest, slug: str, concern_id: int) -> HttpResponse:
    present = get_object_or_404(selectors.concerns_of(find_assessment(request, slug)), pk=concern_id)
    return remove_and_return(
        request, slug, "concerns", present, lambda: services.remove_concern(concern=present, by=request.user)
    )
