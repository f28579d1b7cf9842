import pytest

from surveys.imports.scales import is_no_answer, of_one_scale, rating_number, word_scale

SCALES = [
    ["Not at all important", "Slightly important", "Moderately important", "Very important", "Extremely important"],
    ["Very unimportant", "Unimportant", "Neutral", "Important", "Very important"],
    ["Not important", "Slightly important", "Moderately important", "Important", "Very important"],
    ["Very unfavorably", "Somewhat unfavorably", "Neither favorably nor unfavorably (neutral)", "Somewhat favorably",
     "Very favorably"],
    ["Not important", "Rather unimportant", "Rather important", "Very important"],
    ["Not relevant", "Somewhat relevant", "Relevant", "Highly relevant"],
    ["unwichtig", "eher unwichtig", "eher wichtig", "sehr wichtig"],
    ["Pas du tout important", "Peu important", "Important", "Très important"],
    ["Nada importante", "Poco importante", "Algo importante", "Importante", "Muy importante"],
    ["Zeer onbelangrijk", "Onbelangrijk", "Neutraal", "Belangrijk", "Zeer belangrijk"],
    ["非常不重要", "不重要", "一般", "重要", "非常重要"],
    ["不重要", "一般", "重要", "非常重要"],
    ["Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree"],
    ["Low", "Medium", "High"],
    ["Very low", "Low", "Medium", "High", "Very high"],
    ["Low", "Medium", "High", "Critical"],
]  # fmt: skip


@pytest.mark.parametrize("words", SCALES, ids=lambda words: f"{words[-1]} of {len(words)}")
def test_the_words_of_a_scale_are_in_its_order(words: list[str]) -> None:
    found = word_scale(words[::-1])
    assert found
    ratings = [found.rating_of[word] for word in words]
    assert ratings == sorted(set(ratings))
    assert (ratings[0], ratings[-1]) == (1, found.steps)


def test_a_step_that_nobody_chose_leaves_a_gap() -> None:
    found = word_scale(["Very important", "Important", "Neutral", "Not important"])
    assert found
    assert (found.steps, list(found.rating_of.values())) == (5, [5, 4, 3, 1])


def test_of_few_answers_four_words_that_fill_a_scale_leave_no_gap_in_it() -> None:
    words = ["Not important", "Somewhat important", "Important", "Very important"]
    found = word_scale(words, few=True)
    assert found is not None
    assert (found.steps, [found.rating_of[word] for word in words]) == (4, [1, 2, 3, 4])


def test_of_few_answers_the_usual_scale_is_taken() -> None:
    found = word_scale(["Very important", "Not important"], few=True)
    assert found
    assert (found.steps, found.rating_of) == (5, {"Very important": 5, "Not important": 1})


def test_words_of_no_known_scale_are_put_in_order_and_it_is_said() -> None:
    found = word_scale(["Bardzo ważne", "Raczej ważne", "Nieważne"])
    assert found
    assert not found.known
    assert found.rating_of == {"Nieważne": 1, "Raczej ważne": 2, "Bardzo ważne": 3}


def test_words_that_cannot_be_told_apart_have_no_scale() -> None:
    assert word_scale(["Super", "Meh"]) is None
    assert not of_one_scale(["Super", "Meh"])


@pytest.mark.parametrize(
    ("text", "number"),
    [("4", 4), ("4.0", 4), ("4 - important", 4), ("Very important (5)", 5), ("Very - 5", 5), ("非常重要（5）", 5)],
)
def test_a_number_is_read_before_and_after_words(text: str, number: int) -> None:
    assert rating_number(text) == number


@pytest.mark.parametrize("text", ["COVID-19", "A1", "5/5", "18-29", "2 or 3", "Q1", "4.5", "", "Very important"])
def test_other_numbers_are_no_rating(text: str) -> None:
    assert rating_number(text) is None


@pytest.mark.parametrize(
    "text",
    ["N/A", "n.a.", "NA", "-", "Don’t know", "I don't know", "Unfamiliar (N/A)", "Cannot judge", "Not applicable",
     "Weiß nicht", "Keine Angabe", "Kann ich nicht beurteilen", "Ne sait pas", "Sans opinion", "No sé", "Não sei",
     "Weet niet", "n.v.t.", "不清楚", "不知道", "(跳过)", "-99"],
)  # fmt: skip
def test_what_is_no_answer_is_known(text: str) -> None:
    assert is_no_answer(text)


@pytest.mark.parametrize("text", ["Not important", "Nada importante", "Pas important", "不重要", "No importance", "1"])
def test_a_low_rating_is_an_answer(text: str) -> None:
    assert not is_no_answer(text)
