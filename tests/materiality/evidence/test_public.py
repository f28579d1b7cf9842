"""The public edition: anybody may have it, so nothing of what stays inside is in any of its files."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from accounts.models import AuditEvent
from accounts.services import record
from materiality.evidence import bundle_of_results, bundle_zip, verifier
from materiality.files import KINDS
from materiality.models import Override, Proposal, Signature
from materiality.publishing.services import FILES, FILES_OF_A_LIST
from materiality.services import Choice, analyse_now, choose_method
from materiality.services.confirming import propose, sign, withdraw_proposal
from materiality.services.reviewing import comment, override_tier, withdraw_override
from scoping.models import Assessment, StakeholderGroup
from surveys.models import Questionnaire
from tests.materiality.conftest import Answer
from tests.materiality.evidence.conftest import contents, documents, report_on
from tests.materiality.evidence.test_damage import owners
from tests.support.factories import AssessmentFactory, IssueFactory
from tests.support.people import House
from tests.surveys.anonymity.reader import IN, OUT, Play

STEP = 37
SECRETS = ("Zurich calls it off.", "Mind the dates.", "Seen by nobody.", "Earlier and wrong.", "Ask the works council.")
LETTER = "Write to analyst@example.org or to Anna."


@pytest.fixture
def told(answered: Assessment, answer: Answer, house: House) -> Proposal:
    """Confirmed after a withdrawn proposal, with remarks, notes, comments and a decision that counts no more."""
    first, note, remark, earlier, said = SECRETS
    for user in (house.owner, house.analyst, house.approver, house.viewer):
        user.name = f"Wilhelmina {user.name}"
        user.save()
    asked = Questionnaire.objects.get()
    asked.content["texts"]["en"] |= {"introduction": LETTER, "group.staff.introduction": LETTER}
    asked.save()
    answer("staff", [4, 0, 2])
    analyse_now(assessment=answered)
    tiers = [tier["name"] for tier in answered.current.run.results["tiers"]]
    one, other = answered.issues.get(code="c"), answered.issues.get(code="b")
    override_tier(assessment=answered, issue=other, tier=tiers[0], reason=earlier, by=house.owner)
    withdraw_override(override=Override.objects.get(), by=house.owner)
    override_tier(assessment=answered, issue=one, tier=tiers[0], reason="A law comes into force.", by=house.analyst)
    comment(assessment=answered, text=said, by=house.viewer)
    withdrawn = withdraw_proposal(
        proposal=propose(assessment=answered, body="the owners", by=house.owner), by=house.owner
    )
    Proposal.objects.filter(pk=withdrawn.pk).update(ended_because=first)
    proposal = propose(assessment=answered, body="the board", by=house.analyst, note=note)
    sign(
        proposal=proposal,
        membership=house.organisation.memberships.get(user=house.approver),
        verdict="confirm",
        means=Signature.Means.PASSWORD,
        digest=proposal.digest,
        remark=remark,
    )
    record(
        organisation=house.organisation, actor=house.owner, subject="members", summary="changed what nobody should read"
    )
    record(organisation=house.organisation, actor=house.owner, subject=answered.slug, summary="looked at it once more")
    return Proposal.objects.get(pk=proposal.pk)


@pytest.fixture
def public(told: Proposal) -> bytes:
    return bundle_zip(told.assessment, told, public=True)


def test_nothing_that_stays_inside_is_in_any_file(told: Proposal, public: bytes, house: House):
    people = [one.user for one in house.organisation.memberships.select_related("user")]
    lines = AuditEvent.objects.exclude(position=None)
    assert (len(people), lines.count() > 5) == (4, True)
    private = [text for user in people for text in (user.name, user.email)]
    private += [text for line in lines for text in (line.summary, line.salt)] + [*SECRETS, LETTER]
    complete = bundle_zip(told.assessment, told).decode(errors="ignore")
    assert {text for text in (*SECRETS[:-1], LETTER, house.approver.name) if text not in complete} == set()
    for name, raw in contents(public).items():
        for text in private:
            assert text.encode() not in raw, (name, text)
            assert json.dumps(text)[1:-1].encode() not in raw, (name, text)
    held = documents(public)
    for name in ("review.json", "confirmation.json", "audit.json"):
        assert not PERSONAL & set(keys_of(held[name])), name
        for user in people:
            assert f'"{user.pk}"'.encode() not in contents(public)[name]
    assert set(keys_of(documents(bundle_zip(told.assessment, told)))) >= PERSONAL


PERSONAL = {"by", "ended_by", "proposed_by", "author", "roles", "remark", "note", "ended_because", "summary", "salt"}


def keys_of(document: Any) -> Iterator[str]:
    if isinstance(document, dict):
        yield from document
    for inside in document.values() if isinstance(document, dict) else document if isinstance(document, list) else ():
        yield from keys_of(inside)


def test_it_holds_and_says_what_it_is_and_leaves_out(told: Proposal, public: bytes):
    report = report_on(contents(public))
    said = report.text()
    assert report.broken == []
    assert "This is the public edition. It leaves out names and identifiers of members, remarks and notes" in said
    assert "3 issues: axes, priorities, ranks and tiers follow from the tallies of 2 groups." in said
    assert "One tier was given by decision, with its reason; all else is as computed." in said
    at = told.signatures.get().at.isoformat()
    assert f"Confirmed by the board: a member as approver (password, {at}). SHA-256 of what was proposed: " in said
    assert verifier.sha256(contents(public)["decided.json"]) == told.digest
    assert "This is the complete edition." in report_on(contents(bundle_zip(told.assessment, told))).text()
    assert documents(public)["manifest.json"]["edition"] == "public"
    assert b"This is the public edition" in contents(public)["README.txt"]


def test_both_editions_tell_the_same_result_decisions_and_chain(told: Proposal, public: bytes):
    complete, held = documents(bundle_zip(told.assessment, told)), documents(public)
    for name in ("run.json", "decided.json", "method.json", "tallies.json"):
        assert held[name] == complete[name]
    [decision] = held["review.json"]["decisions"]
    assert decision == {
        "issue": "c",
        "name": "Issue C",
        "tier": complete["decided.json"]["tiers"][0]["name"],
        "computed_tier": Override.objects.get(ended_at=None).computed_tier,
        "reason": "A law comes into force.",
        "on": complete["review.json"]["decisions"][1]["on"],
        "counts": True,
    }
    [signature] = held["confirmation.json"]["proposal"]["signatures"]
    assert set(signature) == {"role", "verdict", "means", "digest", "at"}
    [other] = held["confirmation.json"]["other_proposals"]
    assert (other["number"], other["body"], other["state"]) == (1, "the owners", "withdrawn")
    lines, last = held["audit.json"]["lines"], complete["audit.json"]["lines"][-1]
    assert {frozenset(line) for line in lines} == {frozenset({"position", "hash", "seal"})}
    assert (lines[-1]["position"], lines[-1]["seal"]) == (last["position"], last["seal"])
    texts = held["questionnaire.json"]["content"]["texts"]["en"]
    assert texts["issue.a.name"] == "Issue A"


def test_a_changed_byte_is_named_by_its_file(public: bytes):
    owner = owners(public)
    for place in range(0, len(public), STEP):
        damaged = bytearray(public)
        damaged[place] ^= 0x04
        report = verifier.Report()
        verifier.check(verifier.unpack(bytes(damaged), report), report)
        assert {name for name, _ in report.broken} == {owner[place]}, place


def seal(held: dict[str, Any]) -> str:
    held["audit.json"]["lines"][-1]["seal"] = "0" * 64
    return "audit.json"


def unsealed(held: dict[str, Any]) -> str:
    del held["audit.json"]["lines"][-1]["seal"]
    return "audit.json"


def hashed_line(held: dict[str, Any]) -> str:
    held["audit.json"]["lines"][1]["hash"] = "0" * 64
    return "audit.json"


def signed_digest(held: dict[str, Any]) -> str:
    held["confirmation.json"]["proposal"]["signatures"][0]["digest"] = "0" * 64
    return "confirmation.json"


def unsigned(held: dict[str, Any]) -> str:
    held["confirmation.json"]["proposal"]["signatures"] = []
    return "confirmation.json"


def decision(held: dict[str, Any]) -> str:
    held["review.json"]["decisions"] = []
    return "decided.json"


def tally(held: dict[str, Any]) -> str:
    held["tallies.json"]["voices"][0]["sums"][0] -= 1
    return "run.json"


def edition(held: dict[str, Any]) -> str:
    held["manifest.json"]["edition"] = "another"
    return "manifest.json"


@pytest.mark.parametrize(
    "change",
    [seal, unsealed, hashed_line, signed_digest, unsigned, decision, tally, edition],
    ids=lambda one: one.__name__,
)
def test_a_change_is_found_though_everything_was_packed_anew(public: bytes, change: Any):
    files = contents(public)
    held = documents(public)
    file = change(held)
    files |= {name: verifier.canonical(document) for name, document in held.items()}
    for name, about in held["manifest.json"]["files"].items():
        about["sha256"] = verifier.sha256(files[name])
    hashes = {name: about["sha256"] for name, about in held["manifest.json"]["files"].items()}
    held["manifest.json"]["digest"] = verifier.digest_of(hashes)
    files["manifest.json"] = verifier.canonical(held["manifest.json"])
    files["manifest.sha256"] = verifier.sealed(files["manifest.json"])
    assert {name for name, _ in report_on(files).broken} == {file}


def test_the_same_state_makes_the_same_bytes(told: Proposal, public: bytes):
    assert bundle_zip(told.assessment, public=True) == public
    assert bundle_of_results(told.document, told.assessment, public=True) == public


def test_without_a_survey_it_holds_too(house: House):
    assessment = AssessmentFactory(organisation=house.organisation, slug="list", with_survey=False)
    IssueFactory(assessment=assessment, code="a", name="Issue A")
    propose(assessment=assessment, body="the board", by=house.analyst)
    packed = bundle_zip(assessment, public=True)
    assert report_on(contents(packed)).broken == []
    assert str(house.analyst.pk) not in json.dumps(documents(packed)["confirmation.json"])


@pytest.mark.parametrize("rule", ["given", "equal", "headcount", "respondents"])
def test_groups_of_few_have_no_number_unless_their_answers_are_their_weight(house: House, rule: str):
    played = Play(house, {"staff": IN, "clients": OUT, "partners": OUT, "press": OUT, "nobody": OUT}, 3)
    for group, people in {"staff": 4, "clients": 7, "partners": 5, "press": 2}.items():
        played.answers(group, people)
    played.closes()
    assessment = Assessment.objects.get()
    StakeholderGroup.objects.filter(assessment=assessment).update(headcount=9)
    choose_method(assessment=assessment, choice=Choice(weights=rule))
    analyse_now(assessment=assessment)
    packed = bundle_zip(assessment, public=True)
    assert report_on(contents(packed)).broken == []
    held = documents(packed)
    groups = {group["code"]: group for group in held["groups.json"]["groups"]}
    weighs = rule == "respondents"
    assert {code: group["answered"] for code, group in groups.items()} == {
        "staff": 4, "clients": 7, "partners": 5, "press": 2 if weighs else None, "nobody": 0
    }  # fmt: skip
    assert {group["headcount"] for group in groups.values()} == {9 if rule == "headcount" else None}
    assert {group["invited"] for group in groups.values()} == {None}
    people = {"+".join(voice["groups"]): voice["respondents"] for voice in held["tallies.json"]["voices"]}
    assert people == {"staff": 4, "clients": 7, "partners": 5, "press": None, "partners+press": 7, "nobody": 0}


def test_public_pages_offer_this_edition_and_no_other():
    offered = {kind for kind, _ in (*FILES, *FILES_OF_A_LIST)}
    assert "public-bundle" in offered
    assert "bundle" not in offered
    assert offered <= set(KINDS)
