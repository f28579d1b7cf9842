"""Nothing about fewer than k people shows in a result, nor in what several results say together."""

import io
import itertools
import random
import re
import zipfile
from dataclasses import dataclass, field

import numpy as np
import pytest
from django.urls import reverse

from materiality.exports import EXPORTS
from materiality.models import AnalysisRun
from materiality.services import NothingToAnalyse, analyse_now
from materiality.voices import voices_of
from scoping.models import Assessment, Side
from surveys.models import Survey, SurveyLink
from surveys.selectors import tallies_of
from surveys.services import close_survey, fold_responses, open_survey, submit_response
from tests.support.factories import AssessmentFactory, IssueFactory, StakeholderGroupFactory, SurveyFactory
from tests.support.people import House

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
    if name == "xlsx":
        with zipfile.ZipFile(io.BytesIO(raw)) as book:
            raw = b" ".join(book.read(part) for part in book.namelist())
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


PRESS = re.compile(r"4\.6[67]|2\.33|1\.6[67]")


@pytest.mark.parametrize("name", EXPORTS)
def test_no_file_holds_the_mean_of_a_small_group(with_press, name):
    results = analyse_now(assessment=with_press.assessment).results
    raw = EXPORTS[name].write(results)
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
        assert PRESS.search(text_of(name, EXPORTS[name].write(results))), name


# --- what can be worked out -----------------------------------------------------------------------------------
@dataclass
class Reader:
    """Somebody who keeps every result that is shown, and knows who has answered in which order.

    A result says linear things about people's ratings of an issue: each shown mean of a group, and each axis, is a sum
    with known shares. `rows` are those shares, one column per person.
    """

    people: list[tuple[str, list[int]]] = field(default_factory=list)
    rows: list[dict[int, float]] = field(default_factory=list)

    def reads(self, run: AnalysisRun, assessment: Assessment) -> None:
        survey = tallies_of(assessment)
        assert survey
        issue = next(one for one in run.results["issues"] if one["code"] == "a")
        axes: dict[str, dict[int, float]] = {"internal": {}, "external": {}}
        weights = {"internal": 0.0, "external": 0.0}
        counted = []
        for voice in voices_of(survey):
            shown = int(voice.input.tally.counts[0])
            members = [at for at, (group, _) in enumerate(self.people) if group == voice.answers.group.code][:shown]
            cell = issue["groups"][voice.input.name]
            if shown and not voice.silenced[0]:
                counted.append((voice.side, float(voice.input.weight), members))
                weights[voice.side] += float(voice.input.weight)
            if cell["mean"] is not None:
                self._says(dict.fromkeys(members, 1 / len(members)), cell["mean"])
        for side, weight, members in counted:
            for member in members:
                axes[side][member] = weight / weights[side] / len(members)
        for side, value in (("internal", issue["company"]), ("external", issue["stakeholders"])):
            if value is not None:
                self._says(axes[side], value)

    def _says(self, shares: dict[int, float], value: float) -> None:
        said = sum(share * self.people[at][1][0] for at, share in shares.items())
        assert said == pytest.approx(value), "the reader's model of the result is wrong"
        self.rows.append(shares)

    def smallest_set_told_about(self) -> int:
        """The smallest number of people of whom a combination of all results says something; all if there is none."""
        table = np.zeros((max(len(self.rows), 1), len(self.people)))
        for at, shares in enumerate(self.rows):
            for person, share in shares.items():
                table[at, person] = share
        # People whose shares are equal everywhere cannot be told apart.
        columns, sizes = np.unique(table.round(12), axis=1, return_counts=True)
        rank = np.linalg.matrix_rank(columns)
        smallest = len(self.people)
        for size in range(1, columns.shape[1] + 1):
            for chosen in itertools.combinations(range(columns.shape[1]), size):
                people = int(sizes[list(chosen)].sum())
                if people < min(smallest, K) and self._told(columns, list(chosen), rank):
                    smallest = people
            if size >= K:
                break
        return smallest

    @staticmethod
    def _told(columns: np.ndarray, chosen: list[int], rank: int) -> bool:
        others = np.delete(columns, chosen, axis=1)
        return bool((np.linalg.matrix_rank(others) if others.size else 0) < rank)


def play(house: House, groups: dict[str, tuple[Side, int, int]], *, looking: bool, seed: int, k: int = K) -> Reader:
    """People of `groups` (side, how many, weight) answer in random order; with `looking` each state is analysed."""
    survey = opened(
        house,
        {code: side for code, (side, _, _) in groups.items()},
        {code: weight for code, (_, _, weight) in groups.items()},
    )
    Survey.objects.update(minimum_group=k)
    dice = random.Random(seed)
    order = [code for code, (_, people, _) in groups.items() for _ in range(people)]
    dice.shuffle(order)
    reader = Reader()
    for group in order:
        ratings = [dice.randint(1, 5) for _ in range(3)]
        reader.people.append((group, ratings))
        answer(survey, group, ratings)
        if looking:
            fold_responses(survey=survey)
            look(reader, survey.assessment)
    close_survey(survey=survey)
    look(reader, survey.assessment)
    return reader


def look(reader: Reader, assessment: Assessment) -> None:
    try:
        run = analyse_now(assessment=assessment)
    except NothingToAnalyse:
        return
    reader.reads(run, assessment)


IN, OUT = Side.INTERNAL, Side.EXTERNAL
SHAPES = {
    "one small": {"staff": (IN, 6, 1), "clients": (OUT, 8, 1), "partners": (OUT, 7, 1), "press": (OUT, 2, 1)},
    "two small": {"staff": (IN, 7, 1), "clients": (OUT, 9, 2), "partners": (OUT, 3, 1), "press": (OUT, 3, 1)},
    "two tiny": {"staff": (IN, 6, 1), "clients": (OUT, 6, 3), "partners": (OUT, 1, 1), "press": (OUT, 2, 2)},
    "alone on its side": {"staff": (IN, 2, 1), "clients": (OUT, 8, 1), "partners": (OUT, 6, 1)},
    "without a weight": {"staff": (IN, 6, 1), "clients": (OUT, 8, 1), "partners": (OUT, 3, 0)},
}


@pytest.mark.parametrize("looking", [False, True], ids=["at the end", "all the time"])
@pytest.mark.parametrize("shape", SHAPES)
def test_all_results_together_say_nothing_of_fewer_than_k_people(house, shape, looking):
    reader = play(house, SHAPES[shape], looking=looking, seed=len(shape))
    assert reader.rows
    assert reader.smallest_set_told_about() >= K


def test_without_the_rule_the_reader_knows_every_single_answer(house):
    assert play(house, SHAPES["one small"], looking=True, seed=1, k=1).smallest_set_told_about() == 1
