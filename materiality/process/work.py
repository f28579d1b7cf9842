"""By whom: who has worked on which stage, as the audit trail tells."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.selectors import lines_of
from scoping.models import ProcessStage
from scoping.wording import dated, enumerated

# Enough for a year of work; older lines would not change who has worked on a stage.
MOST_LINES = 1000
# The first of these words among the first words of a line of the audit trail says which stage it is about.
STAGE_WORDS = {
    ProcessStage.DIALOGUE: "group groups channel channels concern concerns contact contacts score scores scored weight",
    ProcessStage.DETERMINING: "issue issues mention mentions library libraries merged unmerged",
    ProcessStage.CRITERIA: "criterion criteria screening short mark marks marked decided undid",
    ProcessStage.RESULTS: "survey answers method tiers tier simulated recount",
    ProcessStage.CONFIRMATION: "proposed proposal confirmed confirmation returned published",
}
# Lines that begin so are about the whole assessment.
ABOUT_ALL = ("loaded the case", "created the assessment", "carried forward")
STAGE_OF_WORD = {word: stage for stage, words in STAGE_WORDS.items() for word in words.split()}


@dataclass(frozen=True)
class Worked:
    """Who has worked on a stage, and when last."""

    people: tuple[str, ...]
    last: date

    def __str__(self) -> str:
        return _("%(people)s, last on %(day)s") % {"people": enumerated(self.people, most=4), "day": dated(self.last)}


def activity_of(organisation: Organisation, slug: str) -> dict[str, Worked]:
    """Who has worked on which stage."""
    people: dict[str, dict[str, None]] = {}
    last: dict[str, datetime] = {}
    for actor, summary, at in lines_of(organisation, slug, MOST_LINES):
        stage = stage_of(summary)
        if stage and actor:
            people.setdefault(stage, {}).setdefault(actor)
            last.setdefault(stage, at)  # the newest comes first
    return {stage: Worked(tuple(names), timezone.localtime(last[stage]).date()) for stage, names in people.items()}


def stage_of(summary: str) -> ProcessStage | None:
    """The stage that a line of the audit trail is about, by the first word that tells."""
    if summary.startswith(ABOUT_ALL):
        return None
    words = re.findall(r"[a-z]+", " ".join(summary.split()[:6]).lower())
    return next((STAGE_OF_WORD[word] for word in words if word in STAGE_OF_WORD), None)
