"""What people type about a contact. Rules that hold beyond the page are the service's."""

from typing import Any

from django import forms

from scoping.forms.base import ScopingForm
from scoping.models import Assessment, Contact, StakeholderGroup


class ContactForm(ScopingForm):
    group = forms.ChoiceField(
        label="Stakeholder group",
        error_messages={
            "required": "Choose the group that the person belongs to.",
            "invalid_choice": "Choose one of the groups in the list.",
        },
    )
    name = forms.CharField(required=False, max_length=200, help_text="As you address the person.")
    email = forms.CharField(
        label="E-mail",
        required=False,
        max_length=300,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text="It is how the person is recognised when you import a list.",
    )
    employer = forms.CharField(required=False, max_length=200, help_text="The organisation that the person speaks for.")
    role = forms.CharField(required=False, max_length=200, help_text="What the person does there.")
    language = forms.CharField(required=False, max_length=40, help_text="Such as en or zh-Hans.")

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
        self.fields["group"].choices = [("", "Choose a group"), *groups]  # type: ignore[attr-defined]

    def clean_group(self) -> StakeholderGroup:
        return self.assessment.groups.get(code=self.cleaned_data["group"])
