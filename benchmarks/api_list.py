"""A page of 1,000 issues through the API, against the bare serializer writing the same rows as JSON.

Ours is a whole request: the key looked up, its limits counted, the assessment found, the rows read from the database,
written and sent. The peer has the rows in memory and does what is left: Django REST framework's serializer, and its
rendering. At most twice as long. The browser is the test client: no network, nothing compressed.
"""

from functools import partial
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import F
from django.test import Client
from rest_framework.renderers import JSONRenderer

from accounts.models import Membership, Organisation, Role, User
from accounts.tokens import READ, create_token
from benchmarks.comparison import Bar, Outcome, seconds, take_turns
from benchmarks.progress import show
from benchmarks.room import open_room
from benchmarks.sizes import Size
from scoping.api.issues import COLUMNS, IssueOutput
from scoping.models import Issue
from scoping.services import create_assessment

ISSUES = 1_000
SURVIVOR = {"survivor_code": F("merged_into__code")}
ADDRESS = "/api/v1/assessments/many/issues/?limit=1000"


def run(size: Size, *, database: str) -> list[Outcome]:
    show(f"api-list-{database}: {ISSUES:,} issues")
    with open_room(database) as room:
        key = room.call(prepare)
        return [room.call(measure, key, f"api-list-{database}", size.pairs)]


def prepare() -> str:
    """In a room: the issues, and a key that reads them."""
    settings.ALLOWED_HOSTS = ["testserver"]
    user = User.objects.create_user("api@example.org")
    organisation = Organisation.objects.create(name="Many", slug="many")
    membership = Membership.objects.create(organisation=organisation, user=user, role=Role.OWNER)
    assessment = create_assessment(organisation=organisation, name="Many", company="Many", reporting_period="2026")
    Issue.objects.bulk_create(
        Issue(
            assessment=assessment,
            code=f"issue-{number}",
            name=f"Issue number {number} of a long list",
            category=("Environment", "Social", "Governance")[number % 3],
            description="One sentence that a respondent understands, about what the issue is.",
            position=number,
            meaning="Why it matters to the company, in a sentence or two.",
            owners="Operations",
            sdgs=[6, 12],
        )
        for number in range(ISSUES)
    )
    return create_token(membership=membership, name="Benchmark", scopes=[READ], days=1)[1]


def measure(key: str, name: str, pairs: int) -> Outcome:
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.API_REQUESTS_PER_MINUTE = 10**9
    cache.clear()
    client = Client(headers={"Authorization": f"Bearer {key}"})
    rows = list(Issue.objects.filter(assessment__slug="many").order_by("position").values("pk", *COLUMNS, **SURVIVOR))
    answer = client.get(ADDRESS)
    if len(answer.json()["results"]) != ISSUES:
        raise RuntimeError(f"{ADDRESS} answers {answer.status_code} with another list.")
    return take_turns(
        name=name,
        ours=seconds(partial(client.get, ADDRESS)),
        against=f"the bare serializer and JSON of the same {ISSUES:,} rows",
        reference=seconds(partial(bare, rows)),
        unit="s",
        bar=Bar("<=", 2),
        pairs=2 * pairs,
        warm_ups=2,
    )


def bare(rows: list[dict[str, Any]]) -> Any:
    """The peer: what the framework needs for these rows at least."""
    return JSONRenderer().render(IssueOutput(rows, many=True).data)
