"""The form that makes an API key. What a role allows is decided by the service."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from accounts.tokens import LONGEST_LIFE_DAYS, LONGEST_NAME, READ, SCOPES, scopes_of_role

PERSONAL, SERVICE = "personal", "service"
USUAL_DAYS = 90


class TokenForm(forms.Form):
    use_required_attribute = False  # our messages say what to do next; the browser's do not

    name = forms.CharField(
        label=gettext_lazy("What uses the key"),
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("Such as: monthly figures for the ESG dashboard."),
        error_messages={"required": gettext_lazy("Name what uses the key, so that you know later what to revoke.")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Whose key it is"),
        choices=[
            (
                PERSONAL,
                gettext_lazy("Mine: it acts in my name, never does more than I may, and ends with my membership"),
            ),
            (SERVICE, gettext_lazy("A service's: it acts by what is chosen below, whoever is a member")),
        ],
        widget=forms.RadioSelect,
        initial=PERSONAL,
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"),
        choices=(),
        widget=forms.CheckboxSelectMultiple,
        initial=[READ],
        error_messages={"required": gettext_lazy("Choose what the key may do.")},
    )
    days = forms.IntegerField(
        label=gettext_lazy("Days until it ends"),
        min_value=1,
        max_value=LONGEST_LIFE_DAYS,
        initial=USUAL_DAYS,
        help_text=gettext_lazy("From 1 to 366. Make a new key before this one ends."),
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = scopes_of_role(membership.role)
        self.fields["scopes"].choices = [  # type: ignore[attr-defined]
            (scope, f"{_(label)} ({scope})") for scope, label in SCOPES.items() if scope in allowed
        ]
        if not membership.may_manage:
            del self.fields["kind"]

    def values(self) -> dict[str, Any]:
        """As the service takes them, once they are clean."""
        values = dict(self.cleaned_data)
        return values | {"service": values.pop("kind", PERSONAL) == SERVICE}

    def refuse(self, refusal: ValidationError) -> None:
        """Show what the service has to say, at the fields."""
        by_field = refusal.error_dict if hasattr(refusal, "error_dict") else {"": refusal.error_list}
        for name, errors in by_field.items():
            field = {"service": "kind"}.get(name, name)
            self.add_error(field if field in self.fields else None, ValidationError(errors))
