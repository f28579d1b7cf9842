"""Draws spread as surveys do, together where people are the same, and are the same on every rerun."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from materiality.scoring.axes import weigh
from materiality.scoring.draws import AxisSpread, Surveys, repeat, spread_of_axes, vary, widening
from materiality.scoring.groups import GroupInput, People
from materiality.scoring.method import Method
from materiality.scoring.spread import spread_of_group
from materiality.scoring.tier_rules import CutOffs
from surveys.tally import count
from tests.materiality.scoring.builders import SCALE, external, internal, simulated

RATED = np.array([[5, 3, 0], [4, 2, 1], [5, 0, 2], [2, 1, 5], [3, 3, 0], [4, 4, 1]], np.uint8)


def method(**more: object) -> Method:
    return Method(("High", "Low"), CutOffs((3,)), **{"draws": 2000, **more})


def axes_of(groups: list[GroupInput]) -> list:
    return [weigh(name, groups) for name in ("company", "stakeholders")]


def drawn(groups: list[GroupInput], **more: object) -> Surveys:
    found = repeat(axes_of(groups), groups, range(groups[0].tally.items), method(**more))
    assert found is not None
    return found


def spread(groups: list[GroupInput], **more: bool) -> AxisSpread:
    present = [axis for axis in axes_of(groups) if axis.present]
    return spread_of_axes(present, groups, np.arange(groups[0].tally.items), **more)


def asked_twice(ratings: NDArray[np.uint8], name: str = "Staff") -> list[GroupInput]:
    """A group whose people rated each issue for the company, then each for stakeholders."""
    tally = count(ratings, SCALE)
    half = tally.items // 2
    places = {"company": tuple(range(half)), "stakeholders": tuple(range(half, 2 * half))}
    return [
        GroupInput(f"{name}, on {axis}", axis, 1, tally.select(columns), people=People(name, tally, columns))
        for axis, columns in places.items()
    ]


# --- variance -------------------------------------------------------------------------------------------
def test_an_axis_varies_by_the_weighted_variances_of_its_groups() -> None:
    groups = [internal(RATED, 1, "A"), internal(RATED[:4], 3, "B"), external(RATED)]
    found = spread(groups)
    own = [spread_of_group(group.tally) for group in groups]
    assert found.variance[0] == pytest.approx(own[0].variance / 16 + own[1].variance * 9 / 16)
    assert found.variance[1] == pytest.approx(own[2].variance)
    assert found.parts == pytest.approx(np.array([own[0].variance / 16, own[1].variance * 9 / 16, own[2].variance]))
    assert found.mean_variance == pytest.approx(found.variance.sum(axis=0) / 4)


def test_degrees_of_freedom_are_those_of_satterthwaite() -> None:
    groups = [internal(RATED, 1, "A"), internal(RATED[:4], 3, "B"), external(RATED)]
    found = spread(groups)
    v = found.parts
    d = np.array([spread_of_group(group.tally).degrees for group in groups])
    assert found.degrees[0] == pytest.approx((v[0] + v[1]) ** 2 / (v[0] ** 2 / d[0] + v[1] ** 2 / d[1]))
    assert found.degrees[1] == pytest.approx(d[2])
    assert found.mean_degrees == pytest.approx(v.sum(axis=0) ** 2 / (v**2 / d).sum(axis=0))


def test_one_person_varies_as_the_others_of_its_axis() -> None:
    """And an axis is known only if all who speak on it are: not one of single persons, nor of one beside a census."""
    one = [[5, 3, 2]]
    found = spread([internal(one, 1, "One"), internal(RATED, 1, "Many"), external(one)])
    many = spread_of_group(internal(RATED).tally)
    assert found.parts[0] == pytest.approx(many.variance * internal(RATED).tally.counts / 4)
    assert found.known.tolist() == [[True] * 3, [False] * 3]
    assert not found.variance[1].any()
    census = replace(internal(one, 1, "Other"), population=1)
    assert not spread([internal(one, 1, "One"), census], finite_population=True).known.any()


def test_draws_have_the_covariance_of_the_spread() -> None:
    groups = simulated(40, 6, missing=0.1)
    found = drawn(groups, draws=20_000)
    for a, deviations in enumerate(found.deviations):
        part = found.spread.covariance[6 * a : 6 * a + 6, 6 * a : 6 * a + 6]
        assert np.cov(deviations.T) == pytest.approx(part, abs=0.03 * part.max())
        assert deviations.mean(axis=0) == pytest.approx(0, abs=0.01)
    assert abs(np.corrcoef(*found.deviations[:, :, 0])[0, 1]) < 0.03


def test_ratings_that_go_together_are_drawn_together() -> None:
    table = np.repeat(np.random.default_rng(3).integers(1, 6, (60, 1), dtype=np.uint8), 2, axis=1)
    table[:6, 1] = 3
    found = drawn([internal(table)])
    assert np.corrcoef(found.deviations[0].T)[0, 1] == pytest.approx(np.corrcoef(table.T)[0, 1], abs=0.02)


@pytest.mark.parametrize("degrees", [5, 12, 60])
def test_widened_draws_are_student_s(degrees: int) -> None:
    random = np.random.default_rng(4)
    values = random.standard_normal(200_000) * widening(random.standard_normal(200_000), np.array([degrees]))[:, 0]
    for chance in (0.05, 0.25, 0.9, 0.95):
        assert np.quantile(values, chance) == pytest.approx(stats.t.ppf(chance, degrees), abs=0.02)


def test_known_variances_widen_nothing() -> None:
    assert (widening(np.array([-2.0, 0.0, 3.0]), np.array([np.inf])) == 1).all()


def test_what_varies_less_is_drawn_less() -> None:
    found = drawn(simulated(30, 4))
    assert vary(found, 100, 0.5) == pytest.approx(vary(found)[:, :100] / 2)
    assert np.abs(vary(found, more=50)).mean() < np.abs(vary(found)).mean()


# --- the same people on both axes -----------------------------------------------------------------------
def test_who_rates_both_highly_moves_both_axes() -> None:
    level = np.random.default_rng(5).integers(1, 6, (200, 1), dtype=np.uint8)
    groups = asked_twice(np.hstack([level, 6 - level, level, level]))
    found = drawn(groups)
    company, stakeholders = found.deviations
    assert found.spread.linked
    assert np.corrcoef(company[:, 0], stakeholders[:, 0])[0, 1] > 0.999
    assert np.corrcoef(company[:, 1], stakeholders[:, 1])[0, 1] < -0.999
    # The mean of twins varies as each, of opposites not at all.
    assert found.spread.mean_variance[0] == pytest.approx(found.spread.variance[0, 0])
    assert found.spread.mean_variance[1] == pytest.approx(0, abs=1e-12)
    assert (found.deviations.mean(axis=0)[:, 1]) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("respondents", [7, 40, 200])
def test_opposite_ratings_leave_the_mean_of_both_axes_fixed(respondents: int) -> None:
    """What rounding leaves of its variance has no degrees of freedom: they would be 0, and draws no numbers."""
    ratings = np.random.default_rng(11).integers(1, 6, (respondents, 8), dtype=np.uint8)
    found = drawn(asked_twice(np.hstack([ratings, 6 - ratings])))
    assert found.spread.mean_variance.tolist() == [0] * 8
    assert np.isinf(found.spread.mean_degrees).all()
    assert np.isfinite(vary(found)).all()
    assert vary(found).mean(axis=0) == pytest.approx(0, abs=1e-6)


def test_ratings_that_are_nearly_opposite_leave_no_variance_of_less_than_one_degree_of_freedom() -> None:
    """Where one did not rate an issue for stakeholders: Satterthwaite has 0.007, and t is beyond all numbers then."""
    company, stakeholders = [[1, 3, 1], [1, 5, 4], [2, 3, 2]], [[5, 3, 5], [5, 1, 2], [4, 3, 0]]
    found = spread(asked_twice(np.hstack([np.array(each, np.uint8) for each in (company, stakeholders)])))
    assert 0 < found.mean_variance[1] < 1e-6
    assert found.mean_degrees[1] == 1


def test_the_mean_of_both_axes_varies_as_the_mean_of_a_person_s_ratings() -> None:
    random = np.random.default_rng(6)
    ratings = 1 + random.binomial(4, np.clip(random.normal(0.6, 0.2, (500, 1)), 0.05, 0.95), (500, 6)).astype(np.uint8)
    found = drawn(asked_twice(ratings), draws=20_000)
    both = (ratings[:, :3].astype(float) + ratings[:, 3:]) / 2
    assert found.spread.mean_variance == pytest.approx(both.var(axis=0, ddof=1) / 500, rel=0.02)
    assert found.deviations.mean(axis=0).var(axis=0) == pytest.approx(found.spread.mean_variance, rel=0.03)


def test_each_axis_alone_does_not_know_who_its_people_are() -> None:
    ratings = np.random.default_rng(7).integers(1, 6, (40, 6), dtype=np.uint8)
    linked = asked_twice(ratings)
    found, apart = spread(linked), spread([replace(group, people=None) for group in linked])
    assert found.variance == pytest.approx(apart.variance)
    assert found.degrees == pytest.approx(apart.degrees)
    assert not apart.linked


def test_unrelated_answers_are_drawn_as_those_of_two_groups() -> None:
    """Without a correlation between the axes the joint draw is nearly the same, draw by draw."""
    ratings = np.random.default_rng(8).integers(1, 6, (150_000, 4), dtype=np.uint8)
    linked = asked_twice(ratings)
    together, apart = drawn(linked), drawn([replace(group, people=None) for group in linked])
    assert together.deviations == pytest.approx(apart.deviations, abs=1e-4)


# --- finite populations ---------------------------------------------------------------------------------
def test_a_population_narrows_the_draws_and_a_census_ends_them() -> None:
    groups = [replace(group, population=40) for group in simulated(10, 4)]
    whole, part = spread(groups), spread(groups, finite_population=True)
    assert part.variance == pytest.approx(whole.variance * 0.75)
    assert part.degrees == pytest.approx(whole.degrees)
    census = spread([replace(group, population=10) for group in groups], finite_population=True)
    assert not census.variance.any()
    assert census.known.all()
    assert np.isinf(census.degrees).all()


def test_one_person_who_is_the_whole_group_is_known() -> None:
    group = replace(internal([[5, 3]]), population=1)
    assert spread([group], finite_population=True).known.all()
    assert not spread([group]).known.any()


# --- reruns ---------------------------------------------------------------------------------------------
def test_nothing_to_draw() -> None:
    groups = simulated(10, 3)
    assert repeat(axes_of(groups), groups, [], method()) is None
    assert repeat(axes_of(groups), groups, [0, 1], method(draws=0)) is None


def test_each_seed_has_its_draws() -> None:
    groups = simulated(10, 3)
    assert np.array_equal(drawn(groups).deviations, drawn(groups).deviations)
    assert not np.array_equal(drawn(groups).deviations, drawn(groups, seed=43).deviations)


def test_order_of_groups_does_not_change_a_draw() -> None:
    groups = simulated(20, 5)
    assert np.array_equal(drawn(groups).deviations, drawn(groups[::-1]).deviations)


def test_a_slightly_other_weight_gives_slightly_other_draws() -> None:
    before = simulated(9, 30)
    after = [replace(group, weight=Fraction(1001, 1000)) if group is before[0] else group for group in before]
    assert drawn(after).deviations == pytest.approx(drawn(before).deviations, abs=2e-3)
    assert not np.array_equal(drawn(after).deviations, drawn(before).deviations)


def test_respondents_may_be_fewer_than_issues() -> None:
    found = drawn([internal(np.random.default_rng(9).integers(1, 6, (3, 30), dtype=np.uint8))])
    assert np.isfinite(found.deviations).all()
    assert found.deviations.var(axis=1)[0] == pytest.approx(found.spread.variance[0], rel=0.2)
