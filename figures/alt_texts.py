"""What a figure shows, in a few sentences, for whoever does not see it: what it is, what comes out, the extremes."""

from collections.abc import Sequence

from figures.bars import BarsFigure
from figures.data import MatrixFigure, brief, capital, grouped, listed, number, percent, some
from figures.grid import GridFigure
from figures.heat import HeatFigure
from figures.rates import Asked, RatesFigure
from figures.slopes import SlopeEnd, SlopeFigure
from figures.wording import ENGLISH, Wording

MOST_NAMED = 3


def alt_of_matrix(figure: MatrixFigure, decided: str = "") -> str:
    """`decided` is the sentence on tiers that were given by decision, where there are any."""
    words, points = figure.wording, figure.points
    issues = _issues(len(points), words)
    if figure.missing_axis:
        axis = words.strip_stakeholders if figure.missing_axis == "company" else words.strip_company
        what = words.alt_strip.format(issues=issues, axis=axis, subject=figure.subject)
    else:
        what = words.alt_matrix.format(issues=issues, subject=figure.subject)

    def told(x: float | None, y: float | None) -> str:
        if x is None or y is None:
            return number(float(x or y or 0.0), words, 1)
        return words.alt_both.format(x=number(x, words, 1), y=number(y, words, 1))

    ends = [(points[0].name, told(points[0].x, points[0].y)), (points[-1].name, told(points[-1].x, points[-1].y))]
    counts = [(tier.name, sum(point.tier == place for point in points)) for place, tier in enumerate(figure.tiers)]
    return _joined(words, what, _tiers(counts, words), _ends(ends, words), decided, _simulated(figure))


def alt_of_bars(figure: BarsFigure, decided: str = "") -> str:
    """As of the matrix."""
    words = figure.wording
    bars = sorted(figure.bars, key=lambda bar: (bar.issue.rank, bar.issue.code))
    what = words.alt_bars.format(issues=_issues(len(bars), words), subject=figure.subject)
    counts = [(tier.name, sum(bar.issue.tier == place for bar in bars)) for place, tier in enumerate(figure.tiers)]
    ends = [(bar.issue.name, number(bar.value, words, 2)) for bar in (bars[0], bars[-1])]
    return _joined(words, what, _tiers(counts, words), _ends(ends, words), decided, _simulated(figure))


def alt_of_heat(figure: HeatFigure, decided: str = "") -> str:
    """With the highest and the lowest mean that are told; `decided` as of the matrix."""
    words = figure.wording
    template = words.alt_heat_scores if figure.by_score else words.alt_heat
    low, high = (number(end, words) for end in figure.scale)
    groups = some(words.count_groups_one, words.count_groups, len(figure.groups), words)
    what = template.format(
        issues=_issues(len(figure.rows), words), groups=groups, subject=figure.subject, low=low, high=high
    )
    means = [
        (cell.mean, words.alt_in_group.format(issue=brief(row.issue.name), group=brief(group.name)))
        for row in figure.rows
        for cell, group in zip(row.cells, figure.groups, strict=True)
        if cell.mean is not None
    ]
    ends = ""
    if means:
        first, last = max(means, key=lambda one: one[0]), min(means, key=lambda one: one[0])
        ends = _ends([(name, number(mean, words, 1)) for mean, name in (first, last)], words, whole=True)
    contested = sum(row.contested for row in figure.rows)
    told = words.alt_contested.format(issues=capital(_issues(contested, words))) if contested else ""
    return _joined(words, what, ends, told, decided, _simulated(figure))


def alt_of_grid(figure: GridFigure, words: Wording = ENGLISH) -> str:
    """With the groups in each part of the grid."""
    groups = some(words.count_groups_one, words.count_groups, len(figure.points), words)
    parts: dict[str, list[str]] = {}
    names = figure.strategies
    for point in figure.points:
        parts.setdefault(figure.strategy_of(point), []).append(brief(point.name))
    told = [
        words.alt_part.format(name=name, told=listed(parts[name], words, 2 * MOST_NAMED))
        for name in dict.fromkeys((names.both, names.power, names.interest, names.neither))
        if name in parts
    ]
    return _joined(words, words.alt_grid.format(groups=groups, subject=figure.subject), _sentence(told, words))


def alt_of_slopes(figure: SlopeFigure, words: Wording = ENGLISH) -> str:
    """With how many moves are certain, the furthest ones, and what is new or dropped."""
    before, now = figure.periods
    what = words.alt_slopes.format(before=before, now=now, subject=figure.subject)
    whole = [line for line in figure.lines if line.kind != "part"]
    pairs = [(figure.before[line.before], figure.now[line.now]) for line in whole]
    clear = sum(line.kind == "clear" for line in whole)
    moved = words.alt_moved.format(count=clear, of=len(whole)) if whole else ""
    ways = ""
    if any(then.rank != later.rank for then, later in pairs):
        up = max(pairs, key=lambda pair: pair[0].rank - pair[1].rank)
        down = min(pairs, key=lambda pair: pair[0].rank - pair[1].rank)
        ways = words.alt_up_down.format(
            up=_move(up, words) if up[0].rank > up[1].rank else words.alt_no_move,
            down=_move(down, words) if down[0].rank < down[1].rank else words.alt_no_move,
        )
    alone = [
        words.alt_part.format(name=name, told=listed([brief(end.name) for end in ends if end.alone], words))
        for name, ends in ((figure.wording.new, figure.now), (figure.wording.dropped, figure.before))
        if any(end.alone for end in ends)
    ]
    simulated = words.alt_partly if figure.simulated else ""
    return _joined(words, what, moved, ways, _sentence(alone, words), figure.decided, simulated)


def alt_of_rates(figure: RatesFigure) -> str:
    """With the highest and the lowest rate that are told, and how many groups are too small to be; with numbers of
    answers where no number of those asked is known."""
    words = figure.wording
    template = words.alt_rates if figure.has_rates else words.alt_rates_counts
    groups = some(words.count_groups_one, words.count_groups, len(figure.groups), words)
    known: list[tuple[float, str, str]] = []
    for group in figure.groups:
        if figure.has_rates and group.share is not None:
            shape = words.rates_invited if group.basis == Asked.INVITED else words.rates_people
            told = shape.format(answered=grouped(group.answered or 0, words), asked=grouped(group.asked or 0, words))
            known.append((group.share, group.name, words.alt_of.format(share=percent(group.share, words), told=told)))
        elif not figure.has_rates and group.answered is not None:
            known.append((float(group.answered), group.name, grouped(group.answered, words)))
    hidden = sum(group.answered is None for group in figure.groups)
    too_few = ""
    if hidden:
        number = some(words.count_groups_one, words.count_groups, hidden, words)
        too_few = words.alt_too_few.format(k=grouped(figure.smallest, words), groups=number)
    ends = ""
    if known:
        first, last = max(known, key=lambda one: one[0]), min(known, key=lambda one: one[0])
        ends = _ends([(first[1], first[2]), (last[1], last[2])], words, words.alt_shown if hidden else "")
        if len(known) > 1 and first[0] == last[0]:
            ends = (words.alt_all_shown if hidden else words.alt_all).format(high=first[2])
    kinds = {group.simulated for group in figure.groups if group.answered != 0}
    simulated = "" if kinds <= {"none"} else words.alt_simulated if kinds == {"all"} else words.alt_partly
    return _joined(words, template.format(groups=groups, subject=figure.subject), ends, too_few, simulated)


def _simulated(figure: MatrixFigure | BarsFigure | HeatFigure) -> str:
    return figure.wording.alt_simulated if figure.simulated else ""


def _issues(count: int, words: Wording) -> str:
    return some(words.count_issues_one, words.count_issues, count, words)


def _tiers(counts: Sequence[tuple[str, int]], words: Wording) -> str:
    return _sentence([words.alt_part.format(name=brief(name), told=count) for name, count in counts], words)


def _ends(ends: Sequence[tuple[str, str]], words: Wording, sentence: str = "", *, whole: bool = False) -> str:
    (first, high), (last, low) = [(name if whole else brief(name), told) for name, told in ends]
    if (first, high) == (last, low):
        return words.alt_first.format(first=first, high=high)
    return (sentence or words.alt_first_last).format(first=first, high=high, last=last, low=low)


def _move(pair: tuple[SlopeEnd, SlopeEnd], words: Wording) -> str:
    return words.alt_move.format(name=brief(pair[1].name), before=pair[0].rank, now=pair[1].rank)


def _sentence(parts: Sequence[str], words: Wording) -> str:
    return capital(words.semicolon.join(parts)) + words.full_stop if parts else ""


def _joined(words: Wording, *sentences: str) -> str:
    return words.between_sentences.join(filter(None, sentences))
