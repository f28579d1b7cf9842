"""manage.py import_responses SLUG FILE: answers collected elsewhere. The last line of the output is the slug."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import Organisation
from scoping.models import Assessment
from scoping.selectors import assessment_by_slug
from scoping.services.scope import free_code
from scoping.wording import listed
from surveys.imports.detection import detect_contents
from surveys.imports.draft import draft_of_detected
from surveys.imports.mapping import ResponseMapping, parse_mapping, read_mapping
from surveys.imports.placement import fitted, place, scale_of
from surveys.imports.plan import ImportPlan, plan_import
from surveys.imports.preview import preview
from surveys.imports.problems import ImportProblem
from surveys.imports.services import Imported, import_as_new, import_into, refuse_same_name
from surveys.imports.source import Table, read_table
from surveys.imports.starter import commented
from surveys.selectors import progress_by_group
from surveys.withholding import smallest_group
from tables.problems import SourceError, did_you_mean

NO_ORGANISATION = "Salient"


class Command(BaseCommand):
    help = (
        "Imports answers from a CSV or XLSX file into the assessment SLUG, or with --new NAME into a new one. Rows "
        "that were imported before are not stored again. Without --mapping the columns are recognised, and the "
        "mapping is shown."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "words", nargs="+", metavar="[SLUG] FILE", help="the assessment (not with --new) and the file"
        )
        parser.add_argument("--new", metavar="NAME", help="make an assessment of this name from the file")
        parser.add_argument(
            "--mapping", type=Path, metavar="MAP.toml", help="what the columns mean; see docs/import.md"
        )
        parser.add_argument("--dry-run", action="store_true", help="show what would become what, and store nothing")
        parser.add_argument("--organisation", metavar="SLUG", help="with --new, where there is more than one")
        parser.add_argument("--company", default="", help="with --new: the company, if not the organisation itself")
        parser.add_argument("--period", default="", help="with --new: the reporting period, if not this year")
        parser.add_argument("--keep-open", action="store_true", help="with --new: leave the survey open for answers")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(self.run(options))
        except (ImportProblem, SourceError) as error:
            raise CommandError(str(error)) from error

    def run(self, options: dict[str, Any]) -> str:
        """Do what was asked; returns the last line to print."""
        words: list[str] = options["words"]
        new: str | None = options["new"]
        if len(words) != (1 if new is not None else 2):
            raise CommandError("Give either SLUG FILE, or --new NAME FILE.")
        if new is not None and not new.strip():
            raise CommandError("--new needs a name.")
        file = Path(words[-1])
        # What can be wrong with the destination is said before a large file is read.
        assessment = None if new is not None else _assessment(words[0])
        organisation = _organisation(options["organisation"]) if new is not None else None
        if new is not None and organisation is not None:
            refuse_same_name(organisation, new)
        table, mapping = self.read(file, options["mapping"], assessment)
        plan = plan_import(table, mapping, scale=scale_of(assessment) if assessment else None)
        placement = place(plan, assessment) if assessment else None
        self.stdout.write(preview(plan, notices=placement.notices if placement else ()))
        self.stdout.write("")
        if options["dry_run"]:
            return "Dry run: nothing was stored."
        if assessment:
            imported = import_into(plan=plan, assessment=assessment, progress=self.progress)
        else:
            imported = self.import_as_new(plan, organisation, new or "", options)
        if small := _too_small(imported.assessment):
            self.stdout.write(small)
        self.stdout.write(_outcome(imported))
        return imported.assessment.slug

    def import_as_new(
        self, plan: ImportPlan, organisation: Organisation | None, name: str, options: dict[str, Any]
    ) -> Imported:
        company: str = options["company"]
        with transaction.atomic():
            if organisation is None:
                called = company or NO_ORGANISATION
                code = free_code(called, taken=(), fallback="organisation", limit=80)
                organisation = Organisation.objects.create(name=called, slug=code)
            return import_as_new(
                plan=plan, organisation=organisation, name=name, company=company,
                reporting_period=options["period"], keep_open=options["keep_open"], progress=self.progress,
            )  # fmt: skip

    def read(self, file: Path, given: Path | None, assessment: Assessment | None) -> tuple[Table, ResponseMapping]:
        """The file, and the mapping that was given or that is recognised in the file itself."""
        if given is not None:
            mapping = read_mapping(given)
            table = read_table(
                file, encoding=mapping.encoding, delimiter=mapping.delimiter, header_rows=mapping.header_rows
            )
            return table, mapping
        table = read_table(file)
        detected = detect_contents(table)
        draft = draft_of_detected(detected)
        if assessment is not None:
            draft = fitted(draft, table, assessment)
        text = commented(table, draft, detected)
        self.stdout.write(text)
        if not draft.items or draft.unknown_words:
            missing = "no column is recognised as a rated issue"
            if draft.items:
                missing = f"the rating is not known of {', '.join(map(repr, draft.unknown_words[:5]))}"
            said = "" if draft.items else "".join(f"{notice}\n" for notice in detected.notices)
            raise CommandError(
                f"{said}{file.name}: {missing}, so a mapping is needed. Save what is printed above as MAP.toml, "
                "correct it (docs/import.md explains each key), and run the command again with --mapping MAP.toml "
                "--dry-run."
            )
        return table, parse_mapping(text, path=Path("the mapping above"))

    def progress(self, done: int, total: int) -> None:
        if sys.stderr.isatty():
            full = 30 * done // total
            end = "\n" if done == total else ""
            self.stderr.write(f"\r[{'#' * full}{'.' * (30 - full)}] {done:,} of {total:,} answers{end}", ending="")


def _assessment(slug: str) -> Assessment:
    found = assessment_by_slug(slug)
    if found is None:
        raise CommandError(
            f'There is no assessment "{slug}".{did_you_mean(slug, _slugs())} To make one from the file use --new NAME.'
        )
    return found


def _slugs() -> set[str]:
    return set(Assessment.objects.values_list("slug", flat=True))


def _organisation(slug: str | None) -> Organisation | None:
    """The one that is meant; None on a machine without any."""
    known = list(Organisation.objects.order_by("slug")[:20])
    listed = ", ".join(organisation.slug for organisation in known) or "none yet"
    if slug:
        named = Organisation.objects.filter(slug=slug).first()
        if named is None:
            raise CommandError(f'There is no organisation "{slug}". There are: {listed}.')
        return named
    if len(known) > 1:
        raise CommandError(f"There are several organisations. Say which with --organisation SLUG: {listed}.")
    return known[0] if known else None


def _outcome(imported: Imported) -> str:
    text = f"Imported {imported.stored:,} answers into {imported.assessment.name}."
    if imported.known:
        text += f" {imported.known:,} were imported before and not stored again."
    return text


def _too_small(assessment: Assessment) -> str:
    """Which groups' results will not be shown by themselves, and why; empty where there is none."""
    k = smallest_group(assessment.survey)
    small = [one.group.name for one in progress_by_group(assessment.survey) if 0 < one.people < k]
    if not small:
        return ""
    return (
        f"Note: fewer than {k} people answered in {listed(small, most=6)}. Such a group is not shown by itself: it is "
        f"counted together with another one of its side, and where there is none with which it has {k} people, not at "
        "all."
    )
