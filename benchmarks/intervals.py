"""90 % intervals of the means of 40 issues, against `scipy.stats.bootstrap` of the same answers.

One group of 2,000 respondents. Ours are the intervals of an axis from the group's tally, by Student's t and without
draws; the reference is the percentile method with 2,000 draws, in batches of 20, the fastest of those tried. Ranks
and tiers are on neither side. Ours starts from a tally that a survey keeps anyway and reads nobody's ratings, so its
cost does not depend on how many answered. The bar is a fiftieth.
"""

import math
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from benchmarks.comparison import Bar, Outcome, seconds, take_turns
from benchmarks.crowd import draw_ratings
from benchmarks.sizes import ITEMS, Size
from materiality.scoring.axes import weigh
from materiality.scoring.certainty import axis_intervals
from materiality.scoring.draws import spread_of_axes
from materiality.scoring.groups import GroupInput
from surveys.tally import count

RESPONDENTS = 2_000
SCALE = (1, 5)
PROBABILITY = 0.9
# So many points, divided by the root of the number of draws, is what chance may move an end of theirs: five standard
# errors of a quantile of means that vary by 0.025 points.
NEAR = 0.3


def run(size: Size) -> list[Outcome]:
    ratings = np.concatenate(list(draw_ratings(RESPONDENTS, ITEMS, seed=1)))
    # scipy's resampling of many columns at once knows no missing answers.
    ratings[ratings == 0] = 3
    group = GroupInput("Everybody", "stakeholders", 1, count(ratings, SCALE))
    _check(intervals(group), resampled(ratings, size.draws), NEAR / math.sqrt(size.draws))
    return [
        take_turns(
            name="intervals-against-scipy",
            ours=seconds(partial(intervals, group)),
            against="scipy.stats.bootstrap",
            reference=seconds(partial(resampled, ratings, size.draws)),
            unit="s",
            bar=Bar("<=", 1 / 50),
            pairs=size.pairs,
            warm_ups=2,
        )
    ]


def intervals(group: GroupInput) -> NDArray[np.float64]:
    """(issues, 2) Ours, of an axis for which this group speaks alone."""
    axis = weigh(group.axis, [group])
    spread = spread_of_axes([axis], [group], np.arange(group.tally.items))
    return axis_intervals(spread, SCALE, PROBABILITY)[0]


def resampled(ratings: NDArray[np.uint8], draws: int) -> NDArray[np.float64]:
    """(issues, 2) What scipy finds."""
    found = stats.bootstrap(
        (ratings,), np.mean, axis=0, n_resamples=draws, confidence_level=PROBABILITY, method="percentile",
        vectorized=True, batch=20, rng=np.random.default_rng(1),
    )  # fmt: skip
    return np.stack([found.confidence_interval.low, found.confidence_interval.high], axis=1)


def _check(ours: NDArray[np.float64], theirs: NDArray[np.float64], near: float) -> None:
    if not np.allclose(ours, theirs, rtol=0, atol=near):
        raise AssertionError(f"The intervals differ by up to {np.abs(ours - theirs).max():.3f} points.")
