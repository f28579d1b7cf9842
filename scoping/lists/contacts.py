"""Importing and exporting the contact people of an assessment."""

from django.utils.translation import gettext_noop

from accounts.models import User
from scoping.lists.base import ImportableList, Imported
from scoping.lists.contact_plan import COLUMNS, FIELDS, ContactPlan, Group, plan_contacts
from scoping.lists.rows import insert_contacts, update_contacts
from scoping.lists.sources import ListFile
from scoping.models import Assessment
from tables.writing import Table


class ContactList(ImportableList[ContactPlan]):
    kind = "contacts"
    noun = gettext_noop("contact")
    columns = COLUMNS
    recognised = gettext_noop(
        "A person is recognised by the e-mail address. A row without one is recognised by group and name. "
        "Each row needs a group and one of the two."
    )

    def plan(self, file: ListFile) -> ContactPlan:
        groups = [Group(*group) for group in self.assessment.groups.values_list("pk", "code", "name")]
        present = self.assessment.contacts.order_by("pk").values_list("pk", "group_id", *FIELDS[1:])
        return plan_contacts(file, groups=groups, present=list(present))

    def store(self, plan: ContactPlan, by: User | None) -> None:
        insert_contacts(self.assessment, [contact[1:] for contact in plan.added])
        update_contacts(plan.changed)

    def table(self) -> Table:
        rows = self.assessment.contacts.values_list("group__name", *FIELDS[1:])
        return self.table_of([list(row) for row in rows])


def import_contacts(*, assessment: Assessment, name: str, raw: bytes, by: User | None = None) -> Imported:
    """
    Import the file `name` with the bytes `raw`: every row, or none.

    Raises
    ------
    SourceError
        It is not a table with the columns of contacts.
    ValidationError
        Rows have problems: a message for each, with row and column.
    """
    contacts = ContactList(assessment)
    return contacts.carry_out(contacts.read(name, raw), by=by)
