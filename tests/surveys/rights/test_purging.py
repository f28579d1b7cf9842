"""Personal data goes when its time is over, and nothing else."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import AuditEvent
from jobs.models import Job, Status
from scoping.models import Contact
from surveys import tasks
from surveys.models import Authorship, Comment, Delivery, Draft, GroupTally, Invitation, Response, Survey
from surveys.people import draft_key_of
from surveys.services import close_survey, purging, reopen_survey, save_draft
from surveys.services.purging import PURGE, purge, purge_due_at, purge_old_drafts
from tests.surveys.rights.conftest import LEE, link_of
from tests.surveys.rights.test_rights import KIM, mail_to


@pytest.fixture
def closed(asked) -> Survey:
    survey = asked(retention_days=30)
    mail_to(KIM)
    save_draft(link=link_of(LEE), ratings=bytes([2] * 5), key=draft_key_of(Invitation.objects.get(address=LEE)))
    close_survey(survey=survey)
    survey.refresh_from_db()
    return survey


def later(days: float):
    return time_machine.travel(timezone.now() + timedelta(days=days), tick=False)


def personal_rows() -> int:
    return sum(model.objects.count() for model in (Invitation, Delivery, Authorship, Comment, Contact, Draft))


def test_the_day_is_counted_from_closing(closed):
    assert purge_due_at(closed) == closed.closed_at + timedelta(days=30)


def test_before_the_day_nothing_goes(closed, run_waiting_jobs):
    before = personal_rows()
    with later(29.9):
        tasks.sweep()
        run_waiting_jobs()
        purge(survey=closed)
    assert personal_rows() == before > 10
    assert not Job.objects.filter(kind=PURGE).exists()


def test_after_it_addresses_comments_drafts_and_contacts_go_and_ratings_and_counts_stay(closed, run_waiting_jobs):
    tallies = list(GroupTally.objects.values_list("packed", flat=True))
    with later(30.1):
        tasks.sweep()
        run_waiting_jobs()
        closed.refresh_from_db()
        assert closed.purged_at == timezone.now()
    assert personal_rows() == 0
    assert Response.objects.count() == 6
    assert list(GroupTally.objects.values_list("packed", flat=True)) == tallies


def test_the_record_holds_numbers_only(closed):
    with later(31):
        purge(survey=closed)
    line = AuditEvent.objects.order_by("-pk").first()
    assert line.summary == (
        "personal data was deleted 30 days after the survey closed: 7 invitations, 2 comments, 1 contact and 1 draft"
    )
    assert (line.subject, line.actor) == ("a1", None)


def test_it_happens_once(closed, run_waiting_jobs):
    with later(31):
        tasks.sweep()
        run_waiting_jobs()
        tasks.sweep()
        run_waiting_jobs()
        assert not purge(survey=closed).invitations
    assert Job.objects.filter(kind=PURGE).count() == 1
    assert AuditEvent.objects.filter(summary__startswith="personal data").count() == 1


def test_what_stops_it_is_taken_up_where_it_stopped(closed, monkeypatch):
    monkeypatch.setattr(purging, "BATCH", 2)

    def stop(done: int, total: int, step: str) -> None:
        if done >= 4:
            raise KeyboardInterrupt

    with later(31):
        with pytest.raises(KeyboardInterrupt):
            purge(survey=closed, progress=stop)
        assert Invitation.objects.count() == 3
        closed.refresh_from_db()
        assert closed.purged_at is None
        assert purge(survey=closed).invitations == 3
        closed.refresh_from_db()
        assert closed.purged_at


def test_a_failed_purge_is_not_asked_for_again_at_once(closed):
    with later(31):
        purging.request_purge(closed)
        Job.objects.filter(kind=PURGE).update(status=Status.DEAD, finished_at=timezone.now())
        purging.request_purges_due()
        assert Job.objects.filter(kind=PURGE).count() == 1
    with later(32):
        purging.request_purges_due()
        assert Job.objects.filter(kind=PURGE).count() == 2


def test_a_survey_without_an_end_keeps_what_it_has(asked):
    survey = asked()
    close_survey(survey=survey)
    before = personal_rows()
    with later(4000):
        purging.request_purges_due()
        purge(survey=survey)
    assert personal_rows() == before
    assert not Job.objects.filter(kind=PURGE).exists()


@pytest.mark.parametrize("purged", [True, False])
def test_a_survey_whose_time_is_over_is_not_reopened(closed, purged):
    with later(31):
        if purged:
            purge(survey=closed)
        with pytest.raises(ValidationError, match="cannot be opened again"):
            reopen_survey(survey=closed)


def test_before_that_it_is_and_keeps_its_people(closed):
    with later(29):
        reopen_survey(survey=closed)
    with later(31):
        assert purge(survey=closed).invitations == 0
    assert Invitation.objects.count() == 7


def test_old_drafts_of_any_survey_go(asked):
    asked()
    save_draft(link=link_of(LEE), ratings=bytes([2] * 5), key=draft_key_of(Invitation.objects.get(address=LEE)))
    with later(60):
        assert purge_old_drafts() == 0
    with later(61.1):
        assert purge_old_drafts() == 1
    assert not Draft.objects.exists()


def test_they_are_looked_for_once_an_hour(asked):
    asked()
    cache.clear()
    with later(70):
        tasks.sweep()
        save_draft(link=link_of(LEE), ratings=bytes([2] * 5), key=draft_key_of(Invitation.objects.get(address=LEE)))
        Draft.objects.update(saved_on=timezone.now() - timedelta(days=65))
        tasks.sweep()
        assert Draft.objects.exists()
        cache.clear()
        tasks.sweep()
        assert not Draft.objects.exists()
