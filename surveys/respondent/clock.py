"""How long an answer took: the form carries the signed moment of its making, and nothing is stored of it but the
difference, in steps too coarse to find the moment again."""

import time

from django.core.signing import BadSignature, Signer

STEP_SECONDS = 5
LONGEST_SECONDS = 7_200
_SALT = "surveys.respondent.opened"


def stamp() -> str:
    """The moment now, signed, for a field of the form."""
    return Signer(salt=_SALT).sign(str(int(time.time())))


def seconds_since(stamped: str) -> int | None:
    """Seconds since the moment of a stamp, up to the next step of 5, at most two hours.

    None where there is no stamp of ours, or the clock went backwards since.
    """
    try:
        opened = int(Signer(salt=_SALT).unsign(stamped))
    except (BadSignature, ValueError):
        return None
    passed = int(time.time()) - opened
    if passed < 0:
        return None
    steps = -(-passed // STEP_SECONDS) or 1
    return min(steps * STEP_SECONDS, LONGEST_SECONDS)
