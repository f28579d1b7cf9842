"""Importing through the pages: upload, preview, decision; and files out."""

import io
import zipfile
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jobs.services import sweep
from scoping.lists import previews
from scoping.lists.contacts import ContactList
from scoping.lists.previews import forget_preview
from scoping.models import Assessment, Contact, Issue, Peer, PendingImport, StakeholderGroup
from scoping.services.contacts import save_contact
from tables.reading import read_sheet
from tests.support.factories import AssessmentFactory, ContactFactory, IssueFactory, MentionFactory, PeerFactory
from tests.support.people import House
from tests.tables.test_archive import HEAD, streamed
from tests.tables.workbooks import inline


@pytest.fixture
def assessment(house: House) -> Assessment:
    made = AssessmentFactory(organisation=house.organisation, slug="paper-2024")
    made.groups.create(code="staff", name="Staff", side="internal")
    made.groups.create(code="customers", name="Customers", side="external", position=1)
    return made


@pytest.fixture
def peer(house: House) -> Peer:
    return PeerFactory(organisation=house.organisation, company="Rival Ltd.", reporting_period="2023")


def page(name: str, **kwargs: Any) -> str:
    return reverse(f"scoping:{name}", kwargs={"organisation": "example", "slug": "paper-2024", **kwargs})


def upload(client: Client, raw: bytes | str, name: str = "people.csv", kind: str = "contacts", **more: Any) -> Any:
    file = SimpleUploadedFile(name, raw.encode() if isinstance(raw, str) else raw)
    return client.post(page("list-import", kind=kind), {"file": file}, **more)


def preview(client: Client, raw: bytes | str, **more: Any) -> tuple[PendingImport, str]:
    response = upload(client, raw, **more)
    assert response.status_code == 302, said(response)
    pending = PendingImport.objects.latest("added_at")
    assert response["Location"] == f"{page('list-preview', pending=pending.pk)}?kind={pending.kind}"
    return pending, said(client.get(response["Location"]))


def agree(client: Client, pending: PendingImport) -> Any:
    response = client.get(page("list-preview", pending=pending.pk))
    return client.post(page("list-apply", pending=pending.pk), {"plan": response.context["plan"].digest})


def said(response: Any) -> str:
    return " ".join(response.content.decode().split())


PEOPLE = "Group,Name,E-mail,Shoe size\nStaff,Li Wei,li@example.org,44\nCustomers,Ann,ann@example.org,38\n"


# --- who may ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["approver", "viewer"])
def test_only_who_edits_may_import_and_see_previews(assessment: Assessment, house: House, client_of, role: str):
    client = client_of(getattr(house, role))
    pending = PendingImport.objects.create(
        assessment=assessment, kind="contacts", filename="p.csv", content=PEOPLE.encode(), added_by=house.analyst
    )
    assert upload(client, PEOPLE).status_code == 403
    for name, kwargs in (("list-import", {"kind": "contacts"}), ("list-preview", {"pending": pending.pk})):
        assert client.get(page(name, **kwargs)).status_code == 403
    for name in ("list-apply", "list-cancel"):
        assert client.post(page(name, pending=pending.pk)).status_code == 403
    assert not Contact.objects.exists()


@pytest.mark.parametrize("role", ["approver", "viewer"])
def test_contacts_are_exported_to_who_edits_only(assessment: Assessment, house: House, client_of, role: str):
    client = client_of(getattr(house, role))
    assert client.get(page("list-export", kind="contacts", format="csv")).status_code == 403
    assert client.get(page("list-export", kind="issues", format="csv")).status_code == 200


@pytest.mark.parametrize("name", ["list-preview", "list-apply", "list-cancel"])
def test_an_upload_of_another_assessment_is_not_found(
    assessment: Assessment, house: House, analyst_client: Client, name: str
):
    other = AssessmentFactory(organisation=assessment.organisation)
    pending = PendingImport.objects.create(
        assessment=other, kind="issues", filename="p.csv", content=b"Name\nWater\n", added_by=house.analyst
    )
    send = analyst_client.get if name == "list-preview" else analyst_client.post
    assert send(page(name, pending=pending.pk)).status_code == 404


@pytest.mark.parametrize(
    ("query", "back"),
    [("?kind=contacts", "contacts"), ("?kind=issues", "long-list"), ("?kind=peer", "peers"), ("", "long-list")],
)
@pytest.mark.parametrize("name", ["list-preview", "list-apply", "list-cancel"])
def test_who_comes_back_to_a_file_that_is_gone_is_sent_to_the_list(
    assessment: Assessment, analyst_client: Client, name: str, query: str, back: str
):
    send = analyst_client.get if name == "list-preview" else analyst_client.post
    response = send(page(name, pending=uuid4()) + query, follow=True)
    assert response.redirect_chain == [(page(back), 302)]
    assert "That file has been dealt with already" in said(response)


def test_there_are_lists_of_issues_and_contacts_only(assessment: Assessment, analyst_client: Client):
    for kind in ("peer", "people"):
        assert analyst_client.get(page("list-import", kind=kind)).status_code == 404
        assert analyst_client.get(page("list-export", kind=kind, format="csv")).status_code == 404
    assert analyst_client.get(page("list-export", kind="issues", format="pdf")).status_code == 404


# --- upload -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["contacts", "issues"])
def test_the_form_says_what_the_file_holds(assessment: Assessment, analyst_client: Client, kind: str):
    text = said(analyst_client.get(page("list-import", kind=kind)))
    for part in (
        "at most 20 MB",
        "Show what would change",
        "Required.",
        page("list-template", kind=kind, format="csv"),
    ):
        assert part in text


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("people.csv", b"Naam,Mail\nLi,li@example.org\n", "there is no column Group"),
        (
            "people.csv",
            b"Group,Name\n" + "Staff,张伟 Jörg\n".encode() * 30 + "Staff,Jürgen\n".encode("cp1252"),
            "line 32",
        ),
        ("people.csv", b'Group,Name\nStaff,"Li\n', "quotation mark"),
        ("people.pdf", b"%PDF-1.7 and so on", "this is a PDF"),
        ("people.xlsx", b"PK\x03\x04 broken", "people.xlsx"),
        ("people.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old Excel workbook"),
        ("people.csv", b"", "The file is empty"),
        ("people.csv", b" \n \n", "the file is empty"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(
    assessment: Assessment, analyst_client: Client, name: str, raw: bytes, message: str
):
    response = upload(analyst_client, raw, name)
    assert response.status_code == 400
    assert message in said(response)
    assert not PendingImport.objects.exists()


def test_without_a_file_the_form_says_so(assessment: Assessment, analyst_client: Client):
    response = analyst_client.post(page("list-import", kind="contacts"))
    assert response.status_code == 400
    assert "Choose a file first." in said(response)


def test_a_file_that_is_too_large_is_refused_with_the_limit(assessment: Assessment, analyst_client: Client):
    response = upload(analyst_client, b"Group,Name\n" + b"x" * 21_000_000)
    assert response.status_code == 400
    assert "people.csv has 21 MB, and at most 20 MB are read" in said(response)


def test_a_zip_bomb_is_refused(assessment: Assessment, analyst_client: Client):
    raw = streamed("xl/worksheets/sheet1.xml", HEAD, b" " * 1_000_000, 300)
    response = upload(analyst_client, raw, "people.xlsx")
    assert response.status_code == 400
    assert "unpacks to far more than a list needs" in said(response)


def test_a_workbook_of_a_million_rows_is_refused(assessment: Assessment, analyst_client: Client):
    rows = inline("Staff", "Li").encode() * 1_000
    raw = streamed("xl/worksheets/sheet1.xml", HEAD + inline("Group", "Name"), rows, 1_000)
    response = upload(analyst_client, raw, "people.xlsx")
    assert response.status_code == 400
    assert "more than 100,000 rows. Split the list" in said(response)
    assert not PendingImport.objects.exists()


@pytest.mark.parametrize(("hours", "stays"), [(23, True), (25, False)])
def test_a_sweep_removes_uploads_that_nobody_decided_about_for_a_day(
    assessment: Assessment, analyst_client: Client, hours: int, stays: bool
):
    preview(analyst_client, PEOPLE)
    PendingImport.objects.update(added_at=timezone.now() - timedelta(hours=hours))
    sweep()
    assert PendingImport.objects.exists() == stays


@pytest.mark.parametrize("name", ["list-preview", "list-apply", "list-cancel"])
def test_an_upload_older_than_a_day_is_gone_before_the_sweep(assessment: Assessment, analyst_client: Client, name: str):
    pending, _ = preview(analyst_client, PEOPLE)
    PendingImport.objects.update(added_at=timezone.now() - timedelta(hours=25))
    send = analyst_client.get if name == "list-preview" else analyst_client.post
    assert send(page(name, pending=pending.pk))["Location"] == page("long-list")
    assert not Contact.objects.exists()


def test_a_new_upload_replaces_the_one_of_the_same_person_and_list(
    assessment: Assessment, analyst_client: Client, owner_client: Client
):
    preview(analyst_client, PEOPLE)
    issues, _ = preview(analyst_client, "Name\nWater\n", kind="issues")
    of_another, _ = preview(owner_client, PEOPLE)
    newest, _ = preview(analyst_client, PEOPLE)
    assert set(PendingImport.objects.values_list("pk", flat=True)) == {issues.pk, of_another.pk, newest.pk}


def test_an_upload_that_cannot_be_read_leaves_the_one_before(assessment: Assessment, analyst_client: Client):
    pending, _ = preview(analyst_client, PEOPLE)
    assert upload(analyst_client, "Shoe size\n44\n").status_code == 400
    assert PendingImport.objects.get() == pending


def test_a_very_long_file_name_keeps_its_ending(assessment: Assessment, analyst_client: Client):
    pending, _ = preview(analyst_client, PEOPLE, name=f"{'people ' * 28}.csv")
    assert pending.filename.endswith(".csv")


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
