import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Membership, Role, User
from accounts.services import add_member, change_role, create_organisation, remove_member
from tests.support.factories import UserFactory
from tests.support.people import House

MEMBERS = "/o/example/members/"


def membership_of(house: House, role: str) -> Membership:
    return Membership.objects.get(organisation=house.organisation, role=role)


def test_a_new_person_gets_an_account_and_a_mail_with_a_link(
    house: House, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        added = add_member(organisation=house.organisation, email="new@example.org", role=Role.VIEWER, by=house.owner)
    assert not added.user.has_usable_password()
    assert mailoutbox[0].to == ["new@example.org"]
    assert "http://localhost:8000/accounts/password/reset/key/" in mailoutbox[0].body


def test_the_mailed_link_leads_to_a_password_and_a_sign_in(
    house: House, client: Client, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        add_member(organisation=house.organisation, email="new@example.org", role=Role.VIEWER, by=house.owner)
    link = next(line for line in mailoutbox[0].body.splitlines() if "/key/" in line)
    form = client.get(link.removeprefix("http://localhost:8000"), follow=True)
    password = "a long enough passphrase"
    chosen = {"password1": password, "password2": password}
    assert "Enter your name." in client.post(form.request["PATH_INFO"], chosen).content.decode()
    client.post(form.request["PATH_INFO"], chosen | {"name": "Ada  Berg"})
    assert client.login(email="new@example.org", password=password)
    assert str(User.objects.get(email="new@example.org")) == "Ada Berg"


def test_a_person_changes_the_own_name_and_the_record_tells_it(house: House, viewer_client: Client):
    page = "/accounts/name/"
    assert 'value="Viewer"' in viewer_client.get(page).content.decode()
    assert viewer_client.post(page, {"name": " "}).status_code == 400
    assert viewer_client.post(page, {"name": "Ada Berg"}).status_code == 302
    assert "Ada Berg" in viewer_client.get("/o/example/members/").content.decode()
    assert AuditEvent.objects.filter(summary="changed their name from Viewer to Ada Berg", actor=house.viewer).exists()


def test_the_page_of_the_name_is_for_those_who_are_signed_in(db: None, client: Client):
    assert client.get("/accounts/name/").status_code == 302


def test_somebody_with_an_account_is_added_without_a_mail(house: House, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        add_member(organisation=house.organisation, email="OUTSIDER@example.net", role=Role.VIEWER, by=house.owner)
    assert Membership.objects.filter(user=house.outsider).count() == 2
    assert mailoutbox == []


def test_a_member_cannot_be_added_twice(house: House):
    with pytest.raises(ValidationError, match="a member already"):
        add_member(organisation=house.organisation, email=house.viewer.email, role=Role.OWNER, by=house.owner)


def test_the_last_owner_cannot_step_down(house: House):
    with pytest.raises(ValidationError, match="only owner"):
        change_role(membership=membership_of(house, Role.OWNER), role=Role.VIEWER, by=house.owner)


def test_the_last_owner_cannot_be_removed(house: House):
    with pytest.raises(ValidationError, match="only owner"):
        remove_member(membership=membership_of(house, Role.OWNER), by=house.owner)


def test_one_of_two_owners_can_go(house: House):
    change_role(membership=membership_of(house, Role.ANALYST), role=Role.OWNER, by=house.owner)
    remove_member(membership=Membership.objects.get(user=house.owner), by=house.owner)
    assert Membership.objects.get(organisation=house.organisation, role=Role.OWNER).user == house.analyst


def test_every_change_leaves_a_line(house: House):
    change_role(membership=membership_of(house, Role.VIEWER), role=Role.ANALYST, by=house.owner)
    event = AuditEvent.objects.get(organisation=house.organisation)
    assert (event.actor, event.summary) == (house.owner, "made viewer@example.org analyst")


def test_a_taken_slug_gets_a_number(db: None):
    owner = UserFactory()
    assert [create_organisation(name="Acme", owner=owner).slug for _ in range(3)] == ["acme", "acme-2", "acme-3"]


@pytest.mark.parametrize("role", ["owner", "analyst", "approver", "viewer"])
def test_every_role_sees_the_members(role: str, request: pytest.FixtureRequest):
    page = request.getfixturevalue(f"{role}_client").get(MEMBERS)
    assert "viewer@example.org" in page.content.decode()


@pytest.mark.parametrize("role", ["analyst", "approver", "viewer"])
def test_only_owners_change_members(role: str, house: House, request: pytest.FixtureRequest):
    client: Client = request.getfixturevalue(f"{role}_client")
    mine = Membership.objects.get(user=getattr(house, role))
    change = reverse("accounts:change", kwargs={"organisation": "example", "member": mine.pk})
    assert client.post(change, {"role": "owner"}).status_code == 403
    assert client.post(MEMBERS, {"email": "x@example.org", "role": "owner"}).status_code == 403
    mine.refresh_from_db()
    assert mine.role == role
    assert not User.objects.filter(email="x@example.org").exists()


def test_an_owner_cannot_change_a_member_of_another_organisation(house: House, owner_client: Client):
    theirs = Membership.objects.get(user=house.outsider)
    change = reverse("accounts:change", kwargs={"organisation": "example", "member": theirs.pk})
    assert owner_client.post(change, {"role": "viewer"}).status_code == 404


def test_the_page_adds_a_member(house: House, owner_client: Client):
    assert owner_client.post(MEMBERS, {"email": "x@example.org", "role": "approver"}).status_code == 302
    assert Membership.objects.get(user__email="x@example.org").role == Role.APPROVER


def test_a_wrong_address_comes_back_with_the_reason(owner_client: Client):
    response = owner_client.post(MEMBERS, {"email": "nobody", "role": "viewer"})
    assert response.status_code == 400
    assert "Enter a valid email address" in response.content.decode()


def test_an_unknown_role_changes_nothing(house: House, owner_client: Client):
    viewer = membership_of(house, Role.VIEWER)
    change = reverse("accounts:change", kwargs={"organisation": "example", "member": viewer.pk})
    owner_client.post(change, {"role": "emperor"})
    viewer.refresh_from_db()
    assert viewer.role == Role.VIEWER


def test_opening_the_address_of_a_change_changes_nothing(house: House, owner_client: Client):
    viewer = membership_of(house, Role.VIEWER)
    change = reverse("accounts:change", kwargs={"organisation": "example", "member": viewer.pk})
    assert owner_client.get(change).status_code == 405


def test_an_address_in_other_letters_is_the_same_person(house: House):
    with pytest.raises(ValidationError, match="a member already"):
        add_member(organisation=house.organisation, email="Viewer@EXAMPLE.org", role=Role.OWNER, by=house.owner)


def test_a_mail_server_that_is_down_does_not_undo_the_member(
    house: House, settings, django_capture_on_commit_callbacks, caplog
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.nowhere.EmailBackend"
    with django_capture_on_commit_callbacks(execute=True):
        add_member(organisation=house.organisation, email="new@example.org", role=Role.VIEWER, by=house.owner)
    assert Membership.objects.filter(user__email="new@example.org").exists()
    assert "No module named" in caplog.text


def test_somebody_who_missed_the_mail_asks_for_another_link(house: House, client: Client, mailoutbox):
    add_member(organisation=house.organisation, email="new@example.org", role=Role.VIEWER, by=house.owner)
    client.post("/accounts/password/reset/", {"email": "new@example.org"})
    assert "/accounts/password/reset/key/" in mailoutbox[0].body


def test_an_owner_who_leaves_lands_at_home(house: House, owner_client: Client):
    change_role(membership=membership_of(house, Role.ANALYST), role=Role.OWNER, by=house.owner)
    mine = Membership.objects.get(user=house.owner)
    left = owner_client.post(f"{MEMBERS}{mine.pk}/", {"remove": "1"})
    assert left.url == "/"
    assert owner_client.get(MEMBERS).status_code == 404


def test_the_members_of_another_organisation_cannot_be_changed(house: House, owner_client: Client):
    theirs = Membership.objects.get(organisation=house.elsewhere)
    assert owner_client.post(f"{MEMBERS}{theirs.pk}/", {"role": "viewer"}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.role == Role.OWNER
