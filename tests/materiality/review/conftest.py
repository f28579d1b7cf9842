"""An analysed assessment of three issues in two tiers: a and b are High, c is Minor, and all three are close."""

from collections.abc import Callable

import pytest

from materiality.models import AnalysisRun, CurrentRun, Override, Proposal, ProposalState
from materiality.review.decided import digest_of
from materiality.services import override_tier
from scoping.models import Assessment
from tests.materiality.documents import issue
from tests.materiality.years import result_of
from tests.support.people import House

Give = Callable[..., Override]


@pytest.fixture
def reviewed(assessment: Assessment) -> Assessment:
    result_of(assessment, *issues())
    return assessment


def issues() -> list[dict]:
    return [
        issue("a", 1, "High", 0.99, name="Issue A"),
        issue("b", 2, "High", 0.8, name="Issue B", contested=True),
        issue("c", 3, "Minor", 0.9, name="Issue C"),
    ]


@pytest.fixture
def give(reviewed: Assessment, house: House) -> Give:
    """give("c", "High", "Clients ask for it."): the analyst gives the issue that tier."""

    def given(code: str, tier: str, reason: str = "Clients ask for it.", **more) -> Override:
        one = reviewed.issues.get(code=code)
        return override_tier(assessment=reviewed, issue=one, tier=tier, reason=reason, by=house.analyst, **more)

    return given


def current(assessment: Assessment) -> AnalysisRun:
    return CurrentRun.objects.get(assessment=assessment).run


def lock(assessment: Assessment, state: ProposalState = ProposalState.OPEN) -> Proposal:
    """A proposal of the current result, put there without the services."""
    run = current(assessment)
    confirmed_at = run.created_at if state == ProposalState.CONFIRMED else None
    return Proposal.objects.create(
        assessment=assessment, number=1, run=run, document=run.results, digest=digest_of(run.results),
        body="the board of directors", state=state, confirmed_at=confirmed_at,
    )  # fmt: skip
