"""What the page of charts shows of each: the picture's size and text, or why there is none."""

from dataclasses import dataclass

from django.utils.translation import get_language

from figures.fonts import MissingFont, drawable, families_for
from materiality.charts import CHARTS, Chart, ChartStyle
from materiality.charts.chart import Results
from materiality.house_style.selectors import look_of
from scoping.models import Assessment

# Of the files on the page: sharp in print.
DPI = 300


@dataclass(frozen=True)
class Shown:
    """A chart that can be drawn. `no_font` says which font is missing to draw it as a picture; empty where none is."""

    chart: Chart
    alt: str
    width: int
    height: int
    no_font: str = ""


@dataclass(frozen=True)
class Missing:
    """A chart that cannot be drawn yet, and why."""

    chart: Chart
    why: str


def language_of_page() -> str:
    """The language of figures on a page: that of the page, where figures speak it."""
    return "zh-hans" if (get_language() or "").startswith("zh") else "en"


def page_style(assessment: Assessment) -> ChartStyle:
    """How the page's files look: the organisation's colours, the page's language."""
    return ChartStyle(dpi=DPI, colours=look_of(assessment.organisation).colours, language=language_of_page())


def charts_of(results: Results, assessment: Assessment) -> tuple[list[Shown], list[Missing]]:
    """Every chart, by whether it can be drawn of that result and that assessment."""
    shown, missing = [], []
    language = language_of_page()
    for chart in CHARTS.values():
        why = chart.unavailable(results, assessment)
        if why:
            missing.append(Missing(chart, why))
            continue
        figure = chart.figure(results, assessment, language)
        width, height = chart.size(figure)
        alt = chart.alt_text(results, assessment, language)
        shown.append(Shown(chart, alt, width, height, _no_font(figure)))
    return shown, missing


def _no_font(figure: object) -> str:
    try:
        families_for([drawable(repr(figure))])
    except MissingFont as error:
        return str(error)
    return ""
