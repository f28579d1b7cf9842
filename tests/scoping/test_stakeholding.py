"""What scores say: the four strategies, the seven classes of salience, and the weights that they suggest."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoping.models import HIGHEST_SCORE, LOWEST_SCORE, Attribute, StakeholderModel
from scoping.stakeholding import (
    HIGH,
    HIGHEST,
    LEVELS,
    LOWEST,
    MODELS,
    POWER_INTEREST,
    SALIENCE,
    attributes_held,
    in_plain,
    is_high,
    mean_score,
    salience,
    strategy,
)

score = st.integers(LOWEST, HIGHEST)
NO_SCORES = [0, 6, -1, 2.5, None, "3"]


@pytest.mark.parametrize(
    ("power", "interest", "name"),
    [
        (5, 5, "Manage closely"), (3, 3, "Manage closely"), (3, 2, "Keep satisfied"), (5, 1, "Keep satisfied"),
        (2, 3, "Keep informed"), (1, 5, "Keep informed"), (2, 2, "Monitor"), (1, 1, "Monitor"),
    ],
)  # fmt: skip
def test_a_strategy_follows_from_power_and_interest(power: int, interest: int, name: str) -> None:
    assert strategy(power=power, interest=interest).name == name


@pytest.mark.parametrize(
    ("power", "legitimacy", "urgency", "name", "level"),
    [
        (3, 3, 3, "Definitive", "Definitive"), (3, 3, 2, "Dominant", "Expectant"), (3, 2, 3, "Dangerous", "Expectant"),
        (2, 3, 3, "Dependent", "Expectant"), (5, 1, 1, "Dormant", "Latent"), (1, 5, 1, "Discretionary", "Latent"),
        (1, 1, 5, "Demanding", "Latent"), (2, 2, 2, "Non-stakeholder", "None"),
    ],
)  # fmt: skip
def test_a_class_follows_from_the_attributes_held(
    power: int, legitimacy: int, urgency: int, name: str, level: str
) -> None:
    found = salience(power=power, legitimacy=legitimacy, urgency=urgency)
    assert (found.name, found.level) == (name, level)


def test_the_line_lies_at_three() -> None:
    assert [value for value in LEVELS if is_high(value)] == [3, 4, 5]
    assert HIGH == 3


@pytest.mark.parametrize("value", NO_SCORES)
def test_what_is_no_score_is_refused(value: object) -> None:
    for judge in (
        lambda: is_high(value),
        lambda: strategy(power=3, interest=value),
        lambda: mean_score(power=value, interest=3),
        lambda: attributes_held(power=3, legitimacy=3, urgency=value),
    ):
        with pytest.raises(ValueError, match="whole number from 1 to 5"):
            judge()


@given(score, score)
def test_power_and_interest_suggest_their_exact_mean(power: int, interest: int) -> None:
    suggested = mean_score(power=power, interest=interest)
    assert suggested * 2 == power + interest
    assert LOWEST <= suggested <= HIGHEST


@given(score, score, score)
def test_salience_suggests_the_number_of_attributes_held(power: int, legitimacy: int, urgency: int) -> None:
    suggested = attributes_held(power=power, legitimacy=legitimacy, urgency=urgency)
    assert suggested == sum(value >= HIGH for value in (power, legitimacy, urgency))


@given(st.sampled_from(list(MODELS.values())), st.data())
def test_a_higher_score_never_suggests_a_lower_weight(model, data: st.DataObject) -> None:
    scores = {attribute.slug: data.draw(st.integers(LOWEST, HIGHEST - 1)) for attribute in model.attributes}
    raised = data.draw(st.sampled_from(model.attributes)).slug
    assert model.judge(scores | {raised: scores[raised] + 1}).weight >= model.judge(scores).weight


@given(st.sampled_from(list(MODELS.values())), st.data())
def test_scores_of_other_attributes_change_nothing(model, data: st.DataObject) -> None:
    scores = {attribute.slug: data.draw(score) for attribute in model.attributes}
    others = {attribute: data.draw(score) for attribute in Attribute.values if attribute not in scores}
    assert model.judge(scores | others) == model.judge(scores)


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.slug)
def test_every_class_of_a_model_is_reached_and_listed_once(model) -> None:
    reached = {
        model.judge(dict(zip((one.slug for one in model.attributes), values, strict=True))).of_class
        for values in product(LEVELS, repeat=len(model.attributes))
    }
    assert reached == set(model.classes)
    assert len(model.classes) == len(reached)


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.slug)
def test_without_every_score_nothing_is_suggested(model) -> None:
    scores = {attribute.slug: 3 for attribute in model.attributes}
    for attribute in model.attributes:
        assert model.judge({slug: value for slug, value in scores.items() if slug != attribute.slug}) is None


def test_the_models_are_those_that_an_assessment_can_choose() -> None:
    assert set(MODELS) == set(StakeholderModel.values)
    assert {one.slug for model in (POWER_INTEREST, SALIENCE) for one in model.attributes} == set(Attribute.values)
    assert (LOWEST, HIGHEST) == (LOWEST_SCORE, HIGHEST_SCORE)


@pytest.mark.parametrize(("weight", "text"), [("4.5000", "4.5"), ("10", "10"), ("0", "0"), ("0.2500", "0.25")])
def test_a_weight_is_written_as_people_do(weight: str, text: str) -> None:
    assert in_plain(Decimal(weight)) == text
