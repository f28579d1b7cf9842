"""The sense of a case file, which only the whole file can tell: names given once, codes that lead somewhere, tiers
that add up, ranks that follow them."""

from collections.abc import Iterable, Sequence

from scoping.cases.entries import Case
from scoping.cases.errors import Problem, did_you_mean, entry_name, quoted
from scoping.cases.rules import SIDES
from scoping.cases.source import LineIndex


def problems_of(case: Case, lines: LineIndex) -> list[Problem]:
    """What is wrong with `case` as a whole; nothing if it can be loaded."""
    checks = _Checks(case, lines)
    checks.names()
    checks.links()
    checks.sides()
    if not checks.problems:
        checks.tier_sizes()
        checks.ranks()
    return checks.problems


class _Checks:
    def __init__(self, case: Case, lines: LineIndex) -> None:
        self.case = case
        self.lines = lines
        self.problems: list[Problem] = []

    def _add(self, table: str, number: int, key: str, found: str, expected: str) -> None:
        self.problems.append(Problem(self.lines.of(table, number, key), found, expected))

    # --- names and links ------------------------------------------------------------------------------------

    def names(self) -> None:
        """What identifies an entry is given once; `of` says of what, where the entry has no name of its own."""
        case = self.case
        for table, rows in (("groups", case.groups), ("issues", case.issues)):
            for key in ("code", "name"):
                self._once(table, key, [(getattr(row, key),) for row in rows])
        for table, named in (("tiers", case.tiers), ("pillars", case.pillars), ("criteria", case.criteria)):
            self._once(table, "name", [(row.name,) for row in named])
        self._once("concerns", "topic", [(row.topic, row.group) for row in case.concerns])
        self._once("channels", "name", [(row.name, row.group) for row in case.channels])
        self._once("index", "code", [(row.code, row.framework) for row in case.index])
        self._once("process", "source", [(row.source, row.stage) for row in case.process])
        self._once("mentions", "source", [(row.source, row.issue, row.kind) for row in case.mentions])
        for number, issue in enumerate(case.issues):
            self._each_once("issues", number, "chapters", issue.chapters)
        for number, pillar in enumerate(case.pillars):
            self._each_once("pillars", number, "topics", pillar.topics)
            self._each_once("pillars", number, "issues", pillar.issues)

    def links(self) -> None:
        """Codes that name another entry of the file name one that is there."""
        case = self.case
        groups, issues = [group.code for group in case.groups], [issue.code for issue in case.issues]
        self._known("concerns", "group", [row.group for row in case.concerns], groups, "groups")
        self._known("channels", "group", [row.group for row in case.channels], groups, "groups")
        for table, rows in (("concerns", case.concerns), ("index", case.index), ("mentions", case.mentions)):
            self._known(table, "issue", [row.issue for row in rows], issues, "issues")
        for number, pillar in enumerate(case.pillars):
            for code in pillar.issues:
                self._known_one("pillars", number, "issues", code, issues, "issues")
        published = [issue.published.tier if issue.published else "" for issue in case.issues]
        self._known("issues", "published", published, [tier.name for tier in case.tiers], "tiers")

    def _once(self, table: str, key: str, values: Sequence[tuple[str, ...]]) -> None:
        """Each of `values`, (value, and of what), stands once."""
        first_at: dict[tuple[str, ...], int] = {}
        for number, value in enumerate(values):
            if (first := first_at.setdefault(value, number)) != number:
                of = f" for {', '.join(value[1:])}" if value[1:] else ""
                self._add(
                    table,
                    number,
                    key,
                    f"{key} {quoted(value[0])} is given a second time{of}",
                    f"each {key} once (the first is in line {self.lines.of(table, first, key)})",
                )

    def _each_once(self, table: str, number: int, key: str, texts: Sequence[str]) -> None:
        for place, text in enumerate(texts):
            if text in texts[:place]:
                found = f"{key} of {entry_name(table, number)} has {quoted(text)} twice"
                self._add(table, number, key, found, "each once")

    def _known(self, table: str, key: str, names: Iterable[str], known: Sequence[str], where: str) -> None:
        for number, name in enumerate(names):
            if name:
                self._known_one(table, number, key, name, known, where)

    def _known_one(self, table: str, number: int, key: str, name: str, known: Sequence[str], where: str) -> None:
        if name not in known:
            found = f"{entry_name(table, number)} names {quoted(name)}, which is not among the {where}"
            self._add(table, number, key, found, did_you_mean(name, known))

    # --- numbers --------------------------------------------------------------------------------------------

    def sides(self) -> None:
        for side in SIDES:
            groups = [group for group in self.case.groups if group.side == side]
            if groups and not any(group.weight for group in groups):
                found = f"all {len(groups)} {side} groups have the weight 0"
                expected = "a weight above 0 for at least one of them"
                self._add("groups", self.case.groups.index(groups[0]), "weight", found, expected)

    def tier_sizes(self) -> None:
        case = self.case
        sized = [tier for tier in case.tiers if tier.count is not None]
        if not sized:
            return
        for number, tier in enumerate(case.tiers):
            members = sum(issue.published is not None and issue.published.tier == tier.name for issue in case.issues)
            if tier.count is None:
                found = f"tier {quoted(tier.name)} has no count, though others have one"
                self._add("tiers", number, "", found, "a count for every tier or none")
            elif members > tier.count or (members < tier.count and all(issue.published for issue in case.issues)):
                found = f"tier {quoted(tier.name)} has count {tier.count}, but {members} issues are published in it"
                self._add("tiers", number, "count", found, f"count = {members}")
        total = sum(tier.count or 0 for tier in sized)
        if not self.problems and total != len(case.issues):
            found = f"the counts of the tiers add up to {total}"
            self._add("tiers", 0, "count", found, f"{len(case.issues)}, the number of issues")

    def ranks(self) -> None:
        issues = self.case.issues
        order = {tier.name: number for number, tier in enumerate(self.case.tiers)}
        ranked = sorted(
            (issue.published.rank, number, order[issue.published.tier])
            for number, issue in enumerate(issues)
            if issue.published and issue.published.rank is not None
        )
        holder: dict[int, int] = {}
        deepest = 0
        for rank, number, tier in ranked:
            name = quoted(issues[number].name)
            if rank > len(issues):
                expected = f"a rank from 1 to {len(issues)}, the number of issues"
                self._add("issues", number, "published", f"{name} has rank {rank}", expected)
            elif rank in holder:
                found = f"{name} has rank {rank}, as {quoted(issues[holder[rank]].name)} has"
                self._add("issues", number, "published", found, "every rank once")
            elif tier < deepest:
                found = (
                    f"{name} has rank {rank} in tier {quoted(self.case.tiers[tier].name)}, below issues of a lower tier"
                )
                self._add("issues", number, "published", found, "ranks that follow the order of the tiers")
            holder.setdefault(rank, number)
            deepest = max(deepest, tier)
