"""The sheet of an issue, its lineage from the period before to what was published, and the form that changes it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from scoping import services
from scoping.models import Assessment, Issue, Phase, Predecessor, Standing
from scoping.selectors.lineage import concerned_by, lineage_of, neighbours_of
from scoping.services.merging import keep_apart, merge_issue
from scoping.services.screening import Overrule, decide_short_list, undo_decision
from scoping.services.sheets import save_sheet
from tests.support.factories import (
    AssessmentFactory,
    ConcernFactory,
    CriterionFactory,
    IssueFactory,
    MarkFactory,
    MentionFactory,
    PillarFactory,
    PublishedResultFactory,
    StakeholderGroupFactory,
    TierFactory,
)
from tests.support.people import House

SHEET = {
    "meaning": "Clients trust us.",
    "practice": "A committee meets.",
    "improvement": "A new system by 2024.",
    "chapters": "3.2 Security\n\n 3.3  Privacy ",
    "sdgs": [16, 9],
    "owners": "Security team",
}


@pytest.fixture
def assessment(house: House) -> Assessment:
    return AssessmentFactory(organisation=house.organisation, slug="paper-2024", issues=3)


@pytest.fixture
def issue(assessment: Assessment) -> Issue:
    return assessment.issues.get(code="issue-1")


def page(name: str, **kwargs: object) -> str:
    return reverse(f"scoping:{name}", kwargs={"organisation": "example", "slug": "paper-2024", **kwargs})


def shown(client: Client, issue: Issue) -> str:
    response = client.get(page("sheet", code=issue.code))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def in_order(text: str, *parts: str) -> bool:
    places = [text.find(part) for part in parts]
    return -1 not in places and places == sorted(places)


# --- the sheet --------------------------------------------------------------------------------------------
def test_a_sheet_is_written(issue: Issue, house: House) -> None:
    save_sheet(issue=issue, by=house.analyst, **SHEET)
    issue.refresh_from_db()
    assert (issue.meaning, issue.improvement) == ("Clients trust us.", "A new system by 2024.")
    assert (issue.chapters, issue.sdgs, issue.owners) == ("3.2 Security\n3.3 Privacy", [9, 16], "Security team")
    assert house.organisation.events.get().summary.startswith("changed the sheet of Issue 1: meaning, practice")


def test_a_sheet_that_is_not_new_leaves_no_line(issue: Issue, house: House) -> None:
    save_sheet(issue=issue, by=house.analyst)
    assert not house.organisation.events.exists()


def test_a_sheet_never_freezes(issue: Issue) -> None:
    services.set_phase(assessment=issue.assessment, phase=Phase.RESULTS)
    assert save_sheet(issue=issue, meaning="It matters.").meaning == "It matters."


def test_a_sheet_leaves_the_name_alone(issue: Issue) -> None:
    Issue.objects.filter(pk=issue.pk).update(name="Renamed meanwhile")
    save_sheet(issue=issue, meaning="It matters.")
    issue.refresh_from_db()
    assert issue.name == "Renamed meanwhile"


@pytest.mark.parametrize(
    ("change", "field"), [({"sdgs": [0]}, "sdgs"), ({"sdgs": [18]}, "sdgs"), ({"owners": "x" * 301}, "owners")]
)
def test_a_sheet_that_makes_no_sense_is_refused_at_its_field(
    issue: Issue, change: dict[str, object], field: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        save_sheet(issue=issue, **SHEET | change)
    assert list(caught.value.message_dict) == [field]


def test_the_form_changes_the_sheet_and_keeps_what_was_there(issue: Issue, analyst_client: Client) -> None:
    save_sheet(issue=issue, **SHEET)
    url = page("sheet-edit", code=issue.code)
    form = analyst_client.get(url)
    assert "16 Peace, Justice and Strong Institutions" in form.content.decode()
    response = analyst_client.post(url, form.context["form"].initial | {"practice": "Two committees meet."})
    assert response["Location"] == page("sheet", code=issue.code)
    issue.refresh_from_db()
    assert (issue.practice, issue.meaning, issue.sdgs) == ("Two committees meet.", "Clients trust us.", [9, 16])


def test_a_goal_that_does_not_exist_is_refused(issue: Issue, analyst_client: Client) -> None:
    response = analyst_client.post(page("sheet-edit", code=issue.code), SHEET | {"sdgs": ["18"]})
    assert response.status_code == 400
    assert "Choose among the 17 goals." in response.content.decode()


def test_the_page_shows_the_sheet(issue: Issue, viewer_client: Client) -> None:
    save_sheet(issue=issue, **SHEET)
    PillarFactory(assessment=issue.assessment, name="Green Mill").issues.add(issue)
    text = shown(viewer_client, issue)
    facts = (
        "Clients trust us.", "A committee meets.", "A new system by 2024.", "3.3 Privacy", "Security team",
        "Peace, Justice and Strong Institutions", "Green Mill",
    )  # fmt: skip
    assert [fact for fact in facts if fact not in text] == []


def test_empty_parts_say_what_to_do(issue: Issue, analyst_client: Client) -> None:
    text = shown(analyst_client, issue)
    for hint in (
        "Nobody has noted yet where this issue came from.",
        "Not written yet: why does it matter to the company?",
        "No group has asked about it yet",
        "Add the first mention",
        "Not screened: it is on the list because somebody put it there.",
        "Tick those that the issue serves.",
    ):
        assert hint in text


def test_a_hostile_quotation_is_shown_as_text(issue: Issue, viewer_client: Client) -> None:
    MentionFactory(issue=issue, quotation="<script>alert(1)</script>\nnext line")
    text = shown(viewer_client, issue)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>next line" in text


def test_the_neighbours_on_the_list_are_linked(assessment: Assessment, viewer_client: Client) -> None:
    issues = list(assessment.issues.all())
    assert neighbours_of(issues[1]) == (("issue-0", "Issue 0"), ("issue-2", "Issue 2"))
    assert neighbours_of(issues[0])[0] is None
    assert neighbours_of(issues[2])[1] is None
    assert page("sheet", code="issue-2") in shown(viewer_client, issues[1])


def test_issues_in_one_place_are_neighbours_too(issue: Issue) -> None:
    twin = IssueFactory(assessment=issue.assessment, position=issue.position, code="twin", name="Twin")
    assert neighbours_of(issue)[1].name == "Twin"
    assert neighbours_of(twin)[0].name == "Issue 1"


def test_neighbours_are_found_across_gaps(issue: Issue) -> None:
    far = IssueFactory(assessment=issue.assessment, position=90, code="far", name="Far")
    assert neighbours_of(far)[0].code == "issue-2"
    assert neighbours_of(issue.assessment.issues.get(code="issue-2"))[1].name == "Far"


@pytest.mark.parametrize("role", ["approver", "viewer"])
def test_readers_see_the_sheet_and_change_nothing(issue: Issue, house: House, client_of, role: str) -> None:
    client = client_of(getattr(house, role))
    assert "<form" not in shown(client, issue).partition("<main")[2].partition("</main>")[0]
    assert client.post(page("sheet-edit", code=issue.code), SHEET).status_code == 403


def test_a_stranger_finds_no_sheet(issue: Issue, outsider_client: Client) -> None:
    assert outsider_client.get(page("sheet", code=issue.code)).status_code == 404


def test_an_issue_that_is_not_there_has_no_sheet(assessment: Assessment, viewer_client: Client) -> None:
    assert viewer_client.get(page("sheet", code="nothing")).status_code == 404


# --- who is concerned -------------------------------------------------------------------------------------
def test_groups_that_ask_are_shown_with_topics_and_responses(issue: Issue, viewer_client: Client) -> None:
    staff = StakeholderGroupFactory(assessment=issue.assessment, name="Staff")
    ConcernFactory(group=staff, issue=issue, topic="Noise at night", response="Quiet machines")
    text = shown(viewer_client, issue)
    assert in_order(text, "Who is concerned", "Staff", "Noise at night", "Quiet machines")


def test_what_a_merged_issue_was_asked_about_is_shown_with_the_survivor(issue: Issue, viewer_client: Client) -> None:
    merged = issue.assessment.issues.get(code="issue-0")
    staff = StakeholderGroupFactory(assessment=issue.assessment, name="Staff")
    ConcernFactory(group=staff, issue=issue, topic="Noise")
    ConcernFactory(group=staff, issue=merged, topic="Dust")
    merge_issue(issue=merged, into=issue)
    [group] = concerned_by(issue, [merged.pk])
    assert [concern.topic for concern in group.concerns] == ["Noise", "Dust"]
    assert "as “Issue 0”" in shown(viewer_client, issue)


# --- the lineage ------------------------------------------------------------------------------------------
def test_mentions_stand_in_the_order_of_their_days_and_undated_ones_last(issue: Issue) -> None:
    for name, day in (("No day", None), ("Late", date(2022, 5, 1)), ("Early", date(2021, 5, 1))):
        MentionFactory(issue=issue, source=name, found_on=day)
    assert [mention.source for mention in lineage_of(issue).mentions] == ["Early", "Late", "No day"]


def test_the_page_begins_with_the_first_mention(issue: Issue, viewer_client: Client) -> None:
    MentionFactory(issue=issue, kind="media", source="Evening paper", found_on=date(2022, 5, 1))
    MentionFactory(issue=issue, kind="interview", source="Plant manager", found_on=date(2021, 3, 12))
    said = (
        "First mentioned on 12 March 2021: Plant manager (Internal interviews). "
        "Two mentions in all, from two kinds of source."
    )
    assert said in shown(viewer_client, issue)


def test_the_first_mention_may_be_one_of_a_merged_issue(issue: Issue) -> None:
    merged = issue.assessment.issues.get(code="issue-0")
    MentionFactory(issue=issue, source="Late", found_on=date(2022, 5, 1))
    MentionFactory(issue=merged, source="Early", found_on=date(2021, 5, 1))
    merge_issue(issue=merged, into=issue)
    assert lineage_of(issue).first_mention.source == "Early"


def test_an_only_mention_without_a_day_is_said_plainly(issue: Issue) -> None:
    MentionFactory(issue=issue, kind="expert", source="Panel")
    assert lineage_of(issue).summary == "First mentioned: Panel (Expert analysis)."


def test_the_whole_way_of_an_issue_is_told_stage_by_stage(
    assessment: Assessment, issue: Issue, house: House, viewer_client: Client
) -> None:
    last_year = AssessmentFactory(organisation=house.organisation, slug="paper-2023", reporting_period="2023")
    forebear = IssueFactory(assessment=last_year, code="air", name="Clean air")
    Predecessor.objects.create(issue=issue, previous=forebear)
    MentionFactory(issue=issue, source="Evening paper", added_by=house.owner)
    merged, alike = assessment.issues.get(code="issue-0"), assessment.issues.get(code="issue-2")
    MentionFactory(issue=merged, source="Plant manager")
    merge_issue(issue=merged, into=issue, by=house.analyst)
    keep_apart(issue=issue, other=alike)
    criterion = CriterionFactory(assessment=assessment, name="Concern of stakeholders")
    MarkFactory(issue=issue, criterion=criterion, member=house.owner, value=3, reason="Heard it often")
    MarkFactory(issue=issue, criterion=criterion, member=house.analyst, value=2)
    decide_short_list(
        assessment=assessment, overrules=[Overrule(issue.pk, True, "The law asks for it")], by=house.owner
    )
    PublishedResultFactory(issue=issue, tier=TierFactory(assessment=assessment, name="High"), rank=4, source="p. 12")
    text = shown(viewer_client, issue)
    assert in_order(
        text.partition('id="lineage"')[2],
        "The period before", "2023", "Continues", "Clean air",
        "Where it was found", "Evening paper", "by Owner",
        "Merged into it", "Issue 0", "merged by Analyst", "Plant manager",
        "Kept apart from", "Issue 2",
        # Not "2.5" alone, which a time of day may hold.
        "How it was screened", "Concern of stakeholders", ">2.5</td>",
        "Owner <b class=\"tabular\">3</b>: Heard it often",
        "On the short list", "decision 1", "of Owner", "Total 2.5", "leave it out", "The law asks for it",
        "Where it stands", "On the list",
        "What was published", "High", "rank 4", "p. 12",
        "What stakeholders say",
    )  # fmt: skip


def test_the_period_after_is_linked(issue: Issue, house: House, viewer_client: Client) -> None:
    next_year = AssessmentFactory(organisation=house.organisation, slug="paper-2025", reporting_period="2025")
    heir = IssueFactory(assessment=next_year, code="air", name="Clean air")
    Predecessor.objects.create(issue=heir, previous=issue)
    assert in_order(
        shown(viewer_client, issue), "The period after", "2025", "Continued by", "/a/paper-2025/", "Clean air"
    )


def test_a_merged_issue_says_what_stands_for_it(issue: Issue, house: House, viewer_client: Client) -> None:
    merged = issue.assessment.issues.get(code="issue-0")
    merge_issue(issue=merged, into=issue, by=house.analyst)
    text = shown(viewer_client, merged)
    assert in_order(text, "Merged into", page("sheet", code="issue-1"), "Issue 1", "by Analyst")


def test_marks_of_a_merged_issue_stay_its_own(issue: Issue) -> None:
    merged = issue.assessment.issues.get(code="issue-0")
    mark = MarkFactory(issue=merged, value=1)
    merge_issue(issue=merged, into=issue)
    found = lineage_of(issue)
    assert found.marks == ()
    assert [(given.criterion, given.mean) for given in found.merged[0].marks] == [(mark.criterion.name, "1")]


def test_an_undone_decision_is_told_as_undone(assessment: Assessment, issue: Issue, viewer_client: Client) -> None:
    decision = decide_short_list(assessment=assessment)
    undo_decision(assessment=assessment, version=decision.version)
    [decided] = lineage_of(issue).decided
    assert (decided.listed, decided.undone) == (True, True)
    assert "(undone)" in shown(viewer_client, issue)


@pytest.mark.parametrize(
    ("standing", "phase", "said"),
    [
        (Standing.LISTED, Phase.SCOPING, "Respondents will be asked about it."),
        (Standing.LISTED, Phase.SURVEY, "The survey asks about it."),
        (Standing.LEFT_OUT, Phase.SCOPING, "A new decision under Screening can bring it back."),
        (Standing.NEXT, Phase.SURVEY, "this issue waits for the next assessment."),
    ],
)
def test_where_it_stands_is_said_in_a_sentence(
    issue: Issue, viewer_client: Client, standing: Standing, phase: Phase, said: str
) -> None:
    Issue.objects.filter(pk=issue.pk).update(standing=standing)
    services.set_phase(assessment=issue.assessment, phase=phase)
    assert said in shown(viewer_client, issue)


def test_the_results_are_linked_once_the_survey_asks(issue: Issue, viewer_client: Client) -> None:
    results = "See its tier in the results"
    assert results not in shown(viewer_client, issue)
    services.set_phase(assessment=issue.assessment, phase=Phase.SURVEY)
    assert results in shown(viewer_client, issue)


# Session, user, membership; the issue with its assessment; its neighbours; what is merged into it or kept apart,
# mentions, marks, decisions and, the first time, what they say, both other periods and their names, concerns, pillars.
SHEET_QUERIES = 14


@pytest.mark.parametrize("count", [1, 3])
def test_a_long_lineage_asks_as_much_as_a_short_one(
    assessment: Assessment, house: House, analyst_client: Client, count: int, django_assert_num_queries
) -> None:
    issue = assessment.issues.get(code="issue-0")
    criterion = CriterionFactory(assessment=assessment)
    tier = TierFactory(assessment=assessment)
    last_year = AssessmentFactory(organisation=house.organisation)
    PublishedResultFactory(issue=issue, tier=tier)
    for number in range(count):
        other = IssueFactory(assessment=assessment, position=50 + number)
        kept = IssueFactory(assessment=assessment, position=60 + number)
        PublishedResultFactory(issue=other, tier=tier, rank=9 + number)
        for each in (issue, other):
            MentionFactory(issue=each, added_by=house.owner)
            MarkFactory(issue=each, criterion=criterion)
            ConcernFactory(group=StakeholderGroupFactory(assessment=assessment), issue=each)
            Predecessor.objects.create(issue=each, previous=IssueFactory(assessment=last_year))
        PillarFactory(assessment=assessment).issues.add(issue)
        keep_apart(issue=issue, other=kept)
        merge_issue(issue=other, into=issue, by=house.owner)
    for _ in range(count):
        decide_short_list(assessment=assessment, by=house.owner)
    with django_assert_num_queries(SHEET_QUERIES):
        analyst_client.get(page("sheet", code=issue.code))
