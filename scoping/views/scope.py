"""What will be asked: the page of the scope, and forms for its groups, tiers and concerns."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import editors_only
from accounts.requests import MemberRequest
from accounts.selectors import events_of
from scoping import selectors, services
from scoping.forms.scope import ConcernForm, GroupForm, TiersForm
from scoping.selectors.screening import applied_decision, since_decision
from scoping.selectors.stakeholders import headcount_doubt, scored_group, what_goes_with
from scoping.services.scope import FROZEN
from scoping.steps import steps
from scoping.views.base import (
    address,
    came_from,
    find_assessment,
    form_page,
    form_response,
    is_open,
    onward,
    remove_and_return,
    sent,
)


@require_GET
def scope(request: MemberRequest, slug: str) -> HttpResponse:
    """All that is known before anybody is asked: who, about what, in which tiers, and what was published."""
    assessment = find_assessment(request, slug)
    groups = list(assessment.groups.annotate(concern_count=Count("concerns")).order_by("position", "pk"))
    issues = list(selectors.issues_of(assessment))
    tiers = list(selectors.tiers_of(assessment))
    decision = applied_decision(assessment)
    context = {
        "assessment": assessment,
        "steps": steps(assessment, organisation=request.organisation),
        "axes": selectors.axes_of(groups),
        "groups": groups,
        "issues": issues,
        "categories": len({issue.category for issue in issues if issue.category}),
        "tiers": tiers,
        "planned": sum(tier.planned_count or 0 for tier in tiers),
        "decision": decision,
        "unscreened": since_decision(assessment, decision) if decision else [],
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
    scored = scored_group(present) if present else None
    frozen = not is_open(assessment)
    suggested = scored is not None and scored.judgement is not None
    form = GroupForm(
        sent(request),
        group=present,
        frozen=frozen and present is not None,
        suggested=suggested,
        initial={"side": request.GET.get("side", "")},
    )
    if request.method == "POST" and form.attempt(
        lambda values: services.save_group(assessment=assessment, group=present, by=request.user, **values)
    ):
        messages.success(request, gettext("“%(name)s” is saved.") % {"name": form.cleaned_data["name"]})
        if present and (doubt := headcount_doubt(form.cleaned_data["headcount"], present.contacts.count())):
            messages.warning(request, doubt)
        return _to_register(request, slug, code) or onward(request, slug, "groups", "group-new")
    goes = what_goes_with(present) if present else ""
    context = {"assessment": assessment, "group": present, "frozen": frozen, "scored": scored, "goes": goes}
    return form_response(request, "scoping/group.html", form, context)


def _to_register(request: MemberRequest, slug: str, code: str | None) -> HttpResponse | None:
    """Back to the register, or to the sheet of the group `code`, when that is where the form was opened."""
    came_from = request.GET.get("from")
    if came_from not in ("register", "sheet"):
        return None
    if "another" in request.POST:
        return redirect(request.get_full_path())
    if came_from == "sheet" and code:
        return redirect(address(request, slug, "group-sheet", code=code))
    return redirect(address(request, slug, "stakeholders"))


@editors_only
@require_POST
def group_remove(request: MemberRequest, slug: str, code: str) -> HttpResponse:
    present = get_object_or_404(find_assessment(request, slug).groups, code=code)
    to_scope_page = remove_and_return(
        request, slug, "groups", present, lambda: services.remove_group(group=present, by=request.user)
    )
    return _to_register(request, slug, None) or to_scope_page


@editors_only
@form_page
def tiers(request: MemberRequest, slug: str) -> HttpResponse:
    assessment = find_assessment(request, slug)
    # Of the decisions only the newest one links here.
    newest = assessment.short_list_decisions.order_by("version").last() if "from" in request.GET else None
    pages = {"method": address(request, slug, "materiality:method")}
    if newest:
        pages["decision"] = address(request, slug, "decision", version=newest.version)
    back = came_from(request, pages, address(request, slug, "scope", section="tiers"))
    form = TiersForm(sent(request), assessment=assessment)
    if request.method == "POST" and form.attempt(
        lambda _: services.save_tiers(assessment=assessment, tiers=form.plans(), by=request.user)
    ):
        messages.success(request, gettext("The tiers are saved."))
        return redirect(back)
    context = {"assessment": assessment, "listed": assessment.issues.asked().count(), "back": back}
    return form_response(request, "scoping/tiers.html", form, context)


@editors_only
@form_page
def concern(request: MemberRequest, slug: str, concern_id: int | None = None) -> HttpResponse:
    """Adds a concern, or changes the one with this id."""
    assessment = find_assessment(request, slug)
    present = get_object_or_404(selectors.concerns_of(assessment), pk=concern_id) if concern_id is not None else None
    asks, about = request.GET.get("group", ""), request.GET.get("issue", "")
    form = ConcernForm(
        sent(request),
        assessment=assessment,
        concern=present,
        initial={"group": asks, "issue": about},
    )
    if request.method == "POST" and form.attempt(
        lambda values: services.save_concern(assessment=assessment, concern=present, by=request.user, **values)
    ):
        messages.success(request, gettext("“%(name)s” is saved.") % {"name": form.cleaned_data["topic"]})
        page = address(request, slug, "group-sheet", code=form.cleaned_data["group"].code)
        return redirect(request.get_full_path() if "another" in request.POST else page)
    code = present.group.code if present else asks
    group = next((one for one in assessment.groups.all() if one.code == code), None)
    back = address(request, slug, "stakeholders")
    if group is not None:
        back = address(request, slug, "group-sheet", code=group.code, section="topics")
    elif issue := next((one for one in assessment.issues.all() if one.code == about), None):
        back = address(request, slug, "sheet", code=issue.code)
    context = {"assessment": assessment, "concern": present, "group": group, "back": back}
    return form_response(request, "scoping/concern.html", form, context)


@editors_only
@require_POST
def concern_remove(request: MemberRequest, slug: str, concern_id: int) -> HttpResponse:
    present = get_object_or_404(selectors.concerns_of(find_assessment(request, slug)), pk=concern_id)
    group = present.group
    services.remove_concern(concern=present, by=request.user)
    messages.success(request, gettext("“%(name)s” is removed.") % {"name": present})
    return redirect(address(request, slug, "group-sheet", code=group.code))
