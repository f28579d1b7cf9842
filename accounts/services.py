"""What changes organisations and their members. Every change leaves a line in the audit trail."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from accounts.models import AuditEvent, Membership, Organisation, Role, User


def record(*, organisation: Organisation, actor: User | None = None, subject: str, summary: str) -> AuditEvent:
    """Write one line of the audit trail, in the caller's transaction."""
    return AuditEvent.objects.create(
        organisation=organisation, actor=actor, subject=subject[:120], summary=summary[:300]
    )


@transaction.atomic
def create_organisation(*, name: str, owner: User) -> Organisation:
    """A new organisation with its first owner. Its slug is free: a number is added where it is taken."""
    base = slugify(name)[:70] or "organisation"
    slug, number = base, 2
    while Organisation.objects.filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    organisation = Organisation.objects.create(name=name, slug=slug)
    Membership.objects.create(organisation=organisation, user=owner, role=Role.OWNER)
    record(organisation=organisation, actor=owner, subject="members", summary=f"created {name}")
    return organisation


__all__ = ["ValidationError", "create_organisation", "record"]
