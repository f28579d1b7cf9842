"""The documents of an evidence bundle, each as JSON.

People who only worked on a result stand in them as their ids; those who signed it stand with their names, since that
is what a signature is for.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import Membership
from materiality.models import Override, Proposal
from scoping.models import Assessment
from surveys.models import Questionnaire


def groups_document(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The groups with what their weights come from."""
    return {"format": inputs["format"], "groups": inputs["groups"]}


def tallies_document(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """What the engine was given of each voice: of every issue the number of ratings and their sum, after protection."""
    return {name: inputs[name] for name in ("format", "scale", "issues", "voices")}


def review_document(assessment: Assessment, decided: Mapping[str, Any]) -> dict[str, Any]:
    """Every tier that was ever given by decision, the oldest first, with whether it counts in `decided`; and the roles
    of the people concerned."""
    found = Override.objects.filter(assessment=assessment).select_related("issue").order_by("at", "pk")
    # Of two decisions that read the same the later one counts: it ended the other.
    counting = {_as_decided(one): one.pk for one in found}
    told = [(issue["code"], issue.get("decision")) for issue in decided["issues"]]
    counts = {
        counting.get((code, decision["tier"], decision["reason"], decision["on"]))
        for code, decision in told
        if decision
    }
    decisions = [
        {
            "issue": one.issue.code,
            "name": one.issue.name,
            "tier": one.tier,
            "computed_tier": one.computed_tier or None,
            "reason": one.reason,
            "on": _as_decided(one)[-1],
            "by": _id(one.by_id),
            "at": _time(one.at),
            "ended_by": _id(one.ended_by_id),
            "ended_at": _time(one.ended_at),
            "counts": one.pk in counts,
        }
        for one in found
    ]
    people = {_id(user) for one in found for user in (one.by_id, one.ended_by_id) if user}
    return {"decisions": decisions, "roles": _roles(assessment, people)}


def _as_decided(one: Override) -> tuple[str, str, str, str]:
    """What a decided result says of an override: issue, tier, reason and day."""
    return one.issue.code, one.tier, one.reason, timezone.localdate(one.at).isoformat()


def confirmation_document(assessment: Assessment, proposal: Proposal | None) -> dict[str, Any]:
    """The proposal whose document the bundle holds with its signatures, and what became of the others."""
    others = assessment.proposals.order_by("number")
    if proposal:
        others = others.exclude(pk=proposal.pk)
    return {
        "proposal": proposal and _proposal(proposal),
        "other_proposals": [
            {
                "number": one.number,
                "digest": one.digest,
                "body": one.body,
                "state": one.state,
                "proposed_at": _time(one.proposed_at),
                "ended_at": _time(one.ended_at),
                "ended_because": one.ended_because,
            }
            for one in others
        ],
    }


def questionnaire_document(questionnaire: Questionnaire) -> dict[str, Any]:
    """What was asked, of whom and in which words; nothing of what was answered."""
    content = dict(questionnaire.content)
    return {
        "version": questionnaire.version,
        "scale": [questionnaire.scale_low, questionnaire.scale_high],
        "items": [
            {"position": item.position, "code": item.code, "name": item.name, "dimension": item.dimension}
            for item in questionnaire.items.order_by("position")
        ],
        # Groups by their codes: the numbers of rows mean nothing outside.
        "content": content | {"groups": list(content.get("groups", {}).values())},
    }


def _proposal(proposal: Proposal) -> dict[str, Any]:
    return {
        "number": proposal.number,
        "digest": proposal.digest,
        "body": proposal.body,
        "meeting_on": proposal.meeting_on.isoformat() if proposal.meeting_on else None,
        "note": proposal.note,
        "people_needed": proposal.people_needed,
        "state": proposal.state,
        "proposed_by": _id(proposal.proposed_by_id),
        "proposed_at": _time(proposal.proposed_at),
        "confirmed_at": _time(proposal.confirmed_at),
        "ended_at": _time(proposal.ended_at),
        "ended_because": proposal.ended_because,
        "signatures": [
            {
                "name": one.name,
                "role": one.role,
                "by": _id(one.by_id),
                "verdict": one.verdict,
                "remark": one.remark,
                "means": one.means,
                "digest": one.digest,
                "at": _time(one.at),
            }
            for one in proposal.signatures.all()
        ],
    }


def _roles(assessment: Assessment, people: Iterable[str]) -> dict[str, str]:
    """What those of them who are members still may do, by their ids."""
    members = Membership.objects.filter(organisation=assessment.organisation, user__in=list(people))
    return {_id(user): role for user, role in members.order_by("user").values_list("user", "role")}


def _id(user: object) -> str:
    return "" if user is None else str(user)


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
