"""Which columns belong to one question, and what each of them asks about.

Survey tools write a grid as a column for each of its rows and put the question into every header: "How important is
... [Water]", "How important is ... - Water", "Q5_1" above "Water". Pure: headers in, names out.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from surveys.imports.headers import Column
from tables.names import key, tidy

BRACKETS = re.compile(r"^(.*?)\s*\[([^\[\]]+)\]\s*(?:\[([^\[\]]+)\])?\s*[.:]?$")
CODED = re.compile(r"^(.*?[^\W\d].*?)(?:[_.][a-z]{0,8}|\[(?:sq)?|(?<=\d)[a-z])0*\d+\]?$", re.IGNORECASE)
# "G1Q2[SQ001]. How important is ...": LimeSurvey's code before the wording.
CODE_BEFORE = re.compile(r"^[A-Za-z]\w*(?:(?:\[\w+\])+|\d\w*)[.:]\s+")
# What stands between a question and its item, in one header.
BETWEEN = re.compile(r"\s+[-–—|>»/:]+\s+|:\s+|\s*[|»]\s*|\?\s+|(?<=[^\W\d_]{3})\.(?=[^\W\d_])|[?？：]\s*")
# A beginning or an end that all headers share is a question from so many words, or Chinese characters, on.
SHARED_WORDS, SHARED_LETTERS, SHARED_CHARACTERS = 2, 10, 4
CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
# So many items that two beginnings have in common make each a question; of so many words at most.
SAME_ITEMS, MOST_WORDS = 3, 25
EDGES = " .:;,-–—|>»/?？：，。\"“”„'‘’()（）[]【】*"


@dataclass(frozen=True)
class Asked:
    """What a column asks: the question that it shares with others ("" where it stands alone), and its own item."""

    question: str
    item: str


def questions_of(columns: Sequence[Column]) -> Mapping[int, Asked]:
    """For each column, by its index, what it asks."""
    splits = {column.index: list(_splits(column)) for column in columns}
    shared = Counter(question for found in splits.values() for question in {question for question, _ in found})
    asked = {}
    for column in columns:
        fitting = [(shared[question], len(question), question, item) for question, item in splits[column.index]]
        best = max((one for one in fitting if one[0] > 1), default=None)
        asked[column.index] = Asked(best[2], best[3]) if best else Asked("", column.name)
    _turn(asked)
    _part(asked)
    return asked


def _turn(asked: dict[int, Asked]) -> None:
    """ "Water - Importance", "Water - Performance", and so on for many: what they share is the issue."""
    items_of: defaultdict[str, list[str]] = defaultdict(list)
    for one in asked.values():
        if one.question:
            items_of[one.question].append(key(one.item))
    same = Counter(tuple(sorted(items)) for items in items_of.values())
    for index, one in asked.items():
        items = tuple(sorted(items_of.get(one.question, ())))
        if one.question and len(items) < same[items]:
            asked[index] = Asked(one.item, one.question)


def _part(asked: dict[int, Asked]) -> None:
    """ "Importance of water", "Performance on water", and so on for several: two questions about the same items."""
    beginnings: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for index, one in asked.items():
        words = one.item.split(" ")
        for at in range(1, min(len(words), MOST_WORDS)) if not one.question else ():
            beginnings[key(" ".join(words[:at]))][key(" ".join(words[at:]))] = index
    by_ends: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for beginning, indexes in beginnings.items():
        if len(indexes) >= SAME_ITEMS:
            by_ends[tuple(sorted(indexes))].append(beginning)
    # Of beginnings that fit, the longest comes last and stands: it leaves the shortest items.
    for ends, same in sorted(by_ends.items(), key=lambda entry: sum(map(len, entry[0])), reverse=True):
        if len(same) < 2:
            continue
        for beginning in same:
            for index in (beginnings[beginning][end] for end in ends):
                words = f"{asked[index].question} {asked[index].item}".split()
                at = len(beginning.split(" "))
                asked[index] = Asked(" ".join(words[:at]), " ".join(words[at:]))


def item_names(columns: Sequence[Column], asked: Mapping[int, Asked]) -> dict[int, str]:
    """A name of its own for the item of each of these columns: as short as it can be."""
    names = {column.index: asked[column.index].item for column in columns}
    alone = [column.index for column in columns if not asked[column.index].question]
    if len(alone) > 1:
        names.update(zip(alone, without_shared([names[index] for index in alone]), strict=True))
    names = {index: name.strip(" .:;,") or name for index, name in names.items()}
    _tell_apart(columns, names, [lambda column: column.header, lambda column: f"{column.header} ({column.letters})"])
    return names


def without_shared(texts: Sequence[str]) -> list[str]:
    """The texts without the question that all of them begin or end with."""
    words = [text.split(" ") for text in texts]
    first = _shared_length(words)
    last = _shared_length([list(reversed(one[first:])) for one in words])
    shared = words[0][:first], words[0][len(words[0]) - last :]
    if not _is_question(shared[0]):
        first = 0
    # What follows the issue may be short, such as "to you?" after "How important is ...".
    if not (_is_question(shared[1]) or (first and len(shared[1]) >= SHARED_WORDS)):
        last = 0
    if not first and not last:
        return _without_shared_characters(texts)
    cut = [" ".join(one[first : len(one) - last]).strip(EDGES) for one in words]
    return cut if all(cut) and len(set(map(key, cut))) == len(cut) else list(texts)


def _splits(column: Column) -> Iterator[tuple[str, str]]:
    """The ways in which the column's headers may be a question and an item."""
    telling = column.telling
    if not telling:
        return
    if len(telling) > 1 and not _is_code(telling[0]):
        yield telling[0], telling[-1]
        return
    header = CODE_BEFORE.sub("", telling[-1])
    if found := BRACKETS.match(header):
        question, item, scale = found.groups()
        # Of two brackets the second says which of two scales the item is rated on.
        yield f"{question} [{scale}]" if scale else question or "[]", tidy(item)
        if scale:
            return
    for found in BETWEEN.finditer(header):
        question, item = header[: found.start()].strip(), header[found.end() :].strip().lstrip("-–—|>»/: ")
        if question and item:
            yield question, item
    for text in telling:
        if found := CODED.match(text):
            yield found[1], header


def _is_code(text: str) -> bool:
    return bool(re.match(r"^[A-Za-z]\w{0,30}$", text)) and any(map(str.isdigit, text))


def _shared_length(words: Sequence[Sequence[str]]) -> int:
    shortest = min(map(len, words)) - 1  # something of each is left
    length = 0
    while length < shortest and len({key(one[length]) for one in words}) == 1:
        length += 1
    return length


def _is_question(words: Sequence[str]) -> bool:
    return len(words) >= SHARED_WORDS and sum(map(len, words)) >= SHARED_LETTERS


def _without_shared_characters(texts: Sequence[str]) -> list[str]:
    """Chinese and Japanese have no spaces between words."""
    if not all(CJK.search(text) for text in texts):
        return list(texts)
    first = _shared_length(texts)
    last = _shared_length([text[first:][::-1] for text in texts])
    first, last = (length if length >= SHARED_CHARACTERS else 0 for length in (first, last))
    cut = [text[first : len(text) - last].strip(EDGES + "的") for text in texts]
    return cut if all(cut) and len(set(cut)) == len(cut) else list(texts)


def _tell_apart(columns: Sequence[Column], names: dict[int, str], longer: Sequence[Callable[[Column], str]]) -> None:
    """Names that several columns have become longer ones, step by step."""
    for form in longer:
        by_name: defaultdict[str, list[Column]] = defaultdict(list)
        for column in columns:
            by_name[key(names[column.index])].append(column)
        for twins in by_name.values():
            if len(twins) > 1 or not names[twins[0].index]:
                names.update((column.index, form(column)) for column in twins)
