"""Pages by cursor: each row once, in a stable order, whatever happens meanwhile."""

import base64
import json
from itertools import chain

import pytest

from accounts.models import AuditEvent
from scoping.models import Issue
from tests.api.conftest import Api
from tests.support.factories import AssessmentFactory, IssueFactory
from tests.support.people import House

PLACE = "/api/v1/assessments/water/issues/"


@pytest.fixture
def assessment(house: House):
    return AssessmentFactory(organisation=house.organisation, slug="water", issues=7)


def walk(api: Api, address: str | None) -> list[list[str]]:
    pages = []
    while address:
        page = api.read(address.removeprefix("http://localhost:8000"))
        pages.append([row["code"] for row in page["results"]])
        address = page["next"]
    return pages


@pytest.mark.parametrize(("limit", "sizes"), [(1, [1] * 7), (3, [3, 3, 1]), (7, [7]), (8, [7]), (1000, [7])])
def test_every_row_comes_once_in_its_order(api: Api, assessment, limit: int, sizes: list[int]):
    pages = walk(api, f"{PLACE}?limit={limit}")
    assert [len(page) for page in pages] == sizes
    assert list(chain(*pages)) == list(assessment.issues.values_list("code", flat=True))


def test_rows_of_equal_position_are_told_apart(api: Api, assessment):
    Issue.objects.update(position=0)
    assert len(set(chain(*walk(api, f"{PLACE}?limit=2")))) == 7


def test_what_is_removed_and_added_meanwhile_moves_nothing(api: Api, assessment):
    first = api.read(f"{PLACE}?limit=3")
    assessment.issues.filter(code__in=["issue-0", "issue-2"]).delete()
    IssueFactory(assessment=assessment, code="late", position=0)
    rest = walk(api, first["next"])
    assert list(chain(*rest)) == ["issue-3", "issue-4", "issue-5", "issue-6"]


def test_filters_stay_on_the_next_page(api: Api, assessment):
    address = api.read(f"{PLACE}?limit=2&search=issue&standing=listed")["next"]
    assert "search=issue" in address
    assert "standing=listed" in address
    assert address.startswith("http://localhost:8000/api/v1/")


def test_newest_first(api: Api, house: House):
    for number in range(5):
        AuditEvent.objects.create(organisation=house.organisation, subject="x", summary=str(number))
    page = api.read("record/?subject=x&limit=3")
    rest = api.read(page["next"].removeprefix("http://localhost:8000"))
    found = [line["summary"] for line in page["results"] + rest["results"]]
    assert found == ["4", "3", "2", "1", "0"]


def test_a_cursor_of_another_list_is_refused(api: Api, assessment):
    cursor = api.read(f"{PLACE}?limit=1")["next"].rpartition("cursor=")[2]
    assert api.get(f"record/?cursor={cursor}").status_code == 400


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_cursor_beyond_the_calendar_is_refused(api: Api, assessment, moment: str):
    cursor = base64.urlsafe_b64encode(json.dumps([moment, 1]).encode()).decode().rstrip("=")
    assert api.get(f"assessments/{assessment.slug}/comments/?cursor={cursor}").status_code == 400
