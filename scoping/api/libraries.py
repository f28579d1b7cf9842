"""The topics of standards: what there is, what of it is on the list, and picking from it."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import path
from rest_framework import serializers

from api.fields import Input, Output, Text
from api.operations import operation
from scoping.api.base import AssessmentViews
from scoping.libraries.catalogue import LibraryNotFound, find_library
from scoping.libraries.format import Library
from scoping.selectors.libraries import library_groups, library_lines
from scoping.services.issues import MOST_ISSUES
from scoping.services.libraries import Choice, Picked, pick_entries


class LibraryOutput(Output):
    example: ClassVar = {
        "slug": "gri",
        "name": "GRI Standards",
        "publisher": "Global Reporting Initiative",
        "edition": "2021",
        "entries": 31,
        "on_list": 4,
    }

    slug = serializers.SlugField(source="library.slug")
    name = serializers.CharField(source="library.name")
    publisher = serializers.CharField(source="library.publisher")
    edition = serializers.CharField(source="library.edition")
    entries = serializers.IntegerField(source="count")
    on_list = serializers.IntegerField(help_text="Entries that issues of the list name, or whose names are alike.")


class LibrariesOutput(Output):
    example: ClassVar = {"libraries": [LibraryOutput.example]}

    libraries = LibraryOutput(many=True)


class LibraryEntryOutput(Output):
    code = serializers.CharField(source="entry.code")
    name = serializers.CharField(source="entry.full_name")
    group = serializers.CharField(source="entry.group", help_text="The heading that it stands under.")
    kind = serializers.CharField(source="entry.kind", help_text="What the standard calls this level.")
    parent = serializers.CharField(source="entry.parent", help_text="The code of the entry above it; empty for none.")
    citation = serializers.CharField(source="entry.citation")
    issue = serializers.SlugField(source="issue.code", default=None, allow_null=True, help_text="Which names it.")
    alike = serializers.SlugField(source="alike.code", default=None, allow_null=True, help_text="Of a like name.")


class EntriesOutput(Output):
    example: ClassVar = {
        "entries": [
            {
                "code": "305",
                "name": "Emissions",
                "group": "Environmental",
                "kind": "standard",
                "parent": "",
                "citation": "GRI 305 Emissions (2016)",
                "issue": None,
                "alike": "climate",
            }
        ]
    }

    entries = LibraryEntryOutput(many=True)


class PickInput(Input):
    code = Text(max_length=60, help_text="Of the entry.")
    into = Text(required=False, max_length=60, help_text="The code of the issue that it becomes a mention of.")
    apart_from = Text(
        required=False, max_length=60, help_text="The code of the issue of a like name that it is not: it becomes one."
    )


class PicksInput(Input):
    example: ClassVar = {"entries": [{"code": "305"}]}

    entries = serializers.ListField(child=PickInput(), min_length=1, max_length=MOST_ISSUES)


class PickedOutput(Output):
    example: ClassVar = {"added": 1, "mentioned": 0, "known": 0}

    added = serializers.IntegerField(help_text="New issues.")
    mentioned = serializers.IntegerField(help_text="Entries that are mentions of issues now.")
    known = serializers.IntegerField(help_text="Entries that were there before.")


class Libraries(AssessmentViews):
    tag, noun = "Libraries", "libraries"

    @operation(gives=LibrariesOutput, reads=True)
    def read_all(self, slug: str) -> dict[str, Any]:
        """Read which standards' topics there are, and how much of each is on the list."""
        return {"libraries": library_lines(self.assessment(slug))}

    @operation(gives=EntriesOutput, reads=True)
    def read(self, slug: str, library: str) -> dict[str, Any]:
        """Read the topics of a standard, each with the issue that it is or may be."""
        groups = library_groups(self.assessment(slug), _library(library))
        return {"entries": [line for group in groups for line in group.lines]}

    @operation(gives=PickedOutput, takes=PicksInput)
    def pick(self, slug: str, library: str, body: dict[str, Any]) -> Picked:
        """Put topics of a standard on the long list: all of them, or none.

        After the survey has opened, new issues wait for the next assessment."""
        assessment, found = self.assessment(slug), _library(library)
        choices = [Choice(**entry) for entry in body["entries"]]
        try:
            return pick_entries(assessment=assessment, library=found, choices=choices, by=self.person)
        except ValidationError as refusal:
            if hasattr(refusal, "error_dict"):  # the page's fields are called otherwise
                raise ValidationError({"entries": refusal.messages}) from refusal
            raise


def _library(slug: str) -> Library:
    try:
        return find_library(slug)
    except LibraryNotFound as error:
        raise Http404 from error


_LIBRARIES = "assessments/<slug:slug>/libraries/"
urlpatterns = [
    path(_LIBRARIES, Libraries.as_view({"get": "read_all"})),
    path(f"{_LIBRARIES}<slug:library>/", Libraries.as_view({"get": "read"})),
    path(f"{_LIBRARIES}<slug:library>/pick/", Libraries.as_view({"post": "pick"})),
]
