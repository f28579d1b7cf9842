"""Everything that the page of scenarios shows, and its files tell: the kept ones, and those chosen side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import ngettext

from accounts.models import Organisation
from materiality import selectors as runs
from materiality.models import AnalysisRun, Scenario
from materiality.scenarios.comparison import Agreement, Comparison, Row, compare_all
from materiality.scenarios.selectors import scenarios_of, with_results
from materiality.scenarios.wording import agreement_in_words, changes_in_words
from materiality.whatif.adjustments import Adjustments
from materiality.whatif.differences import Difference
from scoping.models import Assessment

# So many stand beside the current result: more columns nobody reads.
MOST_COMPARED = 4


@dataclass(frozen=True)
class Column:
    """One scenario beside the current result.

    Parameters
    ----------
    changes : what it changed about the method, weights and scope, a sentence each.
    agreement : with the current result; None where there is none.
    other_answers : whether it was computed from another number of answers than the current result.
    """

    scenario: Scenario
    changes: tuple[str, ...]
    agreement: Agreement | None
    other_answers: bool

    @property
    def facts(self) -> list[str]:
        return agreement_in_words(self.agreement) if self.agreement else []


@dataclass(frozen=True)
class Compared:
    """The chosen scenarios beside the current run, if there is one."""

    run: AnalysisRun | None
    columns: tuple[Column, ...]
    comparison: Comparison

    @property
    def headline(self) -> str:
        """How many issues change tier in any of the scenarios."""
        number = sum(row.changes_tier for row in self.comparison.rows)
        of = len(self.comparison.rows)
        if self.run is None:
            told = ngettext("%(of)s issue, scenario by scenario.", "%(of)s issues, scenario by scenario.", of)
        elif number:
            told = ngettext(
                "%(number)s of %(of)s issues changes tier in one of these scenarios.",
                "%(number)s of %(of)s issues change tier in one of these scenarios.",
                number,
            )
        else:
            told = ngettext(
                "The issue keeps its tier in these scenarios.",
                "All %(of)s issues keep their tiers in these scenarios.",
                of,
            )
        return told % {"number": number, "of": of}

    @property
    def lines(self) -> list[tuple[Row, list[tuple[str, Difference | None]]]]:
        """The rows, each with its cells under the names of the scenarios."""
        names = [column.scenario.name for column in self.columns]
        return [(row, list(zip(names, row.cells, strict=True))) for row in self.comparison.rows]

    @property
    def simulated(self) -> int:
        """How many of the answers behind the columns are simulated, where it is most."""
        return max((column.scenario.simulated_respondents for column in self.columns), default=0)


@dataclass(frozen=True)
class Kept:
    """A scenario in the list: the address that opens it again, and whether it is among the compared ones."""

    scenario: Scenario
    query: str
    chosen: bool


def kept_scenarios(organisation: Organisation, assessment: Assessment, chosen: Sequence[UUID] | None) -> list[Kept]:
    """All scenarios, newest first; without a choice the newest few are chosen."""
    found = scenarios_of(organisation=organisation, assessment=assessment)
    picked = [scenario.pk for scenario in found[:MOST_COMPARED]] if chosen is None else chosen[:MOST_COMPARED]
    return [
        Kept(scenario, Adjustments.from_dict(scenario.adjustments).to_query(), scenario.pk in picked)
        for scenario in found
    ]


def compared(organisation: Organisation, assessment: Assessment, chosen: Sequence[UUID]) -> Compared:
    """The chosen scenarios, `MOST_COMPARED` at most, beside the current result."""
    run = runs.current_run(organisation=organisation, assessment=assessment)
    current: dict[str, Any] | None = run.results if run else None
    scenarios = with_results(organisation=organisation, assessment=assessment, chosen=chosen[:MOST_COMPARED])
    comparison = compare_all(current, [scenario.results for scenario in scenarios])
    columns = tuple(
        Column(
            scenario,
            tuple(changes_in_words(scenario.adjustments, scenario.results, current)),
            agreement,
            run is not None and scenario.respondents != run.respondents,
        )
        for scenario, agreement in zip(scenarios, comparison.agreements, strict=True)
    )
    return Compared(run, columns, comparison)
