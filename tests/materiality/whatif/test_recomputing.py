"""What-ifs from tallies: exact, the same as a run where nothing is changed, and telling no more than a run does."""

from fractions import Fraction
from itertools import combinations

import pytest
from django.core.exceptions import ValidationError

from materiality.models import AnalysisRun
from materiality.services import Choice, NothingToAnalyse, analyse_now, choice_of
from materiality.whatif.adjustments import Adjustments
from materiality.whatif.recomputing import kept_voices, recompute, usual_weights
from scoping.models import Assessment, Side
from surveys.models import Survey, SurveyLink
from surveys.selectors import tallies_of
from surveys.services import close_survey, fold_responses, open_survey, submit_response
from tests.support.factories import AssessmentFactory, IssueFactory, StakeholderGroupFactory, SurveyFactory, TierFactory
from tests.support.people import House

GROUPS = {"staff": Side.INTERNAL, "clients": Side.EXTERNAL, "partners": Side.EXTERNAL, "press": Side.EXTERNAL}
OF_THE_RUN = {"run", "computed_at", "scenario", "assessment"}


def opened(house: House, slug: str = "example-2022", **design) -> Survey:
    assessment = AssessmentFactory(organisation=house.organisation, slug=slug, name="Example")
    for position, code in enumerate("abcd"):
        IssueFactory(assessment=assessment, code=code, name=f"Issue {code.upper()}", position=position)
    for position, (code, side) in enumerate(GROUPS.items()):
        StakeholderGroupFactory(assessment=assessment, code=code, name=code.title(), side=side, position=position)
    for position, (name, size) in enumerate({"High": 1, "Middle": 1, "Low": 2}.items()):
        TierFactory(assessment=assessment, name=name, planned_count=size, position=position)
    survey = SurveyFactory(assessment=assessment, **design)
    open_survey(survey=survey)
    survey.refresh_from_db()
    return survey


def answer(survey: Survey, group: str, ratings: list[int], times: int = 1) -> None:
    for _ in range(times):
        submit_response(link=SurveyLink.objects.get(survey=survey, group__code=group), answers=bytes(ratings))


def end(survey: Survey) -> None:
    close_survey(survey=survey)
    fold_responses(survey=survey)


@pytest.fixture
def assessment(house: House) -> Assessment:
    survey = opened(house)
    answer(survey, "staff", [5, 4, 3, 1], 6)
    answer(survey, "clients", [4, 5, 2, 1], 6)
    answer(survey, "partners", [1, 2, 5, 3], 6)
    answer(survey, "press", [2, 2, 2, 5], 5)
    end(survey)
    return survey.assessment


def issue(results: dict, code: str) -> dict:
    return next(found for found in results["issues"] if found["code"] == code)


def asked(assessment: Assessment, **adjustments) -> dict:
    return recompute(assessment=assessment, adjustments=Adjustments(choice_of(assessment), **adjustments))


def test_without_adjustments_it_is_the_run(assessment):
    run = analyse_now(assessment=assessment).results
    found = asked(assessment)
    assert found["scenario"] == Adjustments().to_dict()
    assert {name: found[name] for name in run if name not in OF_THE_RUN} == {
        name: run[name] for name in run if name not in OF_THE_RUN
    }


def test_it_stores_nothing(assessment, django_assert_num_queries):
    analyse_now(assessment=assessment)
    asked(assessment, weights={"press": Fraction(3)})
    assert AnalysisRun.objects.count() == 1


def test_other_weights_move_an_axis_exactly(assessment):
    found = asked(assessment, weights={"partners": Fraction(5, 2)})
    assert issue(found, "a")["stakeholders"] == pytest.approx((4 + 2.5 * 1 + 2) / 4.5)
    assert issue(found, "a")["company"] == 5


def test_a_group_that_is_left_out_weighs_nothing(assessment):
    found = asked(assessment, left_out_groups=frozenset({"partners"}))
    assert issue(found, "a")["stakeholders"] == 3
    assert issue(found, "a")["groups"]["Partners"]["mean"] == 1
    assert "Left out in this scenario, with no weight: Partners." in found["notes"][0]


def test_issues_that_are_left_out_shorten_the_lowest_tiers(assessment):
    assert [tier["count"] for tier in asked(assessment)["tiers"]] == [1, 1, 2]
    found = asked(assessment, left_out_issues=frozenset({"a"}))
    assert [tier["count"] for tier in found["tiers"]] == [1, 1, 1]
    assert {one["code"] for one in found["issues"]} == {"b", "c", "d"}
    assert found["notes"][:2] == [
        "Left out in this scenario: Issue A.",
        "With 3 issues instead of 4, the lowest tiers hold fewer: 1 / 1 / 1.",
    ]
    assert issue(found, "b")["stakeholders"] == issue(asked(assessment), "b")["stakeholders"]


def test_another_rule(assessment):
    found = recompute(
        assessment=assessment, adjustments=Adjustments(Choice(rule="cut_offs", cuts=("4", "3"), priority="max"))
    )
    assert [tier["count"] for tier in found["tiers"]] == [2, 2, 0]


@pytest.mark.parametrize(
    ("adjustments", "message"),
    [
        ({"weights": {"staff": Fraction()}}, r"Importance to the company: all weights are 0 \(Staff\)"),
        ({"left_out_groups": frozenset({"staff"})}, r"Importance to the company: all weights are 0 \(Staff\)"),
        ({"left_out_issues": frozenset("abcd")}, "All issues are left out"),
        ({"left_out_issues": frozenset("ab")}, "There are 3 tiers for 2 issues"),
        ({"left_out_issues": frozenset("z")}, "no issue “z”"),
        ({"left_out_groups": frozenset({"nobody"})}, "no group “nobody”"),
        ({"weights": {"nobody": Fraction(1)}}, "no group “nobody”"),
        ({"choice": Choice(rule="cut_offs", cuts=("9", "3"))}, "The cut-off 9 is outside the scale"),
        ({"choice": Choice(weights="headcount")}, "headcount"),
        ({"choice": Choice(priority="loudest")}, "there is no option “loudest”"),
        ({"choice": Choice(rule="nonsense")}, "there is no option “nonsense”"),
    ],
)
def test_what_cannot_be_computed_says_why(assessment, adjustments, message):
    with pytest.raises(ValidationError, match=message):
        recompute(assessment=assessment, adjustments=Adjustments(**adjustments))


def test_without_answers_there_is_nothing_to_compute(house):
    with pytest.raises(NothingToAnalyse):
        recompute(assessment=opened(house).assessment, adjustments=Adjustments())


def test_weights_by_the_method_are_where_sliders_start(assessment):
    survey = tallies_of(assessment)
    assert usual_weights(assessment=assessment, choice=Choice(weights="respondents"), survey=survey) == {
        "staff": 6, "clients": 6, "partners": 6, "press": 5,
    }  # fmt: skip


def test_headcounts_are_those_of_now(assessment):
    def weights() -> dict[str, Fraction]:
        survey = tallies_of(assessment)
        return usual_weights(assessment=assessment, choice=Choice(weights="headcount"), survey=survey)

    assessment.groups.update(headcount=10)
    assert set(weights().values()) == {10}
    assessment.groups.filter(code="press").update(headcount=1000)
    assert weights()["press"] == 1000
    rarer = {"choice": Choice(finite_population=True), "weights": {"press": Fraction(3)}}
    assert few_of_many(assessment, rarer) > few_of_many(assessment, rarer, press=6)
    assessment.groups.update(headcount=None)
    with pytest.raises(ValidationError, match="Enter the headcount of Staff"):
        weights()


def few_of_many(assessment: Assessment, whatif: dict, **headcounts: int) -> float:
    """The width of an interval of issue D, with other headcounts."""
    for code, headcount in headcounts.items():
        assessment.groups.filter(code=code).update(headcount=headcount)
    low, high = issue(recompute(assessment=assessment, adjustments=Adjustments(**whatif)), "d")["stakeholders_interval"]
    return high - low


def test_voices_are_kept_until_answers_or_names_change(house):
    survey = opened(house, minimum_group=1)
    answer(survey, "staff", [5, 4, 3, 1])
    fold_responses(survey=survey)
    first = kept_voices(tallies_of(survey.assessment))
    assert kept_voices(tallies_of(survey.assessment)) is first
    group = survey.assessment.groups.get(code="staff")
    group.name = "Employees"
    group.save()
    renamed = kept_voices(tallies_of(survey.assessment))
    assert renamed[0].input.name == "Employees"
    answer(survey, "staff", [5, 5, 5, 5])
    end(survey)
    assert kept_voices(tallies_of(survey.assessment)) is not renamed


def test_both_importances_have_one_weight_for_each_group(house):
    survey = opened(house, both_importances=True)
    for group in GROUPS:
        answer(survey, group, [5, 4, 3, 1, 1, 2, 3, 4], 6)
    end(survey)
    found = asked(survey.assessment, weights={"press": Fraction(7)}, left_out_issues=frozenset({"a"}))
    assert {group["weight"] for group in found["stakeholder_groups"] if group["code"] == "press"} == {7}
    assert issue(found, "b")["company"] == 4
    assert issue(found, "b")["stakeholders"] == 2


# --- what it tells of few people ------------------------------------------------------------------------------
def few_people(house: House, slug: str, *, exchanged: bool) -> Assessment:
    """Three of the press are counted with the partners; two of them have exchanged their answers, or not."""
    survey = opened(house, slug)
    answer(survey, "staff", [5, 4, 3, 1], 6)
    answer(survey, "clients", [4, 5, 2, 1], 7)
    of_press, of_partner = [5, 1, 4, 2], [1, 5, 2, 4]
    answer(survey, "press", of_partner if exchanged else of_press)
    answer(survey, "press", [3, 3, 3, 3], 2)
    answer(survey, "partners", of_press if exchanged else of_partner)
    answer(survey, "partners", [2, 3, 4, 5], 5)
    end(survey)
    return survey.assessment


def test_no_whatif_tells_who_of_those_counted_together_said_what(house):
    """Whatever is weighed and left out, it is the same when two of them exchange their answers."""
    worlds = [few_people(house, f"world-{world}", exchanged=world == 1) for world in (0, 1)]
    groups, issues = [*GROUPS][1:], "abcd"
    whatifs = [
        {},
        *({"left_out_groups": frozenset(out)} for n in (1, 2) for out in combinations(groups, n)),
        *({"left_out_issues": frozenset(one)} for one in issues),
        *({"weights": {group: Fraction(weight)}} for group in groups for weight in (0, 5)),
        {"left_out_groups": frozenset({"partners"}), "weights": {"press": Fraction(9)}},
    ]
    for whatif in whatifs:
        told = [
            {name: value for name, value in asked(world, **whatif).items() if name not in OF_THE_RUN}
            for world in worlds
        ]
        assert told[0] == told[1], whatif
    # The exchange is one that a result without protection would show.
    press = [tallies_of(world).groups[3].people for world in worlds]
    assert press[0].digest() != press[1].digest()


def test_leaving_out_one_of_those_counted_together_keeps_their_average(house):
    assessment = few_people(house, "together", exchanged=False)
    before, without = (asked(assessment, left_out_groups=frozenset(out)) for out in ((), ("press",)))
    together = "Partners and Press together"
    assert issue(without, "a")["groups"][together] == issue(before, "a")["groups"][together]
    assert issue(without, "a")["groups"]["Press"]["mean"] is None
    average = issue(before, "a")["groups"][together]["mean"]
    assert issue(without, "a")["stakeholders"] == pytest.approx((4 + average) / 2)
