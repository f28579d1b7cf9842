"""Simulated answers: drawn around an order of the issues, and sent.

Up to ONE_BY_ONE of them go through the service that the web form uses, one by one. More are stored together, with the
same checks and the same columns (surveys/services/simulated.py): ten million would take hours otherwise. Both are
counted as real ones are.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice

import numpy as np
from django.core.exceptions import ValidationError
from django.db import transaction

from scoping.models import Assessment, Issue, PublishedResult, Tier
from scoping.services.scope import note
from surveys.links import AnswerLink, public_link
from surveys.models import Dimension, IssueQuestion, Item, Survey, SurveyState
from surveys.scores import scores_of_choice, scores_of_ranking
from surveys.selectors import progress_by_group
from surveys.services.answering import submit_response
from surveys.services.opening import open_survey, prepare_survey
from surveys.services.simulated import remove_simulated, store_together
from surveys.simulation import Ratings, SimulatedGroup, share_out, simulate

# Answers per transaction: SQLite waits for the disk once in each.
AT_ONCE = 100
# About half a minute. A demonstration has fewer.
ONE_BY_ONE = 10_000
# On which opinions are drawn that are asked for otherwise than by a rating.
USUAL_SCALE = (1, 5)

Progress = Callable[[int, int, str], None]


def simulate_answers(*, assessment: Assessment, respondents: int, seed: int, progress: Progress | None = None) -> int:
    """Replace the simulated answers of `assessment` by `respondents` new ones. Returns how many were sent.

    Opens the survey if it has not been opened. The groups get equal numbers of respondents.

    Raises
    ------
    ValidationError
        If the survey cannot be opened or is closed, nobody is to answer, or people have answered.
    """
    if respondents < 1:
        raise ValidationError(f"{respondents} respondents cannot answer: ask for at least 1.")
    survey = prepare_survey(assessment=assessment)
    if survey.state == SurveyState.DRAFT:
        open_survey(survey=survey)
    elif survey.state == SurveyState.CLOSED:
        raise ValidationError("The survey is closed: reopen it on its page, then simulate.")
    _refuse_beside_people(survey)
    remove_simulated(survey=survey)

    links = list(survey.links.select_related("group"))
    asked = [_asked(link.token) for link in links]
    questionnaire = asked[0].questionnaire
    # Where both importances are asked, an issue has two items.
    one_each = Item.objects.filter(questionnaire=questionnaire.id).exclude(dimension=Dimension.STAKEHOLDERS)
    issues = [item.issue for item in one_each.order_by("position").select_related("issue")]
    sizes = share_out(respondents, len(links))
    groups = [
        SimulatedGroup(link.group.side, float(link.group.weight), size) for link, size in zip(links, sizes, strict=True)
    ]
    order = _order(assessment, issues, seed)
    rated = questionnaire.kind == IssueQuestion.RATING
    scale = (questionnaire.low, questionnaire.high) if rated else USUAL_SCALE
    drawn = simulate(order, groups, scale, seed)
    if questionnaire.content.both:
        drawn = _side_by_side(drawn, simulate(order, groups, scale, seed + 1))
    # Each group's choices among equals go on from piece to piece.
    chances = [np.random.default_rng(seed) for _ in asked]
    answers = ((asked[place], _as_asked(asked[place], ratings, chances[place])) for place, ratings in drawn)
    store = _send_each if respondents <= ONE_BY_ONE else partial(_store_together, of=respondents)
    sent = 0
    for newly in store(answers):
        sent += newly
        if progress:
            progress(sent, respondents, "Simulated answers")
    note(assessment, None, f"stored {sent} simulated answers")
    return sent


def _refuse_beside_people(survey: Survey) -> None:
    people = sum(progress.people for progress in progress_by_group(survey))
    if people:
        told = "1 person has" if people == 1 else f"{people:,} people have"
        raise ValidationError(
            f"{told} answered, and simulated answers never count beside people's. Simulate in an assessment that "
            "nobody has answered, such as one that is carried forward from this one."
        )


Pieces = Iterable[tuple[AnswerLink, Ratings]]


def _send_each(pieces: Pieces) -> Iterator[int]:
    """Send every answer by itself, as the form does. Yields how many were sent, now and then."""
    answers = ((link, row.tobytes()) for link, ratings in pieces for row in ratings)
    while batch := list(islice(answers, AT_ONCE)):
        yield _send(batch)


def _store_together(pieces: Pieces, of: int) -> Iterator[int]:
    """Store the answers of a piece by one transaction. Yields how many that were.

    Parameters
    ----------
    of : how many answers there are in all.
    """
    stored = 0
    for link, ratings in pieces:
        store_together(link=link, ratings=ratings, before=stored, of=of)
        stored += len(ratings)
        yield len(ratings)


def _side_by_side(
    first: Iterator[tuple[int, Ratings]], second: Iterator[tuple[int, Ratings]]
) -> Iterator[tuple[int, Ratings]]:
    """The same people's opinions on two axes."""
    for (place, one), (_, other) in zip(first, second, strict=True):
        yield place, np.concatenate([one, other], axis=1)


def _as_asked(link: AnswerLink, ratings: Ratings, chance: np.random.Generator) -> Ratings:
    """(respondents, items) What people with these opinions answer to the kind of question that their group is asked."""
    positions = list(link.sheet().positions)
    scores = np.zeros_like(ratings)
    if link.questionnaire.kind == IssueQuestion.RATING:
        scores[:, positions] = ratings[:, positions]
        return scores
    # Those rated highest come first; chance decides among equals.
    opinions = ratings[:, positions] + chance.random((len(ratings), len(positions)))
    best_first = np.argsort(-opinions, axis=1)[:, : link.questionnaire.content.choose]
    asked, items = tuple(positions), ratings.shape[1]
    for row, chosen in enumerate(best_first):
        places = {positions[index]: place for place, index in enumerate(chosen, 1)}
        if link.questionnaire.kind == IssueQuestion.TOP:
            scored = scores_of_choice(set(places), asked, items)
        else:
            scored = scores_of_ranking(places, asked, items)
        scores[row] = np.frombuffer(scored, np.uint8)
    return scores


def _asked(token: str) -> AnswerLink:
    link = public_link(token)
    if link is None:
        raise ValidationError("The survey has lost its questionnaire.")
    return link


@transaction.atomic
def _send(answers: Iterable[tuple[AnswerLink, bytes]]) -> int:
    return sum(submit_response(link=link, answers=ratings, simulated=True).created for link, ratings in answers)


def _order(assessment: Assessment, issues: Sequence[Issue], seed: int) -> list[list[int]]:
    """The items by importance, in tiers: as published where something is; otherwise drawn by the seed.

    An issue of which nothing was published takes one of the places that the planned sizes of the tiers leave; where
    they leave none, it joins the middle tier.
    """
    rng = random.Random(seed)
    published = {result.issue_id: result for result in PublishedResult.objects.filter(issue__assessment=assessment)}
    positions = list(range(len(issues)))
    rng.shuffle(positions)  # decides wherever nothing was published
    tiers = list(assessment.tiers.all())
    by_tier: dict[int, list[int]] = {tier.pk: [] for tier in tiers}
    unpublished: list[int] = []
    for position in positions:
        result = published.get(issues[position].pk)
        (by_tier[result.tier_id] if result else unpublished).append(position)
    for members in by_tier.values():
        members.sort(key=lambda position: published[issues[position].pk].rank or len(issues) + 1)
    if not published:
        counts = [tier.planned_count or 0 for tier in tiers]
        return _divided(unpublished, counts if sum(counts) == len(issues) else [])
    ordered = [by_tier[tier.pk] for tier in tiers]
    left = (members for tier, members in zip(tiers, ordered, strict=True) for _ in range(_room(tier, len(members))))
    places, middle = iter(list(left)), ordered[len(ordered) // 2]
    for position in unpublished:
        next(places, middle).append(position)
    return ordered


def _room(tier: Tier, taken: int) -> int:
    return max((tier.planned_count or 0) - taken, 0)


def _divided(positions: Sequence[int], counts: Sequence[int]) -> list[list[int]]:
    if not counts:
        return [list(positions)]
    ends = np.cumsum(counts).tolist()
    return [list(positions[start:end]) for start, end in zip([0, *ends], ends, strict=False)]
