from fractions import Fraction

import pytest

from materiality.whatif.controls import scale_for


@pytest.mark.parametrize(
    ("weights", "end"),
    [
        ([1, 1, 1], "2"),
        ([3, 2, 1], "6"),
        ([60, 40, 15], "150"),
        ([0.25, 1], "2"),
        ([0], "1"),
        ([1230], "3000"),
    ],
)
def test_sliders_leave_room_and_stop_at_every_weight(weights, end):
    scale = scale_for([Fraction(str(weight)) for weight in weights])
    assert scale.end == Fraction(end)
    assert scale.end / scale.step >= 40
    assert all(scale.shown(Fraction(str(weight))) == Fraction(str(weight)) for weight in weights)


@pytest.mark.parametrize("weights", [[Fraction(1, 3), Fraction(2, 7)], [Fraction(10**9), Fraction(1, 10**4)], []])
def test_weights_that_lie_between_steps_show_at_the_nearest(weights):
    scale = scale_for(weights)
    assert (scale.end / scale.step).denominator == 1
    for weight in weights:
        assert abs(scale.shown(weight) - weight) <= scale.step / 2
        assert 0 <= scale.shown(weight) <= scale.end
