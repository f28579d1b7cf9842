"""This list beside the one before: standings, merges, notes and suggestions."""

import pytest

from scoping.continuity import Relation
from scoping.models import Assessment, Issue, Predecessor, Standing
from scoping.selectors.continuity import changes_of, counts_of_changes, linking_of
from tests.support.factories import AssessmentFactory, IssueFactory, PublishedResultFactory, TierFactory
from tests.support.people import House


@pytest.fixture
def before(house: House) -> Assessment:
    return AssessmentFactory(organisation=house.organisation, reporting_period="2021")


@pytest.fixture
def now(house: House, before: Assessment) -> Assessment:
    return AssessmentFactory(organisation=house.organisation, reporting_period="2022", previous=before)


def pair(issue: Issue, previous: Issue) -> None:
    Predecessor.objects.create(issue=issue, previous=previous)


def issue(assessment: Assessment, name: str, **fields: object) -> Issue:
    return IssueFactory(assessment=assessment, name=name, code=name.lower().replace(" ", "-"), **fields)


def relations(assessment: Assessment) -> dict[str, Relation]:
    found = changes_of(assessment)
    assert found is not None
    return {row.issue.name: row.relation for row in found.rows}


def test_without_an_assessment_before_there_are_no_changes(before: Assessment) -> None:
    assert (changes_of(before), counts_of_changes(before)) == (None, None)


def test_only_the_short_lists_are_compared(now: Assessment, before: Assessment) -> None:
    pair(issue(now, "Water"), issue(before, "Water"))
    issue(now, "Soil", standing=Standing.LEFT_OUT)
    issue(before, "Air", standing=Standing.LEFT_OUT)
    found = changes_of(now)
    assert found is not None
    assert ([row.issue.name for row in found.rows], found.dropped) == (["Water"], ())


def test_what_was_merged_counts_as_what_it_was_merged_into(now: Assessment, before: Assessment) -> None:
    water, use = issue(now, "Water"), None
    use = issue(now, "Water use", standing=Standing.MERGED, merged_into=water)
    pair(use, issue(before, "Water"))
    assert relations(now) == {"Water": Relation.SAME}


def test_a_merge_of_the_year_before_is_followed_too(now: Assessment, before: Assessment) -> None:
    old = issue(before, "Water")
    pair(issue(now, "Water"), issue(before, "Water use", standing=Standing.MERGED, merged_into=old))
    assert relations(now) == {"Water": Relation.SAME}


@pytest.mark.parametrize(
    ("standing", "note"),
    [
        (Standing.NEXT, "Came up in 2021 after the list was closed."),
        (Standing.LEFT_OUT, "Was screened out in 2021."),
    ],
)
def test_an_issue_that_was_known_but_not_listed_is_new_and_says_so(
    now: Assessment, before: Assessment, standing: Standing, note: str
) -> None:
    pair(issue(now, "Water"), issue(before, "Water", standing=standing))
    found = changes_of(now)
    assert found is not None
    assert (found.rows[0].relation, found.rows[0].note) == (Relation.NEW, note)


@pytest.mark.parametrize(
    ("standing", "note"),
    [(Standing.LEFT_OUT, "Screened out this time."), (Standing.NEXT, "Noted for the next assessment.")],
)
def test_a_dropped_issue_says_where_it_is(now: Assessment, before: Assessment, standing: Standing, note: str) -> None:
    pair(issue(now, "Water", standing=standing), issue(before, "Water"))
    found = changes_of(now)
    assert found is not None
    assert [(row.previous.name, row.note) for row in found.dropped] == [("Water", note)]


def test_a_split_issue_names_the_others(now: Assessment, before: Assessment) -> None:
    old = issue(before, "Water and energy")
    pair(issue(now, "Water"), old)
    pair(issue(now, "Energy"), old)
    found = changes_of(now)
    assert found is not None
    assert {row.issue.name: row.note for row in found.rows} == {
        "Water": "Also continued by Energy.",
        "Energy": "Also continued by Water.",
    }


def test_the_published_tier_of_the_year_before_stands_beside_it(now: Assessment, before: Assessment) -> None:
    old = issue(before, "Water")
    PublishedResultFactory(issue=old, tier=TierFactory(assessment=before, name="High", position=1), rank=None)
    pair(issue(now, "Water"), old)
    found = changes_of(now)
    assert found is not None
    assert (found.rows[0].previous[0].tier, found.rows[0].previous[0].tier_number) == ("High", 2)


@pytest.mark.parametrize("issues", [1, 3])
def test_changes_take_as_many_queries_for_one_issue_as_for_three(
    now: Assessment, before: Assessment, issues: int, django_assert_num_queries
) -> None:
    for number in range(issues):
        pair(issue(now, f"Issue {number}"), issue(before, f"Issue {number}"))
    assessment = Assessment.objects.get(pk=now.pk)
    with django_assert_num_queries(4):
        changes_of(assessment)


# --- linking ----------------------------------------------------------------------------------------------
def suggested(assessment: Assessment, **how: bool) -> dict[str, str]:
    links = linking_of(assessment, **how).links
    return {link.issue.name: link.previous[0].name for link in links if link.is_suggestion}


def test_the_same_name_is_suggested_before_the_same_code(now: Assessment, before: Assessment) -> None:
    IssueFactory(assessment=before, code="e1", name="Air")
    IssueFactory(assessment=before, code="e2", name="Water")
    IssueFactory(assessment=now, code="e1", name="Water")
    assert suggested(now) == {"Water": "Water"}


def test_the_same_code_is_suggested_under_another_name(now: Assessment, before: Assessment) -> None:
    IssueFactory(assessment=before, code="e1", name="Air")
    IssueFactory(assessment=now, code="e1", name="Clean skies")
    assert suggested(now) == {"Clean skies": "Air"}


def test_a_similar_name_is_suggested(now: Assessment, before: Assessment) -> None:
    issue(before, "Occupational health and safety")
    issue(now, "Employee health and safety")
    assert suggested(now) == {"Employee health and safety": "Occupational health and safety"}


def test_an_unlike_name_is_not_suggested(now: Assessment, before: Assessment) -> None:
    issue(before, "Biodiversity")
    issue(now, "Tax")
    assert suggested(now) == {}


def test_no_issue_is_suggested_twice(now: Assessment, before: Assessment) -> None:
    issue(before, "Employee training")
    issue(now, "Training of employees")
    issue(now, "Staff training")
    assert len(suggested(now)) == 1


def test_once_links_are_stored_nothing_is_suggested_unasked(now: Assessment, before: Assessment) -> None:
    pair(issue(now, "Water"), issue(before, "Water"))
    issue(now, "Energy")
    issue(before, "Energy")
    assert suggested(now) == {}
    assert suggested(now, suggest=True) == {"Energy": "Energy"}


def test_what_is_linked_already_is_not_suggested_to_another(now: Assessment, before: Assessment) -> None:
    old = issue(before, "Water")
    pair(issue(now, "Energy"), old)
    issue(now, "Water")
    assert suggested(now, suggest=True) == {}


def test_merged_issues_are_not_linked_by_themselves(now: Assessment, before: Assessment) -> None:
    survivor = issue(now, "Water")
    issue(now, "Water use", standing=Standing.MERGED, merged_into=survivor)
    issue(before, "Air")
    assert [link.issue.name for link in linking_of(now).links] == ["Water"]
