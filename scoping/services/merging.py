"""Near-duplicates: two issues that are one, or that are two in spite of their names.

A merge moves nothing. The merged issue keeps its mentions, concerns and marks and points to the one that stands for
both, so that undoing the merge brings back what was.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from scoping.models import Assessment, Issue, Phase, Standing
from scoping.services.scope import current, hold, note


@transaction.atomic
def merge_issue(*, issue: Issue, into: Issue, by: User | None = None) -> Issue:
    """
    Merges `issue` into another one of the same assessment, which stands for both from now on; returns that one.

    Raises
    ------
    ValidationError
        They are the same, or of two assessments; one of them is merged already; others are merged into `issue`;
        the survey asks about it; or the other one is not on the list while `issue` is.
    """
    held = hold(issue.assessment)
    merged, survivor = _as_they_are(held, issue, into)
    _require_mergeable(held, merged, survivor)
    merged.standing_before = merged.standing
    merged.standing, merged.merged_into = Standing.MERGED, survivor
    merged.merged_by, merged.merged_at = by, timezone.now()
    merged.save(update_fields=["standing", "standing_before", "merged_into", "merged_by", "merged_at"])
    merged.distinct_from.remove(survivor)
    note(held, by, f"merged the issue {merged.name} into {survivor.name}")
    return survivor


def obstacle_to_merging(issue: Issue) -> str:
    """Why `issue` cannot be merged into any other one now, for its page; empty where it can."""
    if issue.merged_into is not None:
        return _("It is merged into “%(merged_into)s” already. Undo that merge first.") % {
            "merged_into": issue.merged_into
        }
    if issue.merged.exists():
        return _("It stands for issues that were merged into it. Undo those merges first, on its sheet.")
    if issue.standing == Standing.LISTED and issue.assessment.phase != Phase.SCOPING:
        return _("The survey asks about it, so it stays on this list. Other issues can still be merged into it.")
    return ""


@transaction.atomic
def unmerge_issue(*, issue: Issue, by: User | None = None) -> Issue:
    """
    Makes a merged issue stand for itself again, in the standing that it had. What the open survey cannot ask about
    any more is noted for the next assessment.

    Raises
    ------
    ValidationError
        It is not merged, or has been removed.
    """
    held = hold(issue.assessment)
    merged = current(issue)
    survivor = merged.merged_into
    if survivor is None:
        raise ValidationError(
            _("“%(merged)s” is not merged into another issue, so there is nothing to undo.") % {"merged": merged.name}
        )
    before = Standing(merged.standing_before or Standing.LISTED)
    if before == Standing.LISTED and held.phase != Phase.SCOPING:
        before = Standing.NEXT
    merged.standing, merged.standing_before, merged.merged_into = before, "", None
    merged.merged_by, merged.merged_at = None, None
    merged.save(update_fields=["standing", "standing_before", "merged_into", "merged_by", "merged_at"])
    note(held, by, f"undid the merge of {merged.name} into {survivor.name}")
    return merged


@transaction.atomic
def keep_apart(*, issue: Issue, other: Issue, by: User | None = None) -> None:
    """Notes that two issues are different in spite of their names: they are not pointed out again."""
    held = hold(issue.assessment)
    one, another = _as_they_are(held, issue, other)
    for merged in (one, another):
        _require_unmerged(merged)
    if not one.distinct_from.filter(pk=another.pk).exists():
        one.distinct_from.add(another)
        note(held, by, f"said that {one.name} and {another.name} are different issues")


@transaction.atomic
def point_out_again(*, issue: Issue, other: Issue, by: User | None = None) -> None:
    """Takes back that two issues are different."""
    held = hold(issue.assessment)
    one, another = _as_they_are(held, issue, other)
    if one.distinct_from.filter(pk=another.pk).exists():
        one.distinct_from.remove(another)
        note(held, by, f"took back that {one.name} and {another.name} are different issues")


def _as_they_are(held: Assessment, issue: Issue, other: Issue) -> tuple[Issue, Issue]:
    """Both as the database has them now."""
    if issue.pk == other.pk:
        raise ValidationError(_("“%(issue)s” is one and the same issue. Choose another one.") % {"issue": issue.name})
    found = held.issues.select_related("merged_into").in_bulk([issue.pk, other.pk])
    if len(found) < 2:
        raise ValidationError(_("The two issues are of different assessments. Choose one from the list."))
    return found[issue.pk], found[other.pk]


def _require_unmerged(issue: Issue) -> None:
    if issue.merged_into is not None:
        raise ValidationError(
            _("“%(merged)s” is already merged into “%(merged_into)s”. Undo that merge first.")
            % {"merged": issue.name, "merged_into": issue.merged_into}
        )


def _require_mergeable(held: Assessment, merged: Issue, survivor: Issue) -> None:
    _require_unmerged(merged)
    if survivor.merged_into_id == merged.pk:
        raise ValidationError(
            _(
                "“%(survivor)s” is merged into “%(merged)s”: the two are one already. To turn it round, undo that "
                "merge first."
            )
            % {"survivor": survivor.name, "merged": merged.name}
        )
    if survivor.merged_into is not None:
        raise ValidationError(
            _("“%(survivor)s” was merged into “%(merged_into)s”. Merge “%(merged)s” into “%(merged_into)s” instead.")
            % {"survivor": survivor.name, "merged_into": survivor.merged_into, "merged": merged.name}
        )
    if holds := list(merged.merged.values_list("name", flat=True)):
        names = _(", ").join(f"“{name}”" for name in holds)
        raise ValidationError(
            _(
                "“%(merged)s” stands for issues that were merged into it: %(names)s. Merge “%(survivor)s” into "
                "“%(merged)s” instead, or undo those merges first."
            )
            % {"merged": merged.name, "names": names, "survivor": survivor.name}
        )
    if merged.standing == Standing.LISTED:
        if held.phase != Phase.SCOPING:
            raise ValidationError(
                _(
                    "The survey asks about “%(merged)s”, so it stays on this list. Merge the other issue into it, or "
                    "merge the two in the next assessment."
                )
                % {"merged": merged.name},
                code="frozen",
            )
        if survivor.standing != Standing.LISTED:
            raise ValidationError(
                _(
                    "“%(survivor)s” is not on the list, so “%(merged)s” would leave it too. Merge “%(survivor)s” "
                    "into “%(merged)s” instead."
                )
                % {"survivor": survivor.name, "merged": merged.name}
            )
