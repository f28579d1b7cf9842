"""Importing 20,000 contacts, from the bytes of the file to the rows in the database, against reading the file.

The peer decodes a CSV file and takes it apart with the `csv` module, or walks over all cells of a workbook with
openpyxl, and keeps nothing. Ours also finds out how the file was saved, checks every cell, compares everybody with
everybody who is there, stores them in one transaction, and leaves a line in the audit trail.
"""

import csv
import io
import time
from functools import partial

from django.db import connection
from openpyxl import load_workbook

from benchmarks.comparison import Bar, Outcome, take_turns
from benchmarks.crowd import new_survey
from benchmarks.large_scope import contact_rows
from benchmarks.room import open_room
from benchmarks.sizes import Size
from scoping.lists.contacts import import_contacts
from scoping.models import Assessment, Contact
from tables.writing import csv_bytes, xlsx_bytes


def run(size: Size, *, database: str) -> list[Outcome]:
    with open_room(database) as room:
        names = room.call(prepare, size.scope.groups)
        contacts = contact_rows(size.scope.contacts, names)
        files = {"csv": csv_bytes(contacts), "xlsx": xlsx_bytes([contacts], title="Contacts")}
        readers = {"csv": ("the csv module", read_csv), "xlsx": ("openpyxl", read_xlsx)}
        return [
            take_turns(
                name=f"contact-import-{kind}-{database}",
                ours=partial(room.call, bring_in, f"contacts.{kind}", raw, size.scope.contacts),
                against=f"reading the file with {readers[kind][0]}",
                reference=partial(room.call, readers[kind][1], raw, size.scope.contacts),
                unit="s",
                bar=Bar("<", 20),
                pairs=size.pairs,
            )
            for kind, raw in files.items()
        ]


def prepare(groups: int) -> list[str]:
    """In a room: an assessment without contacts; the names of its groups."""
    assessment = new_survey(groups=groups, issues=10).assessment
    return [group.name for group in assessment.groups.all()]


def bring_in(name: str, raw: bytes, contacts: int) -> float:
    """In a room: the seconds of an import into an assessment without contacts."""
    Contact.objects.all().delete()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM scoping_contact")
    assessment = Assessment.objects.get()
    start = time.perf_counter()
    import_contacts(assessment=assessment, name=name, raw=raw)
    took = time.perf_counter() - start
    if Contact.objects.count() != contacts:
        raise AssertionError(f"{Contact.objects.count():,} contacts are stored, not {contacts:,}.")
    return took


def read_csv(raw: bytes, contacts: int) -> float:
    """The seconds of reading the file, every row of it."""
    start = time.perf_counter()
    rows = sum(1 for _ in csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    return _counted(rows, contacts, start)


def read_xlsx(raw: bytes, contacts: int) -> float:
    """The seconds of reading the file, every cell of it."""
    start = time.perf_counter()
    book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
    rows = sum(1 for _ in book.worksheets[0].iter_rows(values_only=True)) - 1
    return _counted(rows, contacts, start)


def _counted(rows: int, contacts: int, start: float) -> float:
    took = time.perf_counter() - start
    if rows != contacts:
        raise AssertionError(f"The peer read {rows:,} rows, not {contacts:,}.")
    return took
