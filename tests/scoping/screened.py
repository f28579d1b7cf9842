"""A small assessment to be screened, and marks for it."""

from decimal import Decimal

from accounts.models import User
from scoping.models import Assessment, Criterion, Issue, ShortListRule
from scoping.services.screening import CriterionPlan, save_criteria
from tests.support.factories import AssessmentFactory, CriterionFactory, MarkFactory, UserFactory


def to_be_screened(**fields: object) -> Assessment:
    """Four issues and two criteria; a total of 3 is enough."""
    made = AssessmentFactory(issues=4, short_list_threshold=3, **fields)
    for position in range(2):
        CriterionFactory(assessment=made, position=position)
    return made


def give(assessment: Assessment, *totals: int, member: User | None = None) -> User:
    """One member's marks: the first issue gets the first total, spread over the criteria, and so on."""
    member = member or UserFactory()
    criteria = list(assessment.criteria.all())
    for issue, total in zip(assessment.issues.all(), totals, strict=False):
        for criterion in criteria:
            value = min(3, total)
            MarkFactory(issue=issue, criterion=criterion, member=member, value=value)
            total -= value
    return member


def issue(assessment: Assessment, number: int) -> Issue:
    return assessment.issues.get(code=f"issue-{number}")


def listed(assessment: Assessment) -> list[str]:
    return [issue.name for issue in assessment.issues.asked()]


def texts_of(caught: object) -> str:
    """The messages of the error that a test caught, as one text."""
    return " ".join(caught.value.messages)  # type: ignore[attr-defined]


def set_rule(assessment: Assessment, **changes: object) -> list[Criterion]:
    """Saves criteria and rule as they are, but for what `changes` say."""
    plans = [CriterionPlan(row.name, row.description, row.must_have, row.pk) for row in assessment.criteria.all()]
    wanted = {"criteria": plans, "rule": ShortListRule.TOTAL, "threshold": Decimal(3)} | changes
    return save_criteria(assessment=assessment, **wanted)
