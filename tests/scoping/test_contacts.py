"""Contacts one at a time: the services and the pages."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent
from scoping.models import Assessment, Contact, Phase, StakeholderGroup
from scoping.selectors.contacts import contact_groups, contact_page
from scoping.services.contacts import remove_contact, remove_contacts, save_contact
from tests.support.factories import AssessmentFactory, ContactFactory
from tests.support.people import House


@pytest.fixture
def assessment(house: House) -> Assessment:
    return AssessmentFactory(organisation=house.organisation, slug="paper-2024", groups=2)


@pytest.fixture
def group(assessment: Assessment) -> StakeholderGroup:
    return assessment.groups.get(code="group-0")


@pytest.fixture
def other(assessment: Assessment) -> StakeholderGroup:
    return assessment.groups.get(code="group-1")


def page(name: str, **kwargs: Any) -> str:
    return reverse(f"scoping:{name}", kwargs={"organisation": "example", "slug": "paper-2024", **kwargs})


def said(response: Any) -> str:
    return " ".join(response.content.decode().split())


# --- services ---------------------------------------------------------------------------------------------
def test_a_contact_is_saved_tidied(group: StakeholderGroup):
    saved = save_contact(group=group, name=" Li\u202e  Wei ", email=" li@example.org ", language="Chinese")
    assert (saved.name, saved.email, saved.language) == ("Li Wei", "li@example.org", "zh-Hans")
    assert saved.assessment == group.assessment


def test_a_contact_changes_and_moves_to_another_group(group: StakeholderGroup, other: StakeholderGroup):
    saved = save_contact(group=group, name="Li", email="li@example.org")
    save_contact(group=other, name="Li Wei", email="LI@example.org", contact=saved)
    assert list(Contact.objects.values_list("group", "name", "email")) == [(other.pk, "Li Wei", "LI@example.org")]


def test_a_contact_needs_a_name_or_an_address(group: StakeholderGroup):
    with pytest.raises(ValidationError, match="Give a name, or an e-mail address"):
        save_contact(group=group, name=" ", employer="Example Ltd.")


def test_one_address_belongs_to_one_contact_of_an_assessment(group: StakeholderGroup, other: StakeholderGroup):
    save_contact(group=group, name="Li", email="li@example.org")
    with pytest.raises(ValidationError, match="that of a contact of Group 0 already"):
        save_contact(group=other, name="Ann", email="LI@Example.org")


def test_two_people_of_a_group_with_one_name_are_told_apart_by_an_address(group: StakeholderGroup):
    save_contact(group=group, name="Li Wei")
    with pytest.raises(ValidationError, match="Give an e-mail address to tell the two apart"):
        save_contact(group=group, name="LI WEI")
    assert save_contact(group=group, name="Li Wei", email="li@example.org").pk


@pytest.mark.parametrize("field", ["email", "language"])
def test_what_cannot_be_read_is_refused_at_its_field(group: StakeholderGroup, field: str):
    with pytest.raises(ValidationError) as refused:
        save_contact(group=group, **{"name": "Li", field: "no such thing!"})
    assert list(refused.value.message_dict) == [field]


def test_contacts_change_after_the_survey_has_opened(group: StakeholderGroup):
    Assessment.objects.update(phase=Phase.SURVEY)
    assert save_contact(group=group, name="Li").pk


def test_the_audit_trail_names_the_group_and_no_person(group: StakeholderGroup, other: StakeholderGroup):
    contact = save_contact(group=group, name="Li", email="li@example.org")
    save_contact(group=group, name="Li Wei", email="li@example.org", contact=contact)
    remove_contact(contact=contact)
    ContactFactory.create_batch(2, group=other)
    remove_contacts(group=other)
    assert [event.summary for event in AuditEvent.objects.order_by("pk")] == [
        "added a contact to Group 0",
        "changed a contact of Group 0",
        "removed a contact of Group 0",
        "removed 2 contacts of Group 1, all that it had",
    ]


def test_all_contacts_of_a_group_go_and_those_of_others_stay(group: StakeholderGroup, other: StakeholderGroup):
    ContactFactory.create_batch(3, group=group)
    stays = ContactFactory(group=other)
    assert remove_contacts(group=group) == 3
    assert list(Contact.objects.all()) == [stays]


# --- a page of many ---------------------------------------------------------------------------------------
@pytest.fixture
def many(group: StakeholderGroup, other: StakeholderGroup) -> Assessment:
    for one, number in ((group, 130), (other, 120)):
        Contact.objects.bulk_create(
            Contact(assessment=one.assessment, group=one, name=f"P {place:03}", email=f"p{place}@{one.code}.org")
            for place in range(number)
        )
    return group.assessment


@pytest.mark.parametrize("number", [1, 2, 3])
def test_pages_follow_one_another_by_group_and_name(many: Assessment, number: int):
    groups = contact_groups(many)
    expected = list(many.contacts.values_list("pk", flat=True))[(number - 1) * 100 : number * 100]
    found = contact_page(many, groups, page=number)
    assert [row["pk"] for row in found.rows] == expected
    assert (found.found, found.pages, found.first) == (250, 3, number * 100 - 99)


def test_a_page_beyond_the_last_is_the_last(many: Assessment):
    groups = contact_groups(many)
    assert contact_page(many, groups, group=groups[1], page=99).page == 2


def test_every_page_of_a_group_has_that_group_only(many: Assessment):
    groups = contact_groups(many)
    found = contact_page(many, groups, group=groups[1], page=2)
    assert {row["group"] for row in found.rows} == {"Group 1"}
    assert (found.first, found.last) == (101, 120)


def test_words_are_looked_for_in_names_and_addresses(many: Assessment, group: StakeholderGroup):
    ContactFactory(group=group, name="Li Wei", email="other@example.org")
    groups = contact_groups(many)
    assert contact_page(many, groups, words="li we").found == 1
    assert contact_page(many, groups, words="OTHER@").found == 1
    assert contact_page(many, groups, group=groups[0], words="group-1.org").found == 0


# --- pages ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["approver", "viewer"])
def test_contacts_are_for_who_edits_only(assessment: Assessment, house: House, client_of, role: str):
    contact = ContactFactory(group=assessment.groups.first(), name="Li Wei")
    client = client_of(getattr(house, role))
    for address in (page("contacts"), page("contact-new"), page("contact", contact_id=contact.pk)):
        response = client.get(address)
        assert response.status_code == 403
        assert "Li Wei" not in said(response)
    for address in (
        page("contact", contact_id=contact.pk),
        page("contact-remove", contact_id=contact.pk),
        page("contacts-remove", code="group-0"),
    ):
        assert client.post(address).status_code == 403
    assert Contact.objects.exists()


def test_the_page_shows_groups_with_numbers_and_says_that_answers_are_apart(
    assessment: Assessment, group: StakeholderGroup, analyst_client: Client
):
    ContactFactory(group=group, name="Li Wei", email="li@example.org", employer="Example Ltd.", role="Buyer")
    text = said(analyst_client.get(page("contacts")))
    for part in ("Li Wei", "li@example.org", "Example Ltd., Buyer", "kept apart from answers", "1 contact"):
        assert part in text


def test_without_contacts_the_page_says_what_to_do(assessment: Assessment, analyst_client: Client):
    text = said(analyst_client.get(page("contacts")))
    assert "No contacts yet" in text
    assert page("list-import", kind="contacts") in text


def test_without_groups_the_page_sends_to_the_groups_first(house: House, analyst_client: Client):
    AssessmentFactory(organisation=house.organisation, slug="paper-2024")
    text = said(analyst_client.get(page("contacts")))
    assert "No stakeholder groups yet" in text
    assert page("group-new") in text


def test_a_search_without_result_says_so(assessment: Assessment, group: StakeholderGroup, analyst_client: Client):
    ContactFactory(group=group, name="Li Wei")
    text = said(analyst_client.get(page("contacts"), {"q": "<b>nobody", "group": "group-0"}))
    assert "No name and no address in Group 0 holds “&lt;b&gt;nobody”" in text


def test_an_unknown_group_is_not_found(assessment: Assessment, analyst_client: Client):
    assert analyst_client.get(page("contacts"), {"group": "nobody"}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("query", [{}, {"q": "contact"}, {"group": "group-0"}])
def test_the_page_asks_as_much_for_three_as_for_one(
    assessment: Assessment, group: StakeholderGroup, analyst_client: Client, query: dict[str, str], count: int,
    django_assert_num_queries,
):  # fmt: skip
    ContactFactory.create_batch(count, group=group)
    # session, user, member, assessment; groups, numbers, contacts; with words also how many
    with django_assert_num_queries(8 if "q" in query else 7):
        analyst_client.get(page("contacts"), query)


def test_a_contact_is_added_and_another_form_follows_with_the_group(assessment: Assessment, analyst_client: Client):
    form = {"group": "group-1", "name": "Li", "email": "li@example.org", "another": "1"}
    response = analyst_client.post(page("contact-new"), form)
    assert response["Location"] == f"{page('contact-new')}?group=group-1"
    assert 'value="group-1" selected' in said(analyst_client.get(response["Location"]))
    assert Contact.objects.get().group.code == "group-1"


def test_a_contact_is_changed_through_its_page(assessment: Assessment, group: StakeholderGroup, analyst_client: Client):
    contact = ContactFactory(group=group, name="Li")
    address = page("contact", contact_id=contact.pk)
    assert 'value="Li"' in said(analyst_client.get(address))
    analyst_client.post(address, {"group": "group-1", "name": "Li Wei"})
    contact.refresh_from_db()
    assert (contact.name, contact.email, contact.group.code) == ("Li Wei", "", "group-1")


def test_a_mistake_is_shown_at_its_field_and_nothing_typed_is_lost(assessment: Assessment, analyst_client: Client):
    response = analyst_client.post(page("contact-new"), {"group": "group-0", "name": "Li", "email": "li.example.org"})
    assert response.status_code == 400
    text = said(response)
    assert "“li.example.org” is not an e-mail address" in text
    assert 'value="li.example.org"' in text


def test_a_group_of_another_assessment_cannot_be_chosen(assessment: Assessment, house: House, analyst_client: Client):
    AssessmentFactory(organisation=house.organisation).groups.create(code="elsewhere", name="E", side="internal")
    response = analyst_client.post(page("contact-new"), {"group": "elsewhere", "name": "Li"})
    assert response.status_code == 400
    assert "Choose one of the groups in the list." in said(response)


def test_a_contact_is_removed_through_its_page(assessment: Assessment, group: StakeholderGroup, analyst_client: Client):
    contact = ContactFactory(group=group)
    response = analyst_client.post(page("contact-remove", contact_id=contact.pk))
    assert response["Location"] == f"{page('contacts')}?group=group-0"
    assert not Contact.objects.exists()


def test_all_contacts_of_a_group_are_removed_with_a_confirmation(
    assessment: Assessment, group: StakeholderGroup, other: StakeholderGroup, analyst_client: Client
):
    ContactFactory.create_batch(2, group=group)
    ContactFactory(group=other)
    text = said(analyst_client.get(page("contacts"), {"group": "group-0"}))
    assert "Remove 2 contacts of “Group 0”" in text
    response = analyst_client.post(page("contacts-remove", code="group-0"), follow=True)
    assert "2 contacts of Group 0 are removed." in said(response)
    assert Contact.objects.count() == 1
