"""The page that answers requests of people: to see what is stored, to have it, to erase it."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from surveys.models import Anonymity, Invitation, Response
from surveys.services import close_survey
from tests.surveys.rights.conftest import KIM, LEE

PEOPLE, DOWNLOAD, ERASE = (
    reverse(f"surveys:{name}", kwargs={"organisation": "example"})
    for name in ("people", "people-download", "people-erase")
)


def text(response):
    return response.content.decode()


@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("analyst", 200), ("approver", 403), ("viewer", 403)])
def test_owners_and_analysts_look_at_personal_data(role, status, request, house):
    client = request.getfixturevalue(f"{role}_client")
    assert client.get(PEOPLE).status_code == status
    assert client.post(PEOPLE, {"address": KIM}).status_code == status
    assert client.post(DOWNLOAD, {"address": KIM}).status_code == (400 if status == 200 else 403)
    assert client.post(ERASE, {"address": KIM}).status_code == status


def test_what_is_stored_is_shown_and_kept_out_of_caches(analyst_client, asked):
    asked()
    response = analyst_client.post(PEOPLE, {"address": "KIM@example.org"})
    html = text(response)
    assert "no-store" in response["Cache-Control"]
    for part in ("Contact in Materiality assessment", "Invitation to “What should", "Download everything", "Erase …"):
        assert part in html


@pytest.mark.parametrize(
    ("anonymity", "shown", "said"),
    [
        (Anonymity.IDENTIFIED, True, "Answer to “What should"),
        (Anonymity.CONFIDENTIAL, False, "in the file and not shown here"),
        (Anonymity.ANONYMOUS, False, "nobody can find"),
    ],
)
def test_the_answer_itself_is_shown_only_in_an_identified_survey(analyst_client, asked, anonymity, shown, said):
    asked(anonymity)
    html = text(analyst_client.post(PEOPLE, {"address": KIM}))
    assert ("Kim’s own words." in html) == shown
    assert said in html


def test_the_page_of_a_confidential_survey_is_the_same_whether_somebody_answered(analyst_client, asked):
    survey = asked()
    group = survey.assessment.groups.first()
    group.contacts.all().delete()
    pages = [text(analyst_client.post(PEOPLE, {"address": who})).replace(who, "WHO") for who in (KIM, LEE)]
    assert len({_without_tokens(page) for page in pages}) == 1


def _without_tokens(page: str) -> str:
    first, *rest = page.split('name="csrfmiddlewaretoken" value="')
    return first + "".join(part.split('"', 1)[1] for part in rest)


def test_somebody_unknown_gets_the_next_step(analyst_client, house):
    response = analyst_client.post(PEOPLE, {"address": "nobody@example.org"})
    assert response.status_code == 200
    assert "Nothing is stored under" in text(response)
    assert "other addresses" in text(response)


@pytest.mark.parametrize("address", ["", "nobody", "a@b@c", "x" * 300 + "@example.org", "a\r\nBcc: b@example.org"])
def test_what_is_no_address_comes_back_with_a_message(analyst_client, house, address):
    for page in (PEOPLE, DOWNLOAD, ERASE):
        response = analyst_client.post(page, {"address": address})
        assert response.status_code == 400
        assert 'id="id_address_error"' in text(response)


def test_everything_is_downloaded_as_json_and_noted(analyst_client, asked, house):
    asked()
    response = analyst_client.post(DOWNLOAD, {"address": KIM})
    assert response["Content-Disposition"] == 'attachment; filename="personal-data.json"'
    assert "no-store" in response["Cache-Control"]
    assert json.loads(response.content)["invitations"][0]["answer"]["comments"]
    assert AuditEvent.objects.filter(subject="people", actor=house.analyst).count() == 1
    assert "gave out what was stored" in text(analyst_client.get(PEOPLE))


def test_erasing_asks_first_and_says_what_stays(analyst_client, asked):
    asked(Anonymity.ANONYMOUS)
    html = text(analyst_client.post(ERASE, {"address": KIM}))
    assert "It cannot be brought back" in html
    assert "nobody can find it" in html
    assert Invitation.objects.filter(address=KIM).exists()


def test_confirmed_it_is_done_and_the_address_is_not_repeated(analyst_client, asked):
    asked()
    response = analyst_client.post(ERASE, {"address": KIM, "confirm": "1"}, follow=True)
    html = text(response)
    assert "is erased" in html
    assert KIM not in html
    assert (Invitation.objects.filter(address=KIM).exists(), Response.objects.count()) == (False, 5)


def test_erasing_twice_says_that_nothing_is_there(analyst_client, asked):
    asked()
    for status in (302, 400):
        assert analyst_client.post(ERASE, {"address": KIM, "confirm": "1"}).status_code == status


def test_another_organisation_erases_nothing(outsider_client, asked):
    asked()
    elsewhere = reverse("surveys:people-erase", kwargs={"organisation": "elsewhere"})
    assert outsider_client.post(elsewhere, {"address": KIM, "confirm": "1"}).status_code == 400
    assert outsider_client.post(ERASE, {"address": KIM, "confirm": "1"}).status_code == 404
    assert Response.objects.count() == 6


def test_pages_say_when_personal_data_goes_and_that_it_went(analyst_client, asked):
    survey = asked(retention_days=30)
    page = reverse("surveys:survey", kwargs={"organisation": "example", "slug": "a1"})
    assert "30 days after the survey is closed" in text(analyst_client.get(PEOPLE))
    close_survey(survey=survey)
    survey.refresh_from_db()
    assert "Addresses and comments go on" in text(analyst_client.get(PEOPLE))
    assert "addresses and comments are deleted on" in text(analyst_client.get(page))
    survey.purged_at = timezone.now()
    survey.save()
    assert "Addresses and comments were deleted on" in text(analyst_client.get(PEOPLE))
    assert "addresses and comments were deleted on" in text(analyst_client.get(page))
    refused = analyst_client.post(reverse("surveys:reopen", kwargs={"organisation": "example", "slug": "a1"}))
    assert refused.status_code == 400
    assert "cannot be opened again" in text(refused)


def test_the_members_page_leads_there(analyst_client, viewer_client):
    members = reverse("accounts:members", kwargs={"organisation": "example"})
    assert PEOPLE in text(analyst_client.get(members))
    assert PEOPLE not in text(viewer_client.get(members))
