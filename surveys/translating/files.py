"""Translations as files: a workbook with all languages, or gettext's PO with one. Knows texts, and no database."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

import polib
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from scoping.lists.sources import ListFile, Row
from surveys.languages import canonical, name_of
from surveys.texts import SourceText
from tables.delimited import foreign
from tables.encoding import confirm, detect
from tables.names import key as comparable
from tables.names import tidy
from tables.problems import SourceError, did_you_mean, shorten
from tables.reading import Limits, read_sheet
from tables.writing import Cell, Table

KEY, PLACE, SOURCE, NOTE = "Key", "Place", "Source", "Note"
LARGEST_PO = 10_000_000
_PO_LINE = re.compile(r'(?:(?:msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?)\s*)?"(?:[^"\\]|\\.)*+"')
# Line ends of Unicode other than the usual one, which polib takes for it.
_LINE_ENDS = re.compile("[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_ADVICE = "Save the file as UTF-8 and upload it again."


@dataclass(frozen=True)
class Known:
    """A translation as it is stored: `source` is the text that it translates."""

    text: str
    source: str


@dataclass(frozen=True)
class TranslationFile(ListFile):
    """
    A file of translations. A row holds the key, the source text ("" where the file has none) and a translation for
    each of `languages`, "" where there is none.

    Attributes
    ----------
    place : what the numbers of the rows count: "row" or "line".
    confirms : whether a translation that is as it was says that it is still right. In PO a mark ("fuzzy") says that it
        is not, and without the mark it is; a workbook has no such mark.
    unsure : rows that are left out since they are marked as unsure.
    """

    languages: tuple[str, ...] = ()
    place: str = "row"
    confirms: bool = False
    unsure: int = 0


# --- out --------------------------------------------------------------------------------------------------
def as_table(
    texts: Sequence[SourceText], source_language: str, translations: Mapping[str, Mapping[str, Known]]
) -> Table:
    """All texts, a column for each language of `translations`; the last column says what is outdated."""
    languages = list(translations)
    header = [KEY, PLACE, f"{SOURCE} ({source_language})", *(column_title(language) for language in languages), NOTE]
    rows: list[list[Cell]] = []
    for text in texts:
        known = {language: translations[language].get(text.key) for language in languages}
        notes = [
            f"{language}: the text was “{one.source}”"
            for language, one in known.items()
            if one and one.source != text.text
        ]
        # A cell of a workbook holds 32,767 characters, and some languages may be outdated at once.
        note = shorten(" ".join(notes), 5_000)
        cells = [one.text if one else "" for one in known.values()]
        rows.append([text.key, text.place, text.text, *cells, note])
    return Table("Texts", header, rows)


def column_title(language: str) -> str:
    return f"{name_of(language)} ({language})"


def as_po(
    texts: Sequence[SourceText], source_language: str, language: str, known: Mapping[str, Known], *, project: str
) -> bytes:
    """One language; outdated translations are marked fuzzy and carry the text that they were made of."""
    file = polib.POFile(wrapwidth=100)
    file.metadata = {
        "Project-Id-Version": tidy(project),
        "Language": language.replace("-", "_"),
        "X-Source-Language": source_language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    for text in texts:
        one = known.get(text.key)
        outdated = one is not None and one.source != text.text
        file.append(
            polib.POEntry(
                msgctxt=text.key,
                msgid=text.text,
                msgstr=one.text if one else "",
                comment=text.place,
                flags=["fuzzy"] if outdated else [],
                previous_msgid=one.source if one and outdated else None,
            )
        )
    return f"{file}\n".encode()


# --- in ---------------------------------------------------------------------------------------------------
def read_translations(name: str, raw: bytes, *, source_language: str, languages: Sequence[str]) -> TranslationFile:
    """
    The translations in an uploaded file.

    Parameters
    ----------
    languages : those of the survey; the file may hold some of them.

    Raises
    ------
    SourceError
        It is neither a workbook (or CSV) with the columns of the export nor a PO file, or it is in another language.
    """
    if PurePath(name).suffix.lower() in (".po", ".pot") or _looks_like_po(raw):
        return _read_po(name, raw, languages)
    return _read_table(name, raw, source_language, languages)


def _looks_like_po(raw: bytes) -> bool:
    return re.search(rb"^msgid \"", raw[:20_000], re.MULTILINE) is not None


def _read_table(name: str, raw: bytes, source_language: str, languages: Sequence[str]) -> TranslationFile:
    sheet = read_sheet(name, raw)
    by_tag = {language.lower(): language for language in languages}
    places: dict[str, int] = {}
    found: dict[str, int] = {}
    unknown = []
    for column, header in enumerate(sheet.columns):
        word = comparable(re.sub(r"\s*\([^()]*\)\s*$", "", header))
        if word in ("key", "source", "place", "note") and word not in places:
            places[word] = column
            continue
        tag = _tag_of(header)
        language = by_tag.get(tag.lower())
        if language and language in found:
            raise SourceError(
                f"{name}: the columns {found[language] + 1} and {column + 1} are both for {column_title(language)}. "
                "Delete one of them."
            )
        if language:
            found[language] = column
        elif header and tag.lower() != source_language.lower():
            unknown.append(header)
    if "key" not in places:
        raise SourceError(
            f"{name}: there is no column {KEY}. Export the texts on the page Languages, fill in that file, and keep "
            f"its first row.{did_you_mean(sheet.columns[0] if sheet.columns else '', [KEY])}"
        )
    if not found:
        raise SourceError(
            f"{name}: no column is for a language of this survey. A column is headed by the language’s tag, such as "
            f"{languages[0]}. Found: {', '.join(shorten(header, 40) for header in sheet.columns[:20] if header)}. "
            "Languages that are not in the survey are added on the page Languages first."
        )
    chosen = [language for language in languages if language in found]
    rows: list[Row] = []
    for record in sheet.rows():
        key = record.cells[places["key"]]
        source = record.lines(places["source"]) if "source" in places else ""
        rows.append((record.number, (key, source, *(record.lines(found[language]) for language in chosen))))
    if sheet.kind == "xlsx":
        reading = _("Excel workbook, worksheet “%(sheet)s”") % {"sheet": sheet.worksheet}
    else:
        reading = _("CSV file, %(encoding)s") % {"encoding": sheet.encoding.upper()}
    return TranslationFile(sheet.name, reading, tuple(unknown), rows, languages=tuple(chosen))


def _tag_of(header: str) -> str:
    """ "العربية (ar)" and "ar" are both about ar."""
    found = re.search(r"\(([A-Za-z0-9_-]+)\)\s*$", header)
    return (found[1] if found else header.strip()).replace("_", "-")


def _read_po(name: str, raw: bytes, languages: Sequence[str]) -> TranslationFile:
    if len(raw) > min(LARGEST_PO, Limits().bytes):
        raise SourceError(f"{name}: {len(raw) / 1e6:,.0f} MB, and at most {LARGEST_PO // 1_000_000} MB are read.")
    if not raw.strip():
        raise SourceError(f"{name}: the file is empty.")
    if kind := foreign(raw):
        raise SourceError(f"{name}: this is {kind}, and no PO file. Upload the PO file that your translator saved.")
    encoding = confirm(raw, detect(raw, name=name, advice=_ADVICE).name, name=name, advice=_ADVICE)
    text = _LINE_ENDS.sub(" ", raw.decode(encoding).replace("\r\n", "\n"))
    _refuse_broken_lines(name, text)
    # The line break in front: polib opens a file of that name if the whole text is one.
    try:
        file = polib.pofile("\n" + text)
    except (OSError, ValueError, IndexError) as error:
        line = re.search(r"\(line (\d+)\)", str(error))
        raise _broken(name, int(line[1]) - 1 if line else 0) from error
    language = _language_of(name, file, languages)
    rows: list[Row] = []
    unsure = 0
    for entry in file:
        if entry.obsolete or not entry.msgstr.strip():
            continue
        if "fuzzy" in entry.flags:
            unsure += 1
            continue
        rows.append((entry.linenum - 1, (tidy(entry.msgctxt or ""), entry.msgid, entry.msgstr)))
    if not file:
        raise SourceError(
            f"{name}: there is no text in this file. Export the texts as PO and have that file translated."
        )
    reading = _("PO file, %(language)s") % {"language": column_title(language)}
    return TranslationFile(name, reading, (), rows, languages=(language,), place="line", confirms=True, unsure=unsure)


def _refuse_broken_lines(name: str, text: str) -> None:
    """polib takes a text without its closing quotation mark, and cuts off what it believes to be the mark."""
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip()
        if line and not line.startswith("#") and not _PO_LINE.fullmatch(line):
            raise _broken(name, number)


def _broken(name: str, line: int) -> SourceError:
    where = f", line {line}" if line else ""
    return SourceError(
        f"{name}{where}: a PO file has texts in quotation marks after msgctxt, msgid or msgstr, and this is something "
        "else. Export the file anew from the translation program."
    )


def _language_of(name: str, file: polib.POFile, languages: Sequence[str]) -> str:
    """The language of a PO file: as its head says; where it says none, as its name ends."""
    by_tag = {language.lower(): language for language in languages}
    said = tidy(str(file.metadata.get("Language", "")))
    if not said:
        stem = PurePath(name).stem.lower()
        named = [tag for tag in by_tag if re.search(rf"(^|[-_. ]){re.escape(tag)}$", stem)]
        if not named:
            raise SourceError(
                f"{name}: the file does not say which language it is in. Put a line such as "
                f'"Language: {languages[0]}\\n" into its head, or end its name in -{languages[0]}.po.'
            )
        return by_tag[max(named, key=len)]
    try:
        language = by_tag.get(canonical(said).lower())
    except ValidationError as error:
        raise SourceError(f"{name}: its head names the language “{shorten(said, 40)}”. {error.messages[0]}") from error
    if language is None:
        raise SourceError(
            f"{name}: is in {column_title(canonical(said))}, which is not a language of this survey "
            f"({', '.join(languages)}). Add the language on the page Languages first, or upload another file."
        )
    return language
