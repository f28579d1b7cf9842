"""What people type about an assessment as a whole."""

from typing import Any

from django import forms

from scoping.forms.base import ScopingForm
from scoping.models import Assessment


class AssessmentForm(ScopingForm):
    company = forms.CharField(
        max_length=200,
        help_text="Whose issues are assessed, as respondents know it.",
        error_messages={"required": "Name the company."},
    )
    reporting_period = forms.CharField(
        max_length=60,
        help_text="Such as 2026, or FY2026 (April to March).",
        error_messages={"required": "Name the period that the result is for."},
    )
    name = forms.CharField(
        label="Name of the assessment",
        max_length=200,
        required=False,
        help_text="If you leave it empty: company and period.",
    )

    def __init__(self, *args: Any, assessment: Assessment | None = None, **kwargs: Any) -> None:
        if assessment is not None:
            fields = ("company", "reporting_period", "name")
            kwargs["initial"] = {field: getattr(assessment, field) for field in fields}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("name"):
            values["name"] = f"{values.get('company', '')} {values.get('reporting_period', '')}"[:200]
        return values
