"""The page "Answers"."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jobs.models import Job, Status
from scoping.models import StakeholderGroup
from surveys.models import Anonymity, Exclusion, GroupDesign, Invitation, InvitationState, QualityReport, Roll
from surveys.services import fold_responses, open_survey, prepare_survey
from surveys.services.excluding import exclude
from surveys.services.quality import QUALITY, REST, look
from tests.support.factories import AssessmentFactory, ResponseFactory, StakeholderGroupFactory
from tests.surveys.watch.conftest import EMPTY, STRAIGHT, unlike

POSTS = ["watch-look", "leave-out", "count-again"]
HTMX = {"HTTP_HX_REQUEST": "true"}


def address(name="watch", slug="a1"):
    return reverse(f"surveys:{name}", kwargs={"organisation": "example", "slug": slug})


def html_of(client, name="watch", **more):
    response = client.get(address(name), **more)
    assert response.status_code == 200
    return response.content.decode()


def row_of(html, group):
    """The cells of a group's row in the first table that has one, without markup."""
    row = re.search(rf"<tr[^>]*><th scope=\"row\">{group}</th>(.*?)</tr>", html, re.DOTALL)[1]
    return [" ".join(re.sub(r"<[^>]+>|&#8239;", " ", cell).split()) for cell in re.findall(r"<td.*?</td>", row, re.S)]


# --- who may ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["owner", "analyst", "approver", "viewer"])
def test_every_member_sees_the_page(house, survey, client_of, role):
    assert client_of(getattr(house, role)).get(address()).status_code == 200


@pytest.mark.parametrize("name", ["watch", "watch-live", "answers-csv", "comments-csv", *POSTS])
def test_strangers_do_not_learn_of_it(outsider_client, survey, name):
    assert outsider_client.get(address(name)).status_code == 404
    assert outsider_client.post(address(name)).status_code == 404


@pytest.mark.parametrize("name", POSTS)
@pytest.mark.parametrize("role", ["approver", "viewer"])
def test_only_the_working_group_changes_anything(house, survey, client_of, role, name):
    assert client_of(getattr(house, role)).post(address(name)).status_code == 403


@pytest.mark.parametrize("name", POSTS)
def test_nothing_changes_by_opening_a_link(owner_client, survey, name):
    assert owner_client.get(address(name)).status_code == 405


# --- who answers ------------------------------------------------------------------------------------------
def test_before_opening_the_page_says_what_to_do(owner_client, house):
    assessment = AssessmentFactory(organisation=house.organisation, slug="new", groups=1, issues=1)
    assert "Go to the survey" in owner_client.get(address(slug="new")).content.decode()
    prepare_survey(assessment=assessment)
    assert "The survey is not open" in owner_client.get(address(slug="new")).content.decode()


def test_an_assessment_without_a_survey_has_no_answers(owner_client, house):
    AssessmentFactory(organisation=house.organisation, slug="none", with_survey=False)
    assert owner_client.get(address(slug="none")).status_code == 404


def test_without_answers_the_page_names_the_groups_not_reached(owner_client, survey):
    html = html_of(owner_client)
    assert "Answers appear here as they come in" in html
    assert "Group 0, Group 1, Group 2" in html


def test_answers_stand_against_target_and_population(owner_client, survey, crowd):
    first = survey.assessment.groups.first()
    GroupDesign.objects.create(survey=survey, group=first, target=80, population=100)
    html = html_of(owner_client)
    # 1.96 sqrt(0.25 / 40) = 15.5 points; times sqrt(60 / 99) = 12.1.
    assert row_of(html, "Group 0") == ["40 40 % of 100", "80", "", "± 12.1 points"]
    assert row_of(html, "Group 1") == ["30", "–", "", "± 17.9 points"]
    # A group without a target has no bar.
    assert html[html.index('id="counts"') : html.index("</table>")].count('class="spark meter"') == 1
    assert row_of(html, "Group 2") == ["No answers", "–", "", "–"]


def test_the_headcount_of_the_register_counts_unless_the_survey_has_its_own(owner_client, survey, crowd):
    assert "Under the answers" not in html_of(owner_client)
    first, second, third = survey.assessment.groups.all()
    StakeholderGroup.objects.filter(pk__in=[first.pk, third.pk]).update(headcount=100)
    StakeholderGroup.objects.filter(pk=second.pk).update(headcount=4200)
    html = html_of(owner_client)
    assert row_of(html, "Group 0") == ["40 40 % of 100", "–", "", "± 12.1 points"]
    # 30 of 4,200 are 0.7 %; 1.96 sqrt(0.25 / 30) sqrt(4170 / 4199) = 17.8 points.
    assert row_of(html, "Group 1") == ["30 under 1 % of 4,200", "–", "", "± 17.8 points"]
    assert row_of(html, "Group 2") == ["No answers", "–", "", "–"]
    assert "Under the answers" in html
    GroupDesign.objects.create(survey=survey, group=first, population=50)
    assert row_of(html_of(owner_client), "Group 0")[0] == "40 80 % of 50"


def test_more_answers_than_people_are_all_of_them(owner_client, survey, crowd):
    survey.assessment.groups.filter(code="group-0").update(headcount=10)
    assert row_of(html_of(owner_client), "Group 0") == ["40 100 % of 10", "–", "", "± 0.0 points"]


def test_more_answers_than_people_are_remarked(owner_client, survey, crowd):
    first, second = StakeholderGroup.objects.order_by("position")[:2]
    for group in (first, second):
        StakeholderGroup.objects.filter(pk=group.pk).update(headcount=2 if group == first else 5000)
    html = html_of(owner_client)
    assert f"{first.name}: more answers than people." in html
    assert html.count("more answers than people.") == 1


def test_simulated_answers_are_nobody_of_the_headcount(owner_client, store, survey):
    store(30, simulated=True)
    survey.assessment.groups.filter(code="group-0").update(headcount=100)
    assert row_of(html_of(owner_client), "Group 0")[0] == "30 all simulated"
    store(4)
    assert row_of(html_of(owner_client), "Group 0")[0] == "34 30 simulated · 4 % of 100"
    store(16)
    assert row_of(html_of(owner_client), "Group 0")[0] == "20 20 % of 100"


def test_the_rate_is_that_of_the_invited(owner_client, survey, crowd):
    group = survey.assessment.groups.first()
    for number in range(6):
        state = {4: InvitationState.BOUNCED, 5: InvitationState.REVOKED}.get(number, InvitationState.SENT)
        Invitation.objects.create(
            survey=survey, group=group, address=f"p{number}@example.org", token_hash=bytes([number]) * 32,
            number=number, state=state,
        )  # fmt: skip
    Roll.objects.create(survey=survey, group=group, answered=bytes([0b0101]))
    assert row_of(html_of(owner_client), "Group 0")[3:5] == ["4", "50 %"]


def test_a_few_answers_have_no_margin(owner_client, store):
    store(4)
    assert row_of(html_of(owner_client), "Group 0")[-1] == "–"


def test_answers_left_out_stay_in_what_was_sent(owner_client, survey, crowd):
    exclude(survey=survey, flag="straight-liner", reason="Clicked through.")
    assert row_of(html_of(owner_client), "Group 0")[0] == "40"


def test_counts_follow_by_themselves_while_the_survey_is_open(owner_client, survey, store, closed):
    store(6)
    assert 'hx-trigger="every 5s"' in html_of(owner_client)
    part = html_of(owner_client, "watch-live", **HTMX)
    assert "<html" not in part
    assert row_of(part, "Group 0")[0] == "6"
    assert owner_client.get(address("watch-live")).url == address()
    closed()
    assert "every 5s" not in html_of(owner_client)


def test_simulated_answers_are_marked(owner_client, store):
    store(6, simulated=True)
    # Where the line break is not shown, a space stands between the two.
    assert re.search(r"<b>6</b> <br><span class=\"muted\">all simulated", html_of(owner_client))
    assert "6 of 6 answers on this page are simulated." in html_of(owner_client)


# --- the look ---------------------------------------------------------------------------------------------
def test_looking_again_asks_for_a_job(owner_client, survey, crowd):
    assert owner_client.post(address("watch-look")).url == address() + "#quality"
    assert Job.objects.get(kind=QUALITY).created_by is not None
    part = owner_client.post(address("watch-look"), **HTMX).content.decode()
    assert "Looking at the answers" in part
    assert Job.objects.filter(kind=QUALITY).count() == 1


def asks(client):
    return "submit, load" in html_of(client)


def test_the_page_asks_by_itself_once_in_a_while(owner_client, viewer_client, survey, crowd, store):
    assert asks(owner_client)
    assert not asks(viewer_client)
    look(survey=survey)
    assert not asks(owner_client)
    store(1)
    assert not asks(owner_client)
    QualityReport.objects.update(at=timezone.now() - REST - timedelta(seconds=1))
    assert asks(owner_client)
    job = Job.objects.create(
        organisation=survey.assessment.organisation, kind=QUALITY, subject="a1", status=Status.DEAD
    )
    assert not asks(owner_client)
    job.delete()


def test_what_was_found_is_told(owner_client, survey, crowd, store):
    store(6, ratings=EMPTY)
    look(survey=survey)
    html = html_of(owner_client)
    assert "76 answers" in html
    table = html[html.index("Quality flags by group") :]
    assert row_of(table, "Group 0") == ["0", "withheld", "0", "6"]
    assert row_of(table, "Group 1") == ["0", "withheld", "0", "0"]
    assert "Withheld: fewer than 5 people" in html


def test_flags_that_cannot_be_had_do_not_apply(owner_client, house):
    assessment = AssessmentFactory(organisation=house.organisation, slug="few", groups=1, issues=8)
    survey = prepare_survey(assessment=assessment)
    open_survey(survey=survey)
    for _ in range(10):
        ResponseFactory(
            questionnaire=survey.questionnaires.get(), group=assessment.groups.get(), ratings=bytes([3] * 8)
        )
    fold_responses(survey=survey)
    look(survey=survey)
    html = owner_client.get(address(slug="few")).content.decode()
    table = html[html.index("Quality flags by group") :]
    assert row_of(table, "Group 0") == ["0", "10", "does not apply", "0"]
    assert row_of(table, "All") == ["0", "10", "does not apply", "0"]
    assert "Does not apply: the survey asks for fewer than 10 ratings." in html
    assert "fewer than 8 ratings" not in html


def test_while_a_look_is_under_way_the_page_does_not_say_that_nobody_looked(owner_client, survey, crowd):
    assert "Nobody has looked yet" in html_of(owner_client)
    owner_client.post(address("watch-look"))
    html = html_of(owner_client)
    assert "Nobody has looked yet" not in html
    assert "Looking at the answers" in html


def test_identified_surveys_withhold_nothing(owner_client, survey, crowd):
    survey.anonymity = Anonymity.IDENTIFIED
    survey.save()
    look(survey=survey)
    html = html_of(owner_client)
    table = html[html.index("Quality flags by group") :]
    assert row_of(table, "Group 1") == ["0", "2", "0", "0"]
    assert "withheld" not in html.lower()


def test_questions_tell_how_many_left_them_out(owner_client, survey, store, closed):
    store(10, ratings=bytes([0, *STRAIGHT[1:]]))
    store(30)
    store(2, ratings=bytes([5, 0, *STRAIGHT[2:]]))
    closed()
    table = html_of(owner_client).partition("Share of sent answers without a rating")[2]
    found = [re.sub(r"<[^>]+>|&#8239;", " ", row).split() for row in re.findall(r"<tr>.*?</tr>", table, re.S)]
    assert [" ".join(row) for row in found[1:4]] == ["1. Issue 0 24 %", "2. Issue 1 withheld", "3. Issue 2 0 %"]


# --- leaving out ------------------------------------------------------------------------------------------
def test_leaving_out_needs_a_reason(owner_client, survey, crowd):
    look(survey=survey)
    response = owner_client.post(address("leave-out"), {"flag": "straight-liner", "reason": " "})
    assert response.status_code == 400
    html = response.content.decode()
    assert '<details class="leave-out" open>' in html
    assert html.count("Say why these answers do not count") == 1
    assert not Exclusion.objects.exists()


@pytest.mark.parametrize("fields", [{}, {"flag": "boring", "reason": "x"}, {"flag": "speeder", "reason": "x"}])
def test_what_cannot_be_left_out_comes_back(owner_client, survey, crowd, fields):
    look(survey=survey)
    response = owner_client.post(address("leave-out"), fields)
    assert response.status_code == 400
    html = response.content.decode()
    assert "there is no such flag" in html or "nothing to leave out" in html
    assert not Exclusion.objects.exists()


def test_what_was_left_out_is_told_with_its_reason(owner_client, survey, crowd, house):
    look(survey=survey)
    fields = {"flag": "straight-liner", "reason": "<b>Clicked</b> through"}
    html = owner_client.post(address("leave-out"), fields, follow=True).content.decode()
    assert "8 answers do not count, by Owner" in html
    assert "<bdi>&lt;b&gt;Clicked&lt;/b&gt; through</bdi>" in html
    html = owner_client.post(address("count-again"), {"flag": "straight-liner"}, follow=True).content.decode()
    assert "These answers count again." in html
    assert not Exclusion.objects.exists()
    html = owner_client.post(address("count-again"), {"flag": "straight-liner"}, follow=True).content.decode()
    assert "counted already" in html


# --- cost -------------------------------------------------------------------------------------------------
def test_the_number_of_queries_does_not_grow(owner_client, survey, questionnaire, store, house):
    def queries():
        look(survey=survey)
        owner_client.get(address())
        with CaptureQueriesContext(connection) as captured:
            owner_client.get(address())
        return len(captured)

    store(6)
    store(6, ratings=STRAIGHT)
    exclude(survey=survey, flag="straight-liner", reason="Clicked through.")
    one = queries()
    for position in range(3, 5):
        StakeholderGroupFactory(assessment=survey.assessment, position=position)
    for place, group in enumerate(survey.assessment.groups.all()):
        for number in range(7):
            ResponseFactory(questionnaire=questionnaire, group=group, ratings=unlike(50 + 7 * place + number))
    store(6, ratings=EMPTY)
    exclude(survey=survey, flag="mostly-empty", reason="Nothing in it.")
    assert queries() == one
