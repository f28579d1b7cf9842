"""Review by the working group: tiers given in place of computed ones, comments and open points."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import record
from materiality.models import AnalysisRun, CurrentRun, Override, ReviewComment
from materiality.services.locking import require_unlocked
from scoping.models import Assessment, Issue

LONGEST_TEXT = 4_000  # characters of a reason or a comment
LONGEST_NAME = 120  # of an issue in a line of the record, which has to hold the tiers as well


@transaction.atomic
def override_tier(
    *, assessment: Assessment, issue: Issue, tier: str, reason: str, by: User, seen: str | None = None
) -> Override:
    """Give `issue` the tier in place of the computed one; an override so far ends.

    Parameters
    ----------
    seen
        The key of the override that stood on the person's screen, empty where none did: another one is not replaced
        unseen. None replaces whatever there is.

    Raises
    ------
    Locked
        While the result is proposed or confirmed.
    ValidationError
        By field: without a result, a rank, a known tier or a reason, where the issue stands in that tier already, or
        where somebody else decided meanwhile.
    """
    run = _locked_result(assessment)
    document = run.results
    found = next((one for one in document["issues"] if one["code"] == issue.code), None)
    if found is None or issue.assessment_id != assessment.pk:
        raise ValidationError(_("“%(issue)s” is not in this result.") % {"issue": issue.name})
    if found["rank"] is None:
        raise ValidationError(
            _("“%(issue)s” has no rank in this result, so there is no place to decide about: it needs ratings first.")
            % {"issue": issue.name}
        )
    before = Override.objects.filter(issue=issue, ended_at=None).select_related("by").first()
    if seen is not None and seen != (str(before.pk) if before else ""):
        raise ValidationError(_meanwhile(before))
    if tier not in [one["name"] for one in document["tiers"]]:
        raise ValidationError({"tier": _("“%(tier)s” is not a tier of this result.") % {"tier": tier[:LONGEST_NAME]}})
    if tier == (before.tier if before else found["tier"]):
        raise ValidationError(
            {"tier": _("“%(issue)s” stands in the tier “%(tier)s” already.") % {"issue": issue.name, "tier": tier}}
        )
    reason = _text("reason", reason, _("Give the reason: it is shown wherever the tier is."))
    if before:
        _end(before, by)
    record(
        organisation=assessment.organisation,
        actor=by,
        subject=assessment.slug,
        summary=f"gave {_short(issue)} the tier {tier} in place of {found['tier'] or 'none'}",
    )
    return Override.objects.create(
        assessment=assessment,
        issue=issue,
        run=run,
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
        summary=f"took back the tier {override.tier} given to {_short(override.issue)}",
    )


@transaction.atomic
def comment(
    *, assessment: Assessment, text: str, by: User, issue: Issue | None = None, is_open_point: bool = False
) -> ReviewComment:
    """Say something about the result, or about one of its issues. Comments are not part of what is confirmed.

    Raises
    ------
    ValidationError
        By field: without a text, where it is too long, or on an issue of another assessment.
    """
    if issue and issue.assessment_id != assessment.pk:
        raise ValidationError(_("“%(issue)s” is not in this result.") % {"issue": issue.name})
    text = _text("text", text, _("Write what you want to say."))
    about = f" on {_short(issue)}" if issue else ""
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
        If it is no open point, or was closed before; by field, without a resolution or where it is too long.
    """
    comment = ReviewComment.objects.select_for_update().get(pk=comment.pk)
    if not comment.is_open_point or comment.resolved_at:
        raise ValidationError(_("This is not an open point any more."))
    comment.resolution = _text("resolution", resolution, _("Say what came of it."))
    comment.resolved_by, comment.resolved_at = by, timezone.now()
    comment.save(update_fields=["resolution", "resolved_by", "resolved_at"])
    record(
        organisation=comment.assessment.organisation,
        actor=by,
        subject=comment.assessment.slug,
        summary=f"closed an open point{f' on {_short(comment.issue)}' if comment.issue else ''}",
    )
    return comment


def _locked_result(assessment: Assessment) -> AnalysisRun:
    """The current result; it stays the current one until the transaction ends. A proposal takes the same lock."""
    # Locked by itself: joined with its run, a row that another run was put into meanwhile would not be found at all.
    current = CurrentRun.objects.select_for_update().filter(assessment=assessment).first()
    if current is None:
        raise ValidationError(_("There is no result yet: collect answers and analyse."))
    require_unlocked(assessment)
    return current.run


def _end(override: Override, by: User) -> None:
    override.ended_by, override.ended_at = by, timezone.now()
    override.save(update_fields=["ended_by", "ended_at"])


def _meanwhile(before: Override | None) -> str:
    if before is None:
        return _("The decision that you saw was taken back meanwhile. Look at the issue as it stands now, then decide.")
    return _("%(who)s gave it the tier “%(tier)s” meanwhile. Read the reason below, then decide.") % {
        "who": before.by or _("Somebody"),
        "tier": before.tier,
    }


def _short(issue: Issue) -> str:
    return issue.name if len(issue.name) <= LONGEST_NAME else f"{issue.name[: LONGEST_NAME - 1]}…"


def _text(field: str, text: str, missing: str) -> str:
    text = text.strip()
    if not text:
        raise ValidationError({field: missing})
    if len(text) > LONGEST_TEXT:
        told = {"most": f"{LONGEST_TEXT:,}", "length": f"{len(text):,}"}
        raise ValidationError({field: _("At most %(most)s characters; this has %(length)s.") % told})
    return text
