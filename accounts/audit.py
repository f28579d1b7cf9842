"""The chain of the audit trail: each line is sealed together with all that came before it.

A seal is SHA-256 over the seal before it and the hash of its line. So nobody can change, leave out or put in a line
without changing every seal after it, and whoever kept one seal can tell. Lines are sealed soon after they were written
and not while they are written, so that those who write need not wait for one another: the chain's order is the order
of sealing.
"""

import hashlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.db import transaction
from django.db.models import Max, Min

from accounts.models import AuditEvent, Organisation

# The seal before the first line.
NO_SEAL = "0" * 64
_BATCH = 500
_SALT_BYTES = 16


@dataclass(frozen=True)
class Break:
    """Where a chain does not hold: at which place, and what is wrong there."""

    position: int
    why: str


def seal(organisation: Organisation) -> int:
    """Seal the lines of `organisation` that have no seal yet, in the order in which they were written; says how many.

    A line whose transaction ended late gets the next place.
    """
    sealed = batch = _seal_some(organisation)
    while batch == _BATCH:
        batch = _seal_some(organisation)
        sealed += batch
    return sealed


def seal_new() -> None:
    """A sweep: seals what is new in every organisation."""
    waiting = AuditEvent.objects.filter(position=None).order_by().values_list("organisation", flat=True).distinct()
    for organisation in Organisation.objects.filter(pk__in=list(waiting)):
        seal(organisation)


@transaction.atomic
def _seal_some(organisation: Organisation) -> int:
    # The lock keeps two sealers from continuing the chain at the same place. Lines can be written meanwhile.
    list(Organisation.objects.select_for_update(no_key=True).filter(pk=organisation.pk))
    last = organisation.events.exclude(position=None).order_by("-position").values_list("position", "seal").first()
    place, before = (last[0] or 0, last[1]) if last else (0, NO_SEAL)
    lines = list(organisation.events.filter(position=None).order_by("pk")[:_BATCH])
    for position, line in enumerate(lines, place + 1):
        line.position, line.salt, line.author = position, secrets.token_hex(_SALT_BYTES), str(line.actor_id or "")
        before = next_seal(before, hash_of(told(line)))
        # One by one: Django takes several times as long to put many rows into one statement.
        own = AuditEvent.objects.filter(pk=line.pk)
        own.update(position=position, salt=line.salt, author=line.author, seal=before)
    return len(lines)


def told(line: AuditEvent) -> dict[str, Any]:
    """What the hash of a sealed line is taken of."""
    return {
        "position": line.position,
        "salt": line.salt,
        "author": line.author,
        "at": line.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "subject": line.subject,
        "summary": line.summary,
    }


def hash_of(told: dict[str, Any]) -> str:
    """SHA-256 of a line as JSON with sorted keys and no spaces."""
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def next_seal(before: str, line: str) -> str:
    """The seal of the line with that hash, after the seal before it."""
    return hashlib.sha256((before + line).encode()).hexdigest()


def verify_chain(organisation: Organisation) -> Break | None:
    """The first place at which the chain does not hold; None where all of it does. Lines without a seal are passed."""
    expected, before = 1, NO_SEAL
    for line in _sealed(organisation):
        if line.position != expected:
            return Break(expected, "the line is missing")
        if line.actor_id is not None and str(line.actor_id) != line.author:
            return Break(expected, "somebody else is said to have done it")
        before = next_seal(before, hash_of(told(line)))
        if line.seal != before:
            return Break(expected, "line and seal do not belong together")
        expected += 1
    return None


def excerpt(organisation: Organisation, subject: str) -> dict[str, Any]:
    """The lines about `subject` with all that is needed to check that they are a part of the chain.

    Returns
    -------
    {"seal_before", "lines"} : from the first to the last line about `subject`. Those lines are told, with their seals;
    of the others only the hash is.
    """
    own = organisation.events.filter(subject=subject).exclude(position=None)
    ends = own.aggregate(first=Min("position"), last=Max("position"))
    first, last = ends["first"], ends["last"]
    if first is None:
        return {"seal_before": NO_SEAL, "lines": []}
    before = organisation.events.filter(position=first - 1).values_list("seal", flat=True).first() or NO_SEAL
    lines = [
        {**told(line), "seal": line.seal}
        if line.subject == subject
        else {"position": line.position, "hash": hash_of(told(line))}
        for line in _sealed(organisation, first, last)
    ]
    return {"seal_before": before, "lines": lines}


def _sealed(organisation: Organisation, first: int = 1, last: int | None = None) -> Iterator[AuditEvent]:
    lines = organisation.events.filter(position__gte=first).order_by("position")
    return (lines if last is None else lines.filter(position__lte=last)).iterator(chunk_size=2000)
