"""Proposals by hand for the tests of meeting papers: rows only, with documents of any names."""

from typing import Any
from uuid import uuid4

from materiality.models import AnalysisRun, Proposal
from materiality.review.decided import digest_of
from scoping.models import Assessment


def proposed(assessment: Assessment, document: dict[str, Any], **fields: Any) -> Proposal:
    """A proposal of a result."""
    run = AnalysisRun.objects.create(
        assessment=assessment,
        digest=uuid4().hex,
        engine="2.0",
        seed=1,
        parameters={},
        results=document,
        respondents=document["respondents"],
    )
    return _row(assessment, document, run=run, **fields)


def proposed_list(assessment: Assessment, names: list[str], **fields: Any) -> Proposal:
    """A proposal of a list where no survey is held."""
    issues = [
        {"code": f"issue-{number}", "name": name, "category": "Social" if number % 2 else "", "tier": None}
        for number, name in enumerate(names)
    ]
    about = {"assessment": assessment.slug, "title": assessment.name, "company_name": assessment.company}
    document = {**about, "reporting_period": assessment.reporting_period, "issues": issues}
    return _row(assessment, document, run=None, **fields)


def _row(assessment: Assessment, document: dict[str, Any], **fields: Any) -> Proposal:
    last = assessment.proposals.count()
    usual = {"number": last + 1, "body": "the board of directors", "digest": digest_of(document)}
    return Proposal.objects.create(assessment=assessment, document=document, **(usual | fields))
