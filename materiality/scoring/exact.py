"""Numbers as people write them, turned into exact fractions and back. Knows nothing of what they mean."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from fractions import Fraction

Number = Fraction | Decimal | int | float | str

# Every float lies within these bounds, and the fraction of no number within them takes long: that of 1e999999999
# would have a thousand million digits.
_LONGEST = 1000
_MOST_EXPONENT = 400
_EXPONENT = re.compile(r"e([+-]?\d+(?:_\d+)*)\s*\Z", re.IGNORECASE)
# So much of a value that is refused is shown.
_SHOWN = 40


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
        If it is not a finite number, or has more digits or a larger exponent than can be meant.
    """
    if isinstance(value, bool):
        raise ValueError(f"{what} is {value!r}, not a number.")
    if _beyond_meaning(value):
        raise ValueError(f"{what} is {_shortened(value)}, a number of more digits than can be meant.")
    try:
        if isinstance(value, float):
            return Fraction(repr(float(value)))
        return Fraction(value)
    except (TypeError, ValueError, OverflowError, ZeroDivisionError):
        raise ValueError(f"{what} is {_shortened(value)}, not a finite number.") from None


def _beyond_meaning(value: object) -> bool:
    """Whether a number as written would take long to write out."""
    if isinstance(value, str):
        if len(value) > _LONGEST:
            return True
        exponent = _EXPONENT.search(value)
        return exponent is not None and abs(int(exponent[1])) > _MOST_EXPONENT
    if isinstance(value, Decimal) and value.is_finite():
        return len(value.as_tuple().digits) > _LONGEST or abs(value.adjusted()) > _MOST_EXPONENT
    return False


def _shortened(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}..."


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
