"""What the public page says of its result: who leads, what is simulated, and what of it was confirmed."""

import html
import re

import pytest
from django.test import Client
from django.utils import timezone

from scoping.models import Assessment
from tests.materiality import documents
from tests.materiality.publishing.conftest import Show, many
from tests.materiality.publishing.test_public_pages import ADDRESS, text_of

ARABIC = "سلامة العملاء وحماية البيانات"


def standfirst(client: Client) -> str:
    return html.unescape(text_of(client.get(ADDRESS)).partition('class="standfirst">')[2].partition("</p>")[0])


@pytest.mark.parametrize(
    ("lengths", "told"),
    [
        ((30, 30, 30), "{0}, {1} and {2} lead a list of 9 issues"),
        ((70, 70, 70), "{0} and {1} lead a list of 9 issues"),
        ((150, 1, 1), "{0} leads a list of 9 issues"),
        ((151, 1, 1), "9 issues were ranked"),
    ],
)
def test_the_lead_names_whole_names_and_fewer_where_they_are_long(
    client: Client, bare: Assessment, show: Show, lengths: tuple[int, ...], told: str
):
    names = [letter * length for letter, length in zip("ABC", lengths, strict=True)]
    show(bare, *(row | {"name": name} for row, name in zip(many(9), [*names, *"DEFGHI"], strict=True)))
    lead = standfirst(client)
    assert told.format(*names) in lead
    assert "…" not in lead


def test_a_name_from_right_to_left_leaves_its_neighbours_where_they_are(client: Client, bare: Assessment, show: Show):
    show(bare, documents.issue("alpha", 1, "High", name=ARABIC), company_name=ARABIC)
    assert f"\u2068{ARABIC}\u2069 is the only issue" in standfirst(client)
    assert f"What matters most at \u2068{ARABIC}\u2069 in 2022" in text_of(client.get(ADDRESS))


def test_what_was_confirmed_is_told_from_what_the_company_says(client: Client, bare: Assessment, show: Show):
    publication = show(bare)
    assert "the company’s account" not in text_of(client.get(ADDRESS))
    publication.document["sheets"] = [
        {"code": "alpha", "meaning": "Long. " * 5000, "practice": "", "improvement": "", "chapters": [], "sdgs": []}
    ]
    publication.save()
    day = timezone.localdate()
    told = f"is the company’s account as of {day.day} {day:%B %Y}."
    for path in ("", "issues/"):
        page = text_of(client.get(f"{ADDRESS}{path}"))
        assert "Confirmed are ranking and tiers." in page
        assert told in page


def test_how_many_answers_are_simulated_is_told_at_the_top_and_in_the_frame(
    client: Client, bare: Assessment, show: Show
):
    show(bare, respondents=20, simulated=12)
    for path in ("", "matrix/"):
        page = text_of(client.get(f"{ADDRESS}{path}"))
        told = "12 of 20 answers on this page are simulated."
        assert page.index(told) < page.index('<svg class="chart')
    assert "by the answers of 20 people (12 simulated)" in standfirst(client)


def test_a_small_group_is_told_without_its_number(client: Client, bare: Assessment, show: Show):
    groups = documents.results()["stakeholder_groups"]
    groups[1]["n"] = 3
    show(bare, stakeholder_groups=groups, minimum_group=5, respondents=200)
    assert "Staff 10, Clients fewer than 5" in text_of(client.get(ADDRESS))


def test_a_decision_stands_under_its_issue_with_the_computed_tier(client: Client, bare: Assessment, show: Show):
    told = {"tier": "High", "reason": "A <new> law.", "on": "2022-05-03", "computed_tier": "Minor"}
    show(bare, documents.issue("alpha", 1, "High"), documents.issue("beta", 2, "High", decision=told))
    page = text_of(client.get(ADDRESS))
    assert "Computed: Minor." in page
    assert "Decided otherwise: A &lt;new&gt; law." in page
    # On the drawings for wide and narrow screens.
    assert page.count('<circle class="by-ring"') == 2
    assert re.search(r'href="#beta"[^>]*><circle class="by-ring"', page)
    assert "Another tier than computed, by decision" in page
    frame = text_of(client.get(f"{ADDRESS}matrix/"))
    assert "<bdi>Beta</bdi> <small>Computed: Minor.</small>" in frame


def test_without_a_decision_there_is_no_ring(client: Client, bare: Assessment, show: Show):
    show(bare)
    page = text_of(client.get(ADDRESS))
    assert 'class="by' not in page
    assert "Another tier than" not in page


def test_what_the_dot_beside_a_mark_means_is_said_where_a_narrow_screen_has_one(
    client: Client, bare: Assessment, show: Show
):
    """Two marks that touch on the drawing for narrow screens alone."""
    spots = {"alpha": 5.0, "beta": 4.0, "gamma": 3.84, "delta": 1.0}
    issues = [documents.issue(code, rank, "High") for rank, code in enumerate(spots, start=1)]
    for issue, spot in zip(issues, spots.values(), strict=True):
        issue.update(company=spot, stakeholders=spot, priority=spot)
    show(bare, *issues)
    page = text_of(client.get(ADDRESS))
    wide, narrow = page.split('class="chart matrix matrix-narrow')
    assert ('class="p-dot' in wide, 'class="p-dot' in narrow) == (False, True)
    assert "the dot is its score" in page
