"""Where an answer stands between being stored and being counted."""

from enum import StrEnum
from uuid import UUID

from surveys.models import Response


class Standing(StrEnum):
    UNKNOWN = "unknown"
    WAITING = "waiting"
    COUNTED = "counted"
    LEFT_OUT = "left-out"


def standing_of(key: UUID) -> Standing:
    """Of the answer with that key. Keys are secrets' hashes: nobody meets another's by chance."""
    found = Response.objects.filter(pk=key).values_list("tallied", "exclusion").first()
    if found is None:
        return Standing.UNKNOWN
    tallied, exclusion = found
    if exclusion is not None:
        return Standing.LEFT_OUT
    return Standing.COUNTED if tallied else Standing.WAITING
