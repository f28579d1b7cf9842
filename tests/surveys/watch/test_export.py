"""Answers as a file: what is in it, what is not, and that it can be read by others' programs."""

import csv
import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from surveys.answers_export import NotYet, answers_csv, answers_export, comments_csv
from surveys.models import Anonymity, Authorship, CommentKind, Invitation, Response
from surveys.services import close_survey, fold_responses, open_survey, prepare_survey, reopen_survey
from surveys.services.excluding import exclude
from tests.support.factories import AssessmentFactory, CommentFactory, ProfileQuestionFactory
from tests.surveys.watch.conftest import STRAIGHT, VARIED, unlike

CODES = [f"issue-{position}" for position in range(12)]


def read(text):
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


def exported(survey):
    return read("".join(answers_csv(answers_export(survey))))


def address(name="answers-csv", slug="a1"):
    return reverse(f"surveys:{name}", kwargs={"organisation": "example", "slug": slug})


def identified(survey):
    survey.anonymity = Anonymity.IDENTIFIED
    survey.save()
    return survey


def cells(ratings):
    return {code: str(value) if value else "" for code, value in zip(CODES, ratings, strict=True)}


# --- rows -------------------------------------------------------------------------------------------------
def test_a_row_is_an_answer_in_the_order_of_random_keys(crowd, closed):
    rows = exported(closed())
    stored = list(Response.objects.order_by("pk").values_list("group__name", "ratings"))
    expected = [{"group": group, "simulated": "", "left_out": "", **cells(bytes(given))} for group, given in stored]
    assert rows == expected
    assert len(rows) == 70


def test_what_was_not_rated_is_empty(store, closed):
    store(5, ratings=bytes([0, 5] * 6))
    assert exported(closed())[0]["issue-0"] == ""


def test_nothing_leads_to_a_person_or_a_moment(crowd, store, closed):
    store(1, seconds=125)
    text = "".join(answers_csv(answers_export(closed())))
    assert "seconds" not in text
    assert "125" not in text
    for key in Response.objects.values_list("pk", flat=True):
        assert str(key) not in text
        assert key.hex not in text


def test_simulated_and_left_out_answers_are_marked(store, survey, closed):
    store(6)
    store(5, ratings=STRAIGHT)
    store(6, simulated=True)
    exclude(survey=survey, flag="straight-liner", reason="Clicked through.")
    rows = exported(closed())
    assert sum(row["simulated"] == "yes" for row in rows) == 6
    assert {tuple(row[code] for code in CODES) for row in rows if row["left_out"]} == {("3",) * 12}
    assert {row["left_out"] for row in rows} == {"", "Same rating everywhere"}


def test_small_groups_are_left_out_and_that_is_said(store, closed, owner_client):
    store(9)
    store(4, group=1)
    survey = closed()
    assert {row["group"] for row in exported(survey)} == {"Group 0"}
    response = owner_client.get(address())
    assert response["Salient-Groups-Left-Out"] == "group-1; fewer than 5 people"
    assert b"Group 1" not in b"".join(response.streaming_content)
    page = owner_client.get(address("watch")).content.decode()
    assert "Not in the file:</strong> Group 1." in page


def test_a_few_answers_after_the_first_end_wait(store, closed, survey, house):
    store(9)
    closed()
    # The page of results shows the end, and notes that it does.
    from surveys.models import GroupTally
    from surveys.release import settle

    for row in GroupTally.objects.all():
        assert settle(row, k=5)
        row.save()
    assert len(exported(survey)) == 9
    reopen_survey(survey=survey)
    store(2)
    survey.refresh_from_db()
    close_survey(survey=survey)
    survey.refresh_from_db()
    assert exported(survey) == []
    reopen_survey(survey=survey)
    store(3)
    survey.refresh_from_db()
    close_survey(survey=survey)
    survey.refresh_from_db()
    assert len(exported(survey)) == 14


def test_many_pieces_are_one_file(store, closed, monkeypatch):
    monkeypatch.setattr("surveys.answers_export._FETCHED_AT_ONCE", 4)
    store(11)
    assert len(exported(closed())) == 11


# --- profile answers --------------------------------------------------------------------------------------
@pytest.fixture
def assessment_with_profile(house):
    assessment = AssessmentFactory(organisation=house.organisation, slug="p1", groups=1, issues=3)
    survey = prepare_survey(assessment=assessment)
    ProfileQuestionFactory(survey=survey, position=0, code="years", options=["Up to 5", "=More"])
    open_survey(survey=survey)
    survey.refresh_from_db()
    return survey


def test_profile_answers_of_a_few_stay_empty(assessment_with_profile):
    survey = assessment_with_profile
    questionnaire, group = survey.questionnaires.get(), survey.assessment.groups.get()
    for number, years in enumerate([1] * 5 + [2] * 4 + [None]):
        Response.objects.create(
            questionnaire=questionnaire,
            group=group,
            ratings=bytes([number % 5 + 1] * 3),
            profile={"years": years} if years else None,
        )
    fold_responses(survey=survey)
    close_survey(survey=survey)
    survey.refresh_from_db()
    assert sorted(row["years"] for row in exported(survey)) == [""] * 5 + ["Up to 5"] * 5
    identified(survey)
    rows = exported(survey)
    assert sorted(row["years"] for row in rows) == [""] + ["'=More"] * 4 + ["Up to 5"] * 5


# --- identified and confidential --------------------------------------------------------------------------
def test_identified_answers_have_names_and_are_to_be_had_while_open(survey, store, questionnaire):
    identified(survey)
    (answer,) = store(1, seconds=125, ratings=VARIED)
    invitation = Invitation.objects.create(
        survey=survey, group=answer.group, address="eva@example.org", name="=Eva", token_hash=b"x" * 32, number=0
    )
    Authorship.objects.create(response=answer, invitation=invitation)
    store(1, ratings=unlike(3))
    rows = {row["address"]: row for row in exported(survey)}
    assert rows["eva@example.org"]["name"] == "'=Eva"
    assert rows["eva@example.org"]["seconds"] == "125"
    assert rows[""]["name"] == ""


def test_confidential_answers_have_seconds_and_no_names(survey, store, closed):
    survey.anonymity = Anonymity.CONFIDENTIAL
    survey.save()
    store(6, seconds=60)
    rows = exported(closed())
    assert {row["seconds"] for row in rows} == {"60"}
    assert "address" not in rows[0]


# --- when -------------------------------------------------------------------------------------------------
def test_while_the_survey_is_open_there_is_no_file(survey, crowd, owner_client):
    with pytest.raises(NotYet, match="when it is closed"):
        answers_export(survey)
    with pytest.raises(NotYet, match="when it is closed"):
        comments_csv(survey)
    for name in ("answers-csv", "comments-csv"):
        response = owner_client.get(address(name), follow=True)
        assert "when it is closed" in response.content.decode()


def test_before_it_was_opened_there_is_no_file(assessment):
    with pytest.raises(NotYet, match="has not been opened"):
        answers_export(prepare_survey(assessment=assessment))


@pytest.mark.parametrize("role", ["approver", "viewer"])
def test_readers_get_no_answers(house, client_of, crowd, closed, role):
    closed()
    assert client_of(getattr(house, role)).get(address()).status_code == 403


def test_names_of_groups_and_issues_do_nothing_in_a_spreadsheet(store, closed, survey):
    group = survey.assessment.groups.first()
    group.name = '=HYPERLINK("x")'
    group.save()
    store(5)
    text = "".join(answers_csv(answers_export(closed())))
    assert '"\'=HYPERLINK(""x"")",' in text
    assert read(text)[0]["group"] == '\'=HYPERLINK("x")'


# --- comments ---------------------------------------------------------------------------------------------
def test_comments_are_a_file_of_their_own(survey, store, closed, questionnaire, owner_client):
    store(9)
    store(2, group=1)
    store(8, group=2)
    first, second, third = survey.assessment.groups.all()
    given = {"questionnaire": questionnaire}
    CommentFactory(**given, group=third, text="-1+1")
    CommentFactory(**given, group=second, text="Ours", kind=CommentKind.MISSING)
    CommentFactory(**given, group=first, text="Why?", kind=CommentKind.ISSUE, item=questionnaire.items.first())
    closed()
    rows = read(b"".join(owner_client.get(address("comments-csv")).streaming_content).decode())
    assert sorted(tuple(row.values()) for row in rows) == [
        ("issue", "issue-0", "Group 0", "Why?"),
        ("missing", "", "a small group", "Ours"),
        ("overall", "", "a small group", "'-1+1"),
    ]


# --- the command ------------------------------------------------------------------------------------------
def test_the_command_writes_the_same(crowd, closed, tmp_path, capsysbinary):
    survey = closed()
    expected = "".join(answers_csv(answers_export(survey)))
    call_command("export_answers", "a1", "--output", str(tmp_path / "a.csv"))
    assert (tmp_path / "a.csv").read_bytes() == expected.encode()
    call_command("export_answers", "a1", "--output", "-")
    assert capsysbinary.readouterr().out == expected.encode()


def test_the_command_says_what_is_wrong(survey, crowd, tmp_path, closed):
    with pytest.raises(CommandError, match="no assessment 'a2'"):
        call_command("export_answers", "a2", "--output", "-")
    with pytest.raises(CommandError, match="when it is closed"):
        call_command("export_answers", "a1", "--output", "-")
    closed()
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_answers", "a1", "--output", str(tmp_path / "no" / "a.csv"))


def test_the_command_names_the_groups_left_out(store, closed, tmp_path, capsys):
    store(6)
    store(2, group=1)
    closed()
    call_command("export_answers", "a1", "--output", str(tmp_path / "a.csv"))
    assert "fewer than 5 people would show: Group 1" in capsys.readouterr().err
    call_command("export_answers", "a1", "--comments", "--output", str(tmp_path / "c.csv"))
    assert read((tmp_path / "c.csv").read_text(encoding="utf-8")) == []
