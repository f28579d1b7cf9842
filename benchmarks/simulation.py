"""The published result comes out again: 600 simulated respondents give QiFu's 9 / 7 / 2 with the same members.

The simulation draws around the order that the report published, so this says that the whole path (case file,
survey, answers, tallies, axes, ranks, tiers) loses nothing on its way, not that the report was right. Counted
are issues in their published tier, with the worst of several seeds. The bar is all of them.
"""

import io

from django.core.management import call_command

from benchmarks.comparison import Bar, Outcome, count
from benchmarks.progress import show
from benchmarks.room import open_room
from benchmarks.sizes import Size
from materiality.findings import compared_with_published
from materiality.services import analyse_now
from scoping.models import Assessment

CASE = "qifu-2022"
RESPONDENTS = 600


def run(size: Size) -> list[Outcome]:
    found = []
    with open_room("sqlite") as room:
        for seed in size.seeds:
            same, published = compared_with_published(room.call(simulated_results, seed))
            show(f"simulation: seed {seed}: {same} of {published} issues in their published tier")
            found.append(same)
    return [
        count(
            name="simulation",
            ours=min(found),
            against=f"{CASE}'s issues in their published tier, the worst of {len(found)} seeds",
            reference=published,
            unit="issues",
            bar=Bar("=", 1),
        )
    ]


def simulated_results(seed: int) -> dict:
    """In a room: the results after simulated respondents answered, in place of those of another seed."""
    call_command("load_case", CASE, stdout=io.StringIO(), stderr=io.StringIO())
    assessment = Assessment.objects.get(case=CASE)
    call_command(
        "simulate", assessment.slug, respondents=RESPONDENTS, seed=seed, stdout=io.StringIO(), stderr=io.StringIO()
    )
    assessment.refresh_from_db()
    return analyse_now(assessment=assessment).results
