"""`manage.py export SLUG --format F --output PATH`: the current result as a file.

Without a survey the list is the result: of it there are the table, the chapter, the slides and the evidence.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from jobs.runner import Refusal
from materiality.charts import CHARTS
from materiality.files.kinds import KINDS
from materiality.files.options import LANGUAGES, Options
from materiality.files.services import write
from materiality.files.snapshot import snapshot_of
from materiality.files.state import one_moment
from materiality.files.store import write_whole
from materiality.selectors import current_run
from scoping.selectors import assessment_by_slug

PICTURES = ("png", "svg", "pdf")
# What a format is of; of a picture, the chart.
FORMATS: dict[str, str] = {
    **dict.fromkeys(PICTURES, "matrix"),
    "csv": "ranking",
    "xlsx": "tables",
    "json": "result",
    "docx": "chapter",
    "pptx": "deck",
    "paper": "meeting-paper",
    "parquet": "answers-parquet",
    "pack": "report-pack",
    "bundle": "bundle",
    "public-bundle": "public-bundle",
}


class Command(BaseCommand):
    help = "Writes the current result of an assessment as a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--format", required=True, choices=list(FORMATS))
        parser.add_argument("--output", required=True, metavar="PATH")
        parser.add_argument("--chart", choices=list(CHARTS), help="for png, svg and pdf; the matrix without it")
        parser.add_argument("--width", type=float, metavar="MM", help="of a chart in print")
        parser.add_argument("--dpi", type=int, help="dots per inch of a png")
        parser.add_argument("--language", choices=list(LANGUAGES), help="of a chart, a document or a pack")

    def handle(
        self,
        *,
        slug: str,
        format: str,
        output: str,
        chart: str | None = None,
        width: float | None = None,
        dpi: int | None = None,
        language: str | None = None,
        **_: Any,
    ) -> None:
        assessment = assessment_by_slug(slug)
        if assessment is None:
            raise CommandError(f"There is no assessment {slug!r}. load_case prints the slugs of the cases.")
        if chart and format not in PICTURES:
            raise CommandError(f"--chart is for {', '.join(PICTURES)}.")
        kind = KINDS[chart or FORMATS[format]]
        given = {"format": format if format in PICTURES else None, "width_mm": width, "dpi": dpi, "language": language}
        try:
            options = Options.of(kind.checked(given))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        run = current_run(organisation=assessment.organisation, assessment=assessment)
        if run is None and assessment.with_survey and format != "parquet":
            raise CommandError(f"{slug} has no result yet. Run: manage.py analyse {slug}")
        reason = kind.unavailable(snapshot_of(assessment, options))
        if reason:
            raise CommandError(f"{slug}: {reason}")

        def content(out: BinaryIO) -> None:
            with one_moment():
                write(assessment, kind, options, out)

        try:
            _put(Path(output), content)
        except Refusal as refusal:
            raise CommandError(f"{slug}: {refusal}") from refusal
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{output} written")


def _put(path: Path, content: Any) -> None:
    """A file is there as a whole or as it was before; a device takes what it is given."""
    if path.exists() and not path.is_file():
        with path.open("wb") as file:
            content(file)
    else:
        write_whole(path.resolve(), content)
