"""Disclosure tables: what each framework asks about the assessment, filled from what is recorded."""

from typing import Any, ClassVar

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import path
from django.utils import translation
from rest_framework import serializers

from accounts.tokens import RESULTS, SCOPING
from api.fields import Choice, Output, Query
from api.operations import operation
from materiality.disclosure.addresses import address_of
from materiality.disclosure.cells import DisclosureTable, Filled, Framework
from materiality.disclosure.files import FORMATS
from materiality.disclosure.frameworks import MAKERS, disclosures_of, framework_file
from materiality.exports.chapter.material import Material, material_of
from materiality.files.options import LANGUAGES
from materiality.review.selectors import decided_results
from materiality.selectors import current_run
from scoping.api.base import AssessmentViews
from scoping.models import Assessment

STATES = ("filled", "partly", "missing", "empty")


class FrameworkOutput(Output):
    example: ClassVar = {
        "framework": "gri",
        "name": "GRI 3: Material Topics",
        "edition": "2021",
        "note": "",
        "rows": 12,
        "rows_to_complete": 7,
    }

    framework = serializers.CharField(help_text="Its name in addresses.")
    name = serializers.CharField()
    edition = serializers.CharField()
    note = serializers.CharField()
    rows = serializers.IntegerField()
    rows_to_complete = serializers.IntegerField(help_text="In how many of them something is still to be written.")


_OF = {"answers": 600, "simulated": 0, "has_result": True}


class FrameworksOutput(Output):
    example: ClassVar = {**_OF, "frameworks": [FrameworkOutput.example]}

    answers = serializers.IntegerField()
    simulated = serializers.IntegerField(help_text="How many of the answers nobody gave.")
    has_result = serializers.BooleanField(help_text="Ranks, tiers and scores join when there is one.")
    frameworks = FrameworkOutput(many=True)


class CellOutput(Output):
    column = serializers.CharField(help_text="Its head.")
    state = serializers.ChoiceField(
        STATES,
        help_text="filled; partly: filled, with something still to be written; missing: all of it is to be written; "
        "empty: nothing is, and nothing has to be.",
    )
    paragraphs = serializers.ListField(child=serializers.CharField(), help_text="What is recorded.")
    to_write = serializers.CharField(help_text="What somebody still has to write; empty where nothing is missing.")
    address = serializers.CharField(help_text="Of the page where that is written; empty: it is for the report alone.")


class DisclosureRowOutput(Output):
    code = serializers.CharField(help_text="The framework's own; empty where it has none.")
    asks = serializers.CharField(help_text="What is asked, in Salient's words, or the name of a topic.")
    complete = serializers.BooleanField()
    cells = CellOutput(many=True, help_text="One for each column.")


class DisclosureTableOutput(Output):
    code = serializers.CharField()
    title = serializers.CharField()
    note = serializers.CharField()
    columns = serializers.ListField(child=serializers.CharField())
    rows_to_complete = serializers.IntegerField()
    rows = DisclosureRowOutput(many=True)


class FrameworkDetailOutput(FrameworkOutput):
    example: ClassVar = {
        **FrameworkOutput.example,
        **_OF,
        "rows": 1,
        "rows_to_complete": 1,
        "tables": [
            {
                "code": "3-1",
                "title": "Process to determine material topics",
                "note": "",
                "columns": ["What is recorded"],
                "rows_to_complete": 1,
                "rows": [
                    {
                        "code": "3-1 b",
                        "asks": "Stakeholders and experts whose views informed the process",
                        "complete": False,
                        "cells": [
                            {
                                "column": "What is recorded",
                                "state": "missing",
                                "paragraphs": [],
                                "to_write": "Register the stakeholder groups.",
                                "address": "https://salient.example.org/o/example/a/example-2026/stakeholders/",
                            }
                        ],
                    }
                ],
            }
        ],
    }

    answers = serializers.IntegerField()
    simulated = serializers.IntegerField(help_text="How many of the answers nobody gave.")
    has_result = serializers.BooleanField(help_text="Ranks, tiers and scores join when there is one.")
    tables = DisclosureTableOutput(many=True)


class DisclosureQuery(Query):
    language = Choice(list(LANGUAGES), default="en", help_text="Of what people did not write themselves.")


class DisclosureFileQuery(DisclosureQuery):
    format = Choice(list(FORMATS), default="xlsx")
    framework = Choice(list(MAKERS), required=False, help_text="That one alone; without it, all of them.")


class Disclosures(AssessmentViews):
    tag, noun, writes = "Disclosure tables", "disclosures", RESULTS

    @operation(gives=FrameworksOutput, query=DisclosureQuery, reads=True)
    def read_all(self, slug: str, query: dict[str, Any]) -> dict[str, Any]:
        """Read which frameworks' tables there are, and how much of each is still to be written."""
        assessment = self.assessment(slug)
        with translation.override(query["language"]):
            material = self._material(assessment)
            return _basis(material) | {"frameworks": [_head(one) for one in disclosures_of(assessment, material)]}

    @operation(gives=FrameworkDetailOutput, query=DisclosureQuery, reads=True)
    def read(self, slug: str, framework: str, query: dict[str, Any]) -> dict[str, Any]:
        """Read the tables of one framework, cell by cell: what is recorded, and what is still to be written."""
        assessment = self.assessment(slug)
        if framework not in MAKERS:
            raise Http404
        with translation.override(query["language"]):
            material = self._material(assessment)
            (found,) = disclosures_of(assessment, material, only=framework)
            return _basis(material) | _head(found) | {"tables": [self._table(slug, one) for one in found.tables]}

    @operation(content_type=tuple(kind for kind, _write in FORMATS.values()), query=DisclosureFileQuery, reads=True)
    def file(self, slug: str, query: dict[str, Any]) -> HttpResponse:
        """Fetch the tables as a file, of one framework or of all. What is still to be written is marked in it."""
        assessment = self.assessment(slug)
        with translation.override(query["language"]):
            material = self._material(assessment)
            only = query.get("framework", "")
            return framework_file(assessment, material, format=query["format"], only=only)

    def _material(self, assessment: Assessment) -> Material:
        run = current_run(organisation=self.organisation, assessment=assessment)
        return material_of(assessment, decided_results(run) if run else None)

    def _table(self, slug: str, table: DisclosureTable) -> dict[str, Any]:
        return {
            "code": table.code,
            "title": table.title,
            "note": table.note,
            "columns": table.columns,
            "rows_to_complete": table.missing,
            "rows": [
                {
                    "code": row.code,
                    "asks": row.asks,
                    "complete": row.is_complete,
                    "cells": [
                        self._cell(slug, column, cell) for column, cell in zip(table.columns, row.cells, strict=True)
                    ],
                }
                for row in table.rows
            ],
        }

    def _cell(self, slug: str, column: str, cell: Filled) -> dict[str, Any]:
        address = ""
        if cell.missing and cell.place:
            may_edit = SCOPING in self.access.scopes
            page = address_of(cell.place, organisation=self.organisation.slug, assessment=slug, may_edit=may_edit)
            address = f"{settings.BASE_URL}{page}"
        return {
            "column": column,
            "state": _state(cell),
            "paragraphs": cell.lines,
            "to_write": cell.missing,
            "address": address,
        }


def _state(cell: Filled) -> str:
    if cell.lines:
        return "partly" if cell.missing else "filled"
    return "missing" if cell.missing else "empty"


def _basis(material: Material) -> dict[str, Any]:
    has_result = material.results is not None
    return {"answers": material.answers, "simulated": material.simulated, "has_result": has_result}


def _head(framework: Framework) -> dict[str, Any]:
    return {
        "framework": framework.slug,
        "name": framework.name,
        "edition": framework.edition,
        "note": framework.note,
        "rows": sum(len(table.rows) for table in framework.tables),
        "rows_to_complete": framework.missing,
    }


_PLACE = "assessments/<slug:slug>/"
urlpatterns = [
    path(f"{_PLACE}disclosures/", Disclosures.as_view({"get": "read_all"})),
    path(f"{_PLACE}disclosures/<slug:framework>/", Disclosures.as_view({"get": "read"})),
    path(f"{_PLACE}disclosures-file/", Disclosures.as_view({"get": "file"})),
]
