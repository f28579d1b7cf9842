"""What a decided short list comes to: sizes, and which issues it knows.

The record of a decision has a line for every issue, and it never changes. So it is read once in each process, and not
again for every page that needs a number from it.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from scoping.models import Assessment, ShortListDecision, Standing


@dataclass(frozen=True)
class Decided:
    """The issues that a decision knows and those that it put on the list, by their keys."""

    known: frozenset[int]
    listed: frozenset[int]
    against: int  # how many issues it decided otherwise than the marks proposed


def newest_decision(assessment: Assessment, *, applied: bool = False) -> ShortListDecision | None:
    """The newest that was not undone, without its lines; `applied`: of those by which this assessment's survey asks."""
    found = ShortListDecision.objects.filter(assessment=assessment, undone_at=None)
    if applied:
        found = found.filter(applies=True)
    return found.defer("entries").select_related("decided_by").order_by("-version").first()


def decided_of(decision: ShortListDecision) -> Decided:
    # The moment goes with the key, since a database that is set back gives a key again.
    return _decided(decision.pk, decision.decided_at)


@lru_cache(maxsize=256)
def _decided(decision: int, decided_at: datetime) -> Decided:
    entries = ShortListDecision.objects.values_list("entries", flat=True).get(pk=decision)
    return Decided(
        known=frozenset(entry["issue"] for entry in entries),
        listed=frozenset(entry["issue"] for entry in entries if entry["listed"]),
        against=sum(entry["proposed"] is not None and entry["proposed"] != entry["listed"] for entry in entries),
    )


def count_since(assessment: Assessment, decision: ShortListDecision) -> int:
    """How many issues have come since, which nobody screened."""
    now = assessment.issues.exclude(standing=Standing.MERGED).order_by().values_list("pk", flat=True)
    return len(set(now) - decided_of(decision).known)
