"""Files that come back from translators: uploaded, previewed change by change, taken over as a whole or not at all."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import editors_only
from accounts.requests import MemberRequest
from scoping.forms.base import ScopingForm
from scoping.lists.base import PlanChanged
from scoping.lists.pending import cancel_upload, keep_upload, undecided
from scoping.lists.plan import Action
from scoping.models import Assessment, PendingImport
from scoping.selectors.paging import place_of
from scoping.views.base import form_page, sent
from scoping.views.paging import links_to_pages, page_number
from surveys.forms.languages import TranslationUploadForm
from surveys.models import Survey, SurveyState
from surveys.services.translating import apply_translations
from surveys.translating.imports import FROZEN, TranslationList, TranslationPlan
from surveys.views.base import back, find_assessment, survey_to_design
from tables.problems import SourceError

PER_PAGE = 200
# What becomes of a translation: how the filters call it, and how its badge looks.
ACTIONS = {
    Action.PROBLEM: (gettext_lazy("Problem"), "badge-bad"),
    Action.CHANGE: (gettext_lazy("Changed"), "badge-warn"),
    Action.ADD: (gettext_lazy("New"), "badge-now"),
    Action.REPEAT: (gettext_lazy("Repeated"), "badge-quiet"),
    Action.KEEP: (gettext_lazy("Unchanged"), "badge-quiet"),
}


@editors_only
@form_page
def upload(request: MemberRequest, slug: str) -> HttpResponse:
    """Takes a file, and goes on to its preview."""
    assessment = find_assessment(request, slug)
    survey = survey_to_design(request, assessment)
    form = TranslationUploadForm(sent(request), request.FILES if request.method == "POST" else None)
    kept: list[PendingImport] = []

    def keep(values: dict[str, Any]) -> None:
        file: UploadedFile = values["file"]
        into = _list_to_change(assessment, survey)
        kept.append(keep_upload(to=into, name=file.name or "file", raw=file.read(), by=request.user))

    if request.method == "POST" and form.attempt(keep):
        return back(request, "surveys:translations-preview", slug, pending=str(kept[0].pk))
    return _upload_page(request, assessment, survey, form)


def _list_to_change(assessment: Assessment, survey: Survey) -> TranslationList:
    if survey.state != SurveyState.DRAFT:
        raise ValidationError(str(FROZEN))
    if not survey.languages:
        raise ValidationError(_("The survey is in one language. Add another one on the page Languages first."))
    return TranslationList(assessment, survey)


def _upload_page(request: MemberRequest, assessment: Assessment, survey: Survey, form: ScopingForm) -> HttpResponse:
    context = {
        "assessment": assessment,
        "survey": survey,
        "is_draft": survey.state == SurveyState.DRAFT,
        "form": form,
        "frozen_because": FROZEN,
    }
    return render(request, "surveys/languages/upload.html", context, status=400 if form.errors else 200)


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
    survey = survey_to_design(request, kept.assessment)
    try:
        agreed = request.POST.get("plan", "")
        imported = apply_translations(survey=survey, pending=kept, agreed=agreed, by=request.user)
    except PlanChanged:
        return _preview(request, kept, changed=True)
    except ValidationError as error:
        return _preview(request, kept, refused=error.messages)
    except PendingImport.DoesNotExist:
        messages.info(request, _("Somebody has decided about this file a moment ago."))
    else:
        done = _("%(file)s is imported: %(added)d new, %(changed)d changed.")
        numbers = {"added": imported.added, "changed": imported.changed}
        messages.success(request, done % {"file": kept.filename, **numbers})
    return back(request, "surveys:languages", slug)


@editors_only
@require_POST
def cancel(request: MemberRequest, slug: str, pending: str) -> HttpResponse:
    kept = _pending(request, slug, pending)
    if kept is None:
        return _dealt_with(request, slug)
    cancel_upload(pending=kept)
    text = _("%(file)s is not imported. Nothing has changed.")
    messages.success(request, text % {"file": kept.filename})
    return back(request, "surveys:languages", slug)


def _preview(
    request: MemberRequest, pending: PendingImport, *, changed: bool = False, refused: Sequence[str] = ()
) -> HttpResponse:
    survey = survey_to_design(request, pending.assessment)
    into = TranslationList(pending.assessment, survey)
    context: dict[str, Any] = {
        "assessment": pending.assessment,
        "survey": survey,
        "pending": pending,
        "changed": changed,
        "refused": refused,
    }
    try:
        file = into.read(pending.filename, bytes(pending.content))
    except SourceError as error:
        # It was readable when it came; since then a language may have been removed.
        return render(request, "surveys/languages/preview.html", context | {"unreadable": str(error)}, status=400)
    plan: TranslationPlan = into.plan(file)
    asked = request.GET.get("show", "")
    action = Action(asked) if asked in [known.value for known in Action] else None
    number = plan.rows[action] if action else len(plan.lines)
    page, pages, start = place_of(page_number(request), number, PER_PAGE)
    context |= {
        "plan": plan,
        "facts": [
            (label, fact.number)
            for fact, label in zip(plan.facts, (_("New"), _("Changed"), _("Unchanged")), strict=True)
        ],
        "place": _("Row") if file.place == "row" else _("Line"),
        "file": file,
        "problems": plan.rows[Action.PROBLEM],
        "filters": [(_("All"), len(plan.lines), "", action is None)]
        + [
            (label, plan.rows[known], urlencode({"show": known.value}), known is action)
            for known, (label, _) in ACTIONS.items()
            if plan.rows[known]
        ],
        "lines": [(line, *ACTIONS[Action(line.action)]) for line in plan.page(action, start, start + PER_PAGE)],
        "pages": links_to_pages(page, pages, {"show": action.value} if action else {}),
    }
    status = 409 if changed else 400 if refused else 200
    return render(request, "surveys/languages/preview.html", context, status=status)


def _pending(request: MemberRequest, slug: str, pending: str) -> PendingImport | None:
    """The upload; None where it is gone. Those of other assessments are not found."""
    assessment = find_assessment(request, slug)
    found = undecided(assessment).filter(pk=pending, kind=TranslationList.kind).first()
    if found is not None:
        found.assessment = assessment
    elif PendingImport.objects.filter(pk=pending).exclude(assessment=assessment).exists():
        raise Http404("There is no such file in this assessment.")
    return found


def _dealt_with(request: MemberRequest, slug: str) -> HttpResponse:
    """For who comes back to a file that is gone, such as with the browser's back button."""
    text = _("That file has been dealt with already: it was imported, cancelled, or waited longer than a day.")
    messages.info(request, text)
    return redirect(reverse("surveys:languages", args=[request.organisation.slug, slug]))
