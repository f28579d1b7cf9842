"""Contacts by the thousand: the statements that store them, one for each database where they differ.

Knows how contacts lie in their table. Decides nothing: which transaction and which lock is its caller's.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection

from scoping.models import Assessment, Contact

# A contact to store: group, name, e-mail, employer, role, language. One that is there already has its id before.
Stored = tuple[Any, ...]

_COLUMNS = "group_id, name, email, employer, role, language"


def insert_contacts(assessment: Assessment, contacts: Iterable[Stored]) -> None:
    """Twenty thousand rows in a fifth of the time that a model object for each of them would take."""
    key = Contact._meta.get_field("assessment").get_db_prep_value(assessment.pk, connection)
    rows = [(key, *contact) for contact in contacts]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            statement = f"COPY scoping_contact (assessment_id, {_COLUMNS}) FROM STDIN"
            with cursor.copy(statement) as copy:
                for row in rows:
                    copy.write_row(row)
            return
        statement = f"INSERT INTO scoping_contact (assessment_id, {_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s)"  # noqa: S608
        cursor.executemany(statement, rows)


def update_contacts(contacts: Iterable[Stored]) -> None:
    """Every field of those with these ids."""
    rows = [(*fields, pk) for pk, *fields in contacts]
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_UPDATE_MANY, [list(column) for column in zip(*rows, strict=True)])
            return
        cursor.executemany(
            "UPDATE scoping_contact SET group_id = %s, name = %s, email = %s, employer = %s, role = %s, language = %s "
            "WHERE id = %s",
            rows,
        )


_UPDATE_MANY = """
    UPDATE scoping_contact SET group_id = told.group_id, name = told.name, email = told.email,
        employer = told.employer, role = told.role, language = told.language
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[])
        AS told (group_id, name, email, employer, role, language, id)
    WHERE scoping_contact.id = told.id"""
