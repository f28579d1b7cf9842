"""manage.py load_case CASE: a published result becomes an assessment. The last line of the output is its slug."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import Organisation
from scoping.cases.catalogue import case_names, find_case
from scoping.cases.errors import CaseError
from scoping.cases.format import Case
from scoping.services import load_case
from scoping.services.scope import free_code


class Command(BaseCommand):
    help = "Loads a published materiality result as an assessment, or brings a loaded one up to date."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("case", metavar="CASE", help=f"{', '.join(case_names())}, or the path of a .toml file")
        parser.add_argument(
            "--organisation",
            metavar="SLUG",
            help="the organisation that gets it; needed only where there is more than one",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            case = find_case(options["case"])
            with transaction.atomic():
                assessment = load_case(organisation=_organisation(options["organisation"], case), case=case)
        except CaseError as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{case.company}, {case.reporting_period}: {_contents(case)}, from: {case.origin}.")
        if not case.with_survey:
            self.stdout.write("Nobody is surveyed: its list of issues is the result.")
        self.stdout.write(assessment.slug)


def _contents(case: Case) -> str:
    """What the case holds, as far as it holds something: "18 issues, 8 stakeholder groups"."""
    counts = {
        "issue": len(case.issues),
        "stakeholder group": len(case.groups),
        "concern": len(case.concerns),
        "channel": len(case.channels),
        "pillar": len(case.pillars),
        "step": len(case.process),
        "row": len(case.index),
    }
    of = {"step": " of the process", "row": " of the content index"}
    return ", ".join(
        f"{count} {kind}{'' if count == 1 else 's'}{of.get(kind, '')}" for kind, count in counts.items() if count
    )


def _organisation(slug: str | None, case: Case) -> Organisation:
    """The one that is meant; on a machine without any, one named after the company of the case."""
    known = list(Organisation.objects.order_by("slug")[:20])
    if slug:
        named = Organisation.objects.filter(slug=slug).first()
        if named is None:
            listed = ", ".join(organisation.slug for organisation in known) or "none yet"
            raise CommandError(f'There is no organisation "{slug}". There are: {listed}.')
        return named
    if not known:
        code = free_code(case.company, taken=(), fallback="organisation", limit=80)
        return Organisation.objects.create(name=case.company, slug=code)
    # Where the case is loaded already it belongs; a second organisation must be asked for by name.
    holders = [known_one for known_one in known if known_one.assessments.filter(case=case.slug).exists()]
    candidates = holders or known
    if len(candidates) > 1:
        listed = ", ".join(organisation.slug for organisation in candidates)
        raise CommandError(f"There are several organisations. Say which with --organisation SLUG: {listed}.")
    return candidates[0]
