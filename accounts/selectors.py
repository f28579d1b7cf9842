"""Reads of organisations and members."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import AuditEvent, Membership, Organisation, User


def organisations_of(user: User) -> QuerySet[Organisation]:
    return Organisation.objects.filter(memberships__user=user).order_by("name")


def membership(user: User, slug: str) -> Membership | None:
    return Membership.objects.select_related("organisation").filter(user=user, organisation__slug=slug).first()


def members_of(organisation: Organisation) -> QuerySet[Membership]:
    return organisation.memberships.select_related("user").order_by("user__email")


def who_may_confirm(organisation: Organisation) -> list[Membership]:
    """Approvers and owners, by address."""
    return [member for member in members_of(organisation) if member.may_confirm]


def events_of(organisation: Organisation, subject: str, limit: int) -> list[AuditEvent]:
    return list(organisation.events.filter(subject=subject).select_related("actor")[:limit])


def lines_of(organisation: Organisation, subject: str, limit: int) -> list[tuple[str, str, datetime]]:
    """The newest lines of the audit trail as (who, what, when); nobody's name where nobody did it."""
    lines = organisation.events.filter(subject=subject).values_list("actor__name", "actor__email", "summary", "at")
    return [(name or email or "", summary, at) for name, email, summary, at in lines[:limit]]


def newest_line(
    organisation: Organisation, subjects: Iterable[str] | QuerySet[Any, Any]
) -> tuple[int, datetime] | None:
    """What tells the newest line about any of `subjects` from all others; None where there is no line."""
    lines = organisation.events.filter(subject__in=subjects)
    return lines.order_by("-at", "-pk").values_list("pk", "at").first()
