"""Looking at the answers of a survey in the background: quality flags, time taken, where drafts stop."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from accounts.models import User
from jobs.models import Job
from jobs.services import enqueue
from surveys.arrays import Progress, Reading, read_counted, stops
from surveys.frozen import FrozenQuestionnaire
from surveys.models import Draft, GroupTally, IssueQuestion, QualityReport, Survey
from surveys.quality import FLAGS, Flagged, flags_of
from surveys.selectors import tallies_of
from surveys.withholding import lagged, smallest_group

QUALITY = "surveys.quality"
# By itself a look follows the last one after this long at the earliest, however many answers come in.
REST = timedelta(minutes=3)
# The answers that came last before the closing are counted by then.
DELAY_AFTER_CLOSING_SECONDS = 10
MOST_BARS = 12
# Widths of a bar of the histogram in seconds: times are stored in steps of 5, rounded up.
_WIDTHS = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)


def request_look(*, survey: Survey, by: User | None = None, delay_seconds: float = 0) -> Job:
    """Ask the worker to look at the answers. While one job waits, asking again returns that one."""
    return enqueue(
        kind=QUALITY,
        organisation=survey.assessment.organisation,
        subject=survey.assessment.slug,
        arguments={"survey": survey.pk},
        key=f"{QUALITY}:{survey.pk}",
        created_by=by,
        delay_seconds=delay_seconds,
    )


def request_looks_after_closing() -> None:
    """For every survey that has been closed since the last look at it: see to it that there will be one.

    One that was asked for since then is not asked for again, whatever became of it.
    """
    closed = Survey.objects.filter(closed_at__isnull=False, questionnaires__tallies__isnull=False)
    unseen = closed.exclude(quality_report__at__gte=F("closed_at"))
    for survey in unseen.select_related("assessment__organisation").distinct():
        jobs = Job.objects.filter(kind=QUALITY, subject=survey.assessment.slug, created_at__gte=survey.closed_at)
        if not jobs.filter(organisation_id=survey.assessment.organisation_id).exists():
            request_look(survey=survey, delay_seconds=DELAY_AFTER_CLOSING_SECONDS)


def look(*, survey: Survey, progress: Progress | None = None) -> QualityReport | None:
    """Look at every counted answer and every draft, and keep what was found. None before the survey was opened.

    Where simulated answers and people's are counted, only at those that results are made of.
    """
    folded = tallies_of(survey.assessment)
    if folded is None:
        return None
    questionnaire = folded.questionnaire
    expected = GroupTally.objects.filter(questionnaire=questionnaire).aggregate(n=Sum("respondents"))["n"] or 0
    reading = read_counted(questionnaire, simulated=folded.kind, expected=expected, progress=progress)
    return keep_findings(survey=survey, reading=reading, flags=flags_of(reading.answers(), kind=reading.frozen.kind))


@transaction.atomic
def keep_findings(*, survey: Survey, reading: Reading, flags: Mapping[str, Flagged]) -> QualityReport:
    """Store what was found, and of it what may be shown (see withholding.lagged)."""
    QualityReport.objects.get_or_create(survey=survey)
    report = QualityReport.objects.select_for_update(of=("self",)).select_related("survey").get(survey=survey)
    # The survey as it is now: looking took a while.
    survey, kept = report.survey, report.findings
    ended, k = not survey.takes_answers(timezone.now()), smallest_group(survey)
    groups = {}
    for group in np.unique(reading.groups):
        of_group = reading.groups == group
        # Simulated answers are nobody's: as long as there are no others, all of it may be shown.
        k_here = 1 if reading.simulated[of_group].all() else k
        simulated = int(np.count_nonzero(reading.simulated[of_group]))
        known = kept.get("groups", {}).get(str(group), {})
        if known.get("simulated") != simulated:
            known = {}  # what was shown is of answers that are gone, or now mixed with others
        groups[str(group)] = {
            **lagged(known, _flagged(of_group, flags), ended=ended, k=k_here),
            "simulated": simulated,
        }
    excluded = reading.excluded > 0
    report.findings = {
        "answers": len(reading),
        "groups": groups,
        "left_out": {name: int(np.count_nonzero(flagged & excluded)) for name, flagged in flags.items()},
        "timed": int(np.count_nonzero(~np.isnan(reading.seconds))),
        "times": lagged(kept.get("times", {}), _times(reading), ended=ended, k=1 if reading.simulated.all() else k),
        "drafts": lagged(kept.get("drafts", {}), _drafts(reading.frozen), ended=ended, k=k),
    }
    report.save()
    return report


def _flagged(of_group: Flagged, flags: Mapping[str, Flagged]) -> dict[str, Any]:
    counts = {name: int(np.count_nonzero(flags[name] & of_group)) for name in FLAGS}
    return {"answers": int(np.count_nonzero(of_group)), "flags": counts}


def _times(reading: Reading) -> dict[str, Any]:
    """How long people took, in seconds: quartiles, and a histogram: bar b holds the times in (b, b + 1] widths, the
    first one 0 too, and the last one everything beyond."""
    seconds = reading.seconds[~np.isnan(reading.seconds)]
    if not len(seconds):
        return {"answers": 0}
    quartiles = [float(quartile) for quartile in np.quantile(seconds, [0.25, 0.5, 0.75])]
    most = float(np.quantile(seconds, 0.95))
    width = next((width for width in _WIDTHS if most / width <= MOST_BARS - 1), _WIDTHS[-1])
    # A time is stored as the end of its step, so a bar holds its end and not its start.
    bars = np.clip(np.ceil(seconds / width) - 1, 0, MOST_BARS - 1).astype(np.int64)
    histogram = np.bincount(bars, minlength=MOST_BARS).tolist()
    return {"answers": len(seconds), "quartiles": quartiles, "width": width, "histogram": histogram}


def _drafts(frozen: FrozenQuestionnaire) -> dict[str, Any]:
    """Answers that were begun and not sent. Only ratings are given question by question."""
    if frozen.kind != IssueQuestion.RATING:
        return {"answers": Draft.objects.filter(questionnaire=frozen.id).count(), "stops": []}
    counts = stops(frozen)
    return {"answers": int(counts.sum()), "stops": counts.tolist()}
