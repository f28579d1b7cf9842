"""Contact people of the stakeholder groups. They are personal data: a key that only reads does not see them."""

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.urls import path
from rest_framework import serializers

from accounts.tokens import SCOPING
from api.fields import Input, Output, Text
from api.operations import operation
from api.paging import Paging
from scoping.api.base import AssessmentViews, RemovedOutput
from scoping.models import Contact, StakeholderGroup
from scoping.services.contacts import remove_contact, remove_contacts, save_contact


class ContactOutput(Output):
    example: ClassVar = {
        "id": 512,
        "group": "customers",
        "name": "Li Na",
        "email": "li.na@example.com",
        "employer": "Example Traders",
        "role": "Head of purchasing",
        "language": "zh-Hans",
    }

    id = serializers.IntegerField(source="pk")
    group = serializers.SlugField(source="group.code")
    name = serializers.CharField()
    email = serializers.CharField(help_text="Empty where none is known.")
    employer = serializers.CharField(help_text="The organisation that the person speaks for.")
    role = serializers.CharField()
    language = serializers.CharField(help_text="Such as en or zh-Hans; empty where it is not known.")


class NewContact(Input):
    example: ClassVar = {"group": "group-0", "name": "Li Na", "email": "li.na@example.com"}

    group = Text(max_length=60, help_text="The code of the group.")
    name = Text(required=False, allow_blank=True, max_length=200, help_text="This or the address is needed.")
    email = Text(required=False, allow_blank=True, max_length=254)
    employer = Text(required=False, allow_blank=True, max_length=200)
    role = Text(required=False, allow_blank=True, max_length=200)
    language = Text(required=False, allow_blank=True, max_length=60)


class ContactChange(NewContact):
    example: ClassVar = {"role": "Head of sustainability"}

    group = Text(max_length=60, required=False)


class ContactFilters(Paging):
    group = Text(required=False, max_length=60, help_text="The code of a group.")
    search = Text(required=False, max_length=200, help_text="Part of a name or an address.")


class Contacts(AssessmentViews):
    tag, noun = "Contacts", "contacts"
    scopes: ClassVar = {"list": SCOPING, "retrieve": SCOPING}

    @operation(gives=ContactOutput, query=ContactFilters, order=("pk",), reads=True)
    def list(self, slug: str, query: dict[str, Any]) -> QuerySet[Contact]:
        """List the contacts of all groups, or of one."""
        rows = self.assessment(slug).contacts.select_related("group")
        if "group" in query:
            rows = rows.filter(group__code=query["group"])
        if words := query.get("search"):
            rows = rows.filter(Q(name__icontains=words) | Q(email__icontains=words))
        return rows

    @operation(gives=ContactOutput, takes=NewContact, status=201)
    def create(self, slug: str, body: dict[str, Any]) -> Contact:
        """Add a contact to a group."""
        return save_contact(by=self.person, **self._found(slug, body))

    @operation(gives=ContactOutput, reads=True)
    def retrieve(self, slug: str, contact: int) -> Contact:
        """Read a contact."""
        return self._contact(slug, contact)

    @operation(gives=ContactOutput, takes=ContactChange)
    def change(self, slug: str, contact: int, body: dict[str, Any]) -> Contact:
        """Change a contact, or move it to another group."""
        present = self._contact(slug, contact)
        fields = ("group", "name", "email", "employer", "role", "language")
        kept = {field: getattr(present, field) for field in fields}
        return save_contact(contact=present, by=self.person, **kept | self._found(slug, body))

    @operation(status=204)
    def remove(self, slug: str, contact: int) -> None:
        """Remove a contact."""
        remove_contact(contact=self._contact(slug, contact), by=self.person)

    @operation(gives=RemovedOutput)
    def remove_all(self, slug: str, code: str) -> dict[str, int]:
        """Remove all contacts of a group, for good. The group stays, and so do its answers."""
        return {"removed": remove_contacts(group=self.group(slug, code), by=self.person)}

    def _contact(self, slug: str, contact: int) -> Contact:
        found: Contact = self.assessment(slug).contacts.select_related("group").get(pk=contact)
        return found

    def _found(self, slug: str, body: dict[str, Any]) -> dict[str, Any]:
        """`body` with the group that its code is of."""
        assessment = self.assessment(slug)
        if "group" not in body:
            return body
        group: StakeholderGroup | None = assessment.groups.filter(code=body["group"]).first()
        if group is None:
            message = f"There is no group with the code {body['group']!r} in this assessment."
            raise serializers.ValidationError({"group": [message]})
        return body | {"group": group}


_CONTACTS = "assessments/<slug:slug>/contacts/"
urlpatterns = [
    path(_CONTACTS, Contacts.as_view({"get": "list", "post": "create"})),
    path(
        f"{_CONTACTS}<int:contact>/",
        Contacts.as_view({"get": "retrieve", "patch": "change", "delete": "remove"}),
    ),
    path("assessments/<slug:slug>/groups/<slug:code>/contacts/", Contacts.as_view({"delete": "remove_all"})),
]
