"""Who is invited: add people from a list or from the contacts.

The audit trail names groups and numbers, never a person.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice

import numpy as np
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, pgettext

from accounts.models import User
from jobs.models import Job
from jobs.runner import Refusal, RunningJob
from jobs.services import enqueue
from scoping.models import PendingImport, StakeholderGroup
from scoping.services.scope import note
from scoping.wording import noun
from surveys.addresses import MOST_PROBLEMS, People, Person, Problem, from_file, pasted, read_person
from surveys.invitation_rows import Row, insert_invitations
from surveys.keys import address_hash, personal_token, token_hash
from surveys.models import OptOut, Roll, Survey
from surveys.models.invitations import new_nonce
from tables.problems import SourceError

INVITE = "surveys.invite"
# Each batch is one transaction: long enough to be quick, short enough that answers come in between.
BATCH = 2_000
# A longer list is added in the background, with a progress bar.
AT_ONCE = 2_000
PASTED_NAME = "pasted list"

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Added:
    """What became of a list: who is new, was invited before, stood in the list twice, or wants no mails."""

    added: int = 0
    known: int = 0
    repeated: int = 0
    opted_out: int = 0

    def __str__(self) -> str:
        added = ngettext(
            "%(n)s person is added to the invitations", "%(n)s people are added to the invitations", self.added
        )
        known = ngettext("%(n)s was invited before", "%(n)s were invited before", self.known)
        repeated = ngettext("%(n)s line repeats another one", "%(n)s lines repeat others", self.repeated)
        opted_out = ngettext(
            "%(n)s person wants no mails and was left out",
            "%(n)s people want no mails and were left out",
            self.opted_out,
        )
        parts = [added % {"n": f"{self.added:,}"}]
        others = ((known, self.known), (repeated, self.repeated), (opted_out, self.opted_out))
        parts += [text % {"n": f"{number:,}"} for text, number in others if number]
        if len(parts) == 1:
            return parts[0]
        first = pgettext("between parts of a sentence", ", ").join(parts[:-1])
        return _("%(first)s and %(last)s") % {"first": first, "last": parts[-1]}


@dataclass(frozen=True)
class Checked:
    """What a list holds, before anything is done with it. `problems` are the first of `wrong` in all."""

    people: int
    outcome: Added
    wrong: int
    problems: tuple[Problem, ...]


def add_invitations(
    *,
    survey: Survey,
    group: StakeholderGroup,
    rows: Iterable[tuple[str, str, str]] | People,
    by: User | None = None,
    progress: Progress | None = None,
) -> Added:
    """Give each person of a list a personal link; mails are another matter.

    All lines are looked at before the first one is stored. Then they are stored in batches, a transaction each, and
    whoever begins again with the same list finds the first ones known.

    Parameters
    ----------
    rows : (address, name, language), or People; gone through twice, so no iterator.
    progress : called as (done, total, what is being done) between the batches.

    Raises
    ------
    ValidationError
        Lines cannot be meant: a message for each of the first hundred. Nobody is added.
    SourceError
        The file cannot be read to its end.
    """
    people = rows if isinstance(rows, People) else _Rows(rows)
    _refuse_closed_books(survey)
    total = _refuse_problems(people)
    if progress:
        progress(0, total, "Adding people")
    newest = survey.invitations.aggregate(newest=Max("pk"))["newest"] or 0
    numbers = _Numbers(survey, group, total)
    counts = Added()
    done = 0
    for batch in _batches(person for person in people if isinstance(person, Person)):
        counts = _sum(counts, _add_batch(survey, group, batch, numbers, newest))
        done += len(batch)
        if progress:
            progress(done, total, "Adding people")
    if counts.added:
        who = noun(counts.added, "person", "people")
        note(survey.assessment, by, f"added {counts.added:,} {who} to the invitations of {group}")
    return counts


def check_people(*, survey: Survey, people: People) -> Checked:
    """What adding the list would do; changes nothing. Raises SourceError as reading the file does."""
    seen: set[int] = set()
    counts, total, wrong = Added(), 0, 0
    problems: list[Problem] = []
    for batch in _batches(people):
        fresh = []
        for person in batch:
            if isinstance(person, Problem):
                wrong += 1
                if len(problems) < MOST_PROBLEMS:
                    problems.append(person)
                continue
            total += 1
            key = hash(person.address.lower())
            if key in seen:
                counts = _sum(counts, Added(repeated=1))
            else:
                seen.add(key)
                fresh.append(person)
        known = _known(survey, fresh)
        opted_out = _opted_out(survey, fresh)
        for person in fresh:
            address = person.address.lower()
            one = Added(known=1) if address in known else Added(opted_out=1) if address in opted_out else Added(added=1)
            counts = _sum(counts, one)
    return Checked(total, counts, wrong, tuple(problems))


# --- lists that wait ----------------------------------------------------------------------------------------
@transaction.atomic
def keep_people(*, survey: Survey, group: StakeholderGroup, name: str, raw: bytes, by: User) -> PendingImport:
    """Keep a list until it is decided about or added, for a day at most. It takes the place of one that `by` keeps
    for the same group.

    Raises
    ------
    ValidationError
        At the field `file`: it is no table with addresses.
    """
    place = {"assessment": survey.assessment, "kind": kind_of_upload(group), "added_by": by}
    if name != PASTED_NAME:
        try:
            from_file(name, raw)
        except SourceError as error:
            raise ValidationError({"file": str(error)}) from error
    PendingImport.objects.filter(**place).delete()
    return PendingImport.objects.create(**place, filename=name[-200:], content=raw)


def kind_of_upload(group: StakeholderGroup) -> str:
    return f"invite-{group.pk}"


def people_of(pending: PendingImport) -> People:
    """The people of a list that waits. Raises SourceError where a newer release cannot read it any more."""
    raw = bytes(pending.content)
    return pasted(raw.decode()) if pending.filename == PASTED_NAME else from_file(pending.filename, raw)


def contacts_of(group: StakeholderGroup) -> People:
    """The contacts of the register that have an address, as people to invite."""
    contacts = group.contacts.exclude(email="").order_by("pk").values_list("email", "name", "language")

    def lines() -> Iterator[tuple[int, str, str, str]]:
        for number, contact in enumerate(contacts.iterator(chunk_size=BATCH), 1):
            yield number, *contact

    return People(lines, "contacts")


def add_people(
    *, survey: Survey, group: StakeholderGroup, people: People, by: User, pending: PendingImport | None = None
) -> Added | Job:
    """Add a list at once, or in the background where it is long.

    Parameters
    ----------
    pending : what `people` were read from; None for the contacts of the group. It is forgotten with the end of it.

    Raises
    ------
    ValidationError, SourceError
        As `add_invitations`.
    """
    if _refuse_problems(people) <= AT_ONCE:
        with transaction.atomic():
            counts = add_invitations(survey=survey, group=group, rows=people, by=by)
            if pending:
                pending.delete()
        return counts
    _refuse_closed_books(survey)
    with transaction.atomic():
        return enqueue(
            kind=INVITE,
            organisation=survey.assessment.organisation,
            subject=survey.assessment.slug,
            arguments={
                "survey": survey.pk,
                "group": group.pk,
                "by": str(by.pk),
                "pending": str(pending.pk) if pending else "",
            },
            key=f"{INVITE}:{survey.pk}:{group.pk}:{pending.pk if pending else 'contacts'}",
            created_by=by,
        )


def add_waiting_list(*, run: RunningJob, survey: Survey) -> None:
    """The job: add the list, or the contacts, that its arguments name.

    Raises
    ------
    Refusal
        The list is gone.
    ValidationError, SourceError
        As `add_invitations`.
    """
    arguments = run.arguments
    group = survey.assessment.groups.get(pk=arguments["group"])
    pending = None
    people = contacts_of(group)
    if arguments["pending"]:
        pending = survey.assessment.pending_imports.filter(pk=arguments["pending"]).first()
        if pending is None:
            raise Refusal(gettext_noop("A list is kept for a day, and this one is gone. Add it again."))
        people = people_of(pending)
    by = User.objects.filter(pk=arguments["by"]).first()
    counts = add_invitations(survey=survey, group=group, rows=people, by=by, progress=run.progress)
    with run.completing() as result:
        if pending:
            pending.delete()
        result["outcome"] = str(counts)
        result["counts"] = asdict(counts)


def outcome_of(job: Job) -> str:
    """What became of a list that was added in the background, in words; empty where that is not known."""
    counts = job.result.get("counts")
    return str(Added(**counts)) if counts else str(job.result.get("outcome", ""))


# --- how a list is stored -----------------------------------------------------------------------------------
class _Rows(People):
    """Rows without line numbers: their place in the list is their line."""

    def __init__(self, rows: Iterable[tuple[str, str, str]]) -> None:
        self._rows = rows

    def __iter__(self) -> Iterator[Person | Problem]:
        for line, row in enumerate(self._rows, 1):
            yield read_person(line, *row)


class _Numbers:
    """Free numbers of a group's roll, in random order, so that a number says nothing of the place in the list.

    The roll is made longer for all of them at once: its length is what is taken.
    """

    def __init__(self, survey: Survey, group: StakeholderGroup, count: int) -> None:
        with transaction.atomic():
            Roll.objects.get_or_create(survey=survey, group=group)
            roll = Roll.objects.select_for_update().get(survey=survey, group=group)
            first = len(roll.answered) * 8
            roll.answered = bytes(roll.answered) + bytes(-(-count // 8))
            roll.save(update_fields=["answered"])
        random = np.random.default_rng(secrets.randbits(128))
        self._numbers = (first + random.permutation(count)).astype(np.uint32)
        self._taken = 0

    def take(self, count: int) -> list[int]:
        taken: list[int] = self._numbers[self._taken : self._taken + count].tolist()
        self._taken += count
        return taken


def _refuse_problems(people: People) -> int:
    """How many people the list names; ValidationError where lines are wrong."""
    total, wrong = 0, 0
    problems: list[str] = []
    for person in people:
        if isinstance(person, Problem):
            wrong += 1
            if len(problems) < MOST_PROBLEMS:
                problems.append(str(person))
        else:
            total += 1
    if wrong:
        raise ValidationError([*problems, *more_lines(wrong - len(problems))])
    return total


def more_lines(number: int) -> list[str]:
    """Says that so many more lines are wrong; nothing for none."""
    return [_("… and %(n)s more lines.") % {"n": f"{number:,}"}] * (number > 0)


def _refuse_closed_books(survey: Survey) -> None:
    if survey.purged_at:
        raise ValidationError(
            _("The addresses of this survey were deleted when their time was over. None can be added.")
        )


def _batches(people: Iterable[Person | Problem]) -> Iterator[list]:
    rest = iter(people)
    while batch := list(islice(rest, BATCH)):
        yield batch


@transaction.atomic
def _add_batch(survey: Survey, group: StakeholderGroup, batch: list[Person], numbers: _Numbers, newest: int) -> Added:
    """`newest` is the last invitation before this list was begun: what is known and older was invited before."""
    # In the order of the addresses, so that two lists that are added at once never wait for each other in a circle.
    people = {person.address.lower(): person for person in reversed(batch)}
    repeated = len(batch) - len(people)
    known = _known(survey, people.values())
    repeated += sum(pk > newest for pk in known.values())
    opted_out = _opted_out(survey, [person for address, person in people.items() if address not in known])
    fresh = [people[address] for address in sorted(people.keys() - known.keys() - opted_out)]
    rows = [_row(*pair) for pair in zip(fresh, numbers.take(len(fresh)), strict=True)]
    added = insert_invitations(survey_id=survey.pk, group_id=group.pk, rows=rows)
    before = sum(pk <= newest for pk in known.values()) + len(rows) - added
    return Added(added, before, repeated, len(opted_out))


def _row(person: Person, number: int) -> Row:
    nonce = new_nonce()
    return person.address, person.name, person.language, nonce, token_hash(personal_token(nonce)), number


def _known(survey: Survey, people: Iterable[Person]) -> dict[str, int]:
    """Of these people, those who are invited to the survey, in whichever group, as address -> key."""
    addresses = [person.address.lower() for person in people]
    invited = survey.invitations.annotate(lower=Lower("address")).filter(lower__in=addresses).order_by()
    return dict(invited.values_list("lower", "pk"))


def _opted_out(survey: Survey, people: Iterable[Person]) -> set[str]:
    organisation = survey.assessment.organisation_id
    hashes = {address_hash(organisation, person.address): person.address.lower() for person in people}
    gone = OptOut.objects.filter(organisation=organisation, address_hash__in=list(hashes))
    return {hashes[bytes(found)] for found in gone.values_list("address_hash", flat=True)}


def _sum(one: Added, other: Added) -> Added:
    return Added(
        one.added + other.added,
        one.known + other.known,
        one.repeated + other.repeated,
        one.opted_out + other.opted_out,
    )
