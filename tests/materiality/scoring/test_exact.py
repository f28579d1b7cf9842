"""A number is what a person wrote."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from materiality.scoring.exact import exact, plain


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        (0.1, Fraction(1, 10)),
        (np.float64(0.1), Fraction(1, 10)),
        (Decimal("3.50"), Fraction(7, 2)),
        ("3.5", Fraction(7, 2)),
        ("10/3", Fraction(10, 3)),
        (3, Fraction(3)),
        (Fraction(1, 3), Fraction(1, 3)),
    ],
)
def test_exact_is_the_number_that_was_written(value: object, meant: Fraction) -> None:
    assert exact(value, "A weight") == meant


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), Decimal("Infinity"), "", "x", "1/0"])
def test_no_finite_number_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"A weight is .*, not a finite number"):
        exact(value, "A weight")


@pytest.mark.parametrize(
    "value", ["1e999999999", "1E-999999999", " 1e+9_9999 ", Decimal("1e999999999"), Decimal("-1e-999999999"), "1e401"]
)
def test_more_digits_than_can_be_meant_are_refused_at_once(value: object) -> None:
    with pytest.raises(ValueError, match=r"A weight is .*, a number of more digits than can be meant") as caught:
        exact(value, "A weight")
    assert repr(value) in str(caught.value)


@pytest.mark.parametrize("value", ["9" * 100_000, "1/" + "9" * 5000, Decimal("9" * 5000), "x" * 900])
def test_a_long_value_that_is_refused_is_shortened(value: object) -> None:
    with pytest.raises(ValueError, match=r"A weight is .*\.\.\., (a number of more digits|not a finite)") as caught:
        exact(value, "A weight")
    assert len(str(caught.value)) < 120


@pytest.mark.parametrize("value", [5e-324, 1.7976931348623157e308, "1e400", "9" * 999, Decimal("1e-400"), "1e-4_00"])
def test_every_float_and_what_is_as_long_can_be_meant(value: object) -> None:
    number = Fraction(repr(value)) if isinstance(value, float) else Fraction(value)
    assert exact(value, "A weight") == number


@pytest.mark.parametrize("value", [None, [1], True])
def test_what_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"A weight is .*, not a"):
        exact(value, "A weight")


@given(st.fractions() | st.decimals(allow_nan=False, allow_infinity=False, places=4).map(Fraction))
def test_plain_reads_back_exactly(value: Fraction) -> None:
    assert exact(plain(value), "A number") == value


def test_plain_is_a_number_where_one_will_do() -> None:
    assert (plain(Fraction(7, 2)), plain(Fraction(3)), plain(Fraction(1, 3))) == (3.5, 3, "1/3")
