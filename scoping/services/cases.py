"""Loading a case: a published result becomes an assessment. Loading it again brings it up to date.

What users decide stays theirs: name, company and period of the assessment, weights and sides of groups, names and
sizes of tiers, entries of their own.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Organisation, User
from scoping.cases.catalogue import find_case
from scoping.cases.format import Case, CaseGroup, CaseIssue
from scoping.models import Assessment, Concern, Issue, Phase, PublishedResult, StakeholderGroup, Tier
from scoping.services.assessments import create_assessment
from scoping.services.scope import hold, note

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

Row = TypeVar("Row", StakeholderGroup, Issue)


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
            tiers=(),
            by=by,
        )
    held = hold(assessment)
    frozen = held.phase != Phase.SCOPING
    if frozen:
        _require_same_list(held, case)
    held.origin, held.case = case.origin, case.slug
    held.save()
    tiers = _load_tiers(held, case)
    groups = _load_groups(held, case, frozen=frozen)
    issues = _load_issues(held, case, frozen=frozen)
    _load_published(held, case, issues, tiers)
    _load_concerns(case, groups, issues)
    note(held, by, f"loaded the case {case.slug}: {len(case.groups)} groups, {len(case.issues)} issues")
    return held


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


def _load_tiers(assessment: Assessment, case: Case) -> dict[str, Tier]:
    """The tiers by the name that the case gives them; those that exist keep the user's name and size."""
    by_position = {tier.position: tier for tier in assessment.tiers.all()}
    by_name = {tier.name: tier for tier in by_position.values()}
    tiers = {}
    for position, wanted in enumerate(case.tiers):
        tier = by_position.get(position) or by_name.get(wanted.name)
        if tier is None:
            tier = Tier(assessment=assessment, position=position, name=wanted.name, planned_count=wanted.count)
            tier.save()
        tiers[wanted.name] = tier
    return tiers


def _load_groups(assessment: Assessment, case: Case, *, frozen: bool) -> dict[str, StakeholderGroup]:
    groups = _match(list(assessment.groups.all()), case.groups)
    if not frozen:
        _free_names(assessment.groups, groups, case.groups)
    for position, wanted in enumerate(case.groups):
        group = groups.get(wanted.code)
        if group is None:
            group = StakeholderGroup(assessment=assessment, side=wanted.side, weight=wanted.weight)
        if not frozen:
            group.code, group.name, group.position = wanted.code, wanted.name, position
        group.source, group.reading = wanted.source, wanted.reading
        group.save()
        groups[wanted.code] = group
    return groups


def _load_issues(assessment: Assessment, case: Case, *, frozen: bool) -> dict[str, Issue]:
    issues = _match(list(assessment.issues.all()), case.issues)
    if not frozen:
        _free_names(assessment.issues, issues, case.issues)
    for position, wanted in enumerate(case.issues):
        issue = issues.get(wanted.code) or Issue(assessment=assessment)
        if not frozen:
            issue.code, issue.name, issue.description = wanted.code, wanted.name, wanted.description
            issue.position = position
        issue.category, issue.source, issue.reading = wanted.category, wanted.source, wanted.reading
        issue.save()
        issues[wanted.code] = issue
    return issues


def _load_published(assessment: Assessment, case: Case, issues: dict[str, Issue], tiers: dict[str, Tier]) -> None:
    present = {result.issue_id: result for result in PublishedResult.objects.filter(issue__assessment=assessment)}
    for wanted in case.issues:
        result = present.pop(issues[wanted.code].pk, None) or PublishedResult(issue=issues[wanted.code])
        if wanted.published is not None:
            result.tier, result.rank = tiers[wanted.published.tier], wanted.published.rank
            result.source = wanted.source
            result.save()
        elif result.pk:
            result.delete()


def _match(rows: Sequence[Row], wanted: Sequence[CaseGroup | CaseIssue]) -> dict[str, Row]:
    """The stored rows by the codes of the case: same code, or else the same name under a code of the user's."""
    by_code = {row.code: row for row in rows}
    matched = {entry.code: by_code.pop(entry.code) for entry in wanted if entry.code in by_code}
    by_name = {row.name: row for row in by_code.values()}
    for entry in wanted:
        if entry.name in by_name:
            if entry.code in matched:
                raise ValidationError(
                    f"“{entry.name}” stands twice: the case's own entry ({entry.code}) has been renamed, and another "
                    f"({by_name[entry.name].code}) has its name. Rename or remove that one, then load the case again."
                )
            matched[entry.code] = by_name[entry.name]
    return matched


def _free_names(
    stored: "RelatedManager[Row]", matched: dict[str, Row], wanted: Sequence[CaseGroup | CaseIssue]
) -> None:
    """Parks the names that are about to change: two entries may have traded theirs, and a name is unique."""
    for entry in wanted:
        row = matched.get(entry.code)
        if row is not None and row.name != entry.name:
            stored.filter(pk=row.pk).update(name=f"\x1f{row.pk}")


def _load_concerns(case: Case, groups: dict[str, StakeholderGroup], issues: dict[str, Issue]) -> None:
    """The rows of the case replace those that an earlier load left; a user's own rows name no source and stay."""
    present = {
        (concern.group_id, concern.topic): concern for concern in Concern.objects.filter(group__in=groups.values())
    }
    kept = []
    for position, wanted in enumerate(case.concerns):
        group = groups[wanted.group]
        concern = present.get((group.pk, wanted.topic)) or Concern(group=group, topic=wanted.topic)
        concern.issue = issues.get(wanted.issue)
        concern.response, concern.source, concern.reading = wanted.response, wanted.source, wanted.reading
        concern.position = position
        concern.save()
        kept.append(concern.pk)
    Concern.objects.filter(group__in=groups.values()).exclude(source="").exclude(pk__in=kept).delete()
