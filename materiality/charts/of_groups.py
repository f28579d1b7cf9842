"""Charts of the stakeholder groups: power and interest, and how many answered. Both from the assessment itself: what is
handed over as the result is not looked at."""

from dataclasses import replace
from typing import Literal

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from figures.alt_texts import alt_of_grid, alt_of_rates
from figures.data import clean, subject_of
from figures.grid import GridFigure, lay_out_grid
from figures.rates import Asked, GroupRate, RatesFigure, lay_out_rates
from figures.wording import Wording
from figures.wording_zh import words_in
from materiality.charts.chart import Chart, Results, Tools
from scoping.grid import figure_of
from scoping.models import Assessment, Side
from scoping.selectors.stakeholders import scored_groups
from scoping.stakeholding import POWER_INTEREST
from surveys.models import Survey
from surveys.monitor import GroupWatch, groups_watched
from surveys.withholding import smallest_group
from tables.writing import Cell, Table

SIDES = {True: "company", False: "stakeholders"}
BASES = {Asked.INVITED: "invited", Asked.PEOPLE: "people in the group", Asked.UNKNOWN: None}


class GridChart(Chart):
    """Who can influence the company, and who wants to."""

    slug = "grid"
    label = gettext_lazy("Power-interest grid")
    page = ("scoping:scores", gettext_lazy("Go to the scores"))

    def unavailable(self, results: Results, assessment: Assessment) -> str:
        if assessment.stakeholder_model != POWER_INTEREST.slug:
            return _("The groups are scored by another model: choose power and interest, and score them.")
        if figure_of(assessment, scored_groups(assessment)) is None:
            return _("No stakeholder group has a score of both power and interest yet: score the groups.")
        return ""

    def figure(self, results: Results, assessment: Assessment, language: str) -> GridFigure:
        with translation.override(language):
            figure = figure_of(assessment, scored_groups(assessment))
        if figure is None:
            raise ValueError("A grid needs a group with scores of power and interest.")
        return replace(figure, wording=words_in(language))

    def alt_of(self, figure: GridFigure, results: Results, words: Wording) -> str:
        return alt_of_grid(figure, words)

    def table(self, results: Results, assessment: Assessment) -> Table:
        if why := self.unavailable(results, assessment):
            raise ValueError(why)
        with translation.override("en"):
            figure = figure_of(assessment, scored_groups(assessment))
        points = figure.points if figure else ()
        rows: list[list[Cell]] = [
            [
                point.number,
                point.name,
                SIDES[point.internal],
                point.power,
                point.interest,
                figure.strategy_of(point) if figure else "",
            ]
            for point in points
        ]
        rows += [[None, name, None, None, None, None] for name in (figure.left_out if figure else ())]
        return Table("Power and interest", ["Number", "Group", "Counts as", "Power", "Interest", "Strategy"], rows)

    def tools(self) -> Tools:
        from figures.grid_plot import frame_of, make_grid_figure, paint_grid_file

        return Tools(lay_out_grid, frame_of, paint_grid_file, make_grid_figure)


class RatesChart(Chart):
    """How many of those asked answered, now."""

    slug = "rates"
    label = gettext_lazy("Response rates")
    page = ("surveys:survey", gettext_lazy("Go to the survey"))

    def unavailable(self, results: Results, assessment: Assessment) -> str:
        if not assessment.with_survey:
            return _("This assessment holds no survey: nobody was asked.")
        survey = _survey(assessment)
        if survey is None or not any(one.answers or one.invited for one in groups_watched(survey)):
            return _(
                "Nobody has been asked or has answered yet: open the survey, and share its links or invite people."
            )
        return ""

    def figure(self, results: Results, assessment: Assessment, language: str) -> RatesFigure:
        told = {
            "title": assessment.name,
            "company_name": assessment.company,
            "reporting_period": assessment.reporting_period,
        }
        groups, k = _rates(assessment)
        return RatesFigure(subject_of(told), groups, k, words_in(language))

    def alt_of(self, figure: RatesFigure, results: Results, words: Wording) -> str:
        return alt_of_rates(figure)

    def table(self, results: Results, assessment: Assessment) -> Table:
        if why := self.unavailable(results, assessment):
            raise ValueError(why)
        groups, k = _rates(assessment)
        header = ["Group", "Counts as", "Answered", "Asked", "Asked are", "Response rate", "Simulated"]
        rows: list[list[Cell]] = [
            [
                group.name,
                SIDES[group.internal],
                f"fewer than {k}" if group.answered is None else group.answered,
                group.asked,
                BASES[group.basis],
                group.share,
                group.simulated,
            ]
            for group in groups
        ]
        return Table("Response rates", header, rows, shares=frozenset({"Response rate"}))

    def tools(self) -> Tools:
        from figures.rates_plot import frame_of, make_rates_figure, paint_rates_file

        return Tools(lay_out_rates, frame_of, paint_rates_file, make_rates_figure)


def _survey(assessment: Assessment) -> Survey | None:
    return Survey.objects.filter(assessment=assessment).first()


def _rates(assessment: Assessment) -> tuple[tuple[GroupRate, ...], int]:
    """The groups as they may be told, and from how many people on a number is."""
    survey = _survey(assessment)
    if survey is None:
        raise ValueError("There is no survey, so there are no response rates.")
    k = smallest_group(survey)
    return tuple(_rate(one, k) for one in groups_watched(survey)), k


def _rate(one: GroupWatch, k: int) -> GroupRate:
    """Of those invited, where all answers come from them; else of all in the group, where their number is known.

    Simulated answers are told only as long as they stand in for people's, and never with them in one number.
    """
    people = one.answers - one.simulated
    simulated: Literal["all", "some", "none"] = "all" if one.simulated else "none"
    if one.invited and people <= one.heard:
        answered, asked, basis, simulated = one.heard, one.invited, Asked.INVITED, "none"
    elif one.population:
        answered, asked, basis = one.simulated or people, one.population, Asked.PEOPLE
    else:
        answered, asked, basis = one.simulated or people, None, Asked.UNKNOWN
    return GroupRate(
        name=clean(one.group.name) or one.group.code,
        internal=one.group.side == Side.INTERNAL,
        answered=None if 0 < answered < k else answered,
        asked=asked,
        basis=basis,
        simulated=simulated,
    )
