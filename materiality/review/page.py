"""What the pages of the review show: every issue with its computed and its decided tier, and what was said of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from materiality.findings import SETTLED, Part, in_words, percent
from materiality.models import AnalysisRun, CurrentRun, Override, Proposal, ReviewComment
from materiality.presentation import BarPart, bar_of, tier_numbers
from materiality.review.decided import computed_tier, decide, moved_by_decision
from materiality.review.selectors import comments_of, given_tiers, history_of, live_proposal, overrides_of
from materiality.services.grounds import list_document
from scoping.models import Assessment, Issue
from scoping.wording import spelled


@dataclass(frozen=True)
class TierMark:
    """A tier as it is shown: its name and its number, 1 for the highest."""

    name: str
    number: int


@dataclass(frozen=True)
class ReviewRow:
    """One issue of the result.

    Attributes
    ----------
    computed : None without a tier.
    certainty : the probability of the computed tier as text; empty where it is not known.
    is_settled : whether that is high enough to rely on.
    override : the decision in force; `decided` is its tier. It may say what is computed by now.
    computed_then : the tier that was computed when it was decided, where it is another one by now.
    """

    issue: Mapping[str, Any]
    computed: TierMark | None
    certainty: str
    is_settled: bool
    bar: Sequence[BarPart]
    bar_text: str
    override: Override | None
    decided: TierMark | None
    computed_then: str
    comments: int
    open_points: int

    @property
    def stands_in(self) -> TierMark | None:
        return self.decided or self.computed

    @property
    def differs(self) -> bool:
        return self.decided is not None and self.decided != self.computed

    def chances(self, tiers: Sequence[TierMark]) -> list[tuple[TierMark, str]]:
        """How probable each tier is, as text; none where nothing is known of it."""
        known = self.issue.get("tier_probability") or {}
        return [(tier, percent(known.get(tier.name, 0.0))) for tier in tiers] if known else []


@dataclass(frozen=True)
class Review:
    """The current result under review; without a survey, the list of issues.

    Attributes
    ----------
    run : None where the list is the result.
    proposal : the one that is open or confirmed, so that no tier can be given.
    """

    run: AnalysisRun | None
    results: Mapping[str, Any]
    rows: tuple[ReviewRow, ...]
    comments: Sequence[ReviewComment]
    proposal: Proposal | None

    @property
    def tiers(self) -> list[TierMark]:
        return [TierMark(name, number) for name, number in _numbers(self.results).items()]

    @property
    def has_tiers(self) -> bool:
        return any(row.computed for row in self.rows)

    @property
    def on_the_whole(self) -> list[ReviewComment]:
        return [one for one in self.comments if one.issue_id is None]

    @property
    def open_points(self) -> list[ReviewComment]:
        return [one for one in self.comments if is_open(one)]

    @property
    def headline(self) -> list[Part]:
        """How many issues stand in another tier than computed, and how many points are open."""
        moved = len(moved_by_decision(dict(self.results))) if self.run else 0
        points = len(self.open_points)
        if self.run is None:
            tiers = _("The list is the result")
        elif moved:
            tiers = ngettext(
                "%(number)s issue stands in another tier than computed",
                "%(number)s issues stand in another tier than computed",
                moved,
            ) % {"number": in_words(moved)}
        else:
            tiers = _("Every issue stands in the tier that was computed")
        still = ngettext("%(number)s point is open", "%(number)s points are open", max(points, 1))
        told = {"tiers": tiers, "points": still % {"number": spelled(points)}}
        return [Part(_("%(tiers)s; %(points)s.") % told)]

    def row(self, code: str) -> ReviewRow | None:
        return next((row for row in self.rows if row.issue["code"] == code), None)

    def beside(self, code: str) -> tuple[ReviewRow | None, ReviewRow | None]:
        """The issues before and after it, in the order of the page."""
        codes = [row.issue["code"] for row in self.rows]
        place = codes.index(code)
        return (
            self.rows[place - 1] if place else None,
            self.rows[place + 1] if place + 1 < len(codes) else None,
        )


@dataclass(frozen=True)
class IssueReview:
    """One issue of the review: its row, every decision ever made about it, and what was said."""

    row: ReviewRow
    issue: Issue
    history: Sequence[Override]
    comments: Sequence[ReviewComment]
    before: ReviewRow | None
    after: ReviewRow | None


def is_open(comment: ReviewComment) -> bool:
    return comment.is_open_point and comment.resolved_at is None


def review_of(assessment: Assessment) -> Review | None:
    """The result under review; None where there is none yet."""
    current = CurrentRun.objects.select_related("run").filter(assessment=assessment).first()
    run = current.run if current and assessment.with_survey else None
    overrides = overrides_of(assessment)
    if run is not None:
        results = decide(run.results, given_tiers(overrides))
    elif assessment.with_survey:
        return None
    else:
        try:
            results = list_document(assessment)
        except ValidationError:
            return None
    comments = comments_of(assessment)
    return Review(run, results, _rows(results, overrides, comments), comments, live_proposal(assessment))


def issue_review(review: Review, assessment: Assessment, code: str) -> IssueReview | None:
    """The issue with that code; None where the result does not have it."""
    row = review.row(code)
    issue = Issue.objects.filter(assessment=assessment, code=code).first()
    if row is None or issue is None:
        return None
    before, after = review.beside(code)
    said = [one for one in review.comments if one.issue_id == issue.pk]
    return IssueReview(row, issue, history_of(issue), said, before, after)


def _numbers(results: Mapping[str, Any]) -> dict[str, int]:
    """1 for the highest tier. A list has none: its published tiers are words alone."""
    return tier_numbers(dict(results)) if "tiers" in results else {}


def _rows(
    results: Mapping[str, Any], overrides: Sequence[Override], comments: Sequence[ReviewComment]
) -> tuple[ReviewRow, ...]:
    numbers = _numbers(results)
    given = {one.issue.code: one for one in overrides}
    said = Counter(one.issue.code for one in comments if one.issue)
    points = Counter(one.issue.code for one in comments if one.issue and is_open(one))
    return tuple(
        _row(issue, numbers, given.get(issue["code"]), said[issue["code"]], points[issue["code"]])
        for issue in results["issues"]
    )


def _row(
    issue: Mapping[str, Any], numbers: Mapping[str, int], override: Override | None, comments: int, points: int
) -> ReviewRow:
    computed = computed_tier(issue)
    chances = issue.get("tier_probability") or {}
    chance = chances.get(computed) if computed else None
    bar, text = bar_of(chances, numbers)
    return ReviewRow(
        issue=issue,
        computed=_mark(computed, numbers),
        certainty="" if chance is None else percent(chance),
        is_settled=chance is not None and chance >= SETTLED,
        bar=bar,
        bar_text=text,
        # One about a tier that the result does not have any more, or an issue without a rank, has no effect.
        override=override,
        decided=_mark(issue["tier"], numbers) if override and "decision" in issue else None,
        computed_then=override.computed_tier if override and override.computed_tier != (computed or "") else "",
        comments=comments,
        open_points=points,
    )


def _mark(tier: str | None, numbers: Mapping[str, int]) -> TierMark | None:
    return None if tier is None else TierMark(tier, numbers.get(tier, 0))
