"""What the services of the register allow, refuse and record: channels, scores, weights, and the groups themselves."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from materiality.services import analyse_now
from scoping import services
from scoping.models import Assessment, Channel, Contact, Phase, Score, Side, StakeholderGroup, WeightBasis
from scoping.services.stakeholders import (
    GivenScore,
    accept_weight,
    accept_weights,
    overrule_weight,
    remove_channel,
    save_channel,
    save_scores,
)
from surveys.services import open_survey, submit_response
from tests.support.factories import (
    AssessmentFactory,
    ChannelFactory,
    ConcernFactory,
    ContactFactory,
    ScoreFactory,
    StakeholderGroupFactory,
    SurveyFactory,
)
from tests.support.people import House

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment() -> Assessment:
    """Four groups: 0 and 2 are internal, 1 and 3 external."""
    return AssessmentFactory(groups=4, issues=3)


@pytest.fixture
def group(assessment: Assessment) -> StakeholderGroup:
    return assessment.groups.get(code="group-0")


def score(assessment: Assessment, model: str = "power-interest", **values: tuple[int, ...]) -> None:
    """score(assessment, group_0=(5, 4)): both scores of group-0, each with a reason."""
    attributes = ("power", "interest") if model == "power-interest" else ("power", "legitimacy", "urgency")
    given = {
        (code.replace("_", "-"), attribute): GivenScore(value, f"{attribute} is {value}")
        for code, scores in values.items()
        for attribute, value in zip(attributes, scores, strict=True)
    }
    save_scores(assessment=assessment, model=model, scores=given)


def weights(assessment: Assessment) -> list[str]:
    return [f"{group.weight.normalize():f}" for group in assessment.groups.all()]


def bases(assessment: Assessment) -> list[str]:
    return [group.weight_basis for group in assessment.groups.all()]


# --- groups -----------------------------------------------------------------------------------------------
def test_the_relevance_of_a_group_is_kept(assessment: Assessment) -> None:
    saved = services.save_group(assessment=assessment, name="Media", side=Side.EXTERNAL, relevance=" They write. ")
    assert StakeholderGroup.objects.get(pk=saved.pk).relevance == "They write."


def test_a_group_that_is_saved_without_relevance_keeps_its_text(assessment: Assessment) -> None:
    group = StakeholderGroupFactory(assessment=assessment, position=9, relevance="They write.")
    services.save_group(assessment=assessment, group=group, name="Media", side=group.side)
    assert StakeholderGroup.objects.get(pk=group.pk).relevance == "They write."


def test_after_opening_the_relevance_can_change(assessment: Assessment, group: StakeholderGroup) -> None:
    services.set_phase(assessment=assessment, phase=Phase.SURVEY)
    services.save_group(assessment=assessment, group=group, name=group.name, side=group.side, relevance="Now known.")
    group.refresh_from_db()
    assert group.relevance == "Now known."


def test_a_weight_typed_with_the_group_counts_as_entered(assessment: Assessment, group: StakeholderGroup) -> None:
    score(assessment, group_0=(5, 4))
    overrule_weight(group=group, weight=2, reason="A small group.")
    group.refresh_from_db()
    services.save_group(assessment=assessment, group=group, name=group.name, side=group.side, weight=3)
    group.refresh_from_db()
    assert (group.weight, group.weight_basis, group.weight_reason) == (3, WeightBasis.ENTERED, "")


def test_a_new_name_leaves_an_overruled_weight_with_its_reason(assessment: Assessment, group: StakeholderGroup) -> None:
    score(assessment, group_0=(5, 4))
    overrule_weight(group=group, weight=2, reason="A small group.")
    group.refresh_from_db()
    services.save_group(assessment=assessment, group=group, name="Staff", side=group.side, weight=group.weight)
    group.refresh_from_db()
    assert (group.name, group.weight_basis, group.weight_reason) == ("Staff", WeightBasis.OVERRULED, "A small group.")


@pytest.mark.parametrize("weight", ["-0.5", "NaN", "Infinity"])
def test_a_weight_that_is_none_is_refused(assessment: Assessment, group: StakeholderGroup, weight: str) -> None:
    with pytest.raises(ValidationError) as caught:
        services.save_group(
            assessment=assessment, group=group, name=group.name, side=group.side, weight=Decimal(weight)
        )
    assert "A weight is a number from 0 upwards" in caught.value.message_dict["weight"][0]


def test_a_removed_group_takes_all_that_hangs_on_it(assessment: Assessment, group: StakeholderGroup) -> None:
    for factory in (ConcernFactory, ChannelFactory, ScoreFactory, ContactFactory):
        factory(group=group)
    services.remove_group(group=group)
    assert assessment.groups.count() == 3
    assert not any(model.objects.exists() for model in (Channel, Score, Contact))


@pytest.fixture
def answered(assessment: Assessment) -> Assessment:
    survey = SurveyFactory(assessment=assessment, minimum_group=1)
    open_survey(survey=survey)
    submit_response(link=survey.links.get(group__code="group-0"), answers=bytes([5, 3, 1]))
    return assessment


def test_a_group_with_answers_stays_with_everything_and_the_message_says_what_to_do(answered: Assessment) -> None:
    group = answered.groups.get(code="group-0")
    ContactFactory(group=group)
    with pytest.raises(ValidationError, match=r"“Group 0” stays.*Give it the weight 0") as caught:
        services.remove_group(group=group)
    assert caught.value.code == "frozen"
    assert group.contacts.count() == 1


# --- channels ---------------------------------------------------------------------------------------------
def test_a_channel_is_added_at_the_end(group: StakeholderGroup) -> None:
    ChannelFactory(group=group, name="Hotline", position=3)
    save_channel(group=group, name=" Works  council ", frequency=" each quarter ")
    assert list(group.channels.values_list("name", "frequency")) == [("Hotline", ""), ("Works council", "each quarter")]


def test_a_channel_is_changed_in_its_place(group: StakeholderGroup) -> None:
    first, second = ChannelFactory(group=group, position=0), ChannelFactory(group=group, position=1)
    save_channel(group=group, channel=first, name="Hotline")
    assert [channel.name for channel in group.channels.all()] == ["Hotline", second.name]


@pytest.mark.parametrize("name", ["Hotline", " hotline ", "HOTLINE"])
def test_a_group_has_a_channel_once(group: StakeholderGroup, name: str) -> None:
    save_channel(group=group, name="Hotline")
    with pytest.raises(ValidationError) as caught:
        save_channel(group=group, name=name)
    assert "Group 0 already has the channel" in caught.value.message_dict["name"][0]


def test_another_group_may_have_the_same_channel(assessment: Assessment) -> None:
    for group in assessment.groups.all():
        save_channel(group=group, name="Hotline")
    assert Channel.objects.count() == 4


def test_a_channel_without_a_name_is_refused(group: StakeholderGroup) -> None:
    with pytest.raises(ValidationError) as caught:
        save_channel(group=group, name=" ")
    assert list(caught.value.message_dict) == ["name"]


def test_channels_change_after_opening_and_leave_a_line(
    assessment: Assessment, group: StakeholderGroup, house: House
) -> None:
    services.set_phase(assessment=assessment, phase=Phase.SURVEY)
    channel = save_channel(group=group, name="Hotline", by=house.analyst)
    remove_channel(channel=channel, by=house.analyst)
    summaries = [event.summary for event in assessment.organisation.events.all()]
    assert summaries == ["removed the channel Hotline of Group 0", "added the channel Hotline of Group 0"]


# --- scores -----------------------------------------------------------------------------------------------
def test_scores_are_given_changed_and_taken_away_together(assessment: Assessment, house: House) -> None:
    score(assessment, group_0=(5, 4), group_1=(1, 2))
    changes = {
        ("group-0", "power"): GivenScore(3, " Less than last year. "),
        ("group-0", "interest"): GivenScore(4, "interest is 4"),
        ("group-1", "power"): None,
        ("group-2", "power"): GivenScore(2, "New."),
        ("group-3", "power"): None,
    }
    assert save_scores(assessment=assessment, model="power-interest", scores=changes, by=house.analyst) == 3
    assert sorted(Score.objects.values_list("group__code", "attribute", "value", "reason")) == [
        ("group-0", "interest", 4, "interest is 4"),
        ("group-0", "power", 3, "Less than last year."),
        ("group-1", "interest", 2, "interest is 2"),
        ("group-2", "power", 2, "New."),
    ]
    event = assessment.organisation.events.first()
    assert (event.actor, event.summary) == (
        house.analyst, "changed 3 scores of stakeholder groups: power and interest",
    )  # fmt: skip


def test_saving_the_same_scores_leaves_no_line(assessment: Assessment) -> None:
    score(assessment, group_0=(5, 4))
    events = assessment.organisation.events.count()
    score(assessment, group_0=(5, 4))
    assert assessment.organisation.events.count() == events


def test_the_model_is_chosen_with_the_scores_and_those_of_the_other_stay(assessment: Assessment) -> None:
    score(assessment, group_0=(5, 4))
    score(assessment, "salience", group_0=(5, 2, 3))
    assessment.refresh_from_db()
    assert assessment.stakeholder_model == "salience"
    assert Score.objects.filter(group__code="group-0").count() == 4


@pytest.mark.parametrize("value", [0, 6, -1])
def test_a_score_beyond_the_scale_is_refused_with_group_and_attribute(assessment: Assessment, value: int) -> None:
    with pytest.raises(ValidationError) as caught:
        save_scores(
            assessment=assessment, model="power-interest", scores={("group-0", "power"): GivenScore(value, "Why")}
        )
    assert caught.value.message_dict == {"group-0-power": ["Group 0, power: choose a score from 1 to 5."]}


def test_a_score_without_a_reason_is_refused_and_nothing_is_saved(assessment: Assessment) -> None:
    scores = {("group-0", "power"): GivenScore(4, "Why"), ("group-1", "interest"): GivenScore(2, " ")}
    with pytest.raises(ValidationError) as caught:
        save_scores(assessment=assessment, model="power-interest", scores=scores)
    assert caught.value.message_dict == {"group-1-interest-reason": ["Group 1, interest: write why the score is 2."]}
    assert not Score.objects.exists()


@pytest.mark.parametrize("place", [("elsewhere", "power"), ("group-0", "urgency"), ("group-0", "charm")])
def test_another_assessments_group_or_another_attribute_is_refused(
    assessment: Assessment, place: tuple[str, str]
) -> None:
    StakeholderGroupFactory(code="elsewhere")
    with pytest.raises(ValidationError, match="have changed meanwhile"):
        save_scores(assessment=assessment, model="power-interest", scores={place: GivenScore(3, "Why")})
    assert not Score.objects.exists()


def test_scores_change_after_opening(assessment: Assessment) -> None:
    services.set_phase(assessment=assessment, phase=Phase.SURVEY)
    score(assessment, group_0=(5, 4))
    assert Score.objects.count() == 2


def test_scores_alone_change_no_weight(assessment: Assessment) -> None:
    score(assessment, group_0=(5, 4), group_1=(1, 1))
    assert weights(assessment) == ["1", "1", "1", "1"]


# --- weights ----------------------------------------------------------------------------------------------
def test_a_suggestion_is_accepted(assessment: Assessment, group: StakeholderGroup, house: House) -> None:
    score(assessment, group_0=(5, 4))
    accept_weight(group=group, by=house.analyst)
    group.refresh_from_db()
    assert (group.weight, group.weight_basis) == (Decimal("4.5"), WeightBasis.ACCEPTED)
    assert assessment.organisation.events.first().summary == "accepted the suggested weight 4.5 of the group Group 0"


def test_after_accepting_the_weight_stays_when_scores_change(assessment: Assessment, group: StakeholderGroup) -> None:
    score(assessment, group_0=(5, 4))
    accept_weight(group=group)
    score(assessment, group_0=(1, 1))
    group.refresh_from_db()
    assert (group.weight, group.weight_basis) == (Decimal("4.5"), WeightBasis.ACCEPTED)


def test_without_every_score_nothing_can_be_accepted(assessment: Assessment, group: StakeholderGroup) -> None:
    ScoreFactory(group=group, attribute="power", value=4)
    with pytest.raises(ValidationError, match="Score power and interest first"):
        accept_weight(group=group)


def test_all_suggestions_are_accepted_at_once_but_for_those_overruled(assessment: Assessment) -> None:
    score(assessment, group_0=(5, 4), group_1=(2, 3), group_2=(1, 1))
    overrule_weight(group=assessment.groups.get(code="group-1"), weight=9, reason="They are many.")
    assert accept_weights(assessment=assessment) == 2
    assert weights(assessment) == ["4.5", "9", "1", "1"]
    assert bases(assessment) == ["accepted", "overruled", "accepted", "entered"]
    assert accept_weights(assessment=assessment) == 0


def test_without_any_suggestion_all_cannot_be_accepted(assessment: Assessment) -> None:
    with pytest.raises(
        ValidationError, match=r"Nothing is suggested for any group yet\. Score power and interest first"
    ):
        accept_weights(assessment=assessment)


def test_suggestions_that_are_all_0_on_one_side_are_refused_and_change_nothing(assessment: Assessment) -> None:
    score(assessment, "salience", group_0=(1, 1, 1), group_2=(2, 2, 2), group_1=(5, 5, 5))
    with pytest.raises(ValidationError, match="Every internal group would have the weight 0"):
        accept_weights(assessment=assessment)
    assert weights(assessment) == ["1", "1", "1", "1"]
    assert set(bases(assessment)) == {"entered"}


def test_one_suggestion_of_0_is_accepted_beside_another_group(assessment: Assessment, group: StakeholderGroup) -> None:
    score(assessment, "salience", group_0=(1, 1, 1))
    accept_weight(group=group)
    assert weights(assessment) == ["0", "1", "1", "1"]


def test_a_suggestion_is_overruled_with_a_reason(assessment: Assessment, group: StakeholderGroup, house: House) -> None:
    score(assessment, group_0=(5, 4))
    overrule_weight(group=group, weight=Decimal("2.25"), reason=" A small group. ", by=house.analyst)
    group.refresh_from_db()
    assert (group.weight, group.weight_basis, group.weight_reason) == (
        Decimal("2.25"), WeightBasis.OVERRULED, "A small group.",
    )  # fmt: skip
    summary = assessment.organisation.events.first().summary
    assert summary == "gave the group Group 0 the weight 2.25 instead of the suggested 4.5"


def test_the_present_weight_can_be_kept_with_a_reason(assessment: Assessment, group: StakeholderGroup) -> None:
    score(assessment, group_0=(5, 4))
    overrule_weight(group=group, weight=group.weight, reason="As last year.")
    group.refresh_from_db()
    assert (group.weight, group.weight_basis) == (1, WeightBasis.OVERRULED)


def test_overruling_without_a_reason_is_refused(assessment: Assessment, group: StakeholderGroup) -> None:
    score(assessment, group_0=(5, 4))
    with pytest.raises(ValidationError) as caught:
        overrule_weight(group=group, weight=2, reason=" ")
    assert caught.value.message_dict == {"reason": ["Write why Group 0 shall not have the suggested weight of 4.5."]}
    assert weights(assessment)[0] == "1"


@pytest.mark.parametrize("weight", [Decimal("-1"), Decimal("NaN")])
def test_a_negative_weight_does_not_overrule(assessment: Assessment, group: StakeholderGroup, weight: Decimal) -> None:
    score(assessment, group_0=(5, 4))
    with pytest.raises(ValidationError) as caught:
        overrule_weight(group=group, weight=weight, reason="Why")
    assert list(caught.value.message_dict) == ["weight"]


def test_weights_that_are_all_0_on_one_side_do_not_overrule(assessment: Assessment, group: StakeholderGroup) -> None:
    score(assessment, group_0=(5, 4), group_2=(5, 4))
    overrule_weight(group=assessment.groups.get(code="group-2"), weight=0, reason="Why")
    with pytest.raises(ValidationError) as caught:
        overrule_weight(group=group, weight=0, reason="Why")
    assert "at least one internal group a weight above 0" in caught.value.message_dict["weight"][0]


def test_accepting_after_overruling_drops_the_reason(assessment: Assessment, group: StakeholderGroup) -> None:
    score(assessment, group_0=(5, 4))
    overrule_weight(group=group, weight=2, reason="A small group.")
    accept_weight(group=group)
    group.refresh_from_db()
    assert (group.weight_basis, group.weight_reason) == (WeightBasis.ACCEPTED, "")


def test_a_group_that_is_gone_meanwhile_gets_no_weight(assessment: Assessment, group: StakeholderGroup) -> None:
    score(assessment, group_0=(5, 4))
    StakeholderGroup.objects.filter(pk=group.pk).delete()
    for change in (lambda: accept_weight(group=group), lambda: overrule_weight(group=group, weight=2, reason="Why")):
        with pytest.raises(ValidationError, match="was removed meanwhile"):
            change()


def test_weights_change_after_opening_and_the_next_result_has_them(answered: Assessment) -> None:
    submit_response(link=answered.survey.links.get(group__code="group-2"), answers=bytes([1, 3, 1]))
    submit_response(link=answered.survey.links.get(group__code="group-1"), answers=bytes([3, 3, 1]))
    before = analyse_now(assessment=answered)
    score(answered, group_0=(5, 4))
    accept_weights(assessment=answered)
    after = analyse_now(assessment=answered)
    company = [{issue["code"]: issue["company"] for issue in run.results["issues"]} for run in (before, after)]
    # 5 and 1 with the weights 1 and 1, then 4.5 and 1.
    assert (company[0]["issue-0"], round(company[1]["issue-0"], 4)) == (3.0, round((5 * 4.5 + 1) / 5.5, 4))
