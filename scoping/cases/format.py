"""The case file: a company's published materiality result as data, and the strict reading of it.

Strict, because a typo that is passed over becomes a fact that the report never stated. Every mistake is named
with its file and line, what was found there and what belongs there. Knows TOML and its own rules, no database.
"""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from scoping.cases.errors import CaseError, Problem, did_you_mean, quoted
from scoping.cases.rules import SIDES, TABLES, Rule
from scoping.cases.source import LineIndex


@dataclass(frozen=True)
class Report:
    """The document that the facts come from."""

    title: str
    publisher: str = ""
    chapter: str = ""
    standard: str = ""
    sources: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class CaseTier:
    name: str
    count: int | None = None
    source: str = ""


@dataclass(frozen=True)
class CaseGroup:
    code: str
    name: str
    side: str
    weight: Decimal = Decimal(1)
    source: str = ""
    reading: str = ""


@dataclass(frozen=True)
class Published:
    """The place that the report gave an issue. Some reports name the tier and no rank."""

    tier: str
    rank: int | None = None


@dataclass(frozen=True)
class CaseIssue:
    code: str
    name: str
    category: str = ""
    description: str = ""
    source: str = ""
    reading: str = ""
    published: Published | None = None


@dataclass(frozen=True)
class CaseConcern:
    """A row of the report's stakeholder table; `reading` says why the row was given to this group."""

    group: str
    topic: str
    issue: str = ""
    response: str = ""
    source: str = ""
    reading: str = ""


@dataclass(frozen=True)
class Case:
    slug: str
    name: str
    company: str
    reporting_period: str
    report: Report
    tiers: tuple[CaseTier, ...]
    groups: tuple[CaseGroup, ...]
    issues: tuple[CaseIssue, ...]
    concerns: tuple[CaseConcern, ...]

    @property
    def origin(self) -> str:
        """Where all of it comes from, in one line."""
        return ", ".join(part for part in (self.report.title, self.report.chapter) if part)


def parse_case(text: str, *, file: str) -> Case:
    """
    The case that `text` describes.

    Raises
    ------
    CaseError
        With every problem found, each with its line. Nothing is guessed and nothing is left out.
    """
    try:
        # Weights are money-like: 0.1 means a tenth, not the nearest binary fraction.
        document = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise CaseError(file, [Problem.from_toml(error, text)]) from error
    reader = _Reader(document, LineIndex(text.replace("\r\n", "\n")))
    case = reader.read()
    if case is None:
        raise CaseError(file, reader.problems)
    return case


class _Reader:
    """Reads the tables one by one, and collects problems instead of stopping at the first."""

    def __init__(self, document: dict[str, Any], lines: LineIndex) -> None:
        self.document = document
        self.lines = lines
        self.problems: list[Problem] = []

    def read(self) -> Case | None:
        top = self._values("", 0, self.document)
        report = self._values("report", 0, self._table("report"))
        sources = self._values("report.sources", 0, report.pop("sources", {}))
        entries = {
            table: [self._values(table, number, entry) for number, entry in enumerate(self._entries(table))]
            for table in ("tiers", "groups", "issues", "concerns")
        }
        published = [
            self._values("issues.published", number, values["published"], within=("issues", number, "published"))
            if "published" in values
            else None
            for number, values in enumerate(entries["issues"])
        ]
        if self.problems:
            return None
        for values, place in zip(entries["issues"], published, strict=True):
            values["published"] = Published(**place) if place else None
        case = Case(
            **{key: top[key] for key in ("slug", "name", "company", "reporting_period")},
            report=Report(**report, sources=tuple(sources.items())),
            tiers=tuple(CaseTier(**values) for values in entries["tiers"]),
            groups=tuple(CaseGroup(**values) for values in entries["groups"]),
            issues=tuple(CaseIssue(**values) for values in entries["issues"]),
            concerns=tuple(CaseConcern(**values) for values in entries["concerns"]),
        )
        self._check_whole(case)
        return None if self.problems else case

    # --- the shape: tables, keys, types ---------------------------------------------------------------------

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
                    Problem(line, f"{key} of {_entry_name(table, number)} is {quoted(value)}", rule.expected(value))
                )
            else:
                values[key] = rule.convert(value)
        missing = [key for key, rule in rules.items() if rule.required and key not in found]
        if missing:
            line = self.lines.of(table, number) if within is None else self.lines.of(*within)
            self.problems.extend(
                Problem(line, f"{_entry_name(table, number)} has no {key}", rules[key].expected()) for key in missing
            )
        return values

    def _unknown_key(self, line: int, table: str, key: str, rules: dict[str, Rule]) -> None:
        self.problems.append(
            Problem(line, f"{_entry_name(table)} has the unknown key {quoted(key)}", did_you_mean(key, rules))
        )

    # --- the sense: what only the whole file can say --------------------------------------------------------

    def _check_whole(self, case: Case) -> None:
        self._check_unique("tiers", "name", [tier.name for tier in case.tiers])
        for table, rows in (("groups", case.groups), ("issues", case.issues)):
            for key in ("code", "name"):
                self._check_unique(table, key, [getattr(row, key) for row in rows])
        self._check_unique("concerns", "topic", [(concern.group, concern.topic) for concern in case.concerns])
        self._check_sides(case)
        self._check_known("concerns", "group", [concern.group for concern in case.concerns], _codes(case.groups))
        self._check_known("concerns", "issue", [concern.issue for concern in case.concerns], _codes(case.issues))
        tier_names = [tier.name for tier in case.tiers]
        published = [issue.published.tier if issue.published else "" for issue in case.issues]
        self._check_known("issues", "published", published, tier_names)
        if not self.problems:
            self._check_tier_sizes(case)
            self._check_ranks(case)

    def _check_unique(self, table: str, key: str, values: Sequence[Any]) -> None:
        first_at: dict[Any, int] = {}
        for number, value in enumerate(values):
            if (first := first_at.setdefault(value, number)) != number:
                shown = quoted(value if isinstance(value, str) else value[-1])
                # A concern has no name of its own: it is its group and its topic.
                found = f"{key} {shown} is given a second time" + (f" for {value[0]}" if table == "concerns" else "")
                expected = f"each {key} once (the first is in line {self.lines.of(table, first, key)})"
                self.problems.append(Problem(self.lines.of(table, number, key), found, expected))

    def _check_known(self, table: str, key: str, names: Iterable[str], known: Sequence[str]) -> None:
        where = "tiers" if key == "published" else f"{key}s"
        for number, name in enumerate(names):
            if name and name not in known:
                line = self.lines.of(table, number, key)
                found = f"{_entry_name(table, number)} names {quoted(name)}, which is not among the {where}"
                self.problems.append(Problem(line, found, did_you_mean(name, known)))

    def _check_sides(self, case: Case) -> None:
        for side in SIDES:
            groups = [group for group in case.groups if group.side == side]
            if groups and not any(group.weight for group in groups):
                line = self.lines.of("groups", case.groups.index(groups[0]), "weight")
                found = f"all {len(groups)} {side} groups have the weight 0"
                self.problems.append(Problem(line, found, "a weight above 0 for at least one of them"))

    def _check_tier_sizes(self, case: Case) -> None:
        sized = [tier for tier in case.tiers if tier.count is not None]
        if not sized:
            return
        for number, tier in enumerate(case.tiers):
            members = sum(issue.published is not None and issue.published.tier == tier.name for issue in case.issues)
            if tier.count is None:
                found = f"tier {quoted(tier.name)} has no count, though others have one"
                self.problems.append(Problem(self.lines.of("tiers", number), found, "a count for every tier or none"))
            elif members > tier.count or (members < tier.count and all(issue.published for issue in case.issues)):
                found = f"tier {quoted(tier.name)} has count {tier.count}, but {members} issues are published in it"
                self.problems.append(Problem(self.lines.of("tiers", number, "count"), found, f"count = {members}"))
        total = sum(tier.count or 0 for tier in sized)
        if not self.problems and total != len(case.issues):
            found = f"the counts of the tiers add up to {total}"
            expected = f"{len(case.issues)}, the number of issues"
            self.problems.append(Problem(self.lines.of("tiers", 0, "count"), found, expected))

    def _check_ranks(self, case: Case) -> None:
        order = {tier.name: number for number, tier in enumerate(case.tiers)}
        ranked = sorted(
            (issue.published.rank, number, order[issue.published.tier])
            for number, issue in enumerate(case.issues)
            if issue.published and issue.published.rank is not None
        )
        holder: dict[int, int] = {}
        deepest = 0
        for rank, number, tier in ranked:
            line = self.lines.of("issues", number, "published")
            name = quoted(case.issues[number].name)
            if rank > len(case.issues):
                found, expected = (
                    f"{name} has rank {rank}",
                    f"a rank from 1 to {len(case.issues)}, the number of issues",
                )
                self.problems.append(Problem(line, found, expected))
            elif rank in holder:
                found = f"{name} has rank {rank}, as {quoted(case.issues[holder[rank]].name)} has"
                self.problems.append(Problem(line, found, "every rank once"))
            elif tier < deepest:
                found = f"{name} has rank {rank} in tier {quoted(case.tiers[tier].name)}, below issues of a lower tier"
                self.problems.append(Problem(line, found, "ranks that follow the order of the tiers"))
            holder.setdefault(rank, number)
            deepest = max(deepest, tier)


def _codes(rows: Iterable[CaseGroup | CaseIssue]) -> list[str]:
    return [row.code for row in rows]


def _entry_name(table: str, number: int | None = None) -> str:
    """How a message calls a table: "the file", "[report]", "the third of [[issues]]" as "[[issues]] no. 3"."""
    if not table:
        return "the file"
    if table.startswith("report"):
        return f"[{table}]"
    name = "published of an issue" if table == "issues.published" else f"[[{table}]]"
    return name if number is None or table == "issues.published" else f"{name} no. {number + 1}"
