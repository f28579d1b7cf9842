"""The header rows of a survey tool's export: how many there are, and what they say of each column.

Knows how survey tools write headers, nothing of answers.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tables.names import column_letters, key, plain, tidy
from tables.problems import SourceError, shorten

MAX_HEADER_ROWS = 3
# As many rows are looked at to find where the table begins.
TOP_ROWS = 12
# A title has one cell; a table below it has at least so many.
WIDE = 3

# What SurveyMonkey puts below a question that has no items, in the languages it exports.
FILLERS = frozenset(
    {"response", "open-ended response", "antwort", "offene antwort", "réponse", "réponse ouverte", "respuesta"}
    | {"respuesta abierta", "resposta", "resposta aberta", "risposta", "risposta aperta", "antwoord", "svar", "回答"}
    | {"open antwoord", "开放式回答", "开放式答案", "答复", "応答", "자유 응답", "응답", "ответ", "vastaus", "yanıt"}
)
IMPORT_ID = re.compile(r"""^\{\s*['"]ImportId['"]""")
NUMBER_OR_DATE = re.compile(r"^[\d\s.,:/%TZ+-]+$")
# The columns of Qualtrics that hold a date: below their code stands their wording, and not yet a date.
DATED = frozenset({"startdate", "enddate", "recordeddate"})


@dataclass(frozen=True)
class Column:
    """A column and the texts of its header rows, from the top; a question that spans columns stands in each."""

    index: int
    texts: tuple[str, ...]

    @property
    def letters(self) -> str:
        """As spreadsheets count: A, B, ... Z, AA."""
        return column_letters(self.index)

    @cached_property
    def telling(self) -> tuple[str, ...]:
        """The header texts that say something: no repetition, no "Response"."""
        told = [text for text in dict.fromkeys(self.texts) if text]
        return tuple(text for text in told if plain(text).casefold() not in FILLERS) or tuple(told[:1])

    @property
    def header(self) -> str:
        """Question and item, joined by a space."""
        return " ".join(self.telling)

    @property
    def name(self) -> str:
        """What the column itself is called: its item, or its question when it has none."""
        return self.telling[-1] if self.telling else ""

    @cached_property
    def forms(self) -> tuple[str, ...]:
        """Every wording a mapping may mean this column by: the joined header first, then each row alone."""
        joined = (self.header, " ".join(text for text in self.texts if text))
        written = (*joined, *self.telling)
        return tuple(form for form in dict.fromkeys((*written, *map(plain, written))) if form)

    def __str__(self) -> str:
        return f'column {self.letters} ("{shorten(self.header)}")' if self.header else f"column {self.letters}"


def where_table_begins(rows: Sequence[Sequence[str]]) -> int:
    """Which of the first rows is the header: the first, unless titles of one cell stand above a wider table."""
    filled = [sum(bool(cell.strip()) for cell in cells) for cells in rows]
    wide = next((at for at, count in enumerate(filled) if count >= WIDE), 0)
    return wide if all(count == 1 for count in filled[:wide]) else 0


def count_header_rows(head: Sequence[Sequence[str]]) -> int:
    """1 unless the rows look like those of a tool that writes more."""
    for depth, cells in enumerate(head[:MAX_HEADER_ROWS]):
        filled = [cell for cell in cells if cell.strip()]
        if filled and sum(bool(IMPORT_ID.match(cell)) for cell in filled) > len(filled) / 2:
            return depth + 1  # Qualtrics: code, wording, ImportId
    if len(head) < 2:
        return 1
    return 2 if _holds_wordings(head[0], head[1]) or _holds_items(head[0], head[1]) else 1


def columns_of(name: str, head: Sequence[Sequence[str]], *, most: int) -> tuple[Column, ...]:
    """The columns of the file `name` below its header rows. Raises SourceError for too many."""
    width = max((index + 1 for cells in head for index, cell in enumerate(cells) if cell.strip()), default=0)
    if width > most:
        raise SourceError(f"{name}: {width:,} columns, and at most {most:,} are read. Leave out some.")
    rows = [[tidy(cell) for cell in cells] + [""] * (width - len(cells)) for cells in head]
    from_qualtrics = bool(IMPORT_ID.match(next((cell for cell in rows[-1] if cell), "")))
    if from_qualtrics:
        rows = rows[:-1]
    else:
        _fill_spans(rows, width)
    return tuple(Column(index, tuple(cells[index] for cells in rows)) for index in range(width))


def _holds_wordings(codes: Sequence[str], wordings: Sequence[str]) -> bool:
    """Whether these are the codes and wordings of an older Qualtrics export, without ImportIds."""
    pairs = list(zip(codes, wordings, strict=False))
    dated = [wording for code, wording in pairs if key(code) in DATED]
    return bool(dated) and all(wording.strip() and not NUMBER_OR_DATE.match(wording) for wording in dated)


def _holds_items(questions: Sequence[str], items: Sequence[str]) -> bool:
    """Whether `items` is the second header row of SurveyMonkey and not the first respondent."""
    width = max(len(questions), len(items))
    questions, items = ([*cells, *[""] * (width - len(cells))] for cells in (questions, items))
    if any(NUMBER_OR_DATE.match(item) for item in items if item.strip()):
        return False
    pairs = [(question.strip(), plain(item).casefold()) for question, item in zip(questions, items, strict=True)]
    if any(question and item in FILLERS for question, item in pairs):
        return True
    spans: list[list[str]] = []
    for question, item in pairs:
        if question or not spans:
            spans.append([])
        spans[-1].append(item)
    wide = [span for span in spans if len(span) > 1]
    return bool(wide) and all(all(span) and len(set(span)) == len(span) for span in wide)


def _fill_spans(head: list[list[str]], width: int) -> None:
    """A question over several columns stands in the first of them only: repeat it over the others."""
    for depth in range(len(head) - 1):
        for index in range(1, width):
            begins = any(head[above][index] != head[above][index - 1] for above in range(depth))
            if not head[depth][index] and head[-1][index] and not begins:
                head[depth][index] = head[depth][index - 1]
