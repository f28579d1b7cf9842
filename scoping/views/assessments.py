"""The list of assessments; making, renaming and deleting one, and starting from a published case."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import editors_only
from accounts.requests import MemberRequest
from scoping import selectors, services
from scoping.cases.catalogue import case_names, find_case
from scoping.cases.errors import CaseError
from scoping.forms.assessments import AssessmentForm
from scoping.models import Assessment
from scoping.steps import conclusions
from scoping.views.base import find_assessment, form_page, form_response, sent, to_scope


@require_GET
def assessments(request: MemberRequest) -> HttpResponse:
    found = list(selectors.assessments_of(request.organisation))
    told = conclusions(request.organisation) if found else {}
    context = {"assessments": found, "rows": [(one, told.get(one.pk, "")) for one in found]}
    return render(request, "scoping/assessments.html", context)


@editors_only
@form_page
def create(request: MemberRequest) -> HttpResponse:
    form = AssessmentForm(sent(request), initial={"company": request.organisation.name})
    made: list[Assessment] = []
    if request.method == "POST" and form.attempt(
        lambda values: made.append(
            services.create_assessment(organisation=request.organisation, by=request.user, **values)
        )
    ):
        return to_scope(request, made[0].slug)
    return form_response(request, "scoping/create.html", form, {"cases": [find_case(name) for name in case_names()]})


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
    return to_scope(request, assessment.slug)


@editors_only
@form_page
def edit(request: MemberRequest, slug: str) -> HttpResponse:
    """What the assessment is called; owners can delete it from here."""
    assessment = find_assessment(request, slug)
    form = AssessmentForm(sent(request), assessment=assessment)
    if request.method == "POST" and form.attempt(
        lambda values: services.rename_assessment(assessment=assessment, by=request.user, **values)
    ):
        messages.success(request, gettext("“%(name)s” is saved.") % {"name": form.cleaned_data["name"]})
        return to_scope(request, slug)
    context = {"assessment": assessment, "may_manage": request.membership.may_manage}
    return form_response(request, "scoping/edit.html", form, context)


@require_POST
def remove(request: MemberRequest, slug: str) -> HttpResponse:
    if not request.membership.may_manage:
        raise PermissionDenied(gettext("Only owners can delete an assessment, since all its answers go with it."))
    assessment = find_assessment(request, slug)
    try:
        services.remove_assessment(assessment=assessment, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("scoping:edit", organisation=request.organisation.slug, slug=slug)
    messages.success(request, gettext("“%(name)s” is deleted.") % {"name": assessment})
    return redirect("scoping:assessments", organisation=request.organisation.slug)
