"""A survey with invited people, answered through its pages, and everything that is left of it afterwards.

Two runs of it differ only in who gives which answer: the clock stands still, and what is random comes from a fixed
stream. So whatever differs between their remains is what tells who gave which answer.
"""

import hashlib
import logging
import os
import random
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import time_machine
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from jobs.models import Job
from surveys import frozen, tasks
from surveys.keys import personal_token
from surveys.models import Anonymity, Invitation, MailingKind, Survey
from surveys.services import close_survey, open_survey, prepare_survey
from surveys.services.inviting import add_invitations
from surveys.services.mailing import prepare_mailing, set_policy
from tests.support.factories import AssessmentFactory
from tests.support.people import House, build_house
from tests.support.waiting_jobs import run_waiting_jobs

NOW = "2027-03-10T12:00:00Z"
GROUP_SIZE = 6
TEXTS = {"en": {"subject": "Your view", "body": "Please answer: {link}"}}


@dataclass(frozen=True)
class Answer:
    """What somebody sends, and the secret that the form was made with: a form is as random as its maker's browser."""

    ratings: tuple[int, ...]
    comment: str = ""

    @property
    def secret(self) -> str:
        return hashlib.sha256(repr(self).encode()).hexdigest()[:22]


Turn = tuple[str, Answer] | str  # (whose, what), or "remind"


@dataclass(frozen=True)
class Remains:
    """Every row of every table as it lies, what was logged, and what was mailed.

    Attributes
    ----------
    tables : name -> rows in the order in which the database keeps them, each with the order of its transaction.
    """

    tables: dict[str, list[tuple[Any, ...]]]
    log: list[str]

    def differing(self, other: "Remains") -> list[str]:
        """Tables that differ, and "log"."""
        names = sorted(self.tables.keys() | other.tables.keys())
        found = [name for name in names if self.tables.get(name) != other.tables.get(name)]
        return found + ["log"] * (self.log != other.log)

    def contents(self, table: str) -> list[str]:
        """The rows of a table without place, transaction and key, in no order."""
        return sorted(repr(row[2:]) for row in self.tables[table])

    def keys(self, table: str) -> list[Any]:
        """The keys of a table in the order of its rows."""
        return [row[1] for row in self.tables[table]]


def play(turns: Sequence[Turn], *, anonymity: str = Anonymity.ANONYMOUS, close: bool = True) -> Remains:
    """Invite twelve people, let them answer in this order, and take what is left of it. Begins with no rows at all."""
    call_command("flush", interactive=False, verbosity=0)
    cache.clear()
    frozen._frozen.clear()  # the next one has the same number and moment
    mail.outbox = []
    clock = time_machine.travel(NOW, tick=False)
    with clock, repeatable_randomness(), untidied(), everything_logged() as log:
        house = build_house()
        survey = invited_survey(house, anonymity)
        for number, turn in enumerate(turns):
            if isinstance(turn, str):
                _mail(house, survey, MailingKind.REMINDER)
            else:
                answer_as(survey, *turn, with_draft=number % 2 == 0)
            if number % 3 == 2:
                run_waiting_jobs()  # folds
        run_waiting_jobs()
        if close:
            close_survey(survey=survey, by=house.owner)
            run_waiting_jobs()
            tasks.sweep()
            run_waiting_jobs()
        return Remains(tables_as_they_lie(), log)


@contextmanager
def untidied() -> Iterator[None]:
    """Rows stay where they are written. When PostgreSQL tidies up a page, and so where it puts the next version of a
    row, is chance; while somebody looks at how everything was in the beginning, it does not."""
    if connection.vendor != "postgresql":
        yield
        return
    onlooker = connection.copy()
    try:
        with onlooker.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT 1")
            yield
    finally:
        onlooker.close()


def invited_survey(house: House, anonymity: str) -> Survey:
    assessment = AssessmentFactory(
        organisation=house.organisation, name="Example 2027", slug="example-2027", groups=2, issues=3
    )
    survey = prepare_survey(assessment=assessment)
    survey.anonymity = anonymity
    survey.comment_per_issue = True
    survey.save()
    for group in assessment.groups.all():
        people = [(address(number, group.position), f"Person {number}", "en") for number in range(GROUP_SIZE)]
        add_invitations(survey=survey, group=group, rows=people, by=house.owner)
    open_survey(survey=survey, by=house.owner)
    survey.refresh_from_db()
    set_policy(
        organisation=house.organisation,
        reminders=5,
        per_minute=1_000_000,
        per_day=1_000_000,
        approval_above=500,
        by=house.owner,
    )
    _mail(house, survey, MailingKind.INVITATION)
    return survey


def address(number: int, group: int = 0) -> str:
    return f"person{number}.of{group}@example.org"


def answer_as(survey: Survey, whose: str, answer: Answer, *, with_draft: bool = False) -> None:
    """Through the pages, as a browser does: open, perhaps save, send, be thanked."""
    client = Client()
    invitation = Invitation.objects.get(survey=survey, address=whose)
    kwargs = {"token": personal_token(bytes(invitation.nonce))}
    page = reverse("respond-personal", kwargs=kwargs)
    html = client.get(page).content.decode()
    version = re.search(r'name="form\.version" value="(\d+)"', html)
    fields = {f"issue-{place}": str(score) for place, score in enumerate(answer.ratings)}
    fields |= {"form.key": answer.secret, "comment.overall": answer.comment, "form.action": "anyway"}
    fields |= {"form.version": version[1]} if version else {}
    if with_draft:
        begun = {"form.key": answer.secret, "issue-0": fields["issue-0"]}
        assert client.post(reverse("respond-personal-save", kwargs=kwargs), begun).status_code in (200, 204)
    sent = client.post(page, fields)
    assert sent.status_code == 303, sent.content.decode()
    assert client.get(sent["Location"]).status_code == 200


def _mail(house: House, survey: Survey, kind: str) -> None:
    groups = list(survey.assessment.groups.all())
    prepare_mailing(survey=survey, kind=kind, groups=groups, texts=TEXTS, by=house.owner)
    run_waiting_jobs()


# --- the same dice, and open ears -----------------------------------------------------------------------------
@contextmanager
def repeatable_randomness() -> Iterator[None]:
    """Secrets and keys from a fixed stream: whatever Python takes from the system's own."""
    drawn = 0

    def stream(size: int) -> bytes:
        nonlocal drawn
        drawn += 1
        return hashlib.shake_256(drawn.to_bytes(8, "big")).digest(size)

    of_system, of_secrets = os.urandom, random._urandom  # type: ignore[attr-defined]
    os.urandom, random._urandom = stream, stream  # type: ignore[attr-defined]
    try:
        yield
    finally:
        os.urandom, random._urandom = of_system, of_secrets  # type: ignore[attr-defined]


@contextmanager
def everything_logged() -> Iterator[list[str]]:
    """What any logger says at any level; not the statements, since what they store is looked at itself, nor what the
    tests and the painters of figures say when they are first loaded."""
    lines: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if not record.name.startswith(("django.db", "factory", "matplotlib")):
                lines.append(f"{record.levelname} {record.name} {record.getMessage()} {record.exc_text or ''}")

    ear = Ear(level=logging.DEBUG)
    loggers = [logging.getLogger(name) for name in list(logging.root.manager.loggerDict)] + [logging.root]
    before = [(logger, logger.level, logger.propagate, logger.disabled) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
        logger.propagate, logger.disabled = True, False
    logging.root.addHandler(ear)
    try:
        yield lines
    finally:
        logging.root.removeHandler(ear)
        for logger, level, propagate, disabled in before:
            logger.setLevel(level)
            logger.propagate, logger.disabled = propagate, disabled


# --- the whole database in hand -------------------------------------------------------------------------------
def tables_as_they_lie() -> dict[str, list[tuple[Any, ...]]]:
    """Every table; each row begins with what its database notes about it by itself: on SQLite the rowid, on PostgreSQL
    its place in the file and which transaction wrote it, both as ranks."""
    with connection.cursor() as cursor:
        names = sorted(connection.introspection.table_names(cursor))
        rows = {name: _rows(cursor, name) for name in names if name != "django_migrations"}
    if connection.vendor != "postgresql":
        return rows
    transactions = sorted({row[0] for table in rows.values() for row in table})
    rank = {transaction: place for place, transaction in enumerate(transactions)}
    return {name: [(rank[row[0]], *row[1:]) for row in table] for name, table in rows.items()}


def _rows(cursor: Any, table: str) -> list[tuple[Any, ...]]:
    if connection.vendor == "postgresql":
        cursor.execute(f'SELECT xmin::text::bigint, * FROM "{table}" ORDER BY ctid')
    else:
        cursor.execute(f'SELECT rowid, * FROM "{table}" ORDER BY rowid')
    return [tuple(bytes(one) if isinstance(one, memoryview) else one for one in row) for row in cursor.fetchall()]


def jobs_of(remains: Remains) -> list[tuple[Any, ...]]:
    return remains.tables[Job._meta.db_table]
