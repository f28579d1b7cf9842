"""A mapping while somebody decides about it: what each column of one file becomes. Written down, it is a MAP.toml."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from surveys.imports.columns import choose_columns
from surveys.imports.detection import DEFAULT_GROUP, Detected
from surveys.imports.headers import Column
from surveys.imports.mapping import DEFAULT_SCALE, ResponseMapping, Scale
from surveys.imports.scales import rating_number, shifts_numbers
from surveys.imports.source import Table
from tables.names import key, plain


@dataclass(frozen=True)
class Draft:
    """What becomes of a file.

    Attributes
    ----------
    items : the issue that a column rates, by the column's index.
    group_column : its index; None when all are of the one group `group_name`.
    group_names : the group that an answer in that column means, where it is called otherwise; empty = did not say.
    internal : groups that speak for the company.
    labels : by text; 0 where its rating is not known yet.
    overruled : what [file] says, by key.
    """

    items: Mapping[int, str]
    group_column: int | None = None
    group_name: str = DEFAULT_GROUP
    group_names: Mapping[str, str] = field(default_factory=dict)
    internal: tuple[str, ...] = ()
    unstated: str = ""
    scale: Scale = DEFAULT_SCALE
    labels: Mapping[str, int] = field(default_factory=dict)
    no_answer: tuple[str, ...] = ()
    overruled: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def unknown_words(self) -> tuple[str, ...]:
        return tuple(word for word, rating in self.labels.items() if not rating)

    def named_like(self, issues: Mapping[int, str], groups: Mapping[str, str]) -> "Draft":
        """With the names that an assessment has for these columns and for these answers in the column of the group."""
        internal = (groups.get(name, name) for name in self.internal)
        return replace(
            self,
            items={index: issues.get(index, name) for index, name in self.items.items()},
            group_names={**self.group_names, **groups},
            internal=tuple(dict.fromkeys(internal)),
        )


def labels_for(draft: Draft, ratings: Mapping[str, int], no_answer: Sequence[str]) -> dict[str, int]:
    """
    The labels that a mapping needs so that the texts of the file become these ratings.

    Labels of numbers that no cell holds, such as 8 on a scale from 0, are kept for a later export that holds them; not
    where somebody has said otherwise of a number that is there. Where labels shift numbers, every number has one.

    Parameters
    ----------
    ratings : what each text of the file becomes, without those that are `no_answer`.
    """
    low, high = draft.scale
    said = {key(text): rating for text, rating in ratings.items()}
    numbers = {key(text): rating for text, rating in draft.labels.items() if rating_number(key(text)) is not None}
    labels = dict(ratings)
    if all(said.get(text, rating) == rating for text, rating in numbers.items()):
        known = {*said, *map(key, no_answer)}
        labels |= {text: rating for text, rating in numbers.items() if text not in known and low <= rating <= high}
    shifts = shifts_numbers({key(text): rating for text, rating in labels.items()}, draft.scale)
    return {text: rating for text, rating in labels.items() if shifts or rating_number(key(text)) != rating}


def draft_of_detected(detected: Detected) -> Draft:
    """What was found in the file, as a mapping."""
    group = detected.groups[0].column.index if detected.groups else None
    return Draft(
        detected.items, group, internal=detected.internal, scale=detected.scale, labels=detected.labels,
        no_answer=detected.no_answer, unstated=detected.unstated,
    )  # fmt: skip


def draft_of_mapping(table: Table, mapping: ResponseMapping, *, scale: Scale | None = None) -> Draft:
    """What a MAP.toml says of this file. Raises MappingError."""
    columns = choose_columns(table, mapping)
    told = {"encoding": mapping.encoding, "delimiter": mapping.delimiter, "header_rows": mapping.header_rows}
    return Draft(
        items={item.column.index: item.name for item in columns.items},
        group_column=columns.group.index if columns.group else None,
        group_name=mapping.group_name or DEFAULT_GROUP,
        group_names=mapping.group_names,
        internal=mapping.internal,
        unstated=mapping.unstated or "",
        scale=scale or mapping.scale or DEFAULT_SCALE,
        labels=mapping.labels,
        no_answer=tuple(sorted(mapping.no_answer - {""})),
        overruled={name: value for name, value in told.items() if value is not None},
    )


def mapping_text(table: Table, draft: Draft, *, comments: Mapping[str, Sequence[str]] | None = None) -> str:
    """The draft as the text of a MAP.toml, with comments below the headings of sections ("" for the whole)."""
    said = comments or {}
    lines = [*_comments(said, "")]
    if draft.overruled:
        lines += ["[file]", *(f"{name} = {_toml(value)}" for name, value in draft.overruled.items()), ""]
    lines += ["[group]", *_comments(said, "group"), *_group_lines(table, draft), ""]
    if draft.items:
        lines += ["[items.columns]", *_comments(said, "items")]
        lines += [f"{_toml(reference(table, index))} = {_toml(name)}" for index, name in draft.items.items()]
    else:
        lines += ["[items]", *_comments(said, "items"), 'pattern = "^..."']
    lines += ["", "[ratings]", *_comments(said, "ratings"), f"scale = [{draft.scale[0]}, {draft.scale[1]}]"]
    lines.append(f"no_answer = {_toml([*draft.no_answer, ''])}")
    if draft.labels:
        lines += ["", "[ratings.labels]", *_comments(said, "labels")]
        lines += [f"{_toml(text)} = {rating}" for text, rating in draft.labels.items()]
    return "\n".join(lines) + "\n"


def reference(table: Table, index: int) -> str:
    """How a mapping calls the column: by its header, or by its letters where that is not its alone."""
    column = table.columns[index]
    header = plain(column.header)
    same = [other for other in table.columns if header in _forms(other)]
    return column.header if header and len(same) == 1 else f"column {column.letters}"


def _forms(column: Column) -> set[str]:
    return set(map(plain, column.forms))


def _group_lines(table: Table, draft: Draft) -> Iterator[str]:
    if draft.group_column is None:
        yield f"name = {_toml(draft.group_name)}"
        if any(key(name) == key(draft.group_name) for name in draft.internal):
            yield f"internal = {_toml([draft.group_name])}"
        return
    yield f"column = {_toml(reference(table, draft.group_column))}"
    yield f"internal = {_toml(list(draft.internal))}  # the groups that speak for the company; the rest are external"
    if draft.unstated:
        yield f"unstated = {_toml(draft.unstated)}"
    if draft.group_names:
        pairs = (f"{_toml(said)} = {_toml(name)}" for said, name in draft.group_names.items())
        yield f"names = {{ {', '.join(pairs)} }}"


def _comments(said: Mapping[str, Sequence[str]], section: str) -> list[str]:
    return [f"# {' '.join(line.split())}" for line in said.get(section, ())]


def _toml(value: str | int | list[str]) -> str:
    """The value as TOML, whose texts and lists are those of JSON, except that it wants DEL escaped."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
