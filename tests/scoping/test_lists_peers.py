"""The issues of a peer as a file."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEvent
from scoping.lists.peers import PeerIssueList
from scoping.lists.plan import Action, Plan
from scoping.models import Assessment, Peer, PeerIssue
from tables.writing import csv_bytes
from tests.support.factories import AssessmentFactory, PeerFactory


@pytest.fixture
def assessment(db: None) -> Assessment:
    return AssessmentFactory(slug="paper-2024")


@pytest.fixture
def peer(assessment: Assessment) -> Peer:
    return PeerFactory(organisation=assessment.organisation, company="Rival Ltd.", reporting_period="2023")


def imported(assessment: Assessment, peer: Peer, text: str) -> Any:
    issues = PeerIssueList(assessment, peer)
    return issues.carry_out(issues.read("peer.csv", text.encode()), by=None)


def planned(assessment: Assessment, peer: Peer, text: str) -> Plan:
    issues = PeerIssueList(assessment, peer)
    return issues.plan(issues.read("peer.csv", text.encode()))


def stored(peer: Peer) -> list[tuple[Any, ...]]:
    return list(peer.issues.values_list("name", "category", "tier", "level", "rank"))


def test_an_import_stores_what_the_peer_published_in_the_order_of_the_file(assessment: Assessment, peer: Peer):
    counts = imported(assessment, peer, "议题;类别;Tier;Level;Rank\nWater;E;High;1;2\nWaste;E;High;;1\nTax;G;Low;2;3\n")
    assert counts.added == 3
    assert stored(peer) == [("Water", "E", "High", 1, 2), ("Waste", "E", "High", 1, 1), ("Tax", "G", "Low", 2, 3)]


def test_an_import_for_a_peer_that_is_gone_meanwhile_is_refused(assessment: Assessment, peer: Peer):
    Peer.objects.filter(pk=peer.pk).delete()
    with pytest.raises(ValidationError, match="was removed meanwhile"):
        imported(assessment, peer, "Name\nWater\n")


def test_an_import_changes_by_name_and_keeps_the_rest(assessment: Assessment, peer: Peer):
    imported(assessment, peer, "Name,Tier,Level,Rank\nWater,High,1,1\nTax,Low,2,2\n")
    counts = imported(assessment, peer, "Name,Rank\nWATER,3\n")
    assert (counts.added, counts.changed) == (0, 1)
    assert stored(peer) == [("Water", "", "High", 1, 3), ("Tax", "", "Low", 2, 2)]


@pytest.mark.parametrize(
    ("rows", "row", "column"),
    [
        (",High,1,1\n", 2, "Name"),
        ("Water,High,first,1\n", 2, "Level"),
        ("Water,High,1,0\n", 2, "Rank"),
        (f"Water,{'A' * 81},1,1\n", 2, "Tier"),
        ("Water,High,1,1\nwater,High,1,2\n", 3, "Rank"),
    ],
)
def test_a_cell_that_cannot_be_is_named_by_row_and_column(
    assessment: Assessment, peer: Peer, rows: str, row: int, column: str
):
    with pytest.raises(ValidationError, match=f"^\\['Row {row}, {column}: "):
        imported(assessment, peer, f"Name,Tier,Level,Rank\nFine,,,\n{rows}".replace("Fine,,,\n", ""))
    assert stored(peer) == []


def test_a_row_that_says_the_same_again_is_called_a_repetition(assessment: Assessment, peer: Peer):
    made = planned(assessment, peer, "Name,Rank\nWater,1\nwater,1\n")
    assert made.page(Action.REPEAT)[0].note == "Repeats row 2."


def test_issues_without_a_level_are_pointed_out(assessment: Assessment, peer: Peer):
    made = planned(assessment, peer, "Name,Tier\nWater,High\n")
    assert "1 issue has no level" in made.notices[0]


def test_an_export_that_is_imported_unchanged_changes_nothing(assessment: Assessment, peer: Peer):
    for name, level in (("=1+1", 1), ("-Water", None), ("'+Air", 2)):
        PeerIssue.objects.create(peer=peer, name=name, category=name, tier="High", level=level, rank=3)
    made = planned(assessment, peer, csv_bytes(PeerIssueList(assessment, peer).table()).decode("utf-8-sig"))
    assert made.rows["unchanged"] == len(made.lines) == 3


def test_the_audit_trail_names_the_peer(assessment: Assessment, peer: Peer):
    imported(assessment, peer, "Name\nWater\n")
    assert AuditEvent.objects.latest("pk").summary == "imported issues of Rival Ltd. 2023: 1 added"


def test_a_list_of_a_peer_has_an_end(assessment: Assessment, peer: Peer):
    rows = "\n".join(f"Issue {number}" for number in range(501))
    with pytest.raises(ValidationError, match="Row 502, Name: There is no room"):
        imported(assessment, peer, f"Name\n{rows}\n")
