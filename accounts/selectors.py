"""Reads of organisations and members."""

from django.db.models import QuerySet

from accounts.models import AuditEvent, Membership, Organisation, User


def organisations_of(user: User) -> QuerySet[Organisation]:
    return Organisation.objects.filter(memberships__user=user).order_by("name")


def membership(user: User, slug: str) -> Membership | None:
    return Membership.objects.select_related("organisation").filter(user=user, organisation__slug=slug).first()


def members_of(organisation: Organisation) -> QuerySet[Membership]:
    return organisation.memberships.select_related("user").order_by("user__email")


def events_of(organisation: Organisation, subject: str, limit: int) -> list[AuditEvent]:
    return list(organisation.events.filter(subject=subject).select_related("actor")[:limit])
