"""The languages of a survey, and the translations of its texts: one by one as JSON, or as the files of translators."""

from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.urls import path
from rest_framework import serializers

from accounts.tokens import SURVEYS
from api.fields import Input, Output, Text
from api.operations import operation
from scoping.api.imports import AgreedInput, FileContent, ImportedOutput, ImportOutput, Uploads
from scoping.downloads import XLSX, a_file, table_file
from scoping.lists.base import Imported
from scoping.lists.pending import cancel_upload
from scoping.models import PendingImport
from surveys.api.base import SurveyViews
from surveys.languages import canonical, name_of
from surveys.models import Survey, SurveyState
from surveys.services.translating import (
    Typed,
    add_language,
    apply_translations,
    fingerprint,
    remove_language,
    save_translations,
    set_source_language,
)
from surveys.texts import progress_of, source_texts
from surveys.translating.files import as_po
from surveys.translating.imports import FROZEN, TranslationList, known_translations

LONGEST_TEXT = 20_000
MOST_TEXTS = 5_000
PO = "text/x-gettext-translation"


# --- languages --------------------------------------------------------------------------------------------
class LanguageOutput(Output):
    language = serializers.CharField(help_text="Such as zh-Hans.")
    name = serializers.CharField(help_text="As the language calls itself.")
    texts = serializers.IntegerField(help_text="How many there are to translate.")
    missing = serializers.ListField(child=serializers.CharField(), help_text="Keys of texts without a translation.")
    outdated = serializers.ListField(child=serializers.CharField(), help_text="Keys of texts that changed since.")


class LanguagesOutput(Output):
    example: ClassVar = {
        "source_language": "en",
        "languages": [{"language": "fr", "name": "français", "texts": 42, "missing": ["title"], "outdated": []}],
    }

    source_language = serializers.CharField()
    languages = LanguageOutput(many=True)


class LanguageInput(Input):
    example: ClassVar = {"language": "fr"}

    language = Text(max_length=20, help_text="A tag, such as fr or zh-Hans.")


class Languages(SurveyViews):
    tag, noun = "Languages", "languages"

    @operation(gives=LanguagesOutput, reads=True)
    def read(self, slug: str) -> dict[str, Any]:
        """Read the languages of the survey, and what is left to translate."""
        return self._told(slug)

    @operation(gives=LanguagesOutput, takes=LanguageInput, status=201)
    def add(self, slug: str, body: dict[str, Any]) -> dict[str, Any]:
        """Have the survey translated to one more language, until it is opened."""
        add_language(survey=self.survey_to_change(slug), tag=_tag(body), by=self.person)
        return self._told(slug)

    @operation(gives=LanguagesOutput, takes=LanguageInput)
    def set_source(self, slug: str, body: dict[str, Any]) -> dict[str, Any]:
        """Say in which language the survey's own texts are."""
        set_source_language(survey=self.survey_to_change(slug), tag=_tag(body), by=self.person)
        return self._told(slug)

    @operation(status=204)
    def remove(self, slug: str, language: str) -> None:
        """Remove a language with its translations."""
        remove_language(survey=self.in_language(slug, language), language=language, by=self.person)

    def in_language(self, slug: str, language: str) -> Survey:
        """Raises Http404 where the survey is not translated to it."""
        found = self.survey_to_read(slug)
        if language not in found.languages:
            raise Http404
        return found

    def _told(self, slug: str) -> dict[str, Any]:
        survey = self.survey_to_read(slug)
        return {
            "source_language": survey.source_language,
            "languages": [
                {
                    "language": one.language,
                    "name": name_of(one.language),
                    "texts": one.texts,
                    "missing": [text.key for text in one.missing],
                    "outdated": [text.key for text in one.outdated],
                }
                for one in progress_of(survey)
            ],
        }


def _tag(body: dict[str, Any]) -> str:
    """Raises ValidationError at the field where it is no tag."""
    try:
        return canonical(body["language"])
    except ValidationError as refusal:
        raise ValidationError({"language": refusal.messages}) from refusal


# --- texts ------------------------------------------------------------------------------------------------
class TranslatedOutput(Output):
    key = serializers.CharField()
    place = serializers.CharField(help_text="Where respondents meet it.")
    source = serializers.CharField()
    translation = serializers.CharField(help_text="Empty where there is none.")
    outdated = serializers.BooleanField(help_text="Whether the source has changed since it was translated.")


class TextsOutput(Output):
    example: ClassVar = {
        "language": "fr",
        "texts": [
            {"key": "title", "place": "Title", "source": "What matters?", "translation": "", "outdated": False},
        ],
    }

    language = serializers.CharField()
    texts = TranslatedOutput(many=True)


class TranslationInput(Input):
    key = Text(max_length=200)
    translation = Text(allow_blank=True, max_length=LONGEST_TEXT, help_text="Empty: it is taken out.")
    source = Text(
        required=False, allow_blank=True, max_length=LONGEST_TEXT,
        help_text="What was translated; it is refused if the text has changed since.",
    )  # fmt: skip


class TranslationsInput(Input):
    example: ClassVar = {"texts": [{"key": "title", "translation": "Qu’est-ce qui compte ?"}]}

    texts = serializers.ListField(child=TranslationInput(), min_length=1, max_length=MOST_TEXTS)


class Texts(Languages):
    noun = "languages"

    @operation(gives=TextsOutput, reads=True)
    def read_texts(self, slug: str, language: str) -> dict[str, Any]:
        """Read every text of the survey with its translation into a language."""
        return _texts(self.in_language(slug, language), language)

    @operation(gives=TextsOutput, takes=TranslationsInput)
    def save_texts(self, slug: str, language: str, body: dict[str, Any]) -> dict[str, Any]:
        """Keep translations: all of them, or none. Texts that are not named stay as they are."""
        survey = self.in_language(slug, language)
        sources = {text.key: text.text for text in source_texts(survey)}
        known = known_translations(survey).get(language, {})
        texts = body["texts"]
        if unknown := {
            str(place): {"key": [f"The survey has no text with the key {one['key']!r}."]}
            for place, one in enumerate(texts)
            if one["key"] not in sources
        }:
            raise serializers.ValidationError({"texts": unknown})
        typed = [
            Typed(
                one["key"],
                one["translation"],
                fingerprint(one.get("source", sources[one["key"]])),
                fingerprint(known[one["key"]].text if one["key"] in known else ""),
                still_right=True,
            )
            for one in texts
        ]
        try:
            save_translations(survey=survey, language=language, typed=typed, by=self.person)
        except ValidationError as refusal:
            if not hasattr(refusal, "error_dict"):
                raise
            told = refusal.message_dict
            wrong = {
                str(place): {"translation": told[one["key"]]} for place, one in enumerate(texts) if one["key"] in told
            }
            raise serializers.ValidationError({"texts": wrong} if wrong else told) from refusal
        return _texts(survey, language)

    @operation(content_type=PO, reads=True)
    def po(self, slug: str, language: str) -> HttpResponse:
        """Fetch the texts in one language as a PO file, for a translation program."""
        survey = self.in_language(slug, language)
        known = known_translations(survey)[language]
        name = survey.assessment.name
        content = as_po(source_texts(survey), survey.source_language, language, known, project=name)
        return a_file(content, f"{PO}; charset=utf-8", f"{slug}-{language}.po")

    @operation(content_type=XLSX, reads=True)
    def workbook(self, slug: str) -> HttpResponse:
        """Fetch all texts in all languages as an XLSX file."""
        survey = self.survey_to_read(slug)
        return table_file(TranslationList(survey.assessment, survey).table(), f"{slug}-translations", "xlsx")


def _texts(survey: Survey, language: str) -> dict[str, Any]:
    known = known_translations(survey).get(language, {})
    return {
        "language": language,
        "texts": [
            {
                "key": text.key,
                "place": text.place,
                "source": text.text,
                "translation": known[text.key].text if text.key in known else "",
                "outdated": text.key in known and known[text.key].source != text.text,
            }
            for text in source_texts(survey)
        ],
    }


# --- files of translators ---------------------------------------------------------------------------------
class TranslationFileInput(FileContent):
    example: ClassVar = {"filename": "texts.csv", "content": "S2V5LEVuZ2xpc2ggKGVuKSxmcgp0aXRsZSwsVGl0cmUK"}


class TranslationFiles(Uploads, SurveyViews):
    tag, noun, writes = "Languages", "translation_files", SURVEYS
    scopes: ClassVar = {"read": SURVEYS}
    kinds = (TranslationList.kind,)

    @operation(gives=ImportOutput, takes=TranslationFileInput, status=201)
    def upload(self, slug: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send a file with translations (PO, XLSX or CSV), and read what it would change. Nothing changes yet.

        It waits for a day. A file that the same person sent before is forgotten."""
        survey = self.survey_to_change(slug)
        if survey.state != SurveyState.DRAFT:
            raise ValidationError(str(FROZEN))
        if not survey.languages:
            raise ValidationError("The survey is in one language. Add the language of the file first.")
        return self.keep(TranslationList(survey.assessment, survey), body)

    @operation(gives=ImportOutput, reads=True)
    def read(self, slug: str, sheet: UUID) -> dict[str, Any]:
        """Read what a file with translations would change now."""
        return self.look(slug, sheet)

    @operation(gives=ImportedOutput, takes=AgreedInput)
    def apply(self, slug: str, sheet: UUID, body: dict[str, Any]) -> Imported:
        """Take a file with translations over: all of it, or nothing. 409 where something has changed meanwhile."""
        return self.carry_out(slug, sheet, body["plan"])

    @operation(status=204)
    def cancel(self, slug: str, sheet: UUID) -> None:
        """Forget a file with translations. Nothing changes."""
        cancel_upload(pending=self.found(slug, sheet))

    def into(self, pending: PendingImport) -> TranslationList:
        return TranslationList(pending.assessment, self.known_survey(pending.assessment))

    def take_over(self, pending: PendingImport, agreed: str) -> Imported:
        survey = self.known_survey(pending.assessment)
        return apply_translations(survey=survey, pending=pending, agreed=agreed, by=self.answering)


_SURVEY = "assessments/<slug:slug>/survey/"
_LANGUAGES = f"{_SURVEY}languages/"
_FILES = f"{_SURVEY}translations/"
urlpatterns = [
    path(_LANGUAGES, Languages.as_view({"get": "read", "post": "add"})),
    path(f"{_SURVEY}source-language/", Languages.as_view({"put": "set_source"})),
    path(
        f"{_LANGUAGES}<slug:language>/",
        Texts.as_view({"get": "read_texts", "patch": "save_texts", "delete": "remove"}),
    ),
    path(f"{_LANGUAGES}<slug:language>/po/", Texts.as_view({"get": "po"})),
    path(f"{_FILES}xlsx/", Texts.as_view({"get": "workbook"})),
    path(_FILES, TranslationFiles.as_view({"post": "upload"})),
    path(f"{_FILES}<uuid:sheet>/", TranslationFiles.as_view({"get": "read", "delete": "cancel"})),
    path(f"{_FILES}<uuid:sheet>/apply/", TranslationFiles.as_view({"post": "apply"})),
]
