"""The roll of an invited group: who has answered, as one bit each, without order or time.

Bits are what makes anonymity hold against whoever has the whole database: a row per person who answered would have
been written at a moment, and rows are stored in the order of their writing.
"""

from collections.abc import Iterable

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from surveys.models import Roll, Survey

Bits = NDArray[np.bool_]


class NoRoom(LookupError):
    """A roll has no bit of that number: the invitation was made by other hands than the service."""


def has_answered(*, survey_id: int, group_id: int, number: int, hold: bool = False) -> bool:
    """Whether the invited person of that number has answered. With `hold` that stays so until the transaction ends."""
    rolls = Roll.objects.select_for_update() if hold else Roll.objects.all()
    packed = rolls.filter(survey=survey_id, group=group_id).values_list("answered", flat=True).first()
    if packed is None or number >= len(packed) * 8:
        return False
    return bool(bytes(packed)[number // 8] >> number % 8 & 1)


def answered_bits(survey: Survey) -> dict[int, Bits]:
    """For each group with a roll: (numbers,) whether the person of that number has answered. Ends are padded."""
    return {
        group_id: np.unpackbits(np.frombuffer(bytes(packed), np.uint8), bitorder="little").astype(bool)
        for group_id, packed in survey.rolls.values_list("group_id", "answered")
    }


def hold_rolls(keys: Iterable[tuple[int, int]]) -> None:
    """Keep the rolls of these (survey, group) from changing until the transaction ends. Before invitations are held:
    whoever answers takes the same order."""
    for survey_id, group_id in sorted(set(keys)):
        list(Roll.objects.select_for_update().filter(survey=survey_id, group=group_id).values_list("pk"))


def clear_answered(*, survey_id: int, group_id: int, number: int) -> None:
    """Take the mark away with the answer that it stood for, within a transaction that holds the roll."""
    roll = Roll.objects.filter(survey=survey_id, group=group_id).first()
    bits = bytearray(roll.answered) if roll else bytearray()
    if roll and number < len(bits) * 8:
        bits[number // 8] &= ~(1 << number % 8)
        Roll.objects.filter(pk=roll.pk).update(answered=bytes(bits))


def mark_answered(*, survey_id: int, group_id: int, number: int) -> bool:
    """Set the bit, within the transaction that stores the answer. False if it was set before.

    Raises
    ------
    NoRoom
        If the roll has no such bit.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE surveys_roll SET answered = set_bit(answered, %s, 1) WHERE survey_id = %s AND group_id = %s "
                # A case is worked through in its order; an AND is not, and get_bit fails beyond the end.
                "AND CASE WHEN octet_length(answered) * 8 > %s THEN get_bit(answered, %s) = 0 ELSE false END",
                [number, survey_id, group_id, number, number],
            )
            if cursor.rowcount == 1:
                return True
    # SQLite has one writer at a time, and it is us: the transaction took the lock when it began.
    roll = Roll.objects.filter(survey=survey_id, group=group_id).first()
    bits = bytearray(roll.answered) if roll else bytearray()
    if roll is None or number >= len(bits) * 8:
        raise NoRoom(f"The roll of group {group_id} in survey {survey_id} has no place for number {number}.")
    if connection.vendor == "postgresql" or bits[number // 8] >> number % 8 & 1:
        return False
    bits[number // 8] |= 1 << number % 8
    Roll.objects.filter(pk=roll.pk).update(answered=bytes(bits))
    return True
