"""What people enter about the period before and the one after: which assessment it was, links, notes, the next one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy, ngettext

from scoping.forms.assessments import AssessmentForm
from scoping.forms.base import ScopingForm
from scoping.lists.hints import did_you_mean
from scoping.models import Assessment, ProcessNote, ProcessStage
from scoping.selectors.continuity import Link, ListedIssue, assessments_before
from scoping.wording import capital, spelled
from tables.names import key


class AssessmentChoice(forms.ModelChoiceField):
    def label_from_instance(self, assessment: Assessment) -> str:
        return f"{assessment.name} ({assessment.reporting_period})"


class PreviousForm(ScopingForm):
    previous = AssessmentChoice(
        Assessment.objects.none(),
        label=gettext_lazy("The assessment before this one"),
        required=False,
        to_field_name="slug",
        empty_label=gettext_lazy("none: this is the first"),
        error_messages={"invalid_choice": gettext_lazy("Choose one of the assessments in the list.")},
    )

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        kwargs["initial"] = {"previous": assessment.previous.slug if assessment.previous else ""}
        super().__init__(*args, **kwargs)
        self.fields["previous"].queryset = assessments_before(assessment)  # type: ignore[attr-defined]


@dataclass
class LinkRow:
    """An issue with a text field for each issue before that it continues, and one more where there is none."""

    link: Link
    names: list[str]
    errors: list[str] = field(default_factory=list)

    @property
    def issue(self) -> ListedIssue:
        return self.link.issue


class PredecessorsForm(ScopingForm):
    """One page of issues. What is typed is the name of an issue before, or its code."""

    def __init__(self, data: QueryDict | None, *, links: Iterable[Link], before: Sequence[ListedIssue]) -> None:
        super().__init__(data)
        self.sent = data
        self.known = {issue.code: issue for issue in before} | {key(issue.name): issue for issue in before}
        self.names = [issue.name for issue in before]
        self.rows = [LinkRow(link, self._names(link)) for link in links]

    def _names(self, link: Link) -> list[str]:
        if self.sent is not None:
            typed = [name.strip() for name in self.sent.getlist(f"before-{link.issue.code}")]
            return [name for name in typed if name] or [""]
        return [issue.name for issue in link.previous] or [""]

    def clean(self) -> dict[str, Any]:
        links: dict[str, list[str]] = {}
        for row in self.rows:
            found = []
            for name in filter(None, row.names):
                issue = self.known.get(key(name)) or self.known.get(name)
                if issue is None:
                    unknown = gettext("“%(name)s” was not on the list.") % {"name": name}
                    row.errors.append(unknown + did_you_mean(name, self.names))
                else:
                    found.append(issue.code)
            links[row.issue.code] = found
        if wrong := sum(len(row.errors) for row in self.rows):
            raise ValidationError(
                ngettext(
                    "%(n)s name cannot be found on the list before. They are marked below: "
                    "choose from the suggestions while you type, or empty the field.",
                    "%(n)s names cannot be found on the list before. They are marked below: "
                    "choose from the suggestions while you type, or empty the field.",
                    wrong,
                )
                % {"n": capital(spelled(wrong))}
            )
        return {"links": links}


class PredecessorForm(ScopingForm):
    """Which issues before a single issue continues: any number of them."""

    before = forms.MultipleChoiceField(required=False)

    def __init__(self, data: QueryDict | None, *, before: Sequence[ListedIssue]) -> None:
        super().__init__(data)
        self.fields["before"].choices = [(issue.code, issue.name) for issue in before]  # type: ignore[attr-defined]


class CarryForwardForm(AssessmentForm):
    """The next assessment: the same company, another period."""

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"company": assessment.company, "with_survey": "yes" if assessment.with_survey else "no"}


class NoteForm(ScopingForm):
    stage = forms.ChoiceField(
        label=gettext_lazy("Stage"),
        choices=[(value, gettext_lazy(label)) for value, label in ProcessStage.choices],
        error_messages={
            "required": gettext_lazy("Choose the stage."),
            "invalid_choice": gettext_lazy("Choose one of the stages in the list."),
        },
    )
    text = forms.CharField(
        label=gettext_lazy("What was done"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One or two full sentences. They go into the method statement as they are."),
        error_messages={"required": gettext_lazy("Say in a sentence what was done.")},
    )
    done_by = forms.CharField(
        label=gettext_lazy("By whom"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Such as the ESG committee."),
    )
    done_on = forms.CharField(
        label=gettext_lazy("When"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("A day or a period, such as March 2026."),
    )

    def __init__(self, *args: Any, present: ProcessNote | None = None, stage: str = "", **kwargs: Any) -> None:
        kwargs["initial"] = {"stage": stage}
        if present is not None:
            names = ("stage", "text", "done_by", "done_on")
            kwargs["initial"] = {name: getattr(present, name) for name in names}
        super().__init__(*args, **kwargs)
