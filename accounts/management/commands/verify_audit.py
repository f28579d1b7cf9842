"""`manage.py verify_audit [ORGANISATION]`: whether the chain of the audit trail holds."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.audit import seal, verify_chain
from accounts.models import Organisation


class Command(BaseCommand):
    help = "Checks the chain of the audit trail, of one organisation or of all, and prints the last seal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("organisation", nargs="?", help="its slug; all organisations without")

    def handle(self, *, organisation: str | None, **_: Any) -> None:
        found = Organisation.objects.order_by("slug")
        if organisation is not None:
            found = found.filter(slug=organisation)
            if not found:
                raise CommandError(f"There is no organisation {organisation!r}.")
        faults = []
        for one in found:
            seal(one)
            if fault := verify_chain(one):
                faults.append(f"{one.slug}: the chain breaks at line {fault.position}: {fault.why}.")
                continue
            last = one.events.exclude(position=None).order_by("-position").values_list("position", "seal").first()
            told = f"{last[0]} lines, the last seal is {last[1]}" if last else "no lines"
            self.stdout.write(f"{one.slug}: {told}")
        if faults:
            raise CommandError("\n".join(faults))
