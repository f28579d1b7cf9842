"""The pages of the register: who may, what they show, that nothing typed is lost, and how often they ask."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from scoping import services
from scoping.models import Assessment, Channel, Phase, Score, StakeholderGroup, WeightBasis
from scoping.services.stakeholders import GivenScore, accept_weight, overrule_weight, save_scores
from tests.support.factories import (
    AssessmentFactory,
    ChannelFactory,
    ConcernFactory,
    ContactFactory,
    ScoreFactory,
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
    assert [path for path in changing if f'"{path}' in text] == []
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


# --- scores -----------------------------------------------------------------------------------------------
def typed(**scores: str) -> dict[str, str]:
    """typed(power="4") for group-0, with a reason."""
    found = {"model": "power-interest"}
    for attribute, value in scores.items():
        found |= {f"group-0-{attribute}": value, f"group-0-{attribute}-reason": "Can stop the mill."}
    return found


def test_scores_are_saved_with_their_reasons_and_shown(assessment: Assessment, analyst_client: Client) -> None:
    response = analyst_client.post(of_paper("scores-edit"), typed(power="4", interest="5"))
    assert response["Location"] == of_paper("scores")
    assert sorted(Score.objects.values_list("attribute", "value", "reason")) == [
        ("interest", 5, "Can stop the mill."),
        ("power", 4, "Can stop the mill."),
    ]
    text = said(analyst_client.get(of_paper("scores")))
    assert "One group is to be managed closely: Group 0." in text
    assert "Can stop the mill." in text
    assert "1 group without scores." in text


def test_an_empty_form_takes_scores_away(assessment: Assessment, analyst_client: Client) -> None:
    score(assessment)
    analyst_client.post(of_paper("scores-edit"), {"model": "power-interest"})
    assert not Score.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"group-0-power": "0"}, "Group 0, power: choose a score from 1 to 5."),
        ({"group-0-power": "6"}, "Group 0, power: choose a score from 1 to 5."),
        ({"group-0-power": "much"}, "Group 0, power: choose a score from 1 to 5."),
        ({"group-0-power-reason": " "}, "Group 0, power: write why the score is 4."),
        ({"group-0-power": ""}, "Group 0, power: choose the score that this reason is for."),
    ],
)
def test_a_score_with_a_mistake_is_refused_at_its_field(
    assessment: Assessment, analyst_client: Client, wrong: dict[str, str], message: str
) -> None:
    response = analyst_client.post(of_paper("scores-edit"), typed(power="4", interest="5") | wrong)
    assert response.status_code == 400
    text = said(response)
    # In the list above the form, with a link to the field, and at the field.
    assert text.count(message) == 2
    assert 'href="#id_group-0-power' in text
    assert ">\nCan stop the mill.</textarea>" in text
    assert not Score.objects.exists()


def test_the_other_model_has_its_own_fields_and_is_put_in_use_by_saving(
    assessment: Assessment, analyst_client: Client
) -> None:
    text = said(analyst_client.get(of_paper("scores-edit") + "?model=salience"))
    assert 'name="group-0-legitimacy"' in text
    assert 'name="group-0-interest"' not in text
    scores = {"model": "salience"}
    for attribute in ("power", "legitimacy", "urgency"):
        scores |= {f"group-0-{attribute}": "3", f"group-0-{attribute}-reason": "Why"}
    analyst_client.post(of_paper("scores-edit"), scores)
    assessment.refresh_from_db()
    assert assessment.stakeholder_model == "salience"
    text = said(analyst_client.get(of_paper("scores")))
    assert "One group holds power, legitimacy and urgency together: Group 0." in text
    assert "Definitive" in text
    assert "<figure>" not in text


def test_an_unknown_model_is_not_found(assessment: Assessment, analyst_client: Client) -> None:
    assert analyst_client.get(of_paper("scores-edit") + "?model=charm").status_code == 404


def test_groups_of_another_assessment_cannot_be_scored(assessment: Assessment, analyst_client: Client) -> None:
    StakeholderGroupFactory(code="theirs")
    sent = {"model": "power-interest", "theirs-power": "4", "theirs-power-reason": "Why"}
    analyst_client.post(of_paper("scores-edit"), sent)
    assert not Score.objects.exists()


def test_scores_can_change_after_opening(assessment: Assessment, analyst_client: Client) -> None:
    services.set_phase(assessment=assessment, phase=Phase.SURVEY)
    analyst_client.post(of_paper("scores-edit"), typed(power="4"))
    assert Score.objects.get().value == 4
    assert "Score the groups" in said(analyst_client.get(of_paper("scores")))


# --- the grid ---------------------------------------------------------------------------------------------
def test_marks_of_the_grid_lead_to_the_sheets(assessment: Assessment, viewer_client: Client) -> None:
    score(assessment)
    text = said(viewer_client.get(of_paper("scores")))
    for code in ("group-0", "group-1"):
        assert text.count(f'<a class="pt-a" href="{of_paper("group-sheet", code=code)}"') == 2
    assert "from 3 on, a score counts as high" in text
    assert "Groups with the same scores stand side by side." in text


@pytest.mark.parametrize(("format", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_the_grid_is_downloaded(assessment: Assessment, viewer_client: Client, format: str, start: bytes) -> None:
    score(assessment)
    response = viewer_client.get(of_paper("grid-figure", format=format))
    assert response.content.startswith(start)
    assert response["Content-Disposition"] == f'attachment; filename="paper-2024-power-interest.{format}"'


def test_another_format_is_not_found(assessment: Assessment, viewer_client: Client) -> None:
    score(assessment)
    assert viewer_client.get(of_paper("grid-figure", format="gif")).status_code == 404


def test_without_scores_there_is_no_grid_and_the_page_says_so(assessment: Assessment, viewer_client: Client) -> None:
    response = viewer_client.get(of_paper("grid-figure", format="png"), follow=True)
    assert "There is no grid to download yet" in said(response)
    assert "No group is scored yet" in said(response)


def test_a_group_with_one_score_is_named_but_not_drawn(assessment: Assessment, viewer_client: Client) -> None:
    score(assessment)
    assessment.groups.get(code="group-1").scores.filter(attribute="power").delete()
    text = said(viewer_client.get(of_paper("scores")))
    assert "Not drawn, since a score is missing: Group 1." in text
    assert text.count('class="pt-a"') == 2


# --- weights ----------------------------------------------------------------------------------------------
def test_one_suggestion_is_accepted(assessment: Assessment, group: StakeholderGroup, analyst_client: Client) -> None:
    score(assessment)
    response = analyst_client.post(of_paper("weight-accept", code="group-1"))
    assert response["Location"] == of_paper("scores") + "#weights"
    group.refresh_from_db()
    assert (group.weight, group.weight_basis) == (Decimal("4.5"), WeightBasis.ACCEPTED)
    assert assessment.groups.get(code="group-0").weight == 1


def test_all_suggestions_are_accepted(assessment: Assessment, analyst_client: Client) -> None:
    score(assessment)
    text = said(analyst_client.post(of_paper("weights-accept"), follow=True))
    assert "2 groups have the suggested weight now." in text
    assert "Every suggestion is accepted or overruled." in text
    assert {group.weight for group in assessment.groups.all()} == {Decimal("4.5")}


@pytest.mark.parametrize("name", ["weight-accept", "weights-accept"])
def test_what_cannot_be_accepted_says_why(assessment: Assessment, analyst_client: Client, name: str) -> None:
    more = {"code": "group-1"} if name == "weight-accept" else {}
    assert "Score power and interest first." in said(analyst_client.post(of_paper(name, **more), follow=True))


def test_a_suggestion_is_overruled_with_a_reason(
    assessment: Assessment, group: StakeholderGroup, analyst_client: Client
) -> None:
    score(assessment)
    url = of_paper("weight", code="group-1")
    assert "Its scores suggest 4.5." in said(analyst_client.get(url))
    response = analyst_client.post(url, {"weight": "2", "reason": "Few people."}, follow=True)
    assert "Overrules the suggestion of 4.5: Few people." in said(response)
    group.refresh_from_db()
    assert (group.weight, group.weight_basis) == (2, WeightBasis.OVERRULED)


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"weight": "2"}, "Write why the group shall not have the suggested weight."),
        ({"weight": "-1", "reason": "Why"}, "A weight is 0 or more."),
        ({"weight": "NaN", "reason": "Why"}, "Enter a number, such as 1 or 2.5."),
        ({"weight": "0", "reason": "Why"}, "Give at least one external group a weight above 0."),
    ],
)
def test_a_weight_with_a_mistake_is_refused(
    assessment: Assessment, analyst_client: Client, sent: dict[str, str], message: str
) -> None:
    score(assessment)
    response = analyst_client.post(of_paper("weight", code="group-1"), sent)
    assert response.status_code == 400
    assert message in said(response)
    assert assessment.groups.get(code="group-1").weight == 1


def test_without_scores_the_weight_page_says_what_to_do(assessment: Assessment, analyst_client: Client) -> None:
    text = said(analyst_client.get(of_paper("weight", code="group-1")))
    assert "Nothing is suggested yet" in text
    assert of_paper("scores-edit") + "#group-group-1" in text


def test_that_a_suggestion_moved_after_it_was_accepted_is_shown(
    assessment: Assessment, group: StakeholderGroup, analyst_client: Client
) -> None:
    score(assessment)
    accept_weight(group=group)
    score(assessment, power=1, interest=2)
    text = said(analyst_client.get(of_paper("scores")))
    assert "Suggestion moved" in text
    assert "1.5 is suggested now, and the weight is still 4.5." in text


def test_accept_all_says_that_it_spares_what_was_overruled(
    assessment: Assessment, group: StakeholderGroup, analyst_client: Client
) -> None:
    score(assessment)
    overrule_weight(group=group, weight=2, reason="Few people.")
    assert "that overrule a suggestion with a reason: 1 of 2." in said(analyst_client.get(of_paper("scores")))


def test_half_a_pair_of_scores_suggests_nothing(
    assessment: Assessment, group: StakeholderGroup, analyst_client: Client
) -> None:
    ScoreFactory(group=group, attribute="power", value=5)
    text = said(analyst_client.get(of_paper("group-sheet", code="group-1")))
    assert "Entered. Without a score for interest, nothing is suggested." in text
