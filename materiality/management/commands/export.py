"""`manage.py export SLUG --format F --output PATH`: the current run as a file.

Without a survey the list is the result: of it there is the chapter.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from materiality.exports import EXPORTS
from materiality.exports.chapter import chapter_docx
from materiality.review.selectors import decided_results
from materiality.selectors import current_run
from materiality.services import NO_SURVEY
from scoping.selectors import assessment_by_slug


class Command(BaseCommand):
    help = "Writes the current run of an assessment as a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--format", required=True, choices=list(EXPORTS))
        parser.add_argument("--output", required=True, metavar="PATH")

    def handle(self, *, slug: str, format: str, output: str, **_: Any) -> None:
        assessment = assessment_by_slug(slug)
        if assessment is None:
            raise CommandError(f"There is no assessment {slug!r}. load_case prints the slugs of the cases.")
        if assessment.with_survey:
            run = current_run(organisation=assessment.organisation, assessment=assessment)
            if run is None:
                raise CommandError(f"{slug} has no result yet. Run: manage.py analyse {slug}")
            content = EXPORTS[format].write(decided_results(run), assessment)
        elif format == "docx":
            content = chapter_docx(None, assessment)  # the list is the result
        else:
            raise CommandError(f"{slug}: {NO_SURVEY}")
        try:
            Path(output).write_bytes(content)
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{output} written")
