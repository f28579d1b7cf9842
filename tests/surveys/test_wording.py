"""What the method statement says of a survey, for each kind of question."""

import pytest

from surveys import wording
from surveys.content import Content, ContentItem
from surveys.models import Anonymity, IssueQuestion

TWO = (ContentItem(0, "a"), ContentItem(1, "b"))
BOTH = tuple(
    ContentItem(place, code, side)
    for place, (side, code) in enumerate([(s, c) for s in ("company", "stakeholders") for c in "ab"])
)


@pytest.mark.parametrize(
    ("content", "task"),
    [
        (Content(items=TWO[:1]), "rate one issue from 1 to 5"),
        (Content(items=TWO, high=7), "rate 2 issues from 1 to 7"),
        (Content(items=BOTH), "rate 2 issues from 1 to 5, once for the company and once for stakeholders"),
        (
            Content(kind=IssueQuestion.TOP, items=TWO, choose=1),
            "choose the most important ones of 2 issues, at most 1",
        ),
        (Content(kind=IssueQuestion.RANKING, items=TWO, choose=2), "put the 2 most important of 2 issues in order"),
    ],
)
def test_the_task_is_told_as_it_was_set(content, task):
    assert wording.task(content) == task


def test_how_a_ranking_becomes_scores_is_told_with_its_numbers():
    assert "place r scores 2 (2 - r) + 1" in wording.scoring(Content(kind=IssueQuestion.RANKING, items=TWO))
    assert wording.scoring(Content(items=TWO)) == ""


def test_the_axes_are_those_of_all_groups_where_everybody_was_asked_both():
    assert "all groups" in wording.axes(Content(items=BOTH))
    assert "internal groups" in wording.axes(Content(items=TWO))


@pytest.mark.parametrize("mode", Anonymity)
def test_the_smallest_group_is_named_where_there_is_one(mode):
    assert "fewer than 5 people" in wording.anonymity(Content(anonymity=mode), 5)
    assert "fewer than" not in wording.anonymity(Content(anonymity=mode), 1)
