"""Review by the working group: tiers given in place of computed ones, comments and open points."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import record
from materiality.models import CurrentRun, Override, ReviewComment
from materiality.services.locking import require_unlocked
from scoping.models import Assessment, Issue

LONGEST_TEXT = 4_000  # characters of a reason or a comment


@transaction.atomic
def override_tier(*, assessment: Assessment, issue: Issue, tier: str, reason: str, by: User) -> Override:
    """Give `issue` the tier in place of the computed one; an override so far ends.

    Raises
    ------
    Locked
        While the result is proposed or confirmed.
    ValidationError
        Without a result, a known tier or a reason, or where the issue stands in that tier already.
    """
    current = _locked_result(assessment)
    reason = _text(reason, _("Give the reason: it is shown wherever the tier is."))
    document = current.run.results
    if tier not in [one["name"] for one in document["tiers"]]:
        raise ValidationError(_("“%(tier)s” is not a tier of this result.") % {"tier": tier})
    found = next((one for one in document["issues"] if one["code"] == issue.code), None)
    if found is None:
        raise ValidationError(_("“%(issue)s” is not in this result.") % {"issue": issue.name})
    before = Override.objects.filter(issue=issue, ended_at=None).first()
    if tier == (before.tier if before else found["tier"]):
        raise ValidationError(
            _("“%(issue)s” stands in the tier “%(tier)s” already.") % {"issue": issue.name, "tier": tier}
        )
    if before:
        _end(before, by)
    record(
        organisation=assessment.organisation,
        actor=by,
        subject=assessment.slug,
        summary=f"gave {issue.name} the tier {tier} in place of {found['tier'] or 'none'}",
    )
    return Override.objects.create(
        assessment=assessment,
        issue=issue,
        run=current.run,
        computed_tier=found["tier"] or "",
        tier=tier,
        reason=reason,
        by=by,
    )


@transaction.atomic
def withdraw_override(*, override: Override, by: User) -> None:
    """Back to the computed tier. The record keeps the override.

    Raises
    ------
    Locked
        While the result is proposed or confirmed.
    ValidationError
        If it has ended already.
    """
    _locked_result(override.assessment)
    override = Override.objects.select_for_update().get(pk=override.pk)
    if override.ended_at:
        raise ValidationError(_("This decision was taken back before."))
    _end(override, by)
    record(
        organisation=override.assessment.organisation,
        actor=by,
        subject=override.assessment.slug,
        summary=f"took back the tier {override.tier} given to {override.issue.name}",
    )


@transaction.atomic
def comment(
    *, assessment: Assessment, text: str, by: User, issue: Issue | None = None, is_open_point: bool = False
) -> ReviewComment:
    """Say something about the result, or about one of its issues. Comments are not part of what is confirmed.

    Raises
    ------
    ValidationError
        Without a text, or where it is too long.
    """
    text = _text(text, _("Write what you want to say."))
    about = f" on {issue.name}" if issue else ""
    kind = "an open point" if is_open_point else "a comment"
    record(organisation=assessment.organisation, actor=by, subject=assessment.slug, summary=f"left {kind}{about}")
    return ReviewComment.objects.create(
        assessment=assessment, issue=issue, text=text, is_open_point=is_open_point, by=by
    )


@transaction.atomic
def resolve(*, comment: ReviewComment, resolution: str, by: User) -> ReviewComment:
    """Close an open point, with what came of it.

    Raises
    ------
    ValidationError
        If it is no open point, or was closed before.
    """
    comment = ReviewComment.objects.select_for_update().get(pk=comment.pk)
    if not comment.is_open_point or comment.resolved_at:
        raise ValidationError(_("This is not an open point any more."))
    comment.resolution = _text(resolution, _("Say what came of it."))
    comment.resolved_by, comment.resolved_at = by, timezone.now()
    comment.save(update_fields=["resolution", "resolved_by", "resolved_at"])
    record(
        organisation=comment.assessment.organisation,
        actor=by,
        subject=comment.assessment.slug,
        summary=f"closed an open point{f' on {comment.issue.name}' if comment.issue else ''}",
    )
    return comment


def _locked_result(assessment: Assessment) -> CurrentRun:
    """The current result, held until the transaction ends: a proposal takes the same lock."""
    current = CurrentRun.objects.select_for_update(of=("self",)).select_related("run").filter(assessment=assessment)
    found = current.first()
    if found is None:
        raise ValidationError(_("There is no result yet: collect answers and analyse."))
    require_unlocked(assessment)
    return found


def _end(override: Override, by: User) -> None:
    override.ended_by, override.ended_at = by, timezone.now()
    override.save(update_fields=["ended_by", "ended_at"])


def _text(text: str, missing: str) -> str:
    text = text.strip()
    if not text:
        raise ValidationError(missing)
    if len(text) > LONGEST_TEXT:
        raise ValidationError(
            _("At most %(most)d characters; this has %(length)d.") % {"most": LONGEST_TEXT, "length": len(text)}
        )
    return text
