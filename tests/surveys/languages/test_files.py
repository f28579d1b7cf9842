"""Translations leave as XLSX or PO and come back as they were; and what is wrong with a file is said with its place."""

import io

import openpyxl
import polib
import pytest

from surveys.languages import name_of
from surveys.texts import SourceText
from surveys.translating.files import Known, TranslationFile, as_po, as_table, read_translations
from surveys.translating.imports import plan_of
from tables.problems import SourceError
from tables.writing import xlsx_bytes

TEXTS = [
    SourceText("title", "What matters most?", "Title"),
    SourceText("introduction", 'Dear "reader",\n\nplease\tanswer.', "Introduction"),
    SourceText("issue.water.name", "=Water & <b>waste</b>", "Issue"),
    SourceText("issue.water.description", "For {company}", "What “Water” means"),
]
HARD = {
    "zh-Hans": {
        "title": Known("=1+1 哪些议题最重要？", "What matters most?"),
        "introduction": Known("@尊敬的读者：\n请回答。\\n", TEXTS[1].text),
        "issue.water.name": Known("'+水<script>alert(1)</script>", TEXTS[2].text),
    },
    "ar": {
        "title": Known("-ما الأهم؟", "An older title"),
        "issue.water.description": Known("لـ {company}", TEXTS[3].text),
    },
}


def xlsx(header: list[str], *rows: list[str | None]) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(header)
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def read(name: str, raw: bytes) -> TranslationFile:
    return read_translations(name, raw, source_language="en", languages=list(HARD))


def stored(file: TranslationFile) -> dict[str, dict[str, str]]:
    """What a survey without translations would get from the file."""
    plan = plan_of(file, TEXTS, {language: {} for language in HARD})
    assert not plan.problems, plan.problems
    found: dict[str, dict[str, str]] = {language: {} for language in file.languages}
    for entry in plan.entries:
        found[entry.language][entry.key] = entry.text
    return found


def test_a_workbook_comes_back_as_it_left():
    table = as_table(TEXTS, "en", HARD)
    file = read("texts.xlsx", xlsx_bytes([table], title="Texts"))
    assert stored(file) == {
        language: {key: known.text for key, known in texts.items()} for language, texts in HARD.items()
    }
    assert not plan_of(file, TEXTS, HARD).changes_something


def test_a_workbook_holds_formulas_as_texts():
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([as_table(TEXTS, "en", HARD)], title="Texts")))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    assert "=1+1 哪些议题最重要？" in [cell.value for cell in cells]


@pytest.mark.parametrize("language", ["zh-Hans", "ar"])
def test_a_po_file_comes_back_as_it_left(language: str):
    raw = as_po(TEXTS, "en", language, HARD[language], project="Assessment 2022")
    file = read("texts.po", raw)
    fresh = {key: known.text for key, known in HARD[language].items() if known.source != "An older title"}
    assert stored(file) == {language: fresh}
    assert not plan_of(file, TEXTS, HARD).changes_something


def test_a_po_file_tells_translation_programs_what_is_outdated():
    file = polib.pofile("\n" + as_po(TEXTS, "en", "ar", HARD["ar"], project="A").decode())
    title = file.find("title", by="msgctxt")
    assert title.fuzzy
    assert title.previous_msgid == "An older title"
    assert title.comment == "Title"
    assert file.metadata["Language"] == "ar"
    assert not file.find("issue.water.name", by="msgctxt").msgstr


def test_unsure_translations_are_left_out_and_counted():
    file = read("ar.po", as_po(TEXTS, "en", "ar", HARD["ar"], project="A"))
    assert file.unsure == 1
    assert "1 translation is marked as unsure" in plan_of(file, TEXTS, HARD).notices[0]


def test_taking_the_mark_off_says_that_a_translation_is_still_right():
    raw = as_po(TEXTS, "en", "ar", HARD["ar"], project="A").replace(b"#, fuzzy\n", b"")
    plan = plan_of(read("ar.po", raw), TEXTS, HARD)
    assert [(entry.key, entry.source) for entry in plan.entries] == [("title", "What matters most?")]


def test_a_workbook_does_not_call_an_untouched_translation_right():
    plan = plan_of(read("a.xlsx", xlsx_bytes([as_table(TEXTS, "en", HARD)], title="T")), TEXTS, HARD)
    assert plan.entries == []
    assert "still outdated" in " ".join(line.note for line in plan.page())


def test_columns_may_be_named_by_their_tags_alone_and_in_any_order():
    raw = xlsx(["ar", "key", "ZH-hans", "Deutsch (de)", "en"], ["نعم", "title", "是", "ja", "What matters most?"])
    file = read("a.xlsx", raw)
    assert stored(file) == {"zh-Hans": {"title": "是"}, "ar": {"title": "نعم"}}
    assert file.unknown == ("Deutsch (de)",)


def test_a_po_file_without_a_language_goes_by_its_name():
    raw = b'msgid ""\nmsgstr ""\n\nmsgctxt "title"\nmsgid "What matters most?"\nmsgstr "x"\n'
    assert read("survey-zh-Hans.po", raw).languages == ("zh-Hans",)
    with pytest.raises(SourceError, match="does not say which language"):
        read("survey.po", raw)


def problems(raw: bytes, name: str = "a.xlsx") -> list[tuple[int, str, str]]:
    plan = plan_of(read(name, raw), TEXTS, HARD)
    return [(line.row, line.column, line.note) for line in plan.problems]


def test_every_problem_is_named_by_its_row():
    raw = xlsx(
        ["Key", "Source", "zh-Hans", "ar"],
        ["title", None, "字" * 501, None],
        ["issue.gone.name", "Gone", "没有", "x"],
        [None, "No key", "没有", None],
        ["issue.water.description", "For {company}", "给 {firm}", "بلا"],
        ["introduction", None, "一", None],
        ["introduction", None, "二", None],
    )
    found = problems(raw)
    assert [(row, column) for row, column, _ in found] == [
        (2, "简体中文"),
        (3, "Key"),
        (4, "Key"),
        (5, "简体中文"),
        (5, name_of("ar")),
        (7, "简体中文"),
    ]
    notes = [note for _, _, note in found]
    assert "501 characters; at most 500" in notes[0]
    assert "no text with the key “issue.gone.name”" in notes[1]
    assert "no key" in notes[2]
    assert "The text has {company}, the translation {firm}" in notes[3]
    assert "the translation none" in notes[4]
    assert "row 6" in notes[5]


def test_a_problem_of_a_po_file_is_named_by_its_line():
    raw = b'msgid ""\nmsgstr "Language: ar\\n"\n\nmsgctxt "nowhere"\nmsgid "a"\nmsgstr "b"\n'
    assert [(row, column) for row, column, _ in problems(raw, "ar.po")] == [(4, "Key")]


def test_control_and_bidi_characters_are_taken_out_and_markup_stays():
    raw = xlsx(["Key", "ar"], ["title", "\u202eevil\u2066 <script>alert(1)</script>\u200f"])
    assert stored(read("a.xlsx", raw)) == {"ar": {"title": "evil <script>alert(1)</script>"}}


def test_lines_stay_where_they_mean_something_only():
    raw = xlsx(["Key", "ar"], ["title", "one\ntwo"], ["introduction", "one\r\n\r\ntwo"])
    assert stored(read("a.xlsx", raw)) == {"ar": {"title": "one two", "introduction": "one\n\ntwo"}}


def test_a_translation_of_an_older_text_is_taken_over_as_outdated():
    raw = xlsx(["Key", "Source", "ar"], ["issue.water.name", "Water", "ماء"])
    plan = plan_of(read("a.xlsx", raw), TEXTS, HARD)
    assert [(entry.text, entry.source) for entry in plan.entries] == [("ماء", "Water")]
    assert "it was “Water”" in plan.page()[0].note


def test_a_translation_of_an_older_text_does_not_replace_a_newer_one():
    raw = xlsx(["Key", "Source", "zh-Hans"], ["title", "An older title", "旧标题"])
    plan = plan_of(read("a.xlsx", raw), TEXTS, HARD)
    assert plan.entries == []
    assert "newer" in plan.page()[0].note


@pytest.mark.parametrize(
    ("name", "raw", "says"),
    [
        ("a.po", b"", "empty"),
        ("a.po", b"%PDF-1.7", "a PDF"),
        ("a.po", b"PK\x03\x04", "a workbook"),
        ("a.po", b'msgid ""\nmsgstr "Language: ar\\n"\n\nmsgid "a\nmsgstr "b"\n', "line 4"),
        ("a.po", b'msgid ""\nmsgstr "Language: fr\\n"\n\nmsgid "a"\nmsgstr "b"\n', "not a language of this survey"),
        ("a.po", b'msgid ""\nmsgstr "Language: klingon\\n"\n\nmsgid "a"\nmsgstr "b"\n', "klingon"),
        ("a.po", b'msgid "\xff"\nmsgstr "b"\n', "."),
        ("a.po", b"/etc/passwd", "."),
        ("a.xlsx", b"name,age\n1,2\n", "no workbook"),
        ("a.csv", b"name,age\nx,2\n", "no column Key"),
        ("a.csv", b"Key,fr\ntitle,x\n", "no column is for a language"),
        ("a.csv", "Key,ar,العربية (ar)\ntitle,x,y\n".encode(), "both for"),
        ("a.xlsx", b"PK\x03\x04nothing", "."),
    ],
)
def test_a_wrong_file_is_refused_with_the_next_step(name: str, raw: bytes, says: str):
    with pytest.raises(SourceError, match=says) as refusal:
        read(name, raw)
    assert str(refusal.value).startswith(name)
    assert "root:" not in str(refusal.value)
    assert len(str(refusal.value)) < 700
