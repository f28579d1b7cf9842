"""What a run keeps of hidden views and of agreement within groups, and what it never tells."""

from collections.abc import Callable

import pytest

from materiality.minorities import agreement_in_groups, hidden_views
from materiality.scoring.analysis import analyse
from materiality.scoring.method import Method
from materiality.scoring.tier_rules import Counts
from materiality.services import analyse_now
from materiality.voices import voices_of
from scoping.models import Assessment, Side
from surveys.models import SurveyLink
from surveys.selectors import tallies_of
from surveys.services import close_survey, open_survey, prepare_survey, submit_response
from tests.support.factories import AssessmentFactory, IssueFactory, StakeholderGroupFactory
from tests.support.people import House

Answer = Callable[[str, list[int], int], None]


@pytest.fixture
def assessment(house: House) -> Assessment:
    """Four issues; Staff inside, Clients and Neighbours outside; nobody answers yet. k = 5."""
    assessment = AssessmentFactory(organisation=house.organisation, slug="example-2022")
    for position, code in enumerate("abcd"):
        IssueFactory(assessment=assessment, code=code, name=f"Issue {code.upper()}", position=position)
    for position, (code, side) in enumerate(
        [("staff", Side.INTERNAL), ("clients", Side.EXTERNAL), ("neighbours", Side.EXTERNAL)]
    ):
        StakeholderGroupFactory(
            assessment=assessment, code=code, name=code.title(), side=side, position=position, weight=1
        )
    open_survey(survey=prepare_survey(assessment=assessment))
    return assessment


@pytest.fixture
def answer(assessment: Assessment) -> Answer:
    """answer("staff", [5, 4, 3, 0], 6): six people of the group rate a to d like that."""

    def send(group: str, ratings: list[int], people: int) -> None:
        link = SurveyLink.objects.get(survey__assessment=assessment, group__code=group)
        for _ in range(people):
            submit_response(link=link, answers=dict(zip("abcd", ratings, strict=True)))

    return send


def document(assessment: Assessment) -> dict[str, dict]:
    """The issues of the closed survey's result, by code."""
    survey = tallies_of(assessment)
    assert survey is not None
    close_survey(survey=survey.questionnaire.survey)
    return {issue["code"]: issue for issue in analyse_now(assessment=assessment).results["issues"]}


def agreed(answer: Answer, *groups: str, people: int = 12) -> None:
    """Groups that put a first and d last, with some spread."""
    for group in groups:
        answer(group, [5, 4, 3, 2], people // 2)
        answer(group, [4, 4, 2, 1], people - people // 2)


def test_a_group_with_another_order_is_kept_with_its_mean_and_its_rank(assessment: Assessment, answer: Answer):
    agreed(answer, "staff", "clients")
    answer("neighbours", [3, 1, 1, 5], 6)
    answer("neighbours", [4, 2, 1, 4], 6)
    issues = document(assessment)
    assert issues["d"]["minorities"] == [
        {"kind": "higher", "group": "Neighbours", "mean": 4.5, "rank": 1, "of": 4},
    ]
    assert issues["a"]["minorities"] == []


def test_a_divided_group_is_kept_with_shares_and_never_with_counts(assessment: Assessment, answer: Answer):
    agreed(answer, "staff", "clients")
    answer("neighbours", [5, 4, 5, 2], 7)
    answer("neighbours", [5, 4, 1, 2], 8)
    issues = document(assessment)
    assert issues["c"]["minorities"] == [
        {"kind": "divided", "group": "Neighbours", "mean": 43 / 15, "above": "1/2", "below": "1/2"},
    ]
    assert issues["c"]["within"]["Neighbours"] == -0.9
    assert issues["a"]["within"]["Neighbours"] == 1.0


@pytest.mark.parametrize(("high", "low"), [(4, 11), (11, 4)])
def test_a_camp_of_fewer_than_k_people_is_not_told(assessment: Assessment, answer: Answer, high: int, low: int):
    agreed(answer, "staff", "clients")
    answer("neighbours", [5, 4, 5, 2], high)
    answer("neighbours", [5, 4, 1, 2], low)
    assert document(assessment)["c"]["minorities"] == []


def test_nothing_is_told_of_agreement_within_fewer_than_ten_people(assessment: Assessment, answer: Answer):
    agreed(answer, "staff", "clients")
    answer("neighbours", [5, 4, 5, 2], 5)
    answer("neighbours", [5, 4, 1, 2], 4)
    issues = document(assessment)
    assert set(issues["c"]["within"]) == {"Staff", "Clients"}
    assert not any(view["kind"] == "divided" for issue in issues.values() for view in issue["minorities"])


def test_what_divides_groups_that_are_counted_as_one_is_not_told(assessment: Assessment, answer: Answer):
    """Four neighbours against eight clients: their pool has two camps, and one of them is the neighbours."""
    agreed(answer, "staff")
    answer("clients", [1, 1, 1, 5], 8)
    answer("neighbours", [5, 5, 5, 1], 4)
    issues = document(assessment)
    together = "Clients and Neighbours together"
    assert issues["a"]["groups"][together]["mean"] == pytest.approx(28 / 12)
    assert all(together not in issue["within"] for issue in issues.values())
    assert not any(view["kind"] == "divided" for issue in issues.values() for view in issue["minorities"])


def test_groups_that_are_counted_as_one_have_one_view(assessment: Assessment, answer: Answer):
    agreed(answer, "staff", people=20)
    answer("clients", [3, 3, 1, 5], 8)
    answer("neighbours", [3, 3, 1, 4], 4)
    groups = {view["group"] for issue in document(assessment).values() for view in issue["minorities"]}
    assert groups <= {"Staff", "Clients and Neighbours together"}
    assert "Clients and Neighbours together" in groups


@pytest.mark.parametrize(("kind", "told"), [("rating", True), ("top", False), ("ranking", False)])
def test_choices_and_ranks_divide_nobody(assessment: Assessment, answer: Answer, kind: str, told: bool):
    """Chosen or not is the highest or the lowest: nobody is of two minds who was asked to choose."""
    agreed(answer, "staff", "clients")
    answer("neighbours", [5, 4, 5, 2], 7)
    answer("neighbours", [5, 4, 1, 2], 8)
    document(assessment)
    survey = tallies_of(assessment)
    assert survey is not None
    voices = voices_of(survey)
    result = analyse([voice.input for voice in voices], 4, Method(("High", "Low"), Counts((2, 2)), draws=0))
    views = hidden_views(voices, result, kind=kind, k=5)
    assert any(view["kind"] == "divided" for view in views[2]) == told
    assert any(agreement_in_groups(voices, kind=kind, k=5)) == told


def test_the_document_tells_how_often_chance_agrees_as_well(assessment: Assessment, answer: Answer):
    agreed(answer, "staff", "clients", "neighbours")
    survey = tallies_of(assessment)
    assert survey is not None
    close_survey(survey=survey.questionnaire.survey)
    agreement = analyse_now(assessment=assessment).results["agreement"]
    assert agreement["kendall_w"] == 1.0
    assert agreement["p"] == pytest.approx(0.0293, abs=1e-4)  # chi-squared 9 with 3 degrees of freedom
