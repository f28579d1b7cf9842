"""What people type about a contact. Rules that hold beyond the page are the service's."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from scoping.forms.base import ScopingForm
from scoping.models import Assessment, Contact, StakeholderGroup


class ContactForm(ScopingForm):
    group = forms.ChoiceField(
        label=gettext_lazy("Stakeholder group"),
        error_messages={
            "required": gettext_lazy("Choose the group that the person belongs to."),
            "invalid_choice": gettext_lazy("Choose one of the groups in the list."),
        },
    )
    name = forms.CharField(
        label=gettext_lazy("Name"), required=False, max_length=200, help_text=gettext_lazy("As you address the person.")
    )
    email = forms.CharField(
        label=gettext_lazy("E-mail"),
        required=False,
        max_length=300,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("It is how the person is recognised when you import a list."),
    )
    employer = forms.CharField(
        label=gettext_lazy("Employer"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("The organisation that the person speaks for."),
    )
    role = forms.CharField(
        label=pgettext_lazy("of a contact", "Role"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("What the person does there."),
    )
    language = forms.CharField(
        label=gettext_lazy("Language"), required=False, max_length=40, help_text=gettext_lazy("Such as en or zh-Hans.")
    )

    def __init__(
        self, *args: Any, assessment: Assessment, contact: Contact | None = None, group: str = "", **kwargs: Any
    ) -> None:
        if contact is not None:
            fields = ("name", "email", "employer", "role", "language")
            kwargs["initial"] = {field: getattr(contact, field) for field in fields} | {"group": contact.group.code}
        elif group:
            kwargs["initial"] = {"group": group}
        super().__init__(*args, **kwargs)
        self.assessment = assessment
        groups = assessment.groups.values_list("code", "name")
        self.fields["group"].choices = [("", gettext("Choose a group")), *groups]  # type: ignore[attr-defined]

    def clean_group(self) -> StakeholderGroup:
        return self.assessment.groups.get(code=self.cleaned_data["group"])
