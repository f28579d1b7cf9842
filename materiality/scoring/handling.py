"""What ratings count as: those that are missing, and those of groups that rate high or low throughout. Exact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from materiality.scoring.groups import GroupInput
from surveys.tally import Scale, Tally

Mask = NDArray[np.bool_]
Means = Sequence[Sequence[Fraction | None]]


def value_of_missing(cannot_judge: str, scale: Scale) -> int | None:
    """The rating that a missing one counts as; None where it is left out.

    Parameters
    ----------
    cannot_judge : {"left_out", "lowest", "middle"}
    scale : (low, high)

    Raises
    ------
    ValueError
        Where the middle of the scale is between two ratings, or the treatment is not known.
    """
    low, high = scale
    if cannot_judge == "left_out":
        return None
    if cannot_judge == "lowest":
        return low
    if cannot_judge != "middle":
        raise ValueError(f"{cannot_judge!r} is not a treatment of missing ratings.")
    if (low + high) % 2:
        raise ValueError(
            f"The scale from {low} to {high} has no middle rating: leave missing ratings out, or count them as lowest."
        )
    return (low + high) // 2


def filled(group: GroupInput, value: int) -> GroupInput:
    """The group as if every respondent who did not rate an issue had rated it with `value`.

    Issues that nobody of the group rated, or whose ratings are not told, stay without ratings. Where the same people
    are another group as well, what they said of the other question is filled too, so that both stay one.

    Raises
    ------
    ValueError
        If `value` is not on the scale.
    """
    people = group.people
    if people is None:
        mask = group.tally.counts > 0
        return replace(
            group,
            tally=group.tally.filled(value, mask),
            rated=group.answers,
        )
    whole = people.tally.counts > 0
    tally: Tally = people.tally.filled(value, whole)
    columns = list(people.columns)
    return replace(
        group,
        tally=tally.select(columns),
        people=replace(people, tally=tally),
        rated=group.answers,
    )


def centred_spreads(means: Means) -> tuple[Fraction | None, ...]:
    """How far groups lie apart on each issue when each one's own level is taken away first.

    Parameters
    ----------
    means : (groups, issues) Fraction or None
        Group means of one question.

    Returns
    -------
    (issues,) Fraction or None
        Highest minus lowest. None where fewer than two groups rated the issue, or where those who did have no other
        issue in common, so that nothing is known of their levels.

    Notes
    -----
    The level of a group is its mean over the issues that all groups compared have rated [1]_: over different issues it
    would say what was asked and not how they rate. Axes need no such centring: where all groups rated the same issues,
    taking away each level and adding their weighted mean leaves every axis as it was.

    References
    ----------
    .. [1] L. J. Cronbach, "Processes affecting scores on 'understanding of others' and 'assumed similarity'",
       Psychological Bulletin 52 (1955), 177-193, who calls it elevation.
    """
    found: list[Fraction | None] = []
    for issue in zip(*means, strict=True):
        raters = [g for g, mean in enumerate(issue) if mean is not None]
        rows = zip(*(means[g] for g in raters), strict=True)
        common = [[mean for mean in row if mean is not None] for row in rows if all(mean is not None for mean in row)]
        if len(raters) < 2 or len(common) < 2:
            found.append(None)
            continue
        levels = [sum(column, Fraction()) / len(common) for column in zip(*common, strict=True)]
        centred = [(issue[g] or Fraction()) - level for g, level in zip(raters, levels, strict=True)]
        found.append(max(centred) - min(centred))
    return tuple(found)
