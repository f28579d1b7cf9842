"""What changes organisations and their members. Every change leaves a line in the audit trail."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.acting import with_means
from accounts.mail import send_invitation
from accounts.models import ApiToken, AuditEvent, Membership, Organisation, Role, User

MEMBERS = "members"
LONGEST_NAME = 150


def record(*, organisation: Organisation, actor: User | None = None, subject: str, summary: str) -> AuditEvent:
    """Write one line of the audit trail, in the caller's transaction."""
    return AuditEvent.objects.create(
        organisation=organisation, actor=actor, subject=subject[:120], summary=with_means(summary, 300)
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
    record(organisation=organisation, actor=owner, subject=MEMBERS, summary=f"created {name}")
    return organisation


@transaction.atomic
def add_member(*, organisation: Organisation, email: str, role: str, by: User | None) -> Membership:
    """Add the person with that address; one who has no account gets one, and a mail to choose a password.

    Raises
    ------
    ValidationError
        If the person is a member already; the role is changed in the list then.
    """
    user, is_new = _person(email.strip())
    membership, added = Membership.objects.get_or_create(
        organisation=organisation, user=user, defaults={"role": Role(role)}
    )
    if not added:
        raise ValidationError(_("%(email)s is a member already: change the role in the list.") % {"email": user.email})
    label = membership.get_role_display().lower()
    record(organisation=organisation, actor=by, subject=MEMBERS, summary=f"added {user.email} as {label}")
    if is_new:

        def invite() -> None:
            send_invitation(user=user, organisation=organisation, role=label)

        # Robust: a mail server that is down is logged. The member stands, and can ask for the link when signing in.
        transaction.on_commit(invite, robust=True)
    return membership


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: User | None) -> Membership:
    """Give a member another role.

    Raises
    ------
    ValidationError
        If the organisation would be left without an owner.
    """
    if Role(role) != Role.OWNER:
        _keep_an_owner(membership)
    membership.role = Role(role)
    membership.save(update_fields=["role"])
    summary = f"made {membership.user.email} {membership.get_role_display().lower()}"
    record(organisation=membership.organisation, actor=by, subject=MEMBERS, summary=summary)
    return membership


@transaction.atomic
def remove_member(*, membership: Membership, by: User | None) -> None:
    """Take a member's access away, and their API keys. Their account stays: it may belong to other organisations.

    Raises
    ------
    ValidationError
        If the organisation would be left without an owner.
    """
    _keep_an_owner(membership)
    summary = f"removed {membership.user.email}"
    record(organisation=membership.organisation, actor=by, subject=MEMBERS, summary=summary)
    keys = ApiToken.objects.filter(organisation=membership.organisation, user=membership.user, revoked_at=None)
    keys.update(revoked_at=timezone.now())
    membership.delete()


@transaction.atomic
def choose_people_to_confirm(*, organisation: Organisation, people: int, by: User) -> Organisation:
    """How many people a result needs from now on to be confirmed: one, or two together.

    Raises
    ------
    ValidationError
        If it is another number.
    """
    if people not in (1, 2):
        raise ValidationError(_("Choose one person or two."))
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if organisation.people_to_confirm != people:
        organisation.people_to_confirm = people
        organisation.save(update_fields=["people_to_confirm"])
        needed = "one person" if people == 1 else "two people"
        record(organisation=organisation, actor=by, subject=MEMBERS, summary=f"chose that {needed} confirm a result")
    return organisation


@transaction.atomic
def choose_name(*, user: User, name: str) -> User:
    """The name by which `user` is shown from now on, and signs; what was signed before keeps the name of its day.

    Raises
    ------
    ValidationError
        Without a name, or where it is too long.
    """
    name = " ".join(name.split())
    if not name:
        raise ValidationError(_("Enter your name."))
    if len(name) > LONGEST_NAME:
        raise ValidationError(_("At most %(n)d characters.") % {"n": LONGEST_NAME})
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.name != name:
        before, user.name = user.name or user.email, name
        user.save(update_fields=["name"])
        for organisation in Organisation.objects.filter(memberships__user=user):
            summary = f"changed their name from {before} to {name}"
            record(organisation=organisation, actor=user, subject=MEMBERS, summary=summary)
    return user


@transaction.atomic
def record_of_passkey(*, user: User, summary: str) -> None:
    """A line in each organisation of `user`: with a passkey they sign in and confirm there."""
    for organisation in Organisation.objects.filter(memberships__user=user):
        record(organisation=organisation, actor=user, subject=MEMBERS, summary=summary)


def _person(email: str) -> tuple[User, bool]:
    """The user with that address, in whatever letters, and whether it is a new one."""
    if user := User.objects.filter(email__iexact=email).first():
        return user, False
    try:
        with transaction.atomic():
            return User.objects.create_user(email), True
    except IntegrityError:
        # Another owner added the same person a moment ago.
        return User.objects.get(email__iexact=email), False


def _keep_an_owner(leaving: Membership) -> None:
    # The lock makes two owners who demote each other at the same moment wait for one another.
    owners = Membership.objects.select_for_update().filter(organisation=leaving.organisation, role=Role.OWNER)
    if [owner.pk for owner in owners] == [leaving.pk]:
        raise ValidationError(
            _("%(email)s is the only owner: make somebody else an owner first.") % {"email": leaving.user.email}
        )
