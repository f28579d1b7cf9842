"""The pages of invitations and mailings in a browser: what hinders people, and the preview that follows the typing."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from surveys.keys import personal_token
from surveys.models import DeliveryState
from tests.support.browser import DESKTOP, PHONE, look_at_width

pytestmark = pytest.mark.browser


def address(name, **more):
    return reverse(f"surveys:{name}", kwargs={"organisation": "example", "slug": "a1", **more})


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_nothing_on_the_pages_hinders_anybody(new_page, axe, invite, prepare, house, size, scheme):
    person = invite(3)[0]
    mailing = prepare()
    mailing.deliveries.filter(invitation=person).update(state=DeliveryState.UNSURE, error="The connection broke.")
    page = new_page(house.owner, size=size, color_scheme=scheme)
    token = personal_token(bytes(person.nonce))
    for here in (
        address("invitations"),
        address("invited", group="group-0"),
        address("invite-upload", group="group-0"),
        address("invitation", invitation=person.pk),
        address("mailing-new"),
        address("mailing", mailing=mailing.pk),
        "/o/example/mail-policy/",
        reverse("opt-out", kwargs={"token": token}),
    ):
        page.goto(here)
        axe(page)
        look_at_width(page)


def test_the_preview_follows_what_is_typed(new_page, invite, house):
    invite(1)
    page = new_page(house.analyst)
    page.goto(address("mailing-new"))
    page.get_by_label("Text, English").fill("Good morning {name},\n\n{link}")
    page.locator("#preview").get_by_text("Good morning Li Wei,").first.wait_for()
    page.get_by_label("Text, English").fill("Good morning")
    page.locator("#preview").get_by_text("The text lacks {link}").wait_for()


def test_a_mailing_is_looked_at_once_more_before_it_goes(new_page, invite, house):
    invite(3)
    page = new_page(house.analyst, javascript=False)
    page.goto(address("mailing-new"))
    page.get_by_label("Text, English").fill("Good morning {name},\n\n{link}")
    page.get_by_role("button", name="Go on to sending").click()
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_label("Text, English")).to_have_value("Good morning {name},\n\n{link}")
    page.get_by_role("button", name="Go on to sending").click()
    page.get_by_role("button", name="Send to 3 people").click()
    page.get_by_role("heading", name="Invitation to 3 people").wait_for()


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_the_question_before_sending_hinders_nobody(new_page, axe, invite, house, size, scheme):
    invite(3)
    page = new_page(house.analyst, size=size, color_scheme=scheme)
    page.goto(address("mailing-new"))
    page.get_by_role("button", name="Go on to sending").click()
    page.get_by_role("button", name="Send to 3 people").wait_for()
    axe(page)
    look_at_width(page)


def test_people_are_invited_and_mails_stopped_without_javascript(new_page, survey, house):
    page = new_page(house.analyst, javascript=False)
    page.goto(address("invited", group="group-0"))
    page.get_by_label("People, one on each line").fill("Li Wei <li.wei@example.org>\nnonsense")
    page.get_by_role("button", name="Add these people").click()
    page.get_by_text("Line 2: “nonsense” holds no e-mail address.").wait_for()
    page.get_by_label("People, one on each line").fill("Li Wei <li.wei@example.org>")
    page.get_by_role("button", name="Add these people").click()
    page.get_by_text("1 person is added to the invitations.").wait_for()

    person = survey.invitations.get()
    visitor = new_page(javascript=False)
    visitor.goto(reverse("opt-out", kwargs={"token": personal_token(bytes(person.nonce))}))
    visitor.get_by_role("button", name="No more mails from Example Ltd.").click()
    visitor.get_by_role("heading", name="You get no more mails").wait_for()
    person.refresh_from_db()
    assert person.state == "opted-out"
