"""Forms of the confirmation: to propose, to decide, to reopen. What fits is decided by the services."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import PersonName
from materiality.models import Verdict

LONGEST_TEXT = 4_000


class ConfirmationForm(forms.Form):
    """A form that shows what a service refuses at the field it is about."""

    def refuse(self, refusal: ValidationError) -> None:
        if hasattr(refusal, "error_dict"):
            for name, errors in refusal.error_dict.items():
                self.add_error(name if name in self.fields else None, errors)
        else:
            self.add_error(refusal.code if refusal.code in self.fields else None, refusal)


class ProposeForm(ConfirmationForm):
    body = forms.CharField(
        label=gettext_lazy("Who is to confirm"),
        max_length=200,
        help_text=gettext_lazy("Such as the board of directors, or the sustainability committee."),
    )
    meeting_on = forms.DateField(
        label=gettext_lazy("Date of the meeting"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("What they should know beside the result: it stands above it, and stays in the record."),
    )


class DecisionForm(ConfirmationForm):
    """Confirm or return; the person shows again who they are in the same form. Who has no name yet gives it: a
    signature names a person."""

    name = PersonName()

    verdict = forms.ChoiceField(
        label=gettext_lazy("What do you decide?"),
        choices=lambda: [(value, _(label)) for value, label in Verdict.choices],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the two.")},
    )
    remark = forms.CharField(
        label=gettext_lazy("Remark"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("When you return it: what should change. It stays in the record."),
    )
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        error_messages={"required": gettext_lazy("Enter your password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    # Of what was on the screen, and what a passkey answered: the page writes them, never back what was sent.
    digest = forms.CharField(required=False, max_length=64)
    credential = forms.CharField(required=False)

    def __init__(self, *args: Any, asks_name: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_name:
            del self.fields["name"]
        # A passkey stands in for the password.
        self.fields["password"].required = not self.data.get("credential")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("verdict") == Verdict.RETURN and not cleaned.get("remark", "").strip():
            self.add_error("remark", _("Say what the working group should change."))
        return cleaned


class ReopenForm(ConfirmationForm):
    because = forms.CharField(
        label=gettext_lazy("Why it is reopened"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why: it is shown with the confirmation that becomes void.")},
    )
