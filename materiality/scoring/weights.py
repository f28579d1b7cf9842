"""Where the weights of groups come from: one rule for all of them. Exact; knows no axes and no ratings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from materiality.scoring.exact import Number, exact, plain, whole_number


@dataclass(frozen=True)
class GroupFacts:
    """What is known of a group, as far as rules for weights start from it.

    Parameters
    ----------
    name : str
    given : number
        The weight that the working group gave it, not negative. With 0 it is left out on purpose, by every rule.
    answered : int
        How many people of it have answered.
    headcount : int, optional
        How many people belong to it, at least 1.
    invited : int, optional
        How many people of it were invited, at least 1.
    suggested : number, optional
        The weight that its power and interest suggest, from 1 to 5.

    Raises
    ------
    ValueError
        Naming the number that does not fit.
    """

    name: str
    given: Number = 1
    answered: int = 0
    headcount: int | None = None
    invited: int | None = None
    suggested: Number | None = None

    def __post_init__(self) -> None:
        given = exact(self.given, f"The weight of the group {self.name!r}")
        if given < 0:
            raise ValueError(f"The weight of the group {self.name!r} is {plain(given)}, less than 0.")
        object.__setattr__(self, "given", given)
        whole_number(self.answered, f"The number of answers of the group {self.name!r}", 0, None)
        for number, what in ((self.headcount, "headcount"), (self.invited, "number of invited people")):
            if number is not None:
                whole_number(number, f"The {what} of the group {self.name!r}", 1, None)
        if self.suggested is not None:
            suggested = exact(self.suggested, f"The suggested weight of the group {self.name!r}")
            object.__setattr__(self, "suggested", suggested)

    @property
    def exact_given(self) -> Fraction:
        """The given weight as a fraction."""
        return exact(self.given, f"The weight of the group {self.name!r}")


def weights_by(rule: str, facts: Sequence[GroupFacts]) -> tuple[Fraction, ...]:
    """The weight of each group by one of the rules of `materiality.scoring.method.WEIGHTS`.

    Parameters
    ----------
    rule : {"given", "equal", "headcount", "respondents", "response_rate", "power_interest"}
    facts : sequence of GroupFacts

    Returns
    -------
    tuple of Fraction
        In the order given, each at least 0; only proportions within an axis count. A group without answers keeps the
        weight that it was given: it drops out whatever that is, and nothing need be known of it.

    Raises
    ------
    ValueError
        Where a fact is missing that the rule needs, or a group has more answers than people: with the groups, and
        what to do.

    Notes
    -----
    With w the given weight, n the people who answered, N the headcount and I the number invited:

    - ``given``: w.
    - ``equal``: 1.
    - ``headcount``: N. The axis is then the stratified estimator of the mean over all people [1]_, or what is the same,
      respondents are post-stratified to the known headcounts [2]_.
    - ``respondents``: n. Every respondent counts the same, in whichever group.
    - ``response_rate``: n / N, or n / I where N is not known.
    - ``power_interest``: what the scores of power and interest suggest (`scoping.stakeholding`).

    A given weight of 0 stays 0 by every rule.

    References
    ----------
    .. [1] W. G. Cochran, Sampling Techniques, 3rd ed., Wiley, 1977, chapter 5.
    .. [2] D. Holt and T. M. F. Smith, "Post stratification", Journal of the Royal Statistical Society A 142 (1979),
       33-46.
    """
    if rule not in _RULES:
        raise ValueError(f"{rule!r} is not a way to weigh groups; there are {', '.join(_RULES)}.")
    counted = [group for group in facts if group.answered and group.exact_given]
    _check(rule, counted)
    return tuple(_RULES[rule](group) if group.answered and group.exact_given else group.exact_given for group in facts)


def missing_for(rule: str, facts: Sequence[GroupFacts]) -> tuple[GroupFacts, ...]:
    """The groups of which `rule` needs to know more, whether they have answered or not; those with the weight 0 not."""
    return tuple(group for group in facts if group.exact_given and rule in _NEEDS and not _NEEDS[rule][0](group))


def check_headcounts(facts: Sequence[GroupFacts]) -> None:
    """ValueError naming groups from which more people have answered than belong to them."""
    over = [group for group in facts if group.headcount is not None and group.answered > group.headcount]
    if over:
        told = ", ".join(f"{group.answered} from the {group.headcount} people of {group.name}" for group in over)
        raise ValueError(f"There are more answers than people: {told}. Correct the headcount, or the answers.")


def _check(rule: str, counted: Sequence[GroupFacts]) -> None:
    missing = missing_for(rule, counted)
    if missing:
        names = ", ".join(group.name for group in missing)
        raise ValueError(f"{_NEEDS[rule][1]} of {names}, or choose other weights.")
    if rule in ("headcount", "response_rate"):
        check_headcounts(counted)
    if rule == "response_rate":
        over = [g for g in counted if g.headcount is None and g.invited is not None and g.answered > g.invited]
        if over:
            names = ", ".join(f"{group.name} ({group.answered} of {group.invited})" for group in over)
            raise ValueError(
                f"More people answered than were invited: {names}. Enter the headcount, or choose other weights."
            )


def _headcount(group: GroupFacts) -> Fraction:
    return Fraction(group.headcount or 0)


def _response_rate(group: GroupFacts) -> Fraction:
    return Fraction(group.answered, group.headcount or group.invited or 1)


def _suggested(group: GroupFacts) -> Fraction:
    return exact(group.suggested or 0, f"The suggested weight of the group {group.name!r}")


_RULES: dict[str, Callable[[GroupFacts], Fraction]] = {
    "given": lambda group: group.exact_given,
    "equal": lambda group: Fraction(1),
    "headcount": _headcount,
    "respondents": lambda group: Fraction(group.answered),
    "response_rate": _response_rate,
    "power_interest": _suggested,
}
# What a rule cannot do without, and what to do where it is missing.
_NEEDS: dict[str, tuple[Callable[[GroupFacts], bool], str]] = {
    "headcount": (lambda group: group.headcount is not None, "Enter the headcount"),
    "response_rate": (
        lambda group: group.headcount is not None or group.invited is not None,
        "Enter the headcount",
    ),
    "power_interest": (lambda group: group.suggested is not None, "Score the power and the interest"),
}
