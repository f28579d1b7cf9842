"""manage.py simulate SLUG --respondents N --seed S: simulated answers in place of earlier simulated ones."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from scoping.selectors import assessment_by_slug
from surveys.services.simulating import simulate_answers


class Command(BaseCommand):
    help = (
        "Sends simulated answers, drawn around the published order of the issues where there is one, through the "
        "path that real ones take; more than 10,000 are stored in batches. They replace earlier simulated answers "
        "and are marked wherever they show."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the assessment's slug, as in its address")
        parser.add_argument("--respondents", type=int, default=600, metavar="N")
        parser.add_argument("--seed", type=int, default=42, metavar="S")

    def handle(self, *, slug: str, respondents: int, seed: int, **options: Any) -> None:
        assessment = assessment_by_slug(slug)
        if assessment is None:
            raise CommandError(f"There is no assessment {slug!r}. Its slug stands in its address, after /a/.")
        try:
            sent = simulate_answers(assessment=assessment, respondents=respondents, seed=seed, progress=self._progress)
        except ValidationError as refusal:
            raise CommandError(f"{slug}: {' '.join(refusal.messages)}") from refusal
        self.stdout.write(
            f"{sent} simulated answers to {slug} (seed {seed}). A worker counts them; "
            f"without one, `manage.py analyse {slug}` does."
        )

    def _progress(self, done: int, total: int, step: str) -> None:
        """A bar that redraws itself on a terminal; in a file, its last state only."""
        on_terminal = self.stdout.isatty()
        if done < total and not on_terminal:
            return
        filled = round(30 * done / max(total, 1))
        bar = f"{step} [{'#' * filled}{'.' * (30 - filled)}] {done} of {total}"
        self.stdout.write(f"\r{bar}" if on_terminal else bar, ending="\n" if done >= total else "")
        self.stdout.flush()
