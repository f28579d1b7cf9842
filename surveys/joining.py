"""Which groups stand under one label wherever answers themselves are given out.

A result shows the mean of several groups together where one of them is too small to be told (surveys/protection.py).
The rows of one of them under its own name would then be all that is needed to work out the others' mean. So groups
that any result counts as one stay one in a file too, and so do those that hang together by a third.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from scoping.models import StakeholderGroup
from surveys.models import Dimension
from surveys.protection import protect
from surveys.selectors import FoldedSurvey, GroupAnswers


def joined_groups(survey: FoldedSurvey, k: int) -> list[list[StakeholderGroup]]:
    """Sets of two groups or more that results count as one for some issue, in the order of the groups.

    Parameters
    ----------
    survey : the tallies that results are computed from.
    k : the smallest number of people whose result is shown, at least 1.
    """
    groups = survey.groups
    joined = [{place} for place in range(len(groups))]
    for positions, sides in _axes(survey):
        counts = np.array([answers.people.counts[positions] for answers in groups])
        for members in protect(counts, sides, k).pools:
            whole = set().union(*(joined[place] for place in members))
            for place in whole:
                joined[place] = whole
    return [
        [groups[place].group for place in sorted(whole)]
        for first, whole in enumerate(joined)
        if len(whole) > 1 and first == min(whole)
    ]


def _axes(survey: FoldedSurvey) -> Iterator[tuple[list[int], Sequence[str]]]:
    """The items of each dimension, and which side each group speaks for there: with both importances asked, all speak
    on either axis."""
    for dimension in dict.fromkeys(item.dimension for item in survey.items):
        positions = [item.position for item in survey.items if item.dimension == dimension]
        yield positions, [_side(answers, dimension) for answers in survey.groups]


def _side(answers: GroupAnswers, dimension: str) -> str:
    return answers.group.side if dimension == Dimension.OWN else dimension
