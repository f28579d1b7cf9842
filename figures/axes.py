"""From scores to places on the page: the range of an axis, its ticks, and the mapping to pixels."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, log10

from figures.data import Span

# An axis shows at least this share of the scale: differences that nobody could feel must not fill a page.
LEAST_SHARE = 0.25
# A mark this near the frame would be cut by it; then the frame keeps a margin of INSET beyond the axis' end.
NEAR_FRAME = 15.0
INSET = 18.0
MOST_INTERVALS = 6.5
LEAST_TICK_GAP = 42.0


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis. `origin` and `length` are pixels between the frame's edges; a negative length runs upwards.

    `inset_start` and `inset_end` are pixels inside the frame before the axis starts and after it ends.
    """

    start: float
    end: float
    ticks: tuple[float, ...]
    decimals: int
    origin: float
    length: float
    inset_start: float = 0.0
    inset_end: float = 0.0

    def place(self, score: float) -> float:
        """The pixel of `score`."""
        sign = 1.0 if self.length >= 0 else -1.0
        inner = abs(self.length) - self.inset_start - self.inset_end
        return self.origin + sign * (self.inset_start + inner * (score - self.start) / (self.end - self.start))

    def score(self, pixel: float) -> float:
        """The score at `pixel`: the inverse of `place`."""
        sign = 1.0 if self.length >= 0 else -1.0
        inner = abs(self.length) - self.inset_start - self.inset_end
        return self.start + ((pixel - self.origin) * sign - self.inset_start) / inner * (self.end - self.start)


@dataclass(frozen=True, slots=True)
class Range:
    """What part of the scale is shown, and at which scores there are ticks."""

    start: float
    end: float
    ticks: tuple[float, ...]
    decimals: int


def choose_range(scores: Iterable[float], scale: Span, side: float) -> Range:
    """The part of `scale` that shows all `scores` on `side` pixels, ending on half a tick step."""
    known = list(scores)
    low, high = scale
    first, last = min(known), max(known)
    least = (high - low) * LEAST_SHARE
    if last - first < least:
        middle = min(max((first + last) / 2, low + least / 2), high - least / 2)
        first, last = min(first, middle - least / 2), max(last, middle + least / 2)
    pad = (last - first) * 0.05
    step = tick_step(last - first + 2 * pad, side)
    half = step / 2
    start = max(floor((first - pad) / half + 1e-9) * half, low)
    end = min(ceil((last + pad) / half - 1e-9) * half, high)
    # Near an end of the scale, show the end: readers know it.
    start = low if start - low <= half else start
    end = high if high - end <= step else end
    ticks = []
    count = ceil(start / step - 1e-9)
    while count * step <= end + 1e-9:
        ticks.append(round(count * step, 10))
        count += 1
    magnitude = floor(log10(step) + 1e-9)
    decimals = max(0, -magnitude + (1 if round(step / 10.0**magnitude, 1) == 2.5 else 0))
    return Range(round(start, 10), round(end, 10), tuple(ticks), decimals)


def tick_step(span: float, side: float) -> float:
    """The smallest of 1, 2, 2.5, 5 x 10^k that gives few enough ticks for `side` pixels."""
    most = min(MOST_INTERVALS, side / LEAST_TICK_GAP)
    magnitude = 10.0 ** floor(log10(span / most))
    for factor in (1.0, 2.0, 2.5, 5.0):
        if span / (factor * magnitude) <= most:
            return factor * magnitude
    return 10.0 * magnitude


def make_axis(shown: Range, scores: Iterable[float], origin: float, length: float) -> Axis:
    """The axis of `shown`, with a margin at an end where a mark would meet the frame."""
    known = list(scores)
    plain = Axis(shown.start, shown.end, shown.ticks, shown.decimals, origin, length)
    at_start = min(abs(plain.place(score) - origin) for score in known) < NEAR_FRAME
    at_end = min(abs(plain.place(score) - origin - length) for score in known) < NEAR_FRAME
    return Axis(
        shown.start,
        shown.end,
        shown.ticks,
        shown.decimals,
        origin,
        length,
        INSET if at_start else 0.0,
        INSET if at_end else 0.0,
    )
