"""What a figure shows: points with scores, ranks and tiers, read from the results of an analysis run.

It knows no pixels and no colours: layout and painters add them.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from figures.lettering import sealed
from figures.wording import ENGLISH, Wording

Span = tuple[float, float]
PriorityRule = Literal["mean", "distance", "max", "min"]
# One boundary between two neighbouring tiers: a value of priority, a pair (company, stakeholders) when each axis has
# its own cut-off, or None where the tiers cannot be told apart by a line.
Boundary = float | Span | None

PRIORITIES: dict[str, PriorityRule] = {"mean": "mean", "distance": "distance", "max": "max", "min": "min"}
# Characters that would turn the text around them: a name must not be able to reverse its neighbour.
TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c")
# Of the issues that stand in another tier by decision, so many are named below a figure.
MOST_DECIDED = 3
LONGEST_NAME = 80
JOINERS = frozenset("\u200c\u200d")


@dataclass(frozen=True, slots=True)
class Point:
    """One issue. `x` is its importance to the company, `y` to stakeholders.

    `tier` counts from 0, the highest; None when the tier rule could not divide the issues. `was` are both scores in
    the result that this one is held against, if there is one. `computed` is the name of the tier that was computed,
    where people gave another one.
    """

    rank: int
    code: str
    name: str
    x: float | None
    y: float | None
    x_interval: Span | None
    y_interval: Span | None
    tier: int | None
    was: Span | None = None
    computed: str | None = None


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier's name and how many issues are in it."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class MatrixFigure:
    """Everything that a matrix says.

    Parameters
    ----------
    title, subject
        The headline, and whose assessment it is.
    points
        Issues by rank, best first. Either both scores are known for all, or the same one is missing for all.
    tiers
        Highest first.
    priority, boundaries
        How priority follows from the axes, and its value between each tier and the next (one fewer than tiers).
    scale
        Lowest and highest rating that could be given.
    source
        Sentences on tier rule, intervals and respondents. The layout puts the scale and where axes start before it.
    left_out
        Names of issues without a score, which the figure cannot show.
    """

    title: str
    subject: str
    points: tuple[Point, ...]
    tiers: tuple[Tier, ...]
    priority: PriorityRule
    boundaries: tuple[Boundary, ...]
    scale: Span
    source: str
    interval: float
    simulated: bool
    left_out: tuple[str, ...] = ()
    wording: Wording = ENGLISH

    def __post_init__(self) -> None:
        if not self.points:
            raise ValueError("No issue has a score yet, so there is no matrix to draw: collect answers and analyse.")
        if self.scale[0] >= self.scale[1]:
            raise ValueError(f"The scale must run from a lower to a higher rating, not from {self.scale}.")
        for point in self.points:
            if point.tier is not None and not 0 <= point.tier < len(self.tiers):
                raise ValueError(
                    f"Issue {point.code!r} is in tier {point.tier}, but there are {len(self.tiers)} tiers."
                )

    @property
    def missing_axis(self) -> Literal["company", "stakeholders"] | None:
        """The axis for which nobody answered, if there is one."""
        if all(point.x is None for point in self.points):
            return "company"
        if all(point.y is None for point in self.points):
            return "stakeholders"
        return None

    @property
    def has_tiers(self) -> bool:
        """Whether any issue is in a tier: where the rule could not divide them, none is."""
        return any(point.tier is not None for point in self.points)

    @property
    def has_untiered(self) -> bool:
        """Whether any issue is in none."""
        return any(point.tier is None for point in self.points)

    @classmethod
    def from_results(
        cls, results: Mapping[str, Any], wording: Wording = ENGLISH, *, before: Mapping[str, Any] | None = None
    ) -> "MatrixFigure":
        """The figure of one analysis run.

        Parameters
        ----------
        results
            The results of a run, as the run keeps them and as `analyse --json` prints them.
        wording
            The words around the names, in the reader's language.
        before
            Results to hold these against: where issues stood there is drawn as well.

        Raises
        ------
        ValueError
            If no issue has a score on either axis.
        """
        tiers = tuple(Tier(clean(tier["name"]), int(tier["count"])) for tier in results["tiers"])
        numbers = {tier["name"]: number for number, tier in enumerate(results["tiers"])}
        points, left_out = _points(results["issues"], numbers, wording)
        method = results.get("method") or {}
        low, high = results["scale"]
        figure = cls(
            title="",
            subject=subject_of(results),
            points=points,
            tiers=tiers,
            priority=PRIORITIES.get(method.get("priority", "mean"), "mean"),
            boundaries=_boundaries(results.get("boundaries") or {}, len(tiers)),
            scale=(float(low), float(high)),
            source=_source(results, wording),
            interval=float(method.get("interval", 0.9)),
            simulated=bool(results.get("simulated")),
            left_out=left_out,
            wording=wording,
        )
        if before is not None:
            figure = replace(figure, points=_with_earlier(points, before))
        return replace(figure, title=_title(figure))


def clean(text: str) -> str:
    """`text` as one line that can be drawn: white space joined, control and direction characters removed."""
    kept = []
    for char in unicodedata.normalize("NFC", text):
        if char.isspace():
            kept.append(" ")
        elif char in JOINERS or (char not in TURNING and unicodedata.category(char) not in ("Cc", "Cs", "Co", "Cn")):
            kept.append(char)
    return " ".join("".join(kept).split())


def _points(
    issues: Sequence[Mapping[str, Any]], numbers: Mapping[str, int], words: Wording
) -> tuple[tuple[Point, ...], tuple[str, ...]]:
    ranked = [issue for issue in issues if issue.get("rank") is not None]
    # An axis that nobody answered is missing for every issue; an issue that misses one axis alone cannot be placed.
    axes = [axis for axis in ("company", "stakeholders") if any(issue.get(axis) is not None for issue in ranked)]
    if not axes:
        return (), ()
    placed = [issue for issue in ranked if all(issue.get(axis) is not None for axis in axes)]
    codes = {issue["code"] for issue in placed}
    left_out = tuple(clean(issue["name"]) for issue in issues if issue["code"] not in codes)
    points = (
        Point(
            rank=int(issue["rank"]),
            code=str(issue["code"]),
            name=clean(issue["name"]) or str(issue["code"]),
            x=issue.get("company"),
            y=issue.get("stakeholders"),
            x_interval=span_of(issue.get("company_interval")),
            y_interval=span_of(issue.get("stakeholders_interval")),
            tier=numbers.get(issue.get("tier") or ""),
            computed=_computed(issue, words),
        )
        for issue in placed
    )
    return tuple(sorted(points, key=lambda point: (point.rank, point.code))), left_out


def _computed(issue: Mapping[str, Any], words: Wording) -> str | None:
    decision = issue.get("decision")
    if decision is None or decision["computed_tier"] == issue.get("tier"):
        return None
    return clean(decision["computed_tier"] or words.no_tier)


def _with_earlier(points: Sequence[Point], before: Mapping[str, Any]) -> tuple[Point, ...]:
    """The points with both scores that their issues had before."""
    known = {
        str(issue["code"]): (float(issue["company"]), float(issue["stakeholders"]))
        for issue in before["issues"]
        if issue.get("company") is not None and issue.get("stakeholders") is not None
    }
    return tuple(replace(point, was=known.get(point.code)) for point in points)


def span_of(interval: Sequence[float | None] | None) -> Span | None:
    """An interval of a result; None where an end is not known."""
    if not interval or interval[0] is None or interval[1] is None:
        return None
    return float(interval[0]), float(interval[1])


def _boundaries(boundaries: Mapping[str, Any], tiers: int) -> tuple[Boundary, ...]:
    values = boundaries.get("values") or []
    if len(values) != tiers - 1:
        return (None,) * (tiers - 1)
    on_axes = _is_rule(boundaries, "axiscutoffs")
    return tuple(
        None if value is None else (float(value), float(value)) if on_axes else float(value) for value in values
    )


def _is_rule(boundaries: Mapping[str, Any], name: str) -> bool:
    return "".join(filter(str.isalpha, str(boundaries.get("rule", "")).lower())) == name


def subject_of(results: Mapping[str, Any]) -> str:
    """Whose assessment it is, and of which period."""
    parts = [clean(str(results.get(key) or "")) for key in ("company_name", "title", "reporting_period")]
    kept: list[str] = []
    for part in parts:
        # What another part says already ("Example Ltd." and "Example Ltd., 2022") is not said twice.
        if part and not any(part in other for other in parts if other != part) and part not in kept:
            kept.append(part)
    return ", ".join(kept)


def _title(figure: MatrixFigure) -> str:
    words, count = figure.wording, len(figure.points)
    if figure.missing_axis:
        axis = words.strip_stakeholders if figure.missing_axis == "company" else words.strip_company
        return (words.strip_title_one if count == 1 else words.strip_title).format(count=count, axis=axis)
    return (words.title_one if count == 1 else words.title).format(count=count)


def _source(results: Mapping[str, Any], words: Wording) -> str:
    method = results.get("method") or {}
    sentences = [_rule(results, words)]
    if method.get("draws") and any(issue.get("company_interval") for issue in results["issues"]):
        sentences.append(words.intervals)
    sentences += [by_decision(results, words), who_answered(results, words)]
    return words.between_sentences.join(filter(None, sentences))


def by_decision(results: Mapping[str, Any], words: Wording, *, named: bool = True) -> str:
    """How many issues stand in another tier than computed, in a sentence, and which, by rank, with both tiers; empty
    without any. Not `named` where the figure has the computed tier beside each name.

    Bands are drawn as computed; a mark has the tier that people gave its issue.
    """
    moved = [
        issue
        for issue in results["issues"]
        if "decision" in issue and issue["decision"]["computed_tier"] != issue["tier"]
    ]
    if not moved:
        return ""
    count = words.decided_one if len(moved) == 1 else words.decided.format(count=grouped(len(moved), words))
    if not named:
        return count
    told = [
        words.decided_name.format(
            name=sealed(brief(clean(issue["name"]) or str(issue["code"]))),
            tier=sealed(clean(issue["tier"] or words.no_tier)),
            computed=sealed(clean(issue["decision"]["computed_tier"] or words.no_tier)),
        )
        for issue in moved[:MOST_DECIDED]
    ]
    if len(moved) > MOST_DECIDED:
        told.append(words.decided_more.format(count=grouped(len(moved) - MOST_DECIDED, words)))
    return words.between_sentences.join([count, words.semicolon.join(told) + words.full_stop])


def who_answered(results: Mapping[str, Any], words: Wording) -> str:
    """How many people the result stands on, and whether they are simulated, in a sentence; empty without any."""
    respondents, simulated = int(results.get("respondents") or 0), int(results.get("simulated") or 0)
    if not respondents:
        return ""
    people = words.respondents_one if respondents == 1 else words.respondents
    template = words.source if not simulated else words.source_partly
    if simulated >= respondents:
        template = words.source_simulated
    people = people.format(count=grouped(respondents, words))
    return template.format(respondents=people, simulated=grouped(simulated, words))


def _rule(results: Mapping[str, Any], words: Wording) -> str:
    """How the bands were drawn, in a sentence; empty when the results do not say."""
    boundaries = results.get("boundaries") or {}
    values = " / ".join(number(value, words) for value in boundaries.get("values") or [] if value is not None)
    if not values:
        return ""
    by = priority_of(results, words)
    if _is_rule(boundaries, "counts"):
        held = " / ".join(str(tier.get("computed_count", tier["count"])) for tier in results["tiers"])
        rule = (results.get("method") or {}).get("rule") or {}
        planned = " / ".join(map(str, rule.get("counts") or [])) or held
        template = words.counts if planned == held else words.counts_with_ties
        return template.format(values=planned, held=held, priority=by)
    if _is_rule(boundaries, "cutoffs"):
        return words.cut_offs.format(values=values, priority=by)
    if _is_rule(boundaries, "axiscutoffs"):
        return words.axis_cut_offs.format(values=values)
    if _is_rule(boundaries, "naturalbreaks"):
        return words.natural_breaks.format(priority=by)
    if _is_rule(boundaries, "quantiles"):
        return words.quantiles.format(priority=by)
    return ""


def priority_of(results: Mapping[str, Any], words: Wording) -> str:
    """What priority is made of, as a part of a sentence."""
    joined = {"distance": words.distance, "max": words.maximum, "min": words.minimum}
    by = joined.get((results.get("method") or {}).get("priority", "mean"), words.mean)
    # Where one side gave no answers, priority is the other axis alone.
    for axis, alone in (("company", words.strip_stakeholders), ("stakeholders", words.strip_company)):
        if all(issue.get(axis) is None for issue in results["issues"]):
            by = alone
    return by


def number(value: float, words: Wording = ENGLISH, decimals: int | None = None) -> str:
    """A score as text: as many decimals as asked, or as many as it needs (two at most)."""
    text = f"{value:.2f}".rstrip("0").rstrip(".") if decimals is None else f"{value:.{decimals}f}"
    return text.replace(".", words.decimal)


def grouped(count: int, words: Wording = ENGLISH) -> str:
    """A count with its thousands set apart."""
    return f"{int(count):,}".replace(",", words.thousands)


def percent(share: float, words: Wording = ENGLISH) -> str:
    """A share from 0 to 1 as per cent without decimals; next to nothing and nearly all are not called none and all."""
    if 0 < share < 0.01:
        return words.percent_under.format(number=1)
    return words.percent.format(number=min(round(share * 100), 99) if share < 1 else 100)


def some(one: str, many: str, count: int, words: Wording = ENGLISH) -> str:
    """A number of things in the words for one or for many of them."""
    return one if count == 1 else many.format(count=grouped(count, words))


def listed(names: Sequence[str], words: Wording = ENGLISH, most: int = 3) -> str:
    """The first names, and how many more there are."""
    shown = [sealed(name) for name in names[:most]]
    if len(names) > most:
        shown.append(words.and_more.format(count=len(names) - most))
    return words.comma.join(shown)


def brief(name: str) -> str:
    """`name` as it stands in a sentence, which a longer one would hide."""
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"


def capital(text: str) -> str:
    """`text` as a sentence begins."""
    return text[:1].upper() + text[1:]
