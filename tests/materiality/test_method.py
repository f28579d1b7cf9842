"""The method in the open: every choice does what it says, is kept with the run, and is refused where it cannot be."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from jobs.models import Job
from materiality.choices import CHOICES, WEIGHTS, departures, kept_choices
from materiality.models import AnalysisRun, Method
from materiality.scoring.exact import Number
from materiality.scoring.method import CANNOT_JUDGE, LENIENCY
from materiality.scoring.method import WEIGHTS as WEIGHT_RULES
from materiality.scoring.method import Method as ScoringMethod
from materiality.scoring.priority import PRIORITY_RULES
from materiality.scoring.tier_rules import TIER_RULES, NaturalBreaks
from materiality.scoring.weights import GroupFacts
from materiality.selectors import current_run
from materiality.services import Choice, analyse_now, choice_of, choose_method, is_out_of_date, method_of
from materiality.voices import inputs_of, voices_of
from materiality.weighing import facts_and_answers, facts_for, facts_used
from scoping.models import Assessment, Side
from surveys.models import IssueQuestion, Survey
from surveys.selectors import tallies_of
from surveys.services import close_survey, fold_responses, open_survey, submit_response
from tests.materiality.conftest import Answer
from tests.support.factories import (
    AssessmentFactory,
    GroupDesignFactory,
    InvitationFactory,
    IssueFactory,
    ScoreFactory,
    StakeholderGroupFactory,
    SurveyFactory,
    TierFactory,
)
from tests.support.people import House


def weight_of(run: AnalysisRun) -> dict[str, float]:
    return {group["code"]: group["weight"] for group in run.results["stakeholder_groups"]}


def on_a(run: AnalysisRun, key: str) -> float | None:
    return next(issue for issue in run.results["issues"] if issue["code"] == "a")[key]


@pytest.fixture
def three(house: House) -> Assessment:
    """Two outside groups that disagree on a: one client says 5, three of the press say 1."""
    assessment = AssessmentFactory(organisation=house.organisation, slug="example-2022")
    for position, code in enumerate("abc"):
        IssueFactory(assessment=assessment, code=code, name=f"Issue {code.upper()}", position=position)
    sides = {"staff": Side.INTERNAL, "clients": Side.EXTERNAL, "press": Side.EXTERNAL}
    for position, (code, side) in enumerate(sides.items()):
        StakeholderGroupFactory(assessment=assessment, code=code, name=code.title(), side=side, position=position)
    survey = SurveyFactory(assessment=assessment, minimum_group=1)
    open_survey(survey=survey)
    links = {link.group.code: link for link in survey.links.select_related("group")}
    answers = {"staff": [[3, 3, 3]], "clients": [[5, 2, 2]], "press": [[1, 4, 0]] * 2 + [[1, 4, 3]]}
    for code, found in answers.items():
        for ratings in found:
            submit_response(link=links[code], answers=bytes(ratings))
    fold_responses(survey=survey)
    return assessment


def analysed(assessment: Assessment, **choice: object) -> AnalysisRun:
    choose_method(assessment=assessment, choice=Choice(**choice))
    return analyse_now(assessment=assessment)


def set_headcounts(assessment: Assessment, **numbers: int) -> None:
    for code, number in numbers.items():
        assessment.groups.filter(code=code).update(headcount=number)


@pytest.mark.parametrize(
    ("rule", "clients", "press"),
    [("given", 3, 1), ("equal", 1, 1), ("respondents", 1, 3), ("headcount", 40, 10), ("response_rate", 0.025, 0.3)],
)
def test_weights_follow_their_rule(three: Assessment, rule: str, clients: float, press: float) -> None:
    three.groups.filter(code="clients").update(weight=3)
    set_headcounts(three, staff=5, clients=40, press=10)
    run = analysed(three, weights=rule)
    assert (weight_of(run)["clients"], weight_of(run)["press"]) == (clients, press)
    assert on_a(run, "stakeholders") == pytest.approx((5 * clients + press) / (clients + press))


def test_power_and_interest_weigh_as_the_register_suggests(three: Assessment) -> None:
    for code, power, interest in (("staff", 1, 1), ("clients", 5, 4), ("press", 2, 1)):
        group = three.groups.get(code=code)
        ScoreFactory(group=group, attribute="power", value=power)
        ScoreFactory(group=group, attribute="interest", value=interest)
    assert weight_of(analysed(three, weights="power_interest")) == {"staff": 1.0, "clients": 4.5, "press": 1.5}


def test_invited_people_stand_in_for_a_headcount_that_is_not_known(three: Assessment) -> None:
    survey = Survey.objects.get(assessment=three)
    for code, number in (("staff", 2), ("clients", 4), ("press", 6)):
        for _ in range(number):
            InvitationFactory(survey=survey, group=three.groups.get(code=code))
    assert weight_of(analysed(three, weights="response_rate")) == {"staff": 0.5, "clients": 0.25, "press": 0.5}


def test_a_group_that_was_given_no_weight_is_left_out_by_every_rule(three: Assessment) -> None:
    three.groups.filter(code="press").update(weight=0)
    run = analysed(three, weights="respondents")
    assert weight_of(run)["press"] == 0
    assert on_a(run, "stakeholders") == 5.0


@pytest.mark.parametrize(
    ("treatment", "mean"), [("left_out", 3), ("lowest", 5 / 3), ("middle", 3)], ids=["left out", "lowest", "middle"]
)
def test_cannot_judge_counts_as_chosen(three: Assessment, treatment: str, mean: float) -> None:
    run = analysed(three, cannot_judge=treatment)
    issue = next(found for found in run.results["issues"] if found["code"] == "c")
    assert issue["groups"]["Press"] == {"mean": pytest.approx(mean), "n": 1}
    assert issue["stakeholders"] == pytest.approx((2 + mean) / 2)


def test_what_nobody_of_a_group_rated_is_not_filled(assessment: Assessment, answer: Answer) -> None:
    answer("staff", [4, 0, 2])
    answer("clients", [4, 3, 2])
    run = analysed(assessment, cannot_judge="lowest")
    issue = next(found for found in run.results["issues"] if found["code"] == "b")
    assert issue["groups"]["Staff"] == {"mean": None, "n": 0}


def test_a_missing_rating_is_no_rating_while_newer_answers_wait(house: House) -> None:
    assessment = AssessmentFactory(organisation=house.organisation, groups=2, issues=3)
    survey = SurveyFactory(assessment=assessment, minimum_group=3)
    open_survey(survey=survey)
    survey.refresh_from_db()
    for link in survey.links.all():
        for _ in range(7):
            submit_response(link=link, answers=bytes([5, 4, 0]))
            submit_response(link=link, answers=bytes([5, 4, 2]))
    choose_method(assessment=assessment, choice=Choice(cannot_judge="lowest"))
    with pytest.raises(ValidationError, match="not shown yet, so it is not known which ratings are missing"):
        analyse_now(assessment=assessment)
    close_survey(survey=survey)
    issues = analyse_now(assessment=assessment).results["issues"]
    assert [issue["company"] for issue in issues] == [5.0, 4.0, 1.5]


def test_a_lenient_group_does_not_disagree_on_everything(
    assessment: Assessment, answer: Answer, viewer_client: Client
) -> None:
    answer("staff", [1, 2, 3])
    answer("clients", [3, 4, 5])
    run = analysed(assessment)
    assert [issue["contested"] for issue in run.results["issues"]] == [True] * 3
    centred = analysed(assessment, leniency="centred")
    assert [issue["spread"] for issue in centred.results["issues"]] == [0.0] * 3
    page = viewer_client.get(f"/o/{assessment.organisation.slug}/a/{assessment.slug}/results/").content.decode()
    assert "Spreads are measured after each group’s own level is taken away." in page
    assert [issue["priority"] for issue in centred.results["issues"]] == [
        issue["priority"] for issue in run.results["issues"]
    ]


def test_headcounts_reach_the_engine_unless_more_have_answered(three: Assessment) -> None:
    set_headcounts(three, staff=5, press=2)
    survey = tallies_of(three)
    assert survey is not None
    voices, method = voices_of(survey), ScoringMethod(tiers=("A",), rule=NaturalBreaks())
    facts = facts_for(three)
    assert [one.population for one in inputs_of(voices, facts, method)] == [5, None, None]
    corrected = ScoringMethod(tiers=("A",), rule=NaturalBreaks(), finite_population=True)
    with pytest.raises(ValueError, match="3 from the 2 people of Press"):
        inputs_of(voices, facts, corrected)


@pytest.mark.parametrize(
    ("rule", "weights"), [("given", [1, 1, 1]), ("headcount", [5, 50, 10]), ("response_rate", [0.2, 0.02, 0.3])]
)
def test_people_of_the_survey_come_before_the_headcount_everywhere(
    three: Assessment, rule: str, weights: list[float]
) -> None:
    set_headcounts(three, staff=5, clients=1000, press=10)
    design = GroupDesignFactory(survey=Survey.objects.get(), group=three.groups.get(code="clients"), population=50)
    survey = tallies_of(three)
    assert survey is not None
    method = ScoringMethod(tiers=("A",), rule=NaturalBreaks(), weights=rule, finite_population=True)
    facts = facts_used(three, survey, method)
    inputs = inputs_of(voices_of(survey), facts, method)
    assert [one.population for one in inputs] == [5, 50, 10]
    assert [float(one.exact_weight) for one in inputs] == weights
    assert facts["clients"].headcount == facts_and_answers(three, survey)["clients"].headcount
    # Without a number in the register the survey's is enough, and another one is another result.
    set_headcounts(three, clients=None)
    run = analysed(three, weights=rule)
    assert not is_out_of_date(run, tallies_of(three))
    design.population = 60
    design.save()
    assert is_out_of_date(run, tallies_of(three))


def test_groups_that_speak_together_have_the_sum_of_weights_and_people(house: House) -> None:
    assessment = AssessmentFactory(organisation=house.organisation, issues=2)
    for position, headcount in enumerate([9, 20, 30]):
        side = Side.EXTERNAL if position else Side.INTERNAL
        StakeholderGroupFactory(assessment=assessment, position=position, side=side, headcount=headcount)
    survey = SurveyFactory(assessment=assessment, minimum_group=3)
    open_survey(survey=survey)
    for position, times in enumerate([3, 2, 4]):
        for _ in range(times):
            submit_response(link=survey.links.get(group__code=f"group-{position}"), answers=bytes([4, 2]))
    fold_responses(survey=survey)
    close_survey(survey=survey)
    found = tallies_of(assessment)
    assert found is not None
    method = ScoringMethod(tiers=("A",), rule=NaturalBreaks(), weights="headcount", finite_population=True)
    pool = inputs_of(voices_of(found), facts_for(assessment), method)[-1]
    assert (pool.name, pool.weight, pool.population) == ("Group 1 and Group 2 together", 50, 50)


@pytest.mark.parametrize("weights", [{"press": 0}, {"press": "0"}])
def test_weights_for_a_question_of_what_if_overrule_the_rule(three: Assessment, weights: dict[str, Number]) -> None:
    survey = tallies_of(three)
    assert survey is not None
    # Nothing is known of anybody, and of the press nothing need be.
    facts = {code: GroupFacts(code, headcount=7) for code in ("staff", "clients")} | {"press": GroupFacts("press")}
    method = ScoringMethod(tiers=("A",), rule=NaturalBreaks(), weights="headcount")
    assert [one.weight for one in inputs_of(voices_of(survey), facts, method, weights)] == [7, 7, 0]
    with pytest.raises(ValueError, match="weight of the group 'press' is nan, not a finite number"):
        inputs_of(voices_of(survey), facts, method, {"press": float("nan")})


def test_a_fact_that_the_method_looks_at_makes_the_result_old(three: Assessment) -> None:
    def out_of_date() -> bool:
        run = current_run(organisation=three.organisation, assessment=three)
        assert run is not None
        return is_out_of_date(run, tallies_of(three))

    analysed(three)
    ScoreFactory(group=three.groups.get(code="press"), attribute="power", value=2)
    assert not out_of_date()
    for group in three.groups.all():
        for attribute in {"power", "interest"} - set(group.scores.values_list("attribute", flat=True)):
            ScoreFactory(group=group, attribute=attribute, value=3)
    analysed(three, weights="power_interest")
    assert not out_of_date()
    three.groups.get(code="press").scores.filter(attribute="power").update(value=5)
    assert out_of_date()
    analysed(three)
    set_headcounts(three, press=30)
    assert out_of_date()


@pytest.mark.parametrize(
    ("choice", "words", "place"),
    [
        (Choice(weights="headcount"), "Enter the headcount of Staff, Clients, Press", "weights"),
        (Choice(weights="response_rate"), "Enter the headcount of Staff, Clients, Press", "weights"),
        (Choice(weights="power_interest"), "Score the power and the interest of Staff, Clients, Press", "weights"),
        (Choice(rule="cut_offs", cuts=("4", "3", "2")), "3 tiers need 2 cut-offs", "cuts"),
        (Choice(rule="cut_offs", cuts=("nan", "3")), "'nan', not a finite number", "cuts"),
        (Choice(weights="loudness"), "Weights of the groups: there is no option “loudness”", "weights"),
        (Choice(rule="nonsense"), "How issues get their tier: there is no option “nonsense”", "rule"),
        (Choice(cannot_judge="x"), "there is no option “x”", "cannot_judge"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(three: Assessment, choice: Choice, words: str, place: str) -> None:
    with pytest.raises(ValidationError, match=words) as refusal:
        choose_method(assessment=three, choice=choice)
    assert refusal.value.code == place
    assert not Method.objects.exists()


def test_a_side_without_any_weight_is_refused(three: Assessment) -> None:
    three.groups.filter(side=Side.EXTERNAL).update(weight=0)
    with pytest.raises(ValidationError, match="All weights of Clients and Press are 0: give at least one"):
        choose_method(assessment=three, choice=Choice(weights="equal"))


def test_more_answers_than_people_are_refused(three: Assessment) -> None:
    set_headcounts(three, press=2)
    with pytest.raises(ValidationError, match="3 from the 2 people of Press"):
        choose_method(assessment=three, choice=Choice(finite_population=True))


def test_a_scale_without_a_middle_is_refused(house: House) -> None:
    assessment = AssessmentFactory(organisation=house.organisation, groups=2, issues=3)
    open_survey(survey=SurveyFactory(assessment=assessment, kind=IssueQuestion.RATING, steps=4))
    with pytest.raises(ValidationError, match="scale from 1 to 4 has no middle rating") as refusal:
        choose_method(assessment=assessment, choice=Choice(cannot_judge="middle"))
    assert refusal.value.code == "cannot_judge"


def test_choices_of_old_are_read(answered: Assessment) -> None:
    Method.objects.create(assessment=answered, parameters={"priority": "max", "rule": "cut_offs", "cuts": ["4", "2"]})
    assert choice_of(answered) == Choice("max", "cut_offs", ("4", "2"))
    assert method_of(answered).weights == "given"


def test_every_choice_of_the_engine_is_explained() -> None:
    explained = {one.name: {option.value for option in one.options} for one in CHOICES}
    assert explained == {
        "weights": set(WEIGHT_RULES),
        "priority": set(PRIORITY_RULES),
        "rule": {"", *TIER_RULES},
        "cannot_judge": set(CANNOT_JUDGE),
        "leniency": set(LENIENCY),
        "finite_population": {"no", "yes"},
    }
    assert all(option.sentence.endswith(".") and option.reference for one in CHOICES for option in one.options)


def test_the_choices_are_kept_with_the_run_and_printed(three: Assessment, viewer_client: Client) -> None:
    run = analysed(three, weights="respondents", rule="cut_offs", cuts=("4", "2.5"))
    kept = {one["choice"]: one for one in run.results["choices"]}
    assert kept["Weights of the groups"]["value"] == "respondents"
    assert kept["How issues get their tier"]["label"] == "Cut-offs on priority: 4 / 2.5"
    assert "Groups weigh by the number of their respondents." in run.results["method_sentence"]
    place = f"/o/{three.organisation.slug}/a/{three.slug}/"
    page = viewer_client.get(f"{place}results/").content.decode()
    for one in run.results["choices"]:
        assert one["formula"].replace("<", "&lt;") in page
    assert (
        "Groups weigh by the number of their respondents." in viewer_client.get(f"{place}statement/").content.decode()
    )


def test_a_run_from_before_choices_were_kept_is_still_a_page(answered: Assessment, viewer_client: Client) -> None:
    run = analyse_now(assessment=answered)
    del run.results["choices"]
    for name in ("axes", "weights", "cannot_judge", "leniency", "finite_population"):
        del run.results["method"][name]
    AnalysisRun.objects.filter(pk=run.pk).update(results=run.results)
    page = viewer_client.get(f"/o/{answered.organisation.slug}/a/{answered.slug}/results/")
    assert page.status_code == 200
    assert "“Cannot judge” is left out of a mean" in page.content.decode()


def test_the_usual_method_departs_from_nothing() -> None:
    usual = ScoringMethod(tiers=("A",), rule=NaturalBreaks())
    assert departures(usual) == []
    assert len(kept_choices(usual)) == 1 + len(CHOICES)
    unusual = ScoringMethod(tiers=("A",), rule=NaturalBreaks(), weights="equal", finite_population=True)
    assert departures(unusual) == [
        WEIGHTS.option("equal").said,
        "Where headcounts are known, certainty is corrected for finite populations.",
    ]


# --- the page ----------------------------------------------------------------------------------------------
def page_of(assessment: Assessment) -> str:
    return f"/o/{assessment.organisation.slug}/a/{assessment.slug}/method/"


USUAL = {
    "weights": "given",
    "priority": "mean",
    "rule": "",
    "cuts": "",
    "cannot_judge": "left_out",
    "leniency": "as_rated",
    "finite_population": "no",
}


def test_viewers_read_the_method_and_do_not_choose_it(three: Assessment, viewer_client: Client) -> None:
    """As a viewer's key does."""
    place = f"/o/{three.organisation.slug}/a/{three.slug}/method/"
    answer = viewer_client.get(f"{place}?preset=gri")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Owners and analysts choose the method." in page
    assert str(answer.context["sentence"])[:20] in page
    assert "Save and compute" not in page
    assert "Start from a method" not in page
    assert viewer_client.post(place, {}).status_code == 403


def test_saving_keeps_every_choice(three: Assessment, analyst_client: Client) -> None:
    form = {
        "weights": "respondents",
        "priority": "min",
        "rule": "axis_cut_offs",
        "cuts": "4; 2,5",
        "cannot_judge": "middle",
        "leniency": "centred",
        "finite_population": "yes",
    }
    assert analyst_client.post(page_of(three), form).status_code == 302
    chosen = Choice("min", "axis_cut_offs", ("4", "2.5"), "respondents", "middle", "centred", finite_population=True)
    assert choice_of(three) == chosen
    page = analyst_client.get(page_of(three)).content.decode()
    assert page.count(" checked") == len(CHOICES)
    assert "A missing rating counts as the middle of the scale." in page


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weights": "headcount"}, "Enter the headcount of Staff, Clients, Press"),
        ({"weights": "loudness"}, "Select a valid choice"),
        ({"rule": "cut_offs", "cuts": "6; 3"}, "cut-off 6 is outside the scale from 1 to 5"),
        ({"rule": "cut_offs", "cuts": "nan; 3"}, "is not a number"),
        ({"rule": "cut_offs", "cuts": "inf; 3"}, "is not a number"),
        ({"rule": "cut_offs", "cuts": "4; 1/0"}, "is not a number"),
        ({"rule": "cut_offs", "cuts": "1e999999999; 3"}, "&#x27;1e999999999&#x27; is not a number"),
        ({"rule": "cut_offs", "cuts": "4; -1"}, "cut-off -1 is outside the scale from 1 to 5"),
        ({"rule": "counts"}, "no sizes that add up"),
    ],
)
def test_what_cannot_be_is_a_sentence_at_its_place(
    three: Assessment, analyst_client: Client, change: dict[str, str], message: str
) -> None:
    response = analyst_client.post(page_of(three), USUAL | change)
    assert response.status_code == 400
    page = response.content.decode()
    errors = page[page.index('class="field-errors"') :]
    assert message in errors[:400]
    assert "Nothing was saved." in page
    assert not Method.objects.exists()
    assert not Job.objects.filter(kind="materiality.analyse").exists()


def test_weights_that_sum_to_zero_are_a_sentence_at_the_weights(three: Assessment, analyst_client: Client) -> None:
    three.groups.filter(side=Side.INTERNAL).update(weight=0)
    response = analyst_client.post(page_of(three), USUAL)
    assert response.status_code == 400
    assert "All weights of Staff are 0" in response.content.decode()


def test_more_tiers_than_issues_are_a_sentence(three: Assessment, analyst_client: Client) -> None:
    for position in range(4):
        TierFactory(assessment=three, position=position, name=f"Tier {position}")
    assert "There are 4 tiers for 3 issues" in analyst_client.get(page_of(three)).content.decode()
    response = analyst_client.post(page_of(three), USUAL)
    assert response.status_code == 400
    assert "There are 4 tiers for 3 issues: leave out a tier." in response.content.decode()


def test_a_preset_fills_the_form_in_and_saves_nothing(three: Assessment, analyst_client: Client) -> None:
    page = analyst_client.get(page_of(three) + "?preset=either-side").content.decode()
    assert "is filled in below. Nothing is saved until you save it." in page
    assert '<input type="radio" name="priority" value="max" id="id_priority_1" checked' in page
    # Three tiers, spread evenly from 1 to 5.
    assert 'value="3.67; 2.33"' in page
    assert not Method.objects.exists()


@pytest.mark.parametrize(
    ("preset", "words"),
    [
        ("qifu-2022", "It parts 18 issues; this list has 3."),
        ("distance", "It has another number of tiers: 4 instead of 3."),
        ("all-people", "Enter the headcount of Staff, Clients and Press first."),
    ],
)
def test_a_preset_that_does_not_fit_says_what_to_change(
    three: Assessment, analyst_client: Client, preset: str, words: str
) -> None:
    page = analyst_client.get(f"{page_of(three)}?preset={preset}").content.decode()
    assert words in page
    assert f'href="?preset={preset}' not in page
    assert "does not fit yet; what is missing stands beside it." in page


def test_the_published_sizes_fit_where_the_tiers_have_them(three: Assessment, analyst_client: Client) -> None:
    for position in range(3, 18):
        IssueFactory(assessment=three, position=position)
    for position, size in enumerate([9, 7, 2]):
        TierFactory(assessment=three, position=position, name=f"Tier {position}", planned_count=size)
    page = analyst_client.get(page_of(three) + "?preset=qifu-2022").content.decode()
    assert "tiers by fixed counts, 9 / 7 / 2" in page
    assert "Give the tiers the sizes 7 / 11 / 2 first." not in page
    assert "It parts 20 issues; this list has 18." in page


def test_groups_and_what_their_weights_can_start_from_stand_on_the_page(
    three: Assessment, analyst_client: Client
) -> None:
    set_headcounts(three, staff=1234)
    page = analyst_client.get(page_of(three)).content.decode()
    assert "1,234" in page
    missing = page[page.index("The headcount is missing:") :][:600]
    assert "/groups/clients/" in missing
    assert "/groups/press/" in missing
    assert "/groups/staff/" not in missing[: missing.index("</span>")]


def test_the_next_assessment_can_start_from_the_method_of_this_one(
    assessment: Assessment, analyst_client: Client
) -> None:
    choose_method(assessment=assessment, choice=Choice(priority="max", cannot_judge="lowest"))
    after = AssessmentFactory(
        organisation=assessment.organisation, slug="next", previous=assessment, groups=2, issues=3
    )
    page = f"/o/{after.organisation.slug}/a/next/method/?preset=before"
    text = analyst_client.get(page).content.decode()
    assert f"As in {assessment.reporting_period}" in text
    assert analyst_client.get(page).context["form"].initial["priority"] == "max"
    assert choice_of(after) == Choice()
