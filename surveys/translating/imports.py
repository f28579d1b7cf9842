"""Importing translations: what a file would change, and doing it as a whole or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import ClassVar, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from scoping.lists.base import ImportableList
from scoping.lists.columns import Column
from scoping.lists.plan import Action, Change, Fact, Plan, contradiction
from scoping.lists.sources import ListFile
from scoping.models import Assessment
from surveys.languages import name_of
from surveys.models import Survey, SurveyState, Translation
from surveys.texts import SourceText, source_texts
from surveys.translating.files import Known, TranslationFile, as_table, read_translations
from surveys.translating.rules import clean, fault_of
from tables.problems import shorten
from tables.writing import Table

FROZEN = gettext_lazy(
    "The texts were frozen when the survey opened, so that everybody reads the same. To change a text or to add a "
    "language, carry this assessment forward (page Changes)."
)


class NewText(NamedTuple):
    """A translation to store; `source` is the text that it translates."""

    language: str
    key: str
    text: str
    source: str


@dataclass
class TranslationPlan(Plan):
    """`entries` is what is stored when the plan is carried out."""

    entries: list[NewText] = field(default_factory=list)

    @cached_property
    def digest(self) -> str:
        told = [line[:5] for line in self.lines]
        return sha256(repr((told, self.facts, self.entries)).encode()).hexdigest()


def plan_of(
    file: TranslationFile, texts: list[SourceText], translations: Mapping[str, Mapping[str, Known]]
) -> TranslationPlan:
    """What `file` would change. One line of the plan for each translation that the file holds."""
    plan = TranslationPlan(titles=())
    by_key = {text.key: text for text in texts}
    said: dict[tuple[str, str], tuple[int, str]] = {}
    counts = dict.fromkeys((Action.ADD, Action.CHANGE, Action.KEEP), 0)
    for number, (key, written_source, *cells) in file.rows:
        if not any(cells):
            continue
        text = by_key.get(key)
        if text is None:
            note = (
                _("The survey has no text with the key “%(key)s”. Take it out of the file, or export the texts anew.")
                if key
                else _("There is no key. Only what was exported can be read: the key says which text it is.")
            ) % {"key": shorten(key, 60)}
            plan.say(number, Action.PROBLEM, shorten(written_source, 60), note=note, column=_("Key"))
            continue
        source = clean(key, written_source)
        for language, cell in zip(file.languages, cells, strict=True):
            translation = clean(key, cell)
            if not translation:
                continue
            title = name_of(language)
            name = f"{text.place}: {shorten(text.text, 60)}"
            fault = fault_of(key, text.text, translation)
            before = said.setdefault((language, key), (number, translation))
            if before[0] != number and before[1] != translation:
                fault = contradiction(translation, before[0], before[1])
            if fault:
                plan.say(number, Action.PROBLEM, name, note=fault, column=title)
                continue
            if before[0] != number:
                plan.say(number, Action.REPEAT, name, note=_("As %(number)d says already.") % {"number": before[0]})
                continue
            action, note, entry = _becomes(file, text, source, language, translation, translations[language].get(key))
            old = translations[language].get(key)
            changes = (Change(title, old.text if old else "", translation),) if entry else ()
            counts[action] += 1
            plan.say(number, action, name, changes=changes, note=note)
            if entry:
                plan.entries.append(entry)
    plan.facts = [
        Fact("New", counts[Action.ADD]),
        Fact("Changed", counts[Action.CHANGE]),
        Fact("Unchanged", counts[Action.KEEP]),
    ]
    if file.unsure:
        text_of = ngettext(
            "%(n)d translation is marked as unsure (fuzzy) and is left out. Take the mark off if it is right, and "
            "upload the file again.",
            "%(n)d translations are marked as unsure (fuzzy) and are left out. Take the mark off those that are right, "
            "and upload the file again.",
            file.unsure,
        )
        plan.notices.append(text_of % {"n": file.unsure})
    return plan


def _becomes(
    file: TranslationFile, text: SourceText, source: str, language: str, translation: str, old: Known | None
) -> tuple[Action, str, NewText | None]:
    """What becomes of one translation: the action, what there is to know, and what is stored."""
    # A text that has changed since the file was made: the translation is of the old one, and is kept as such.
    changed = bool(source) and source != clean(text.key, text.text)
    if changed and old and old.source == text.text:
        if old.text == translation:
            return Action.KEEP, "", None
        note = _("The text has changed since this file was made, and its present translation is newer. It stays.")
        return Action.KEEP, note, None
    made_of = source if changed else text.text
    entry = NewText(language, text.key, translation, made_of)
    note = ""
    if changed:
        note = _(
            "The text has changed since this file was made; it was “%(source)s”. The translation will show as outdated."
        ) % {"source": shorten(source, 100)}
    if old is None:
        return Action.ADD, note, entry
    if old.text != translation:
        return Action.CHANGE, note, entry
    if old.source == made_of or changed:
        return Action.KEEP, "", None
    if file.confirms:
        return Action.CHANGE, _("As before, and no longer marked as outdated."), entry
    return Action.KEEP, _("As before, and still outdated. If it is right, say so on the translation page."), None


class TranslationList(ImportableList[TranslationPlan]):
    """The translations of one survey, as a list that files bring changes to."""

    kind: ClassVar[str] = "translations"
    noun: ClassVar[str] = "translation"
    recognised: ClassVar[str] = "A text is recognised by its key, a language by its tag."
    columns: ClassVar[tuple[Column, ...]] = ()

    def __init__(self, assessment: Assessment, survey: Survey) -> None:
        super().__init__(assessment)
        self.survey = survey

    def hold(self) -> None:
        super().hold()
        self.survey = Survey.objects.select_related("assessment").get(pk=self.survey.pk)
        if self.survey.state != SurveyState.DRAFT:
            raise ValidationError(str(FROZEN))

    def read(self, name: str, raw: bytes) -> TranslationFile:
        return read_translations(
            name, raw, source_language=self.survey.source_language, languages=self.survey.languages
        )

    def plan(self, file: ListFile) -> TranslationPlan:
        if not isinstance(file, TranslationFile):
            raise TypeError(f"{file.name} was not read as translations.")
        return plan_of(file, source_texts(self.survey), known_translations(self.survey))

    def store(self, plan: TranslationPlan, by: User | None) -> None:
        store_translations(self.survey, plan.entries)

    def table(self) -> Table:
        return as_table(source_texts(self.survey), self.survey.source_language, known_translations(self.survey))


def known_translations(survey: Survey) -> dict[str, dict[str, Known]]:
    """Language -> key -> translation, for each language of the survey; one statement."""
    found: dict[str, dict[str, Known]] = {language: {} for language in survey.languages}
    if found:
        rows = Translation.objects.filter(survey=survey, language__in=survey.languages)
        for language, key, text, source in rows.values_list("language", "key", "text", "source"):
            found[language][key] = Known(text, source)
    return found


def store_translations(survey: Survey, entries: list[NewText]) -> None:
    """Writes the translations, over those that are there; within a transaction that holds the assessment."""
    Translation.objects.bulk_create(
        [Translation(survey=survey, **entry._asdict()) for entry in entries],
        update_conflicts=True,
        unique_fields=["survey", "language", "key"],
        update_fields=["text", "source"],
        batch_size=200,
    )
