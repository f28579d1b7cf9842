import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scoping.models import StakeholderGroup
from surveys.models import Survey
from surveys.services import building, open_survey, prepare_survey
from surveys.services.building import OwnIssue
from surveys.texts import ordered_issues
from tests.support.factories import (
    AssessmentFactory,
    GroupDesignFactory,
    GroupIssueFactory,
    ProfileQuestionFactory,
)

FORMS = ["build-judging", "build-order", "build-texts", "build-anonymity", "build-question-new", "build-group"]
JUDGING = {"kind": "rating", "steps": "5", "choose": "5"}
ANONYMITY = {"anonymity": "confidential", "minimum_group": "5"}


def url(name, assessment="a1", **place):
    if name == "build-group":
        place.setdefault("group", "group-0")
    return reverse(f"surveys:{name}", kwargs={"organisation": "example", "slug": assessment, **place})


def html_of(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def group_form(survey, **more):
    """The form of a group as a browser sends it untouched."""
    fields = {"introduction": "", "target": "", "population": ""}
    for issue in survey.assessment.issues.all():
        fields |= {f"asked_{issue.code}": "on", f"name_{issue.code}": "", f"description_{issue.code}": ""}
    fields |= more
    return {name: value for name, value in fields.items() if value is not None}


# --- the questions ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["owner", "analyst", "approver", "viewer"])
def test_every_member_reads_what_is_asked(house, assessment, client_of, role):
    html = html_of(client_of(getattr(house, role)).get(url("build")))
    assert "5 issues, each rated from 1 to 5" in html
    assert ("Change<span" in html) == (role in ("owner", "analyst"))


def test_the_questionnaire_is_there_before_anybody_made_one(owner_client, assessment):
    html = html_of(owner_client.get(url("build")))
    assert "What should Example Ltd. pay most attention to?" in html
    assert "All groups are asked the same" in html
    assert not Survey.objects.exists()


def test_an_empty_assessment_says_what_to_do(owner_client, house):
    AssessmentFactory(organisation=house.organisation, slug="empty")
    html = html_of(owner_client.get(url("build", "empty")))
    assert "No issue is on the short list yet" in html
    assert "No stakeholder group yet" in html


def test_what_differs_for_a_group_shows_at_the_issue_and_in_the_table(owner_client, draft, group):
    building.save_group_design(
        group=group,
        introduction="Dear colleagues",
        target=1200,
        population=2100,
        issues={"issue-0": OwnIssue(asked=False), "issue-1": OwnIssue(name="Clean water")},
    )
    html = html_of(owner_client.get(url("build")))
    assert "Some groups are asked something else" in html
    assert "Not asked of Group 0" in html
    assert "In other words for Group 0" in html
    assert "introduction, words for 1 issue" in html
    assert '1,200 <span class="muted">of 2,100</span>' in html


def test_the_headcount_of_the_register_is_said_and_counts(owner_client, draft, group):
    form = url("build-group", group="group-0")
    assert "If you know it" in html_of(owner_client.get(form))
    StakeholderGroup.objects.filter(pk=group.pk).update(headcount=2100)
    assert "Left empty, all 2,100 of the register count." in html_of(owner_client.get(form))
    building.save_group_design(group=group, target=1200)
    assert '1,200 <span class="muted">of 2,100</span>' in html_of(owner_client.get(url("build")))


@pytest.mark.parametrize(
    ("design", "said"),
    [
        ({"kind": "top", "choose": 2}, "The 2 most important of 5 issues are chosen"),
        ({"kind": "ranking", "choose": 3}, "The first 3 of 5 issues are put in order"),
        ({"kind": "rating", "steps": 7, "both_importances": True}, "rated twice from 1 to 7"),
    ],
)
def test_the_kind_of_question_is_the_headline(owner_client, assessment, design, said):
    building.set_judging(assessment=assessment, **design)
    assert said in html_of(owner_client.get(url("build")))


def test_once_open_the_questions_are_read_as_they_were_frozen(owner_client, draft):
    ProfileQuestionFactory(survey=draft, text="Where do you work?")
    open_survey(survey=draft)
    draft.assessment.issues.filter(code="issue-0").update(name="Renamed since")
    html = html_of(owner_client.get(url("build")))
    assert "Frozen since" in html
    assert "Where do you work?" in html
    assert "Renamed since" not in html
    assert "Change<span" not in html


@pytest.mark.parametrize("page", ["build", "build-order", "survey", "build-group", "preview"])
def test_a_page_asks_the_database_as_often_for_many_rows(owner_client, house, page):
    counts = []
    for slug, rows in (("one", 1), ("many", 6)):
        assessment = AssessmentFactory(organisation=house.organisation, slug=slug, groups=rows, issues=rows)
        survey = prepare_survey(assessment=assessment)
        for position, group in enumerate(assessment.groups.all()):
            ProfileQuestionFactory(survey=survey, position=position)
            design = GroupDesignFactory(survey=survey, group=group)
            for issue in assessment.issues.all():
                GroupIssueFactory(design=design, issue=issue, asked=True, name="Own words")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            html_of(owner_client.get(url(page, slug)))
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- the forms --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", FORMS)
def test_a_form_opens_and_writes_nothing(analyst_client, assessment, name):
    html_of(analyst_client.get(url(name)))
    assert not Survey.objects.exists()


@pytest.mark.parametrize("role", ["approver", "viewer"])
@pytest.mark.parametrize("name", FORMS)
def test_forms_are_for_the_working_group(house, assessment, client_of, name, role):
    client = client_of(getattr(house, role))
    assert (client.get(url(name)).status_code, client.post(url(name)).status_code) == (403, 403)


@pytest.mark.parametrize("name", FORMS)
def test_once_open_a_form_leads_to_the_questions(analyst_client, draft, name):
    open_survey(survey=draft)
    assert analyst_client.get(url(name))["Location"] == url("build")


def test_a_form_that_was_open_when_the_survey_opened_keeps_what_was_typed(analyst_client, draft):
    open_survey(survey=draft)
    html = html_of(analyst_client.post(url("build-texts"), {"title": "My better title"}), 400)
    assert "The survey has opened" in html
    assert "My better title" in html


def test_judging_is_saved_without_the_labels_above_the_last_step(analyst_client, assessment):
    labels = {f"label_{step}": f"step {step}" for step in range(1, 11)}
    response = analyst_client.post(url("build-judging"), JUDGING | labels | {"steps": "3", "ask_missing": "on"})
    assert response["Location"] == url("build") + "#judging"
    survey = Survey.objects.get()
    assert survey.step_labels == ["step 1", "step 2", "step 3"]
    assert (survey.ask_missing, survey.comment_overall) == (True, False)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choose one of the three."),
        (JUDGING | {"steps": "11"}, "Select a valid choice"),
        (JUDGING | {"choose": "many"}, "Enter a whole number."),
        (JUDGING | {"label_1": "low"}, "Step 2 has no label"),
        (JUDGING | {"kind": "top", "choose": "9"}, "at most 4 can be chosen, not 9"),
    ],
)
def test_what_is_wrong_with_judging_is_said(analyst_client, assessment, sent, said):
    assert said in html_of(analyst_client.post(url("build-judging"), sent), 400)
    assert not Survey.objects.exists()


def test_texts_are_saved_and_shown_as_text(analyst_client, assessment):
    sent = {
        "title": "<script>alert(1)</script>",
        "introduction": "Dear all,\n\nplease.",
        "closing": "",
        "privacy_note": "",
    }
    assert analyst_client.post(url("build-texts"), sent)["Location"] == url("build") + "#texts"
    html = html_of(analyst_client.get(url("build")))
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html
    assert "<p>Dear all,</p>" in html


def test_anonymity_is_saved_and_says_what_it_means(analyst_client, assessment):
    sent = ANONYMITY | {"editable": "on", "retention_days": "90"}
    assert analyst_client.post(url("build-anonymity"), sent)["Location"] == url("build") + "#anonymity"
    html = html_of(analyst_client.get(url("build")))
    assert "Answers may be changed" in html
    assert "Deleted after 90 days" in html


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"anonymity": "anonymous", "minimum_group": "2"}, "Enter a number from 3 to 100."),
        ({"anonymity": "anonymous", "minimum_group": "5", "editable": "on"}, "Nobody can change an anonymous answer"),
        (ANONYMITY | {"retention_days": "soon"}, "Enter a whole number."),
        ({"minimum_group": "5"}, "Choose one of the three."),
    ],
)
def test_what_a_mode_does_not_allow_is_said(analyst_client, assessment, sent, said):
    assert said in html_of(analyst_client.post(url("build-anonymity"), sent), 400)


# --- order ------------------------------------------------------------------------------------------------
SHOWN = {"shown": "issue-0 issue-1 issue-2 issue-3 issue-4"}


def order():
    return "".join(issue.code[-1] for issue in ordered_issues(Survey.objects.get()))


def test_a_button_moves_an_issue_one_step_and_stays_with_it(analyst_client, assessment):
    response = analyst_client.post(url("build-order"), SHOWN | {"down": "issue-0"})
    assert response["Location"] == url("build-order") + "?moved=issue-0&by=down"
    assert order() == "10234"
    assert "autofocus" in html_of(analyst_client.get(response["Location"]))


def test_typed_places_are_taken_and_the_others_make_room(analyst_client, assessment):
    places = {f"place_issue-{n}": str(n + 1) for n in range(5)} | {"place_issue-4": "1", "place_issue-0": " 5 "}
    analyst_client.post(url("build-order"), SHOWN | places)
    assert order() == "41230"
    analyst_client.post(url("build-order"), {"listed": "1"})
    assert order() == "01234"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("first", "“first” is no place"),
        ("-1", "“-1” is no place"),
        ("²", "“²” is no place"),
        ("9" * 5000, "is no place"),
        ("0", "the first place is 1"),
    ],
)
def test_a_place_that_is_none_moves_nothing_and_stays_typed(analyst_client, assessment, typed, said):
    html = html_of(analyst_client.post(url("build-order"), SHOWN | {"place_issue-3": typed}), 400)
    assert said in html
    assert f'value="{typed}"' in html
    assert not Survey.objects.exists()


def test_moving_what_is_gone_is_explained(analyst_client, assessment):
    html = html_of(analyst_client.post(url("build-order"), {"up": "issue-9"}), 400)
    assert "not on the short list any more" in html


# --- the respondent ---------------------------------------------------------------------------------------
def test_a_question_is_added_changed_moved_and_removed(analyst_client, assessment):
    sent = {"text": "Where?", "kind": "choice", "options": "North\nSouth\n\n"}
    assert analyst_client.post(url("build-question-new"), sent)["Location"] == url("build") + "#respondent"
    again = analyst_client.post(
        url("build-question-new"), {"text": "How many?", "kind": "number", "lowest": "1", "another": "1"}
    )
    assert again["Location"] == url("build-question-new")
    page = url("build-question", question="where")
    assert "North\nSouth" in html_of(analyst_client.get(page))
    analyst_client.post(page, sent | {"text": "Which side?"})
    analyst_client.post(url("build-question-move", question="where"), {"down": "1"})
    questions = [question.text for question in Survey.objects.get().profile_questions.all()]
    assert questions == ["How many?", "Which side?"]
    analyst_client.post(url("build-question-remove", question="where"))
    assert Survey.objects.get().profile_questions.get().text == "How many?"


def test_what_is_wrong_with_a_question_is_said(analyst_client, assessment):
    sent = {"text": "Where?", "kind": "choice", "options": "Only one"}
    html = html_of(analyst_client.post(url("build-question-new"), sent), 400)
    assert "Give 2 to 30 answers" in html
    assert "Only one" in html


@pytest.mark.parametrize("name", ["build-question", "build-question-remove", "build-question-move"])
def test_a_question_that_is_not_there_is_not_found(analyst_client, assessment, name):
    assert analyst_client.post(url(name, question="nothing")).status_code == 404
    prepare_survey(assessment=assessment)
    assert analyst_client.post(url(name, question="nothing")).status_code == 404


def test_once_open_a_question_stays(analyst_client, draft):
    ProfileQuestionFactory(survey=draft, code="where")
    open_survey(survey=draft)
    response = analyst_client.post(url("build-question-remove", question="where"), follow=True)
    assert "The survey has opened" in html_of(response)
    assert draft.profile_questions.exists()


# --- groups -----------------------------------------------------------------------------------------------
def test_a_group_gets_its_words_and_its_issues(analyst_client, draft):
    sent = group_form(
        draft, introduction="Dear all", target="20", **{"asked_issue-1": None, "name_issue-2": "Own name"}
    )
    assert analyst_client.post(url("build-group"), sent)["Location"] == url("build") + "#groups"
    design = draft.designs.get()
    assert (design.introduction, design.target, design.population) == ("Dear all", 20, None)
    assert set(design.issues.values_list("issue__code", "asked", "name")) == {
        ("issue-1", False, ""),
        ("issue-2", True, "Own name"),
    }
    html = html_of(analyst_client.get(url("build-group")))
    assert "Own name" in html
    assert html.count("<details open>") == 1


def test_an_issue_that_joined_meanwhile_is_still_asked(analyst_client, draft):
    sent = group_form(draft)
    for part in ("asked", "name", "description"):
        del sent[f"{part}_issue-4"]
    analyst_client.post(url("build-group"), sent)
    assert not draft.designs.get().issues.exists()


def test_a_group_without_any_issue_is_refused(analyst_client, draft):
    sent = group_form(draft, introduction="Keep me", **{f"asked_issue-{n}": None for n in range(5)})
    html = html_of(analyst_client.post(url("build-group"), sent), 400)
    assert "asked about no issue" in html
    assert "Keep me" in html
    assert not draft.designs.exists()


def test_a_group_that_is_not_there_is_not_found(analyst_client, assessment):
    assert analyst_client.get(url("build-group", group="nobody")).status_code == 404


# --- without a survey -------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["build", "preview", *FORMS])
def test_where_no_survey_is_held_there_are_no_questions(analyst_client, assessment, name):
    assessment.with_survey = False
    assessment.save()
    assert analyst_client.get(url(name)).status_code == 404
