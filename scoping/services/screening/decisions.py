"""Deciding the short list, and taking a decision back. Each decision is a record that stays.

Once the survey has opened, a decision is a version for the next assessment, and the open one keeps its questions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from scoping.models import Assessment, Phase, ShortListDecision, Standing
from scoping.selectors.screening import (
    GivenMark,
    ScreenedIssue,
    Screening,
    current_decision,
    markers_of,
    reasons_of,
    screening_of,
)
from scoping.services.scope import hold, note
from scoping.wording import enumerated, noun
from tables.names import tidy

# A ranking needs two.
FEWEST_ISSUES = 2


@dataclass(frozen=True)
class Overrule:
    """That an issue (its id) is on the short list or not whatever the marks propose, and why."""

    issue: int
    listed: bool
    reason: str


@transaction.atomic
def decide_short_list(
    *,
    assessment: Assessment,
    overrules: Sequence[Overrule] = (),
    remark: str = "",
    seen: Mapping[int, bool | None] | None = None,
    for_survey: bool | None = None,
    by: User | None = None,
) -> ShortListDecision:
    """
    Records the short list as the marks propose it and `overrules` change it. Until the survey opens, the issues are
    listed or left out accordingly; afterwards the record is for the next assessment. Issues without a proposal stay.

    `seen` are the proposals that the person looked at, by issue, and `for_survey` is what they were told the decision
    is for: where either has changed since, nothing is decided.

    Raises
    ------
    ValidationError
        An overruled issue without a reason (by name), fewer than two issues left. Code "stale": an issue that has
        gone, or what has changed since the person looked.
    """
    held = hold(assessment)
    applies = held.phase == Phase.SCOPING
    if for_survey is not None and for_survey != applies:
        raise ValidationError(
            _(
                "The survey has opened while you were deciding, so it keeps the list it has. Nothing is decided yet: "
                "what you decide now is for the next assessment."
            ),
            code="stale",
        )
    screening = screening_of(held)
    wanted = {overrule.issue: overrule for overrule in overrules}
    _require_same_proposals(screening, wanted, seen)
    reasons = reasons_of(held, screening.criteria)
    entries = [_entry(issue, wanted.get(issue.id), reasons.get(issue.id, [])) for issue in screening.issues]
    # What nobody marked stays, so leaving it out wants a reason too.
    unexplained = [
        entry["name"] for entry in entries if entry["listed"] is (entry["proposed"] is False) and not entry["reason"]
    ]
    if unexplained:
        raise ValidationError(
            [_("“%(name)s”: say why you decide against the proposal.") % {"name": name} for name in unexplained]
        )
    kept = [entry["issue"] for entry in entries if entry["listed"]]
    if len(kept) < FEWEST_ISSUES:
        raise ValidationError(
            ngettext(
                "This would leave %(n)s issue on the short list, and a ranking needs at least %(fewest)s. Keep more "
                "issues, or lower the threshold.",
                "This would leave %(n)s issues on the short list, and a ranking needs at least %(fewest)s. Keep more "
                "issues, or lower the threshold.",
                len(kept),
            )
            % {"n": len(kept), "fewest": FEWEST_ISSUES}
        )
    newest = held.short_list_decisions.first()
    decision = ShortListDecision.objects.create(
        assessment=held,
        version=newest.version + 1 if newest else 1,
        decided_by=by,
        note=remark.strip(),
        rule=_rule_record(held, screening),
        entries=entries,
        applies=applies,
    )
    if applies:
        issues = held.issues.filter(pk__in=[entry["issue"] for entry in entries])
        issues.filter(pk__in=kept).exclude(standing=Standing.LISTED).update(standing=Standing.LISTED)
        issues.exclude(pk__in=kept).exclude(standing=Standing.LEFT_OUT).update(standing=Standing.LEFT_OUT)
    against = sum(entry["proposed"] is not None and entry["proposed"] != entry["listed"] for entry in entries)
    summary = f"decided version {decision.version} of the short list: {len(kept)} of {_issues(len(entries))}"
    note(held, by, f"{summary}, {against} against the proposal" if against else summary)
    return decision


@transaction.atomic
def undo_decision(*, assessment: Assessment, version: int, by: User | None = None) -> ShortListDecision:
    """
    Takes back the newest decision: every issue is listed or left out as it was before. The record stays.

    Raises
    ------
    ValidationError
        The survey has opened, or `version` is not the newest that was not undone.
    """
    held = hold(assessment)
    if held.phase != Phase.SCOPING:
        raise ValidationError(
            _(
                "The survey has opened and asks about this list, so the decision stays. Decide again: that makes a "
                "new version, for the next assessment."
            )
        )
    decision = current_decision(held)
    if decision is None or decision.version != version:
        newest = (
            _("Version %(version)s is the newest one: undo that first.") % {"version": decision.version}
            if decision
            else _("None is left to undo.")
        )
        raise ValidationError(
            _("Version %(version)s cannot be undone. %(newest)s") % {"version": version, "newest": newest}
        )
    # What was merged since stays merged, until somebody undoes that too; what was removed stays away.
    issues, merged = held.issues.exclude(standing=Standing.MERGED), held.issues.filter(standing=Standing.MERGED)
    for standing in {entry["before"] for entry in decision.entries}:
        before = [entry["issue"] for entry in decision.entries if entry["before"] == standing]
        issues.filter(pk__in=before).exclude(standing=standing).update(standing=standing)
        merged.filter(pk__in=before).update(standing_before=standing)
    decision.undone_at, decision.undone_by = timezone.now(), by
    decision.save(update_fields=["undone_at", "undone_by"])
    note(held, by, f"undid version {version} of the short list")
    return decision


def _require_same_proposals(
    screening: Screening, overrules: Mapping[int, Overrule], seen: Mapping[int, bool | None] | None
) -> None:
    proposals = {issue.id: issue.outcome.proposal for issue in screening.issues}
    names = {issue.id: issue.name for issue in screening.issues}
    if seen is None:
        seen = proposals
    changed = [names[pk] for pk, proposal in proposals.items() if pk not in seen or seen[pk] is not proposal]
    gone = {*seen, *overrules} - set(proposals)
    if not changed and not gone:
        return
    what = (
        [_("the proposal for %(names)s") % {"names": enumerated([f"“{name}”" for name in changed], most=3)}]
        if changed
        else []
    )
    what += (
        [ngettext("%(n)s issue left the list", "%(n)s issues left the list", len(gone)) % {"n": len(gone)}]
        if gone
        else []
    )
    raise ValidationError(
        _(
            "Marks or issues have changed while you were deciding: %(what)s. Nothing is decided yet. Below is the "
            "list as "
            "it is now, with what you had entered: look again, then decide."
        )
        % {"what": enumerated(what)},
        code="stale",
    )


def _entry(issue: ScreenedIssue, overrule: Overrule | None, reasons: Sequence[GivenMark]) -> dict[str, Any]:
    """An issue as the record keeps it. Numbers are exact fractions in text."""
    return {
        "issue": issue.id,
        "code": issue.code,
        "name": issue.name,
        "total": _text(issue.outcome.total),
        "means": [_text(cell.mean) for cell in issue.cells],
        "proposed": issue.outcome.proposal,
        "listed": overrule.listed if overrule else issue.by_default,
        "reason": tidy(overrule.reason) if overrule else "",
        "marks": [
            {"criterion": mark.place, "by": mark.member, "value": mark.value, "reason": mark.reason} for mark in reasons
        ],
        "before": issue.standing,
    }


def _rule_record(assessment: Assessment, screening: Screening) -> dict[str, Any]:
    return {
        "rule": assessment.short_list_rule,
        "threshold": screening.threshold,
        "criteria": [
            {"name": criterion.name, "description": criterion.description, "must_have": criterion.must_have}
            for criterion in screening.criteria
        ],
        "markers": [
            {"name": marker.name, "issues": marker.marked + marker.begun}
            for marker in markers_of(assessment)
            if marker.marked or marker.begun
        ],
    }


def _text(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _issues(count: int) -> str:
    return f"{count} {noun(count, 'issue')}"
