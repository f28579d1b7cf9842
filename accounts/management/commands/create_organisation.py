"""`manage.py create_organisation NAME --owner EMAIL`: the first step of a new installation."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from accounts.mail import password_link
from accounts.models import User
from accounts.services import create_organisation


class Command(BaseCommand):
    help = "Creates an organisation with its first owner, and prints the link by which the owner chooses a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--owner", required=True, metavar="EMAIL")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")

    @transaction.atomic
    def handle(self, *, name: str, owner: str, password_stdin: bool, **_: Any) -> None:
        try:
            validate_email(owner)
        except ValidationError as error:
            raise CommandError(f"{owner!r} is not an e-mail address.") from error
        user = User.objects.filter(email__iexact=owner).first() or User.objects.create_user(owner)
        if password_stdin:
            password = sys.stdin.readline().rstrip("\n")
            try:
                validate_password(password, user)
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error
            user.set_password(password)
            user.save(update_fields=["password"])
        organisation = create_organisation(name=name, owner=user)
        self.stdout.write(f"{organisation.name} is at /o/{organisation.slug}/ and belongs to {user.email}.")
        if not user.has_usable_password():
            self.stdout.write(f"Choose a password here, once: {password_link(user)}")
