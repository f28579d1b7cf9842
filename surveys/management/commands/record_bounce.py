"""manage.py record_bounce < MESSAGE: for the mail server to hand over what came back. See docs/mail.md."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from surveys.bounces import read_report, record_report

# A report repeats the mail at most. Whatever is longer is none.
MOST_BYTES = 5_000_000


class Command(BaseCommand):
    help = (
        "Reads a message from standard input. If it reports that a mail of a survey could not be delivered, the "
        "invitation is marked. It succeeds whatever the message holds, so that no mail server sends a reply."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(record_report(read_report(sys.stdin.buffer.read(MOST_BYTES))))
