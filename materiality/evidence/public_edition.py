"""The public edition of a bundle: for anybody, so with nothing of what the working group says to itself.

What is written by people, and of groups of few, is made anew of what is named here; what the documents get later stays
inside until it is named too. The results stay as they are: what was signed is their hash.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from accounts import audit

DECISION_KEYS = ("issue", "name", "tier", "computed_tier", "reason", "on", "counts")
PROPOSAL_KEYS = ("number", "digest", "body", "people_needed", "state", "proposed_at", "confirmed_at", "ended_at")
SIGNATURE_KEYS = ("role", "verdict", "means", "digest", "at")
OTHER_KEYS = ("number", "digest", "body", "state", "proposed_at", "ended_at")
# Texts of a questionnaire that are letters to those who are asked: they may name whom to write to.
LETTERS = ("introduction", "privacy_note", "closing")
# Which numbers of people the rules for weights look at, beyond whether anybody answered.
WEIGHED_BY = {
    "headcount": ("headcount",),
    "respondents": ("answered",),
    "response_rate": ("answered", "headcount", "invited"),
}
NUMBERS = ("answered", "headcount", "invited")
_OF_A_LINE = ("position", "salt", "author", "at", "subject", "summary")


def public_edition(held: Mapping[str, Any]) -> dict[str, Any]:
    """The documents of a bundle by file name, as anybody may have them."""
    method, fewest = held.get("method.json", {}), held.get("run.json", {}).get("minimum_group", 1)
    made: dict[str, Callable[[Any], dict[str, Any]]] = {
        "review.json": public_review,
        "confirmation.json": public_confirmation,
        "audit.json": public_audit,
        "questionnaire.json": public_questionnaire,
        "groups.json": lambda groups: public_groups(groups, rule=method["weights"], fewest=fewest),
        "tallies.json": lambda tallies: public_tallies(tallies, fewest=fewest),
    }
    return {name: made[name](document) if name in made else document for name, document in held.items()}


def public_review(review: Mapping[str, Any]) -> dict[str, Any]:
    """The decisions that count, with reason and day: those that the result itself tells. Who gave them is left out."""
    return {"decisions": [_chosen(one, DECISION_KEYS) for one in review["decisions"] if one["counts"]]}


def public_confirmation(confirmation: Mapping[str, Any]) -> dict[str, Any]:
    """What was put before whom and what became of it; signatures by role, without names and remarks."""
    proposal = confirmation["proposal"]
    signed = proposal and {"signatures": [_chosen(one, SIGNATURE_KEYS) for one in proposal["signatures"]]}
    return {
        "proposal": proposal and _chosen(proposal, PROPOSAL_KEYS) | signed,
        "other_proposals": [_chosen(one, OTHER_KEYS) for one in confirmation["other_proposals"]],
    }


def public_audit(excerpt: Mapping[str, Any]) -> dict[str, Any]:
    """The chain in hashes alone, of all lines alike; the seals can be compared with other bundles."""
    seal, lines = excerpt["seal_before"], []
    for line in excerpt["lines"]:
        hashed = _hash(line)
        seal = audit.next_seal(seal, hashed)
        lines.append({"position": line["position"], "hash": hashed, "seal": line.get("seal", seal)})
    return {"seal_before": excerpt["seal_before"], "lines": lines}


def public_questionnaire(questionnaire: Mapping[str, Any]) -> dict[str, Any]:
    """What was asked, without the letters around it."""
    content = questionnaire["content"]
    texts = {
        language: {key: text for key, text in own.items() if key.rpartition(".")[2] not in LETTERS}
        for language, own in content["texts"].items()
    }
    return {**questionnaire, "content": {**content, "texts": texts}}


def public_groups(groups: Mapping[str, Any], *, rule: str, fewest: int) -> dict[str, Any]:
    """The groups with what their weights come from: numbers of people only where `rule` weighs by them.

    How many of a group have answered is told from `fewest` on; of fewer it is None. Where groups weigh by their answers
    it is told of all that weigh: the result tells the weights, and by them those numbers.
    """
    told = []
    for group in groups["groups"]:
        used = () if group["given"] == "0" else WEIGHED_BY.get(rule, ())
        left_out = {name: None for name in NUMBERS if name not in used}
        if "answered" in left_out and (not group["answered"] or group["answered"] >= fewest):
            del left_out["answered"]
        told.append({**group, **left_out})
    return {**groups, "groups": told}


def public_tallies(tallies: Mapping[str, Any], *, fewest: int) -> dict[str, Any]:
    """The tallies; of a voice of fewer than `fewest` people, of whom no rating is told either, the number is None."""
    # Older runs tell the number in their tallies.
    few = [0 < (voice["respondents"] or 0) < fewest and not any(voice["ratings"]) for voice in tallies["voices"]]
    voices = [
        {**voice, "respondents": None} if is_few else voice
        for voice, is_few in zip(tallies["voices"], few, strict=True)
    ]
    return {**tallies, "voices": voices}


def _hash(line: Mapping[str, Any]) -> str:
    return str(line["hash"]) if "hash" in line else audit.hash_of(_chosen(line, _OF_A_LINE))


def _chosen(row: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    return {key: row[key] for key in keys}
