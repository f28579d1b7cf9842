"""How far the answers of a group may be from what the whole group would say. Pure."""

import math
from statistics import NormalDist

# Two-sided, 95 %: 1.96 standard errors.
Z_95 = NormalDist().inv_cdf(0.975)


def margin_of_error(answers: int, population: int | None = None, *, k: int = 1) -> float | None:
    """Half the width of the 95 % interval of a share, at its widest (a share of one half).

    z * sqrt(p (1 - p) / n) * sqrt((N - n) / (N - 1)) with p = 1/2: the normal approximation with the finite population
    correction (Cochran 1977, Sampling Techniques, 3rd ed., sections 2.6 and 3.2). It supposes that who answers is a
    matter of chance, so it says nothing about those who would never answer.

    For a mean on a scale from a to b, (b - a) times this is the most it can be: no distribution on the scale has a
    larger standard deviation than (b - a) / 2.

    Parameters
    ----------
    answers : n, people who answered.
    population : N, people in the group; None if not known, which counts as without end. A number below `answers`
        cannot be right, and counts as `answers`.
    k : the smallest number of people of whom something may be said.

    Returns
    -------
    0 (everybody has answered) to 0.98, as a share; None where nobody has, and below k.
    """
    if answers < max(k, 1):
        return None
    margin = Z_95 * math.sqrt(0.25 / answers)
    if population is None:
        return margin
    others = max(population - answers, 0)
    return margin * math.sqrt(others / (population - 1)) if others else 0.0
