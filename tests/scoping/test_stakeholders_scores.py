"""The page of scores: scores with their reasons, the grid, and weights that are accepted or overruled."""

from decimal import Decimal

import pytest
from django.test import Client

from scoping import services
from scoping.models import Assessment, Phase, Score, StakeholderGroup, WeightBasis
from scoping.services.stakeholders import GivenScore, accept_weight, overrule_weight, save_scores
from tests.scoping.test_stakeholders_views import of_paper, said, score
from tests.support.factories import AssessmentFactory, ScoreFactory, StakeholderGroupFactory
from tests.support.people import House


@pytest.fixture
def assessment(house: House) -> Assessment:
    return AssessmentFactory(organisation=house.organisation, slug="paper-2024", groups=2, issues=2)


@pytest.fixture
def group(assessment: Assessment) -> StakeholderGroup:
    return assessment.groups.get(code="group-1")


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


def test_all_mistakes_are_told_at_once(assessment: Assessment, analyst_client: Client) -> None:
    sent = typed(power="4", interest="5") | {"group-0-power-reason": "", "group-0-interest": "9", "group-1-power": "2"}
    text = said(analyst_client.post(of_paper("scores-edit"), sent))
    for message in (
        "Group 0, power: write why the score is 4.",
        "Group 0, interest: choose a score from 1 to 5.",
        "Group 1, power: write why the score is 2.",
    ):
        assert message in text


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


def test_that_a_suggestion_moved_after_it_was_overruled_is_shown_and_waits(
    assessment: Assessment, group: StakeholderGroup, analyst_client: Client
) -> None:
    score(assessment)
    accept_weight(group=assessment.groups.get(code="group-0"))
    overrule_weight(group=group, weight=2, reason="Few people.")
    score(assessment, power=1, interest=2)
    accept_weight(group=assessment.groups.get(code="group-0"))
    text = said(analyst_client.get(of_paper("scores")))
    assert "Overrules the suggestion of 4.5: Few people." in text
    assert "The suggestion has moved since you overruled it: 1.5 is suggested now." in text
    assert "1 suggestion waits to be accepted" in text
    # Nothing that one button could accept: the reason is somebody's.
    assert "Accept all suggestions" not in text


def test_a_weight_that_is_overruled_anew_no_longer_waits(
    assessment: Assessment, group: StakeholderGroup, analyst_client: Client
) -> None:
    score(assessment)
    overrule_weight(group=group, weight=2, reason="Few people.")
    score(assessment, power=1, interest=2)
    overrule_weight(group=group, weight=2, reason="Still few.")
    text = said(analyst_client.get(of_paper("scores")))
    assert "Overrules the suggestion of 1.5: Still few." in text
    assert "moved since" not in text


def test_accepting_forgets_what_was_overruled(assessment: Assessment, group: StakeholderGroup) -> None:
    score(assessment)
    assert overrule_weight(group=group, weight=2, reason="Few people.").weight_suggested == Decimal("4.5")
    assert accept_weight(group=group).weight_suggested is None


def by_salience(assessment: Assessment, *held: str) -> None:
    """Every group holds all attributes, but for group-0, which holds `held`."""
    scores = {
        (group.code, attribute): GivenScore(5 if attribute in held or group.code != "group-0" else 1, "Why")
        for group in assessment.groups.all()
        for attribute in ("power", "legitimacy", "urgency")
    }
    save_scores(assessment=assessment, model="salience", scores=scores)


def test_who_would_be_asked_and_not_count_is_said_before_all_is_accepted(
    assessment: Assessment, analyst_client: Client
) -> None:
    StakeholderGroupFactory(assessment=assessment, side=assessment.groups.get(code="group-0").side)
    by_salience(assessment)
    text = said(analyst_client.get(of_paper("scores")))
    warning = "Group 0 would have the weight 0: asked, but not counted."
    assert 0 < text.find(warning) < text.find("Accept all suggestions")
    assert "Suggested 0: asked, but would not count." in text
    text = said(analyst_client.post(of_paper("weights-accept"), follow=True))
    assert warning not in text
    assert text.count("0: asked, but does not count.") == 1


def test_groups_have_no_numbers_where_no_grid_shows_them(assessment: Assessment, analyst_client: Client) -> None:
    numbers = '<td class="no num">'
    by_salience(assessment, "power")
    assert numbers not in said(analyst_client.get(of_paper("scores")))
    score(assessment)
    assert said(analyst_client.get(of_paper("scores"))).count(numbers) == 2


def test_an_axis_on_two_scales_is_pointed_out(
    assessment: Assessment, group: StakeholderGroup, analyst_client: Client
) -> None:
    StakeholderGroupFactory(assessment=assessment, side=group.side)
    score(assessment)
    assert "Two scales" not in said(analyst_client.get(of_paper("scores")))
    accept_weight(group=group)
    text = said(analyst_client.get(of_paper("scores")))
    assert text.count("Two scales on this axis:") == 1
    assert "Share if all are accepted" in text
    analyst_client.post(of_paper("weights-accept"))
    assert "Two scales" not in said(analyst_client.get(of_paper("scores")))


@pytest.mark.parametrize("weight", ["100000", "1234567890", "1.00001"])
@pytest.mark.parametrize("name", ["weight", "group"])
def test_a_weight_that_is_too_long_says_what_fits(
    assessment: Assessment, analyst_client: Client, name: str, weight: str
) -> None:
    if name == "weight":
        score(assessment)
    sent = {"name": "Group 1", "side": "external", "weight": weight, "reason": "Why"}
    text = said(analyst_client.post(of_paper(name, code="group-1"), sent))
    assert "A weight is at most 99,999.9999, with at most four decimals." in text
    assert "Ensure" not in text
