"""What the pages and the upper floors ask about assessments. Everything is scoped to an organisation, or to an
assessment that was found in one."""

from scoping.selectors.scope import (
    Axis,
    Missing,
    WeightedGroup,
    assessment_by_slug,
    assessments_of,
    axes_of,
    concerns_of,
    get_assessment,
    get_counted_assessment,
    issues_of,
    missing_for_survey,
    tiers_of,
)

__all__ = [
    "Axis",
    "Missing",
    "WeightedGroup",
    "assessment_by_slug",
    "assessments_of",
    "axes_of",
    "concerns_of",
    "get_assessment",
    "get_counted_assessment",
    "issues_of",
    "missing_for_survey",
    "tiers_of",
]
