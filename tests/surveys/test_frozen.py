import json
from datetime import timedelta

import pytest

from surveys.content import Content, ContentGroup, ContentItem, ContentProfile
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


def words(low, high, language="en", **texts):
    content = Content(low=low, high=high, languages=("en", "zh-hans"), texts={"en": texts})
    return [word for _, word in FrozenQuestionnaire(1, 1, content).sheet(1, language).steps]


def test_five_steps_have_a_word_each():
    assert words(1, 5)[::2] == ["not important", "important", "extremely important"]


@pytest.mark.parametrize(("low", "high"), [(1, 3), (1, 10), (2, 6)])
def test_other_scales_have_words_at_their_ends_only(low, high):
    assert words(low, high) == ["not important", *[""] * (high - low - 1), "extremely important"]


def test_the_surveys_own_words_stand_before_the_usual_ones():
    assert words(1, 5, **{"step.1": "low", "step.5": "high"}) == [
        "low", "slightly important", "important", "very important", "high",
    ]  # fmt: skip


TEXTS = {
    "en": {
        "title": "What matters?",
        "issue.a.name": "Privacy",
        "issue.b.name": "Fraud",
        "group.staff.name": "Staff",
        "group.staff.issue.b.name": "Fraud at work",
    },
    "zh-hans": {"title": "什么重要？", "issue.a.name": "隐私", "issue.b.name": "欺诈"},
}
TWO_GROUPS = FrozenQuestionnaire(
    1,
    1,
    Content(
        languages=("en", "zh-hans"),
        items=(ContentItem(0, "a"), ContentItem(1, "b")),
        groups={1: ContentGroup("clients", "external", (0,)), 2: ContentGroup("staff", "internal", (0, 1))},
        texts=TEXTS,
    ),
)


def test_a_group_sees_its_own_issues_in_its_own_words():
    assert [item.name for item in TWO_GROUPS.sheet(1).items] == ["Privacy"]
    assert [item.name for item in TWO_GROUPS.sheet(2).items] == ["Privacy", "Fraud at work"]


def test_own_words_that_are_not_translated_stand_before_translated_words_for_others():
    sheet = TWO_GROUPS.sheet(2, "zh-hans")
    assert (sheet.title, [item.name for item in sheet.items]) == ("什么重要？", ["隐私", "Fraud at work"])


def test_a_text_that_is_not_translated_is_marked_with_its_language():
    sheet = TWO_GROUPS.sheet(2, "zh-hans")
    assert [item.name.marks for item in sheet.items] == ["", ' lang="en" dir="ltr"']
    assert (sheet.title.marks, sheet.group.marks) == ("", ' lang="en" dir="ltr"')
    assert sheet.introduction.marks == ""  # there is none
    source = TWO_GROUPS.sheet(2, "en")
    assert {item.name.marks for item in source.items} | {source.title.marks} == {""}


@pytest.mark.parametrize(
    ("language", "marks"),
    [("ar", ' lang="en" dir="ltr"'), ("zh-Hans", ""), ("en-GB", ""), ("zh-Hant", ' lang="en" dir="ltr"')],
)
def test_our_own_words_of_a_scale_are_marked_where_they_are_in_another_language(language, marks):
    sheet = FrozenQuestionnaire(1, 1, Content(languages=("en-GB", language))).sheet(1, language)
    assert {word.marks for _, word in sheet.steps} == {marks}


def test_words_need_repeating_where_they_are_many_or_the_surveys_own():
    def spelled(**more):
        return FrozenQuestionnaire(1, 1, Content(**more)).sheet(1).spelled

    assert (spelled(), spelled(high=6), spelled(kind="ranking", high=9)) == (False, True, False)
    assert spelled(texts={"en": {"step.3": "middling"}})


def test_questions_on_the_respondent_and_comments_count_in_the_time_to_answer():
    items = tuple(ContentItem(place, f"i{place}") for place in range(12))  # a minute
    profile = (ContentProfile("years", "choice", options=2),)
    text = {"en": {"profile.years.text": "word " * 119, "profile.years.option.1": "word " * 119}}

    def minutes(**more):
        return FrozenQuestionnaire(1, 1, Content(items=items, **more)).sheet(1).minutes

    assert minutes() == 1
    assert minutes(comment_per_issue=True) == 2
    assert minutes(comment_per_issue=True, comment_overall=True, ask_missing=True) == 2
    assert minutes(profile=profile, texts=text) == 3


def test_an_unknown_language_gives_the_source_language():
    assert TWO_GROUPS.sheet(1, "fr").language == "en"


def test_with_both_importances_each_issue_is_asked_twice_and_numbered_anew():
    items = (ContentItem(0, "a", "company"), ContentItem(1, "b", "company"), ContentItem(2, "a", "stakeholders"))
    sheet = FrozenQuestionnaire(1, 1, Content(items=items)).sheet(1)
    assert [(item.field, item.number) for item in sheet.items] == [
        ("a.company", "1"), ("b.company", "2"), ("a.stakeholders", "1"),
    ]  # fmt: skip


def test_a_content_survives_being_stored():
    stored = json.loads(json.dumps(TWO_GROUPS.content.to_json()))
    assert Content.from_json(stored) == TWO_GROUPS.content
