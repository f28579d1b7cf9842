"""manage.py export_answers SLUG --output FILE: the answers of a survey as CSV."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scoping.selectors import assessment_by_slug
from scoping.wording import listed
from surveys.answers_export import NotYet, answers_csv, answers_export, comments_csv
from surveys.models import Survey


class Command(BaseCommand):
    help = (
        "Writes the answers of an assessment's survey as CSV, one row each, with the names of persons only where the "
        "survey is identified. With --comments it writes the comments instead."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the assessment's slug, as in its address")
        parser.add_argument("--output", required=True, metavar="FILE", help="- is the standard output")
        parser.add_argument("--comments", action="store_true", help="the comments instead of the answers")

    def handle(self, *, slug: str, output: str, comments: bool, **options: Any) -> None:
        assessment = assessment_by_slug(slug)
        if assessment is None:
            raise CommandError(f"There is no assessment {slug!r}. Its slug stands in its address, after /a/.")
        survey = Survey.objects.filter(assessment=assessment).first()
        if survey is None:
            raise CommandError(f"{slug} holds no survey, so there are no answers.")
        try:
            export = answers_export(survey)
            pieces = comments_csv(survey) if comments else answers_csv(export)
        except NotYet as refusal:
            raise CommandError(f"{slug}: {refusal}") from refusal
        if output == "-":
            # The bytes themselves: a text stream would end lines as its platform does.
            for piece in pieces:
                sys.stdout.buffer.write(piece.encode())
            sys.stdout.buffer.flush()
        else:
            try:
                with Path(output).open("w", encoding="utf-8", newline="") as file:
                    file.writelines(pieces)
            except OSError as error:
                raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
        self._say(f"{output} written" if output != "-" else "")
        if comments:
            return
        for joined in export.together:
            names = listed([group.name for group in joined])
            self._say(f"Under one label, as in the results, since fewer than {export.k} people would show: {names}")
        if export.left_out:
            names = ", ".join(group.name for group in export.left_out)
            self._say(f"Left out, since fewer than {export.k} people would show: {names}")

    def _say(self, text: str) -> None:
        if text:
            self.stderr.write(text)
