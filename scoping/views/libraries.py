"""The libraries of standards' topics, and picking issues from one."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import editors_only
from accounts.requests import MemberRequest
from scoping.forms.libraries import PickForm
from scoping.libraries.catalogue import LibraryNotFound, find_library
from scoping.libraries.format import Library
from scoping.models import Assessment
from scoping.selectors.libraries import entries_by_kind, library_groups, library_lines
from scoping.services.libraries import Picked, pick_entries
from scoping.views.base import address, find_assessment, form_response, is_open
from scoping.wording import capital, enumerated, spelled


@require_GET
def libraries(request: MemberRequest, slug: str) -> HttpResponse:
    assessment = find_assessment(request, slug)
    lines = [{"line": line, "kinds": entries_by_kind(line.library)} for line in library_lines(assessment)]
    context = {"assessment": assessment, "lines": lines, "may_edit": request.membership.may_edit}
    return render(request, "scoping/libraries.html", context)


@require_GET
def library(request: MemberRequest, slug: str, library: str) -> HttpResponse:
    assessment, found = find_assessment(request, slug), _find(library)
    return _page(request, assessment, found, PickForm())


@editors_only
@require_POST
def pick(request: MemberRequest, slug: str, library: str) -> HttpResponse:
    assessment, found = find_assessment(request, slug), _find(library)
    form = PickForm(request.POST)
    done: list[Picked] = []
    if form.attempt(
        lambda _: done.append(
            pick_entries(assessment=assessment, library=found, choices=form.choices(), by=request.user)
        )
    ):
        messages.success(request, _said(done[0], waits=not is_open(assessment)))
        return redirect(address(request, slug, "library", library=found.slug))
    return _page(request, assessment, found, form)


def _find(slug: str) -> Library:
    try:
        return find_library(slug)
    except LibraryNotFound as error:
        raise Http404(str(error)) from error


def _page(request: MemberRequest, assessment: Assessment, library: Library, form: PickForm) -> HttpResponse:
    groups = library_groups(assessment, library)
    context = {
        "assessment": assessment,
        "library": library,
        "groups": groups,
        "kinds": entries_by_kind(library),
        "coded": any(entry.is_coded for entry in library.entries),
        "ticked": form.ticked(),
        "chosen_new": form.chosen_new(),
        "left": any(line.issue is None for group in groups for line in group.lines),
        "may_edit": request.membership.may_edit,
        "waits": not is_open(assessment),
    }
    return form_response(request, "scoping/library.html", form, context)


def _said(picked: Picked, *, waits: bool) -> str:
    done = []
    if picked.added:
        text = ngettext("%(n)s issue is new on the list", "%(n)s issues are new on the list", picked.added)
        done.append(text % {"n": spelled(picked.added)})
    if picked.mentioned:
        text = ngettext(
            "%(n)s entry is now a mention of an issue there",
            "%(n)s entries are now a mention of an issue there",
            picked.mentioned,
        )
        done.append(text % {"n": spelled(picked.mentioned)})
    if picked.known:
        text = ngettext("%(n)s entry was there before", "%(n)s entries were there before", picked.known)
        done.append(text % {"n": spelled(picked.known)})
    later = ""
    if waits and picked.added:
        later = gettext(" New issues wait for the next assessment, since the survey has opened.")
    return gettext("%(done)s.") % {"done": capital(enumerated(done))} + later
