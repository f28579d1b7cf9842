"""An assessment as large as they get: hundreds of issues with everything that can be known of them, dozens of
stakeholder groups, thousands of contacts, peers, and the period before. Runs in a room.

The rows are those that the pages leave behind; what only a service can write is written by it.
"""

import random
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.db import models, transaction
from django.utils import timezone

from accounts.models import Membership, Organisation, Role, User
from benchmarks.progress import show
from benchmarks.sizes import Scope
from scoping.models import (
    HIGHEST_MARK,
    Assessment,
    Attribute,
    Channel,
    Concern,
    Contact,
    Criterion,
    IndexEntry,
    Issue,
    Mark,
    Mention,
    Peer,
    PeerIssue,
    Pillar,
    Predecessor,
    ProcessNote,
    ProcessStage,
    Score,
    Side,
    SourceKind,
    StakeholderGroup,
    Standing,
    Tier,
    WeightBasis,
)
from scoping.services import create_assessment
from scoping.services.screening import decide_short_list
from tables.writing import Table, csv_bytes

Row = TypeVar("Row", bound=models.Model)

MERGED = 20
MENTIONS = 3
MARKERS = 3
CONCERNS, CHANNELS = 4, 3
PEERS = 3
DECISIONS = 3
CATEGORIES = ("Environment", "Employees", "Products and customers", "Supply chain", "Communities", "Governance")
_THEMES = (
    "Energy", "Water", "Waste", "Emissions", "Biodiversity", "Packaging", "Transport", "Materials", "Land", "Noise",
    "Health", "Pay", "Training", "Diversity", "Working hours", "Data", "Products", "Suppliers", "Minerals", "Farming",
    "Housing", "Donations", "Taxes", "Lobbying", "Conduct",
)  # fmt: skip
_ASPECTS = (
    "use and cost", "safety at work", "training and development", "risks in the supply chain", "reporting in public",
    "targets for 2030", "rules and audits", "dialogue with neighbours", "innovation", "responsible buying", "recovery",
    "long-term planning", "access for everybody", "fair treatment", "incidents and complaints", "local jobs",
    "effects on health", "protection of rights", "financing", "responsible marketing",
)  # fmt: skip
_SENTENCE = (
    "The working group found that this matters to the company because customers, employees and lenders ask about it "
    "more often each year, and because the cost of getting it wrong would be high. "
)


def build(size: Scope) -> Assessment:
    """The assessment "benchmark", in the phase of scoping, in an organisation with an owner and analysts."""
    show(f"preparing {size.issues:,} issues, {size.groups:,} groups, {size.contacts:,} contacts")
    draw = random.Random(2022)
    organisation = Organisation.objects.create(name="Benchmark Ltd.", slug="benchmark")
    people = _members(organisation)
    assessment, before = (
        create_assessment(
            organisation=organisation, name=name, company="Benchmark Ltd.", reporting_period=period, by=people[0]
        )
        for name, period in (("Benchmark", "2022"), ("Benchmark before", "2021"))
    )
    with transaction.atomic():
        _tiers(assessment, size)
        groups = _groups(assessment, size, draw)
        issues = _issues(assessment, size.issues + MERGED, people)
        _merge(issues[size.issues :], issues, people[0])
        _mentions(issues, people)
        _marks(assessment, issues[: size.issues], people, draw)
        _concerns(groups, issues, draw)
        _contacts(assessment, groups, size)
        _pillars(assessment, issues[: size.issues])
        _record(assessment, issues, people[0])
        _peers(organisation, size, draw)
        _link(assessment, before, issues[: size.issues], _issues(before, size.issues, people))
    Assessment.objects.filter(pk=assessment.pk).update(short_list_threshold=Decimal(5), previous=before)
    assessment.refresh_from_db()
    for _ in range(DECISIONS):
        decide_short_list(assessment=assessment, remark="Taken by the working group.", by=people[0])
    return assessment


def issue_name(position: int) -> str:
    """As long as the names in reports, and each another: "Energy: training and development"."""
    theme, rest = _THEMES[position % len(_THEMES)], position // len(_THEMES)
    aspect, again = _ASPECTS[rest % len(_ASPECTS)], rest // len(_ASPECTS)
    return f"{theme}: {aspect}" + (f" ({again + 1})" if again else "")


def contact_rows(contacts: int, groups: Sequence[str]) -> Table:
    """A list of contacts as people keep it, to be imported."""
    header = ["Group", "Name", "Email", "Employer", "Role", "Language"]
    rows = [[groups[number % len(groups)], *_person(number)] for number in range(contacts)]
    return Table("Contacts", header, rows)


def _person(number: int) -> list[str]:
    return [
        f"Person Number {number}",
        f"person.{number}@organisation-{number % 500}.example",
        f"Organisation {number % 500} & Co.",
        ("Head of purchasing", "Employee", "Speaker", "Adviser")[number % 4],
        ("en", "de", "fr", "zh-Hans")[number % 4],
    ]


def issue_rows(issues: int) -> bytes:
    """A list of issues as a file, half of it news."""
    rows = [[issue_name(number), CATEGORIES[number % 6], _SENTENCE] for number in range(issues // 2, issues * 3 // 2)]
    return csv_bytes(Table("Issues", ["Name", "Category", "Description"], rows))


def _create(model: type[Row], rows: Iterable[Row]) -> list[Row]:
    return model._default_manager.bulk_create(list(rows), batch_size=1_000)


def _members(organisation: Organisation) -> list[User]:
    people = _create(User, (User(email=f"member{n}@benchmark.example", name=f"Member {n}") for n in range(MARKERS)))
    roles = [Role.OWNER, *[Role.ANALYST] * (MARKERS - 1)]
    _create(
        Membership,
        (Membership(organisation=organisation, user=user, role=role) for user, role in zip(people, roles, strict=True)),
    )
    return people


def _tiers(assessment: Assessment, size: Scope) -> None:
    assessment.tiers.all().delete()
    counts = (size.issues // 10, size.issues // 3, None)
    _create(
        Tier,
        (
            Tier(assessment=assessment, name=name, position=position, planned_count=count)
            for position, (name, count) in enumerate(zip(("High", "Medium", "Low"), counts, strict=True))
        ),
    )


def _groups(assessment: Assessment, size: Scope, draw: random.Random) -> list[StakeholderGroup]:
    groups = _create(
        StakeholderGroup,
        (
            StakeholderGroup(
                assessment=assessment, code=f"group-{n}", name=f"Stakeholder group {n}", position=n,
                side=Side.EXTERNAL if n % 2 else Side.INTERNAL, relevance=_SENTENCE,
                weight=Decimal(1 + n % 3), weight_basis=WeightBasis.ACCEPTED,
            )
            for n in range(size.groups)
        ),
    )  # fmt: skip
    _create(
        Score,
        (
            Score(group=group, attribute=attribute, value=draw.randint(1, 5), reason="As the working group sees it.")
            for group in groups
            for attribute in Attribute
        ),
    )
    _create(
        Channel,
        (
            Channel(group=group, name=f"Channel {n} of this group", frequency="each quarter", position=n)
            for group in groups
            for n in range(CHANNELS)
        ),
    )
    return groups


def _issues(assessment: Assessment, count: int, people: Sequence[User]) -> list[Issue]:
    return _create(
        Issue,
        (
            Issue(
                assessment=assessment, code=f"issue-{n}", name=issue_name(n), category=CATEGORIES[n % len(CATEGORIES)],
                description=_SENTENCE, position=n, meaning=_SENTENCE * 2, practice=_SENTENCE * 2,
                improvement=_SENTENCE, chapters="Chapter 3\nChapter 5", sdgs=[1 + n % 17, 1 + (n + 5) % 17],
                owners="Head of operations", added_by=people[n % len(people)],
            )
            for n in range(count)
        ),
    )  # fmt: skip


def _merge(merged: Sequence[Issue], issues: Sequence[Issue], by: User) -> None:
    for position, issue in enumerate(merged):
        issue.standing, issue.standing_before = Standing.MERGED, Standing.LISTED
        issue.merged_into, issue.merged_by, issue.merged_at = issues[position], by, timezone.now()
    Issue.objects.bulk_update(merged, ["standing", "standing_before", "merged_into", "merged_by", "merged_at"])


def _mentions(issues: Sequence[Issue], people: Sequence[User]) -> None:
    kinds = list(SourceKind)
    _create(
        Mention,
        (
            Mention(
                issue=issue, kind=kinds[(position + n) % len(kinds)], source=f"Source {n} of {position % 40}",
                found_on=date(2022, 1 + n, 1 + position % 28), quotation=_SENTENCE if n == 0 else "",
                link="https://www.example.org/report" if n == 1 else "", reference="gri:305" if n == 2 else "",
                added_by=people[n % len(people)],
            )
            for position, issue in enumerate(issues)
            for n in range(MENTIONS)
        ),
    )  # fmt: skip


def _marks(assessment: Assessment, issues: Sequence[Issue], people: Sequence[User], draw: random.Random) -> None:
    criteria = list(Criterion.objects.filter(assessment=assessment))
    _create(
        Mark,
        (
            Mark(
                issue=issue, criterion=criterion, member=person, value=draw.randint(0, HIGHEST_MARK),
                reason="Several groups asked about it." if position % 5 == 0 else "",
            )
            for position, issue in enumerate(issues)
            for criterion in criteria
            for person in people
        ),
    )  # fmt: skip


def _concerns(groups: Sequence[StakeholderGroup], issues: Sequence[Issue], draw: random.Random) -> None:
    _create(
        Concern,
        (
            Concern(group=group, issue=draw.choice(issues), topic=f"Concern {n} of this group", response=_SENTENCE)
            for group in groups
            for n in range(CONCERNS)
        ),
    )


def _contacts(assessment: Assessment, groups: Sequence[StakeholderGroup], size: Scope) -> None:
    fields = ("name", "email", "employer", "role", "language")
    _create(
        Contact,
        (
            Contact(assessment=assessment, group=groups[n % len(groups)], **dict(zip(fields, _person(n), strict=True)))
            for n in range(size.contacts)
        ),
    )


def _pillars(assessment: Assessment, issues: Sequence[Issue]) -> None:
    pillars = _create(
        Pillar, (Pillar(assessment=assessment, name=f"Pillar {n}", topics="One\nTwo", position=n) for n in range(5))
    )
    through = Pillar.issues.through
    _create(through, (through(pillar=pillars[position % 5], issue=issue) for position, issue in enumerate(issues)))


def _record(assessment: Assessment, issues: Sequence[Issue], by: User) -> None:
    stages = list(ProcessStage)
    _create(
        ProcessNote,
        (
            ProcessNote(assessment=assessment, stage=stages[n % 5], text=_SENTENCE, done_by="Staff", added_by=by)
            for n in range(15)
        ),
    )
    _create(
        IndexEntry,
        (
            IndexEntry(
                assessment=assessment, framework=("hkex", "gri")[n % 2], code=f"A{n}", title=f"Disclosure {n}",
                location="Chapter 3", issue=issues[n % len(issues)], position=n,
            )
            for n in range(100)
        ),
    )  # fmt: skip


def _peers(organisation: Organisation, size: Scope, draw: random.Random) -> None:
    peers = _create(
        Peer, (Peer(organisation=organisation, company=f"Peer {n}", reporting_period="2022") for n in range(PEERS))
    )
    listed = min(60, size.issues)
    _create(
        PeerIssue,
        (
            PeerIssue(
                peer=peer, name=issue_name(place), category=CATEGORIES[place % 6], position=rank, rank=rank + 1,
                tier=("High", "Medium", "Low")[rank * 3 // listed], level=1 + rank * 3 // listed,
            )
            for peer in peers
            for rank, place in enumerate(draw.sample(range(size.issues * 5 // 4), listed))
        ),
    )  # fmt: skip


def _link(assessment: Assessment, before: Assessment, issues: Sequence[Issue], earlier: Sequence[Issue]) -> None:
    """Most issues stay, some have another name, some were two, some are new, and some of the old ones are dropped."""
    for position, issue in enumerate(earlier):
        if position % 8 == 0:
            issue.name = f"{issue.name}, as it was called"
    Issue.objects.bulk_update(earlier, ["name"], batch_size=500)
    pairs = [(issue, old) for number, (issue, old) in enumerate(zip(issues, earlier, strict=True)) if number % 10]
    pairs += [(issue, earlier[(number + 1) % len(earlier)]) for number, issue in enumerate(issues) if number % 25 == 1]
    _create(Predecessor, (Predecessor(issue=issue, previous=old) for issue, old in pairs))
