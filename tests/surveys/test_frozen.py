from datetime import timedelta

import pytest

from surveys.frozen import FrozenQuestionnaire, frozen_questionnaire, read_frozen


def test_items_come_in_the_order_of_their_bytes(questionnaire):
    frozen = read_frozen(questionnaire)
    assert [(item.position, item.code) for item in frozen.items] == [(at, f"issue-{at}") for at in range(5)]


def test_a_questionnaire_is_read_once(questionnaire, django_assert_num_queries):
    first = frozen_questionnaire(questionnaire.pk, questionnaire.frozen_at)
    with django_assert_num_queries(0):
        assert frozen_questionnaire(questionnaire.pk, questionnaire.frozen_at) is first


def test_a_number_that_comes_back_after_a_restore_is_read_again(questionnaire):
    first = frozen_questionnaire(questionnaire.pk, questionnaire.frozen_at)
    again = frozen_questionnaire(questionnaire.pk, questionnaire.frozen_at + timedelta(seconds=1))
    assert again is not first


def test_five_steps_have_a_word_each():
    frozen = FrozenQuestionnaire(1, 1, 1, 5, ())
    assert [frozen.word(value) for value in frozen.scale][::2] == ["not important", "important", "extremely important"]


@pytest.mark.parametrize(("low", "high"), [(1, 3), (1, 10), (2, 6)])
def test_other_scales_have_words_at_their_ends_only(low, high):
    frozen = FrozenQuestionnaire(1, 1, low, high, ())
    words = [frozen.word(value) for value in frozen.scale]
    assert words == ["not important", *[""] * (high - low - 1), "extremely important"]
