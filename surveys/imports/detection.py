"""What a file most likely holds: the tool that wrote it, its rated issues, its groups, its scale.

A proposal for the person who imports, made from headers and a sample of rows; knows no database.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.utils.translation import gettext as _

from surveys.imports.columns import MAX_ISSUE_NAME, MAX_ISSUES
from surveys.imports.headers import Column
from surveys.imports.other_answers import unused_answers
from surveys.imports.questions import Asked, item_names, questions_of
from surveys.imports.scale_guess import ANSWER_CODE, propose_scale
from surveys.imports.scales import of_one_scale
from surveys.imports.seen import BINARY_WORDS, MAX_STEPS, MAX_TEXTS, Seen, is_order, look
from surveys.imports.source import Table
from surveys.imports.tools import Tool, tool_of
from tables.names import key, plain

SAMPLE_ROWS = 5_000
# More kinds of respondent than this are rather names or places.
MAX_GROUPS = 20
LONGEST_GROUP = 80
# With fewer answers than this, a column seldom shows every step of its scale.
FEW_ROWS = 30

IMPORTANCE = re.compile(
    r"importan|relevan|material|significan|priorit|concern|matter|wichtig|bedeut|wesentlich|belangrijk|pertinen"
    r"|重要|关注|關注|实质|相关|優先|优先",
    re.IGNORECASE,
)
OTHER_AXIS = re.compile(
    r"satisf|perform|agree|impact|likelihood|familiar|frequen|zufried|zustimm|tevred|leistung|表现|满意|滿意|熟悉",
    re.IGNORECASE,
)
WHO = re.compile(
    r"stakeholder|\bgroup\b|\brole\b|describes? you|who are you|relation|capacity|affiliat|respondent type"
    r"|i am a|you are"
    r"|interessengruppe|anspruchsgruppe|gruppe|rolle|wer sind sie|beziehung|partie prenante|groupe|rôle|qui êtes"
    r"|vous êtes"
    r"|grupo|rol\b|relación|relação|papel|ruolo|gruppo|\brol\b|groep|belanghebbend|relatie|身份|利益相关"
    r"|利益相關|关系|關係"
    r"|类别|類別|角色|类型|您是",
    re.IGNORECASE,
)
# "Other (please specify)", as SurveyMonkey heads the column of what was written instead of a choice.
OTHER = re.compile(
    r"^(?:other|sonstige|andere|anderes|autre|otro|outro|altro|anders|其他|其它)\b.*"
    r"|please specify|bitte angeben|veuillez préciser|especifique|请注明",
    re.IGNORECASE,
)
SORT = re.compile(
    r"department|function|position|\bjob\b|occupation|category|segment|type of|sector|team|abteilung|funktion|beruf"
    r"|département|fonction|departamento|cargo|afdeling|functie|部门|部門|职位|職位|职业|岗位",
    re.IGNORECASE,
)
PERSONAL = re.compile(
    r"gender|\bsex\b|\bage\b|geschlecht|alter\b|genre|sexe|\bâge|género|edad|gênero|idade|geslacht|leeftijd|性别|年龄",
    re.IGNORECASE,
)
BINARY = (*BINARY_WORDS, frozenset("01"), frozenset("12"))
INTERNAL = re.compile(
    r"employee|\bstaff\b|manage(?:ment|r)|\bboard\b|director|executive|\binternal|worker|leadership|colleague|intern\b"
    r"|mitarbeit|belegschaft|führung|geschäftsleitung|vorstand|aufsichtsrat|beschäftigt|intern[e]?r?\b|employé|salarié"
    r"|direction|cadre|personnel|collaborat|emplead|trabajador|directiv|geren|funcionári|colaborador|dipendent|impiegat"
    r"|dirigent|medewerk|werknemer|bestuur|directie|员工|員工|雇员|职工|管理层|管理層|管理人员|董事|高管|内部"
    r"|從業員|従業員|社員",
    re.IGNORECASE,
)
OUTSIDE = re.compile(
    r"\b(?:former|ex|trade union|supplier|fund manager|asset manager|external)\b|ehemalig|ancien|外部", re.I
)
CODE_IN_BRACKETS = re.compile(r"^[A-Za-z]\w*\[\w+\]$")
BARE_CODE = re.compile(r"^[A-Za-z]\w*$")
DEFAULT_GROUP = "Respondents"


@dataclass(frozen=True)
class Detected:
    """The proposal. `items` are the issues' names by the index of their column; `labels` has 0 for an unknown word."""

    tool: Tool
    seen: tuple[Seen, ...]
    items: Mapping[int, str]
    groups: tuple[Seen, ...]
    internal: tuple[str, ...]
    scale: tuple[int, int]
    labels: Mapping[str, int]
    no_answer: tuple[str, ...]
    notices: tuple[str, ...] = field(default=())
    unstated: str = ""

    @property
    def left_out(self) -> Mapping[int, str]:
        """By the index of their column, why those about the respondent are never stored."""
        return {one.column.index: one.about for one in self.seen if one.about}


def detect_contents(table: Table) -> Detected:
    """The proposal for the table, from its first rows. Raises SourceError."""
    rows = [row.cells for row in islice(table.rows(), SAMPLE_ROWS)]
    few = len(rows) < FEW_ROWS
    seen = look(table, rows)
    asked = questions_of(table.columns)
    rated = _rated([one for one in seen if not one.about], asked, rows, few=few)
    columns = [one.column for one in rated]
    names = {index: name[:MAX_ISSUE_NAME] for index, name in item_names(columns, asked).items()}
    chosen = set(names)
    others = [one for one in seen if one.column.index not in chosen and not one.about]
    # Numbers in a grid are other ratings or an order; nobody is asked in a grid who they are.
    alone = [one for one in others if one.words or not asked[one.column.index].question]
    unused = unused_answers(others, asked, rows, rated=bool(rated))
    groups = _groups([one for one in alone if one.column.index not in unused.columns], few=few)
    texts = list(dict.fromkeys(text for one in rated for text in one.texts))
    no_answer = tuple(sorted({text for one in rated for text in one.no_answers}))
    scale, labels, notices = propose_scale(texts, few=few)
    notices += unused.notices
    internal = tuple(text for text in groups[0].texts if speaks_for_company(text)) if groups else ()
    tool = tool_of(table.columns, table.header_rows)
    unstated = _("Other") if groups and _is_other_beside(groups[0].column, table, rows) else ""
    return Detected(tool, seen, names, groups, internal, scale, labels, no_answer, notices, unstated)


def _is_other_beside(group: Column, table: Table, rows: Sequence[Sequence[str]]) -> bool:
    """Whether those who did not say their group have written one of their own into the column beside it."""
    beside = next((column for column in table.columns if column.index == group.index + 1), None)
    if beside is None or not OTHER.search(beside.name):
        return False
    own = [bool(cells[beside.index].strip()) for cells in rows if not cells[group.index].strip()]
    return sum(own) > len(own) / 2


def speaks_for_company(group: str) -> bool:
    """Whether a group of that name is likely part of the company."""
    return bool(INTERNAL.search(group)) and not OUTSIDE.search(group)


def answers_in(table: Table, columns: Iterable[int], *, most: int = MAX_TEXTS) -> Mapping[int, Mapping[str, int]]:
    """How often each text stands in each of the columns, the first `most` different ones; without empty cells."""
    held: dict[int, Counter[str]] = {column: Counter() for column in columns}
    for row in table.rows() if held else ():
        for column, times in held.items():
            if (text := row.cells[column]) and (text in times or len(times) <= most):
                times[text] += 1
    return {column: _plainly(times, most) for column, times in held.items()}


def _plainly(times: Mapping[str, int], most: int) -> Mapping[str, int]:
    """The counts of texts as they look."""
    plainly: Counter[str] = Counter()
    for text, count in times.items():
        plainly[plain(text)] += count
    plainly.pop("", None)
    return dict(islice(plainly.items(), most))


def _rated(seen: Sequence[Seen], asked: Mapping[int, Asked], rows: Sequence[Sequence[str]], *, few: bool) -> list[Seen]:
    """The columns that rate issues: the largest family of columns that draw on the same answers."""
    candidates = [one for one in seen if one.may_be_rated]
    worded = [family for family in _word_families(candidates) if _is_known(family) or not is_order(family, rows)]
    families = [*worded, *_number_families(candidates, asked, rows, few=few)]
    families = [family for family in families if _is_scale(family)]
    if not families:
        return []
    best = max(families, key=lambda family: _weight(family, asked))
    best = _one_question(best, asked)
    return _with_unanswered(best, seen, asked)[:MAX_ISSUES]


def _word_families(candidates: Sequence[Seen]) -> list[list[Seen]]:
    """Sets of columns that share words, or whose words are of one scale; with those that hold the numbers between."""
    worded = [one for one in candidates if one.words]
    numbered = [one for one in candidates if not one.words]
    families = []
    left = list(worded)
    while left:
        family, steps = [left.pop(0)], set()
        grown = True
        while grown:
            steps = {text for one in family for text in one.words}
            kin = [one for one in left if set(one.words) & steps or of_one_scale([*steps, *one.words])]
            family += kin
            left = [one for one in left if one not in kin]
            grown = bool(kin)
        if any(number is not None for one in family for number in one.numbers):
            family += numbered
        families.append(sorted(family, key=lambda one: one.column.index))
    return families


def _number_families(
    candidates: Sequence[Seen], asked: Mapping[int, Asked], rows: Sequence[Sequence[str]], *, few: bool
) -> list[list[Seen]]:
    """Columns of numbers: all that stand in grids, those below one question, and those that stand alone."""
    numbered = [one for one in candidates if not one.words]
    by_question: defaultdict[str, list[Seen]] = defaultdict(list)
    for one in numbered:
        by_question[asked[one.column.index].question].append(one)
    alone = by_question.pop("", [])
    for question, family in list(by_question.items()):
        if len(family) < 2:
            alone += by_question.pop(question)
        elif is_order(family, rows):
            del by_question[question]
    grids = [one for family in by_question.values() for one in family]
    binary = [one for one in alone if not few and {text.casefold() for text in one.texts} in BINARY]
    alone = [one for one in alone if one not in binary]
    families = [grids, alone] if grids else [alone]
    return [sorted(family, key=lambda one: one.column.index) for family in families if family]


def _is_known(family: Sequence[Seen]) -> bool:
    return of_one_scale(list({text for one in family for text in one.words}))


def _is_scale(family: Sequence[Seen]) -> bool:
    """Whether the columns of a family together hold steps of a scale."""
    texts = {text for one in family for text in one.texts}
    words = {text for one in family for text in one.words}
    if not 2 <= len(texts) <= MAX_STEPS:
        return False
    codes = all(map(ANSWER_CODE.match, words))
    if len(family) == 1:
        # One column alone is only taken for a rating where its words say so.
        return (bool(words) and of_one_scale(list(words))) or bool(IMPORTANCE.search(family[0].column.header))
    return not words or codes or len(texts) >= 3 or of_one_scale(list(words))


def _weight(family: Sequence[Seen], asked: Mapping[int, Asked]) -> float:
    words = list(dict.fromkeys(text for one in family for text in one.words))
    weight = float(len(family))
    said = " ".join([*words, *(one.column.header for one in family[:20])])
    if words and of_one_scale(words):
        weight *= 2
    if IMPORTANCE.search(said):
        weight *= 2
    elif OTHER_AXIS.search(said):
        weight /= 1.5
    if all(asked[one.column.index].question for one in family):
        weight *= 1.5
    return weight


def _one_question(family: list[Seen], asked: Mapping[int, Asked]) -> list[Seen]:
    """Where the same items stand below several questions, the one about importance, else the first."""
    by_question: defaultdict[str, list[Seen]] = defaultdict(list)
    for one in family:
        by_question[asked[one.column.index].question].append(one)
    questions = [question for question in by_question if question]
    # A question about importance beside one about something else: the other is no importance.
    about = [question for question in questions if IMPORTANCE.search(_said(by_question[question], question))]
    if about and len(about) < len(questions):
        questions = about
    items: set[str] = set()
    kept: list[Seen] = []
    for question in questions:
        names = {key(asked[one.column.index].item) for one in by_question[question]}
        if not names & items or all(re.match(r"^\W*sq?\d+\W*$", name) for name in names):
            items |= names
            kept += by_question[question]
    if not questions or any(one.words for one in family):
        kept += [
            one for one in by_question.get("", []) if not (_in_brackets(kept) and BARE_CODE.match(one.column.header))
        ]
    return sorted(kept, key=lambda one: one.column.index)


def _in_brackets(family: Sequence[Seen]) -> bool:
    """Whether all are sub-questions as LimeSurvey codes them, "Q2[SQ001]": a code without brackets asks otherwise."""
    return bool(family) and all(CODE_IN_BRACKETS.match(one.column.header) for one in family)


def _said(family: Sequence[Seen], question: str) -> str:
    return " ".join((question, *(one.column.header for one in family[:3])))


def _with_unanswered(rated: list[Seen], seen: Sequence[Seen], asked: Mapping[int, Asked]) -> list[Seen]:
    """With those of the same questions that nobody has rated."""
    questions = Counter(asked[one.column.index].question for one in rated)
    more = [
        one
        for one in seen
        if not one.texts and one not in rated and one.column.header
        and (question := asked[one.column.index].question) and questions[question] > 1
    ]  # fmt: skip
    return sorted((*rated, *more), key=lambda one: one.column.index)


def _groups(columns: Sequence[Seen], *, few: bool) -> tuple[Seen, ...]:
    """The columns that may say who a respondent is, the likeliest first."""
    named = [one for one in columns if one.column.header and 1 <= len(one.texts) <= MAX_GROUPS]
    fitting = [
        one
        for one in named
        if max(map(len, one.texts)) <= LONGEST_GROUP
        and (few or one.answered >= 2 * len(one.texts))
        and key(one.texts[0]) not in {key(text) for text in one.column.telling}
    ]

    def rank(one: Seen) -> tuple[bool, ...]:
        header = one.column.header
        binary = {text.casefold() for text in one.texts} in BINARY
        return (
            binary,
            not WHO.search(header),
            not any(map(speaks_for_company, one.texts)),
            not SORT.search(header),
            not PERSONAL.search(header),
            not one.words,
            len(one.texts) < 2,
        )

    ranked = sorted(fitting, key=rank)
    return tuple(one for one in ranked if not rank(one)[0] and (len(one.texts) > 1 or WHO.search(one.column.header)))
