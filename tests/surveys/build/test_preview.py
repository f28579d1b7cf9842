import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from surveys.models import Draft, Response, Survey, Translation
from surveys.services import building, open_survey
from surveys.services.building import OwnIssue
from tests.support.factories import AssessmentFactory, ProfileQuestionFactory

RATED = {f"issue-{n}": "4" for n in range(5)}


def url(name="preview", assessment="a1", **place):
    return reverse(f"surveys:{name}", kwargs={"organisation": "example", "slug": assessment, **place})


def form(group="group-0", assessment="a1"):
    return url("preview-form", assessment, group=group)


def html_of(response, status=200):
    assert response.status_code == status
    return response.content.decode()


@pytest.mark.parametrize("role", ["owner", "analyst", "approver", "viewer"])
def test_every_member_looks_at_it(house, assessment, client_of, role):
    client = client_of(getattr(house, role))
    assert "Preview: nothing is stored." in html_of(client.get(url()))
    assert 'name="issue-0"' in html_of(client.get(form()))
    assert not Survey.objects.exists()


def test_only_the_working_group_tries_it(viewer_client, assessment):
    assert viewer_client.post(form(), RATED).status_code == 403


def test_the_frame_may_hold_the_form_and_nobody_else_may(owner_client, assessment):
    frame, inner = owner_client.get(url()), owner_client.get(form())
    assert "frame-src 'self'" in frame["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in frame["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in inner["Content-Security-Policy"]
    assert (frame["X-Frame-Options"], inner["X-Frame-Options"]) == ("DENY", "SAMEORIGIN")


def test_each_group_sees_its_own_words_and_issues(owner_client, draft, group):
    own = {"issue-0": OwnIssue(asked=False), "issue-1": OwnIssue(name="Clean water")}
    building.save_group_design(group=group, introduction="Dear colleagues", issues=own)
    theirs = html_of(owner_client.get(form("group-0")))
    assert "Dear colleagues" in theirs
    assert "Clean water" in theirs
    assert 'name="issue-0"' not in theirs
    others = html_of(owner_client.get(form("group-1")))
    assert "Dear colleagues" not in others
    assert 'name="issue-0"' in others


def test_it_speaks_each_language(owner_client, draft):
    draft.languages = ["zh-Hans"]
    draft.save()
    Translation.objects.create(survey=draft, language="zh-Hans", key="title", text="什么重要？", source=draft.title)
    page = html_of(owner_client.get(url(), {"language": "zh-Hans"}))
    assert f"{form()}?lang=zh-Hans" in page
    assert "什么重要？" in html_of(owner_client.get(form(), {"lang": "zh-Hans"}))
    assert draft.title in html_of(owner_client.get(form(), {"lang": "xx"}))


def test_what_respondents_read_by_default_is_what_the_texts_page_says(owner_client, assessment):
    default = (
        "Your answers help Example Ltd. decide which issues come first in its work and in its sustainability report."
    )
    assert default in html_of(owner_client.get(reverse("surveys:build-texts", args=["example", "a1"])))
    assert default in html_of(owner_client.get(form()))


def test_a_test_answer_is_thanked_for_and_stored_nowhere(analyst_client, draft):
    building.set_texts(assessment=draft.assessment, title="T", closing="See you in May.")
    events = AuditEvent.objects.count()
    response = analyst_client.post(form(), RATED, follow=True)
    assert "See you in May." in html_of(response)
    assert not response.cookies
    assert not Response.objects.exists()
    assert not Draft.objects.exists()
    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Nothing has been sent yet."),
        (RATED | {"issue-0": "9"}, "is not on the scale"),
        (RATED | {"profile.where": "7"}, "is none of the answers"),
        ({f"issue-{n}": "0" for n in range(5)}, "rates no issue"),
    ],
)
def test_a_test_answer_is_checked_like_a_real_one(analyst_client, draft, sent, said):
    ProfileQuestionFactory(survey=draft, code="where")
    assert said in html_of(analyst_client.post(form(), sent))


@pytest.mark.parametrize(
    ("design", "sent"),
    [
        ({"kind": "top", "choose": 2}, {"issue-0": "2", "issue-3": "2"}),
        ({"kind": "ranking", "choose": 3}, {"issue-0": "2", "issue-3": "1", "issue-1": "3"}),
        (
            {"kind": "rating", "steps": 10, "both_importances": True},
            {f"issue-{n}.{side}": "10" for n in range(5) for side in ("company", "stakeholders")},
        ),
    ],
)
def test_every_kind_of_question_can_be_tried(analyst_client, assessment, design, sent):
    building.set_judging(assessment=assessment, **design)
    html_of(analyst_client.get(form()))
    assert "sent=1" in analyst_client.post(form(), sent)["Location"]


@pytest.mark.parametrize("mode", ["confidential", "identified"])
def test_where_answers_are_connected_it_shows_what_invited_people_read(analyst_client, assessment, mode):
    building.set_anonymity(assessment=assessment, anonymity=mode, minimum_group=5)
    assert "by their personal links" in html_of(analyst_client.get(url()))
    html = html_of(analyst_client.get(form()))
    assert "Anonymous:" not in html
    assert "Thank you" in html_of(analyst_client.post(form(), RATED, follow=True))


def test_once_open_it_shows_what_was_frozen(owner_client, draft):
    open_survey(survey=draft)
    draft.assessment.issues.filter(code="issue-0").update(name="Renamed since")
    assert "Renamed since" not in html_of(owner_client.get(form()))
    assert "as it was frozen" in html_of(owner_client.get(url()))


def test_it_does_not_offer_to_save_or_to_check_a_receipt(analyst_client, assessment):
    assert "data-save=" not in html_of(analyst_client.get(form()))
    assert "receipt" not in html_of(analyst_client.post(form(), RATED, follow=True)).lower()


def test_someone_else_starts_afresh(analyst_client, assessment):
    response = analyst_client.post(form(), {"form.action": "again"})
    assert (response.status_code, response["Location"]) == (303, form())


def test_without_anything_to_ask_it_says_what_to_do(owner_client, house):
    AssessmentFactory(organisation=house.organisation, slug="empty")
    assert "There is nothing to show yet" in html_of(owner_client.get(url(assessment="empty")))
    AssessmentFactory(organisation=house.organisation, slug="bare", groups=1)
    assert "There is nothing to show yet" in html_of(owner_client.get(url(assessment="bare")))
    assert owner_client.get(form(assessment="bare")).status_code == 404


def test_a_group_that_is_not_there_is_not_found(owner_client, assessment):
    assert owner_client.get(url(), {"group": "nobody"}).status_code == 404
    assert owner_client.get(form("nobody")).status_code == 404
