"""Numbers as people write them, turned into exact fractions and back. Knows nothing of what they mean."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

Number = Fraction | Decimal | int | float | str


def exact(value: Number, what: str) -> Fraction:
    """The number that was meant, exactly.

    A float stands for the shortest decimal that prints like it: 0.1 is one tenth, not the nearest binary
    fraction, so that a weight or a cut-off typed into a form is the weight or the cut-off that is used.

    Parameters
    ----------
    value : Fraction, Decimal, int, float or str
        A str is a decimal ("3.5") or a fraction ("10/3").
    what : str
        What the number is, for the message.

    Raises
    ------
    ValueError
        If it is not a finite number.
    """
    if isinstance(value, bool):
        raise ValueError(f"{what} is {value!r}, not a number.")
    try:
        if isinstance(value, float):
            return Fraction(repr(float(value)))
        return Fraction(value)
    except (TypeError, ValueError, OverflowError, ZeroDivisionError):
        raise ValueError(f"{what} is {value!r}, not a finite number.") from None


def plain(value: Fraction) -> int | float | str:
    """The same number for JSON, such that `exact` reads it back unchanged."""
    if value.denominator == 1:
        return value.numerator
    try:
        as_float = float(value)
    except OverflowError:
        return str(value)
    return as_float if math.isfinite(as_float) and Fraction(repr(as_float)) == value else str(value)


def as_float(value: Fraction | None) -> float | None:
    """The nearest double, or None where there is no number."""
    return None if value is None else float(value)


def whole_number(value: object, what: str, low: int, high: int | None) -> None:
    """ValueError unless it is a whole number from `low` to `high`, or without an upper end."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{what} is {value!r}, not a whole number.")
    if value < low or (high is not None and value > high):
        limits = f"at least {low}" if high is None else f"from {low} to {high}"
        raise ValueError(f"{what} is {value}, not {limits}.")
