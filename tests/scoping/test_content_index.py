"""The content index: a framework's disclosures as rows, where the report answers them, and the pages for that."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from scoping.libraries.catalogue import find_library
from scoping.models import Assessment, IndexEntry
from scoping.selectors.sheets import content_index
from scoping.services import load_case
from scoping.services.index import (
    disclosures_of,
    location_field,
    remove_entry,
    remove_index,
    save_entry,
    save_locations,
    start_index,
)
from tests.support.factories import AssessmentFactory, IndexEntryFactory, IssueFactory
from tests.support.people import House

PAGE = "/o/example/a/here/scoping/content-index/"


@pytest.fixture
def assessment(house: House) -> Assessment:
    return AssessmentFactory(organisation=house.organisation, slug="here", issues=2)


def codes(assessment: Assessment) -> list[str]:
    return list(assessment.index_entries.values_list("code", flat=True))


# --- starting ------------------------------------------------------------------------------------------------------


def test_an_index_has_a_row_for_every_disclosure_in_the_order_of_the_framework(assessment: Assessment) -> None:
    assert start_index(assessment=assessment, framework="hkex") == 48
    assert codes(assessment) == [entry.code for entry in disclosures_of(find_library("hkex"))]
    assert assessment.index_entries.get(code="A1.1").title == find_library("hkex").by_code["A1.1"].name


def test_headings_of_a_framework_are_no_disclosures() -> None:
    assert "A1" not in {entry.code for entry in disclosures_of(find_library("hkex"))}
    assert len(disclosures_of(find_library("gri"))) == len(find_library("gri").entries)


def test_starting_again_adds_only_what_is_missing(assessment: Assessment) -> None:
    start_index(assessment=assessment, framework="hkex")
    assessment.index_entries.filter(code="A1.1").delete()
    assessment.index_entries.filter(code="A1.2").update(location="Chapter 3")
    assert start_index(assessment=assessment, framework="hkex") == 1
    assert codes(assessment)[:3] == ["A1.GD", "A1.1", "A1.2"]
    assert assessment.index_entries.get(code="A1.2").location == "Chapter 3"


def test_a_complete_index_is_not_started_again(assessment: Assessment) -> None:
    start_index(assessment=assessment, framework="sdg")
    with pytest.raises(ValidationError, match="has a row already"):
        start_index(assessment=assessment, framework="sdg")


def test_an_unknown_framework_is_refused(assessment: Assessment) -> None:
    with pytest.raises(ValidationError, match="Choose one of the frameworks"):
        start_index(assessment=assessment, framework="iso")


def test_the_audit_trail_says_who_started_it(assessment: Assessment, house: House) -> None:
    start_index(assessment=assessment, framework="hkex", by=house.analyst)
    assert house.organisation.events.filter(
        actor=house.analyst, summary="started the content index of HKEX ESG Reporting Guide: 48 rows"
    ).exists()


# --- single rows ---------------------------------------------------------------------------------------------------


def test_a_row_gets_the_title_and_the_place_that_the_framework_has(assessment: Assessment) -> None:
    for code in ("A2.1", "A1.1"):
        save_entry(assessment=assessment, framework="hkex", code=code.lower(), location="p. 3")
    assert codes(assessment) == ["A1.1", "A2.1"]
    assert assessment.index_entries.get(code="A1.1").title == "Kinds and amounts of emissions"


def test_a_row_of_ones_own_needs_a_title_and_comes_last(assessment: Assessment) -> None:
    with pytest.raises(ValidationError, match="give the row a title"):
        save_entry(assessment=assessment, framework="hkex", code="C1.1")
    save_entry(assessment=assessment, framework="hkex", code="C1.1", title="Our own")
    save_entry(assessment=assessment, framework="hkex", code="B8.2")
    assert codes(assessment) == ["B8.2", "C1.1"]


def test_a_disclosure_has_one_row(assessment: Assessment) -> None:
    IndexEntryFactory(assessment=assessment, code="A1.1")
    with pytest.raises(ValidationError, match=r"already has a row for A1\.1"):
        save_entry(assessment=assessment, framework="hkex", code="a1.1")


def test_a_changed_row_keeps_its_place(assessment: Assessment) -> None:
    entry = IndexEntryFactory(assessment=assessment, code="A1.1", position=7, source="p. 60")
    issue = assessment.issues.first()
    save_entry(
        assessment=assessment, entry=entry, framework="hkex", code="A1.1", title="T", location=" p.  3 ", issue=issue
    )
    entry.refresh_from_db()
    assert (entry.location, entry.issue, entry.position, entry.source) == ("p. 3", issue, 7, "p. 60")


def test_an_issue_of_another_assessment_is_refused(assessment: Assessment) -> None:
    with pytest.raises(ValidationError, match="belong to another assessment"):
        save_entry(assessment=assessment, framework="hkex", code="A1.1", issue=IssueFactory())


def test_rows_and_whole_indexes_are_removed(assessment: Assessment) -> None:
    start_index(assessment=assessment, framework="sdg")
    kept = IndexEntryFactory(assessment=assessment, framework="hkex")
    remove_entry(entry=assessment.index_entries.get(framework="sdg", code="1"))
    assert remove_index(assessment=assessment, framework="sdg") == 16
    assert list(assessment.index_entries.all()) == [kept]
    with pytest.raises(ValidationError, match="no rows of this framework any more"):
        remove_index(assessment=assessment, framework="sdg")


# --- locations -----------------------------------------------------------------------------------------------------


def test_locations_are_written_at_once_and_only_changes_count(assessment: Assessment, house: House) -> None:
    first, second, third = (IndexEntryFactory(assessment=assessment) for _ in range(3))
    locations = {first.pk: " Chapter  9 ", second.pk: second.location}
    assert save_locations(assessment=assessment, locations=locations, by=house.analyst) == 1
    assert [IndexEntry.objects.get(pk=row.pk).location for row in (first, second, third)] == [
        "Chapter 9",
        "Chapter 3",
        "Chapter 3",
    ]


def test_a_location_that_is_too_long_is_named_by_its_row(assessment: Assessment) -> None:
    row = IndexEntryFactory(assessment=assessment, code="A1.1")
    with pytest.raises(ValidationError) as caught:
        save_locations(assessment=assessment, locations={row.pk: "x" * 301})
    assert caught.value.message_dict == {
        location_field(row.pk): ["A1.1: a location has at most 300 characters, not 301."]
    }


def test_a_row_of_another_assessment_is_refused(assessment: Assessment) -> None:
    with pytest.raises(ValidationError, match="removed meanwhile"):
        save_locations(assessment=assessment, locations={IndexEntryFactory().pk: "Chapter 1"})


# --- the index as the page shows it --------------------------------------------------------------------------------


def test_rows_stand_under_the_headings_of_the_framework(assessment: Assessment) -> None:
    for code in ("A1.1", "A1.7", "B8.1", "C9"):
        save_entry(assessment=assessment, framework="hkex", code=code, title="T")
    framework = content_index(assessment)[0]
    shown = [
        (group.name, part.heading, [row.code for row in part.rows])
        for group in framework.groups
        for part in group.parts
    ]
    assert shown == [
        ("A. Environmental", "A1 Emissions", ["A1.1", "A1.7"]),
        ("B. Social", "B8 Community Investment", ["B8.1"]),
        ("", "", ["C9"]),
    ]


def test_headings_that_occur_twice_are_told_apart(assessment: Assessment) -> None:
    start_index(assessment=assessment, framework="esrs")
    headings = [part.heading for group in content_index(assessment)[0].groups for part in group.parts]
    assert len(headings) == len(set(headings))
    assert [heading for heading in headings if heading.endswith(": Working conditions")] == [
        "S1 Own workforce: Working conditions",
        "S2 Workers in the value chain: Working conditions",
    ]


def test_a_framework_that_no_library_has_is_shown_as_it_is(assessment: Assessment) -> None:
    IndexEntryFactory(assessment=assessment, framework="house-rules", code="1")
    framework = content_index(assessment)[0]
    assert (framework.name, framework.library, len(framework.rows)) == ("house-rules", None, 1)


def test_codes_that_are_our_numbering_are_not_shown(assessment: Assessment) -> None:
    start_index(assessment=assessment, framework="sse-szse")
    assert not content_index(assessment)[0].has_codes


def test_the_index_of_qifu_can_be_held_beside_its_report(house: House, viewer_client: Client) -> None:
    load_case(organisation=house.organisation, case="qifu-2022")
    page = viewer_client.get("/o/example/a/qifu-2022/scoping/content-index/").content.decode()
    assert "Each of the 48 rows has" in page
    assert page.count('<tr id="row-') == 48
    assert "A1 Emissions" in page
    assert "/o/example/a/qifu-2022/scoping/issues/emissions/sheet/" in page


# --- the pages -----------------------------------------------------------------------------------------------------


def test_an_empty_index_offers_every_framework(assessment: Assessment, analyst_client: Client) -> None:
    page = analyst_client.get(PAGE).content.decode()
    assert "No content index yet" in page
    assert "Start an HKEX index" in page
    assert page.count('name="framework"') == 7


def test_readers_are_offered_nothing_to_start(assessment: Assessment, viewer_client: Client) -> None:
    page = viewer_client.get(PAGE).content.decode()
    assert "Owners and analysts start one" in page
    assert "<button" not in page.partition("<main")[2].partition("</main>")[0]


def test_one_button_starts_an_index_and_the_next_step_is_named(assessment: Assessment, analyst_client: Client) -> None:
    response = analyst_client.post(f"{PAGE}start/", {"framework": "hkex"}, follow=True)
    page = response.content.decode()
    assert assessment.index_entries.count() == 48
    assert "48 rows are added. Fill in where the report answers them" in page
    assert "0 of 48 rows have" in page
    assert page.count("btn-primary") == 1


@pytest.mark.parametrize("framework", ["iso", "", "hk\nex"])
def test_a_framework_that_there_is_not_is_explained(
    assessment: Assessment, analyst_client: Client, framework: str
) -> None:
    response = analyst_client.post(f"{PAGE}start/", {"framework": framework}, follow=True)
    assert "Choose one of the frameworks in the list." in response.content.decode()


def test_the_whole_index_is_removed_by_one_button(assessment: Assessment, analyst_client: Client) -> None:
    start_index(assessment=assessment, framework="sdg")
    response = analyst_client.post(f"{PAGE}remove/", {"framework": "sdg"}, follow=True)
    assert "17 rows are removed." in response.content.decode()


def test_a_framework_with_a_character_that_no_database_takes_is_none(
    assessment: Assessment, analyst_client: Client
) -> None:
    answer = analyst_client.post(f"{PAGE}remove/", {"framework": "hk\x00ex"}, follow=True)
    assert "no rows of this framework" in answer.content.decode()


def test_the_form_of_locations_has_every_row_and_saves_them(assessment: Assessment, analyst_client: Client) -> None:
    start_index(assessment=assessment, framework="sdg")
    address = f"{PAGE}locations/?framework=sdg"
    assert analyst_client.get(address).content.decode().count('name="location-') == 17
    first = assessment.index_entries.first()
    response = analyst_client.post(address, {location_field(first.pk): "Chapter 9"})
    assert response.url == f"{PAGE}#sdg"
    first.refresh_from_db()
    assert first.location == "Chapter 9"


def test_the_form_of_locations_offers_the_chapters_of_the_sheets(
    assessment: Assessment, analyst_client: Client
) -> None:
    start_index(assessment=assessment, framework="sdg")
    assessment.issues.update(chapters="3.1 Water\n3.2 Plant")
    page = analyst_client.get(f"{PAGE}locations/").content.decode()
    assert page.count('<option value="3.1 Water">') == 1


def test_a_location_that_is_too_long_is_marked_and_nothing_is_saved(
    assessment: Assessment, analyst_client: Client
) -> None:
    start_index(assessment=assessment, framework="sdg")
    first, second = assessment.index_entries.all()[:2]
    sent = {location_field(first.pk): "x" * 301, location_field(second.pk): "Chapter 1"}
    response = analyst_client.post(f"{PAGE}locations/", sent)
    assert response.status_code == 400
    assert "A location has at most 300 characters." in response.content.decode()
    second.refresh_from_db()
    assert second.location == ""


def test_without_an_index_there_are_no_locations_to_fill_in(assessment: Assessment, analyst_client: Client) -> None:
    assert analyst_client.get(f"{PAGE}locations/").url == PAGE
    IndexEntryFactory(assessment=assessment)
    assert analyst_client.get(f"{PAGE}locations/?framework=sdg").status_code == 404


def test_the_form_adds_and_changes_a_row(assessment: Assessment, analyst_client: Client) -> None:
    sent = {"framework": "hkex", "code": "A1.1", "location": "p. 3", "issue": "issue-1"}
    assert analyst_client.post(f"{PAGE}new/", sent).url == f"{PAGE}#hkex"
    entry = assessment.index_entries.get()
    assert (entry.title, entry.issue.code) == ("Kinds and amounts of emissions", "issue-1")
    analyst_client.post(f"{PAGE}{entry.pk}/", sent | {"title": "Ours", "issue": ""})
    entry.refresh_from_db()
    assert (entry.title, entry.issue) == ("Ours", None)


def test_a_row_of_ones_own_without_a_title_is_asked_for_one(assessment: Assessment, analyst_client: Client) -> None:
    response = analyst_client.post(f"{PAGE}new/", {"framework": "hkex", "code": "C1"})
    assert response.status_code == 400
    assert "give the row a title" in response.content.decode()


def test_save_and_add_another_keeps_the_framework(assessment: Assessment, analyst_client: Client) -> None:
    sent = {"framework": "sdg", "code": "1", "another": "1"}
    assert analyst_client.post(f"{PAGE}new/", sent).url == f"{PAGE}new/?framework=sdg"
    page = analyst_client.get(f"{PAGE}new/?framework=sdg").content.decode()
    assert '<option value="sdg" selected>' in page


def test_a_row_is_removed(assessment: Assessment, analyst_client: Client) -> None:
    entry = IndexEntryFactory(assessment=assessment)
    assert analyst_client.post(f"{PAGE}{entry.pk}/remove/").url == f"{PAGE}#hkex"
    assert not assessment.index_entries.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_rows_cost_no_queries(
    assessment: Assessment, analyst_client: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        IndexEntryFactory(assessment=assessment, issue=assessment.issues.first())
    # session, user, membership, assessment; then the rows with their issues
    with django_assert_num_queries(5):
        analyst_client.get(PAGE)
