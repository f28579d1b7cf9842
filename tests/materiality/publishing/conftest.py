"""Confirmed results: of a survey, and by hand with whatever issues a test needs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Membership
from materiality.models import Proposal, Publication
from materiality.publishing.document import public_document
from materiality.publishing.services import publish
from materiality.review.decided import digest_of
from materiality.services import analyse_now, propose, sign
from scoping.models import Assessment
from surveys.services import close_survey
from tests.materiality import documents
from tests.materiality.years import result_of
from tests.support.factories import AssessmentFactory, IssueFactory
from tests.support.people import House

Confirm = Callable[..., Proposal]
Show = Callable[..., Publication]
BODY = "the board of directors"


# --- of a survey, through the services ------------------------------------------------------------------------
@pytest.fixture
def confirmed(answered: Assessment, house: House) -> Proposal:
    """a, b and c in High, Moderate and Minor."""
    close_survey(survey=answered.survey)
    analyse_now(assessment=answered)
    return approve(house, propose(assessment=answered, body=BODY, by=house.analyst))


@pytest.fixture
def public(confirmed: Proposal, house: House) -> Publication:
    return publish(proposal=confirmed, by=house.analyst)


def approve(house: House, proposal: Proposal) -> Proposal:
    approver = Membership.objects.get(organisation=house.organisation, user=house.approver)
    return sign(proposal=proposal, membership=approver, verdict="confirm", means="password", digest=proposal.digest)


# --- by hand, rows only ---------------------------------------------------------------------------------------
@pytest.fixture
def bare(house: House) -> Assessment:
    """Without a survey of its own; its results are put there."""
    return AssessmentFactory(organisation=house.organisation, slug="bare-2022", company="Bare Ltd.")


@pytest.fixture
def confirm(house: House) -> Confirm:
    """confirm(assessment, *issues of a results document, **fields of it): a proposal that is confirmed."""

    def make(assessment: Assessment, *issues: dict[str, Any], **fields: Any) -> Proposal:
        known = set(assessment.issues.values_list("code", flat=True))
        about = {"company_name": assessment.company, "title": assessment.name}
        run = result_of(assessment, *issues, **(about | fields))
        for place, row in enumerate(run.results["issues"]):
            if row["code"] not in known:
                IssueFactory(assessment=assessment, code=row["code"], name=row["name"], position=place)
        return Proposal.objects.create(
            assessment=assessment, number=1, run=run, document=run.results, digest=digest_of(run.results), body=BODY,
            state="confirmed", confirmed_at=timezone.now(), proposed_by=house.analyst,
        )  # fmt: skip

    return make


@pytest.fixture
def show(confirm: Confirm) -> Show:
    """show(assessment, *issues, **fields): the same, and public."""

    def make(assessment: Assessment, *issues: dict[str, Any], **fields: Any) -> Publication:
        proposal = confirm(assessment, *issues, **fields)
        return Publication.objects.create(assessment=assessment, proposal=proposal, document=public_document(proposal))

    return make


def many(number: int, **fields: Any) -> list[dict[str, Any]]:
    """`number` issues spread over the matrix, a third of them High."""
    rows = []
    for place in range(number):
        score = 5 - 4 * (place + 0.5) / number
        shift = 0.4 * (place % 5 - 2) / 2
        row = documents.issue(f"issue-{place}", place + 1, "High" if place * 3 < number else "Minor", 0.97)
        company, stakeholders = max(1.0, min(5.0, score + shift)), max(1.0, min(5.0, score - shift))
        rows.append(
            row
            | {
                "name": f"Issue of some length, number {place + 1}",
                "company": company,
                "stakeholders": stakeholders,
                "priority": (company + stakeholders) / 2,
                "company_interval": [company - 0.15, company + 0.15],
                "stakeholders_interval": [stakeholders - 0.1, stakeholders + 0.1],
                "category": ("Environment", "Social", "Governance")[place % 3],
            }
            | fields
        )
    return rows
