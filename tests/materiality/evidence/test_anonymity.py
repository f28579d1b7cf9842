"""Anonymous surveys stay anonymous in a bundle: it tells of nobody what the result does not tell."""

import random
from collections.abc import Mapping
from typing import Any

import pytest

from materiality.evidence import bundle_zip
from materiality.models import AnalysisRun, CurrentRun
from materiality.services import Choice, analyse_now, choose_method
from scoping.models import Assessment
from surveys.models import GroupTally
from surveys.tally import Tally
from tests.materiality.evidence.conftest import contents, documents, report_on
from tests.support.people import House
from tests.surveys.anonymity.reader import IN, OUT, Play

K = 3
SIDES = {"staff": IN, "clients": OUT, "partners": OUT, "press": OUT}
SIZES = {
    "one small": {"staff": 4, "clients": 7, "partners": 5, "press": 2},
    "two tiny": {"staff": 5, "clients": 5, "partners": 1, "press": 1},
    "a small side": {"staff": 2, "clients": 4, "partners": 4, "press": 3},
}
Cells = Mapping[tuple[str, str], tuple[int, int]]


def cells_of(held: Mapping[str, Any]) -> Cells:
    """By voice and issue: how many ratings the tallies tell of, and their sum."""
    tallies = held["tallies.json"]
    return {
        (voice["name"], code): (voice["ratings"][place], voice["sums"][place])
        for voice in tallies["voices"]
        for place, code in enumerate(tallies["issues"])
    }


def told_by_the_result(run: Mapping[str, Any]) -> Cells:
    """The same numbers, worked out from the means that everybody sees; nothing where none is shown."""
    return {
        (name, issue["code"]): (cell["n"], round(cell["mean"] * cell["n"])) if cell["mean"] is not None else (0, 0)
        for issue in run["issues"]
        for name, cell in issue["groups"].items()
    }


def check(held: Mapping[str, Any], k: int) -> Cells:
    cells = cells_of(held)
    assert cells == told_by_the_result(held["run.json"])
    assert all(ratings == 0 or ratings >= k for ratings, _ in cells.values())
    assert all(set(voice) <= VOICE for voice in held["tallies.json"]["voices"])
    people = {group["name"]: group["n"] for group in held["run.json"]["stakeholder_groups"]}
    assert {voice["name"]: voice["respondents"] for voice in held["tallies.json"]["voices"]} == people
    return cells


# Nothing of how ratings spread, nor of how they go together.
VOICE = {"name", "groups", "axis", "question", "weight", "respondents", "ratings", "sums"}


@pytest.mark.parametrize("both", [False, True], ids=["one importance", "both importances"])
@pytest.mark.parametrize("shape", SIZES)
def test_bundles_of_a_survey_that_goes_on_tell_what_results_tell_and_never_of_fewer_than_k(
    house: House, shape: str, both: bool
):
    """A bundle after each answer: every number is of k people or of nobody, and two bundles differ by none or by k."""
    dice = random.Random(5)
    played = Play(house, SIDES, K, both=both)
    order = [group for group, people in SIZES[shape].items() for _ in range(people)]
    dice.shuffle(order)
    before: Cells = {}
    looked = 0
    for group in [*order, "end"]:
        if group == "end":
            played.closes()
        else:
            played.answers(group, skip="".join(dice.sample("abc", dice.randint(0, 2))))
        played.looks()
        assessment = Assessment.objects.get()
        if not CurrentRun.objects.filter(assessment=assessment).exists():
            continue
        packed = bundle_zip(assessment)
        assert report_on(contents(packed)).broken == []
        cells = check(documents(packed), K)
        for place in set(cells) & set(before):
            came = cells[place][0] - before[place][0]
            assert came == 0 or abs(came) >= K, place
            if came == 0:
                assert cells[place] == before[place]
        before, looked = cells, looked + 1
    assert looked > 1
    assert played.tells_of == K


def test_missing_ratings_that_are_filled_in_are_not_in_the_tallies(house: House):
    """What the tallies hold are real ratings, also where the method counts a missing one as the lowest."""
    played = Play(house, SIDES, K)
    for group, people in SIZES["one small"].items():
        for number in range(people):
            played.answers(group, skip="a" if number % 2 else "")
    played.closes()
    assessment = Assessment.objects.get()
    analyse_now(assessment=assessment)
    plain = cells_of(documents(bundle_zip(assessment)))
    choose_method(assessment=assessment, choice=Choice(cannot_judge="lowest"))
    analyse_now(assessment=assessment)
    packed = bundle_zip(assessment)
    assert report_on(contents(packed)).broken == []
    assert cells_of(documents(packed)) == plain
    assert all(ratings == 0 or ratings >= K for ratings, _ in plain.values())


def test_no_digest_of_what_is_protected_is_in_a_bundle(house: House):
    """Who guesses the answers of two people could find by a digest of their tally that the guess is right."""
    played = Play(house, SIDES, K)
    for group, people in SIZES["one small"].items():
        played.answers(group, people)
    played.closes()
    assessment = Assessment.objects.get()
    run = analyse_now(assessment=assessment)
    packed = bundle_zip(assessment).decode(errors="ignore")
    digests = [Tally.from_bytes(bytes(row.packed)).digest() for row in GroupTally.objects.all()]
    assert len(digests) == len(SIDES)
    for digest in [*digests, AnalysisRun.objects.get(pk=run.pk).digest]:
        assert digest not in packed


def test_without_protection_the_same_check_finds_single_people(house: House):
    played = Play(house, SIDES, 1)
    for group, people in SIZES["two tiny"].items():
        played.answers(group, people)
    played.closes()
    analyse_now(assessment=Assessment.objects.get())
    held = documents(bundle_zip(Assessment.objects.get()))
    check(held, 1)
    assert min(ratings for ratings, _ in cells_of(held).values()) == 1
