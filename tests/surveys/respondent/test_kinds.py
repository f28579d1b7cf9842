"""Every kind of question, on the page and as it is stored."""

import pytest

from surveys.models import Comment, CommentKind, GroupDesign, GroupIssue, Response
from surveys.services import prepare_survey
from tests.surveys.respondent.pages import fields_in, names_in, text_of

CODES = [f"issue-{position}" for position in range(5)]


def stored() -> bytes:
    return bytes(Response.objects.get().ratings)


# --- ratings ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("steps", [3, 5, 10])
def test_a_rating_offers_every_step_and_cannot_judge(client, ask, steps):
    html = client.get(ask(steps=steps).page()).content.decode()
    for value in range(steps + 1):
        assert html.count(f'name="issue-0" value="{value}"') == 1
    assert f'name="issue-0" value="{steps + 1}"' not in html


def test_many_steps_take_two_rows_on_a_narrow_phone(client, ask):
    assert 'class="rate many spelled"' in client.get(ask(steps=10).page()).content.decode()


def test_steps_have_the_words_of_the_survey(client, ask):
    html = client.get(ask(steps=3, step_labels=["niedrig", "mittel", "hoch"]).page()).content.decode()
    assert 'aria-label="2, mittel"' in html
    assert "<dt>3</dt><dd>hoch</dd>" in html
    assert "3 hoch" in html


@pytest.mark.parametrize(
    ("design", "repeated"),
    [
        ({"steps": 5}, False),
        ({"steps": 3, "step_labels": ["niedrig", "mittel", "hoch"]}, True),
        ({"steps": 7, "step_labels": ["a", "b", "c", "d", "e", "f", "g"]}, True),
    ],
)
def test_words_that_are_many_or_the_surveys_own_stand_beside_each_choice(client, ask, design, repeated):
    html = client.get(ask(**design).page()).content.decode()
    assert ('class="rate spelled"' in html) == repeated
    for number, word in enumerate(design.get("step_labels", []), start=1):
        assert html.count(f'<b data-word="{word}">{number}</b>') == 5
    assert ("data-word" in html) == repeated


def test_steps_without_a_word_repeat_none(client, ask):
    html = client.get(ask(steps=10).page()).content.decode()
    assert html.count("data-word=") == 2 * 5  # only the ends are named


def test_the_highest_of_ten_steps_is_stored(client, ask):
    client.post(ask(steps=10).page(), dict.fromkeys(CODES, "10"))
    assert stored() == bytes([10] * 5)


# --- both importances -------------------------------------------------------------------------------------
def test_with_both_importances_each_issue_is_asked_twice_company_first(client, ask):
    response = client.get(ask(both_importances=True).page())
    names = [name for name in names_in(response) if name.startswith("issue-")]
    assert names == [f"{code}.{side}" for side in ("company", "stakeholders") for code in CODES]
    html = response.content.decode()
    first = html.index("How important is it for Example Ltd.?")
    second = html.index("And how important is it to stakeholders?")
    assert first < html.index("q-issue-0.company") < second < html.index("q-issue-0.stakeholders")
    assert "Please rate 5 issues twice" in html


def test_both_importances_are_stored_apart(client, ask):
    ratings = {f"{code}.company": "5" for code in CODES} | {f"{code}.stakeholders": "2" for code in CODES}
    client.post(ask(both_importances=True).page(), ratings)
    assert stored() == bytes([5] * 5 + [2] * 5)


def test_a_missing_rating_is_named_with_its_importance(client, ask):
    ratings = {f"{code}.company": "5" for code in CODES} | {f"{code}.stakeholders": "2" for code in CODES[1:]}
    response = client.post(ask(both_importances=True).page(), ratings)
    assert "1. Issue 0 (to stakeholders)" in text_of(response)
    assert 'href="#q-issue-0.stakeholders"' in response.content.decode()


def test_with_both_importances_an_issue_has_one_comment(client, ask):
    names = names_in(client.get(ask(both_importances=True, comment_per_issue=True).page()))
    assert [name for name in names if name.startswith("comment.issue.")] == [f"comment.issue.{code}" for code in CODES]


# --- top choice -------------------------------------------------------------------------------------------
def test_a_top_choice_says_how_many_and_counts_them(client, ask):
    response = client.get(ask(kind="top", choose=2).page())
    html = response.content.decode()
    assert html.count('type="checkbox"') == 5
    assert "Please choose at most 2 of 5 issues" in text_of(response)
    assert '<b><span id="answered">0</span> of at most 2</b> chosen' in html


def test_what_is_chosen_scores_two_and_the_rest_one(client, ask):
    client.post(ask(kind="top", choose=2).page(), {"issue-1": "2", "issue-4": "2"})
    assert stored() == bytes([1, 2, 1, 1, 2])


def test_choosing_fewer_is_complete(client, ask):
    client.post(ask(kind="top", choose=3).page(), {"issue-1": "2"})
    assert stored() == bytes([1, 2, 1, 1, 1])


def test_choosing_too_many_is_said_once_and_all_of_them_stay(client, ask):
    response = client.post(ask(kind="top", choose=2).page(), dict.fromkeys(CODES[:3], "2"))
    html = response.content.decode()
    assert html.count("You chose 3 issues, and 2 can be chosen.") == 2  # above the page, and at the list
    assert [name for name in fields_in(response) if name.startswith("issue-")] == CODES[:3]
    assert not Response.objects.exists()


def test_choosing_nothing_is_explained(client, ask):
    assert "Nothing is chosen" in text_of(client.post(ask(kind="top", choose=2).page(), {}))


# --- ranking ----------------------------------------------------------------------------------------------
def test_a_ranking_has_a_list_of_places_for_each_issue(client, ask):
    html = client.get(ask(kind="ranking", choose=3).page()).content.decode()
    assert html.count("<select") == 5
    assert html.count("<option>3</option>") == 5
    assert "<option>4</option>" not in html


def test_places_are_stored_as_scores_that_add_up(client, ask):
    client.post(ask(kind="ranking", choose=2).page(), {"issue-3": "1", "issue-0": "2", "issue-1": ""})
    assert stored() == bytes([7, 3, 3, 9, 3])


def test_a_place_given_twice_comes_back_with_both(client, ask):
    response = client.post(ask(kind="ranking", choose=3).page(), {"issue-3": "1", "issue-0": "1"})
    assert response.content.decode().count("Place 1 is given to several issues") == 2
    assert fields_in(response)["issue-3"] == fields_in(response)["issue-0"] == "1"
    assert not Response.objects.exists()


def test_no_more_places_than_the_group_has_issues(client, ask, assessment):
    survey = prepare_survey(assessment=assessment)
    design = GroupDesign.objects.create(survey=survey, group=assessment.groups.all()[0])
    for issue in assessment.issues.all()[:3]:
        GroupIssue.objects.create(design=design, issue=issue, asked=False)
    html = client.get(ask(kind="ranking", choose=4).page()).content.decode()
    assert html.count("<select") == 2
    assert html.count("<option>2</option>") == 2
    assert "<option>3</option>" not in html


# --- groups -----------------------------------------------------------------------------------------------
def test_a_group_sees_its_own_words_and_its_own_issues(client, ask, assessment):
    survey = prepare_survey(assessment=assessment)
    design = GroupDesign.objects.create(survey=survey, group=assessment.groups.all()[0], introduction="Dear colleagues")
    first, second = assessment.issues.all()[:2]
    GroupIssue.objects.create(design=design, issue=first, asked=False)
    GroupIssue.objects.create(design=design, issue=second, name="Your own safety")
    asked = ask(introduction="Dear all")
    own, other = text_of(client.get(asked.page())), text_of(client.get(asked.page(1)))
    assert ("Dear colleagues" in own, "Dear all" in own) == (True, False)
    assert "1. Your own safety" in own
    assert "Issue 0" not in own
    assert "0 of 4 answered" in own
    assert ("Dear all" in other, "2. Issue 1" in other, "0 of 5 answered" in other) == (True, True, True)
    client.post(asked.page(), dict.fromkeys(CODES[1:], "3"))
    assert stored() == bytes([0, 3, 3, 3, 3])


# --- profile ----------------------------------------------------------------------------------------------
PROFILE = [
    {"code": "years", "text": "How long with us?", "kind": "choice", "options": ["under one", "more"]},
    {"code": "age", "text": "Your age?", "kind": "number", "lowest": 16, "highest": 99},
]
ALL = dict.fromkeys(CODES, "4")


def test_profile_questions_are_asked_and_stored(client, ask):
    page = ask(profile=PROFILE).page()
    assert "How long with us?" in text_of(client.get(page))
    client.post(page, ALL | {"profile.years": "2", "profile.age": "41"})
    assert Response.objects.get().profile == {"years": 2, "age": 41}


def test_nobody_has_to_answer_them(client, ask):
    client.post(ask(profile=PROFILE).page(), ALL | {"profile.years": "", "profile.age": ""})
    assert Response.objects.get().profile is None


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("profile.age", "forty", "a whole number from 16 to 99"),
        ("profile.age", "7", "a whole number from 16 to 99"),
        ("profile.years", "9", "“9” is none of the answers"),
    ],
)
def test_a_profile_answer_that_does_not_fit_keeps_everything_else(client, ask, field, value, said):
    response = client.post(ask(profile=PROFILE).page(), ALL | {"comment.overall": "Well done", field: value})
    assert said in text_of(response)
    assert f'href="#q-{field}"' in response.content.decode()
    assert fields_in(response) | ALL | {"comment.overall": "Well done"} == fields_in(response)
    assert not Response.objects.exists()


# --- own words --------------------------------------------------------------------------------------------
def test_comments_are_asked_for_as_designed(client, ask):
    names = names_in(client.get(ask(comment_per_issue=True, comment_overall=False, ask_missing=False).page()))
    assert [name for name in names if name.startswith("comment.")] == [f"comment.issue.{code}" for code in CODES]


def test_comments_are_stored_without_a_way_to_the_ratings(client, ask):
    texts = {"comment.issue.issue-1": "Why?", "comment.overall": "All good", "comment.missing": "Noise"}
    client.post(ask(comment_per_issue=True).page(), ALL | texts)
    found = {(one.kind, one.item and one.item.code, one.text) for one in Comment.objects.all()}
    assert found == {
        (CommentKind.ISSUE, "issue-1", "Why?"),
        (CommentKind.OVERALL, None, "All good"),
        (CommentKind.MISSING, None, "Noise"),
    }
    assert not Comment.objects.exclude(response=None).exists()


def test_a_comment_that_is_there_is_open(client, ask):
    page = ask(comment_per_issue=True).page()
    assert "<details>" in client.get(page).content.decode()
    html = client.post(page, {"comment.issue.issue-1": "Why?"}).content.decode()
    assert html.count("<details open>") == 1


def test_texts_are_part_of_the_draft(client, ask):
    asked = ask(profile=PROFILE)
    secret = fields_in(client.get(asked.page()))["form.key"]
    texts = {"comment.overall": "Not done yet", "profile.age": "41"}
    client.post(asked.page(name="respond-save"), texts | {"form.key": secret})
    assert fields_in(client.get(asked.page())) | texts == fields_in(client.get(asked.page()))


def test_the_closing_text_is_on_the_thank_you_page(client, ask):
    asked = ask(closing="The results come in spring.")
    client.post(asked.page(), ALL)
    assert "The results come in spring." in text_of(client.get(asked.page(name="respond-thanks")))
