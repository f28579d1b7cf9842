"""What other companies published, held beside one's own list of issues: which of ours they hold high, which we lack.

Pure: lists in, comparison out. Whether two issues are the same is decided by hand where somebody has done so, and else
by their names. Knows no database.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from scoping.similarity import ALIKE, best_matches, likeness
from scoping.wording import capital, enumerated, spelled

# There are marks for five levels; what lies below looks like the fifth.
MARKS = 5
# Standings of our issues, as the database calls them (a test compares).
LISTED, LEFT_OUT = "listed", "left-out"
# A finding names so many issues; the table has them all.
MOST_NAMED = 6


@dataclass(frozen=True)
class PeerListIssue:
    """An issue as a peer published it. `level` counts the peer's `levels` tiers from 1, the highest."""

    name: str
    category: str = ""
    tier: str = ""
    level: int | None = None
    levels: int = 0
    rank: int | None = None
    # What the report leaves open about it, and how it was read.
    reading: str = ""

    @property
    def is_high(self) -> bool:
        return self.level == 1

    @property
    def mark(self) -> int | None:
        return min(self.level, MARKS) if self.level else None

    @property
    def is_read(self) -> bool:
        """That the peer sorts its issues into tiers, but that this one is among them is a reading of the report."""
        return bool(self.levels and not self.tier and self.reading)

    @property
    def standing(self) -> str:
        """Rank and tier in words: "rank 7, Highly important"; "listed" where the peer says neither."""
        said = [f"rank {self.rank}"] if self.rank else []
        return ", ".join([*said, self.tier] if self.tier else said) or (
            "listed (a reading)" if self.is_read else "listed"
        )

    @property
    def shown_standing(self) -> str:
        """As `standing`, which the record has, in the language of the page."""
        said = [gettext("rank %(rank)s") % {"rank": self.rank}] if self.rank else []
        return gettext(", ").join([*said, self.tier] if self.tier else said) or (
            gettext("listed (a reading)") if self.is_read else gettext("listed")
        )


@dataclass(frozen=True)
class PeerTier:
    level: int
    name: str
    count: int

    @property
    def mark(self) -> int:
        return min(self.level, MARKS)


@dataclass(frozen=True)
class PeerList:
    """One company's published list; `key` is the name of its case where it is built in, else the peer's id."""

    key: str
    company: str
    period: str
    source: str
    issues: tuple[PeerListIssue, ...]
    built_in: bool
    # The tiers that it published, highest first: more than its issues are in where a report tells only their sizes.
    tiers: tuple[PeerTier, ...] = ()
    link: str = ""

    @property
    def name(self) -> str:
        """Company and period, without what the period adds in brackets."""
        return f"{self.company} {self.period.partition(' (')[0]}"

    @property
    def is_ranked(self) -> bool:
        return any(issue.rank for issue in self.issues)

    def issue_named(self, name: str) -> PeerListIssue | None:
        return next((issue for issue in self.issues if issue.name == name), None)


def tiers_of(issues: Sequence[PeerListIssue]) -> tuple[PeerTier, ...]:
    """The tiers that the issues are in, highest first."""
    names = {issue.level: issue.tier for issue in issues if issue.level}
    counts = Counter(issue.level for issue in issues)
    return tuple(PeerTier(level, names[level], counts[level]) for level in sorted(names))


@dataclass(frozen=True)
class OwnIssue:
    """An issue of ours; `also` are the names of issues that were merged into it."""

    code: str
    name: str
    standing: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Holding:
    """That a peer has an issue. `by_hand` when somebody has said which of ours it is."""

    peer: PeerList
    issue: PeerListIssue
    by_hand: bool = False

    @property
    def key(self) -> str:
        """Names peer and issue in a form or an address."""
        return f"{self.peer.key}:{self.issue.name}"


@dataclass(frozen=True)
class Row:
    """One of our issues, with what each of the peers has for it."""

    issue: OwnIssue
    cells: tuple[tuple[Holding, ...], ...]

    @property
    def held(self) -> int:
        """How many peers have it."""
        return sum(bool(cell) for cell in self.cells)

    @property
    def high(self) -> int:
        """How many peers hold it high."""
        return sum(any(holding.issue.is_high for holding in cell) for cell in self.cells)


@dataclass(frozen=True)
class Gap:
    """An issue that one or more peers have and we have not; the first holding gives it its name."""

    holdings: tuple[Holding, ...]

    @property
    def name(self) -> str:
        return self.holdings[0].issue.name

    @property
    def category(self) -> str:
        return next((holding.issue.category for holding in self.holdings if holding.issue.category), "")

    @property
    def high(self) -> int:
        return sum(holding.issue.is_high for holding in self.holdings)


@dataclass(frozen=True)
class Comparison:
    peers: tuple[PeerList, ...]
    rows: tuple[Row, ...]
    gaps: tuple[Gap, ...]

    def standing(self, standing: str) -> list[Row]:
        return [row for row in self.rows if row.issue.standing == standing]


def compare(
    own: Sequence[OwnIssue], peers: Sequence[PeerList], decided: Mapping[tuple[str, str], str | None]
) -> Comparison:
    """
    Our issues beside those of the peers.

    Parameters
    ----------
    own
        In the order of our list.
    decided
        For a peer's key and the name of its issue, the code of ours that it is, or None where it is none of ours.

    Returns
    -------
    A row for each of `own`, in its order, with a cell for each of `peers`; and what is none of ours, most widely held
    high first.
    """
    places = {issue.code: place for place, issue in enumerate(own)}
    names = [(name, place) for place, issue in enumerate(own) for name in (issue.name, *issue.also)]
    held = [(column, issue) for column, peer in enumerate(peers) for issue in peer.issues]
    guesses = best_matches([issue.name for _, issue in held], [name for name, _ in names])
    cells: list[list[list[Holding]]] = [[[] for _ in peers] for _ in own]
    missing: list[Holding] = []
    for (column, issue), guess in zip(held, guesses, strict=True):
        peer = peers[column]
        code = decided.get((peer.key, issue.name), "")
        by_hand = code is None or code in places
        place = None if code is None else places.get(code, None if guess is None else names[guess][1])
        if place is None:
            missing.append(Holding(peer, issue, by_hand))
        else:
            cells[place][column].append(Holding(peer, issue, by_hand))
    rows = (Row(issue, tuple(map(tuple, columns))) for issue, columns in zip(own, cells, strict=True))
    return Comparison(tuple(peers), tuple(rows), tuple(_gaps(missing)))


@dataclass(frozen=True)
class Findings:
    """What the comparison comes to, in sentences. Empty where there is nothing to say."""

    missing: str
    shared: str
    without_tiers: str


def findings(comparison: Comparison) -> Findings:
    """What peers hold high and we do not ask about; what they hold high as we do; and whose list cannot say."""
    tiered = [peer for peer in comparison.peers if peer.tiers]
    untiered = [peer.name for peer in comparison.peers if not peer.tiers]
    without = ngettext(
        "%(names)s names no tiers, so what stands there counts as listed, not as high.",
        "%(names)s name no tiers, so what stands there counts as listed, not as high.",
        len(untiered),
    ) % {"names": enumerated(untiered)}
    return Findings(
        missing=capital(_missing(comparison)) if tiered else "",
        shared=capital(_shared(comparison)) if tiered and comparison.standing(LISTED) else "",
        without_tiers=capital(without) if untiered else "",
    )


def _missing(comparison: Comparison) -> str:
    found = [(gap.high, gap.name) for gap in comparison.gaps if gap.high]
    found += [
        (row.high, gettext("%(issue)s (left out)") % {"issue": row.issue.name})
        for row in comparison.standing(LEFT_OUT)
        if row.high
    ]
    if not found:
        return gettext("everything that these peers hold high is on your list.")
    names = [name for _, name in sorted(found, key=lambda each: -each[0])]
    return ngettext(
        "%(n)s issue that peers hold high is not on your short list: %(names)s.",
        "%(n)s issues that peers hold high are not on your short list: %(names)s.",
        len(found),
    ) % {"n": spelled(len(found)), "names": enumerated(names, most=MOST_NAMED)}


def _shared(comparison: Comparison) -> str:
    ours = comparison.standing(LISTED)
    high = sorted((row for row in ours if row.high), key=lambda row: -row.high)
    if not high:
        return ngettext(
            "the one issue on your short list is not held high by one of these peers.",
            "none of your %(n)s issues is held high by one of these peers.",
            len(ours),
        ) % {"n": spelled(len(ours))}
    widest = max(row.high for row in high)
    names = enumerated([row.issue.name for row in high], most=MOST_NAMED)
    if widest > 1:
        names += gettext("; %(issue)s by %(n)s of them") % {"issue": high[0].issue.name, "n": spelled(widest)}
    if len(ours) == 1:
        return gettext("the one issue on your short list is held high by a peer: %(names)s.") % {"names": names}
    return ngettext(
        "%(n)s of your %(all)s issues is held high by a peer: %(names)s.",
        "%(n)s of your %(all)s issues are held high by a peer: %(names)s.",
        len(high),
    ) % {"n": spelled(len(high)), "all": spelled(len(ours)), "names": names}


def _gaps(missing: Sequence[Holding]) -> list[Gap]:
    """The same issue of several peers is one gap. Two issues of one peer are two, since it published them apart."""
    names = [holding.issue.name for holding in missing]
    alike = likeness(names, names)
    groups: list[list[int]] = []
    for at, holding in enumerate(missing):
        near = [
            group
            for group in groups
            if alike[at, group[0]] >= ALIKE and all(missing[other].peer.key != holding.peer.key for other in group)
        ]
        if near:
            max(near, key=lambda group: alike[at, group[0]]).append(at)
        else:
            groups.append([at])
    gaps = [Gap(tuple(sorted((missing[at] for at in group), key=_weight))) for group in groups]
    return sorted(gaps, key=lambda gap: (-gap.high, -len(gap.holdings), _weight(gap.holdings[0])))


def _weight(holding: Holding) -> tuple[float, float]:
    """Higher tiers first, then better ranks; what has neither comes last."""
    return (holding.issue.level or float("inf"), holding.issue.rank or float("inf"))
