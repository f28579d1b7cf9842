from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from materiality.services import Choice
from materiality.whatif.adjustments import Adjustments, number_text

USUAL = Choice(priority="max")


def read(query: str, **more) -> Adjustments:
    return Adjustments.from_query(QueryDict(query), USUAL, **more)


def test_an_empty_address_is_the_method_as_it_is():
    assert read("") == Adjustments(USUAL)
    assert read("").to_query(USUAL) == ""


def test_an_address_says_everything_and_comes_back():
    asked = Adjustments(
        Choice(priority="min", rule="cut_offs", cuts=("4", "3.2"), finite_population=True),
        {"staff": Fraction(3, 2), "clients": Fraction(1, 3)},
        frozenset({"press"}),
        frozenset({"a", "b"}),
    )
    assert read(asked.to_query(USUAL)) == asked
    assert read(asked.to_query()) == asked
    assert Adjustments.from_dict(asked.to_dict()) == asked


def test_what_the_address_leaves_open_is_the_method_of_then():
    assert read("w-staff=2").choice == USUAL
    assert Adjustments.from_query(QueryDict(read("w-staff=2").to_query()), Choice()).choice == USUAL


def test_cut_offs_may_have_decimal_commas():
    assert read("rule=cut_offs&cuts=4,5; 3,2").choice.cuts == ("4.5", "3.2")


def test_a_slider_that_was_not_moved_changes_nothing():
    """A third shows as 0.33 on a slider with two decimals, and stays a third."""
    asked = read("w-staff=0.33&w-clients=2", shown={"staff": Fraction("0.33"), "clients": Fraction(1)})
    assert asked.weights == {"clients": 2}


def test_sliders_start_anew_when_weights_come_from_elsewhere():
    assert read("weights=equal&weighed-by=given&w-staff=2").weights == {}
    assert read("weights=equal&weighed-by=equal&w-staff=2").weights == {"staff": 2}


@pytest.mark.parametrize("weight", ["nan", "inf", "-1", "", "1e9", "1/0", "9" * 60, "<b>"])
def test_a_weight_that_is_no_number_is_named(weight):
    with pytest.raises(ValidationError, match="The weight of “staff” is"):
        read(f"w-staff={weight}")


@pytest.mark.parametrize("cuts", ["1e99999999", "nan", "4; x"])
def test_a_cut_off_that_is_no_number_is_named(cuts):
    with pytest.raises(ValidationError, match="is not a number"):
        read(f"cuts={cuts}")


def test_endless_cut_offs_are_refused():
    with pytest.raises(ValidationError, match="There are 100 cut-offs"):
        read("cuts=" + ",".join(["1"] * 100))


def test_neither_yes_nor_no_is_named():
    assert read("finite_population=yes").choice.finite_population
    with pytest.raises(ValidationError, match="Size of the population: there is no option “x”"):
        read("finite_population=x")


def test_a_group_is_called_by_its_name_where_that_is_known():
    with pytest.raises(ValidationError, match="The weight of “All staff” is “many”"):
        read("w-staff=many", names={"staff": "All staff"})


@pytest.mark.parametrize(
    ("number", "text"),
    [(Fraction(3), "3"), (Fraction(3, 2), "1.5"), (Fraction(1, 3), "1/3"), (Fraction(100), "100"), (Fraction(0), "0")],
)
def test_numbers_are_written_exactly(number, text):
    assert number_text(number) == text
    assert Fraction(text) == number
