"""The one service: the assessment of a case, with everything that the case holds."""

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Organisation, User
from scoping.cases.catalogue import find_case
from scoping.cases.format import Case
from scoping.models import Assessment, Phase
from scoping.services.assessments import create_assessment
from scoping.services.cases import account, questions
from scoping.services.groups import MOST_GROUPS
from scoping.services.issues import MOST_ISSUES
from scoping.services.scope import hold, note


@transaction.atomic
def load_case(*, organisation: Organisation, case: Case | str, by: User | None = None) -> Assessment:
    """
    The assessment of `case` (or of the case file so named) in `organisation`: made, or brought up to date.

    Raises
    ------
    CaseError
        There is no case file of that name, or it is wrong.
    ValidationError
        The survey of the assessment has opened, and the case now has other groups or issues than it asks.
    """
    if isinstance(case, str):
        case = find_case(case)
    assessment = Assessment.objects.filter(organisation=organisation, case=case.slug).first()
    if assessment is None:
        assessment = create_assessment(
            organisation=organisation,
            name=case.name,
            company=case.company,
            reporting_period=case.reporting_period,
            slug=case.slug,
            with_survey=case.with_survey,
            # Those of the case, and no others: a report that names none has none here either.
            tiers=(),
            criteria=(),
            by=by,
        )
    held = hold(assessment)
    frozen = held.phase != Phase.SCOPING
    if frozen:
        _require_same_list(held, case)
    held.origin, held.case = case.origin, case.slug
    held.save()
    tiers = questions.load_tiers(held, case)
    groups = questions.load_groups(held, case, frozen=frozen)
    issues = questions.load_issues(held, case, frozen=frozen)
    _require_room(held)
    questions.load_published(held, case, issues, tiers)
    questions.load_concerns(case, groups, issues)
    account.load_channels(case, groups)
    account.load_pillars(held, case, issues)
    account.load_criteria(held, case)
    account.load_process(held, case)
    account.load_index(held, case, issues)
    account.load_mentions(case, issues)
    note(held, by, f"loaded the case {case.slug}: {len(case.groups)} groups, {len(case.issues)} issues")
    return held


def _require_room(assessment: Assessment) -> None:
    for kind, count, most in (
        ("groups", assessment.groups.count(), MOST_GROUPS),
        ("issues", assessment.issues.count(), MOST_ISSUES),
    ):
        if count > most:
            raise ValidationError(
                f"With those of the case, {assessment.slug} would have {count} {kind}, and at most {most} fit. "
                "Shorten its list first, or load the case into another organisation."
            )


def _require_same_list(assessment: Assessment, case: Case) -> None:
    for kind, wanted, rows in (
        ("groups", {group.code for group in case.groups}, assessment.groups),
        ("issues", {issue.code for issue in case.issues}, assessment.issues),
    ):
        missing = sorted(wanted - set(rows.values_list("code", flat=True)))
        if missing:
            raise ValidationError(
                f"The survey of {assessment.slug} has opened, so its {kind} are frozen, but the case now has others: "
                f"{', '.join(missing)}. Load the case into another organisation, or under another slug."
            )
