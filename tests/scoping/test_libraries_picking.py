"""Picking from a library: what an entry becomes on the long list, and the pages."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from scoping.libraries.catalogue import find_library
from scoping.models import Assessment, Issue, Mention, Phase, SourceKind, Standing
from scoping.selectors.libraries import library_groups, library_lines
from scoping.services import set_phase
from scoping.services.issues import MOST_ISSUES
from scoping.services.libraries import Choice, Picked, pick_entries
from tests.support.factories import AssessmentFactory, IssueFactory, MentionFactory
from tests.support.people import House

GRI, ESRS = find_library("gri"), find_library("esrs")


@pytest.fixture
def assessment(house: House) -> Assessment:
    return AssessmentFactory(organisation=house.organisation, slug="paper-2024")


def page(name: str, **kwargs: object) -> str:
    return reverse(f"scoping:{name}", kwargs={"organisation": "example", "slug": "paper-2024"} | kwargs)


def said(response) -> str:
    return response.content.decode()


def gri(assessment: Assessment, *choices: Choice | str, **kwargs) -> Picked:
    wanted = [choice if isinstance(choice, Choice) else Choice(choice) for choice in choices]
    return pick_entries(assessment=assessment, library=GRI, choices=wanted, **kwargs)


# --- the service ------------------------------------------------------------------------------------------
def test_an_entry_becomes_an_issue_with_its_source(assessment: Assessment, house: House) -> None:
    assert gri(assessment, "205", by=house.analyst) == Picked(added=1, mentioned=0, known=0)
    issue = assessment.issues.get()
    assert (issue.name, issue.category, issue.standing) == ("Anti-corruption", "Economic", Standing.LISTED)
    mention = issue.mentions.get()
    assert (mention.kind, mention.source, mention.reference, mention.added_by) == (
        SourceKind.GUIDELINE, "GRI 205 Anti-corruption (2016)", "gri:205", house.analyst,
    )  # fmt: skip


def test_an_entry_becomes_a_mention_of_an_issue(assessment: Assessment) -> None:
    issue = IssueFactory(assessment=assessment, name="Emission management")
    assert gri(assessment, Choice("305", into=issue.code)) == Picked(added=0, mentioned=1, known=0)
    assert list(issue.mentions.values_list("reference", flat=True)) == ["gri:305"]


def test_what_was_picked_before_is_passed_over(assessment: Assessment) -> None:
    gri(assessment, "205")
    assert gri(assessment, "205", "206") == Picked(added=1, mentioned=0, known=1)
    assert Mention.objects.count() == 2


def test_two_standards_of_one_name_are_one_issue(assessment: Assessment) -> None:
    assert gri(assessment, "103", "302") == Picked(added=1, mentioned=1, known=0)
    assert list(assessment.issues.get().mentions.values_list("reference", flat=True)) == ["gri:103", "gri:302"]


def test_sub_topics_of_one_name_are_issues_with_the_topic_behind(assessment: Assessment) -> None:
    choices = [Choice("S1.3.4"), Choice("S2.3.5"), Choice("S4.1.1")]
    pick_entries(assessment=assessment, library=ESRS, choices=choices)
    assert [issue.name for issue in assessment.issues.all()] == [
        "Privacy (own workforce)", "Privacy (workers in the value chain)", "Privacy (consumers and end-users)",
    ]  # fmt: skip


def test_an_entry_goes_to_the_issue_that_another_was_merged_into(assessment: Assessment) -> None:
    kept = IssueFactory(assessment=assessment, name="Emissions to air")
    merged = IssueFactory(assessment=assessment, name="Emission management", standing=Standing.MERGED, merged_into=kept)
    gri(assessment, Choice("305", into=merged.code))
    assert kept.mentions.count() == 1


def test_an_issue_that_is_told_apart_is_not_pointed_out_as_a_duplicate(assessment: Assessment) -> None:
    there = IssueFactory(assessment=assessment, name="Emission management")
    gri(assessment, Choice("305", apart_from=there.code))
    assert list(assessment.issues.get(name="Emissions").distinct_from.all()) == [there]


def test_after_the_survey_opened_a_new_issue_waits(assessment: Assessment) -> None:
    set_phase(assessment=assessment, phase=Phase.SURVEY)
    gri(assessment, "205")
    assert assessment.issues.get().standing == Standing.NEXT


def test_a_pick_is_in_the_audit_trail(assessment: Assessment, house: House) -> None:
    gri(assessment, "205", "206", by=house.analyst)
    assert house.organisation.events.filter(summary="picked two entries of GRI Topic Standards").exists()


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ([], "Nothing was ticked"),
        (["205", "999"], "GRI Topic Standards has no entry “999”"),
        (
            [Choice("205", into="gone")],
            "“Anti-corruption” was to be added to an issue that is not on the list any more",
        ),
        (["205", "305"], "GRI 305 Emissions (2016): your list has an issue “EMISSIONS” already"),
    ],
)
def test_a_mistake_adds_nothing(assessment: Assessment, choices: list[Choice | str], message: str) -> None:
    IssueFactory(assessment=assessment, name="EMISSIONS")
    with pytest.raises(ValidationError) as caught:
        gri(assessment, *choices)
    assert message in " ".join(caught.value.messages)
    assert (assessment.issues.count(), Mention.objects.count()) == (1, 0)


def test_an_issue_of_another_assessment_takes_no_entry(assessment: Assessment) -> None:
    elsewhere = IssueFactory(code="emissions-elsewhere")
    with pytest.raises(ValidationError, match="not on the list any more"):
        gri(assessment, Choice("305", into=elsewhere.code))


def test_a_list_that_would_get_too_long_stays_as_it_is(assessment: Assessment) -> None:
    Issue.objects.bulk_create(
        Issue(assessment=assessment, code=f"i-{n}", name=f"Issue no. {n}", position=n) for n in range(MOST_ISSUES)
    )
    with pytest.raises(ValidationError, match="at most 500"):
        gri(assessment, "205", Choice("305", into="i-0"))
    assert (assessment.issues.count(), Mention.objects.count()) == (MOST_ISSUES, 0)


# --- what is on the list ----------------------------------------------------------------------------------
def test_an_entry_is_on_the_list_by_its_mention_or_by_a_like_name(assessment: Assessment) -> None:
    MentionFactory(issue=IssueFactory(assessment=assessment, name="Bribes"), reference="gri:205")
    IssueFactory(assessment=assessment, name="Emission management")
    lines = {line.entry.code: line for group in library_groups(assessment, GRI) for line in group.lines}
    assert (lines["205"].issue.name, lines["205"].alike) == ("Bribes", None)
    assert (lines["305"].issue, lines["305"].alike.name) == (None, "Emission management")
    assert (lines["207"].issue, lines["207"].alike) == (None, None)


def test_a_chinese_name_on_the_list_is_found(assessment: Assessment) -> None:
    IssueFactory(assessment=assessment, name="应对气候变化")
    lines = [line for group in library_groups(assessment, find_library("sse-szse")) for line in group.lines]
    assert [line.entry.code for line in lines if line.alike] == ["1"]


def test_libraries_are_counted(assessment: Assessment) -> None:
    MentionFactory(issue=IssueFactory(assessment=assessment, name="Bribes"), reference="gri:205")
    IssueFactory(assessment=assessment, name="Emission management")
    line = next(line for line in library_lines(assessment) if line.library.slug == "gri")
    assert (line.picked, line.alike, line.on_list, line.count) == (1, 1, 2, 34)


def test_another_assessments_list_does_not_count(assessment: Assessment) -> None:
    MentionFactory(issue=IssueFactory(name="Emission management"), reference="gri:205")
    assert [line.on_list for line in library_lines(assessment)] == [0] * 7


# --- the pages --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["owner", "analyst", "approver", "viewer"])
def test_every_member_sees_the_libraries(assessment: Assessment, house: House, client_of, role: str) -> None:
    client = client_of(getattr(house, role))
    assert "GRI Topic Standards" in said(client.get(page("libraries")))
    assert "Anti-corruption" in said(client.get(page("library", library="gri")))


def test_a_library_says_what_it_is_and_where_it_comes_from(assessment: Assessment, viewer_client: Client) -> None:
    text = said(viewer_client.get(page("library", library="esrs")))
    for fact in ("European Commission", "(EU) 2023/2772", 'href="http://data.europa.eu/', "the numbers below them are"):
        assert fact in text


def test_a_viewer_gets_nothing_to_tick(assessment: Assessment, viewer_client: Client) -> None:
    assert 'type="checkbox"' not in said(viewer_client.get(page("library", library="gri")))


@pytest.mark.parametrize("role", ["approver", "viewer"])
def test_who_does_not_edit_cannot_pick(assessment: Assessment, house: House, client_of, role: str) -> None:
    response = client_of(getattr(house, role)).post(page("library-pick", library="gri"), {"entries": ["205"]})
    assert response.status_code == 403
    assert not assessment.issues.exists()


@pytest.mark.parametrize("library", ["griffin", "qifu-2022"])
def test_an_unknown_library_is_404(assessment: Assessment, analyst_client: Client, library: str) -> None:
    assert analyst_client.get(page("library", library=library)).status_code == 404
    assert analyst_client.post(page("library-pick", library=library), {"entries": ["205"]}).status_code == 404


def test_ticked_entries_go_to_the_list(assessment: Assessment, analyst_client: Client) -> None:
    there = IssueFactory(assessment=assessment, name="Emission management")
    typed = {"entries": ["205", "305"], "into-305": there.code}
    response = analyst_client.post(page("library-pick", library="gri"), typed, follow=True)
    assert response.redirect_chain == [(page("library", library="gri"), 302)]
    assert "One issue is new on the list and one entry is now a mention of an issue there." in said(response)
    assert there.mentions.get().reference == "gri:305"


def test_one_may_ask_for_a_new_issue_in_spite_of_a_like_name(assessment: Assessment, analyst_client: Client) -> None:
    there = IssueFactory(assessment=assessment, name="Emission management")
    analyst_client.post(page("library-pick", library="gri"), {"entries": ["305"], "into-305": f"new:{there.code}"})
    assert list(assessment.issues.get(name="Emissions").distinct_from.all()) == [there]


def test_the_like_issue_is_offered_first(assessment: Assessment, analyst_client: Client) -> None:
    there = IssueFactory(assessment=assessment, name="Emission management")
    text = said(analyst_client.get(page("library", library="gri")))
    assert f'<option value="{there.code}">add to that issue</option>' in text


def test_what_is_on_the_list_has_a_link_and_nothing_to_tick(assessment: Assessment, analyst_client: Client) -> None:
    gri(assessment, "205")
    text = said(analyst_client.get(page("library", library="gri")))
    assert f'href="{page("sheet", code="anti-corruption")}"' in text
    assert 'id="e-205"' not in text


def test_a_mistake_keeps_the_ticks(assessment: Assessment, analyst_client: Client) -> None:
    there = IssueFactory(assessment=assessment, name="Emissions")
    typed = {"entries": ["205", "305"], "into-305": f"new:{there.code}"}
    response = analyst_client.post(page("library-pick", library="gri"), typed)
    assert response.status_code == 400
    assert "your list has an issue “Emissions” already" in said(response)
    assert 'id="e-205" checked' in said(response)
    assert f'value="new:{there.code}" selected' in said(response)


@pytest.mark.parametrize(("entries", "message"), [([], "Nothing was ticked."), (["x"], "has no entry “x”.")])
def test_a_pick_of_nothing_says_what_to_do(
    assessment: Assessment, analyst_client: Client, entries: list[str], message: str
) -> None:
    response = analyst_client.post(page("library-pick", library="gri"), {"entries": entries})
    assert (response.status_code, message in said(response)) == (400, True)


def test_picking_by_a_link_alone_is_refused(assessment: Assessment, analyst_client: Client) -> None:
    assert analyst_client.get(page("library-pick", library="gri")).status_code == 405


def test_after_opening_the_page_says_that_new_issues_wait(assessment: Assessment, analyst_client: Client) -> None:
    set_phase(assessment=assessment, phase=Phase.SURVEY)
    assert "wait for the next assessment" in said(analyst_client.get(page("library", library="gri")))
    response = analyst_client.post(page("library-pick", library="gri"), {"entries": ["205"]}, follow=True)
    assert "New issues wait for the next assessment, since the survey has opened." in said(response)


def test_a_list_with_all_of_a_library_says_so(assessment: Assessment, analyst_client: Client) -> None:
    gri(assessment, *GRI.by_code)
    text = said(analyst_client.get(page("library", library="gri")))
    assert "All of it is on your list." in text
    assert "Add what is ticked" not in text


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "kwargs"), [("libraries", {}), ("library", {"library": "gri"})])
def test_the_pages_ask_as_much_for_three_as_for_one(
    assessment: Assessment, analyst_client: Client, name: str, kwargs: dict, count: int, django_assert_num_queries
) -> None:
    for entry in GRI.entries[:count]:
        MentionFactory(issue=IssueFactory(assessment=assessment, name=entry.name), reference=entry.reference)
        IssueFactory(assessment=assessment, name=f"{entry.name} again")
    # Session, user and membership; the assessment, mentions of entries, names of issues.
    with django_assert_num_queries(6):
        analyst_client.get(page(name, **kwargs))
