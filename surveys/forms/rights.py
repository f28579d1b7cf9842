"""Which person a request to see or to erase is about."""

from django import forms
from django.utils.translation import gettext_lazy

from scoping.forms.base import ScopingForm


class PersonForm(ScopingForm):
    """An e-mail address: the only thing that people are found by."""

    address = forms.EmailField(
        max_length=254,
        label=gettext_lazy("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": gettext_lazy("Enter the e-mail address of the person."),
            "invalid": gettext_lazy("This is no e-mail address. Enter one such as name@example.org."),
        },
    )
