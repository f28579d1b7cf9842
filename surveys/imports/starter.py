"""A first MAP.toml made from a file: which columns are ratings, which says who somebody is, what the words mean."""

from collections import defaultdict
from collections.abc import Sequence

from surveys.imports.detection import Detected, detect_contents
from surveys.imports.draft import Draft, draft_of_detected, mapping_text, reference
from surveys.imports.seen import Seen
from surveys.imports.source import Table

# Other columns that might be the group, and headers where no ratings are found, as many as one reads.
OTHER_GROUPS, SOME_HEADERS = 7, 40


def starter_mapping(table: Table) -> str:
    """The text of a MAP.toml for the table. Words whose rating is not known have 0, to be filled in."""
    detected = detect_contents(table)
    return commented(table, draft_of_detected(detected), detected)


def commented(table: Table, draft: Draft, detected: Detected) -> str:
    """The draft as a MAP.toml with comments that say what was found."""
    by_reason: defaultdict[str, list[str]] = defaultdict(list)
    for index, reason in detected.left_out.items():
        by_reason[reason].append(table.columns[index].texts[0] or f"column {table.columns[index].letters}")
    about = [f"{reason}: {', '.join(headers)}" for reason, headers in by_reason.items()]
    comments: dict[str, Sequence[str]] = {
        "": [f"{detected.tool}: {table.reading_facts}."] + [f"Never stored, {line}." for line in about],
        "group": _about_groups(table, detected.groups, draft),
        "items": [] if draft.items else _about_missing_items(table, detected),
        "ratings": detected.notices,
        "labels": ["Give each text with 0 its number on the scale, or move it to no_answer."]
        if draft.unknown_words
        else [],
    }
    return mapping_text(table, draft, comments=comments)


def _about_groups(table: Table, groups: Sequence[Seen], draft: Draft) -> list[str]:
    if not groups:
        return ['No column looks like a kind of respondent. One group for all; or give column = "..." instead.']
    chosen = [one for one in groups if one.column.index == draft.group_column]
    others = [one for one in groups if one not in chosen][:OTHER_GROUPS]
    lines = [f"The column holds {_texts(one)}" for one in chosen]
    return lines + [f"Or: column = '{reference(table, one.column.index)}', holds {_texts(one)}" for one in others]


def _about_missing_items(table: Table, detected: Detected) -> list[str]:
    headers = [column.header for column in table.columns if column.header and column.index not in detected.left_out]
    return ["No set of columns looks like ratings. Headers are:", *(f"  {header}" for header in headers[:SOME_HEADERS])]


def _texts(one: Seen) -> str:
    more = ", ..." if len(one.texts) > 8 else ""
    return ", ".join(f'"{text}"' for text in one.texts[:8]) + more
