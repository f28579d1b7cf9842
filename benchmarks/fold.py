"""Results while answers come in: as quick whether 10,000 or 1,000,000 are stored already.

With tallies in place, results are read from the tallies and computed with all their draws: that may take 30 ms, and
1.3 times as long at the larger size, which is noise.

After 100 new answers: each measurement stores 100 answers, then times what a person waits for: the fold into the
tallies, the analysis with all its draws, and keeping the run. Two rooms take turns, one with few answers and one with
many, each with its own database, so that they share no table and no index. Here the bar of 1.5 leaves room for a
deeper index and for noise, and none for anything that grows with the answers.
"""

import time
from functools import partial

from django.db import connection

from benchmarks.comparison import Bar, Outcome, count, seconds, take_turns
from benchmarks.crowd import new_survey, settle, store_answers
from benchmarks.room import open_room
from benchmarks.sizes import GROUPS, ITEMS, Size
from materiality.scoring.analysis import analyse
from materiality.services import analyse_now, method_of
from materiality.voices import inputs_of, issue_items, voices_of
from materiality.weighing import facts_used
from scoping.models import Assessment
from surveys.models import Survey
from surveys.selectors import tallies_of
from surveys.services import recount_tallies

NEW = 100
LIMIT_MS = 30


def run(size: Size, *, database: str) -> list[Outcome]:
    with open_room(database) as many, open_room(database) as few:
        few.call(fill, size.few)
        many.call(fill, size.many)
        in_place = take_turns(
            name=f"results-in-place-{database}",
            ours=partial(many.call, results_in_place),
            against=f"the same at {size.few:,} stored answers instead of {size.many:,}",
            reference=partial(few.call, results_in_place),
            unit="ms",
            bar=Bar("<", 1.3),
            pairs=3 * size.pairs,
            warm_ups=2,
        )
        return [
            count(
                name=f"results-in-place-within-{database}",
                ours=in_place.ours,
                against="the limit",
                reference=LIMIT_MS,
                unit="ms",
                bar=Bar("<=", 1),
            ),
            in_place,
            take_turns(
                name=f"fold-after-100-new-{database}",
                ours=partial(many.call, renew),
                against=f"the same at {size.few:,} stored answers instead of {size.many:,}",
                reference=partial(few.call, renew),
                unit="s",
                bar=Bar("<", 1.5),
                # One measurement is short, so more of them steady the median.
                pairs=3 * size.pairs,
                warm_ups=2,
            ),
        ]


def fill(respondents: int) -> None:
    """In a room: a survey with that many answers, all of them tallied, and shown but for the last."""
    survey = new_survey(groups=GROUPS, issues=ITEMS)
    store_answers(survey, respondents=respondents, seed=respondents, tallied=True)
    settle()
    recount_tallies(survey=survey)
    # Counting afresh makes no step in what is shown: that moves on with new answers.
    renew()


def results_in_place() -> float:
    """In a room: the milliseconds from stored tallies to the result with its draws."""
    assessment = Assessment.objects.get()

    def work() -> None:
        survey = tallies_of(assessment)
        method = method_of(assessment)
        inputs = inputs_of(voices_of(survey), facts_used(assessment, survey, method), method)
        found = analyse(inputs, len(issue_items(survey)), method)
        if any(issue.tier_probability is None for issue in found.issues):
            raise AssertionError("A result has no certainty.")

    return 1000 * seconds(work)()


def renew() -> float:
    """In a room: 100 answers come in; the seconds until there is a result that counts them."""
    survey = Survey.objects.get()
    store_answers(survey, respondents=NEW, seed=time.monotonic_ns(), tallied=False)
    assessment = Assessment.objects.get()
    before = _respondents(survey)
    start = time.perf_counter()
    found = analyse_now(assessment=assessment)
    took = time.perf_counter() - start
    held_back = sum(group.held_back for group in tallies_of(assessment).groups)
    if found.respondents + held_back != before + NEW:
        raise AssertionError(f"{found.respondents} and {held_back} that wait are not {before + NEW} answers.")
    return took


def _respondents(survey: Survey) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(respondents) FROM surveys_grouptally t JOIN surveys_questionnaire q ON q.id = questionnaire_id "
            "WHERE survey_id = %s",
            [survey.pk],
        )
        return int(cursor.fetchone()[0])
