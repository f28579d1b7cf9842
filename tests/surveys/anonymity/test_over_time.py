"""What results of different moments say together: other weights, other answers, answers left out and changed."""

import random

import pytest

from tests.support.people import House
from tests.surveys.anonymity.reader import IN, OUT, Play

K = 3
SIDES = {"staff": IN, "clients": OUT, "partners": OUT, "press": OUT}
SIZES = {
    "one small": {"staff": 4, "clients": 7, "partners": 5, "press": 2},
    "two small": {"staff": 3, "clients": 6, "partners": 2, "press": 2},
    "two tiny": {"staff": 5, "clients": 5, "partners": 1, "press": 1},
    "a small side": {"staff": 2, "clients": 4, "partners": 4, "press": 3},
}
WEIGHTS = [
    {"partners": 3, "clients": 5},
    {"partners": 0, "press": 2},
    {"partners": 7, "press": 0},
    {"clients": 0},
    {"clients": 2, "press": 11, "partners": 1},
]


def arriving(shape: str, dice: random.Random) -> list[str]:
    order = [group for group, people in SIZES[shape].items() for _ in range(people)]
    dice.shuffle(order)
    return order


def skipping(dice: random.Random) -> str:
    """What somebody cannot judge: one issue of three on average, never all."""
    return "".join(dice.sample("abc", dice.randint(0, 2)))


@pytest.mark.parametrize("first", [{}, {"press": 0}, {"partners": 0, "press": 0}], ids=["all", "one of 0", "two of 0"])
@pytest.mark.parametrize("shape", SIZES)
def test_the_same_answers_under_other_weights(house: House, shape, first):
    played = Play(house, SIDES, K, first)
    for group in arriving(shape, random.Random(3)):
        played.answers(group)
    played.closes()
    played.looks()
    for weights in WEIGHTS:
        played.weighs(**weights)
        played.looks()
    assert played.tells_of == K


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("both", [False, True], ids=["one importance", "both importances"])
@pytest.mark.parametrize("shape", SIZES)
def test_people_who_cannot_judge_everything_and_a_look_after_each_answer(house: House, shape, both, seed):
    dice = random.Random(seed)
    played = Play(house, SIDES, K, both=both)
    for group in arriving(shape, dice):
        played.answers(group, skip=skipping(dice))
        played.looks()
        if dice.random() < 1 / 5:
            played.weighs(**dice.choice(WEIGHTS))
    played.closes()
    played.looks()
    assert played.tells_of == K


def hurried(played: Play, shape: str, dice: random.Random, *, looking: bool = True) -> None:
    """Every third answer is given in haste; with `looking` a look follows each."""
    for group in arriving(shape, dice):
        played.answers(group, hasty=dice.random() < 1 / 3, skip=skipping(dice) if dice.random() < 1 / 3 else "")
        if looking:
            played.looks()


@pytest.mark.parametrize("seed", range(6))
def test_answers_left_out_while_others_come_in_and_counted_again(house: House, seed):
    dice = random.Random(seed)
    played = Play(house, SIDES, K)
    hurried(played, "one small", dice)
    left_out = played.excludes()
    played.looks()
    hurried(played, "two small", dice)
    played.includes(left_out)
    played.looks()
    hurried(played, "one small", dice)
    played.closes()
    played.looks()
    assert played.tells_of == K


@pytest.mark.parametrize("seed", range(6))
def test_answers_left_out_after_the_end_and_counted_again(house: House, seed):
    dice = random.Random(seed)
    played = Play(house, SIDES, K)
    for shape in ("one small", "two small"):
        hurried(played, shape, dice, looking=False)
    played.closes()
    played.looks()
    left_out = played.excludes()
    played.looks()
    played.includes(left_out)
    played.looks()
    assert played.tells_of == K


def test_results_of_the_open_survey_and_answers_left_out_after_the_end_can_tell_of_few(house: House):
    """What docs/privacy.md warns of: all of those who came first but one are left out, and one of those after them."""
    played = Play(house, {"staff": IN, "clients": OUT}, K)
    played.answers("staff", 2 * K)
    for number in range(3 * K):
        played.answers("clients", hasty=number in (0, 1, 3))
        played.looks()
    played.closes()
    played.looks()
    assert played.tells_of == K
    played.excludes()
    played.looks()
    assert played.tells_of == 2


@pytest.mark.parametrize("late", range(1, 2 * K))
def test_a_group_that_had_shown_results_is_safe_when_a_survey_is_opened_again(house: House, late):
    played = Play(house, SIDES, K)
    for group, people in SIZES["one small"].items():
        played.answers(group, people + K)
    played.closes()
    played.looks()
    played.reopens()
    for _ in range(late):
        played.answers("press")
        played.answers("clients", skip="a")
        played.looks()
    played.closes()
    played.looks()
    assert played.tells_of == K


@pytest.mark.parametrize("late", [{"press": K}, {"press": K, "clients": K}, {"press": 2 * K}, {"partners": K}], ids=str)
@pytest.mark.parametrize("both", [False, True], ids=["one importance", "both importances"])
@pytest.mark.parametrize("shape", SIZES)
def test_a_small_group_that_grows_once_a_survey_is_opened_again(house: House, shape, both, late):
    """It gets no average of its own: the pool of the first end, less the other group, would be the group as it was."""
    played = Play(house, SIDES, K, both=both)
    for group, people in SIZES[shape].items():
        played.answers(group, people)
    played.closes()
    played.looks()
    played.reopens()
    for group, people in late.items():
        played.answers(group, people)
    played.closes()
    played.looks()
    assert played.tells_of == K


@pytest.mark.parametrize("late", [1, K - 1, K])
def test_a_group_that_comes_once_a_survey_is_opened_again_is_not_counted_with_one_that_was_shown(house: House, late):
    played = Play(house, SIDES, K)
    for group in ("staff", "clients", "partners"):
        played.answers(group, K)
    played.closes()
    played.looks()
    played.reopens()
    played.answers("press", late)
    played.closes()
    played.looks()
    assert played.tells_of == K


@pytest.mark.parametrize("seed", range(12))
def test_a_survey_that_is_opened_again_and_again(house: House, seed):
    dice = random.Random(seed)
    played = Play(house, SIDES, K)
    for _ in range(4):
        for group in dice.choices([*SIDES], k=dice.randint(1, 12)):
            played.answers(group, skip=skipping(dice))
            if dice.random() < 1 / 3:
                played.looks()
        played.closes()
        played.looks()
        played.reopens()
    played.looks()
    assert played.tells_of == K


@pytest.mark.parametrize("seed", range(6))
def test_answers_that_are_changed(house: House, seed):
    dice = random.Random(seed)
    played = Play(house, SIDES, K, invited=8)
    for group in arriving("one small", dice):
        played.answers(group, skip=skipping(dice))
        played.looks()
        while dice.random() < 2 / 5:
            who = dice.randrange(len(played.people))
            group = played.people[who]
            played.changes(group, played.people[:who].count(group), skip=skipping(dice))
            played.looks()
    played.closes()
    played.looks()
    assert played.tells_of == K
