"""The pages of the register: who may, what they show, that nothing typed is lost, and how often they ask."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from scoping import services
from scoping.models import Assessment, Channel, Phase, StakeholderGroup, WeightBasis
from scoping.services.stakeholders import GivenScore, save_scores
from tests.support.factories import (
    AssessmentFactory,
    ChannelFactory,
    ConcernFactory,
    ContactFactory,
    StakeholderGroupFactory,
)
from tests.support.people import House

PAGES = ("stakeholders", "scores")
OF_GROUP = ("channel-new", "weight")


@pytest.fixture
def assessment(house: House) -> Assessment:
    return AssessmentFactory(organisation=house.organisation, slug="paper-2024", groups=2, issues=2)


@pytest.fixture
def group(assessment: Assessment) -> StakeholderGroup:
    return assessment.groups.get(code="group-1")


def of_paper(name: str, **kwargs: object) -> str:
    return reverse(f"scoping:{name}", kwargs={"organisation": "example", "slug": "paper-2024"} | kwargs)


def said(response) -> str:
    return response.content.decode()


def score(assessment: Assessment, power: int = 4, interest: int = 5) -> None:
    scores = {}
    for group in assessment.groups.all():
        scores[group.code, "power"] = GivenScore(power, "Can stop the mill.")
        scores[group.code, "interest"] = GivenScore(interest, "Reads every report.")
    save_scores(assessment=assessment, model="power-interest", scores=scores)


# --- who may ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["owner", "analyst", "approver", "viewer"])
@pytest.mark.parametrize("name", PAGES)
def test_every_member_reads_the_pages(
    assessment: Assessment, house: House, client_of: Callable[..., Client], role: str, name: str
) -> None:
    client = client_of(getattr(house, role))
    assert client.get(of_paper(name)).status_code == 200
    assert client.get(of_paper("group-sheet", code="group-1")).status_code == 200


@pytest.mark.parametrize("name", OF_GROUP)
def test_who_does_not_edit_gets_no_form(assessment: Assessment, viewer_client: Client, name: str) -> None:
    assert viewer_client.get(of_paper(name, code="group-1")).status_code == 403
    assert viewer_client.post(of_paper(name, code="group-1"), {"name": "X"}).status_code == 403
    assert viewer_client.get(of_paper("scores-edit")).status_code == 403


@pytest.mark.parametrize("name", ["group-sheet", *OF_GROUP])
def test_a_group_of_another_assessment_is_not_found(
    assessment: Assessment, house: House, owner_client: Client, name: str
) -> None:
    other = AssessmentFactory(organisation=house.organisation)
    StakeholderGroupFactory(assessment=other, code="theirs")
    assert owner_client.get(of_paper(name, code="theirs")).status_code == 404


def test_a_channel_of_another_assessment_is_not_found(assessment: Assessment, owner_client: Client) -> None:
    foreign = ChannelFactory()
    assert owner_client.get(of_paper("channel", channel_id=foreign.pk)).status_code == 404
    assert owner_client.post(of_paper("channel-remove", channel_id=foreign.pk)).status_code == 404


def test_a_viewer_is_shown_no_way_to_change_things_and_no_contacts(
    assessment: Assessment, group: StakeholderGroup, viewer_client: Client
) -> None:
    ContactFactory(group=group)
    score(assessment)
    pages = (of_paper("stakeholders"), of_paper("scores"), of_paper("group-sheet", code="group-1"))
    text = "".join(said(viewer_client.get(path)) for path in pages)
    changing = [of_paper("group-new"), of_paper("scores-edit"), of_paper("weights-accept"), of_paper("contacts")]
    changing += [of_paper(name, code="group-1") for name in ("group", "channel-new", "weight", "weight-accept")]
    assert [path for path in changing if f'"{path}"' in text or f'"{path}?' in text] == []
    assert "1 contact" not in text


# --- the register -----------------------------------------------------------------------------------------
def test_the_register_shows_what_is_known_of_a_group(
    assessment: Assessment, group: StakeholderGroup, analyst_client: Client
) -> None:
    issue = assessment.issues.first()
    group.relevance = "They live beside the mill."
    group.save()
    ConcernFactory(group=group, topic="Noise at night", issue=issue, response="No saw after ten.")
    ChannelFactory(group=group, name="Open day", frequency="each spring")
    ContactFactory(group=group)
    text = said(analyst_client.get(of_paper("stakeholders")))
    for fact in ("They live beside the mill.", "Noise at night", "No saw after ten.", "Open day", "each spring"):
        assert fact in text
    assert f'href="{of_paper("sheet", code=issue.code)}"' in text
    assert f'href="{of_paper("group-sheet", code="group-1")}"' in text
    assert f'href="{of_paper("contacts")}?group=group-1">1 contact</a>' in text


def test_columns_that_nobody_has_filled_are_named_instead(assessment: Assessment, viewer_client: Client) -> None:
    text = said(viewer_client.get(of_paper("stakeholders")))
    assert "Not written down yet: why the groups matter, topics of concern, channels." in text
    assert "Relevance</th>" not in text


def test_an_empty_register_says_what_to_do(house: House, analyst_client: Client, viewer_client: Client) -> None:
    AssessmentFactory(organisation=house.organisation, slug="paper-2024")
    for name, words in (
        ("stakeholders", "Add the first group"),
        ("scores", "Add a group"),
        ("scores-edit", "Add a group"),
    ):
        text = said(analyst_client.get(of_paper(name)))
        assert "No groups yet" in text
        assert words in text
    assert "An owner or analyst of Example Ltd. can add them." in said(viewer_client.get(of_paper("stakeholders")))


def test_a_loaded_case_shows_its_sources(house: House, viewer_client: Client) -> None:
    services.load_case(organisation=house.organisation, case="qifu-2022")
    url = reverse("scoping:stakeholders", kwargs={"organisation": "example", "slug": "qifu-2022"})
    text = said(viewer_client.get(url))
    assert "8 groups" in text
    assert "Sources and readings" in text
    assert "Stakeholder Communication, table, row 30" in text


def test_names_are_shown_as_text(assessment: Assessment, group: StakeholderGroup, viewer_client: Client) -> None:
    group.name = "邻居 <script>alert(1)</script>"
    group.save()
    score(assessment)
    for path in (of_paper("stakeholders"), of_paper("scores"), of_paper("group-sheet", code="group-1")):
        text = said(viewer_client.get(path))
        assert "邻居 &lt;script&gt;" in text
        assert "<script>alert" not in text


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"),
    # Session, user, membership and assessment; then groups, concerns, channels, contacts; or groups and scores.
    [("stakeholders", 8), ("scores", 6), ("scores-edit", 6)],
)
def test_a_page_asks_as_much_for_three_groups_as_for_one(
    house: House, analyst_client: Client, name: str, queries: int, count: int, django_assert_num_queries
) -> None:
    made = AssessmentFactory(organisation=house.organisation, slug="paper-2024", groups=count, issues=count)
    for group in made.groups.all():
        for issue in made.issues.all():
            ConcernFactory(group=group, issue=issue, response="Yes")
            ChannelFactory(group=group)
            ContactFactory(group=group)
    score(made)
    with django_assert_num_queries(queries):
        analyst_client.get(of_paper(name))


@pytest.mark.parametrize("count", [1, 3])
def test_a_sheet_asks_as_much_for_three_entries_as_for_one(
    assessment: Assessment, group: StakeholderGroup, analyst_client: Client, count: int, django_assert_num_queries
) -> None:
    for _ in range(count):
        ConcernFactory(group=group, issue=assessment.issues.first())
        ChannelFactory(group=group)
        ContactFactory(group=group)
    # Session, user, membership, assessment, group; concerns, channels, contacts; groups and scores for the shares.
    with django_assert_num_queries(10):
        analyst_client.get(of_paper("group-sheet", code="group-1"))


# --- groups and channels ----------------------------------------------------------------------------------
def test_the_sheet_leads_to_the_form_and_back(assessment: Assessment, analyst_client: Client) -> None:
    sheet, form = of_paper("group-sheet", code="group-1"), of_paper("group", code="group-1") + "?from=sheet"
    assert f'href="{form}"' in said(analyst_client.get(sheet))
    typed = {"name": "Neighbours", "side": "external", "weight": "1", "relevance": "They live beside the mill."}
    assert analyst_client.post(form, typed)["Location"] == sheet
    assert assessment.groups.get(code="group-1").relevance == "They live beside the mill."


def test_after_opening_the_form_still_changes_the_relevance(assessment: Assessment, analyst_client: Client) -> None:
    services.set_phase(assessment=assessment, phase=Phase.SURVEY)
    url = of_paper("group", code="group-1")
    assert "Name and side cannot change now." in said(analyst_client.get(url))
    analyst_client.post(url, {"relevance": "They live beside the mill.", "weight": "2"})
    group = assessment.groups.get(code="group-1")
    assert (group.relevance, group.weight, group.name) == ("They live beside the mill.", 2, "Group 1")


def test_the_weight_of_a_scored_group_is_decided_with_its_suggestion(
    assessment: Assessment, analyst_client: Client
) -> None:
    score(assessment)
    url = of_paper("group", code="group-1")
    assert of_paper("weight", code="group-1") in said(analyst_client.get(url))
    analyst_client.post(url, {"name": "Neighbours", "side": "external", "weight": "9"})
    group = assessment.groups.get(code="group-1")
    assert (group.name, group.weight, group.weight_basis) == ("Neighbours", 1, WeightBasis.ENTERED)


def test_what_goes_with_a_group_is_said_before_it_is_removed(
    assessment: Assessment, group: StakeholderGroup, analyst_client: Client
) -> None:
    url = of_paper("group", code="group-1")
    assert "with it nothing else" in said(analyst_client.get(url))
    ConcernFactory.create_batch(2, group=group)
    ContactFactory(group=group)
    assert "two topics of concern and one contact" in said(analyst_client.get(url))


def test_a_group_is_removed_from_the_register(assessment: Assessment, analyst_client: Client) -> None:
    response = analyst_client.post(of_paper("group-remove", code="group-1") + "?from=register")
    assert response["Location"] == of_paper("stakeholders")
    assert assessment.groups.count() == 1


def test_a_topic_is_added_from_the_sheet(assessment: Assessment, analyst_client: Client) -> None:
    url = of_paper("concern-new") + "?from=sheet&group=group-1"
    assert '<option value="group-1" selected>' in said(analyst_client.get(url))
    typed = {"group": "group-1", "topic": "Noise at night"}
    assert analyst_client.post(url, typed)["Location"] == of_paper("group-sheet", code="group-1")
    assert analyst_client.post(url, typed | {"topic": "Dust", "another": "1"})["Location"] == url


@pytest.mark.parametrize("query", ["?from=sheet&group=unknown", "?from=https://example.net/", "?group=%00"])
def test_a_strange_way_to_a_form_is_no_way_out(assessment: Assessment, analyst_client: Client, query: str) -> None:
    assert analyst_client.get(of_paper("concern-new") + query).status_code == 200


def test_a_channel_is_added_changed_and_removed(
    assessment: Assessment, group: StakeholderGroup, analyst_client: Client
) -> None:
    sheet = of_paper("group-sheet", code="group-1") + "#channels"
    new = of_paper("channel-new", code="group-1")
    assert analyst_client.post(new, {"name": "Open day", "frequency": "each spring"})["Location"] == sheet
    channel = Channel.objects.get()
    assert (channel.group, channel.frequency) == (group, "each spring")
    change = of_paper("channel", channel_id=channel.pk)
    assert analyst_client.post(change, {"name": "Open week"})["Location"] == sheet
    channel.refresh_from_db()
    assert (channel.name, channel.frequency) == ("Open week", "")
    remove = of_paper("channel-remove", channel_id=channel.pk)
    assert analyst_client.get(remove).status_code == 405
    assert analyst_client.post(remove)["Location"] == sheet
    assert not Channel.objects.exists()


def test_a_channel_that_is_refused_keeps_what_was_typed(
    assessment: Assessment, group: StakeholderGroup, analyst_client: Client
) -> None:
    ChannelFactory(group=group, name="Open day")
    response = analyst_client.post(of_paper("channel-new", code="group-1"), {"name": "open day", "frequency": "daily"})
    assert response.status_code == 400
    assert "Group 1 already has the channel" in said(response)
    assert 'value="daily"' in said(response)


def test_after_save_and_add_another_comes_an_empty_form(assessment: Assessment, analyst_client: Client) -> None:
    new = of_paper("channel-new", code="group-1")
    assert analyst_client.post(new, {"name": "Open day", "another": "1"})["Location"] == new
