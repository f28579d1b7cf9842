"""What the working group chooses and types on the pages of languages."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoping.forms.base import ScopingForm
from scoping.forms.lists import UploadForm
from scoping.selectors.paging import place_of
from surveys.languages import LONGEST_TAG, canonical, offered
from surveys.models import Survey, Translation
from surveys.services.translating import Typed, fingerprint
from surveys.texts import SourceText, source_texts, translations_of
from surveys.translating.rules import clean, has_lines, section_of

PER_PAGE = 50


class LanguageForm(ScopingForm):
    """A language: chosen from the list, or by a tag that is not in it."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        error_messages={"required": gettext_lazy("Choose a language, or type its tag below.")},
    )
    tag = forms.CharField(
        required=False,
        max_length=LONGEST_TAG,
        label=gettext_lazy("Or its tag"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "For a language that is not listed, its BCP 47 tag such as yue or zu. A script in the tag says in which "
            "direction it is written: ku-Arab from right to left, ku-Latn from left to right."
        ),
    )

    def __init__(self, *args: object, taken: Sequence[str] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [(tag, f"{name}, {tag}") for tag, name in offered() if tag not in taken]
        self.fields["language"].choices = [("", _("Choose a language")), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        values = super().clean() or {}
        chosen, typed = values.get("language", ""), values.get("tag", "")
        if typed:
            if not self["language"].value():
                self.errors.pop("language", None)
            try:
                values["chosen"] = canonical(typed)
            except ValidationError as error:
                self.add_error("tag", error)
                return values
            if chosen and chosen != values["chosen"]:
                self.add_error("tag", _("Choose from the list or type a tag, not both."))
        elif chosen:
            values["chosen"] = chosen
        return values


class TranslationUploadForm(UploadForm):
    """A file that a translator has filled in."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.po,.csv"}),
        help_text=gettext_lazy("The Excel workbook with all languages, or the PO file of one."),
        error_messages={
            "required": gettext_lazy("Choose a file first."),
            "empty": gettext_lazy("The file is empty. Choose one with translations in it."),
            "max_length": gettext_lazy("The name of the file is too long. Give it a shorter one."),
        },
        max_length=200,
    )


@dataclass
class TranslationRow:
    """
    A text beside its translation, as the page shows it.

    Attributes
    ----------
    state : "" translated, "missing" or "outdated".
    old_source : what was translated, where the text has changed since.
    """

    number: int
    source: SourceText
    text: str
    state: str
    old_source: str
    seen_source: str
    seen_text: str
    still_right: bool = False
    errors: list[str] = field(default_factory=list)

    @property
    def section(self) -> str:
        return section_of(self.source.key)

    @property
    def lines(self) -> int:
        """How tall its field is: as tall as the longer of the two texts needs."""
        if not has_lines(self.source.key) and len(self.source.text) <= 60:
            return 1
        longer = max(self.source.text, self.text, key=len)
        return min(12, max(2, longer.count("\n") + len(longer) // 55 + 1))


class TranslationSheet:
    """One page of a survey's texts in one language: shown, or sent back with what was typed."""

    def __init__(self, survey: Survey, language: str, *, only_open: bool = False, page: int = 1) -> None:
        self.survey = survey
        self.language = language
        self.only_open = only_open
        self.texts = source_texts(survey)
        self.known = translations_of(survey, language) if survey.pk else {}
        self.refused: list[str] = []
        open_texts = [text for text in self.texts if self._state(text)]
        self.total, self.open = len(self.texts), len(open_texts)
        self.missing = sum(text.key not in self.known for text in open_texts)
        shown = open_texts if only_open else self.texts
        self.page, self.pages, first = place_of(page, len(shown), PER_PAGE)
        self.rows = [self._row(number, text) for number, text in enumerate(shown[first : first + PER_PAGE], 1)]

    @property
    def done(self) -> int:
        return self.total - self.open

    @property
    def outdated(self) -> int:
        return self.open - self.missing

    def _state(self, text: SourceText) -> str:
        known = self.known.get(text.key)
        if known is None:
            return "missing"
        return "" if known.source == text.text else "outdated"

    def _row(self, number: int, text: SourceText) -> TranslationRow:
        known: Translation | None = self.known.get(text.key)
        translation = known.text if known else ""
        state = self._state(text)
        return TranslationRow(
            number=number,
            source=text,
            text=translation,
            state=state,
            old_source=known.source if known and state == "outdated" else "",
            seen_source=fingerprint(text.text),
            seen_text=fingerprint(translation),
        )

    @staticmethod
    def typed(sent: QueryDict) -> list[Typed]:
        """What a page sent; fields are numbered, since a key may hold anything."""
        return [
            Typed(
                key=key,
                text=sent.get(f"text-{number}", ""),
                seen_source=sent.get(f"source-{number}", ""),
                seen_text=sent.get(f"seen-{number}", ""),
                still_right=f"right-{number}" in sent,
            )
            for number, key in enumerate(sent.getlist("key")[: 2 * PER_PAGE], 1)
        ]

    def come_back(self, typed: Sequence[Typed], error: ValidationError) -> None:
        """Shows the rows that were sent, with what was typed and what is wrong with it."""
        errors = error.message_dict if hasattr(error, "error_dict") else {}
        if not errors:
            self.refused = error.messages
        texts = {text.key: text for text in self.texts}
        self.rows = []
        for one in typed:
            if one.key in texts:
                row = self._row(len(self.rows) + 1, texts[one.key])
                if fingerprint(clean(one.key, one.text)) != one.seen_text:
                    row.text = one.text
                row.still_right = one.still_right
                row.errors = errors.get(one.key, [])
                self.rows.append(row)
