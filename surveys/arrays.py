"""Counted answers and drafts as arrays, for what needs to look at each of them: background work, never a page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from surveys.answers import UNANSWERED
from surveys.frozen import FrozenQuestionnaire, read_frozen
from surveys.models import Draft, Questionnaire, Response
from surveys.quality import Answers

_FETCHED_AT_ONCE = 20_000

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, eq=False)
class Reading:
    """Every counted answer of a questionnaire, in the order of their random keys where `keys` are there.

    Attributes
    ----------
    keys : (answers,) the primary keys; empty unless they were asked for.
    groups : (answers,) ids of stakeholder groups.
    simulated : (answers,) bool.
    seconds : (answers,) float, NaN if not known.
    excluded : (answers,) id of the exclusion that left the answer out; 0 if it counts.
    ratings : (answers, items) uint8.
    """

    frozen: FrozenQuestionnaire
    keys: list[Any]
    groups: NDArray[np.int64]
    simulated: NDArray[np.bool_]
    seconds: NDArray[np.float64]
    excluded: NDArray[np.int64]
    ratings: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.ratings)

    def answers(self) -> Answers:
        """For the quality flags. Simulated answers are compared among themselves."""
        asked = np.zeros(len(self), np.int64)
        for group in np.unique(self.groups):
            asked[self.groups == group] = len(self.frozen.sheet(int(group)).positions)
        return Answers(self.ratings, self.seconds, self.groups * 2 + self.simulated, asked)


def read_counted(
    questionnaire: Questionnaire,
    *,
    simulated: bool | None = None,
    with_keys: bool = False,
    expected: int = 0,
    progress: Progress | None = None,
) -> Reading:
    """The answers that are counted, and those that were left out of the count.

    Memory: about 30 bytes and the ratings per answer; with keys about 100 more.

    Parameters
    ----------
    simulated : only simulated answers, or only people's; None for all there are.
    with_keys : also the keys, in whose order the answers are then.
    expected : about how many there are, for `progress`.
    """
    frozen = read_frozen(questionnaire)
    items = len(frozen.items)
    columns = ["group_id", "simulated", "seconds", "exclusion_id", "ratings", *(["pk"] if with_keys else [])]
    found = Response.objects.filter(questionnaire=questionnaire, tallied=True)
    if simulated is not None:
        found = found.filter(simulated=simulated)
    if with_keys:
        found = found.order_by("pk")
    parts: list[tuple[NDArray[Any], ...]] = []
    keys: list[Any] = []
    chunk: list[tuple[Any, ...]] = []
    done = 0
    for row in found.values_list(*columns).iterator(_FETCHED_AT_ONCE):
        chunk.append(row)
        if len(chunk) == _FETCHED_AT_ONCE:
            done += len(chunk)
            _pack(chunk, parts, keys, items)
            chunk.clear()
            if progress:
                progress(done, max(expected, done), "Looking at the answers")
    _pack(chunk, parts, keys, items)
    groups, are_simulated, seconds, excluded, ratings = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Reading(frozen, keys, groups, are_simulated, seconds, excluded, ratings)


def _pack(chunk: list[tuple[Any, ...]], parts: list[tuple[NDArray[Any], ...]], keys: list[Any], items: int) -> None:
    groups, simulated, seconds, excluded, ratings, *more = zip(*chunk, strict=True) if chunk else ((),) * 5
    parts.append(
        (
            np.array(groups, np.int64),
            np.array(simulated, bool),
            np.array([np.nan if taken is None else taken for taken in seconds], np.float64),
            np.array([exclusion or 0 for exclusion in excluded], np.int64),
            np.frombuffer(b"".join(map(bytes, ratings)), np.uint8).reshape(len(ratings), items),
        )
    )
    if more:
        keys.extend(more[0])


def stops(frozen: FrozenQuestionnaire) -> NDArray[np.int64]:
    """Where drafts stop: (items + 1,) how many would go on at each item, and last those that only need sending.

    A draft goes on at the question after the last one that was looked at, whatever was skipped before it.
    """
    items = len(frozen.items)
    counts = np.zeros(items + 1, np.int64)
    drafts = Draft.objects.filter(questionnaire=frozen.id).values_list("group_id", "ratings")
    for group_id, ratings in drafts.iterator(_FETCHED_AT_ONCE):
        asked = frozen.sheet(group_id).positions
        looked_at = [place for place, position in enumerate(asked) if ratings[position] != UNANSWERED]
        following = looked_at[-1] + 1 if looked_at else 0
        counts[asked[following] if following < len(asked) else items] += 1
    return counts
