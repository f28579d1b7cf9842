"""The confirmation in a browser: passkeys with a virtual authenticator, every state of the page, without scripts."""

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import Argon2PasswordHasher
from playwright.sync_api import CDPSession, Page, expect

from accounts.models import AuditEvent
from materiality.models import Proposal, ProposalState, Signature
from materiality.services import override_tier, propose, reopen
from scoping.models import Assessment
from tests.materiality.confirmation.conftest import Sign
from tests.support.browser import DESKTOP, PHONE, NewPage, look_at_width
from tests.support.factories import PASSWORD
from tests.support.people import House

pytestmark = pytest.mark.browser

PAGE = "/o/example/a/example-2022/confirmation/"
Axe = Callable[..., None]


@pytest.fixture(autouse=True)
def passwords(house: House, transactional_db: None) -> None:
    """As the server hashes them: the tests use a faster way, which it does not know."""
    for user in (house.owner, house.approver):
        user.password = Argon2PasswordHasher().encode(PASSWORD, "somesaltsomesalt")
        user.save(update_fields=["password"])


def add_authenticator(page: Page) -> tuple[CDPSession, str]:
    """A device with a passkey store that is unlocked whenever it is asked."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    found = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, found["authenticatorId"]


def add_passkey(page: Page) -> None:
    page.goto("/accounts/passkeys/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name").fill("Laptop")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("status")).to_contain_text("The passkey is added.")


def inspect(page: Page, axe: Axe) -> None:
    look_at_width(page)
    page.emulate_media(color_scheme="dark")
    axe(page, rule="color-contrast")
    page.emulate_media(color_scheme="light")
    axe(page)


def test_a_passkey_is_added_and_confirms_a_result(proposed: Proposal, house: House, new_page: NewPage, axe: Axe):
    page = new_page(house.approver, reduced_motion="reduce")
    add_authenticator(page)
    add_passkey(page)
    inspect(page, axe)
    assert AuditEvent.objects.filter(actor=house.approver, summary="added a passkey, Laptop").exists()
    page.goto(PAGE)
    page.get_by_label("Confirm", exact=True).check()
    page.get_by_role("button", name="Sign with a passkey").click()
    expect(page.get_by_role("status")).to_contain_text("The result is confirmed.")
    proposed.refresh_from_db()
    assert proposed.state == ProposalState.CONFIRMED
    assert (Signature.objects.get().means, Signature.objects.get().by) == ("passkey", house.approver)
    assert Authenticator.objects.get().last_used_at is not None


def test_what_a_passkey_answered_once_counts_once(proposed: Proposal, house: House, new_page: NewPage):
    page = new_page(house.approver)
    add_authenticator(page)
    add_passkey(page)
    page.goto(PAGE)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or "") if "/sign/" in request.url else None)
    # Without a choice the form comes back; what the passkey answered was not looked at, and is not in the page.
    page.get_by_role("button", name="Sign with a passkey").click()
    expect(page.get_by_text("Choose one of the two.")).to_be_visible()
    assert page.locator("input[name=credential]").input_value() == ""
    page.get_by_label("Confirm", exact=True).check()
    page.get_by_role("button", name="Sign with a passkey").click()
    expect(page.get_by_role("status")).to_contain_text("The result is confirmed.")
    reopen(proposal=Proposal.objects.get(), by=house.owner, because="Again.")
    again = propose(assessment=proposed.assessment, body="the board", by=house.analyst)
    page.goto(PAGE)
    answer = page.evaluate(
        """([path, sent]) => {
            const form = new URLSearchParams(sent);
            form.set("csrfmiddlewaretoken", document.querySelector("input[name=csrfmiddlewaretoken]").value);
            form.set("digest", document.querySelector("input[name=digest]").value);
            return fetch(path, {method: "POST", body: form}).then(response => response.status);
        }""",
        [f"{PAGE}{again.pk}/sign/", sent[-1]],
    )
    assert answer == 400
    again.refresh_from_db()
    assert again.state == ProposalState.OPEN


def test_a_passkey_of_somebody_else_confirms_nothing(proposed: Proposal, house: House, new_page: NewPage):
    """Both have one on the same device; the browser is told to offer the wrong one."""
    theirs = new_page(house.owner)
    add_authenticator(theirs)
    add_passkey(theirs)
    mine = new_page(house.approver)
    add_authenticator(mine)
    add_passkey(mine)
    stolen: list[str] = []
    theirs.goto(PAGE)
    theirs.route("**/sign/", lambda route: (stolen.append(route.request.post_data or ""), route.abort())[1])
    theirs.get_by_label("Confirm", exact=True).check()
    theirs.get_by_role("button", name="Sign with a passkey").click()
    theirs.wait_for_timeout(500)
    mine.goto(PAGE)
    status = mine.evaluate(
        """([path, sent]) => {
            const form = new URLSearchParams(sent);
            form.set("csrfmiddlewaretoken", document.querySelector("input[name=csrfmiddlewaretoken]").value);
            return fetch(path, {method: "POST", body: form}).then(response => response.status);
        }""",
        [f"{PAGE}{proposed.pk}/sign/", stolen[0]],
    )
    assert status == 400
    assert not Signature.objects.exists()


def test_a_device_that_is_not_unlocked_decides_nothing_and_the_page_says_so(
    proposed: Proposal, house: House, new_page: NewPage
):
    page = new_page(house.approver)
    session, device = add_authenticator(page)
    add_passkey(page)
    page.goto(PAGE)
    session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.get_by_label("Confirm", exact=True).check()
    page.get_by_role("button", name="Sign with a passkey").click()
    expect(page.locator("#decide [data-passkey-said]")).to_contain_text("Nothing is decided yet.")
    assert not Signature.objects.exists()
    # The password goes on working.
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign with the password").click()
    expect(page.get_by_role("status")).to_contain_text("The result is confirmed.")


def test_a_passkey_signs_in_and_leads_on(proposed: Proposal, house: House, new_page: NewPage, axe: Axe):
    page = new_page(house.approver, reduced_motion="reduce")
    add_authenticator(page)
    add_passkey(page)
    page.get_by_role("button", name="Sign out").click()
    page.goto(PAGE)
    expect(page).to_have_url(f"{page.url.partition('?')[0]}?next={PAGE}")
    inspect(page, axe)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The result is proposed")


def test_passkeys_are_named_and_removed(house: House, transactional_db: None, new_page: NewPage, axe: Axe):
    page = new_page(house.approver, PHONE, reduced_motion="reduce")
    page.goto("/accounts/passkeys/")
    inspect(page, axe)
    add_authenticator(page)
    add_passkey(page)
    inspect(page, axe)
    page.get_by_role("link", name="Rename").click()
    inspect(page, axe)
    page.get_by_label("Name").fill("Phone")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Remove Phone").click()
    inspect(page, axe)
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_role("status")).to_contain_text("The passkey is removed.")
    expect(page.get_by_role("heading", name="You have no passkey yet")).to_be_visible()
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_every_state_of_the_page_fits_and_hinders_nobody(
    result: Assessment, house: House, signs: Sign, new_page: NewPage, axe: Axe, size: tuple[int, int]
):
    result.issues.filter(code="c").update(name="A name without an end" * 12)
    override_tier(assessment=result, issue=result.issues.get(code="b"), tier="High", reason="x" * 300, by=house.owner)
    page = new_page(house.owner, size, reduced_motion="reduce")
    page.goto(PAGE)
    inspect(page, axe)
    proposal = propose(assessment=result, body="the committee for sustainability and risk " * 4, by=house.analyst)
    page.goto(PAGE)
    inspect(page, axe)
    page.get_by_role("button", name="Sign with the password").click()
    expect(page.get_by_role("alert").first).to_contain_text("Nothing was saved.")
    inspect(page, axe)
    signs(proposal, house.approver, remark="As we said. " * 30)
    page.goto(PAGE)
    page.get_by_text("Reopen the result", exact=True).click()
    inspect(page, axe)
    for path in ("results/", "", "process/"):
        page.goto(f"/o/example/a/example-2022/{path}")
        inspect(page, axe)
    reopen(proposal=proposal, by=house.owner, because="A group was missing. " * 20)
    for path in ("confirmation/", "results/"):
        page.goto(f"/o/example/a/example-2022/{path}")
        inspect(page, axe)


def test_without_scripts_the_password_confirms(proposed: Proposal, house: House, new_page: NewPage):
    page = new_page(house.approver, javascript=False)
    page.goto(PAGE)
    page.get_by_label("Confirm", exact=True).check()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Sign with the password").click()
    expect(page.get_by_role("status")).to_contain_text("The result is confirmed.")
