"""Importing through the pages: who may, and what is taken as an upload."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from jobs.services import sweep
from scoping.models import Assessment, Contact, PendingImport
from tests.scoping.uploads import PEOPLE, page, preview, said, scope_with_groups, upload
from tests.support.factories import AssessmentFactory
from tests.support.people import House
from tests.tables.test_archive import HEAD, streamed
from tests.tables.workbooks import inline


@pytest.fixture
def assessment(house: House) -> Assessment:
    return scope_with_groups(house)


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
