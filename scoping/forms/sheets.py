"""What people type about the tables of the report: pillars and rows of the content index. Rules that hold beyond the
page are the services'."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from scoping.forms.base import ScopingForm
from scoping.libraries.catalogue import libraries
from scoping.models import Assessment, IndexEntry, Issue, Pillar
from scoping.selectors.sheets import FrameworkIndex, IndexRow
from scoping.services.index import location_field


def _offered(assessment: Assessment, more: Sequence[Issue]) -> dict[str, Issue]:
    """The short list and `more`, by code. Read once, when a form is made: a template asks the database nothing."""
    return {issue.code: issue for issue in (*assessment.issues.asked(), *more)}


class PillarForm(ScopingForm):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=200,
        help_text=gettext_lazy("As your model calls it, such as Green Operations."),
        error_messages={"required": gettext_lazy("Name the pillar.")},
    )
    topics = forms.CharField(
        label=gettext_lazy("Topics"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("What the model names under the pillar, one topic per line."),
    )
    issues = forms.MultipleChoiceField(
        label=gettext_lazy("Issues that it carries"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("An issue may be carried by more than one pillar."),
        error_messages={"invalid_choice": gettext_lazy("Choose from the issues in the list.")},
    )

    def __init__(self, *args: Any, assessment: Assessment, pillar: Pillar | None = None, **kwargs: Any) -> None:
        # One that has left the short list since stays where it is until somebody takes it away.
        carried = list(pillar.issues.all()) if pillar else []
        if pillar is not None:
            codes = [issue.code for issue in carried]
            kwargs["initial"] = {"name": pillar.name, "topics": pillar.topics, "issues": codes}
        super().__init__(*args, **kwargs)
        self.offered = _offered(assessment, carried)
        names = [(code, issue.name) for code, issue in self.offered.items()]
        self.fields["issues"].choices = names  # type: ignore[attr-defined]

    def clean_issues(self) -> list[Issue]:
        return [self.offered[code] for code in self.cleaned_data["issues"]]


class EntryForm(ScopingForm):
    framework = forms.ChoiceField(
        label=gettext_lazy("Framework"),
        choices=lambda: [(library.slug, library.name) for library in libraries()],
        error_messages={"invalid_choice": gettext_lazy("Choose one of the frameworks in the list.")},
    )
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        help_text=gettext_lazy("As the framework writes it, such as A1.1."),
        error_messages={"required": gettext_lazy("Give the code of the disclosure.")},
    )
    title = forms.CharField(
        label=gettext_lazy("What is disclosed"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("If you leave it empty: the title in our list, if the code is there."),
    )
    location = forms.CharField(
        label=gettext_lazy("Where the report answers it"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"list": "chapters"}),  # those of the issues' sheets, offered by the page
        help_text=gettext_lazy("Chapter or page. It may also say why there is nothing to report."),
    )
    issue = forms.ChoiceField(
        label=gettext_lazy("Issue that it is about"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the issues in the list, or none of them.")},
    )

    def __init__(self, *args: Any, assessment: Assessment, entry: IndexEntry | None = None, **kwargs: Any) -> None:
        if entry is not None:
            kwargs["initial"] = {
                "framework": entry.framework,
                "code": entry.code,
                "title": entry.title,
                "location": entry.location,
                "issue": entry.issue.code if entry.issue else "",
            }
        super().__init__(*args, **kwargs)
        present = [entry.issue] if entry is not None and entry.issue else []
        self.offered = _offered(assessment, present)
        names = [(code, issue.name) for code, issue in self.offered.items()]
        self.fields["issue"].choices = [("", gettext("none of them")), *names]  # type: ignore[attr-defined]

    def clean_issue(self) -> Issue | None:
        code = self.cleaned_data["issue"]
        return self.offered[code] if code else None


class LocationsForm(ScopingForm):
    """One field for each row of an index: where the report answers it."""

    def __init__(self, *args: Any, framework: FrameworkIndex, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.framework = framework
        for row in framework.rows:
            self.fields[location_field(row.id)] = forms.CharField(
                label=gettext("Where the report answers %(row)s") % {"row": row.shown or row.title},
                max_length=300,
                required=False,
                initial=row.location,
                widget=forms.TextInput(attrs={"list": "chapters"}),
                error_messages={"max_length": gettext("A location has at most 300 characters.")},
            )

    def fields_by_group(self) -> list[tuple[str, list[tuple[str, list[tuple[IndexRow, forms.BoundField]]]]]]:
        """The rows as the index groups them, each with its field."""
        return [
            (
                group.name,
                [(part.heading, [(row, self[location_field(row.id)]) for row in part.rows]) for part in group.parts],
            )
            for group in self.framework.groups
        ]

    def locations(self) -> dict[int, str]:
        return {row.id: self.cleaned_data[location_field(row.id)] for row in self.framework.rows}
