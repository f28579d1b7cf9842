"""Importing a list with a preview, and exporting one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import editors_only
from accounts.requests import MemberRequest
from scoping.downloads import table_file
from scoping.forms.lists import UploadForm
from scoping.lists.base import PlanChanged
from scoping.lists.contacts import ContactList
from scoping.lists.peer_plan import COLUMNS as PEER_COLUMNS
from scoping.lists.peers import PeerIssueList
from scoping.lists.pending import (
    KINDS,
    AnyList,
    UnknownKind,
    apply_upload,
    cancel_upload,
    keep_upload,
    list_of,
    undecided,
)
from scoping.lists.plan import Action, Change, Line, Plan
from scoping.lists.previews import forget_preview, preview_of
from scoping.models import Assessment, Peer, PendingImport
from scoping.selectors.paging import place_of
from scoping.views.base import address, find_assessment, form_page, form_response, sent
from scoping.views.paging import links_to_pages, page_number
from tables.problems import SourceError
from tables.writing import Table

PER_PAGE = 200
# How the filters call what becomes of a row, and how the badge of a row looks.
ACTIONS = {
    Action.PROBLEM: (gettext_lazy("Problems"), "badge-bad"),
    Action.CHANGE: (gettext_lazy("Changed"), "badge-warn"),
    Action.ADD: (gettext_lazy("New"), "badge-now"),
    Action.REPEAT: (gettext_lazy("Repeated"), "badge-quiet"),
    Action.KEEP: (gettext_lazy("Unchanged"), "badge-quiet"),
}


# --- in ---------------------------------------------------------------------------------------------------
@editors_only
@form_page
def upload(request: MemberRequest, slug: str, kind: str) -> HttpResponse:
    """Takes a file with issues or contacts, and goes on to its preview."""
    return _upload(request, _list_of(find_assessment(request, slug), kind))


@editors_only
@form_page
def upload_peer(request: MemberRequest, slug: str, peer: str) -> HttpResponse:
    """Takes a file with the issues of a peer, and goes on to its preview."""
    assessment = find_assessment(request, slug)
    return _upload(
        request, PeerIssueList(assessment, get_object_or_404(Peer, organisation=request.organisation, pk=peer))
    )


def _upload(request: MemberRequest, into: AnyList) -> HttpResponse:
    form = UploadForm(sent(request), request.FILES if request.method == "POST" else None)
    kept: list[PendingImport] = []

    def keep(values: dict[str, Any]) -> None:
        file: UploadedFile = values["file"]
        kept.append(keep_upload(to=into, name=file.name or "file", raw=file.read(), by=request.user))

    if request.method == "POST" and form.attempt(keep):
        return redirect(
            address(request, into.assessment.slug, "list-preview", pending=kept[0].pk, query={"kind": into.kind})
        )
    context = {
        "list": into,
        "peer": getattr(into, "peer", None),
        "assessment": into.assessment,
        **_places(request, into),
    }
    return form_response(request, "scoping/list_import.html", form, context)


@editors_only
@require_GET
def preview(request: MemberRequest, slug: str, pending: str) -> HttpResponse:
    """Every change that the file would make, problems first."""
    kept = _pending(request, slug, pending)
    return _preview(request, kept) if kept else _dealt_with(request, slug)


@editors_only
@require_POST
def apply(request: MemberRequest, slug: str, pending: str) -> HttpResponse:
    """Takes the file over as it was previewed; shows the preview again where that is not what would happen."""
    kept = _pending(request, slug, pending)
    if kept is None:
        return _dealt_with(request, slug)
    into = list_of(kept.assessment, kept.kind, kept.peer)
    try:
        imported = apply_upload(pending=kept, agreed=request.POST.get("plan", ""), by=request.user)
    except PlanChanged:
        return _preview(request, kept, changed=True)
    except ValidationError as error:
        return _preview(request, kept, refused=error.messages)
    except PendingImport.DoesNotExist:
        messages.info(request, gettext("Somebody has decided about this file a moment ago."))
    else:
        forget_preview(kept)
        done = gettext("%(file)s is imported: %(what)s.")
        messages.success(request, done % {"file": kept.filename, "what": imported})
    return redirect(_places(request, into)["back"])


@editors_only
@require_POST
def cancel(request: MemberRequest, slug: str, pending: str) -> HttpResponse:
    kept = _pending(request, slug, pending)
    if kept is None:
        return _dealt_with(request, slug)
    forget_preview(kept)
    cancel_upload(pending=kept)
    done = gettext("%(file)s is not imported. Nothing has changed.")
    messages.success(request, done % {"file": kept.filename})
    return redirect(_places(request, list_of(kept.assessment, kept.kind, kept.peer))["back"])


@dataclass(frozen=True)
class Shown:
    """A line as the page shows it."""

    line: Line
    label: str
    badge: str
    details: Sequence[Change]


@dataclass(frozen=True)
class Filter:
    label: str
    rows: int
    query: str
    here: bool


def _preview(
    request: MemberRequest, pending: PendingImport, *, changed: bool = False, refused: Sequence[str] = ()
) -> HttpResponse:
    into = list_of(pending.assessment, pending.kind, pending.peer)
    context = {"assessment": pending.assessment, "pending": pending, "list": into, **_places(request, into)}
    try:
        made = preview_of(pending, anew=changed or bool(refused))
    except PendingImport.DoesNotExist:
        return _dealt_with(request, pending.assessment.slug)
    except SourceError as error:
        # The file was readable when it came; only a newer release may think otherwise.
        context |= {"unreadable": str(error)}
        return render(request, "scoping/list_preview.html", context, status=400)
    plan = made.plan
    asked = request.GET.get("show", "")
    action = Action(asked) if asked in [known.value for known in Action] else None
    rows = plan.rows[action] if action else len(plan.lines)
    page, pages, start = place_of(page_number(request), rows, PER_PAGE)
    lines = plan.page(action, start, start + PER_PAGE)
    kind = {"kind": into.kind}
    query = {"show": action.value, **kind} if action else kind
    problems = plan.rows[Action.PROBLEM]
    context |= {
        "preview": made,
        "plan": plan,
        "problems": problems,
        "filters": _filters(plan, action, kind),
        "lines": [_shown(line, plan) for line in lines],
        "pages": links_to_pages(page, pages, query),
        "changed": changed,
        "refused": refused,
        "summary": _summary(plan, into),
    }
    return render(request, "scoping/list_preview.html", context, status=409 if changed else 400 if refused else 200)


def _filters(plan: Plan, here: Action | None, kind: dict[str, str]) -> list[Filter]:
    filters = [Filter(gettext("All rows"), len(plan.lines), urlencode(kind), here is None)]
    for action, (label, _) in ACTIONS.items():
        if plan.rows[action]:
            filters.append(
                Filter(str(label), plan.rows[action], urlencode({"show": action.value, **kind}), here is action)
            )
    return filters


def _shown(line: Line, plan: Plan) -> Shown:
    label, badge = ACTIONS[Action(line.action)]
    values = zip(plan.titles, line.values, strict=False)
    details = line.changes or tuple(Change(title, "", value) for title, value in values if value)
    return Shown(line, gettext("Problem") if line.action == Action.PROBLEM else str(label), badge, details)


def _summary(plan: Plan, into: AnyList) -> str:
    """What the button does, in its own words."""
    numbers = {fact.name: fact.number for fact in plan.facts}
    added, changed = numbers["New"], numbers["Changed"]
    people = isinstance(into, ContactList)
    if added and changed:
        text = ngettext(
            "Add %(added)s issue and change %(changed)s", "Add %(added)s issues and change %(changed)s", added
        )
        if people:
            text = ngettext(
                "Add %(added)s contact and change %(changed)s", "Add %(added)s contacts and change %(changed)s", added
            )
    elif added:
        text = ngettext("Add %(added)s issue", "Add %(added)s issues", added)
        if people:
            text = ngettext("Add %(added)s contact", "Add %(added)s contacts", added)
    elif changed:
        text = ngettext("Change %(changed)s issue", "Change %(changed)s issues", changed)
        if people:
            text = ngettext("Change %(changed)s contact", "Change %(changed)s contacts", changed)
    else:
        return ""
    return text % {"added": f"{added:,}", "changed": f"{changed:,}"}


# --- out --------------------------------------------------------------------------------------------------
@require_GET
def export(request: MemberRequest, slug: str, kind: str, format: str) -> HttpResponse:
    """The list as a file that would change nothing if it were imported."""
    assessment = find_assessment(request, slug)
    exported = _list_of(assessment, kind)
    if kind == ContactList.kind and not request.membership.may_edit:
        raise PermissionDenied(
            gettext("Contacts are people's names and addresses. Only owners and analysts export them.")
        )
    return _file(exported.table(), f"{assessment.slug}-{kind}", format)


@require_GET
def template(request: MemberRequest, slug: str, kind: str, format: str) -> HttpResponse:
    """A file with the headers alone, to be filled in."""
    assessment = find_assessment(request, slug)
    if kind == PeerIssueList.kind:
        table = Table("Issues", [column.title for column in PEER_COLUMNS], [])
    else:
        table = _list_of(assessment, kind).template()
    return _file(table, f"template-{kind}", format)


def _file(table: Table, name: str, format: str) -> HttpResponse:
    if format not in ("csv", "xlsx"):
        raise Http404("Lists come as csv and xlsx.")
    return table_file(table, name, format)


# --- both -------------------------------------------------------------------------------------------------
def _list_of(assessment: Assessment, kind: str) -> AnyList:
    try:
        return list_of(assessment, kind)
    except UnknownKind as error:
        raise Http404("There is no such list.") from error


def _pending(request: MemberRequest, slug: str, pending: str) -> PendingImport | None:
    """The upload; None where it is gone. Those of other assessments are not found."""
    assessment = find_assessment(request, slug)
    found = undecided(assessment).select_related("peer").defer("content").filter(pk=pending, kind__in=KINDS).first()
    if found is not None:
        found.assessment = assessment
    elif PendingImport.objects.filter(pk=pending).exclude(assessment=assessment).exists():
        raise Http404("There is no such file in this assessment.")
    return found


def _dealt_with(request: MemberRequest, slug: str) -> HttpResponse:
    """For who comes back to a file that is gone, such as with the browser's back button: the list that it was for."""
    messages.info(
        request,
        gettext(
            "That file has been dealt with already: it was imported, cancelled, or waited longer than a day. "
            "If it is still to be imported, upload it again."
        ),
    )
    page = {ContactList.kind: "contacts", PeerIssueList.kind: "peers"}.get(request.GET.get("kind", ""), "long-list")
    return redirect(address(request, slug, page))


def _places(request: MemberRequest, into: AnyList) -> dict[str, Any]:
    """What the list is called on its pages, which tab they belong to, and where one comes from and goes back to."""
    slug = into.assessment.slug
    again = address(request, slug, "list-import", kind=into.kind)
    if isinstance(into, PeerIssueList):
        peer = into.peer.pk
        trail = [
            (gettext("Peers"), address(request, slug, "peers")),
            (str(into.peer), address(request, slug, "peer", peer=peer)),
        ]
        title, tab = gettext("Import the issues of %(peer)s") % {"peer": into.peer}, "peers"
        again = address(request, slug, "peer-import", peer=peer)
    elif isinstance(into, ContactList):
        trail = [(gettext("Stakeholders"), address(request, slug, "stakeholders"))]
        trail += [(gettext("Contacts"), address(request, slug, "contacts"))]
        title, tab = gettext("Import contacts"), "stakeholders"
    else:
        trail = [(gettext("Long list"), address(request, slug, "long-list"))]
        title, tab = gettext("Import issues"), "long-list"
    return {"title": title, "tab": tab, "trail": trail, "back": trail[-1][1], "again": again}
