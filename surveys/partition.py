"""Which groups are shown by themselves and which are counted as one, for each issue; and that it stays so.

What is shown at the end of a survey is known from then on. Opened again, a small group that was counted with another
one must not get an average of its own: both earlier figures, less the other group's, would be the small group as it
was. Nor may a group that was shown by itself be counted with a newcomer, who would be the difference. So reopening
notes how the cells of the end hang together (`Questionnaire.partition`), and that holds for the rest of the survey;
only groups of which nothing was shown are parted anew, among themselves.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from surveys.folded import FoldedSurvey, GroupAnswers
from surveys.models import Dimension, Questionnaire
from surveys.protection import Mask, Protection, protect

Members = tuple[int, ...]


def kept(questionnaire: Questionnaire, cells: Sequence[tuple[int, Sequence[int]]]) -> list[tuple[Members, Mask]]:
    """What earlier ends of the survey have parted, as `protect` takes it.

    Parameters
    ----------
    cells : for each row of what is to be protected, the id of its group and the positions of its items.
    """
    found = []
    for entry in questionnaire.partition:
        groups, items = set(entry["groups"]), entry["items"]
        rows = [(row, np.isin(positions, items)) for row, (group, positions) in enumerate(cells) if group in groups]
        rows = [(row, issues) for row, issues in rows if issues.any()]
        if rows:
            found.append((tuple(row for row, _ in rows), rows[0][1]))
    return found


def protections(survey: FoldedSurvey) -> Iterator[tuple[list[int], Protection]]:
    """For each dimension that was asked about, the positions of its items and what is done with each group's cells."""
    for dimension in dict.fromkeys(item.dimension for item in survey.items):
        positions = [item.position for item in survey.items if item.dimension == dimension]
        counts = np.array([answers.people.counts[positions] for answers in survey.groups])
        sides = [_side(answers, dimension) for answers in survey.groups]
        before = kept(survey.questionnaire, [(answers.group.pk, positions) for answers in survey.groups])
        yield positions, protect(counts, sides, survey.questionnaire.survey.minimum_group, before)


def partition_of(survey: FoldedSurvey) -> list[dict[str, Any]]:
    """How the cells of `survey` hang together now, with what was noted before; JSON.

    Returns
    -------
    list of dict
        "groups" : ids of those that are shown as one, or the one that is shown by itself; "items" : positions.
    """
    known = {_key(entry): entry for entry in survey.questionnaire.partition}
    pks = [answers.group.pk for answers in survey.groups]
    for positions, protection in protections(survey):
        alone = [((row,), told) for row, told in enumerate(protection.told) if told.any()]
        for members, issues in [*alone, *protection.pools.items()]:
            items = np.array(positions)[issues].tolist()
            entry = {"groups": [pks[row] for row in members], "items": items}
            known.setdefault(_key(entry), entry)
    return list(known.values())


def _key(entry: dict[str, Any]) -> tuple[Members, Members]:
    return tuple(entry["groups"]), tuple(entry["items"])


def _side(answers: GroupAnswers, dimension: str) -> str:
    """Which side a group speaks for: with both importances asked, all speak on either axis."""
    return answers.group.side if dimension == Dimension.OWN else dimension
