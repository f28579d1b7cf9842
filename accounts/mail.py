"""Mails to members."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse

from accounts.models import Organisation, User


def password_link(user: User) -> str:
    """A link by which `user` chooses a password; it works once and for as long as settings allow."""
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return f"{settings.BASE_URL}{reverse('account_reset_password_from_key', kwargs=key)}"


def send_invitation(*, user: User, organisation: Organisation, role: str) -> None:
    """Tell a new member where to choose a password."""
    lines = [
        f"You have been added to {organisation.name} in Salient as {role}.",
        "",
        "Choose a password here; the link works once:",
        password_link(user),
        "",
        f"Then sign in with {user.email} at {settings.BASE_URL}/.",
    ]
    send_mail(f"Your access to {organisation.name}", "\n".join(lines), None, [user.email])
