"""Counts what the bare project has stored. Loads no model, so that a process of another project may load it."""

from django.db import connection


def stored_answers() -> int:
    """In the bare project's room."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM bare_answer")
        return int(cursor.fetchone()[0])
