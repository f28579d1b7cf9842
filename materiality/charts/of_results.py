"""Charts of a decided result: the matrix, the bars by tier, the heat table."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from figures.alt_texts import alt_of_bars, alt_of_heat, alt_of_matrix
from figures.bars import BarsFigure, lay_out_bars
from figures.data import MatrixFigure, by_decision
from figures.heard import was_heard
from figures.heat import HeatFigure, lay_out_heat
from figures.layout import lay_out
from figures.wording import Wording
from figures.wording_zh import words_in
from materiality.charts.chart import Chart, Results, Tools, without_scores
from materiality.review.decided import computed_tier, moved_by_decision
from scoping.models import Assessment
from tables.writing import Cell, Table

RESULTS = ("materiality:results", gettext_lazy("Go to the results"))
NOT_SHOWN = "not shown"


class MatrixChart(Chart):
    """Importance to the company against importance to stakeholders."""

    slug = "matrix"
    label = gettext_lazy("Importance matrix")
    page = RESULTS

    def unavailable(self, results: Results, assessment: Assessment) -> str:
        return without_scores(results, assessment)

    def figure(self, results: Results, assessment: Assessment, language: str) -> MatrixFigure:
        return MatrixFigure.from_results(results or {}, words_in(language))

    def alt_of(self, figure: MatrixFigure, results: Results, words: Wording) -> str:
        return alt_of_matrix(figure, by_decision(results or {}, words))

    def table(self, results: Results, assessment: Assessment) -> Table:
        found = _found(self, results, assessment)
        limits = _limits(found)
        header = ["Rank", "Code", "Issue", *_tier_header(found), "Priority"]
        for axis in ("Importance to the company", "Importance to stakeholders"):
            header += [axis, f"{axis}, low, {limits}", f"{axis}, high, {limits}"]
        rows: list[list[Cell]] = []
        for issue in found["issues"]:
            row: list[Cell] = [issue["rank"], issue["code"], issue["name"], *_tiers(found, issue), issue["priority"]]
            for axis in ("company", "stakeholders"):
                row += [issue[axis], *(issue.get(f"{axis}_interval") or [None, None])]
            rows.append(row)
        return _told(found, "Matrix", header, rows)

    def tools(self) -> Tools:
        from figures.plot import frame_of, make_figure, paint_file

        return Tools(lay_out, frame_of, paint_file, make_figure)


class TiersChart(Chart):
    """Issues by rank within their tiers, as bars of priority."""

    slug = "tiers"
    label = gettext_lazy("Issues by tier")
    page = RESULTS

    def unavailable(self, results: Results, assessment: Assessment) -> str:
        return without_scores(results, assessment)

    def figure(self, results: Results, assessment: Assessment, language: str) -> BarsFigure:
        return BarsFigure.from_results(results or {}, words_in(language))

    def alt_of(self, figure: BarsFigure, results: Results, words: Wording) -> str:
        return alt_of_bars(figure, by_decision(results or {}, words))

    def table(self, results: Results, assessment: Assessment) -> Table:
        found = _found(self, results, assessment)
        limits = _limits(found)
        header = [*_tier_header(found), "Rank", "Code", "Issue"]
        header += ["Priority", f"Priority, low, {limits}", f"Priority, high, {limits}"]
        numbers = {tier["name"]: number for number, tier in enumerate(found["tiers"])}
        last = len(numbers)
        issues = sorted(found["issues"], key=lambda issue: numbers.get(issue["tier"], last))
        rows: list[list[Cell]] = [
            [
                *_tiers(found, issue),
                issue["rank"],
                issue["code"],
                issue["name"],
                issue["priority"],
                *(issue.get("priority_interval") or [None, None]),
            ]
            for issue in issues
        ]
        return _told(found, "Tiers", header, rows)

    def tools(self) -> Tools:
        from figures.bars_plot import frame_of, make_bars_figure, paint_bars_file

        return Tools(lay_out_bars, frame_of, paint_bars_file, make_bars_figure)


class HeatChart(Chart):
    """What each group makes of each issue."""

    slug = "heat"
    label = gettext_lazy("Ratings by group")
    page = RESULTS

    def unavailable(self, results: Results, assessment: Assessment) -> str:
        why = without_scores(results, assessment)
        if not why and not any(map(was_heard, (results or {}).get("stakeholder_groups", []))):
            why = _("The result does not say what each group made of the issues: update the results.")
        return why

    def figure(self, results: Results, assessment: Assessment, language: str) -> HeatFigure:
        return HeatFigure.from_results(results or {}, words_in(language))

    def alt_of(self, figure: HeatFigure, results: Results, words: Wording) -> str:
        return alt_of_heat(figure, by_decision(results or {}, words))

    def table(self, results: Results, assessment: Assessment) -> Table:
        found = _found(self, results, assessment)
        names = [group["name"] for group in found["stakeholder_groups"] if was_heard(group)]
        header = ["Rank", "Code", "Issue", *_tier_header(found), "Spread of groups", "Contested"]
        header += [f"{name}: {what}" for name in names for what in ("mean", "answers")]
        rows: list[list[Cell]] = []
        for issue in found["issues"]:
            row: list[Cell] = [issue["rank"], issue["code"], issue["name"], *_tiers(found, issue)]
            row += [issue.get("spread"), "yes" if issue.get("contested") else "no"]
            for name in names:
                cell = issue["groups"][name]
                row += [NOT_SHOWN, NOT_SHOWN] if cell.get("hidden") else [cell["mean"], cell["n"]]
            rows.append(row)
        return _told(found, "Groups", header, rows)

    def tools(self) -> Tools:
        from figures.heat_plot import frame_of, make_heat_figure, paint_heat_file

        return Tools(lay_out_heat, frame_of, paint_heat_file, make_heat_figure)


def _found(chart: Chart, results: Results, assessment: Assessment) -> Mapping[str, Any]:
    why = chart.unavailable(results, assessment)
    if results is None or why:
        raise ValueError(why)
    return results


def _limits(results: Mapping[str, Any]) -> str:
    return f"{float((results.get('method') or {}).get('interval', 0.9)) * 100:.0f} %"


def _tier_header(results: Mapping[str, Any]) -> list[str]:
    return ["Tier", "Computed tier"] if moved_by_decision(results) else ["Tier"]


def _tiers(results: Mapping[str, Any], issue: Mapping[str, Any]) -> list[Cell]:
    return [issue["tier"], computed_tier(issue)] if moved_by_decision(results) else [issue["tier"]]


def _told(results: Mapping[str, Any], name: str, header: list[str], rows: list[list[Cell]]) -> Table:
    """The table; a column says that answers are simulated, since a CSV has no place for a note."""
    simulated = results.get("simulated")
    if simulated:
        header = [*header, "Simulated answers in this result"]
        rows = [[*row, simulated] for row in rows]
    return Table(name, header, rows)
