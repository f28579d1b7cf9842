"""The decided result: the document of a run with the tiers that the working group gave in place of computed ones.

Everything that shows the current result shows this. Where nothing was decided otherwise it equals the run's document.
Pure: documents in, documents out.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class GivenTier:
    """A tier given by decision: which, why, and on which day."""

    tier: str
    reason: str
    on: date


def decide(results: Mapping[str, Any], given: Mapping[str, GivenTier]) -> dict[str, Any]:
    """`results` with the tiers in `given`, by the codes of issues.

    An issue with a decision gets "decision": {"tier", "reason", "on", "computed_tier"}, and its "tier" is the decided
    one; "tiers" count anew and keep their "computed_count". Ranks, scores and probabilities stay as computed.
    Decisions about issues or tiers that the result does not know have no effect, nor those about issues without a
    rank, which have no place in it; one that says what was computed anyway stays visible.
    """
    known = {tier["name"] for tier in results["tiers"]}
    given = {code: one for code, one in given.items() if one.tier in known}
    issues = [
        issue | _decision(given[issue["code"]], issue["tier"])
        if issue["code"] in given and issue["rank"] is not None
        else issue
        for issue in results["issues"]
    ]
    if not any("decision" in issue for issue in issues):
        return dict(results)
    tiers = [
        tier | {"count": sum(issue["tier"] == tier["name"] for issue in issues), "computed_count": tier["count"]}
        for tier in results["tiers"]
    ]
    return {**results, "issues": issues, "tiers": tiers}


def _decision(given: GivenTier, computed: str | None) -> dict[str, Any]:
    told = {"tier": given.tier, "reason": given.reason, "on": given.on.isoformat(), "computed_tier": computed}
    return {"tier": given.tier, "decision": told}


def decision_of(issue: Mapping[str, Any]) -> dict[str, Any] | None:
    """The decision on an issue of a decided result; None where its tier is the computed one."""
    found: dict[str, Any] | None = issue.get("decision")
    return found


def computed_tier(issue: Mapping[str, Any]) -> str | None:
    """The tier that was computed, of which probabilities speak; None without one."""
    decision = decision_of(issue)
    tier: str | None = decision["computed_tier"] if decision else issue["tier"]
    return tier


def moved_by_decision(results: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The issues that stand in another tier than was computed, by rank."""
    return [issue for issue in results["issues"] if computed_tier(issue) != issue["tier"]]


def digest_of(document: Mapping[str, Any]) -> str:
    """SHA-256 over `document` as JSON with sorted keys: what a signature is given to."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
