"""Brings the catalogues of the interface up to date with what is marked for translation, or says what is missing."""

import re
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import to_locale

from config.extraction import Message, UnreadableText, marked_texts

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}")
# Chinese has one form for every number.
PLURAL_FORMS = {"zh-hans": "nplurals=1; plural=0;"}
PLURALS = {"zh-hans": 1}


class Command(BaseCommand):
    help = (
        "Writes every text that is marked for translation into locale/*/LC_MESSAGES/django.po, keeping the "
        "translations that are there. With --check nothing is written: it fails if one is out of date or incomplete."
    )

    requires_system_checks = ()  # the checks of addresses and models have nothing to do with texts

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; say what is missing")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        try:
            marked = marked_texts(settings.BASE_DIR)
        except UnreadableText as error:
            raise CommandError(str(error)) from error
        problems: list[str] = []
        for language, _ in settings.LANGUAGES:
            if language == settings.LANGUAGE_CODE:
                continue
            path = settings.BASE_DIR / "locale" / to_locale(language) / "LC_MESSAGES" / "django.po"
            fresh = updated(path, language, marked)
            if check:
                if not path.exists() or path.read_text(encoding="utf-8") != str(fresh) + "\n":
                    problems.append(f"{_short(path)} is out of date. Run: .venv/bin/python manage.py translations")
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(f"{fresh}\n", encoding="utf-8")
            problems += [f"{_short(path)}: {fault}" for fault in faults(fresh)]
        if problems:
            text = "\n".join(problems)
            if check:
                raise CommandError(text)
            self.stdout.write(text)
        self.stdout.write(f"{len(marked)} texts are marked for translation.")


def updated(path: Path, language: str, marked: dict[Message, list[str]]) -> polib.POFile:
    """The catalogue with exactly the texts that are marked, and the translations that it had."""
    known = {}
    if path.exists():
        for entry in polib.pofile(str(path), encoding="utf-8"):
            known[Message(entry.msgctxt or "", entry.msgid, entry.msgid_plural or "")] = entry
    fresh = polib.POFile(wrapwidth=120)
    fresh.metadata = {
        "Project-Id-Version": "Salient",
        "Language": to_locale(language),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURAL_FORMS[language],
    }
    for message, places in marked.items():
        old = known.get(message)
        entry = polib.POEntry(
            msgctxt=message.context or None,
            msgid=message.text,
            occurrences=[(place, "") for place in places],  # no line numbers: they change with every edit
            flags=["python-format"] if "%" in message.text + message.plural else [],
        )
        if message.plural:
            entry.msgid_plural = message.plural
            entry.msgstr_plural = {
                number: old.msgstr_plural.get(number, "") if old else "" for number in range(PLURALS[language])
            }
        else:
            entry.msgstr = old.msgstr if old else ""
        fresh.append(entry)
    return fresh


def faults(catalogue: polib.POFile) -> list[str]:
    """What a catalogue lacks: untranslated texts, and translations with other placeholders than their text."""
    found = []
    for entry in catalogue:
        texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        if not all(texts):
            found.append(f"not translated: “{entry.msgid}” ({entry.occurrences[0][0]})")
            continue
        # In the singular the number may be left out or written as a word; the plural has it.
        wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        for text in texts:
            if set(PLACEHOLDER.findall(text)) != wanted:
                placeholders = ", ".join(sorted(wanted)) or "none"
                found.append(f"other placeholders than its text: “{text}”. They must be: {placeholders}")
    return found


def _short(path: Path) -> str:
    return path.relative_to(settings.BASE_DIR).as_posix()
