"""Importing through the pages: the preview and the decision; and files out."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from scoping.lists import previews
from scoping.lists.contacts import ContactList
from scoping.lists.previews import forget_preview
from scoping.models import Assessment, Contact, Issue, Peer, PendingImport, StakeholderGroup
from scoping.services.contacts import save_contact
from tables.reading import read_sheet
from tests.scoping.uploads import PEOPLE, agree, page, preview, said, scope_with_groups
from tests.support.factories import ContactFactory, IssueFactory, MentionFactory, PeerFactory
from tests.support.people import House


@pytest.fixture
def assessment(house: House) -> Assessment:
    return scope_with_groups(house)


@pytest.fixture
def peer(house: House) -> Peer:
    return PeerFactory(organisation=house.organisation, company="Rival Ltd.", reporting_period="2023")


# --- preview ----------------------------------------------------------------------------------------------
def test_the_preview_shows_every_change_and_changes_nothing(assessment: Assessment, analyst_client: Client):
    ContactFactory(group=assessment.groups.get(code="customers"), name="Ann", email="ann@example.org", role="Buyer")
    _, text = preview(
        analyst_client,
        "Group;Name;E-mail;Role;Shoe size\nStaff;Li Wei;li@example.org;;44\nStaff;Ann;ann@example.org;Director;38\n",
    )
    for part in (
        "cells parted by semicolons",
        "Add 1 contact and change 1",
        "Not read, since no such column is known: Shoe size.",
        "<del>Customers</del>",
        "<ins>Director</ins>",
        "li@example.org",
    ):
        assert part in text, part
    assert Contact.objects.count() == 1


def test_problems_come_first_and_nothing_can_be_applied(assessment: Assessment, analyst_client: Client):
    pending, text = preview(analyst_client, "Group,Name\nStaff,Li\nSaff,Ann\n")
    assert "1 problem.</strong>" in text
    assert "Did you mean &quot;Staff&quot;?" in text
    assert text.index("Saff") < text.index(">Li<")
    assert page("list-apply", pending=pending.pk) not in text
    assert page("list-import", kind="contacts") in text


def test_applying_in_spite_of_problems_changes_nothing(assessment: Assessment, analyst_client: Client):
    pending, _ = preview(analyst_client, "Group,Name\nStaff,Li\nSaff,Ann\n")
    response = agree(analyst_client, pending)
    assert response.status_code == 400
    assert not Contact.objects.exists()


def test_rows_can_be_filtered_by_what_happens(assessment: Assessment, analyst_client: Client):
    ContactFactory(group=assessment.groups.get(code="staff"), name="Li Wei", email="li@example.org")
    pending, _ = preview(analyst_client, PEOPLE)
    text = said(analyst_client.get(page("list-preview", pending=pending.pk), {"show": "new"}))
    assert "Ann" in text
    assert "Li Wei" not in text


@pytest.mark.parametrize("query", [{"show": "nonsense"}, {"page": "99"}, {"page": "-1"}, {"page": "x"}])
def test_a_strange_address_shows_the_preview_all_the_same(
    assessment: Assessment, analyst_client: Client, query: dict[str, str]
):
    pending, _ = preview(analyst_client, PEOPLE)
    response = analyst_client.get(page("list-preview", pending=pending.pk), query)
    assert "Li Wei" in said(response)


def test_a_long_preview_has_pages_of_two_hundred_rows(assessment: Assessment, analyst_client: Client):
    rows = "\n".join(f"Staff,Person {number}" for number in range(450))
    pending, text = preview(analyst_client, f"Group,Name\n{rows}\n")
    assert text.count("<tr>") == 201
    assert "page=3" in text
    last = said(analyst_client.get(page("list-preview", pending=pending.pk), {"page": "3"}))
    assert last.count("<tr>") == 51
    assert "Person 449" in last


def test_hostile_names_are_shown_as_text(assessment: Assessment, analyst_client: Client):
    _, text = preview(analyst_client, "Group,Name\nStaff,<script>alert(1)</script>\n")
    assert "&lt;script&gt;" in text
    assert "<script>alert" not in text


def test_a_file_that_changes_nothing_says_so(assessment: Assessment, analyst_client: Client):
    ContactFactory(group=assessment.groups.get(code="staff"), name="Li", email="")
    pending, text = preview(analyst_client, "Group,Name\nStaff,Li\n")
    assert "This file would change nothing" in text
    assert page("list-apply", pending=pending.pk) not in text


def test_a_file_without_rows_says_what_to_do(assessment: Assessment, analyst_client: Client):
    _, text = preview(analyst_client, "Group,Name\n")
    assert "The file has headers and nothing below them" in text


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("kind", ["contacts", "issues"])
def test_a_preview_asks_as_much_for_three_rows_as_for_one(
    assessment: Assessment, analyst_client: Client, kind: str, rows: int, django_assert_num_queries
):
    head = "Group,Name" if kind == "contacts" else "Category,Name"
    raw = "\n".join([head, *[f"Staff,Thing {number}" for number in range(rows)]])
    pending, _ = preview(analyst_client, raw, kind=kind)
    forget_preview(pending)
    # session, user, member, assessment, upload, audit trail, its content; groups and contacts, or issues and mentions
    # (twice, for what they are called like)
    with django_assert_num_queries(9 if kind == "contacts" else 11):
        analyst_client.get(page("list-preview", pending=pending.pk))
    with django_assert_num_queries(6):
        analyst_client.get(page("list-preview", pending=pending.pk), {"page": "2"})


def test_a_preview_shows_what_somebody_has_changed_since(assessment: Assessment, analyst_client: Client):
    pending, text = preview(analyst_client, PEOPLE)
    assert "Add 2 contacts" in text
    save_contact(group=assessment.groups.get(code="staff"), name="Li Wei", email="li@example.org")
    assert "Add 1 contact" in said(analyst_client.get(page("list-preview", pending=pending.pk)))


def test_previews_that_are_kept_have_an_end(
    assessment: Assessment, analyst_client: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(previews, "MOST_LINES", 3)
    preview(analyst_client, PEOPLE)
    second, _ = preview(analyst_client, PEOPLE)
    assert [key[0] for key in previews._kept] == [str(second.pk)]


# --- the decision -----------------------------------------------------------------------------------------
def test_what_was_previewed_is_applied_and_the_upload_forgotten(assessment: Assessment, analyst_client: Client):
    pending, _ = preview(analyst_client, PEOPLE)
    response = agree(analyst_client, pending)
    assert (response.status_code, response["Location"]) == (302, page("contacts"))
    assert set(Contact.objects.values_list("name", flat=True)) == {"Li Wei", "Ann"}
    assert not PendingImport.objects.exists()


def test_a_list_that_changed_meanwhile_is_shown_anew_and_asked_about_again(
    assessment: Assessment, analyst_client: Client
):
    pending, _ = preview(analyst_client, PEOPLE)
    digest = analyst_client.get(page("list-preview", pending=pending.pk)).context["plan"].digest
    ContactFactory(group=assessment.groups.get(code="customers"), name="Li Wei", email="li@example.org")
    response = analyst_client.post(page("list-apply", pending=pending.pk), {"plan": digest})
    assert response.status_code == 409
    assert "somebody has changed the list meanwhile" in said(response)
    assert f'href="{page("list-preview", pending=pending.pk)}?show=new&amp;kind=contacts"' in said(response)
    assert Contact.objects.count() == 1
    assert agree(analyst_client, pending).status_code == 302
    assert Contact.objects.get(name="Li Wei").group.code == "staff"


def test_without_the_plan_that_was_seen_nothing_is_applied(assessment: Assessment, analyst_client: Client):
    pending, _ = preview(analyst_client, PEOPLE)
    assert analyst_client.post(page("list-apply", pending=pending.pk)).status_code == 409
    assert not Contact.objects.exists()


def test_a_second_click_finds_the_upload_gone(assessment: Assessment, analyst_client: Client):
    pending, _ = preview(analyst_client, PEOPLE)
    agree(analyst_client, pending)
    again = page("list-apply", pending=pending.pk) + f"?kind={pending.kind}"
    assert analyst_client.post(again)["Location"] == page("contacts")
    assert Contact.objects.count() == 2


def test_cancelling_forgets_the_upload_and_changes_nothing(assessment: Assessment, analyst_client: Client):
    pending, _ = preview(analyst_client, PEOPLE)
    response = analyst_client.post(page("list-cancel", pending=pending.pk), follow=True)
    assert "is not imported. Nothing has changed." in said(response)
    assert not PendingImport.objects.exists()
    assert not Contact.objects.exists()


def test_issues_are_imported_by_the_same_way(assessment: Assessment, analyst_client: Client):
    IssueFactory(assessment=assessment, name="Employee training and development", code="training")
    pending, text = preview(
        analyst_client, "议题,类别,来源类型,来源\nTraining and development of staff,社会,访谈,CFO\n", kind="issues"
    )
    assert "Much like “Employee training and development” in the list." in text
    response = agree(analyst_client, pending)
    assert response["Location"] == page("long-list")
    assert Issue.objects.get(name="Training and development of staff").mentions.get().source == "CFO"


def test_issues_of_a_peer_are_imported_by_the_same_way(assessment: Assessment, peer: Peer, analyst_client: Client):
    address = page("peer-import", peer=peer.pk)
    assert "Import the issues of Rival Ltd. 2023" in said(analyst_client.get(address))
    file = SimpleUploadedFile("rival.csv", b"Name,Tier,Level\nWater,High,1\n")
    analyst_client.post(address, {"file": file})
    response = agree(analyst_client, PendingImport.objects.get())
    assert response["Location"] == page("peer", peer=peer.pk)
    assert peer.issues.get().level == 1


def test_a_peer_of_another_organisation_is_not_found(assessment: Assessment, house: House, analyst_client: Client):
    theirs = PeerFactory(organisation=house.elsewhere)
    assert analyst_client.get(page("peer-import", peer=theirs.pk)).status_code == 404


# --- files out --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_an_export_holds_every_contact(assessment: Assessment, analyst_client: Client, format: str):
    ContactFactory(group=assessment.groups.get(code="staff"), name="=1+1", email="li@example.org")
    response = analyst_client.get(page("list-export", kind="contacts", format=format))
    assert f'filename="paper-2024-contacts.{format}"' in response["Content-Disposition"]
    rows = list(read_sheet(f"x.{format}", response.content).rows())
    assert rows[0].cells[:3] == ["Staff", "=1+1", "li@example.org"]


@pytest.mark.parametrize("kind", ["contacts", "issues", "peer"])
@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_a_template_has_the_headers_alone(assessment: Assessment, viewer_client: Client, kind: str, format: str):
    response = viewer_client.get(page("list-template", kind=kind, format=format))
    sheet = read_sheet(f"x.{format}", response.content)
    assert list(sheet.rows()) == []
    assert {"Name"} <= set(sheet.columns)


def test_an_exported_workbook_is_one(assessment: Assessment, analyst_client: Client):
    response = analyst_client.get(page("list-export", kind="issues", format="xlsx"))
    assert zipfile.ZipFile(io.BytesIO(response.content)).testzip() is None


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("kind", ["contacts", "issues"])
def test_an_export_asks_as_much_for_three_rows_as_for_one(
    assessment: Assessment, analyst_client: Client, kind: str, rows: int, django_assert_num_queries
):
    group: StakeholderGroup = assessment.groups.get(code="staff")
    ContactFactory.create_batch(rows, group=group)
    for position in range(rows):
        MentionFactory(issue=IssueFactory(assessment=assessment, position=position))
    with django_assert_num_queries(5 if kind == "contacts" else 6):
        analyst_client.get(page("list-export", kind=kind, format="csv"))


def test_an_export_of_contacts_can_be_imported_as_it_is(assessment: Assessment, analyst_client: Client):
    ContactFactory(group=assessment.groups.get(code="staff"), name="-Li", email="")
    raw = analyst_client.get(page("list-export", kind="contacts", format="xlsx")).content
    contacts = ContactList(assessment)
    assert not contacts.plan(contacts.read("export.xlsx", raw)).changes_something
