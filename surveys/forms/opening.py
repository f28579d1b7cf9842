"""What the working group types on the survey page. Whether a survey may open is the service's to say."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class ClosingDateField(forms.DateField):
    """A day; becomes the moment after its last minute."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean(self, value: object) -> datetime | None:
        day = super().clean(value)
        if day is None:
            return None
        if day < timezone.localdate():
            # Said here, where the day is known that was typed: what the service gets is the midnight after it.
            raise ValidationError(
                _("%(day)s has passed: choose today or a later day, or none.") % {"day": day.isoformat()}
            )
        if day == date.max:
            raise ValidationError(self.error_messages["invalid"])
        return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def _hint() -> str:
    zone = timezone.get_current_timezone_name()
    return _(
        "The survey closes at the end of this day (%(zone)s). Without a day it stays open until you close it."
    ) % {"zone": zone}


_closing_hint = lazy(_hint, str)


def _closing_date() -> ClosingDateField:
    return ClosingDateField(
        required=False,
        label=gettext_lazy("Last day"),
        help_text=_closing_hint(),
        error_messages={"invalid": gettext_lazy("Give a day such as 2027-03-10, or leave it empty.")},
    )


class ClosingDateForm(forms.Form):
    """The one thing to decide when a closed survey opens again."""

    use_required_attribute = False
    closes_at = _closing_date()


class OpenSurveyForm(ClosingDateForm):
    """Until when people may answer, and the consent to what is missing."""

    # Shown apart, and only where there is something to confirm.
    incomplete = forms.BooleanField(required=False)
