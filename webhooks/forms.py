"""Forms about endpoints."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from webhooks.events import EVENTS


class NewEndpointForm(forms.Form):
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=500,
        help_text=gettext_lazy(
            "Of a server of yours, beginning with https://. Nothing is sent before something happens."
        ),
        widget=forms.URLInput,
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("Tell it when"),
        choices=lambda: [(event, _(label)) for event, label in EVENTS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one event.")},
    )


class EndpointForm(NewEndpointForm):
    is_active = forms.BooleanField(label=gettext_lazy("Switched on"), required=False, initial=True)
