"""Two years with results, put there without a survey: what a comparison reads, and nothing else."""

from typing import Any
from uuid import uuid4

from materiality.models import AnalysisRun, CurrentRun
from scoping.models import Assessment, Issue, Predecessor
from tests.materiality import documents
from tests.support.factories import IssueFactory

SURE = 0.99


def placed(
    code: str, rank: int, tier: str, priority: float, *, half: float | None = 0.1, **fields: Any
) -> dict[str, Any]:
    """An issue of a results document; `half` is half of its interval of priority, None where there is none."""
    known = half is not None
    found = documents.issue(code, rank, tier, SURE) | {
        "priority": priority,
        "priority_interval": [priority - (half or 0), priority + (half or 0)] if known else None,
        "rank_interval": [max(rank - 1, 1), rank + 1] if known else None,
    }
    if not known:
        found["tier_probability"] = {}
    return found | fields


def result_of(assessment: Assessment, *issues: dict[str, Any], **fields: Any) -> AnalysisRun:
    """Makes a document with these issues the current run of `assessment`."""
    run = AnalysisRun.objects.create(
        assessment=assessment,
        digest=uuid4().hex,
        engine="2.0",
        seed=42,
        parameters={},
        results=documents.results(*issues, **fields),
        respondents=fields.get("respondents", 20),
        simulated_respondents=fields.get("simulated", 0),
    )
    CurrentRun.objects.update_or_create(assessment=assessment, defaults={"run": run})
    return run


def listed(assessment: Assessment, *codes: str) -> list[Issue]:
    return [
        IssueFactory(assessment=assessment, code=code, name=code.title(), position=place)
        for place, code in enumerate(codes)
    ]


def link(now: Assessment, before: Assessment, **pairs: str) -> None:
    """link(now, before, water="water energy"): the issue "water" continues both."""
    theirs = {issue.code: issue for issue in before.issues.all()}
    for issue in now.issues.all():
        for code in pairs.get(issue.code, "").split():
            Predecessor.objects.create(issue=issue, previous=theirs[code])
