"""`manage.py analyse SLUG`: fold in what is not yet tallied and run the analysis now, in this process."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from materiality.exports.record import run_json
from materiality.findings import agreement_with_published
from materiality.services import analyse_now
from scoping.selectors import assessment_by_slug


class Command(BaseCommand):
    help = "Folds in what is not yet tallied and runs the analysis now, in this process."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the assessment, as load_case or import_responses printed it")
        parser.add_argument("--json", metavar="PATH", help="where the result is written as JSON; - is the screen")

    def handle(self, *, slug: str, json: str | None, **_: Any) -> None:
        assessment = assessment_by_slug(slug)
        if assessment is None:
            raise CommandError(f"There is no assessment {slug!r}. load_case prints the slugs of the cases.")
        try:
            run = analyse_now(assessment=assessment)
        except ValidationError as error:
            raise CommandError(f"{slug}: {' '.join(error.messages)}") from error
        if json == "-":
            sys.stdout.buffer.write(run_json(run.results))
            return
        if json:
            try:
                Path(json).write_bytes(run_json(run.results))
            except OSError as error:
                raise CommandError(f"{json} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{run.respondents} answers, run {run.pk}")
        for note in run.results["notes"]:
            self.stdout.write(f"Note: {note}")
        self.stdout.write(agreement_with_published(run.results))
