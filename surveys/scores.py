"""From what respondents do with issues to a score per issue. Pure: bytes in, bytes out.

All kinds of question end as one byte per issue on a stated scale, so that the scoring needs to know one thing only.
0 stays "no answer". A pairwise or best-worst question would be another pair of functions here.

rating       the step itself: 1 to K.
top choice   2 = chosen, 1 = not chosen, so that a mean of 1.3 says: 30 % chose it.
ranking      of n issues, place r gives 2 (n - r) + 1. Issues left without a place share the places that are left: with
             q of them that is q, the mean of the lowest q odd numbers. So every answer adds up to n squared, whoever
             leaves out how much (a Borda count with midranks, doubled to stay in whole numbers).
"""

from surveys.models import IssueQuestion

NO_ANSWER = 0
NOT_CHOSEN, CHOSEN = 1, 2


def scale_of(kind: str, *, steps: int, issues: int) -> tuple[int, int]:
    """Lowest and highest score that an answer can hold."""
    if kind == IssueQuestion.TOP:
        return NOT_CHOSEN, CHOSEN
    if kind == IssueQuestion.RANKING:
        return 1, max(2 * issues - 1, 2)
    return 1, steps


def scores_of_choice(chosen: set[int], asked: tuple[int, ...], items: int) -> bytes:
    """(items,) bytes of somebody who chose the positions `chosen` out of those asked."""
    scores = bytearray(items)
    for position in asked:
        scores[position] = CHOSEN if position in chosen else NOT_CHOSEN
    return bytes(scores)


def scores_of_ranking(places: dict[int, int], asked: tuple[int, ...], items: int) -> bytes:
    """(items,) bytes of somebody who gave the positions in `places` their places, from 1."""
    scores = bytearray(items)
    left = len(asked) - len(places)
    for position in asked:
        place = places.get(position)
        scores[position] = left if place is None else 2 * (len(asked) - place) + 1
    return bytes(scores)


def places_of_ranking(scores: bytes, asked: tuple[int, ...]) -> dict[int, int]:
    """The places that `scores_of_ranking` was given: position -> place.

    Issues without a place have the lowest score, q, and those with one at least 2q + 1. A single issue without a
    place is the last one either way.
    """
    lowest = min((scores[position] for position in asked), default=NO_ANSWER)
    return {
        position: len(asked) - (scores[position] - 1) // 2
        for position in asked
        if scores[position] > lowest or lowest == 1
    }
