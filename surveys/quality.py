"""What may be wrong with answers, from their ratings and the time they took. Pure numpy: no Django, no database.

A flag says that somebody should look, and changes nothing by itself: careful people can be quick, agree with one
another, or find everything important.

speeder         took less than a third of the median time of the group, and less than 2 seconds per question asked.
                The share of the median is what market research uses (relative speed: Leiner 2019, Survey Research
                Methods 13(3), "Too fast, too straight, too weird"); the 2 seconds are the limit of Huang et al. 2012,
                J. Business and Psychology 27, and keep a quick group from being flagged for being quick. Where a group
                has fewer than 20 times, the median is that of all. An answer without a time is never flagged.
straight-liner  gave one and the same rating everywhere, at least 8 times (non-differentiation: Kim et al. 2019,
                Social Science Computer Review 37(2)). Ratings only: a choice or a ranking cannot be so.
duplicate       has exactly the ratings of another answer of its group, at least 10 and not all the same (after
                Kuriakose and Robbins 2016, Statistical J. of the IAOS 32, in its strictest form). One of those that are
                alike stays unflagged. Not for top choices, which agree by chance.
mostly-empty    rates less than half of what was asked, which survey research counts as broken off (AAPOR, Standard
                Definitions).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Flagged = NDArray[np.bool_]

SHARE_OF_MEDIAN = 1 / 3
SECONDS_PER_QUESTION = 2.0
TIMES_FOR_A_MEDIAN = 20
RATED_FOR_STRAIGHT = 8
RATED_FOR_DUPLICATE = 10
ANSWERED_SHARE = 0.5

SPEEDER, STRAIGHT_LINER, DUPLICATE, MOSTLY_EMPTY = "speeder", "straight-liner", "duplicate", "mostly-empty"
FLAGS = (SPEEDER, STRAIGHT_LINER, DUPLICATE, MOSTLY_EMPTY)
# A questionnaire that asks for fewer ratings than this cannot raise the flag.
RATINGS_NEEDED = {STRAIGHT_LINER: RATED_FOR_STRAIGHT, DUPLICATE: RATED_FOR_DUPLICATE}
# Rows at a time where a copy of the ratings is made, so that memory stays that of the ratings.
_BLOCK = 65_536


@dataclass(frozen=True, eq=False)
class Answers:
    """Answers to one questionnaire, one row each.

    Parameters
    ----------
    ratings : (answers, items) uint8, 0 = no answer or cannot judge.
    seconds : (answers,) float, from opening the form to sending it; NaN if not known.
    groups : (answers,) int, who is compared with whom: the stakeholder group.
    asked : (answers,) int, how many of the items the respondent was asked.

    Raises
    ------
    ValueError
        If the shapes do not fit together.
    """

    ratings: NDArray[np.uint8]
    seconds: NDArray[np.float64]
    groups: NDArray[np.int64]
    asked: NDArray[np.int64]

    def __post_init__(self) -> None:
        if self.ratings.ndim != 2 or self.ratings.dtype != np.uint8:
            raise ValueError("Ratings are a table of unsigned bytes, one row per answer.")
        for name in ("seconds", "groups", "asked"):
            if getattr(self, name).shape != (len(self),):
                raise ValueError(f"{name} has the shape {getattr(self, name).shape}, there are {len(self)} answers.")

    def __len__(self) -> int:
        return len(self.ratings)


def flags_of(answers: Answers, *, kind: str = "rating") -> dict[str, Flagged]:
    """For each flag: (answers,) bool, which answers have it.

    Parameters
    ----------
    answers : in an order that tells nothing, such as that of their random keys: of answers that are alike the first
        stays unflagged.
    kind : "rating", "top" or "ranking".
    """
    rated, lowest, highest = _summaries(answers.ratings)
    varied = highest > lowest
    none = np.zeros(len(answers), bool)
    return {
        SPEEDER: _speeders(answers),
        STRAIGHT_LINER: (rated >= RATED_FOR_STRAIGHT) & ~varied if kind == "rating" else none,
        DUPLICATE: none if kind == "top" else _duplicates(answers, (rated >= RATED_FOR_DUPLICATE) & varied),
        MOSTLY_EMPTY: rated < answers.asked * ANSWERED_SHARE,
    }


def _summaries(ratings: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.uint8], NDArray[np.uint8]]:
    """(answers,) each: how many items are rated, the lowest rating and the highest; 255 and 0 where none is."""
    rated = np.zeros(len(ratings), np.int64)
    lowest = np.full(len(ratings), 255, np.uint8)
    highest = np.zeros(len(ratings), np.uint8)
    for start in range(0, len(ratings), _BLOCK):
        rows = slice(start, start + _BLOCK)
        block = ratings[rows]
        rated[rows] = np.count_nonzero(block, axis=1)
        # 0 stands below every rating; one less than 0 is 255, so it stands above them all.
        lowest[rows] = (block - np.uint8(1)).min(axis=1, initial=254) + np.uint8(1)
        highest[rows] = block.max(axis=1, initial=0)
    return rated, lowest, highest


def _speeders(answers: Answers) -> Flagged:
    known = ~np.isnan(answers.seconds)
    flagged = np.zeros(len(answers), bool)
    if not known.any():
        return flagged
    overall = np.median(answers.seconds[known])
    for group in np.unique(answers.groups):
        members = (answers.groups == group) & known
        enough = np.count_nonzero(members) >= TIMES_FOR_A_MEDIAN
        median = np.median(answers.seconds[members]) if enough else overall
        limit = np.minimum(median * SHARE_OF_MEDIAN, answers.asked * SECONDS_PER_QUESTION)
        flagged |= members & (answers.seconds < limit)
    return flagged


def _duplicates(answers: Answers, candidates: Flagged) -> Flagged:
    flagged = np.zeros(len(answers), bool)
    for group in np.unique(answers.groups[candidates]):
        places = np.flatnonzero(candidates & (answers.groups == group))
        rows = np.ascontiguousarray(answers.ratings[places])
        whole = rows.view(np.dtype((np.void, rows.shape[1]))).ravel()
        _, first = np.unique(whole, return_index=True)
        flagged[places] = True
        flagged[places[first]] = False
    return flagged
