"""Bring your own answers: upload a file, say what its columns are, look at what would be stored, and store it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import editors_only
from accounts.requests import MemberRequest
from scoping.models import Assessment, PendingImport
from scoping.selectors import get_counted_assessment
from scoping.steps import steps
from scoping.views.base import form_page, form_response, sent
from surveys.forms.imports import AnswersForm, MappingForm, NewFromFileForm
from surveys.imports import uploads
from surveys.imports.draft import mapping_text
from surveys.imports.placement import known_group_sides, known_issues, missing_from, place, scale_of
from surveys.imports.plan import ImportPlan
from surveys.imports.problems import ImportProblem
from surveys.imports.services import count_known
from tables.names import key
from tables.problems import SourceError

MOST_READINGS = 60


@editors_only
@form_page
def upload(request: MemberRequest, slug: str) -> HttpResponse:
    """Takes a file of answers for this assessment, and goes on to its columns."""
    assessment = _assessment(request, slug)
    if not assessment.with_survey:
        messages.info(request, _("This assessment holds no survey, so it takes no answers. Edit it to hold one."))
        return redirect("surveys:survey", organisation=request.organisation.slug, slug=slug)
    form = AnswersForm(sent(request), request.FILES if request.method == "POST" else None)
    kept: list[PendingImport] = []

    def keep(values: dict[str, Any]) -> None:
        file: UploadedFile = values["file"]
        kept.append(
            uploads.keep_answers(
                assessment=assessment, name=file.name or "file", raw=file.read(), mapping=values["mapping"],
                by=request.user,
            )
        )  # fmt: skip

    if request.method == "POST" and form.attempt(keep):
        return _to(request, "import-columns", kept[0])
    context = {
        "assessment": assessment,
        "steps": steps(assessment, organisation=request.organisation),
        "waiting": uploads.waiting_uploads(assessment),
    }
    return form_response(request, "surveys/imports/upload.html", form, context)


@editors_only
@form_page
def upload_new(request: MemberRequest) -> HttpResponse:
    """Takes a file of answers from which a new assessment is made."""
    initial = NewFromFileForm.usual_for(request.organisation)
    form = NewFromFileForm(sent(request), request.FILES if request.method == "POST" else None, initial=initial)
    kept: list[PendingImport] = []

    def begin(values: dict[str, Any]) -> None:
        file: UploadedFile = values.pop("file")
        kept.append(
            uploads.begin_from_file(
                organisation=request.organisation, filename=file.name or "file", raw=file.read(), by=request.user,
                **values,
            )
        )  # fmt: skip

    if request.method == "POST" and form.attempt(begin):
        return _to(request, "import-columns", kept[0])
    return form_response(request, "surveys/imports/new.html", form, {})


@editors_only
@form_page
def columns(request: MemberRequest, slug: str, upload: UUID) -> HttpResponse:
    """What each column of the file becomes, filled in as recognised."""
    pending = _pending(request, slug, upload)
    if pending is None:
        return _dealt_with(request, slug)
    try:
        form, opened = _mapping_form(pending)
    except (SourceError, ImportProblem) as error:
        return _unreadable(request, pending, str(error))
    if request.method == "POST" and form.fill(request.POST):
        uploads.save_mapping(pending=pending, text=mapping_text(opened.table, form.draft))
        return _to(request, "import-preview", pending)
    context = {
        **_place(request, pending),
        "form": form,
        "table": opened.table,
        "is_new": opened.is_new,
        "issues": form.known_issues,
    }
    return render(request, "surveys/imports/columns.html", context, status=400 if form.errors else 200)


@editors_only
@require_GET
def preview(request: MemberRequest, slug: str, upload: UUID) -> HttpResponse:
    """What would be stored, before anything is."""
    pending = _pending(request, slug, upload)
    return _preview(request, pending) if pending else _dealt_with(request, slug)


@editors_only
@require_GET
def download_mapping(request: MemberRequest, slug: str, upload: UUID) -> HttpResponse:
    """The mapping as a MAP.toml, for the command and for later exports of the same survey."""
    pending = _pending(request, slug, upload)
    if pending is None:
        return _dealt_with(request, slug)
    try:
        opened = uploads.opened(pending)
        text = opened.mapping.text if opened.mapping else mapping_text(opened.table, uploads.proposal(opened)[1])
    except (SourceError, ImportProblem) as error:
        return _unreadable(request, pending, str(error))
    response = HttpResponse(text, content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="MAP.toml"'
    return response


@editors_only
@require_POST
def apply(request: MemberRequest, slug: str, upload: UUID) -> HttpResponse:
    pending = _pending(request, slug, upload)
    if pending is None:
        return _dealt_with(request, slug)
    try:
        imported = uploads.import_upload(pending=pending, by=request.user)
    except PendingImport.DoesNotExist:
        return _dealt_with(request, slug)
    except (SourceError, ImportProblem) as error:
        return _preview(request, pending, refused=str(error))
    told = {"stored": f"{imported.stored:,}", "known": f"{imported.known:,}", "file": pending.filename}
    text = _("%(stored)s answers from %(file)s are imported. The file is deleted.")
    if imported.known:
        text = _(
            "%(stored)s answers from %(file)s are imported. %(known)s were imported before and not stored again. "
            "The file is deleted."
        )
    messages.success(request, text % told)
    return redirect("surveys:survey", organisation=request.organisation.slug, slug=slug)


@editors_only
@require_POST
def cancel(request: MemberRequest, slug: str, upload: UUID) -> HttpResponse:
    pending = _pending(request, slug, upload)
    if pending is None:
        return _dealt_with(request, slug)
    removed = uploads.cancel_upload(pending=pending, by=request.user)
    text = _("%(file)s is not imported and is deleted.")
    if removed:
        text = _("%(file)s is not imported and is deleted. The assessment %(assessment)s is removed again.")
    messages.success(request, text % {"file": pending.filename, "assessment": pending.assessment.name})
    if removed:
        return redirect("scoping:assessments", organisation=request.organisation.slug)
    return redirect("surveys:survey", organisation=request.organisation.slug, slug=slug)


@dataclass(frozen=True)
class Shown:
    """A plan as the page shows it. `problem`: why it cannot be stored."""

    plan: ImportPlan | None
    known: int = 0
    new_issues: frozenset[str] = frozenset()
    new_groups: frozenset[str] = frozenset()
    notices: tuple[str, ...] = ()
    problem: str = ""

    @property
    def fresh(self) -> int:
        return self.plan.respondents - self.known if self.plan else 0


def _preview(request: MemberRequest, pending: PendingImport, refused: str = "") -> HttpResponse:
    try:
        opened = uploads.opened(pending)
        if opened.mapping is None:
            return _to(request, "import-columns", pending)
        shown = _shown(opened)
    except (SourceError, ImportProblem) as error:
        shown = Shown(None, problem=str(error))
    problem = refused or shown.problem
    context = {
        **_place(request, pending),
        "shown": shown,
        "plan": shown.plan,
        "problem": problem,
        "left_out": sum(left.rows for left in shown.plan.left_out) if shown.plan else 0,
        "readings": shown.plan.readings[:MOST_READINGS] if shown.plan else (),
        "opens": uploads.adds_to_scope(pending.assessment),
        "is_new": pending.kind == uploads.NEW,
    }
    return render(request, "surveys/imports/preview.html", context, status=400 if problem else 200)


def _shown(opened: uploads.Upload) -> Shown:
    assessment = opened.pending.assessment
    plan = uploads.plan_of_upload(opened)
    items, groups = missing_from(plan, assessment)
    notices = plan.notices
    if not items and not groups:
        notices += place(plan, assessment).notices
    elif not uploads.adds_to_scope(assessment):
        place(plan, assessment)  # says what the survey does not have
    return Shown(
        plan,
        count_known(plan, assessment),
        frozenset(item.name for item in items),
        frozenset(group.name for group in groups),
        notices,
    )


def _mapping_form(pending: PendingImport) -> tuple[MappingForm, uploads.Upload]:
    opened = uploads.opened(pending)
    assessment = pending.assessment
    detected, draft = uploads.proposal(opened)
    form = MappingForm(
        opened.table, detected, draft,
        known_issues=[issue.name for issue in known_issues(assessment)],
        known_groups={key(name): side for name, side in known_group_sides(assessment).items()},
        may_add=uploads.adds_to_scope(assessment),
        fixed_scale=scale_of(assessment) is not None,
    )  # fmt: skip
    return form, opened


def _unreadable(request: MemberRequest, pending: PendingImport, problem: str) -> HttpResponse:
    """The file or its mapping was readable when it came; only a newer release may think otherwise."""
    context = {**_place(request, pending), "problem": problem, "shown": Shown(None)}
    return render(request, "surveys/imports/preview.html", context, status=400)


def _place(request: MemberRequest, pending: PendingImport) -> dict[str, Any]:
    assessment = pending.assessment
    return {
        "assessment": assessment,
        "steps": steps(assessment, organisation=request.organisation),
        "pending": pending,
        "groups_known": list(known_group_sides(assessment)),
    }


def _assessment(request: MemberRequest, slug: str) -> Assessment:
    try:
        return get_counted_assessment(request.organisation, slug)
    except Assessment.DoesNotExist as error:
        raise Http404("There is no such assessment in this organisation.") from error


def _pending(request: MemberRequest, slug: str, upload: UUID) -> PendingImport | None:
    """The upload; None where it is gone. Those of other assessments are not found."""
    assessment = _assessment(request, slug)
    found = uploads.upload_of(assessment, upload)
    if found is not None:
        found.assessment = assessment
    elif PendingImport.objects.filter(pk=upload).exclude(assessment=assessment).exists():
        raise Http404("There is no such file in this assessment.")
    return found


def _dealt_with(request: MemberRequest, slug: str) -> HttpResponse:
    text = _("That file has been dealt with already: it was imported, cancelled, or waited longer than a day.")
    messages.info(request, text)
    return redirect("surveys:survey", organisation=request.organisation.slug, slug=slug)


def _to(request: MemberRequest, page: str, pending: PendingImport) -> HttpResponse:
    slug = pending.assessment.slug
    return redirect(f"surveys:{page}", organisation=request.organisation.slug, slug=slug, upload=pending.pk)
