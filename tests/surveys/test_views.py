from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jobs.models import Job
from scoping.models import Assessment, Side
from surveys.links import public_link
from surveys.models import GroupTally, Response, Survey, SurveyState
from surveys.services import close_survey, fold_responses, open_survey, prepare_survey, submit_response
from surveys.services.building import set_texts
from tests.support.factories import AssessmentFactory, StakeholderGroupFactory, TierFactory

POSTS = ["open", "close", "reopen", "recount", "remove-simulated"]


def address(name="survey", assessment="a1", **more):
    return reverse(f"surveys:{name}", kwargs={"organisation": "example", "slug": assessment, **more})


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def answer(survey, number=1, group=0, **more):
    for _ in range(number):
        submit_response(link=public_link(survey.links.all()[group].token), answers=bytes([1, 2, 3, 4, 5]), **more)


# --- who may ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["owner", "analyst", "approver", "viewer"])
def test_every_member_sees_the_page(house, survey, client_of, role):
    assert client_of(getattr(house, role)).get(address()).status_code == 200


def test_strangers_do_not_learn_that_there_is_a_survey(outsider_client, survey):
    for name in ("survey", *POSTS):
        assert outsider_client.post(address(name)).status_code == 404
    assert outsider_client.get(address()).status_code == 404
    assert outsider_client.get(address("qr", group="group-0")).status_code == 404


def test_another_organisations_survey_is_not_reached_through_ones_own(outsider_client, survey):
    own = reverse("surveys:survey", kwargs={"organisation": "elsewhere", "slug": "a1"})
    assert outsider_client.get(own).status_code == 404


def test_visitors_are_asked_to_sign_in(client, survey):
    assert reverse("account_login") in client.get(address())["Location"]


@pytest.mark.parametrize("name", POSTS)
@pytest.mark.parametrize("role", ["approver", "viewer"])
def test_only_the_working_group_changes_anything(house, survey, client_of, role, name):
    assert client_of(getattr(house, role)).post(address(name)).status_code == 403


@pytest.mark.parametrize("name", POSTS)
def test_changes_are_never_made_by_opening_a_link(owner_client, survey, name):
    assert owner_client.get(address(name)).status_code == 405


def test_changes_need_the_forms_own_token(house, survey):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(house.owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert strict.post(address("close")).status_code == 403


# --- before it opens --------------------------------------------------------------------------------------
def test_without_issues_and_groups_the_page_says_what_to_do(owner_client, house):
    AssessmentFactory(organisation=house.organisation, slug="empty")
    html = owner_client.get(address(assessment="empty")).content.decode()
    assert "There is nothing to ask yet" in html
    assert "Open the survey</button>" not in html


def test_the_page_suggests_a_title_and_writes_nothing(owner_client, assessment):
    assert "What should Example Ltd. pay most attention to?" in owner_client.get(address()).content.decode()
    assert not Survey.objects.exists()


def test_a_viewer_reads_that_it_is_not_open(viewer_client, assessment):
    html = viewer_client.get(address()).content.decode()
    assert "The survey is not open yet" in html
    assert "Open the survey</button>" not in html


def test_opening_takes_the_last_day_and_what_was_designed(analyst_client, assessment, house):
    set_texts(assessment=assessment, title="What matters?", introduction="We ask you.")
    last_day = (timezone.localdate() + timedelta(days=10)).isoformat()
    response = analyst_client.post(address("open"), {"closes_at": last_day}, follow=True)
    survey = Survey.objects.get()
    assert (survey.state, survey.title, survey.introduction) == (SurveyState.OPEN, "What matters?", "We ask you.")
    assert timezone.localtime(survey.closes_at).date() == timezone.localdate() + timedelta(days=10)
    assert messages_of(response) == ["The survey is open. Share the link of each group with its people."]


def test_the_last_day_counts_whole(analyst_client, assessment):
    analyst_client.post(address("open"), {"closes_at": timezone.localdate().isoformat()})
    assert Survey.objects.get().takes_answers(timezone.now())


@pytest.mark.parametrize(
    ("day", "complaint"),
    [
        ("soon", "Give a day such as"),
        ("2020-01-01", "2020-01-01 has passed"),
        ("9999-12-31", "Give a day such as"),
    ],
)
def test_what_is_wrong_with_the_day_is_said_and_what_was_typed_stays(analyst_client, assessment, day, complaint):
    response = analyst_client.post(address("open"), {"closes_at": day})
    html = response.content.decode()
    assert response.status_code == 400
    assert complaint in html
    assert f'value="{day}"' in html
    assert not Survey.objects.filter(state=SurveyState.OPEN).exists()


def said_at_the_form(response):
    assert response.status_code == 400
    assert not Survey.objects.filter(state=SurveyState.OPEN).exists()
    return response.context["form"].non_field_errors()


def test_a_single_issue_is_not_enough(analyst_client, assessment):
    assessment.issues.exclude(code="issue-0").delete()
    (refusal,) = said_at_the_form(analyst_client.post(address("open"), {"incomplete": "on"}))
    assert refusal.startswith("Scoping, issues: List the issues to be rated.")


def test_without_any_group_nothing_opens_whatever_is_ticked(analyst_client, assessment):
    assessment.groups.all().delete()
    response = analyst_client.post(address("open"), {"incomplete": "on"})
    assert all(refusal.startswith("Scoping, groups: Add an") for refusal in said_at_the_form(response))
    assert "The survey was not opened." in response.content.decode()


def test_tiers_of_another_size_are_mended_first(analyst_client, assessment):
    TierFactory(assessment=assessment, position=7, planned_count=4)
    (refusal,) = said_at_the_form(analyst_client.post(address("open"), {"incomplete": "on"}))
    assert refusal == ("Scoping, tiers: Make the tiers fit the list. They are sized for 4 issues, and the list has 5.")


def test_a_side_without_a_group_is_confirmed_by_name(analyst_client, assessment):
    assessment.groups.filter(side=Side.INTERNAL).delete()
    label = "Open without the step “Add an internal stakeholder group”"
    assert label in analyst_client.get(address()).content.decode()
    (refusal,) = said_at_the_form(analyst_client.post(address("open")))
    assert "Add an internal stakeholder group" in refusal
    analyst_client.post(address("open"), {"incomplete": "on"})
    assert Survey.objects.get().state == SurveyState.OPEN


def test_nothing_is_to_be_confirmed_when_nothing_is_missing(analyst_client, assessment):
    assert "Open without" not in analyst_client.get(address()).content.decode()


def test_the_form_says_that_the_questions_freeze_for_good(analyst_client, assessment):
    assert "Opening freezes the 5 questions for good" in analyst_client.get(address()).content.decode()


# --- while it is open -------------------------------------------------------------------------------------
def test_each_group_has_its_link_and_its_qr_code(viewer_client, survey, settings):
    settings.BASE_URL = "https://salient.example.org"
    html = viewer_client.get(address()).content.decode()
    for link in survey.links.select_related("group"):
        assert f"https://salient.example.org/s/{link.token}/" in html
        assert address("qr", group=link.group.code) in html


def test_the_host_that_a_visitor_claims_is_not_in_the_links(viewer_client, survey, settings):
    settings.ALLOWED_HOSTS = ["*"]
    html = viewer_client.get(address(), headers={"Host": "evil.example"}).content.decode()
    assert "evil.example" not in html


def test_nobody_has_answered_yet(viewer_client, survey):
    html = viewer_client.get(address()).content.decode()
    assert "Nobody yet. Send each group its link" in html
    assert html.count("No answers") == 3


def test_answers_are_shown_by_group_counted_or_not(viewer_client, survey):
    answer(survey, 3)
    fold_responses(survey=survey)
    answer(survey, 2, group=1)
    response = viewer_client.get(address())
    assert [progress.answers for progress, _ in response.context["groups"]] == [3, 2, 0]
    assert [progress.waiting for progress, _ in response.context["groups"]] == [0, 2, 0]
    assert response.context["heard"] == 2


def test_simulated_answers_are_marked(viewer_client, survey):
    answer(survey, 3, simulated=True)
    answer(survey, 1, group=1)
    html = viewer_client.get(address()).content.decode()
    assert "all simulated" in html
    assert "3 of 4 answers simulated" in html


@pytest.mark.parametrize("groups", [0, 12])
def test_the_page_costs_the_same_with_many_groups(viewer_client, assessment, groups, django_assert_max_num_queries):
    for position in range(10, 10 + groups):
        StakeholderGroupFactory(assessment=assessment, position=position)
    survey = prepare_survey(assessment=assessment)
    open_survey(survey=survey)
    answer(survey, 2)
    # On PostgreSQL four of them tell its planner which index to take.
    with django_assert_max_num_queries(24):
        viewer_client.get(address())


def test_closing_and_reopening(analyst_client, survey):
    analyst_client.post(address("close"))
    survey.refresh_from_db()
    assert survey.state == SurveyState.CLOSED
    html = analyst_client.get(address()).content.decode()
    assert "Reopen the survey" in html
    analyst_client.post(address("reopen"))
    survey.refresh_from_db()
    assert survey.state == SurveyState.OPEN


def test_closing_twice_is_explained(analyst_client, survey):
    analyst_client.post(address("close"))
    said = messages_of(analyst_client.post(address("close"), follow=True))
    assert said[-1] == "The survey is not open, so there is nothing to close."


def test_reopening_until_a_day_that_has_passed_is_explained(analyst_client, survey):
    close_survey(survey=survey)
    response = analyst_client.post(address("reopen"), {"closes_at": "2020-01-01"})
    assert response.status_code == 400
    assert "2020-01-01 has passed" in response.content.decode()


def test_a_survey_past_its_last_day_shows_as_closed_before_any_worker_has_seen_it(viewer_client, survey):
    Survey.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    assert "badge-now" not in viewer_client.get(address()).content.decode()


def test_a_group_that_came_after_opening_is_told_to_have_no_link(viewer_client, survey, assessment):
    StakeholderGroupFactory(assessment=assessment, position=9)
    html = viewer_client.get(address()).content.decode()
    assert "added after the survey was opened" in html
    assert viewer_client.get(address("qr", group="group-9")).status_code == 404


def test_a_recount_is_a_job_whose_outcome_the_page_tells(analyst_client, survey, run_waiting_jobs):
    answer(survey, 3)
    fold_responses(survey=survey)
    GroupTally.objects.all().delete()
    analyst_client.post(address("recount"))
    assert "Counting every answer afresh" in analyst_client.get(address()).content.decode()
    run_waiting_jobs()
    html = analyst_client.get(address()).content.decode()
    assert "The count was wrong and is corrected</strong> for Group 0" in html


def test_asking_for_two_recounts_makes_one_job(analyst_client, survey):
    analyst_client.post(address("recount"))
    analyst_client.post(address("recount"))
    assert Job.objects.filter(kind="surveys.recount").count() == 1


def test_simulated_answers_can_be_removed(analyst_client, survey):
    answer(survey, 2, simulated=True)
    answer(survey, 1)
    assert (
        "2 simulated answers are removed"
        in messages_of(analyst_client.post(address("remove-simulated"), follow=True))[0]
    )
    assert Response.objects.count() == 1


def test_removing_simulated_answers_takes_two_steps_and_no_script(analyst_client, survey):
    answer(survey, 2, simulated=True)
    html = analyst_client.get(address()).content.decode()
    first, second = html.index("<summary>Remove simulated answers</summary>"), html.index("Delete 2 simulated answers")
    assert html.rindex('<details class="confirm">', 0, first) < first < second < html.index("</details>", first)


def test_an_assessment_without_a_survey_has_nothing_to_close(analyst_client, assessment):
    assert analyst_client.post(address("close")).status_code == 404


# --- the QR code ------------------------------------------------------------------------------------------
def test_the_qr_code_is_a_picture_and_a_file(viewer_client, survey):
    shown = viewer_client.get(address("qr", group="group-0"))
    assert shown["Content-Type"] == "image/svg+xml"
    assert "Content-Disposition" not in shown
    saved = viewer_client.get(address("qr", group="group-0"), {"download": ""})
    assert saved["Content-Disposition"] == 'attachment; filename="a1-group-0-qr.svg"'
    assert saved.content == shown.content


def test_each_group_has_a_qr_code_of_its_own(viewer_client, survey):
    codes = {viewer_client.get(address("qr", group=f"group-{at}")).content for at in range(3)}
    assert len(codes) == 3


def test_texts_are_shown_as_text(viewer_client, survey):
    Survey.objects.update(title="<script>alert(1)</script>", introduction="<img src=x onerror=alert(1)>")
    Assessment.objects.update(name="<i>name</i>")
    html = viewer_client.get(address()).content.decode()
    assert not any(attack in html for attack in ("<script>alert", "<img src=x", "<i>name"))


def test_a_link_that_went_too_far_is_withdrawn(analyst_client, survey):
    link = survey.links.first()
    page = analyst_client.post(address("link-renew", group=link.group.code), follow=True).content.decode()
    assert "has a new link" in page
    assert link.token not in page


def test_the_last_day_of_an_open_survey_is_moved_and_taken_away(analyst_client, survey):
    page = analyst_client.post(address("last-day"), {"closes_at": "2099-12-10"}, follow=True).content.decode()
    assert "10 December 2099, 23:59" in page
    analyst_client.post(address("last-day"), {"closes_at": ""})
    survey.refresh_from_db()
    assert survey.closes_at is None


def test_a_last_day_that_has_passed_is_refused_at_its_field(analyst_client, survey):
    response = analyst_client.post(address("last-day"), {"closes_at": "2020-01-01"})
    assert response.status_code == 400
    assert "2020-01-01 has passed" in response.content.decode()
