"""The chart of two periods: the ranks of this one beside those of the one before."""

from dataclasses import replace

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from figures.alt_texts import alt_of_slopes
from figures.slopes import SlopeFigure, lay_out_slopes
from figures.wording import Wording
from figures.wording_zh import words_in
from materiality.change.comparison import Comparison, comparison_of, why_not_compared
from materiality.change.drawing import figure_of
from materiality.change.table import changes_table
from materiality.charts.chart import Chart, Results, Tools
from scoping.models import Assessment
from tables.writing import Table


class SlopesChart(Chart):
    """From the assessments themselves: what is handed over as the result is not looked at."""

    slug = "slopes"
    label = gettext_lazy("Ranks, year on year")
    page = ("materiality:changes", gettext_lazy("Go to the years compared"))

    def unavailable(self, results: Results, assessment: Assessment) -> str:
        comparison, before, now = comparison_of(organisation=assessment.organisation, assessment=assessment)
        if comparison is None:
            return why_not_compared(assessment, before, now)
        if figure_of(comparison, assessment) is None:
            return _("One of the two years has tiers only: a slope chart needs ranks of both.")
        return ""

    def figure(self, results: Results, assessment: Assessment, language: str) -> SlopeFigure:
        words = words_in(language)
        with translation.override(language):
            figure = figure_of(_comparison(assessment), assessment)
        if figure is None:
            raise ValueError("A slope chart needs ranks of both years.")
        shared = {"pictures_left_out": words.pictures_left_out, "comma": words.comma}
        shared["between_sentences"] = words.between_sentences
        return replace(figure, wording=replace(figure.wording, **shared))

    def alt_of(self, figure: SlopeFigure, results: Results, words: Wording) -> str:
        return alt_of_slopes(figure, words)

    def table(self, results: Results, assessment: Assessment) -> Table:
        if why := self.unavailable(results, assessment):
            raise ValueError(why)
        return changes_table(_comparison(assessment))

    def tools(self) -> Tools:
        from figures.slopes_plot import frame_of, make_slopes_figure, paint_slopes_file

        return Tools(lay_out_slopes, frame_of, paint_slopes_file, make_slopes_figure)


def _comparison(assessment: Assessment) -> Comparison:
    found = comparison_of(organisation=assessment.organisation, assessment=assessment)[0]
    if found is None:
        raise ValueError(_("There is nothing to export yet: the years cannot be compared."))
    return found
