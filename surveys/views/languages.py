"""The languages of a survey: which there are, and the translation of its texts."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import editors_only
from accounts.requests import MemberRequest
from scoping.downloads import XLSX, a_file
from scoping.models import Assessment
from scoping.views.base import form_page
from scoping.views.paging import page_number
from surveys.forms.languages import LanguageForm, TranslationSheet
from surveys.languages import direction_of, has_own_words, name_of
from surveys.models import Survey, SurveyState
from surveys.services.translating import add_language, remove_language, save_translations, set_source_language
from surveys.texts import progress_of, source_texts
from surveys.translating.files import as_po
from surveys.translating.imports import TranslationList, known_translations
from surveys.views.base import back, find_assessment, survey_to_change, survey_to_design
from tables.writing import xlsx_bytes


@require_GET
def languages(request: MemberRequest, slug: str) -> HttpResponse:
    """Which languages there are, and how far each is."""
    return _page(request, find_assessment(request, slug))


@editors_only
@require_POST
def add(request: MemberRequest, slug: str) -> HttpResponse:
    assessment = find_assessment(request, slug)
    form = LanguageForm(request.POST)
    survey = survey_to_change(request, assessment)
    added: list[str] = []
    if not form.attempt(lambda values: added.append(_add(survey, values["chosen"], request))):
        return _page(request, assessment, adding=form)
    added_text = _("%(name)s is added. Translate the texts here, or send them to a translator.")
    messages.success(request, added_text % {"name": name_of(added[0])})
    return back(request, "surveys:translate", slug, language=added[0])


def _add(survey: Survey, tag: str, request: MemberRequest) -> str:
    return add_language(survey=survey, tag=tag, by=request.user)


@editors_only
@require_POST
def source(request: MemberRequest, slug: str) -> HttpResponse:
    """Says in which language the texts themselves are."""
    assessment = find_assessment(request, slug)
    form = LanguageForm(request.POST, prefix="source")
    survey = survey_to_change(request, assessment)
    said: list[str] = []

    def keep(values: dict[str, Any]) -> None:
        said.append(set_source_language(survey=survey, tag=values["chosen"], by=request.user))

    if not form.attempt(keep):
        return _page(request, assessment, source=form)
    messages.success(request, _("The texts are in %(name)s.") % {"name": name_of(said[0])})
    return back(request, "surveys:languages", slug)


@editors_only
@require_POST
def remove(request: MemberRequest, slug: str, language: str) -> HttpResponse:
    survey = survey_to_change(request, find_assessment(request, slug))
    try:
        number = remove_language(survey=survey, language=language, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        removed = ngettext(
            "%(name)s is removed with %(n)d translation.", "%(name)s is removed with %(n)d translations.", number
        )
        messages.success(request, removed % {"name": name_of(language), "n": number})
    return back(request, "surveys:languages", slug)


def _page(
    request: MemberRequest,
    assessment: Assessment,
    *,
    adding: LanguageForm | None = None,
    source: LanguageForm | None = None,
) -> HttpResponse:
    survey = survey_to_design(request, assessment)
    taken = [survey.source_language, *survey.languages]
    context = {
        "assessment": assessment,
        "survey": survey,
        "is_draft": survey.state == SurveyState.DRAFT,
        "texts": len(source_texts(survey)),
        "source_name": name_of(survey.source_language),
        "source_direction": direction_of(survey.source_language),
        "languages": [
            {
                "progress": progress,
                "tag": progress.language,
                "name": name_of(progress.language),
                "direction": direction_of(progress.language),
                "has_own_words": has_own_words(progress.language),
                "done": progress.texts - len(progress.missing) - len(progress.outdated),
            }
            for progress in progress_of(survey)
        ],
        "foreign": [name_of(tag) for tag in taken if not has_own_words(tag)],
        "adding": adding or LanguageForm(taken=taken),
        "source": source or LanguageForm(prefix="source", taken=taken),
    }
    failed = adding is not None or source is not None
    return render(request, "surveys/languages/languages.html", context, status=400 if failed else 200)


@form_page
def translate(request: MemberRequest, slug: str, language: str) -> HttpResponse:
    """Texts on the left, translations on the right, fifty at a time."""
    if request.method == "POST":
        return _save(request, slug, language)
    assessment = find_assessment(request, slug)
    survey = _survey_in(request, assessment, language)
    only_open = request.GET.get("show") == "open"
    sheet = TranslationSheet(survey, language, only_open=only_open, page=page_number(request))
    return _sheet(request, assessment, sheet)


@editors_only
def _save(request: MemberRequest, slug: str, language: str) -> HttpResponse:
    assessment = find_assessment(request, slug)
    survey = _survey_in(request, assessment, language)
    typed = TranslationSheet.typed(request.POST)
    only_open = request.GET.get("show") == "open"
    page = page_number(request)
    try:
        saved = save_translations(survey=survey, language=language, typed=typed, by=request.user)
    except ValidationError as error:
        sheet = TranslationSheet(survey, language, only_open=only_open, page=page)
        sheet.come_back(typed, error)
        return _sheet(request, assessment, sheet, failed=True)
    if saved.gone:
        gone = ", ".join(saved.gone)
        messages.warning(request, _("Not kept, since the survey has these texts no more: %(keys)s.") % {"keys": gone})
    changed = saved.written + saved.removed
    saved_text = ngettext("%(n)d translation saved.", "%(n)d translations saved.", changed) % {"n": changed}
    messages.success(request, saved_text if changed else _("No changes."))
    if "stop" in request.POST:
        return back(request, "surveys:languages", slug)
    # What has just been translated is not on the list of open texts any more, so that the same page shows the next.
    onward = page if only_open else page + 1
    sheet = TranslationSheet(survey, language, only_open=only_open, page=onward)
    if not sheet.rows or (not only_open and onward > sheet.pages):
        return back(request, "surveys:languages", slug)
    query = f"?{'show=open&' if only_open else ''}page={sheet.page}"
    return redirect(back(request, "surveys:translate", slug, language=language)["Location"] + query)


def _sheet(
    request: MemberRequest, assessment: Assessment, sheet: TranslationSheet, *, failed: bool = False
) -> HttpResponse:
    survey = sheet.survey
    context = {
        "assessment": assessment,
        "survey": survey,
        "is_draft": survey.state == SurveyState.DRAFT,
        "sheet": sheet,
        "failed": failed,
        "wrong": sum(bool(row.errors) for row in sheet.rows),
        "name": name_of(sheet.language),
        "direction": direction_of(sheet.language),
        "source_name": name_of(survey.source_language),
        "source_direction": direction_of(survey.source_language),
    }
    return render(request, "surveys/languages/translate.html", context, status=400 if failed else 200)


def _survey_in(request: MemberRequest, assessment: Assessment, language: str) -> Survey:
    survey = survey_to_design(request, assessment)
    if language not in survey.languages:
        raise Http404("The survey is not translated to this language. Its languages are on the page Languages.")
    return survey


# --- out --------------------------------------------------------------------------------------------------
@require_GET
def workbook(request: MemberRequest, slug: str) -> HttpResponse:
    """All texts and all translations."""
    assessment = find_assessment(request, slug)
    survey = survey_to_design(request, assessment)
    content = xlsx_bytes([TranslationList(assessment, survey).table()], title=f"{survey.title}: translations")
    return a_file(content, XLSX, f"{slug}-translations.xlsx")


@require_GET
def po(request: MemberRequest, slug: str, language: str) -> HttpResponse:
    """One language for a translation program."""
    assessment = find_assessment(request, slug)
    survey = _survey_in(request, assessment, language)
    known = known_translations(survey)[language]
    content = as_po(source_texts(survey), survey.source_language, language, known, project=assessment.name)
    return a_file(content, "text/x-gettext-translation; charset=utf-8", f"{slug}-{language}.po")
