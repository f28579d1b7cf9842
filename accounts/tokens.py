"""Keys to the API: made, shown once, revoked, recognised.

Of a key only its SHA-256 is kept: it is 40 random characters, so nothing is gained by a slower hash. It is looked up by
that hash, so how long a lookup takes says nothing about any key.
"""

import hashlib
import secrets
import string
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import ApiToken, Membership, Organisation, Role, User
from accounts.services import record

TOKENS = "tokens"  # the subject of their lines in the audit trail
PREFIX = "slt_"
RANDOM_CHARACTERS = 40  # of 62: 238 bits
SHOWN_CHARACTERS = 12
LONGEST_LIFE_DAYS = 366
LONGEST_NAME = 120
MOST_TOKENS = 50  # of one person, or of one organisation's services, that still work
USE_NOTED_EVERY = timedelta(minutes=1)

READ, SCOPING, SURVEYS, RESULTS = "read", "write:scoping", "write:surveys", "write:results"
ANSWERS, MANAGE = "answers:read", "manage"
SCOPES = {
    READ: gettext_noop("Read everything that a viewer sees"),
    SCOPING: gettext_noop("Change assessments, stakeholders with their contacts, and issues"),
    SURVEYS: gettext_noop("Open and close surveys, and invite people"),
    RESULTS: gettext_noop("Analyse, choose the method, review, propose and publish results"),
    ANSWERS: gettext_noop("Download answers as files, without names or addresses"),
    MANAGE: gettext_noop("Change members, webhooks, colours and templates, and delete assessments"),
}
_OF_EDITORS = frozenset({READ, SCOPING, SURVEYS, RESULTS, ANSWERS})


@dataclass(frozen=True)
class Access:
    """What a key opens now.

    Attributes
    ----------
    role : of the key's person; empty for a service.
    scopes : those of the key, of a personal one only as far as the person's role goes.
    """

    token: ApiToken
    role: str
    scopes: frozenset[str]

    @property
    def organisation(self) -> Organisation:
        return self.token.organisation

    @property
    def person(self) -> User | None:
        return self.token.user


def scopes_of_role(role: str) -> frozenset[str]:
    """What somebody of that role may let a key do."""
    if role == Role.OWNER:
        return frozenset(SCOPES)
    return _OF_EDITORS if role == Role.ANALYST else frozenset({READ})


@transaction.atomic
def create_token(
    *, membership: Membership, name: str, scopes: Sequence[str], days: int, service: bool = False
) -> tuple[ApiToken, str]:
    """
    A new key, and its text, which nobody sees again.

    Parameters
    ----------
    membership : of the person who makes it, and whose key it is unless it is a service's.
    days : how long it works, 1 to 366.
    service : whether it acts by its scopes alone and outlives the membership.

    Raises
    ------
    ValidationError
        By field: no name, no scope, one that the role does not allow, another number of days, a service's key by
        somebody who is no owner. Without a field: too many keys.
    """
    name = " ".join("".join(sign for sign in name if sign.isprintable() or sign.isspace()).split())
    problems = {}
    if not 1 <= len(name) <= LONGEST_NAME:
        problems["name"] = _("Name what uses the key, in at most %(most)s characters.") % {"most": LONGEST_NAME}
    if not 1 <= days <= LONGEST_LIFE_DAYS:
        problems["days"] = _("A key works for 1 to %(most)s days.") % {"most": LONGEST_LIFE_DAYS}
    if not scopes:
        problems["scopes"] = _("Choose what the key may do.")
    elif beyond := sorted(set(scopes) - scopes_of_role(membership.role)):
        problems["scopes"] = _("Your role does not allow: %(scopes)s.") % {"scopes": ", ".join(beyond)}
    if service and not membership.may_manage:
        problems["service"] = _("Only owners can make a key for a service.")
    if problems:
        raise ValidationError(problems)
    organisation = Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    user = None if service else membership.user
    working = organisation.api_tokens.filter(user=user, revoked_at=None, expires_at__gt=timezone.now())
    if working.count() >= MOST_TOKENS:
        raise ValidationError(
            _("There are %(most)s keys already. Revoke those that nothing uses.") % {"most": MOST_TOKENS}
        )
    key = PREFIX + "".join(secrets.choice(string.ascii_letters + string.digits) for _i in range(RANDOM_CHARACTERS))
    token = ApiToken.objects.create(
        organisation=organisation,
        user=user,
        name=name,
        start=key[:SHOWN_CHARACTERS],
        key_hash=hash_of(key),
        scopes=[scope for scope in SCOPES if scope in scopes],
        created_by=membership.user,
        expires_at=timezone.now() + timedelta(days=days),
    )
    kind = "a service's API key" if service else "an API key"
    summary = f"made {kind}, {name} ({token.start}…): {', '.join(token.scopes)}"
    record(organisation=organisation, actor=membership.user, subject=TOKENS, summary=summary)
    return token, key


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User) -> None:
    """From now on the key opens nothing. One that was revoked before stays so."""
    changed = ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
    if changed:
        summary = f"revoked the API key {token.name} ({token.start}…)"
        record(organisation=token.organisation, actor=by, subject=TOKENS, summary=summary)


def tokens_for(membership: Membership) -> QuerySet[ApiToken]:
    """The keys that a member sees: their own; for owners all of the organisation."""
    own = Q() if membership.may_manage else Q(user=membership.user)
    return ApiToken.objects.filter(own, organisation=membership.organisation).select_related("user", "created_by")


def access_by(key: str) -> Access | None:
    """What `key` opens now; None where it is not known, was revoked, has run out, or its person has no access."""
    members = Membership.objects.filter(organisation=OuterRef("organisation"), user=OuterRef("user"))
    found = ApiToken.objects.filter(key_hash=hash_of(key), revoked_at=None, expires_at__gt=timezone.now())
    # By a subquery: a key is looked up at every request, and so in one question.
    token = found.select_related("organisation", "user").annotate(role=Subquery(members.values("role")[:1])).first()
    if token is None:
        return None
    given = frozenset(token.scopes)
    if token.user is None:
        return Access(token, "", given)
    if token.role is None or not token.user.is_active:
        return None
    return Access(token, token.role, given & scopes_of_role(token.role))


def note_use(token: ApiToken) -> None:
    """Remember when the key was used last, to the minute."""
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at < now - USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def hash_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
