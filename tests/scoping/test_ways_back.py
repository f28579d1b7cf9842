"""Crumbs go through every level, and Cancel leads to the page that the form was opened from."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from scoping.models import Assessment
from tests.support.factories import (
    AssessmentFactory,
    ConcernFactory,
    ContactFactory,
    PeerFactory,
    ScoreFactory,
)
from tests.support.people import House

ISSUE, GROUP = "issue-0", "group-0"


@pytest.fixture
def assessment(house: House) -> Assessment:
    before = AssessmentFactory(organisation=house.organisation, slug="paper-2023", issues=1)
    made = AssessmentFactory(
        organisation=house.organisation, slug="paper-2024", name="Paper", groups=2, issues=3, previous=before
    )
    for attribute in ("power", "interest"):
        ScoreFactory(group=made.groups.get(code=GROUP), attribute=attribute)
    return made


def page(name: str, **kwargs: object) -> str:
    name = name if ":" in name else f"scoping:{name}"
    return reverse(name, kwargs={"organisation": "example", "slug": "paper-2024", **kwargs})


def crumbs(client: Client, address: str) -> list[str]:
    html = re.search(r'<p class="crumbs">(.*?)</p>', client.get(address).content.decode(), re.S)
    assert html is not None
    return [part.strip() for part in re.sub(r"<[^>]+>", "", html.group(1)).split(" / ")]


@pytest.mark.parametrize(
    ("name", "kwargs", "below"),
    [
        ("libraries", {}, ["Long list", "Libraries"]),
        ("library", {"library": "gri"}, ["Long list", "Libraries", "GRI Topic Standards"]),
        ("list-import", {"kind": "issues"}, ["Long list", "Import"]),
        ("list-import", {"kind": "contacts"}, ["Stakeholders", "Contacts", "Import"]),
        ("duplicates", {}, ["Long list", "Near-duplicates"]),
        ("contacts", {}, ["Stakeholders", "Contacts"]),
        ("contact-new", {}, ["Stakeholders", "Contacts", "Add"]),
        ("sheet", {"code": ISSUE}, ["Long list", "Issue 0"]),
        ("sheet-edit", {"code": ISSUE}, ["Long list", "Issue 0", "Sheet"]),
        ("issue", {"code": ISSUE}, ["Long list", "Issue 0", "Edit"]),
        ("mention-new", {"code": ISSUE}, ["Long list", "Issue 0", "Add a mention"]),
        ("merge", {"code": ISSUE}, ["Long list", "Issue 0", "Merge"]),
        ("peer-new", {}, ["Peers", "Enter a peer"]),
        ("predecessors", {}, ["Changes", "Link issues"]),
        ("edit", {}, ["Edit"]),
    ],
)
def test_crumbs_go_through_every_level(
    assessment: Assessment, analyst_client: Client, name: str, kwargs: dict[str, str], below: list[str]
) -> None:
    assert crumbs(analyst_client, page(name, **kwargs)) == ["Assessments", "Paper", "Scoping", *below]


def test_an_import_for_a_peer_goes_through_the_peer(
    assessment: Assessment, house: House, analyst_client: Client
) -> None:
    peer = PeerFactory(organisation=house.organisation, company="Rival Ltd.", reporting_period="2023")
    trail = crumbs(analyst_client, page("peer-import", peer=peer.pk))
    assert trail == ["Assessments", "Paper", "Scoping", "Peers", str(peer), "Import"]


@pytest.mark.parametrize(
    ("form", "query", "back"),
    [
        (("criteria", {}), "", ("screening", {}, "")),
        (("tiers", {}), "", ("scope", {}, "#tiers")),
        (("tiers", {}), "?from=method", ("materiality:method", {}, "")),
        (("tiers", {}), "?from=decision", ("scope", {}, "#tiers")),
        (("carry-forward", {}), "", ("changes", {}, "")),
        (("carry-forward", {}), "?from=overview", ("materiality:overview", {}, "")),
        (("predecessors-of", {"code": ISSUE}), "?from=sheet", ("sheet", {"code": ISSUE}, "#lineage")),
        (("merge", {"code": ISSUE}), "?from=duplicates", ("duplicates", {}, "")),
        (("weight", {"code": GROUP}), "", ("scores", {}, "#weights")),
        (("weight", {"code": GROUP}), "?from=sheet", ("group-sheet", {"code": GROUP}, "")),
        (("concern-new", {}), "", ("stakeholders", {}, "")),
        (("concern-new", {}), f"?group={GROUP}", ("group-sheet", {"code": GROUP}, "#topics")),
        (("concern-new", {}), f"?issue={ISSUE}", ("sheet", {"code": ISSUE}, "")),
        (("contact-new", {}), f"?group={GROUP}", ("contacts", {}, f"?group={GROUP}")),
        (("contact-new", {}), "?group=nobody", ("contacts", {}, "")),
        (("entry-new", {}), "?framework=hkex", ("content-index", {}, "#hkex")),
    ],
)
def test_cancel_leads_back(
    assessment: Assessment, analyst_client: Client, form: tuple, query: str, back: tuple
) -> None:
    name, kwargs = form
    shown = analyst_client.get(page(name, **kwargs) + query).content.decode()
    to, place, end = back
    assert f'<a class="btn btn-plain" href="{page(to, **place)}{end}">Cancel</a>' in shown


def test_the_newest_decision_is_where_its_tiers_lead_back_to(
    assessment: Assessment, house: House, analyst_client: Client
) -> None:
    for version in (1, 2):
        assessment.short_list_decisions.create(version=version, decided_by=house.analyst, rule={}, entries=[])
    shown = analyst_client.get(page("tiers") + "?from=decision").content.decode()
    assert f'href="{page("decision", version=2)}">Cancel' in shown


def test_saving_leads_where_cancel_does(assessment: Assessment, analyst_client: Client) -> None:
    tiers = {"name_1": "High", "count_1": ""}
    form = analyst_client.get(page("tiers")).context["form"]
    assert set(tiers) <= set(form.fields)
    assert analyst_client.post(page("tiers") + "?from=method", tiers).url == page("materiality:method")


def test_the_edit_form_of_a_topic_leads_back_to_its_group(assessment: Assessment, analyst_client: Client) -> None:
    concern = ConcernFactory(group=assessment.groups.get(code=GROUP))
    shown = analyst_client.get(page("concern", concern_id=concern.pk)).content.decode()
    assert f'href="{page("group-sheet", code=GROUP)}#topics">Cancel' in shown


def test_a_contact_opened_from_one_group_leads_back_to_that_group(
    assessment: Assessment, analyst_client: Client
) -> None:
    contact = ContactFactory(group=assessment.groups.get(code=GROUP))
    form = page("contact", contact_id=contact.pk)
    assert f'href="{form}?group={GROUP}"' in analyst_client.get(page("contacts") + f"?group={GROUP}").content.decode()
    assert f'href="{form}"' in analyst_client.get(page("contacts")).content.decode()


def test_the_page_of_nothing_says_what_to_do_with_an_upload_that_has_gone(
    assessment: Assessment, analyst_client: Client
) -> None:
    gone = page("list-preview", pending="00000000-0000-0000-0000-000000000000").replace("paper-2024", "paper-1999")
    response = analyst_client.get(gone)
    assert response.status_code == 404
    assert "upload the file again" in response.content.decode()
    assert "upload the file again" not in analyst_client.get("/nowhere/").content.decode()
