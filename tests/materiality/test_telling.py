"""What a run keeps in English, told in the language of the page: whole, faithful, and never a changed document."""

import copy
import json
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from django.utils import translation

from materiality import notes
from materiality.choices import CHOICES
from materiality.models import AnalysisRun
from materiality.notes import SENTENCES, in_english, in_words, joined
from materiality.results import method_sentence
from materiality.scoring.method import Method
from materiality.scoring.tier_rules import AxisCutOffs, Counts, CutOffs, NaturalBreaks, Quantiles
from materiality.services import analyse_now
from materiality.telling import choices_in_words, language_of, notes_with_language, told_method, told_notes
from scoping.models import Assessment

CHINESE = re.compile("[\u4e00-\u9fff]")
# Two words of English one after the other; the names in these tests have none.
ENGLISH = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")
STAFF = {"groups": ["Staff"], "on": ""}
POOL = {"groups": ["Press", "Partners"], "on": ""}
NOTES: list[dict[str, Any]] = [
    {"about": "left_out", "answers": [["12", "speeder"], ["", "duplicate"]], "k": 5},
    {"about": "pooled", "groups": [POOL, {"groups": ["A", "B"], "on": "company"}], "k": 5},
    *(
        {"about": "lost", "axis": axis, "groups": notes.some([STAFF]), "others": others, "k": 5}
        for axis in ("company", "stakeholders")
        for others in (True, False)
    ),
    {"about": "groups_without_answers", "groups": notes.some([STAFF])},
    {"about": "groups_without_answers", "groups": notes.some([STAFF] * 14, 12)},
    {"about": "groups_waiting", "groups": notes.some([STAFF]), "k": 5},
    {"about": "groups_waiting", "groups": notes.some([STAFF, POOL]), "k": 5},
    {"about": "unknown_certainty", "issues": None, "fewest": 5},
    {"about": "unknown_certainty", "issues": notes.some(list("ABCDEF")), "fewest": 5},
    *(
        {
            "about": about,
            "group": {"groups": ["Staff"], "on": axis},
            "axis": axis,
            "issues": notes.some(["A", "B"]),
            "certainty": certainty,
            "fewer_than": 5 if certainty else 0,
            "found": 2,
            "tiers": 3,
        }
        for about in (
            "group_with_one_respondent",
            "group_with_borrowed_spread",
            "issues_without_answers_in_group",
            "issues_with_one_answer_in_group",
            "axis_without_groups",
            "axis_without_answers",
            "axis_waiting",
            "issues_without_answers",
            "issues_without_axis",
            "too_few_priorities",
        )
        for axis in ("company", "stakeholders")
        for certainty in (True, False)
    ),
    {"about": "unused_sizes", "issues": 3},
    {"about": "scenario_shortened_tiers", "issues": 2, "of": 3, "counts": [1, 1]},
    {"about": "scenario_left_out_groups", "names": ["Staff", "Press"]},
    {"about": "scenario_left_out_issues", "names": ["A", "B"]},
]
METHODS = [
    Method(tiers=("X", "Y"), rule=rule, priority=priority)
    for rule in (Counts((1, 2)), CutOffs((Fraction(7, 2),)), AxisCutOffs((4,)), NaturalBreaks(), Quantiles())
    for priority in ("mean", "distance", "max", "min")
] + [
    Method(tiers=("X", "Y"), rule=NaturalBreaks(), **{choosing.name: option.value})
    for choosing in CHOICES
    for option in choosing.options
    if choosing.name in ("weights", "cannot_judge", "leniency")
]


@pytest.fixture
def chinese() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def run(answered: Assessment) -> AnalysisRun:
    """Four answers: too few for any certainty, which is noted."""
    return analyse_now(assessment=answered)


# --- notes ------------------------------------------------------------------------------------------------
def test_every_kind_of_note_is_looked_at_here():
    assert {note["about"] for note in NOTES} == set(SENTENCES)


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note["about"])
def test_every_note_is_a_sentence_in_english_and_in_chinese(note: dict[str, Any]):
    document = in_english([json.loads(json.dumps(note))])
    assert re.search(r"^[A-Z0-9].+\.$", document["notes"][0])
    with translation.override("zh-hans"):
        [told] = told_notes(document)
        assert told.endswith("。"), told
        assert not ENGLISH.search(told), told


def test_names_are_joined_as_the_language_does():
    note = {"about": "groups_without_answers", "groups": notes.some([STAFF, POOL, {"groups": ["A"], "on": "company"}])}
    assert in_words(note).startswith("No answers from Staff, Press and Partners together and A, on the company. They")
    with translation.override("zh-hans"):
        assert "Staff、Press和Partners" in in_words(note)


def test_a_run_keeps_english_notes_whatever_the_language_is(answered: Assessment, chinese: None):
    results = analyse_now(assessment=answered).results
    assert results["notes"][0].startswith("Too few answers to say how sure the place of any issue is")
    assert results["method_sentence"].startswith("Priority is the mean of both axes; tiers by ")
    assert not CHINESE.search(json.dumps(results, ensure_ascii=False))


def test_telling_changes_no_document(run: AnalysisRun, chinese: None):
    before = copy.deepcopy(run.results)
    assert told_notes(run.results) != run.results["notes"]
    told_method(run.results)
    choices_in_words(run.results)
    assert run.results == before


def test_english_pages_show_what_is_kept(run: AnalysisRun):
    assert told_notes(run.results) == run.results["notes"]
    assert told_method(run.results) == run.results["method_sentence"]
    assert choices_in_words(run.results) == run.results["choices"]
    assert notes_with_language(run.results) == [(note, "") for note in run.results["notes"]]


@pytest.mark.parametrize(
    "change",
    [
        lambda kept: kept.pop("note_facts"),
        lambda kept: kept["note_facts"].pop(),
        lambda kept: kept["note_facts"][0].update(about="something new"),
        lambda kept: kept["note_facts"][0].pop("issues"),
        lambda kept: kept["note_facts"][0].update(fewest=7),
        lambda kept: kept["notes"].__setitem__(0, "As it was worded before."),
    ],
)
def test_a_note_that_cannot_be_made_anew_stays_as_it_was_kept(run: AnalysisRun, chinese: None, change: Any):
    kept = copy.deepcopy(run.results)
    change(kept)
    assert told_notes(kept)[0] == kept["notes"][0]
    assert notes_with_language(kept)[0][1] == "en"


def test_more_notes_stand_before_or_behind(run: AnalysisRun):
    document = run.results
    joined([{"about": "unused_sizes", "issues": 3}], document)
    joined([{"about": "scenario_left_out_issues", "names": ["A"]}], document, first=True)
    assert document["notes"][0] == "Left out in this scenario: A."
    assert document["notes"][-1].endswith("do not add up to 3 issues, so they were not used.")
    assert told_notes(document) == [in_words(note) for note in document["note_facts"]]


# --- the method -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("method", METHODS, ids=lambda method: method_sentence(method)[:60])
def test_every_method_is_told_in_chinese(method: Method):
    for question, start in (("rating", ""), ("top", "An issue scores 2"), ("ranking", "Of 3 issues, place r")):
        kept = {
            "method": json.loads(json.dumps(method.to_dict())),
            "method_sentence": f"{SCORING[question]}{method_sentence(method)}",
            "question": question,
            "issues": [{}, {}, {}],
        }
        assert kept["method_sentence"].startswith(start)
        with translation.override("zh-hans"):
            told = told_method(kept)
            assert told.endswith("。"), told
            assert not ENGLISH.search(told.replace("Fisher-Jenks", "")), told


SCORING = {
    "rating": "",
    "top": "An issue scores 2 where it was chosen and 1 where not, so a mean of 1.3 says that 30 % chose it. ",
    "ranking": "Of 3 issues, place r scores 2 (3 - r) + 1, and issues without a place share the places that are left "
    "(a Borda count with midranks). ",
}


def test_issues_that_a_scenario_leaves_out_were_asked_about():
    kept = {
        "method": METHODS[0].to_dict(),
        "method_sentence": f"{SCORING['ranking']}{method_sentence(METHODS[0])}",
        "question": "ranking",
        "issues": [{}, {}],
        "scenario": {"left_out_issues": ["a"]},
    }
    with translation.override("zh-hans"):
        assert "3项议题" in told_method(kept)


def test_a_method_that_was_worded_otherwise_stays_as_it_was_kept(run: AnalysisRun, chinese: None):
    kept = {**run.results, "method_sentence": "The mean of both axes; tiers by fixed counts."}
    assert told_method(kept) == kept["method_sentence"]
    assert language_of(told_method(kept), kept["method_sentence"]) == "en"
    assert language_of(told_method(run.results), run.results["method_sentence"]) == ""


def test_choices_are_told_or_stay_whole(run: AnalysisRun, chinese: None):
    told = choices_in_words(run.results)
    assert all(CHINESE.search(one["choice"]) and CHINESE.search(one["sentence"]) for one in told)
    assert [one["value"] for one in told] == [one["value"] for one in run.results["choices"]]
    kept = copy.deepcopy(run.results)
    kept["choices"][0]["sentence"] = "As it was worded before."
    assert choices_in_words(kept) == kept["choices"]
    assert choices_in_words({"method": run.results["method"]}) == []
