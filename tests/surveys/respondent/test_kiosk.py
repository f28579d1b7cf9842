"""A tablet that many people use in turn."""

from surveys.models import Draft, Response
from surveys.services import close_survey
from tests.surveys.respondent.pages import fields_in, receipt_in, text_of

ALL = {f"issue-{position}": "4" for position in range(5)}


def test_no_cookie_and_no_draft_but_the_answer(client, ask):
    page = ask().kiosk
    form = client.get(page)
    assert "data-save=" not in form.content.decode()
    assert "Save and finish later" not in text_of(form)
    response = client.post(page, fields_in(form) | ALL, follow=True)
    assert "Thank you" in text_of(response)
    assert receipt_in(response) == ""
    assert dict(client.cookies) == {}
    assert (Response.objects.count(), Draft.objects.count()) == (1, 0)


def test_the_thank_you_page_makes_room_by_itself_unless_one_stays(client, ask):
    asked = ask()
    thanks = asked.page(name="respond-kiosk-thanks")
    assert client.get(thanks)["Refresh"] == f"8; url={asked.kiosk}"
    assert "In 8 seconds this page makes room" in text_of(client.get(thanks))
    staying = client.get(f"{thanks}?stay=1")
    assert "Refresh" not in staying
    assert "seconds" not in text_of(staying)


def test_each_person_gets_an_empty_form_of_their_own(client, ask):
    page = ask().kiosk
    forms = []
    for _ in range(2):
        form = client.get(page)
        assert "issue-0" not in fields_in(form)
        forms.append(fields_in(form)["form.key"])
        client.post(page, fields_in(form) | ALL)
    assert len(set(forms)) == Response.objects.count() == 2


def test_what_comes_back_stays_on_the_page_and_nowhere_else(client, ask):
    page = ask().kiosk
    response = client.post(page, {"issue-0": "5"})
    assert "4 issues have no rating yet" in text_of(response)
    assert fields_in(response)["issue-0"] == "5"
    assert f'action="{page}"' in response.content.decode()
    assert not Draft.objects.exists()


def test_closing_meanwhile_is_said_openly(client, ask):
    asked = ask()
    form = fields_in(client.get(asked.kiosk))
    close_survey(survey=asked.survey)
    told = text_of(client.post(asked.kiosk, form | ALL))
    assert "It closed before your answers arrived" in told
    assert "Nothing is kept on this device" in told
    assert not Draft.objects.exists()
    assert "This survey is closed" in text_of(client.get(asked.kiosk))


def test_privacy_on_a_kiosk_speaks_of_no_cookie(client, ask):
    assert "no cookie is set" in text_of(client.get(ask().kiosk))


def test_whoever_used_the_public_page_on_the_same_device_is_not_in_the_way(client, ask):
    asked = ask()
    client.post(asked.page(), ALL)  # leaves its cookie, which the browser sends to the kiosk's pages as well
    form = client.get(asked.kiosk)
    assert "issue-0" not in fields_in(form)
    client.post(asked.kiosk, {"issue-0": "1"})
    client.post(asked.kiosk, ALL)
    assert Response.objects.count() == 2
    assert not Draft.objects.exists()
