"""From tallies to the engine: both importances, and what protects small groups, in the result that people see."""

import pytest

from materiality.services import NothingToAnalyse, analyse_now
from scoping.models import Assessment, Side
from surveys.models import IssueQuestion, Survey, SurveyLink
from surveys.selectors import tallies_of
from surveys.services import close_survey, open_survey, simulate_answers, submit_response
from tests.support.factories import AssessmentFactory, IssueFactory, StakeholderGroupFactory, SurveyFactory
from tests.support.people import House, client_of

GROUPS = {"staff": Side.INTERNAL, "clients": Side.EXTERNAL, "partners": Side.EXTERNAL, "press": Side.EXTERNAL}


@pytest.fixture
def assessment(house: House) -> Assessment:
    assessment = AssessmentFactory(organisation=house.organisation, slug="example-2022")
    for position, code in enumerate("abc"):
        IssueFactory(assessment=assessment, code=code, name=f"Issue {code.upper()}", position=position)
    for position, (code, side) in enumerate(GROUPS.items()):
        StakeholderGroupFactory(assessment=assessment, code=code, name=code.title(), side=side, position=position)
    return assessment


def opened(assessment: Assessment, **design) -> Survey:
    survey = SurveyFactory(assessment=assessment, **design)
    open_survey(survey=survey)
    survey.refresh_from_db()
    return survey


def answer(survey: Survey, group: str, ratings: list[int], times: int = 1) -> None:
    link = SurveyLink.objects.get(survey=survey, group__code=group)
    for _ in range(times):
        submit_response(link=link, answers=bytes(ratings))


def ended(survey: Survey) -> dict:
    close_survey(survey=survey)
    return analyse_now(assessment=survey.assessment).results


def issue(results: dict, code: str = "a") -> dict:
    return next(found for found in results["issues"] if found["code"] == code)


def test_a_small_group_speaks_together_with_another_one(assessment):
    survey = opened(assessment)
    answer(survey, "staff", [5, 4, 3], 6)
    answer(survey, "clients", [4, 4, 4], 9)
    answer(survey, "partners", [2, 2, 2], 6)
    answer(survey, "press", [1, 1, 1], 2)
    results = ended(survey)
    cells = issue(results)["groups"]
    assert cells["Press"] == cells["Partners"] == {"mean": None, "n": None, "hidden": True}
    assert cells["Clients"] == {"mean": 4.0, "n": 9}
    # Six times 2 and twice 1, with the weight of two groups.
    assert cells["Partners and Press together"] == {"mean": 1.75, "n": 8}
    assert issue(results)["stakeholders"] == pytest.approx((4 + 2 * 1.75) / 3)
    assert "Partners and Press together" in " ".join(results["notes"])


def test_a_side_of_fewer_than_k_people_has_no_axis(assessment):
    survey = opened(assessment)
    answer(survey, "staff", [5, 4, 3], 6)
    answer(survey, "clients", [1, 1, 1], 4)
    results = ended(survey)
    assert issue(results)["stakeholders"] is None
    notes = " ".join(results["notes"])
    assert "these ratings do not count, so importance to stakeholders is not known" in notes
    assert "with a weight has answered" not in notes
    assert issue(results)["groups"]["Clients"]["mean"] is None


def test_an_issue_that_few_of_a_group_rated_is_hidden_there_alone(assessment):
    survey = opened(assessment)
    answer(survey, "staff", [5, 4, 3], 6)
    answer(survey, "clients", [4, 0, 4], 3)
    answer(survey, "clients", [4, 4, 4], 3)
    answer(survey, "partners", [2, 2, 2], 6)
    results = ended(survey)
    assert issue(results, "a")["groups"]["Clients"] == {"mean": 4.0, "n": 6}
    assert issue(results, "b")["groups"]["Clients"]["hidden"]
    assert issue(results, "b")["groups"]["Partners"]["hidden"]
    together = "Clients and Partners together"
    assert issue(results, "b")["groups"][together] == {"mean": pytest.approx(24 / 9), "n": 9}
    assert issue(results, "a")["groups"][together] == {"mean": None, "n": 0}


def test_the_spread_is_that_between_those_who_speak(assessment):
    survey = opened(assessment)
    answer(survey, "staff", [3, 3, 3], 6)
    answer(survey, "clients", [3, 3, 3], 9)
    answer(survey, "partners", [3, 3, 3], 6)
    answer(survey, "press", [1, 1, 1], 2)
    assert issue(ended(survey))["spread"] == pytest.approx(3 - (6 * 3 + 2) / 8)


def test_while_the_survey_is_open_the_newest_answers_wait(assessment, house):
    survey = opened(assessment)
    answer(survey, "staff", [5, 4, 3], 7)
    with pytest.raises(NothingToAnalyse, match="7 people have answered"):
        analyse_now(assessment=assessment)
    answer(survey, "staff", [1, 1, 1], 7)
    shown = analyse_now(assessment=assessment).results["respondents"]
    assert sum(group.held_back for group in tallies_of(assessment).groups) == 14 - shown >= 5
    page = client_of(house.viewer).get(f"/o/{house.organisation.slug}/a/example-2022/results/").content.decode()
    assert f"{14 - shown} newer answers" in page


def test_at_the_end_all_answers_are_in_the_result(assessment):
    survey = opened(assessment)
    answer(survey, "staff", [5, 4, 3], 14)
    analyse_now(assessment=assessment)
    answer(survey, "staff", [1, 1, 1], 2)
    results = ended(survey)
    assert results["respondents"] == 16
    assert issue(results)["company"] == pytest.approx((14 * 5 + 2) / 16)


def test_simulated_answers_are_nobodys_and_shown_at_once(assessment):
    opened(assessment)
    simulate_answers(assessment=assessment, respondents=4, seed=1)
    results = analyse_now(assessment=assessment).results
    assert results["simulated"] == results["respondents"] == 4


def test_with_both_importances_everybody_speaks_on_both_axes(assessment):
    survey = opened(assessment, both_importances=True, minimum_group=1)
    # For the company a, b, c; then to stakeholders.
    answer(survey, "staff", [5, 4, 3, 1, 2, 3])
    answer(survey, "clients", [3, 2, 1, 5, 4, 3])
    results = ended(survey)
    assert len(results["issues"]) == 3
    assert (issue(results)["company"], issue(results)["stakeholders"]) == (4.0, 3.0)
    assert issue(results)["groups"]["Staff, on the company"] == {"mean": 5.0, "n": 1}
    assert results["respondents"] == 2
    assert issue(results)["n"] == 2
    # Staff and clients are 2 points apart on the company and 4 on stakeholders; the two questions are not compared.
    assert issue(results)["spread"] == 4.0
    assert results["agreement"]["groups"] == 2


@pytest.mark.parametrize(
    ("kind", "scale"), [(IssueQuestion.TOP, [1, 2]), (IssueQuestion.RANKING, [1, 5]), (IssueQuestion.RATING, [1, 7])]
)
def test_every_kind_of_question_comes_out_as_scores_on_its_scale(assessment, kind, scale):
    opened(assessment, kind=kind, choose=2, steps=7)
    simulate_answers(assessment=assessment, respondents=40, seed=1)
    results = analyse_now(assessment=assessment).results
    assert (results["scale"], results["question"]) == (scale, kind)
    assert all(scale[0] <= found["priority"] <= scale[1] for found in results["issues"])


def test_simulated_rankings_are_rankings(assessment):
    survey = opened(assessment, kind=IssueQuestion.RANKING, choose=3)
    simulate_answers(assessment=assessment, respondents=8, seed=1)
    ratings = survey.questionnaires.get().responses.values_list("ratings", flat=True)
    assert {tuple(sorted(bytes(one))) for one in ratings} == {(1, 3, 5)}
