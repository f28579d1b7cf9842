"""Nothing about fewer than k people shows in a result, nor in what several results say together."""

import io
import random
import re
import zipfile

import pytest
from django.urls import reverse

from materiality.exports import EXPORTS
from materiality.services import analyse_now
from scoping.models import Side
from surveys.models import Survey, SurveyLink
from surveys.services import close_survey, open_survey, submit_response
from tests.support.factories import AssessmentFactory, IssueFactory, StakeholderGroupFactory, SurveyFactory
from tests.support.people import House
from tests.surveys.anonymity.reader import IN, OUT, Play

K = 5


def opened(house: House, sides: dict[str, Side], weights: dict[str, int] | None = None) -> Survey:
    assessment = AssessmentFactory(organisation=house.organisation, slug="example-2027")
    for position, code in enumerate("abc"):
        IssueFactory(assessment=assessment, code=code, name=f"Issue {code.upper()}", position=position)
    for position, (code, side) in enumerate(sides.items()):
        StakeholderGroupFactory(
            assessment=assessment,
            code=code,
            name=code.title(),
            side=side,
            position=position,
            weight=(weights or {}).get(code, 1),
        )
    survey = SurveyFactory(assessment=assessment, minimum_group=K)
    open_survey(survey=survey)
    survey.refresh_from_db()
    return survey


def answer(survey: Survey, group: str, ratings: list[int]) -> None:
    submit_response(link=SurveyLink.objects.get(survey=survey, group__code=group), answers=bytes(ratings))


# --- the files and pages --------------------------------------------------------------------------------------
def text_of(name: str, raw: bytes) -> str:
    if name in ("xlsx", "docx", "pptx"):
        with zipfile.ZipFile(io.BytesIO(raw)) as book:
            raw = b" ".join(book.read(part) for part in book.namelist() if part.endswith(".xml"))
    return raw.decode("utf-8", errors="ignore")


@pytest.fixture
def with_press(house: House) -> Survey:
    """Three people of the press say 4 2/3, 2 1/3 and 1 2/3, and nobody else says anything like it."""
    survey = opened(
        house, {"staff": Side.INTERNAL, "clients": Side.EXTERNAL, "partners": Side.EXTERNAL, "press": Side.EXTERNAL}
    )
    for group, people in {"staff": 6, "clients": 9, "partners": 6}.items():
        for _ in range(people):
            answer(survey, group, [4, 2, 1])
    for ratings in ([5, 2, 1], [5, 3, 2], [4, 2, 2]):
        answer(survey, "press", ratings)
    close_survey(survey=survey)
    return survey


# Not the end of a longer number, as coordinates of outlines have them.
PRESS = re.compile(r"(?<![\d.])(?:4\.6[67]|2\.33|1\.6[67])")


@pytest.mark.parametrize("name", EXPORTS)
def test_no_file_holds_the_mean_of_a_small_group(with_press, name):
    results = analyse_now(assessment=with_press.assessment).results
    raw = EXPORTS[name].write(results, with_press.assessment)
    found = PRESS.search(text_of(name, raw)) if name not in ("png", "pdf") else None
    assert raw
    assert found is None, found


def test_no_page_holds_the_mean_of_a_small_group(with_press, viewer_client):
    analyse_now(assessment=with_press.assessment)
    kwargs = {"organisation": "example", "slug": "example-2027"}
    for page in ("materiality:results", "materiality:overview", "materiality:statement", "materiality:statement-text"):
        html = viewer_client.get(reverse(page, kwargs=kwargs)).content.decode()
        # Coordinates of the figure are numbers too.
        words = re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL)
        assert not PRESS.search(words), page


def test_without_the_rule_they_would_be_found(with_press):
    Survey.objects.update(minimum_group=1)
    results = analyse_now(assessment=with_press.assessment).results
    for name in ("csv", "xlsx", "json"):
        assert PRESS.search(text_of(name, EXPORTS[name].write(results, with_press.assessment))), name


# --- among simulated answers ----------------------------------------------------------------------------------
CAMPS = ([5, 2, 1], [1, 2, 1])


def divided(house: House, people: int, simulated: int) -> dict:
    """The first issue of a result in which so many clients, and so many simulated ones, are of two minds about it."""
    survey = opened(house, {"staff": Side.INTERNAL, "clients": Side.EXTERNAL})
    staff = SurveyLink.objects.get(survey=survey, group__code="staff")
    for number in range(12):
        submit_response(link=staff, answers=bytes([4, 3, 1 + number % 2]), simulated=not people)
    link = SurveyLink.objects.get(survey=survey, group__code="clients")
    for number in range(people + simulated):
        submit_response(link=link, answers=bytes(CAMPS[number % 2]), simulated=number >= people)
    close_survey(survey=survey)
    issues = analyse_now(assessment=survey.assessment).results["issues"]
    return next(issue for issue in issues if issue["code"] == "a")


@pytest.mark.parametrize(
    ("people", "simulated", "is_told"),
    [(5, 6, False), (9, 30, False), (10, 0, True), (10, 7, True), (0, 11, True)],
)
def test_simulated_answers_do_not_make_camps_of_few_people_told(house, people, simulated, is_told):
    issue = divided(house, people, simulated)
    assert ("Clients" in issue["within"]) == is_told
    assert [view["group"] for view in issue["minorities"] if view["kind"] == "divided"] == ["Clients"] * is_told


def test_agreement_beside_simulated_answers_is_that_of_the_people(house):
    """Eleven simulated clients all say what five of the ten people say: these are as divided as without them."""
    survey = opened(house, {"staff": Side.INTERNAL, "clients": Side.EXTERNAL})
    for _ in range(6):
        answer(survey, "staff", [4, 3, 1])
    link = SurveyLink.objects.get(survey=survey, group__code="clients")
    for number in range(21):
        ratings = CAMPS[number % 2 if number < 10 else 0]
        submit_response(link=link, answers=bytes(ratings), simulated=number >= 10)
    close_survey(survey=survey)
    found = {issue["code"]: issue for issue in analyse_now(assessment=survey.assessment).results["issues"]}["a"]
    assert found["within"]["Clients"] == -1.0
    [camps] = [view for view in found["minorities"] if view["kind"] == "divided"]
    assert (camps["above"], camps["below"]) == ("1/2", "1/2")


# --- what can be worked out -----------------------------------------------------------------------------------
SHAPES = {
    "one small": {"staff": (IN, 6, 1), "clients": (OUT, 8, 1), "partners": (OUT, 7, 1), "press": (OUT, 2, 1)},
    "two small": {"staff": (IN, 7, 1), "clients": (OUT, 9, 2), "partners": (OUT, 3, 1), "press": (OUT, 3, 1)},
    "two tiny": {"staff": (IN, 6, 1), "clients": (OUT, 6, 3), "partners": (OUT, 1, 1), "press": (OUT, 2, 2)},
    "alone on its side": {"staff": (IN, 2, 1), "clients": (OUT, 8, 1), "partners": (OUT, 6, 1)},
    "without a weight": {"staff": (IN, 6, 1), "clients": (OUT, 8, 1), "partners": (OUT, 3, 0)},
}


def play(house: House, shape: str, *, looking: bool, k: int = K) -> Play:
    """People answer in random order; with `looking` each state is analysed."""
    groups = SHAPES[shape]
    sides, weights = ({code: group[at] for code, group in groups.items()} for at in (0, 2))
    played = Play(house, sides, k, weights)
    order = [code for code, (_, people, _) in groups.items() for _ in range(people)]
    random.Random(len(shape)).shuffle(order)
    for group in order:
        played.answers(group)
        if looking:
            played.looks()
    played.closes()
    played.looks()
    return played


@pytest.mark.parametrize("looking", [False, True], ids=["at the end", "all the time"])
@pytest.mark.parametrize("shape", SHAPES)
def test_all_results_together_say_nothing_of_fewer_than_k_people(house, shape, looking):
    assert play(house, shape, looking=looking).tells_of == K


def test_without_the_rule_the_reader_knows_single_answers(house):
    played = play(house, "one small", looking=True, k=1)
    assert played.reader.smallest_set_told_about(K - 1) == 1


@pytest.mark.parametrize("people", [1, K - 1, K])
def test_a_result_says_that_few_people_answered_and_not_how_many(house: House, people: int):
    survey = opened(house, {"staff": Side.INTERNAL, "clients": Side.EXTERNAL})
    for number in range(12):
        answer(survey, "staff", [4, 3, 1 + number % 2])
    for _ in range(people):
        answer(survey, "clients", [1, 2, 3])
    close_survey(survey=survey)
    run = analyse_now(assessment=survey.assessment)
    told = people if people >= K else None
    assert {group["code"]: group["n"] for group in run.results["stakeholder_groups"]} == {"staff": 12, "clients": told}
    assert {voice["name"]: voice["respondents"] for voice in run.inputs["voices"]} == {"Staff": 12, "Clients": told}
    workbook = text_of("xlsx", EXPORTS["xlsx"].write(run.results, survey.assessment))
    assert ("fewer than 5" in workbook) == (told is None)
