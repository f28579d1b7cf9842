"""What a tool itself says of a row: that it is a trial or spam, and whether its respondent came to the end."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from surveys.imports.source import Table
from surveys.imports.tools import LIMESURVEY, QUALTRICS, tool_of
from tables.names import key

# Qualtrics' "Response Type", in words or as its number: previews 1 and 17, tests 2, spam 8, 9 and 12.
TRIAL = re.compile(
    r"preview|\bspam\b|survey test|vorschau|aperçu|vista previa|预览|垃圾|^(?:1|2|8|9|12|17)$", re.IGNORECASE
)
# Qualtrics' "Finished": 0 or "False" in the language of the export.
NOT_FINISHED = frozenset(["false", "0", "falsch", "faux", "falso", "onwaar", "否", "假"])
# LimeSurvey gives no date to an answer that was not submitted.
SUBMITTED = (
    "submitdate", "date submitted", "datum abgeschickt", "date de soumission", "fecha de envío", "verzenddatum",
    "datum ingediend",
)  # fmt: skip


@dataclass(frozen=True)
class RowStates:
    """Where the tool says it: indexes of columns, None where it does not."""

    status: int | None = None
    finished: int | None = None
    submitted: int | None = None

    def is_trial(self, cells: Sequence[str]) -> bool:
        """Whether the row is a preview, a test or spam, and nobody's answer."""
        return self.status is not None and bool(TRIAL.search(cells[self.status].strip()))

    def is_unfinished(self, cells: Sequence[str]) -> bool:
        if self.finished is not None:
            return key(cells[self.finished]) in NOT_FINISHED
        return self.submitted is not None and not cells[self.submitted].strip()


def states_of(table: Table) -> RowStates:
    """The columns in which the tool that wrote the table says it."""
    tool = tool_of(table.columns, table.header_rows)
    first: dict[str, int] = {}
    for column in table.columns:
        for text in column.texts:
            for form in (key(text), key(text).partition(". ")[0]):
                first.setdefault(form, column.index)
    if tool == QUALTRICS:
        return RowStates(status=first.get("status"), finished=first.get("finished"))
    if tool == LIMESURVEY:
        return RowStates(submitted=next((first[name] for name in SUBMITTED if name in first), None))
    return RowStates()
