"""The page of scenarios with its forms, and the files of a comparison."""

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import editors_only
from accounts.requests import MemberRequest
from materiality.models import Scenario
from materiality.review.selectors import moved_in
from materiality.scenarios import selectors, services
from materiality.scenarios.exports import CONTENT_TYPES, comparison_file, scenario_json
from materiality.scenarios.page import MOST_COMPARED, compared, kept_scenarios
from materiality.services import choice_of
from materiality.whatif.adjustments import Adjustments
from scoping.models import Assessment
from scoping.steps import steps
from scoping.views.base import address, find_assessment

# Parameters of addresses: the scenarios that are compared, and the name that a refused one was to get.
CHOSEN, NAME = "s", "scenario"


@require_GET
def scenarios(request: MemberRequest, slug: str) -> HttpResponse:
    """All scenarios, and up to four of them beside the current result."""
    return _page(request, find_assessment(request, slug, counted=True))


@require_POST
@editors_only
def keep(request: MemberRequest, slug: str) -> HttpResponse:
    """Keep what the address of a what-if says. What is refused goes back to that page, with the name that was typed."""
    assessment = find_assessment(request, slug)
    said, name = QueryDict(request.POST.get("query", "")), request.POST.get("name", "")
    try:
        adjustments = Adjustments.from_query(said, choice_of(assessment))
        scenario = services.keep_scenario(assessment=assessment, name=name, adjustments=adjustments, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join([_("The scenario is not kept."), *refusal.messages]))
        again = said.copy()
        again[NAME] = name[: services.LONGEST_NAME]
        return redirect(f"{address(request, slug, 'materiality:whatif')}?{again.urlencode()}")
    messages.success(request, _("“%(name)s” is kept, with its result.") % {"name": scenario.name})
    return redirect(address(request, slug, "materiality:scenarios"))


@require_POST
@editors_only
def rename(request: MemberRequest, slug: str, scenario: UUID) -> HttpResponse:
    assessment = find_assessment(request, slug, counted=True)
    found = _find(request, assessment, scenario)
    name = request.POST.get("name", "")
    try:
        services.rename_scenario(scenario=found, name=name, by=request.user)
    except ValidationError as refusal:
        return _page(request, assessment, refused={found.pk: (name, refusal.messages)})
    return redirect(address(request, slug, "materiality:scenarios", section=f"scenario-{found.pk}"))


@require_POST
@editors_only
def delete(request: MemberRequest, slug: str, scenario: UUID) -> HttpResponse:
    found = _find(request, find_assessment(request, slug), scenario)
    services.delete_scenario(scenario=found, by=request.user)
    messages.success(request, _("“%(name)s” is deleted.") % {"name": found.name})
    return redirect(address(request, slug, "materiality:scenarios"))


@require_GET
def export(request: MemberRequest, slug: str, format: str) -> HttpResponse:
    """The comparison that the page shows, as a file."""
    assessment = find_assessment(request, slug)
    if format not in CONTENT_TYPES:
        raise Http404(f"There is no export {format!r}; there are {', '.join(CONTENT_TYPES)}.")
    kept = kept_scenarios(request.organisation, assessment, _chosen(request))
    found = compared(request.organisation, assessment, [one.scenario.pk for one in kept if one.chosen])
    if not found.columns:
        messages.error(request, _("There is nothing to export: choose a scenario first."))
        return redirect(address(request, slug, "materiality:scenarios"))
    return _file(comparison_file(found, format), CONTENT_TYPES[format], f"{slug}-scenarios.{format}")


@require_GET
def record(request: MemberRequest, slug: str, scenario: UUID) -> HttpResponse:
    """One scenario as JSON, with its whole result."""
    found = _find(request, find_assessment(request, slug), scenario)
    return _file(scenario_json(found), "application/json", f"{slug}-scenario.json")


def _file(content: bytes, content_type: str, filename: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _find(request: MemberRequest, assessment: Assessment, scenario: UUID) -> Scenario:
    try:
        return selectors.get_scenario(organisation=request.organisation, assessment=assessment, scenario=scenario)
    except Scenario.DoesNotExist as error:
        raise Http404("There is no such scenario of this assessment.") from error


def _chosen(request: MemberRequest) -> list[UUID] | None:
    """The scenarios that the address names; None where it names none. What is no key names nothing."""
    if CHOSEN not in request.GET:
        return None
    found = []
    for text in request.GET.getlist(CHOSEN):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def _page(
    request: MemberRequest, assessment: Assessment, refused: Mapping[UUID, tuple[str, list[str]]] | None = None
) -> HttpResponse:
    """The page; `refused` are names that could not be given, by scenario, with the reasons."""
    chosen = _chosen(request)
    kept = kept_scenarios(request.organisation, assessment, chosen)
    picked = [one.scenario.pk for one in kept if one.chosen]
    found = compared(request.organisation, assessment, picked) if picked else None
    context = {
        "assessment": assessment,
        "steps": steps(assessment, organisation=request.organisation),
        "by_decision": moved_in(assessment, found.run.results) if found and found.run else 0,
        "kept": [(one, *(refused or {}).get(one.scenario.pk, (one.scenario.name, []))) for one in kept],
        "found": found,
        "query": urlencode([(CHOSEN, str(pk)) for pk in picked]),
        "too_many": chosen is not None and len(chosen) > MOST_COMPARED,
        "most": MOST_COMPARED,
        "formats": {"csv": "CSV", "xlsx": "Excel"},
        "may_edit": request.membership.may_edit,
        "longest": services.LONGEST_NAME,
    }
    return render(request, "materiality/scenarios/scenarios.html", context, status=400 if refused else 200)
