"""How one assessment follows another: naming the one before, linking issues, and carrying a scope forward."""

from collections.abc import Collection, Mapping
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from scoping.models import (
    Assessment,
    Channel,
    Concern,
    Criterion,
    Issue,
    Pillar,
    Predecessor,
    Score,
    StakeholderGroup,
    Standing,
    Tier,
)
from scoping.selectors.screening import current_decision
from scoping.services.assessments import create_assessment
from scoping.services.scope import hold, note
from scoping.wording import counted

Row = TypeVar("Row", bound=models.Model)


@transaction.atomic
def set_previous(*, assessment: Assessment, previous: Assessment | None, by: User | None = None) -> Assessment:
    """
    Names the assessment that `assessment` continues, or none. Links to issues of another one go.

    Raises
    ------
    ValidationError
        An assessment of another organisation, the same assessment, or one that follows this one already.
    """
    held = hold(assessment)
    if held.previous_id == (previous.pk if previous else None):
        return held
    if previous is not None:
        _require_earlier(held, previous)
    Predecessor.objects.filter(issue__assessment=held).delete()
    held.previous = previous
    held.save(update_fields=["previous"])
    if previous is None:
        note(held, by, "this assessment continues no other now")
    else:
        note(held, by, f"this assessment continues {previous.name} ({previous.reporting_period})")
    return held


def _require_earlier(assessment: Assessment, previous: Assessment) -> None:
    if previous.organisation_id != assessment.organisation_id:
        raise ValidationError(
            {"previous": _("That assessment belongs to another organisation. Choose one of the list.")}
        )
    before = dict(Assessment.objects.filter(organisation=assessment.organisation_id).values_list("pk", "previous_id"))
    step = previous.pk
    for _step in before:
        if step == assessment.pk:
            break
        following = before.get(step)
        if following is None:
            return
        step = following
    message = (
        _("An assessment cannot continue itself. Choose an earlier one.")
        if previous.pk == assessment.pk
        else _("“%(previous)s” continues this assessment, so this one cannot continue it. Choose an earlier one.")
        % {"previous": previous.name}
    )
    raise ValidationError({"previous": message})


@transaction.atomic
def link_issues(*, assessment: Assessment, links: Mapping[str, Collection[str]], by: User | None = None) -> int:
    """
    Says which issues of the assessment before each issue continues; how many issues have other links now.

    Parameters
    ----------
    links : for each issue's code the codes of those before, or none of them. Issues not named keep what they have.

    Raises
    ------
    ValidationError
        No assessment before is named, or a code is on neither list. Nothing is changed then.
    """
    held = hold(assessment)
    if held.previous is None:
        raise ValidationError(_("Name the assessment before this one first, then link the issues."))
    ours = _by_code(held)
    theirs = _by_code(held.previous)
    _require_known(links, ours, held)
    _require_known({code for codes in links.values() for code in codes}, theirs, held.previous)
    wanted = {ours[code]: {theirs[before] for before in codes} for code, codes in links.items()}
    present: dict[int, set[int]] = {issue: set() for issue in wanted}
    for issue, previous in Predecessor.objects.filter(issue__in=list(wanted)).values_list("issue_id", "previous_id"):
        present[issue].add(previous)
    changed = [issue for issue in wanted if wanted[issue] != present[issue]]
    if not changed:
        return 0
    Predecessor.objects.filter(issue__in=changed).delete()
    Predecessor.objects.bulk_create(
        Predecessor(issue_id=issue, previous_id=previous) for issue in changed for previous in sorted(wanted[issue])
    )
    note(held, by, f"linked {counted(len(changed), 'issue')} with those of {held.previous.name}")
    return len(changed)


def _by_code(assessment: Assessment) -> dict[str, int]:
    return dict(assessment.issues.exclude(standing=Standing.MERGED).values_list("code", "pk"))


def _require_known(codes: Collection[str], known: Mapping[str, int], assessment: Assessment) -> None:
    if unknown := sorted(set(codes) - set(known)):
        raise ValidationError(
            _("%(assessment)s has no issue %(names)s. Look at the lists again, then link.")
            % {"assessment": assessment.name, "names": ", ".join(unknown[:5])}
        )


# --- carrying forward -------------------------------------------------------------------------------------
@transaction.atomic
def carry_forward(
    *,
    assessment: Assessment,
    name: str,
    company: str,
    reporting_period: str,
    with_survey: bool = True,
    by: User | None = None,
) -> Assessment:
    """
    A new assessment with the scope of `assessment`: groups, tiers, criteria, issues with their sheets, pillars. Each
    issue is linked with the one that it continues.

    What was said and decided for one period stays there: marks, decisions, answers, notes of the process. So do
    contacts: people gave their address for one survey, not for all to come. And so do matches with the issues of
    peers, which are said anew with the lists that peers publish next.

    Raises
    ------
    ValidationError
        By field, as `create_assessment`.
    """
    held = hold(assessment)
    tiers = list(held.tiers.all())
    new = create_assessment(
        organisation=held.organisation,
        name=name,
        company=company,
        reporting_period=reporting_period,
        with_survey=with_survey,
        tiers=tuple(tier.name for tier in tiers),
        criteria=(),
        by=by,
    )
    new.previous = held
    new.stakeholder_model = held.stakeholder_model
    new.short_list_rule, new.short_list_threshold = held.short_list_rule, held.short_list_threshold
    new.save()
    issues = _carry_issues(held, new, by)
    _carry_sizes(tiers, new)
    heirs = _with_merged(held, issues)
    groups = _carry_groups(held, new, heirs)
    _carry_pillars(held, new, heirs)
    Criterion.objects.bulk_create(
        _copy(criterion, assessment=new) for criterion in Criterion.objects.filter(assessment=held)
    )
    scope = f"{counted(len(groups), 'group')}, {counted(len(issues), 'issue')}"
    note(new, by, f"carried forward from {held.name} ({held.reporting_period}): {scope}")
    note(held, by, f"carried forward into {new.name} ({new.reporting_period})")
    return new


def carried_issues(assessment: Assessment) -> dict[int, str]:
    """The issues of the list for the next period, each with its standing now: as decided last, with what has come
    since; all that is listed or noted where nothing was decided."""
    decision = current_decision(assessment)
    decided = {entry["issue"]: entry["listed"] for entry in decision.entries} if decision else {}
    issues = assessment.issues.exclude(standing=Standing.MERGED).values_list("pk", "standing")
    return {pk: standing for pk, standing in issues if decided.get(pk, standing in (Standing.LISTED, Standing.NEXT))}


def _carry_issues(old: Assessment, new: Assessment, by: User | None) -> dict[int, Issue]:
    """The new issues by the key of the old ones."""
    carried = list(old.issues.filter(pk__in=list(carried_issues(old))))
    made = Issue.objects.bulk_create(
        _copy(issue, assessment=new, position=position, standing=Standing.LISTED, source="", reading="", added_by=by)
        for position, issue in enumerate(carried)
    )
    issues = {before.pk: issue for before, issue in zip(carried, made, strict=True)}
    Predecessor.objects.bulk_create(Predecessor(issue=issue, previous_id=before) for before, issue in issues.items())
    # Pairs that somebody has looked at and found distinct are not pointed out again.
    distinct = Issue.distinct_from.through
    distinct.objects.bulk_create(
        distinct(from_issue=issues[one], to_issue=issues[other])
        for one, other in distinct.objects.filter(from_issue__in=list(issues)).values_list(
            "from_issue_id", "to_issue_id"
        )
        if other in issues
    )
    return issues


def _with_merged(old: Assessment, issues: Mapping[int, Issue]) -> dict[int, Issue]:
    """`issues`, and for each that was merged in `old` the issue that its survivor became."""
    into = dict(old.issues.filter(standing=Standing.MERGED).values_list("pk", "merged_into"))
    heirs = dict(issues)
    for merged in into:
        survivor = merged
        for _step in into:
            survivor = into.get(survivor) or survivor
        if survivor in issues:
            heirs[merged] = issues[survivor]
    return heirs


def _carry_sizes(tiers: list[Tier], new: Assessment) -> None:
    """Sizes go along even where the new list is longer or shorter: the page of the scope points that out."""
    fresh = list(new.tiers.all())
    for tier, before in zip(fresh, tiers, strict=True):
        tier.planned_count = before.planned_count
    Tier.objects.bulk_update(fresh, ["planned_count"])


def _carry_groups(old: Assessment, new: Assessment, issues: Mapping[int, Issue]) -> dict[int, StakeholderGroup]:
    present = list(old.groups.all())
    made = StakeholderGroup.objects.bulk_create(
        _copy(group, assessment=new, source="", reading="") for group in present
    )
    groups = {before.pk: group for before, group in zip(present, made, strict=True)}
    Score.objects.bulk_create(
        _copy(score, group=groups[score.group_id]) for score in Score.objects.filter(group__assessment=old)
    )
    Channel.objects.bulk_create(
        _copy(channel, group=groups[channel.group_id], source="", reading="")
        for channel in Channel.objects.filter(group__assessment=old)
    )
    Concern.objects.bulk_create(
        _copy(
            concern,
            group=groups[concern.group_id],
            issue=issues.get(concern.issue_id) if concern.issue_id else None,
            source="",
            reading="",
        )
        for concern in Concern.objects.filter(group__assessment=old)
    )
    return groups


def _carry_pillars(old: Assessment, new: Assessment, issues: Mapping[int, Issue]) -> None:
    present = list(Pillar.objects.filter(assessment=old))
    made = Pillar.objects.bulk_create(_copy(pillar, assessment=new, source="", reading="") for pillar in present)
    pillars = {before.pk: pillar for before, pillar in zip(present, made, strict=True)}
    carries = Pillar.issues.through
    carried = carries.objects.filter(pillar__in=list(pillars)).order_by("pk").values_list("pillar_id", "issue_id")
    pairs = dict.fromkeys((pillar, issues[issue]) for pillar, issue in carried if issue in issues)
    carries.objects.bulk_create(carries(pillar=pillars[pillar], issue=issue) for pillar, issue in pairs)


def _copy(row: Row, **changes: object) -> Row:
    """An unsaved row with the values of `row`, but for its key and `changes`."""
    values = {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
    }
    for name in changes:
        values.pop(row._meta.get_field(name).attname)  # type: ignore[union-attr]
    return type(row)(**values, **changes)
