import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEvent
from scoping.models import StakeholderGroup
from surveys.models import GroupIssue, ProfileQuestion, Survey, SurveyState
from surveys.services import building, open_survey, prepare_survey
from surveys.services.building import OwnIssue
from surveys.services.building.issues import rearranged
from surveys.texts import ordered_issues
from tests.support.factories import GroupDesignFactory, GroupIssueFactory, IssueFactory, ProfileQuestionFactory

ANONYMOUS = {"anonymity": "anonymous", "minimum_group": 5}


def refusal(service, **values):
    """What the service says, as one text; and nothing of it is stored."""
    before = (list(Survey.objects.values()), list(GroupIssue.objects.values()), AuditEvent.objects.count())
    with pytest.raises(ValidationError) as caught:
        service(**values)
    after = (list(Survey.objects.values()), list(GroupIssue.objects.values()), AuditEvent.objects.count())
    assert before == after
    return " ".join(caught.value.messages)


def fields_of(service, **values):
    with pytest.raises(ValidationError) as caught:
        service(**values)
    return set(caught.value.message_dict)


def not_asked(survey, group, *codes):
    design = GroupDesignFactory(survey=survey, group=group)
    for issue in survey.assessment.issues.filter(code__in=codes):
        GroupIssueFactory(design=design, issue=issue)


# --- every service ----------------------------------------------------------------------------------------
def every_change(assessment, group):
    """A valid call of each service, by name."""
    return {
        "judging": lambda: building.set_judging(assessment=assessment, kind="rating"),
        "texts": lambda: building.set_texts(assessment=assessment, title="What matters?"),
        "anonymity": lambda: building.set_anonymity(assessment=assessment, **ANONYMOUS),
        "places": lambda: building.place_issues(assessment=assessment, places={"issue-4": 1}),
        "move": lambda: building.move_issue(assessment=assessment, code="issue-4", step=-1),
        "listed": lambda: building.order_as_listed(assessment=assessment),
        "group": lambda: building.save_group_design(group=group, introduction="Dear customers"),
        "question": lambda: building.save_question(
            assessment=assessment, text="Where?", kind="choice", options=["Here", "There"]
        ),
    }


NAMES = ["judging", "texts", "anonymity", "places", "move", "listed", "group", "question"]


@pytest.mark.parametrize("name", NAMES)
def test_a_change_makes_the_survey_and_leaves_one_line_at_least(assessment, group, name):
    every_change(assessment, group)[name]()
    assert Survey.objects.filter(assessment=assessment, state=SurveyState.DRAFT).exists()
    assert AuditEvent.objects.filter(subject="a1").exists()


@pytest.mark.parametrize("name", NAMES)
def test_nothing_changes_once_the_survey_is_open(assessment, group, name):
    open_survey(survey=prepare_survey(assessment=assessment))
    change = every_change(assessment, group)[name]
    assert refusal(change).startswith("The survey has opened")


def test_questions_stay_once_the_survey_is_open(draft):
    ProfileQuestionFactory(survey=draft, code="region")
    open_survey(survey=draft)
    for change in (building.remove_question, building.move_question):
        more = {"step": 1} if change is building.move_question else {}
        assert "has opened" in refusal(change, assessment=draft.assessment, code="region", **more)


def test_where_no_survey_is_held_there_is_nothing_to_design(assessment):
    assessment.with_survey = False
    assessment.save()
    assert "holds no survey" in refusal(building.set_texts, assessment=assessment, title="T")


# --- how issues are judged --------------------------------------------------------------------------------
def test_a_rating_keeps_its_labels_and_its_comments(assessment):
    survey = building.set_judging(
        assessment=assessment,
        kind="rating",
        steps=3,
        step_labels=["low ", "mid\u202e", "high"],
        both_importances=True,
        comment_per_issue=True,
        comment_overall=False,
        ask_missing=False,
    )
    survey.refresh_from_db()
    assert (survey.steps, survey.step_labels, survey.both_importances) == (3, ["low", "mid", "high"], True)
    assert (survey.comment_per_issue, survey.comment_overall, survey.ask_missing) == (True, False, False)


def test_labels_that_are_all_empty_are_none(assessment):
    survey = building.set_judging(assessment=assessment, kind="rating", steps=3, step_labels=["", " ", ""])
    assert survey.step_labels == []


@pytest.mark.parametrize(
    ("design", "said"),
    [
        ({"kind": "stars"}, "Choose one of the list"),
        ({"kind": "rating", "steps": 2}, "3 to 10 steps, not 2"),
        ({"kind": "rating", "steps": 11}, "3 to 10 steps, not 11"),
        ({"kind": "rating", "steps": 3, "step_labels": ["a", "b"]}, "3 steps need 3 labels, not 2"),
        ({"kind": "rating", "steps": 3, "step_labels": ["a", "", "c"]}, "Step 2 has no label"),
        ({"kind": "rating", "steps": 3, "step_labels": ["a", "b", "A"]}, "Two steps are labelled “A”"),
        ({"kind": "rating", "steps": 3, "step_labels": ["a" * 61, "b", "c"]}, "at most 60 characters; these are 61"),
        ({"kind": "top", "choose": 0}, "from 1 to 127"),
        ({"kind": "top", "choose": 5}, "Of 5 issues, at most 4 can be chosen, not 5"),
        ({"kind": "ranking", "choose": 6}, "Of 5 issues, at most 5 can be put in order, not 6"),
        ({"kind": "top", "choose": 2, "both_importances": True}, "asks for one importance only"),
    ],
)
def test_a_design_that_cannot_be_asked_is_refused(assessment, design, said):
    assert said in refusal(building.set_judging, assessment=assessment, **design)


@pytest.mark.parametrize("design", [{"kind": "top", "choose": 4}, {"kind": "ranking", "choose": 5}])
def test_the_largest_number_of_choices_is_allowed(assessment, design):
    assert building.set_judging(assessment=assessment, **design).choose == design["choose"]


@pytest.mark.parametrize("kind", ["top", "ranking"])
def test_comparing_issues_needs_the_same_issues_for_all(draft, group, kind):
    not_asked(draft, group, "issue-1")
    said = refusal(building.set_judging, assessment=draft.assessment, kind=kind, choose=2)
    assert "Ask Group 0 about every issue" in said


def test_a_ranking_holds_127_issues(assessment):
    for position in range(5, 127):
        IssueFactory(assessment=assessment, position=position)
    assert building.set_judging(assessment=assessment, kind="ranking", choose=127).kind == "ranking"
    IssueFactory(assessment=assessment, position=127)
    assert "at most 127 issues" in refusal(building.set_judging, assessment=assessment, kind="ranking", choose=5)


# --- order ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("wanted", "order"),
    [
        ({}, "abcde"),
        ({1: "e"}, "eabcd"),
        ({5: "a"}, "bcdea"),
        ({2: "a", 1: "b"}, "bacde"),
        ({4: "a", 1: "d"}, "dbcae"),
    ],
)
def test_what_moves_takes_its_place_and_the_others_close_up(wanted, order):
    assert "".join(rearranged("abcde", wanted)) == order


def codes(survey):
    survey.refresh_from_db()
    return [issue.code[-1] for issue in ordered_issues(survey)]


def test_an_issue_goes_to_the_place_that_is_typed(draft):
    building.place_issues(assessment=draft.assessment, places={"issue-4": 2})
    assert codes(draft) == list("04123")


def test_a_place_beyond_the_end_is_the_last(draft):
    building.place_issues(assessment=draft.assessment, places={"issue-0": 99})
    assert codes(draft) == list("12340")


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ({"issue-0": 3, "issue-1": 3}, "“Issue 0” and “Issue 1” both want place 3"),
        ({"issue-0": 9, "issue-1": 8}, "both want place 5"),
        ({"issue-0": 0}, "the first place is 1"),
        ({"issue-9": 1}, "Not on the short list any more: issue-9"),
    ],
)
def test_places_that_contradict_each_other_move_nothing(draft, places, said):
    assert said in refusal(building.place_issues, assessment=draft.assessment, places=places)


def test_steps_end_at_the_ends(draft):
    assert building.move_issue(assessment=draft.assessment, code="issue-0", step=-1) == 1
    assert building.move_issue(assessment=draft.assessment, code="issue-1", step=-1) == 1
    assert codes(draft) == list("10234")


def test_the_order_of_the_list_comes_back(draft):
    building.move_issue(assessment=draft.assessment, code="issue-4", step=-1)
    building.order_as_listed(assessment=draft.assessment)
    assert codes(draft) == list("01234")


def test_an_issue_that_joins_later_comes_last(draft):
    building.move_issue(assessment=draft.assessment, code="issue-0", step=1)
    IssueFactory(assessment=draft.assessment, position=5)
    assert codes(draft) == list("102345")


# --- texts ------------------------------------------------------------------------------------------------
def test_texts_lose_what_hides_and_keep_their_lines(assessment):
    survey = building.set_texts(
        assessment=assessment,
        title=" What\u202e matters? \n",
        introduction="Dear all,\r\n\r\nplease.",
        closing="\u0007Bye",
    )
    assert (survey.title, survey.introduction, survey.closing) == ("What matters?", "Dear all,\n\nplease.", "Bye")


@pytest.mark.parametrize(
    ("texts", "field"),
    [
        ({"title": "\u200b"}, "title"),
        ({"title": "T" * 201}, "title"),
        ({"title": "T", "introduction": "x" * 5001}, "introduction"),
        ({"title": "T", "closing": "x" * 5001}, "closing"),
        ({"title": "T", "privacy_note": "x" * 5001}, "privacy_note"),
    ],
)
def test_texts_that_do_not_fit_are_named(assessment, texts, field):
    assert fields_of(building.set_texts, assessment=assessment, **texts) == {field}


# --- questions on the respondent --------------------------------------------------------------------------
def ask(assessment, text="Where do you work?", **more):
    question = {"kind": "choice", "options": ["North", " South ", ""], **more}
    return building.save_question(assessment=assessment, text=text, **question)


def test_a_question_keeps_its_code_when_its_words_change(assessment):
    added = ask(assessment)
    changed = ask(assessment, text="Where?", code=added.code)
    assert (changed.pk, changed.code, changed.text, changed.options) == (
        added.pk,
        "where-do-you-work",
        "Where?",
        ["North", "South"],
    )


def test_codes_are_free_and_never_an_address(assessment):
    assert [ask(assessment, text=text).code for text in ("New", "new?", "在哪里")] == ["new-2", "new-3", "question"]


def test_a_number_has_bounds_and_no_options(assessment):
    question = ask(assessment, kind="number", lowest=0, highest=60)
    assert (question.options, question.lowest, question.highest) == ([], 0, 60)
    question = ask(assessment, kind="choice", lowest=0, highest=60, code=question.code)
    assert (question.options, question.lowest, question.highest) == (["North", "South"], None, None)


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": "x" * 301}, "text"),
        ({"kind": "essay"}, "kind"),
        ({"options": ["one"]}, "options"),
        ({"options": [str(n) for n in range(31)]}, "options"),
        ({"options": ["Yes", "yes"]}, "options"),
        ({"options": ["x" * 201, "y"]}, "options"),
        ({"kind": "number", "lowest": 5, "highest": 5}, "highest"),
        ({"kind": "number", "lowest": -(10**12)}, "lowest"),
    ],
)
def test_a_question_that_cannot_be_asked_names_its_field(assessment, question, field):
    assert fields_of(ask, assessment=assessment, **question) == {field}


def test_there_are_at_most_twenty(draft):
    for number in range(20):
        ProfileQuestionFactory(survey=draft, position=number)
    with pytest.raises(ValidationError, match="at most 20"):
        ask(draft.assessment)


def test_questions_move_and_go(draft):
    for number, code in enumerate("abc"):
        ProfileQuestionFactory(survey=draft, position=number, code=code)
    building.move_question(assessment=draft.assessment, code="c", step=-1)
    building.move_question(assessment=draft.assessment, code="a", step=-1)
    building.remove_question(assessment=draft.assessment, code="b")
    assert [question.code for question in draft.profile_questions.all()] == ["a", "c"]
    with pytest.raises(ValidationError, match="removed meanwhile"):
        building.remove_question(assessment=draft.assessment, code="b")
    with pytest.raises(ValidationError, match="removed meanwhile"):
        ask(draft.assessment, code="b")
    assert ProfileQuestion.objects.count() == 2


# --- anonymity --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "mode",
    [
        {"anonymity": "anonymous", "minimum_group": 3},
        {"anonymity": "confidential", "minimum_group": 3, "editable": True, "retention_days": 1},
        {"anonymity": "identified", "minimum_group": 1, "editable": True, "retention_days": 3650},
    ],
)
def test_each_mode_is_kept(assessment, mode):
    survey = building.set_anonymity(assessment=assessment, **mode)
    survey.refresh_from_db()
    assert {name: getattr(survey, name) for name in mode} == mode


@pytest.mark.parametrize(
    ("mode", "field"),
    [
        ({"anonymity": "secret", "minimum_group": 5}, "anonymity"),
        ({"anonymity": "anonymous", "minimum_group": 2}, "minimum_group"),
        ({"anonymity": "confidential", "minimum_group": 1}, "minimum_group"),
        ({"anonymity": "identified", "minimum_group": 0}, "minimum_group"),
        ({"anonymity": "identified", "minimum_group": 101}, "minimum_group"),
        ({"anonymity": "anonymous", "minimum_group": 5, "editable": True}, "editable"),
        ({"anonymity": "anonymous", "minimum_group": 5, "retention_days": 0}, "retention_days"),
        ({"anonymity": "anonymous", "minimum_group": 5, "retention_days": 3651}, "retention_days"),
    ],
)
def test_what_a_mode_does_not_allow_is_refused_at_its_field(assessment, mode, field):
    assert fields_of(building.set_anonymity, assessment=assessment, **mode) == {field}


# --- groups -----------------------------------------------------------------------------------------------
def test_only_what_differs_is_stored(group, assessment):
    design = building.save_group_design(
        group=group,
        introduction="Dear colleagues",
        target=20,
        population=20,
        issues={
            "issue-0": OwnIssue(asked=False),
            "issue-1": OwnIssue(name="Clean water"),
            "issue-2": OwnIssue(name="Issue 2"),
            "issue-3": OwnIssue(),
        },
    )
    assert (design.introduction, design.target, design.population) == ("Dear colleagues", 20, 20)
    stored = {row.issue.code: (row.asked, row.name) for row in design.issues.select_related("issue")}
    assert stored == {"issue-0": (False, ""), "issue-1": (True, "Clean water")}


def test_more_answers_than_the_register_has_people_cannot_be_hoped_for(group):
    StakeholderGroup.objects.filter(pk=group.pk).update(headcount=20)
    said = refusal(building.save_group_design, group=group, target=21)
    assert "The group has 20 people, fewer than the answers hoped for." in said
    assert building.save_group_design(group=group, target=20).target == 20
    # A number of the survey's own goes first.
    assert building.save_group_design(group=group, target=25, population=30).population == 30


def test_issues_that_are_not_named_stay_as_they_are(group, draft):
    not_asked(draft, group, "issue-0")
    building.save_group_design(group=group, issues={"issue-1": OwnIssue(name="Clean water")})
    building.save_group_design(group=group, introduction="Hello")
    assert GroupIssue.objects.filter(issue__code="issue-0", asked=False).exists()
    assert GroupIssue.objects.filter(issue__code="issue-1", name="Clean water").exists()


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"introduction": "x" * 5001}, "introduction"),
        ({"target": 0}, "target"),
        ({"population": 10**9}, "population"),
        ({"target": 21, "population": 20}, "target"),
        ({"issues": {"issue-9": OwnIssue()}}, "issues"),
        ({"issues": {"issue-0": OwnIssue(name="x" * 301)}}, "issues"),
        ({"issues": {"issue-0": OwnIssue(description="x" * 2001)}}, "issues"),
        ({"issues": {f"issue-{n}": OwnIssue(asked=False) for n in range(5)}}, "issues"),
    ],
)
def test_what_a_group_cannot_be_asked_is_refused_at_its_field(group, wish, field):
    assert fields_of(building.save_group_design, group=group, **wish) == {field}


def test_every_issue_is_asked_of_somebody(draft, group):
    for other in draft.assessment.groups.exclude(pk=group.pk):
        not_asked(draft, other, "issue-1")
    said = refusal(building.save_group_design, group=group, issues={"issue-1": OwnIssue(asked=False)})
    assert "No other group is asked about “Issue 1”" in said


def test_an_issue_that_nobody_was_asked_about_before_does_not_stand_in_the_way(draft, group):
    for one in draft.assessment.groups.all():
        not_asked(draft, one, "issue-1")
    building.save_group_design(group=group, target=10, issues={"issue-1": OwnIssue(asked=False)})
    assert draft.designs.get(group=group).target == 10


def test_comparing_issues_leaves_no_subset(draft, group):
    building.set_judging(assessment=draft.assessment, kind="ranking", choose=3)
    said = refusal(building.save_group_design, group=group, issues={"issue-1": OwnIssue(asked=False)})
    assert "every group is asked" in said
    building.save_group_design(group=group, issues={"issue-1": OwnIssue(name="Clean water")})
