"""Contact people of stakeholder groups, one at a time. They are nobody's answers, so nothing of them ever freezes.

The audit trail names groups and numbers, never a person: who was removed must not live on in it.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from scoping.lists.cells import CellError, read_email, read_language
from scoping.lists.contact_plan import name_key
from scoping.models import Contact, StakeholderGroup
from scoping.services.scope import current, hold, note
from scoping.wording import noun
from tables.names import tidy


@transaction.atomic
def save_contact(
    *,
    group: StakeholderGroup,
    name: str = "",
    email: str = "",
    employer: str = "",
    role: str = "",
    language: str = "",
    contact: Contact | None = None,
    by: User | None = None,
) -> Contact:
    """
    Adds a contact to `group`, or changes `contact`, which may move to another group.

    Raises
    ------
    ValidationError
        By field: neither name nor address, an address that is none or that another contact has, a language that
        cannot be read, or a second person of the group who is known by the same name alone.
    """
    held = hold(group.assessment)
    group = current(group)
    saved = current(contact) if contact else Contact()
    saved.assessment, saved.group = held, group
    saved.name, saved.employer, saved.role = tidy(name), tidy(employer), tidy(role)
    saved.email, saved.language = _read(email=tidy(email), language=tidy(language))
    if not saved.name and not saved.email:
        raise ValidationError({"name": _("Give a name, or an e-mail address.")})
    others = held.contacts.exclude(pk=saved.pk)
    if saved.email:
        twin = others.filter(email__iexact=saved.email).select_related("group").first()
        if twin:
            message = _("This address is that of a contact of %(group)s already. One address is asked once.") % {
                "group": twin.group
            }
            raise ValidationError({"email": message})
    elif name_key(saved.name) in map(name_key, others.filter(group=group, email="").values_list("name", flat=True)):
        message = _(
            "%(group)s has a contact of this name without an address. Give an e-mail address to tell the two apart."
        ) % {"group": group}
        raise ValidationError({"email": message})
    saved.full_clean(exclude=["assessment", "group"], validate_unique=False, validate_constraints=False)
    saved.save()
    note(held, by, f"changed a contact of {group}" if contact else f"added a contact to {group}")
    return saved


@transaction.atomic
def remove_contact(*, contact: Contact, by: User | None = None) -> None:
    held = hold(contact.assessment)
    contact.delete()
    note(held, by, f"removed a contact of {contact.group}")


@transaction.atomic
def remove_contacts(*, group: StakeholderGroup, by: User | None = None) -> int:
    """Removes all contacts of the group, and says how many they were."""
    held = hold(group.assessment)
    removed, _ = group.contacts.all().delete()
    if removed:
        note(held, by, f"removed {removed:,} {noun(removed, 'contact')} of {group}, all that it had")
    return removed


def _read(*, email: str, language: str) -> tuple[str, str]:
    problems = {}
    try:
        email = read_email(email) if email else ""
    except CellError as error:
        problems["email"] = str(error)
    try:
        language = read_language(language) if language else ""
    except CellError as error:
        problems["language"] = str(error)
    if problems:
        raise ValidationError(problems)
    return email, language
