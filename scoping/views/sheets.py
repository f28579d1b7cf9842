"""The tables that the report prints: the issue table with the pillars of the model, and the content index."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import editors_only
from accounts.requests import MemberRequest
from scoping.forms.sheets import EntryForm, LocationsForm, PillarForm
from scoping.libraries.catalogue import libraries
from scoping.models import Assessment
from scoping.selectors.sheets import FrameworkIndex, chapters_of, content_index, issue_table, pillars_of, sheets_of
from scoping.services.index import (
    disclosures_of,
    remove_entry,
    remove_index,
    save_entry,
    save_locations,
    start_index,
)
from scoping.services.pillars import remove_pillar, save_pillar
from scoping.views.base import address, find_assessment, form_page, form_response, sent
from scoping.views.paging import links_to_pages, page_number

ISSUES_PER_PAGE = 100


@require_GET
def table(request: MemberRequest, slug: str) -> HttpResponse:
    """What each issue of the short list means and what is done about it, as the report's own table says it."""
    assessment = find_assessment(request, slug)
    listed = issue_table(assessment)
    page = Paginator(listed.issues, ISSUES_PER_PAGE).get_page(page_number(request))
    parts = sheets_of(assessment, listed, list(page.object_list))
    pillars = pillars_of(assessment)
    context = {
        "assessment": assessment,
        "table": listed,
        "parts": parts,
        "pages": links_to_pages(page.number, page.paginator.num_pages, {}),
        "sourced": any(row.source for part in parts for row in part.rows),
        "pillars": pillars,
        "pillars_sourced": any(pillar.source for pillar in pillars),
        "may_edit": request.membership.may_edit,
    }
    return render(request, "scoping/issue_table.html", context)


@editors_only
@form_page
def pillar(request: MemberRequest, slug: str, pillar_id: int | None = None) -> HttpResponse:
    """Adds a pillar, or changes the one with this id."""
    assessment = find_assessment(request, slug)
    present = get_object_or_404(assessment.pillars, pk=pillar_id) if pillar_id is not None else None
    form = PillarForm(sent(request), assessment=assessment, pillar=present)
    if request.method == "POST" and form.attempt(
        lambda values: save_pillar(assessment=assessment, pillar=present, by=request.user, **values)
    ):
        messages.success(request, gettext("“%(name)s” is saved.") % {"name": form.cleaned_data["name"]})
        if "another" in request.POST:
            return redirect(address(request, slug, "pillar-new"))
        return redirect(address(request, slug, "issue-table", section="pillars"))
    return form_response(request, "scoping/pillar.html", form, {"assessment": assessment, "pillar": present})


@editors_only
@require_POST
def pillar_remove(request: MemberRequest, slug: str, pillar_id: int) -> HttpResponse:
    present = get_object_or_404(find_assessment(request, slug).pillars, pk=pillar_id)
    remove_pillar(pillar=present, by=request.user)
    messages.success(request, gettext("“%(name)s” is removed. Its issues stay.") % {"name": present})
    return redirect(address(request, slug, "issue-table", section="pillars"))


@require_GET
def index(request: MemberRequest, slug: str) -> HttpResponse:
    """Where the report answers each disclosure of the frameworks that it follows."""
    assessment = find_assessment(request, slug)
    frameworks = content_index(assessment)
    started = {framework.slug for framework in frameworks}
    context = {
        "assessment": assessment,
        "frameworks": frameworks,
        "to_fill": next((framework for framework in frameworks if framework.located < len(framework.rows)), None),
        "offers": [(library, len(disclosures_of(library))) for library in libraries() if library.slug not in started],
        "may_edit": request.membership.may_edit,
    }
    return render(request, "scoping/content_index.html", context)


@editors_only
@require_POST
def index_start(request: MemberRequest, slug: str) -> HttpResponse:
    """Adds every disclosure of a framework as a row without a location."""
    framework = request.POST.get("framework", "")
    return _attempt(
        request,
        slug,
        lambda assessment: start_index(assessment=assessment, framework=framework, by=request.user),
        gettext("%(n)s rows are added. Fill in where the report answers them; remove those that do not apply."),
        framework,
    )


@editors_only
@require_POST
def index_remove(request: MemberRequest, slug: str) -> HttpResponse:
    framework = request.POST.get("framework", "")
    return _attempt(
        request,
        slug,
        lambda assessment: remove_index(assessment=assessment, framework=framework, by=request.user),
        gettext("%(n)s rows are removed."),
    )


@editors_only
@form_page
def locations(request: MemberRequest, slug: str) -> HttpResponse:
    """All locations of one framework in one form."""
    assessment = find_assessment(request, slug)
    framework = _chosen(content_index(assessment), request.GET.get("framework", ""))
    if framework is None:
        return redirect(address(request, slug, "content-index"))
    form = LocationsForm(sent(request), framework=framework)
    if request.method == "POST" and form.attempt(
        lambda _: save_locations(assessment=assessment, locations=form.locations(), by=request.user)
    ):
        messages.success(request, gettext("The locations are saved."))
        return redirect(address(request, slug, "content-index", section=framework.slug))
    context = {
        "assessment": assessment,
        "framework": framework,
        "chapters": chapters_of(assessment),
    }
    return form_response(request, "scoping/locations.html", form, context)


@editors_only
@form_page
def entry(request: MemberRequest, slug: str, entry_id: int | None = None) -> HttpResponse:
    """Adds a row of the content index, or changes the one with this id."""
    assessment = find_assessment(request, slug)
    rows = assessment.index_entries.select_related("issue")
    present = get_object_or_404(rows, pk=entry_id) if entry_id is not None else None
    wanted = {"framework": request.GET["framework"]} if "framework" in request.GET else None
    form = EntryForm(sent(request), assessment=assessment, entry=present, initial=wanted)
    if request.method == "POST" and form.attempt(
        lambda values: save_entry(assessment=assessment, entry=present, by=request.user, **values)
    ):
        messages.success(request, gettext("The row %(code)s is saved.") % {"code": form.cleaned_data["code"]})
        framework = form.cleaned_data["framework"]
        if "another" in request.POST:
            return redirect(address(request, slug, "entry-new", query={"framework": framework}))
        return redirect(address(request, slug, "content-index", section=framework))
    context = {"assessment": assessment, "entry": present, "chapters": chapters_of(assessment)}
    return form_response(request, "scoping/entry.html", form, context)


@editors_only
@require_POST
def entry_remove(request: MemberRequest, slug: str, entry_id: int) -> HttpResponse:
    present = get_object_or_404(find_assessment(request, slug).index_entries, pk=entry_id)
    remove_entry(entry=present, by=request.user)
    messages.success(request, gettext("The row %(code)s is removed.") % {"code": present.code})
    return redirect(address(request, slug, "content-index", section=present.framework))


def _attempt(
    request: MemberRequest, slug: str, service: Callable[[Assessment], int], done: str, section: str = ""
) -> HttpResponse:
    """Calls `service`, says how many rows it was about or why it was none, and shows the index again."""
    try:
        count = service(find_assessment(request, slug))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, done % {"n": count})
        return redirect(address(request, slug, "content-index", section=section))
    return redirect(address(request, slug, "content-index"))


def _chosen(frameworks: list[FrameworkIndex], slug: str) -> FrameworkIndex | None:
    """The one that is asked for; the first of them where none is; None where there are none at all."""
    if not slug:
        return frameworks[0] if frameworks else None
    found = next((framework for framework in frameworks if framework.slug == slug), None)
    if found is None:
        raise Http404("The content index has no rows of this framework.")
    return found
