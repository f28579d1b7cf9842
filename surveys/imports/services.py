"""Storing a plan: answers into an assessment that exists, or a new assessment around them. One transaction each."""

import hmac
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from itertools import islice
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from scoping.models import Assessment, Side
from scoping.services import NewIssue, add_issues, create_assessment, save_group
from scoping.services.scope import note
from surveys.imports.placement import Placement, missing_from, newest_questionnaire, place
from surveys.imports.plan import ImportPlan
from surveys.imports.problems import AnswerError, ImportProblem
from surveys.models import Questionnaire, Response, Survey, SurveyState
from surveys.services import close_survey, open_survey, prepare_survey
from surveys.services.folding import request_fold
from tables.problems import shorten

# Rows in one statement: enough that round trips do not weigh, and few enough parameters for SQLite.
BATCH = 2_000

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Imported:
    """What became of a plan: answers stored now, and those that an earlier import had stored."""

    assessment: Assessment
    stored: int
    known: int


def import_into(
    *,
    plan: ImportPlan,
    assessment: Assessment,
    add_missing: bool = False,
    by: User | None = None,
    progress: Progress | None = None,
) -> Imported:
    """Store the plan's answers in `assessment`; opens its survey if that was never opened.

    An answer whose row was imported before is not stored again. A survey that is closed stays closed: these
    answers were given elsewhere, before.

    Parameters
    ----------
    add_missing : whether issues and groups that only the file has become part of the scope, as long as it is open.

    Raises
    ------
    AnswerError
        With every issue and group of the file that the assessment does not have.
    """
    with _refusals(), transaction.atomic():
        survey = prepare_survey(assessment=assessment)
        # Two imports of one file follow one another, so that the second sees what the first has stored.
        survey = (
            Survey.objects.select_for_update(of=("self",)).select_related("assessment__organisation").get(pk=survey.pk)
        )
        if add_missing:
            _add_missing(plan, assessment, by)
        placement = place(plan, assessment)
        if survey.state == SurveyState.DRAFT:
            open_survey(survey=survey, by=by, scale=plan.scale)
        stored = _store(plan, placement, survey, by, progress)
        assessment.refresh_from_db()
        return Imported(assessment, stored, plan.respondents - stored)


def import_as_new(
    *,
    plan: ImportPlan,
    organisation: Organisation,
    name: str,
    company: str = "",
    reporting_period: str = "",
    keep_open: bool = False,
    by: User | None = None,
    progress: Progress | None = None,
) -> Imported:
    """Make an assessment with the plan's groups and issues and store its answers there.

    The survey is closed afterwards, since the answers are in, unless `keep_open`.

    Raises
    ------
    AnswerError
        If the organisation has an assessment of that name: a second import belongs into the first one.
    """
    with _refusals(), transaction.atomic():
        refuse_same_name(organisation, name)
        assessment = create_assessment(
            organisation=organisation,
            name=name,
            company=company or organisation.name,
            reporting_period=reporting_period or str(timezone.localdate().year),
            origin=f"Imported from {plan.file_name}"[:300],
            by=by,
        )
        imported = import_into(plan=plan, assessment=assessment, add_missing=True, by=by, progress=progress)
        if not keep_open:
            close_survey(survey=prepare_survey(assessment=assessment), by=by, occasion="after an import")
        assessment.refresh_from_db()
        return imported


def _add_missing(plan: ImportPlan, assessment: Assessment, by: User | None) -> None:
    items, groups = missing_from(plan, assessment)
    for group in groups:
        side = Side.INTERNAL if group.internal else Side.EXTERNAL
        save_group(assessment=assessment, name=group.name, side=side, by=by)
    if items:
        add_issues(assessment=assessment, issues=[NewIssue(item.name) for item in items], by=by)


def count_known(plan: ImportPlan, assessment: Assessment) -> int:
    """How many answers of the plan an earlier import has stored."""
    keys = (row_key(assessment.pk, fingerprint) for fingerprint in plan.fingerprints)
    known = 0
    while batch := list(islice(keys, BATCH)):
        known += Response.objects.filter(pk__in=batch).count()
    return known


def refuse_same_name(organisation: Organisation, name: str) -> None:
    """Raise AnswerError if the organisation has an assessment of that name."""
    twin = Assessment.objects.filter(organisation=organisation, name__iexact=" ".join(name.split())).first()
    if twin:
        raise AnswerError(
            f'There is an assessment "{twin.name}" already (slug {twin.slug}). To add the answers to it, give its slug '
            "instead of --new; answers that it has are not stored twice. For another assessment choose another name."
        )


@contextmanager
def _refusals() -> Iterator[None]:
    """Turns the refusals of other services into those of an import."""
    try:
        yield
    except ValidationError as error:
        raise ImportProblem(" ".join(error.messages)) from error


def _store(plan: ImportPlan, placement: Placement, survey: Survey, by: User | None, progress: Progress | None) -> int:
    """Store the answers that are not there yet; returns how many."""
    assessment = survey.assessment
    questionnaire = newest_questionnaire(assessment)
    if questionnaire is None:
        raise ImportProblem(
            _("The survey of %(slug)s has no questionnaire. Open it first.") % {"slug": assessment.slug}
        )
    answers = _answers(plan, placement, questionnaire, assessment)
    done = stored = 0
    while batch := list(islice(answers, BATCH)):
        known = set(Response.objects.filter(pk__in=[answer.pk for answer in batch]).values_list("pk", flat=True))
        fresh = [answer for answer in batch if answer.pk not in known]
        Response.objects.bulk_create(fresh)
        done += len(batch)
        stored += len(fresh)
        if progress:
            progress(done, plan.respondents)
    if stored:
        summary = f"imported {stored:,} answers from {shorten(plan.file_name, 200)}"
        note(assessment, by, summary)
        # After the commit, as with answers from the web: a job that starts earlier would not see these.
        transaction.on_commit(
            partial(request_fold, survey.pk, assessment.organisation_id, assessment.slug), robust=True
        )
    return stored


def _answers(
    plan: ImportPlan, placement: Placement, questionnaire: Questionnaire, assessment: Assessment
) -> Iterator[Response]:
    ratings = placement.packed(plan.ratings)
    keys = [row_key(assessment.pk, fingerprint) for fingerprint in plan.fingerprints]
    # In the order of their keys, which is none: the order of the file would lead from an answer back to its row.
    for row in sorted(range(len(keys)), key=keys.__getitem__):
        yield Response(
            pk=keys[row],
            questionnaire=questionnaire,
            group_id=placement.groups[plan.group_of[row]],
            ratings=ratings[row].tobytes(),
        )


def row_key(assessment_id: UUID, fingerprint: bytes) -> UUID:
    """The primary key of the answer in a row: the same row gives the same key, and without the server's secret nobody
    gets from a row to its key or back. Shaped like any random key.
    """
    secret = sha256(b"salient import\0" + settings.SECRET_KEY.encode()).digest()
    digest = hmac.digest(secret, assessment_id.bytes + fingerprint, "sha256")
    return UUID(bytes=digest[:16], version=4)
