"""What a run keeps of views that its averages hide, and of agreement within groups. What may be told is decided here.

Nothing is told of what is hidden (surveys/protection.py): those ratings are not in a voice. Groups that are counted as
one are one voice, whose average can stand apart like any other's; what divides them is not told, since it could be
where one of them ends and the other begins. Of the ratings within a group shares are told as simple fractions, and
agreement with one decimal, so that the ratings of single people cannot be worked out; simulated answers never fill up
the number of people that this needs. And what is shown of an item moves on by k people at least (surveys/release.py),
so no two runs differ by fewer.
"""

from collections.abc import Sequence
from typing import Any

from materiality.scoring.agreement import agreement_within
from materiality.scoring.minority import dissents, division, fewest_within
from materiality.scoring.results import Result
from materiality.voices import Voice
from surveys.models import IssueQuestion
from surveys.tally import Tally


def agreement_in_groups(voices: Sequence[Voice], *, kind: str, k: int) -> list[dict[str, float]]:
    """(issues,) By the name of the group: how far its people agree on the issue, -1 to 1, with one decimal.

    Groups with too few ratings of an issue are not in it. Empty where nobody rated: choices and ranks part people by
    how they are asked for.
    """
    told: list[dict[str, float]] = [{} for _ in range(voices[0].input.tally.items)]
    for voice in _with_ratings(voices, kind):
        for issue, counts in zip(told, _within(voice).histogram.tolist(), strict=True):
            agreed = agreement_within(tuple(counts)) if sum(counts) >= fewest_within(k) else None
            if agreed is not None:
                issue[voice.input.name] = round(float(agreed), 1)
    return told


def hidden_views(voices: Sequence[Voice], result: Result, *, kind: str, k: int) -> list[list[dict[str, Any]]]:
    """(issues,) Of whole groups, then of camps within one.

    Each has "kind", "group" and "mean", the group's. With "higher" and "lower" it stands on place "rank" of "of" by
    the group's own ratings, in the highest and in the lowest tier; with "divided", "above" and "below" are the shares,
    such as "1/3", that rated above and below the middle of the scale.
    """
    found: list[list[dict[str, Any]]] = [[] for _ in result.issues]
    for one in dissents([voice.input for voice in voices], result):
        found[one.issue].append(
            {
                "kind": "higher" if one.higher else "lower",
                **_who(result, one.issue, one.group),
                "rank": one.rank,
                "of": one.rated,
            }
        )
    for voice in _with_ratings(voices, kind):
        number = voices.index(voice)
        for position, counts in enumerate(_within(voice).histogram.tolist()):
            camps = division(counts, result.scale, k)
            if camps is not None and result.issues[position].tier is not None:
                shares = {"above": str(camps.above), "below": str(camps.below)}
                found[position].append({"kind": "divided", **_who(result, position, number), **shares})
    return found


def _with_ratings(voices: Sequence[Voice], kind: str) -> list[Voice]:
    """Groups by themselves whose tallies are what people rated, and hold nothing that counts for a missing rating."""
    if kind != IssueQuestion.RATING:
        return []
    return [voice for voice in voices if not voice.is_pool and voice.input.rated is None]


def _within(voice: Voice) -> Tally:
    """Whose ratings are looked at within a group: its people's, and the simulated ones where it has no people."""
    return voice.people if voice.people.respondents else voice.input.tally


def _who(result: Result, issue: int, group: int) -> dict[str, Any]:
    mean = result.issues[issue].group_means[group]
    return {"group": result.groups[group].name, "mean": None if mean is None else float(mean)}
