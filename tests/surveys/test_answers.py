import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.answers import CANNOT_JUDGE, UNANSWERED, InvalidAnswer, pack
from surveys.answers import read_form as read
from surveys.content import Content, ContentItem
from surveys.frozen import FrozenQuestionnaire

CODES = ["alpha", "beta", "gamma"]
ASKED = FrozenQuestionnaire(
    id=1,
    version=1,
    content=Content(
        items=tuple(ContentItem(at, code) for at, code in enumerate(CODES)),
        texts={"en": {f"issue.{code}.name": code.title() for code in CODES}},
    ),
)
SHEET = ASKED.sheet(1)


def read_form(questionnaire, fields):
    return read(questionnaire, questionnaire.sheet(1), fields)


def form(**ratings):
    return [(code, [value]) for code, value in ratings.items()]


def test_a_form_becomes_one_byte_per_item_in_the_questionnaires_order():
    assert read_form(ASKED, form(gamma="5", alpha="1", beta="3")).draft == bytes([1, 3, 5])


def test_what_was_not_looked_at_differs_from_cannot_judge_until_it_is_sent():
    reading = read_form(ASKED, form(alpha="4", beta="0"))
    assert reading.draft == bytes([4, CANNOT_JUDGE, UNANSWERED])
    assert reading.answer(ASKED, SHEET) == bytes([4, 0, 0])


def test_missing_items_are_named_in_order():
    missing = read_form(ASKED, form(beta="2")).missing(ASKED, SHEET)
    assert [item.code for item in missing] == ["alpha", "gamma"]


def test_cannot_judge_is_not_missing():
    assert read_form(ASKED, form(alpha="0", beta="0", gamma="1")).missing(ASKED, SHEET) == []


@pytest.mark.parametrize("value", ["6", "-1", "", "5.0", " 5", "٥", "five", "1" * 500])
def test_a_rating_off_the_scale_is_a_problem_of_its_item_and_leaves_the_others(value):
    reading = read_form(ASKED, form(alpha="2", beta=value))
    assert list(reading.problems) == ["beta"]
    assert "1 to 5" in reading.problems["beta"]
    assert len(reading.problems["beta"]) < 120
    assert reading.draft == bytes([2, UNANSWERED, UNANSWERED])


def test_an_item_rated_twice_counts_neither_way():
    reading = read_form(ASKED, [("alpha", ["1", "5"]), ("beta", ["3"])])
    assert "several ratings" in reading.problems["alpha"]
    assert reading.draft[0] == UNANSWERED


def test_items_of_another_questionnaire_are_reported_as_unknown():
    assert read_form(ASKED, form(alpha="1", delta="3")).unknown == ("delta",)


@given(st.dictionaries(st.text(max_size=5) | st.sampled_from(CODES), st.lists(st.text(max_size=3), max_size=3)))
def test_no_form_makes_reading_fail_or_gives_a_byte_off_the_scale(fields):
    reading = read_form(ASKED, fields.items())
    assert set(reading.draft) <= {0, 1, 2, 3, 4, 5, UNANSWERED}
    assert set(reading.answer(ASKED, SHEET)) <= {0, 1, 2, 3, 4, 5}


def test_ratings_by_code_are_packed_and_what_is_left_out_is_0():
    assert pack(ASKED, {"gamma": 2}) == bytes([0, 0, 2])


def test_packed_ratings_pass_as_they_are():
    assert pack(ASKED, bytes([5, 0, 1])) == bytes([5, 0, 1])


def test_every_fault_of_an_answer_is_named_at_once():
    with pytest.raises(InvalidAnswer) as caught:
        pack(ASKED, {"alpha": 9, "delta": 1, "beta": 3})
    assert set(caught.value.problems) == {"alpha", "delta"}
    assert "Alpha" in str(caught.value)
    assert "version 1" in caught.value.problems["delta"]


@pytest.mark.parametrize("value", ["3", 3.0, None, 256, -1])
def test_only_whole_numbers_of_the_scale_are_ratings(value):
    with pytest.raises(InvalidAnswer, match="not on the scale"):
        pack(ASKED, {"alpha": value})


def test_packed_ratings_off_the_scale_are_named_by_item():
    with pytest.raises(InvalidAnswer) as caught:
        pack(ASKED, bytes([1, 6, 255]))
    assert set(caught.value.problems) == {"beta", "gamma"}


@pytest.mark.parametrize("ratings", [b"", bytes([1, 2]), bytes([1, 2, 3, 4])])
def test_the_wrong_number_of_ratings_is_refused(ratings):
    with pytest.raises(InvalidAnswer, match=f"has {len(ratings)} ratings, the questionnaire has 3"):
        pack(ASKED, ratings)


@pytest.mark.parametrize("answers", [{}, {"alpha": 0}, bytes(3)])
def test_an_answer_that_rates_nothing_is_refused(answers):
    with pytest.raises(InvalidAnswer, match="rate at least one"):
        pack(ASKED, answers)
