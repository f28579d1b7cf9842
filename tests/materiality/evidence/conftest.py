"""A result that was computed, decided and confirmed, and its bundle."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from materiality.evidence import bundle_zip, verifier
from materiality.models import Proposal, Signature
from materiality.services import analyse_now
from materiality.services.confirming import propose, sign
from materiality.services.reviewing import override_tier
from scoping.models import Assessment
from tests.materiality.conftest import Answer
from tests.support.people import House


def contents(packed: bytes) -> dict[str, bytes]:
    """As any program that reads ZIP files unpacks it."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def documents(packed: bytes) -> dict[str, Any]:
    return {name: json.loads(raw) for name, raw in contents(packed).items() if name.endswith(".json")}


def report_on(files: dict[str, bytes]) -> verifier.Report:
    report = verifier.Report()
    verifier.check(files, report)
    return report


@pytest.fixture
def override(answered: Assessment, answer: Answer, house: House) -> Assessment:
    """With a result in which the analyst gave Issue C another tier."""
    answer("staff", [4, 0, 2])
    analyse_now(assessment=answered)
    issue = answered.issues.get(code="c")
    tier = answered.current.run.results["tiers"][0]["name"]
    override_tier(assessment=answered, issue=issue, tier=tier, reason="A law comes into force.", by=house.analyst)
    return answered


@pytest.fixture
def confirmed(override: Assessment, house: House) -> Proposal:
    proposal = propose(assessment=override, body="the board", by=house.analyst)
    membership = house.organisation.memberships.get(user=house.approver)
    sign(
        proposal=proposal,
        membership=membership,
        verdict="confirm",
        means=Signature.Means.PASSWORD,
        digest=proposal.digest,
    )
    return Proposal.objects.get(pk=proposal.pk)


@pytest.fixture
def packed(confirmed: Proposal) -> bytes:
    return bundle_zip(confirmed.assessment, confirmed)


Change = Callable[[dict[str, Any]], None]


@pytest.fixture
def forged(packed: bytes) -> Callable[[Change], verifier.Report]:
    """What the program says of a bundle in which somebody changed documents and packed everything anew."""

    def forge(change: Change) -> verifier.Report:
        files = contents(packed)
        held = {name: json.loads(raw) for name, raw in files.items() if name.endswith(".json")}
        before = json.dumps(held, sort_keys=True)
        change(held)
        assert json.dumps(held, sort_keys=True) != before
        files |= {name: verifier.canonical(document) for name, document in held.items()}
        hashes = {name: verifier.sha256(files[name]) for name in held["manifest.json"]["files"]}
        for name, about in held["manifest.json"]["files"].items():
            about["sha256"] = hashes[name]
        held["manifest.json"]["digest"] = verifier.digest_of(hashes)
        files["manifest.json"] = verifier.canonical(held["manifest.json"])
        files["manifest.sha256"] = verifier.sealed(files["manifest.json"])
        return report_on(files)

    return forge
