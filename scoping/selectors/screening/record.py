"""One decision as its page shows it: what was decided about each issue, and what has changed since the one before."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from scoping.models import ShortListDecision, ShortListRule
from scoping.screening import in_decimals


@dataclass(frozen=True, slots=True)
class RecordedMark:
    criterion: str
    member: str
    value: int
    reason: str


@dataclass(frozen=True, slots=True)
class RecordedIssue:
    """An issue as it was when the decision was taken."""

    issue: int
    name: str
    total: str
    proposed: bool | None
    listed: bool
    reason: str
    marks: list[RecordedMark]

    @property
    def overruled(self) -> bool:
        return self.proposed is not None and self.proposed != self.listed


@dataclass(frozen=True)
class Difference:
    """What a decision changed against the one before: names of issues, and whether rule or criteria are others."""

    came_in: list[str]
    went_out: list[str]
    new: list[str]
    gone: list[str]
    other_rule: bool

    def __bool__(self) -> bool:
        return any((self.came_in, self.went_out, self.new, self.gone, self.other_rule))


@dataclass(frozen=True)
class Record:
    by_must_haves: bool
    threshold: str
    criteria: list[dict[str, Any]]
    markers: list[dict[str, Any]]
    kept: list[RecordedIssue]
    left_out: list[RecordedIssue]

    @property
    def overruled(self) -> list[RecordedIssue]:
        return [issue for issue in (*self.kept, *self.left_out) if issue.overruled]

    @property
    def unmarked(self) -> list[RecordedIssue]:
        return [issue for issue in (*self.kept, *self.left_out) if issue.proposed is None]


def record_of(decision: ShortListDecision) -> Record:
    rule = decision.rule
    by_must_haves = rule["rule"] == ShortListRule.MUST_HAVE
    threshold = None if by_must_haves else Fraction(rule["threshold"])
    names = [criterion["name"] for criterion in rule["criteria"]]
    issues = [_issue(entry, threshold, names) for entry in decision.entries]
    return Record(
        by_must_haves=by_must_haves,
        threshold=rule["threshold"],
        criteria=rule["criteria"],
        markers=rule["markers"],
        kept=[issue for issue in issues if issue.listed],
        left_out=[issue for issue in issues if not issue.listed],
    )


def difference_of(decision: ShortListDecision, before: ShortListDecision) -> Difference:
    """Issues are the same by what they are, not by name: a renamed one has not come or gone."""
    now = {entry["issue"]: entry for entry in decision.entries}
    then = {entry["issue"]: entry for entry in before.entries}
    both = [(entry, then[issue]) for issue, entry in now.items() if issue in then]
    rules = [{key: value for key, value in one.rule.items() if key != "markers"} for one in (decision, before)]
    return Difference(
        came_in=[entry["name"] for entry, earlier in both if entry["listed"] and not earlier["listed"]],
        went_out=[entry["name"] for entry, earlier in both if not entry["listed"] and earlier["listed"]],
        new=[entry["name"] for issue, entry in now.items() if issue not in then],
        gone=[entry["name"] for issue, entry in then.items() if issue not in now],
        other_rule=rules[0] != rules[1],
    )


def _issue(entry: dict[str, Any], threshold: Fraction | None, criteria: list[str]) -> RecordedIssue:
    total = entry["total"]
    return RecordedIssue(
        issue=entry["issue"],
        name=entry["name"],
        total="" if total is None else in_decimals(Fraction(total), threshold),
        proposed=entry["proposed"],
        listed=entry["listed"],
        reason=entry["reason"],
        marks=[
            RecordedMark(criteria[mark["criterion"]], mark["by"], mark["value"], mark["reason"])
            for mark in entry["marks"]
        ],
    )
