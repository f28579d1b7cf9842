"""The scoping pages: the list of assessments, making, renaming and deleting one, and its groups, issues, tiers and
concerns."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import editors_only
from accounts.requests import MemberRequest
from accounts.selectors import events_of
from scoping import selectors, services
from scoping.cases.catalogue import case_names, find_case
from scoping.cases.errors import CaseError
from scoping.forms import AssessmentForm, ConcernForm, GroupForm, IssueForm, PasteForm, ScopingForm, TiersForm
from scoping.models import Assessment, Phase
from scoping.services.scope import FROZEN
from scoping.steps import steps

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
def assessments(request: MemberRequest) -> HttpResponse:
    return render(request, "scoping/assessments.html", {"assessments": selectors.assessments_of(request.organisation)})


@editors_only
@form_page
def create(request: MemberRequest) -> HttpResponse:
    form = AssessmentForm(_sent(request), initial={"company": request.organisation.name})
    made: list[Assessment] = []
    if request.method == "POST" and form.attempt(
        lambda values: made.append(
            services.create_assessment(organisation=request.organisation, by=request.user, **values)
        )
    ):
        return _to_scope(request, made[0].slug)
    return _form(request, "scoping/create.html", form, {"cases": [find_case(name) for name in case_names()]})


@editors_only
@require_POST
def load_published(request: MemberRequest) -> HttpResponse:
    """Starts from a published case, as the command load_case does."""
    name = request.POST.get("case", "")
    if name not in case_names():
        raise Http404("There is no such case.")
    try:
        assessment = services.load_case(organisation=request.organisation, case=name, by=request.user)
    except (CaseError, ValidationError) as error:
        messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
        return redirect("scoping:create", organisation=request.organisation.slug)
    return _to_scope(request, assessment.slug)


@editors_only
@form_page
def edit(request: MemberRequest, slug: str) -> HttpResponse:
    """What the assessment is called; owners can delete it from here."""
    assessment = _assessment(request, slug)
    form = AssessmentForm(_sent(request), assessment=assessment)
    if request.method == "POST" and form.attempt(
        lambda values: services.rename_assessment(assessment=assessment, by=request.user, **values)
    ):
        messages.success(request, f"“{form.cleaned_data['name']}” is saved.")
        return _to_scope(request, slug)
    context = {"assessment": assessment, "may_manage": request.membership.may_manage}
    return _form(request, "scoping/edit.html", form, context)


@require_POST
def remove(request: MemberRequest, slug: str) -> HttpResponse:
    if not request.membership.may_manage:
        raise PermissionDenied("Only owners can delete an assessment, since all its answers go with it.")
    assessment = _assessment(request, slug)
    services.remove_assessment(assessment=assessment, by=request.user)
    messages.success(request, f"“{assessment}” is deleted.")
    return redirect("scoping:assessments", organisation=request.organisation.slug)


@require_GET
def scope(request: MemberRequest, slug: str) -> HttpResponse:
    """All that is known before anybody is asked: who, about what, in which tiers, and what was published."""
    assessment = _assessment(request, slug)
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
        "missing": selectors.missing_for_survey(assessment) if _is_open(assessment) else [],
        "frozen": not _is_open(assessment),
        "frozen_because": FROZEN,
        "may_edit": request.membership.may_edit,
    }
    return render(request, "scoping/scope.html", context)


@editors_only
@form_page
def group(request: MemberRequest, slug: str, code: str | None = None) -> HttpResponse:
    """Adds a group, or changes the one called `code`."""
    assessment = _assessment(request, slug)
    present = get_object_or_404(assessment.groups, code=code) if code else None
    frozen = not _is_open(assessment)
    form = GroupForm(_sent(request), group=present, frozen=frozen and present is not None)
    if request.method == "POST" and form.attempt(
        lambda values: services.save_group(assessment=assessment, group=present, by=request.user, **values)
    ):
        messages.success(request, f"“{form.cleaned_data['name']}” is saved.")
        return _onward(request, slug, "groups", "scoping:group-new")
    return _form(request, "scoping/group.html", form, {"assessment": assessment, "group": present, "frozen": frozen})


@editors_only
@require_POST
def group_remove(request: MemberRequest, slug: str, code: str) -> HttpResponse:
    present = get_object_or_404(_assessment(request, slug).groups, code=code)
    return _remove(request, slug, "groups", present, lambda: services.remove_group(group=present, by=request.user))


@editors_only
@form_page
def issue(request: MemberRequest, slug: str, code: str | None = None) -> HttpResponse:
    """Adds an issue, or changes the one called `code`."""
    assessment = _assessment(request, slug)
    listed = list(assessment.issues.all())
    present = get_object_or_404(assessment.issues, code=code) if code else None
    place = listed.index(present) + 1 if present else None
    form = IssueForm(_sent(request), issue=present, place=place)
    if request.method == "POST" and form.attempt(
        lambda values: services.save_issue(assessment=assessment, issue=present, by=request.user, **values)
    ):
        messages.success(request, f"“{form.cleaned_data['name']}” is saved.")
        return _onward(request, slug, "issues", "scoping:issue-new")
    context = {
        "assessment": assessment,
        "issue": present,
        "frozen": not _is_open(assessment),
        "categories": sorted({listed_issue.category for listed_issue in listed if listed_issue.category}),
    }
    return _form(request, "scoping/issue.html", form, context)


@editors_only
@require_POST
def issue_remove(request: MemberRequest, slug: str, code: str) -> HttpResponse:
    present = get_object_or_404(_assessment(request, slug).issues, code=code)
    return _remove(request, slug, "issues", present, lambda: services.remove_issue(issue=present, by=request.user))


@editors_only
@form_page
def paste(request: MemberRequest, slug: str) -> HttpResponse:
    """Adds many issues at once: all of them, or none."""
    assessment = _assessment(request, slug)
    form = PasteForm(_sent(request))
    if request.method == "POST" and form.attempt(
        lambda _: services.add_issues(assessment=assessment, issues=form.issues(), by=request.user)
    ):
        count = len(form.issues())
        messages.success(request, f"{count} issues are added." if count > 1 else "One issue is added.")
        return _to_scope(request, slug, "issues")
    return _form(request, "scoping/paste.html", form, {"assessment": assessment, "frozen": not _is_open(assessment)})


@editors_only
@form_page
def tiers(request: MemberRequest, slug: str) -> HttpResponse:
    assessment = _assessment(request, slug)
    form = TiersForm(_sent(request), assessment=assessment)
    if request.method == "POST" and form.attempt(
        lambda _: services.save_tiers(assessment=assessment, tiers=form.plans(), by=request.user)
    ):
        messages.success(request, "The tiers are saved.")
        return _to_scope(request, slug, "tiers")
    return _form(request, "scoping/tiers.html", form, {"assessment": assessment, "listed": assessment.issues.count()})


@editors_only
@form_page
def concern(request: MemberRequest, slug: str, concern_id: int | None = None) -> HttpResponse:
    """Adds a concern, or changes the one with this id."""
    assessment = _assessment(request, slug)
    present = get_object_or_404(selectors.concerns_of(assessment), pk=concern_id) if concern_id else None
    form = ConcernForm(_sent(request), assessment=assessment, concern=present)
    if request.method == "POST" and form.attempt(
        lambda values: services.save_concern(assessment=assessment, concern=present, by=request.user, **values)
    ):
        messages.success(request, f"“{form.cleaned_data['topic']}” is saved.")
        return _onward(request, slug, "concerns", "scoping:concern-new")
    return _form(request, "scoping/concern.html", form, {"assessment": assessment, "concern": present})


@editors_only
@require_POST
def concern_remove(request: MemberRequest, slug: str, concern_id: int) -> HttpResponse:
    present = get_object_or_404(selectors.concerns_of(_assessment(request, slug)), pk=concern_id)
    return _remove(
        request, slug, "concerns", present, lambda: services.remove_concern(concern=present, by=request.user)
    )


def _assessment(request: MemberRequest, slug: str) -> Assessment:
    try:
        return selectors.get_assessment(request.organisation, slug)
    except Assessment.DoesNotExist as error:
        raise Http404("There is no such assessment in this organisation.") from error


def _sent(request: MemberRequest) -> QueryDict | None:
    """What a form is bound to. An empty POST is one too, and gets its messages."""
    return request.POST if request.method == "POST" else None


def _is_open(assessment: Assessment) -> bool:
    return assessment.phase == Phase.SCOPING


def _form(request: MemberRequest, template: str, form: ScopingForm, context: dict[str, Any]) -> HttpResponse:
    page = {"form": form, "frozen_because": FROZEN, **context}
    return render(request, template, page, status=400 if form.errors else 200)


def _to_scope(request: MemberRequest, slug: str, section: str = "") -> HttpResponse:
    page = reverse("scoping:scope", kwargs={"organisation": request.organisation.slug, "slug": slug})
    return redirect(f"{page}#{section}" if section else page)


def _onward(request: MemberRequest, slug: str, section: str, again: str) -> HttpResponse:
    """Back to the section; or, after "Save and add another", to an empty form."""
    if "another" in request.POST:
        return redirect(again, organisation=request.organisation.slug, slug=slug)
    return _to_scope(request, slug, section)


def _remove(request: MemberRequest, slug: str, section: str, present: Any, service: Any) -> HttpResponse:
    try:
        service()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"“{present}” is removed.")
    return _to_scope(request, slug, section)
