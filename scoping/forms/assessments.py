"""What people type about an assessment as a whole."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from scoping.forms.base import ScopingForm
from scoping.models import Assessment, Phase

YES, NO = "yes", "no"


class AssessmentForm(ScopingForm):
    company = forms.CharField(
        label=gettext_lazy("Company"),
        max_length=200,
        help_text=gettext_lazy("Whose issues are assessed, as respondents know it."),
        error_messages={"required": gettext_lazy("Name the company.")},
    )
    reporting_period = forms.CharField(
        label=gettext_lazy("Reporting period"),
        max_length=60,
        help_text=gettext_lazy("Such as 2026, or FY2026 (April to March)."),
        error_messages={"required": gettext_lazy("Name the period that the result is for.")},
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the assessment"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("If you leave it empty: company and period."),
    )
    with_survey = forms.TypedChoiceField(
        label=gettext_lazy("Will stakeholders be surveyed?"),
        choices=[
            (YES, gettext_lazy("Yes: their answers decide which issues matter most")),
            (NO, gettext_lazy("No: the list of issues is the result")),
        ],
        widget=forms.RadioSelect,
        coerce=lambda answer: answer == YES,
        empty_value=None,
        required=False,
        initial=YES,
        error_messages={"invalid_choice": gettext_lazy("Choose yes or no.")},
    )

    def __init__(self, *args: Any, assessment: Assessment | None = None, **kwargs: Any) -> None:
        if assessment is not None:
            fields = ("company", "reporting_period", "name")
            answer = YES if assessment.with_survey else NO
            kwargs["initial"] = {field: getattr(assessment, field) for field in fields} | {"with_survey": answer}
        super().__init__(*args, **kwargs)
        if assessment is not None and assessment.phase != Phase.SCOPING:
            del self.fields["with_survey"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("name"):
            values["name"] = f"{values.get('company', '')} {values.get('reporting_period', '')}"[:200]
        if values.get("with_survey") is None:
            values.pop("with_survey", None)  # not asked, or not answered: as usual, or as it is
        return values
