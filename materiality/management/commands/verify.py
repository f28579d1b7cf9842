"""`manage.py verify BUNDLE`: whether an evidence bundle holds, and which file of it does not."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from materiality.evidence import verifier


class Command(BaseCommand):
    help = "Checks an evidence bundle: a ZIP, or the folder that it was unpacked to."
    # A bundle is checked by itself: settings, database and tables do not matter.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("bundle", metavar="BUNDLE")

    def handle(self, *, bundle: str, **_: Any) -> None:
        try:
            report = verifier.verify(bundle)
        except OSError as error:
            raise CommandError(str(error)) from error
        if report.broken:
            raise CommandError(report.text())
        self.stdout.write(report.text())
