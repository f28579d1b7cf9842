"""The shape of a case file: its tables, their keys and the types of their values. What the values mean together is
checked elsewhere. Collects problems instead of stopping at the first."""

from typing import Any

from scoping.cases.entries import (
    Case,
    CaseChannel,
    CaseConcern,
    CaseCriterion,
    CaseEntry,
    CaseGroup,
    CaseIssue,
    CaseMention,
    CasePillar,
    CaseStep,
    CaseTier,
    Published,
    Report,
)
from scoping.cases.errors import Problem, did_you_mean, entry_name, quoted
from scoping.cases.rules import TABLES, Rule
from scoping.cases.source import LineIndex

# The tables that hold entries, and what one of their entries becomes.
ENTRIES: dict[str, type] = {
    "tiers": CaseTier,
    "groups": CaseGroup,
    "channels": CaseChannel,
    "issues": CaseIssue,
    "concerns": CaseConcern,
    "pillars": CasePillar,
    "process": CaseStep,
    "criteria": CaseCriterion,
    "index": CaseEntry,
    "mentions": CaseMention,
}
_OPTIONAL = ("with_survey",)


def read(document: dict[str, Any], lines: LineIndex) -> tuple[Case | None, list[Problem]]:
    """The case in `document`; None where its shape is wrong, and then why."""
    reader = _Reader(document, lines)
    return reader.read(), reader.problems


class _Reader:
    def __init__(self, document: dict[str, Any], lines: LineIndex) -> None:
        self.document = document
        self.lines = lines
        self.problems: list[Problem] = []

    def read(self) -> Case | None:
        top = self._values("", 0, self.document)
        report = self._values("report", 0, self._table("report"))
        sources = self._values("report.sources", 0, report.pop("sources", {}))
        rows = {
            table: [self._values(table, number, entry) for number, entry in enumerate(self._entries(table))]
            for table in ENTRIES
        }
        for number, values in enumerate(rows["issues"]):
            if "published" in values:
                place = ("issues", number, "published")
                values["published"] = self._values("issues.published", number, values["published"], within=place)
        if self.problems:
            return None
        for values in rows["issues"]:
            if "published" in values:
                values["published"] = Published(**values["published"])
        entries = {table: tuple(kind(**values) for values in rows[table]) for table, kind in ENTRIES.items()}
        return Case(
            **{key: top[key] for key in ("slug", "name", "company", "reporting_period")},
            **{key: top[key] for key in _OPTIONAL if key in top},
            report=Report(**report, sources=tuple(sources.items())),
            **entries,  # type: ignore[arg-type]
        )

    def _table(self, name: str) -> dict[str, Any]:
        value = self.document.get(name, {})
        return value if isinstance(value, dict) else {}

    def _entries(self, name: str) -> list[dict[str, Any]]:
        value = self.document.get(name, [])
        return value if isinstance(value, list) and all(isinstance(entry, dict) for entry in value) else []

    def _values(
        self, table: str, number: int, found: dict[str, Any], *, within: tuple[str, int, str] | None = None
    ) -> dict[str, Any]:
        """The values of one table that follow its rules; what does not is a problem."""
        rules = TABLES[table]
        values: dict[str, Any] = {}
        for key, value in found.items():
            line = self.lines.of(table, number, key) if within is None else self.lines.of(*within)
            rule = rules.get(key)
            if rule is None:
                self._unknown_key(line, table, key, rules)
            elif not rule.accepts(value):
                self.problems.append(
                    Problem(line, f"{key} of {entry_name(table, number)} is {quoted(value)}", rule.expected(value))
                )
            else:
                values[key] = rule.convert(value)
        missing = [key for key, rule in rules.items() if rule.required and key not in found]
        if missing:
            line = self.lines.of(table, number) if within is None else self.lines.of(*within)
            self.problems.extend(
                Problem(line, f"{entry_name(table, number)} has no {key}", rules[key].expected()) for key in missing
            )
        return values

    def _unknown_key(self, line: int, table: str, key: str, rules: dict[str, Rule]) -> None:
        self.problems.append(
            Problem(line, f"{entry_name(table)} has the unknown key {quoted(key)}", did_you_mean(key, rules))
        )
