"""Which groups stand under one label wherever answers themselves are given out.

A result shows the mean of several groups together where one of them is too small to be told (surveys/protection.py).
The rows of one of them under its own name would then be all that is needed to work out the others' mean. So groups
that any result counts as one stay one in a file too, and so do those that hang together by a third.
"""

from scoping.models import StakeholderGroup
from surveys.partition import protections
from surveys.selectors import FoldedSurvey


def joined_groups(survey: FoldedSurvey) -> list[list[StakeholderGroup]]:
    """Sets of two groups or more that results count as one for some issue, in the order of the groups.

    Parameters
    ----------
    survey : the tallies that results are computed from.
    """
    groups = survey.groups
    joined = [{place} for place in range(len(groups))]
    for _positions, protection in protections(survey):
        for members in protection.pools:
            whole = set().union(*(joined[place] for place in members))
            for place in whole:
                joined[place] = whole
    return [
        [groups[place].group for place in sorted(whole)]
        for first, whole in enumerate(joined)
        if len(whole) > 1 and first == min(whole)
    ]
