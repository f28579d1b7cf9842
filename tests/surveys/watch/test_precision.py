import math
import random

import pytest

from surveys.precision import margin_of_error


def test_of_a_hundred_it_is_nearly_ten_points():
    assert margin_of_error(100) == pytest.approx(0.098, abs=1e-4)


def test_of_385_it_is_five_points():
    """The sample size in every textbook for 5 points at 95 %."""
    assert margin_of_error(384) > 0.05 > margin_of_error(385)


def test_the_population_makes_it_smaller():
    """Sample sizes of Krejcie and Morgan (1970) for 5 points: 80 of 100, 278 of 1,000, 370 of 10,000."""
    for people, answers in ((100, 80), (1000, 278), (10_000, 370)):
        assert margin_of_error(answers - 1, people) > 0.05 >= margin_of_error(answers, people)


def test_everybody_is_certain():
    assert margin_of_error(40, 40) == 0
    assert margin_of_error(40, 30) == 0
    assert margin_of_error(1, 1) == 0


def test_nobody_and_few_have_none():
    assert margin_of_error(0) is None
    assert margin_of_error(4, k=5) is None
    assert margin_of_error(5, k=5) is not None


def test_it_holds_in_19_of_20_samples():
    """Draws without replacement from 400 people, half of whom think so."""
    rng = random.Random(7)
    people = [1] * 200 + [0] * 200
    margin = margin_of_error(100, 400)
    within = sum(abs(sum(rng.sample(people, 100)) / 100 - 0.5) <= margin for _ in range(4000))
    # 0.95 within four standard errors; the share moves in steps of a hundredth, which costs a little more.
    assert 0.92 < within / 4000 < 0.95 + 4 * math.sqrt(0.05 * 0.95 / 4000)
