"""While a survey takes answers, two results that are shown never differ by fewer than k people."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from surveys.models import GroupTally
from surveys.release import may_end, settle, shift, visible
from surveys.tally import Tally, count

SCALE = (1, 5)


def answers(number):
    return count(np.full((number, 1), 3, np.uint8), SCALE)


class Counted:
    """A row that answers come into, without a database."""

    def __init__(self, k=5, simulated=False):
        self.row, self.k, self.total = GroupTally(simulated=simulated), k, Tally.empty(1, SCALE)

    def add(self, number):
        self.total += answers(number)
        shift(self.row, self.total, k=self.k)
        return self

    def take_off(self, number):
        self.total -= answers(number)
        shift(self.row, self.total, k=self.k, removed=answers(number))
        return self

    def shown(self, ended=False):
        tally = visible(self.row, ended=ended, k=self.k)
        return tally.respondents if tally else 0


def test_nothing_is_shown_before_two_steps_have_come():
    counted = Counted().add(5)
    assert counted.shown() == 0
    assert counted.add(4).shown() == 0
    assert counted.add(1).shown() == 5


def test_at_the_end_everything_is_shown():
    assert Counted().add(7).shown(ended=True) == 7
    assert Counted().add(5).add(5).add(3).shown(ended=True) == 13


def test_few_answers_after_the_end_wait_for_more():
    counted = Counted().add(7)
    assert settle(counted.row, k=5)
    assert counted.add(3).shown(ended=True) == 7
    assert not settle(counted.row, k=5)
    assert counted.add(2).shown(ended=True) == 12


def test_simulated_answers_and_identified_ones_are_shown_at_once():
    assert Counted(simulated=True).add(1).shown() == 1
    assert Counted(k=1).add(1).shown() == 1


def test_answers_that_are_taken_off_count_as_a_change():
    counted = Counted().add(20)
    settle(counted.row, k=5)
    assert counted.take_off(2).shown(ended=True) == 20
    assert counted.take_off(3).shown(ended=True) == 15


def test_each_item_waits_for_ratings_of_its_own():
    row, ratings = GroupTally(), np.zeros((30, 2), np.uint8)
    ratings[:, 0] = 3
    ratings[::4, 1] = 5  # every fourth person rates the second item
    for people in range(1, 31):
        shift(row, count(ratings[:people], SCALE), k=5)
        shown = visible(row, ended=False, k=5)
        assert shown is None or shown.counts[1] == 0 or shown.counts[1] >= 5
    assert visible(row, ended=False, k=5).counts.tolist() == [25, 0]
    assert visible(row, ended=True, k=5) == count(ratings, SCALE)


def test_after_the_end_an_item_with_few_new_ratings_stays_as_it_was_shown():
    first = count(np.array([[3, 3]] * 6, np.uint8), SCALE)
    row = GroupTally()
    shift(row, first, k=5)
    assert settle(row, k=5)
    later = first + count(np.array([[5, 5]] * 2 + [[5, 0]] * 4, np.uint8), SCALE)
    shift(row, later, k=5)
    shown = visible(row, ended=True, k=5)
    assert (shown.counts.tolist(), shown.sums.tolist()) == ([12, 6], [6 * 3 + 6 * 5, 18])
    assert not settle(row, k=5)


def rated(*ratings):
    return count(np.array(ratings, np.uint8)[:, None], SCALE)


def test_one_person_who_changes_an_answer_often_is_one_person():
    row, others = GroupTally(), rated(3, 3, 3, 3, 3)
    shift(row, others + rated(3), k=5)
    settle(row, k=5)
    for before, after in pairwise([3, 5, 1, 4, 2, 5, 1, 5]):
        shift(row, others, k=5, removed=rated(before))
        shift(row, others + rated(after), k=5)
        assert row.moved == [1]
        assert visible(row, ended=True, k=5).sums.tolist() == visible(row, ended=False, k=5).sums.tolist() == [18]


def test_answers_that_are_left_out_and_come_back_make_no_step_while_answers_come_in():
    counted = Counted().add(12)
    for _ in range(4):
        shift(counted.row, counted.total - answers(3), k=5, removed=answers(3))
        shift(counted.row, counted.total, k=5, known=True)
    assert counted.shown() == 0
    assert counted.add(4).shown() == 0
    assert counted.add(1).shown() == 12


def test_what_was_told_of_k_people_does_not_become_a_result_of_fewer():
    counted = Counted().add(8)
    settle(counted.row, k=5)
    assert counted.take_off(6).shown(ended=True) == 8
    assert counted.take_off(2).shown(ended=True) == 0


@given(st.integers(1, 8), st.lists(st.integers(1, 9), max_size=30))
def test_no_two_states_that_are_shown_lie_closer_than_k(k, arrivals):
    counted, seen = Counted(k), {0}
    for number in arrivals:
        counted.add(number)
        seen.add(counted.shown())
    if arrivals:
        assert may_end(counted.row, k=k)
        seen.add(counted.shown(ended=True))
        assert max(seen) == sum(arrivals)
    states = sorted(seen)
    # From nothing to a first result the rule of the smallest group holds instead (surveys/protection.py).
    gaps = [late - early for early, late in pairwise(states[1:])]
    assert all(gap >= k for gap in gaps)
