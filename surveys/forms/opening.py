"""What the working group types on the survey page. Whether a survey may open is the service's to say."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class ClosingDateField(forms.DateField):
    """A day; becomes its last moment."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean(self, value: object) -> datetime | None:
        day = super().clean(value)
        if day is None:
            return None
        if day < timezone.localdate():
            raise ValidationError(
                _("%(day)s has passed: choose today or a later day, or none.") % {"day": day.isoformat()}
            )
        if day == date.max:
            raise ValidationError(self.error_messages["invalid"])
        return timezone.make_aware(datetime.combine(day, time.max))


class ClosingDateForm(forms.Form):
    """Until when a survey that is open, or opens again, takes answers."""

    use_required_attribute = False
    closes_at = ClosingDateField(
        required=False,
        label=gettext_lazy("Last day"),
        error_messages={"invalid": gettext_lazy("Give a day such as 2027-03-10, or leave it empty.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["closes_at"].help_text = _(
            "The survey closes at the end of this day (%(zone)s). Without a day it stays open until you close it."
        ) % {"zone": timezone.get_current_timezone_name()}


class OpenSurveyForm(ClosingDateForm):
    """Until when people may answer, and the consent to what is missing."""

    # Shown apart, and only where there is something to confirm.
    incomplete = forms.BooleanField(required=False)
