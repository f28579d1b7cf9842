"""Preparing 100,000 invitations, from the bytes of a file to the rows in the database: the time and the memory.

Every address is checked, who is invited already or wants no mails is looked up, and each person gets a link with its
keyed hash and a random number of the roll. Both bars are absolute: 60 s; and as flat memory 24 MB more for 100,000
people than for 10,000, which is room for the file itself and for little more.
"""

import time

from django.db.models import Count, Max

from benchmarks.comparison import Bar, Outcome, count
from benchmarks.crowd import new_survey
from benchmarks.memory import most_resident
from benchmarks.progress import show
from benchmarks.room import open_room
from benchmarks.sizes import Size
from surveys.addresses import from_file
from surveys.models import Invitation, Roll, Survey
from surveys.services.inviting import add_invitations

SECONDS, MEGABYTES = 60, 24
LANGUAGES = ("en", "zh-Hans", "")


def run(size: Size, *, database: str) -> list[Outcome]:
    many = size.many // 10
    _, before = in_a_room(database, many // 10)
    took, after = in_a_room(database, many)
    bar = Bar("<", 1)
    return [
        count(
            name=f"invitations-{database}",
            ours=took,
            against=f"{SECONDS} s for {many:,} invitations",
            reference=SECONDS,
            unit="s",
            bar=bar,
        ),
        count(
            name=f"invitations-memory-{database}",
            ours=after - before,
            against=f"{MEGABYTES} MB more for {many:,} than for {many // 10:,} invitations",
            reference=MEGABYTES,
            unit="MB",
            bar=bar,
        ),
    ]


def in_a_room(database: str, people: int) -> tuple[float, float]:
    """Seconds, and the most memory in MB that the process ever had resident, for so many invitations."""
    show(f"invitations-{database}: {people:,} people")
    with open_room(database) as room:
        return room.call(invite, list_of(people), people)


def list_of(people: int) -> bytes:
    """A CSV file with names in two scripts."""
    rows = ["name,email,language"]
    for number in range(people):
        name = f"王芳{number}" if number % 2 else f"Person Number {number}"
        rows.append(f"{name},person.{number}@department{number % 97}.example.org,{LANGUAGES[number % 3]}")
    return "\n".join(rows).encode()


def invite(raw: bytes, people: int) -> tuple[float, float]:
    """In a room: the invitations of the file, once."""
    survey: Survey = new_survey(groups=2, issues=10)
    group = survey.assessment.groups.all()[0]
    start = time.perf_counter()
    add_invitations(survey=survey, group=group, rows=from_file("people.csv", raw))
    took = time.perf_counter() - start
    most = most_resident()
    stored = Invitation.objects.aggregate(people=Count("number", distinct=True), last=Max("number"))
    if stored["people"] != people or stored["last"] >= len(Roll.objects.get().answered) * 8:
        raise AssertionError(f"{stored['people']:,} people with a number of their own are stored, not {people:,}.")
    return took, most
