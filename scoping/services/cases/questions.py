"""What the survey rests on: tiers, groups, issues with their sheets and published results, and concerns."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model

from scoping.cases.format import Case, CaseGroup, CaseIssue
from scoping.models import Assessment, Concern, Issue, PublishedResult, StakeholderGroup, Tier

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

Row = TypeVar("Row", StakeholderGroup, Issue)


def load_tiers(assessment: Assessment, case: Case) -> dict[str, Tier]:
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


def load_groups(assessment: Assessment, case: Case, *, frozen: bool) -> dict[str, StakeholderGroup]:
    groups = _match(list(assessment.groups.all()), case.groups)
    if not frozen:
        _free_names(assessment.groups, groups, case.groups)
    for position, wanted in enumerate(case.groups):
        group = groups.get(wanted.code)
        if group is None:
            group = StakeholderGroup(assessment=assessment, side=wanted.side, weight=wanted.weight)
        if not frozen:
            group.code, group.name, group.position = wanted.code, wanted.name, position
        fill(group, relevance=wanted.relevance, headcount=wanted.headcount)
        group.source, group.reading = wanted.source, wanted.reading
        group.save()
        groups[wanted.code] = group
    return groups


def load_issues(assessment: Assessment, case: Case, *, frozen: bool) -> dict[str, Issue]:
    issues = _match(list(assessment.issues.all()), case.issues)
    if not frozen:
        _free_names(assessment.issues, issues, case.issues)
    for position, wanted in enumerate(case.issues):
        issue = issues.get(wanted.code) or Issue(assessment=assessment)
        if not frozen:
            issue.code, issue.name, issue.description = wanted.code, wanted.name, wanted.description
            issue.position = position
        issue.category, issue.source, issue.reading = wanted.category, wanted.source, wanted.reading
        fill(
            issue,
            meaning=wanted.meaning,
            practice=wanted.practice,
            improvement=wanted.improvement,
            chapters="\n".join(wanted.chapters),
            sdgs=list(wanted.sdgs),
            owners=wanted.owners,
        )
        issue.save()
        issues[wanted.code] = issue
    return issues


def load_published(assessment: Assessment, case: Case, issues: dict[str, Issue], tiers: dict[str, Tier]) -> None:
    present = {result.issue_id: result for result in PublishedResult.objects.filter(issue__assessment=assessment)}
    for wanted in case.issues:
        result = present.pop(issues[wanted.code].pk, None) or PublishedResult(issue=issues[wanted.code])
        if wanted.published is not None:
            result.tier, result.rank = tiers[wanted.published.tier], wanted.published.rank
            result.source = wanted.source
            result.save()
        elif result.pk:
            result.delete()


def load_concerns(case: Case, groups: dict[str, StakeholderGroup], issues: dict[str, Issue]) -> None:
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


def fill(row: Model, **values: object) -> None:
    """Gives `row` the values for which it has none: what a user has written is never replaced."""
    for field, value in values.items():
        if not getattr(row, field):
            setattr(row, field, value)


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
