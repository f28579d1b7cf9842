"""The charts of a result, in words and numbers: for pages of one's own that draw them, or read them out."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import Http404, HttpResponse
from django.urls import path
from rest_framework import serializers

from accounts.tokens import RESULTS
from api.fields import Choice, Output, Query, QueryWhole
from api.operations import operation
from api.problems import Problem
from figures.fonts import MissingFont
from figures.wording_zh import words_in
from materiality.charts import CHARTS, CONTENT_TYPES, Chart
from materiality.charts.chart import ChartStyle
from materiality.files.options import LANGUAGES, RESOLUTIONS
from materiality.house_style.selectors import look_of
from materiality.review.selectors import decided_results
from materiality.selectors import current_run
from scoping.api.base import AssessmentViews
from scoping.downloads import a_file
from scoping.models import Assessment


class ChartOutput(Output):
    example: ClassVar = {
        "chart": "matrix",
        "name": "Materiality matrix",
        "alt_text": "18 issues by their importance to the company and to stakeholders. …",
        "why_not": "",
    }

    chart = serializers.CharField(help_text="Its name in addresses.")
    name = serializers.CharField()
    alt_text = serializers.CharField(help_text="What it shows, in one to five sentences; empty where it has nothing.")
    why_not = serializers.CharField(help_text="Why it cannot be drawn, and what to do; empty where it can.")


class ChartsOutput(Output):
    example: ClassVar = {"charts": [ChartOutput.example]}

    charts = ChartOutput(many=True)


class ChartDetailOutput(ChartOutput):
    example: ClassVar = {
        **ChartOutput.example,
        "header": ["Rank", "Issue", "Priority"],
        "rows": [[1, "Water", 4.6]],
    }

    header = serializers.ListField(child=serializers.CharField())
    rows = serializers.ListField(child=serializers.ListField(), help_text="The data behind it.")


class ChartQuery(Query):
    language = Choice(list(LANGUAGES), default="en", help_text="Of the sentences, and of the words of a picture.")


class PictureQuery(ChartQuery):
    format = Choice(list(CONTENT_TYPES), default="svg")
    dpi = QueryWhole(default=200, min_value=RESOLUTIONS[0], max_value=RESOLUTIONS[1], help_text="Of a PNG.")


class Charts(AssessmentViews):
    tag, noun, writes = "Charts", "charts", RESULTS

    @operation(gives=ChartsOutput, query=ChartQuery, reads=True)
    def read_all(self, slug: str, query: dict[str, Any]) -> dict[str, Any]:
        """Read which charts there are of the current result, each with its text in place of the picture."""
        assessment = self.assessment(slug)
        results = self._results(assessment)
        return {"charts": [_told(chart, results, assessment, query["language"]) for chart in CHARTS.values()]}

    @operation(gives=ChartDetailOutput, query=ChartQuery, reads=True)
    def read(self, slug: str, chart: str, query: dict[str, Any]) -> dict[str, Any]:
        """Read one chart: its text, and the data behind it."""
        assessment = self.assessment(slug)
        found, results = _chart(chart), self._results(assessment)
        told = _told(found, results, assessment, query["language"])
        if told["why_not"]:
            return told | {"header": [], "rows": []}
        table = found.table(results, assessment)
        return told | {"header": table.header, "rows": table.rows}

    @operation(content_type=tuple(CONTENT_TYPES.values()), query=PictureQuery, reads=True)
    def picture(self, slug: str, chart: str, query: dict[str, Any]) -> HttpResponse:
        """Fetch one chart as a picture, in the colours of the house. 409 where it cannot be drawn, saying why."""
        assessment = self.assessment(slug)
        found, results = _chart(chart), self._results(assessment)
        colours = look_of(assessment.organisation).colours
        style = ChartStyle(dpi=query["dpi"], colours=colours, language=query["language"])
        try:
            content = found.paint(results, assessment, query["format"], style)
        except (ValueError, MissingFont) as error:
            raise Problem("refused", str(error)) from error
        return a_file(content, CONTENT_TYPES[query["format"]], f"{slug}-{found.slug}.{query['format']}")

    def _results(self, assessment: Assessment) -> Mapping[str, Any] | None:
        run = current_run(organisation=self.organisation, assessment=assessment)
        return decided_results(run) if run else None


def _chart(slug: str) -> Chart:
    if slug not in CHARTS:
        raise Http404
    return CHARTS[slug]


def _told(chart: Chart, results: Mapping[str, Any] | None, assessment: Assessment, language: str) -> dict[str, Any]:
    why_not = str(chart.unavailable(results, assessment))
    text = ""
    if not why_not:
        text = chart.alt_of(chart.figure(results, assessment, language), results, words_in(language))
    return {"chart": chart.slug, "name": str(chart.label), "alt_text": text, "why_not": why_not}


_CHARTS = "assessments/<slug:slug>/charts/"
urlpatterns = [
    path(_CHARTS, Charts.as_view({"get": "read_all"})),
    path(f"{_CHARTS}<slug:chart>/", Charts.as_view({"get": "read"})),
    path(f"{_CHARTS}<slug:chart>/picture/", Charts.as_view({"get": "picture"})),
]
