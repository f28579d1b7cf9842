"""The page of files: what can be made, what is being made, what is there; and the download."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import MemberRequest
from materiality.files import selectors, services
from materiality.files.forms import DocumentForm, FigureForm, PackForm
from materiality.files.kind import EVERYTHING, FIGURES, GROUPS, Kind
from materiality.files.kinds import KINDS, PACK, kind_named
from materiality.files.options import Options
from materiality.files.snapshot import snapshot_of
from materiality.models import ExportFile
from scoping.models import Assessment
from scoping.steps import steps
from scoping.views.base import address, find_assessment, form_page

# So many finished files stand open on the page; older ones are folded, so that what can be made stays in sight.
NEWEST = 5


@form_page
@never_cache
def files(request: MemberRequest, slug: str) -> HttpResponse:
    """Every member may ask for files and fetch them: making one changes nothing. Those with answers are for editors."""
    assessment = find_assessment(request, slug)
    if request.method == "POST":
        return _ask(request, assessment)
    return _page(request, assessment)


def _ask(request: MemberRequest, assessment: Assessment) -> HttpResponse:
    try:
        kind = kind_named(request.POST.get("kind", ""))
    except ValidationError as refusal:
        return _page(request, assessment, refusal=refusal)
    if kind.group == FIGURES:
        form: Any = FigureForm(request.POST, kinds=[one for one in KINDS.values() if one.group == FIGURES])
    elif kind == PACK:
        form = PackForm(request.POST, may_edit=request.membership.may_edit)
    else:
        form = None
    if not form:
        try:
            _request(request, assessment, kind, {"language": request.POST.get("language", "")})
        except ValidationError as refusal:
            return _page(request, assessment, refusal=refusal)
    elif not form.attempt(lambda values: _request(request, assessment, kind, values)):
        return _page(request, assessment, **{"figure" if kind.group == FIGURES else "pack": form})
    return redirect(address(request, assessment.slug, "materiality:files", section="making"))


def _request(request: MemberRequest, assessment: Assessment, kind: Kind, values: dict[str, Any]) -> None:
    chosen = {name: value for name, value in values.items() if name in kind.takes}
    options = kind.checked(chosen)
    if not kind.may_be_had_by(may_edit=request.membership.may_edit, options=Options.of(options)):
        raise PermissionDenied(_("Files with answers are for owners and analysts. Ask one of them."))
    services.request_export(assessment=assessment, kind=kind.slug, options=options, by=request.user)


@require_GET
def download(request: MemberRequest, slug: str, file: UUID, filename: str) -> Any:
    found = _find(request, find_assessment(request, slug), file)
    if not found.finished_at or filename != found.filename:
        raise Http404("There is no such file.")
    try:
        content = services.open_export(found)
    except FileNotFoundError as error:
        raise Http404("This file is not there any more. Ask for it again on the page of files.") from error
    response = FileResponse(content, as_attachment=True, filename=found.filename, content_type=found.content_type)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    # It is sent as it lies there, with its length: squeezing it on the way would hide how far a download is.
    response["Content-Encoding"] = "identity"
    return response


@require_POST
def delete(request: MemberRequest, slug: str, file: UUID) -> HttpResponse:
    """Owners and analysts delete files; who asked for one that failed puts it away."""
    found = _find(request, find_assessment(request, slug), file)
    if not selectors.may_delete(found, by=request.user, may_edit=request.membership.may_edit):
        raise PermissionDenied(_("Owners and analysts delete files. Ask one of them."))
    try:
        services.delete_export(file=found, by=request.user)
    except ValidationError as refusal:
        return _page(request, found.assessment, kept=" ".join(refusal.messages))
    messages.success(request, _("“%(name)s” is deleted.") % {"name": found.filename or found.kind})
    return redirect(address(request, slug, "materiality:files"))


def _find(request: MemberRequest, assessment: Assessment, file: UUID) -> ExportFile:
    try:
        return selectors.get_file(assessment, file, may_edit=request.membership.may_edit)
    except ExportFile.DoesNotExist as error:
        raise Http404("There is no such file of this assessment.") from error


def _offered(kind: Kind, reason: str) -> tuple[Kind, str, DocumentForm | None]:
    """A kind as the page offers it: why it cannot be had, and what can be chosen about it beside its button."""
    is_spoken = kind != PACK and not reason and "language" in kind.takes
    return kind, reason, DocumentForm(kind=kind) if is_spoken else None


def _page(
    request: MemberRequest,
    assessment: Assessment,
    *,
    refusal: ValidationError | None = None,
    kept: str = "",
    figure: FigureForm | None = None,
    pack: PackForm | None = None,
) -> HttpResponse:
    """The page; what was refused, why a file is kept, or a form that came back with something wrong."""
    may_edit = request.membership.may_edit
    snapshot = snapshot_of(assessment)
    reasons = {kind.slug: kind.unavailable(snapshot) for kind in KINDS.values() if may_edit or not kind.editors_only}
    figures = [KINDS[slug] for slug, reason in reasons.items() if not reason and KINDS[slug].group == FIGURES]
    finished, open_ones = selectors.files_of(assessment, may_edit=may_edit)
    context = {
        "assessment": assessment,
        "steps": steps(assessment, organisation=request.organisation),
        "snapshot": snapshot,
        "groups": [
            (key, label, [_offered(KINDS[slug], why) for slug, why in reasons.items() if KINDS[slug].group == key])
            for key, label in GROUPS.items()
            if key != FIGURES
        ],
        "figure": figure or FigureForm(kinds=figures, auto_id="figure_%s"),
        "figures": figures,
        "no_figures": [(KINDS[slug], why) for slug, why in reasons.items() if why and KINDS[slug].group == FIGURES],
        "pack": pack or PackForm(may_edit=may_edit, auto_id="pack_%s"),
        "pack_kind": PACK,
        "everything": EVERYTHING,
        "refusal": " ".join(refusal.messages) if refusal else "",
        "kept": kept,
        "finished": finished,
        "newest": finished[:NEWEST],
        "older": finished[NEWEST:],
        "public": [line for line in finished if line.is_public],
        "making": [line for line in open_ones if line.file.job and not line.has_failed],
        "failed": [
            (line, selectors.may_delete(line.file, by=request.user, may_edit=may_edit))
            for line in open_ones
            if line.has_failed
        ],
        "days": services.KEPT.days,
        "may_edit": may_edit,
    }
    wrong = refusal or kept or figure or pack
    return render(request, "materiality/files/files.html", context, status=400 if wrong else 200)
