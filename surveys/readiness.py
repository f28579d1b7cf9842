"""Whether a scope is ready to be asked about, as the working group's page demands it before it opens a survey.

Which points are missing is scoping's to say; here is which of them nobody may pass over.
"""

from dataclasses import dataclass

from scoping.models import Assessment
from scoping.selectors import Missing, missing_for_survey


@dataclass(frozen=True)
class Readiness:
    """What is missing. `needed` must be mended first; `waivable` may stay open if somebody says so."""

    needed: tuple[Missing, ...]
    waivable: tuple[Missing, ...]

    @property
    def missing(self) -> tuple[Missing, ...]:
        return (*self.needed, *self.waivable)

    def refusals(self, *, waived: bool) -> list[str]:
        """A few sentences for each point that stands in the way: what is missing, why, and where it is mended."""
        refusals = [f"Scoping, {point.place}: {point.what}. {point.why}" for point in self.needed]
        if not waived:
            ending = "Or tick the box below to open without it."
            refusals += [f"Scoping, {point.place}: {point.what}. {point.why} {ending}" for point in self.waivable]
        return refusals

    @property
    def waiver(self) -> str:
        """What somebody confirms who opens the survey all the same; empty when there is nothing to confirm."""
        if not self.waivable:
            return ""
        steps = " and ".join(f"“{point.what}”" for point in self.waivable)
        return f"Open without the step{'s' if len(self.waivable) > 1 else ''} {steps}"


def readiness_of(assessment: Assessment) -> Readiness:
    """What the scope of `assessment` still lacks, in the order of the work."""
    # Without groups nobody is asked, and tiers of the wrong size cannot sort the issues. One empty axis, or
    # tiers that have no names yet, is a decision.
    grave = {"issues": True, "groups": not assessment.groups.exists(), "tiers": assessment.tiers.exists()}
    missing = missing_for_survey(assessment)
    return Readiness(
        needed=tuple(point for point in missing if grave[point.place]),
        waivable=tuple(point for point in missing if not grave[point.place]),
    )
