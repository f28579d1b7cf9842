"""An open survey, a mail server, and shortcuts to send."""

from collections.abc import Callable, Iterator

import pytest

from jobs.models import Job, Status
from jobs.runner import run_job
from surveys.mail_texts import default_texts
from surveys.models import Invitation, Mailing, MailingKind, MailPolicy, Survey
from surveys.services.inviting import add_invitations
from surveys.services.mailing import SEND, prepare_mailing
from tests.support.mail_server import MailServer


@pytest.fixture
def mail_server(settings) -> Iterator[MailServer]:
    """A server that listens, and the product set up to use it."""
    server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_TIMEOUT = 5
    settings.DEFAULT_FROM_EMAIL = "Salient <surveys@example.com>"
    server.start()
    yield server
    server.stop()


@pytest.fixture
def fast(house) -> MailPolicy:
    """As many mails as the machine can send."""
    return MailPolicy.objects.create(organisation=house.organisation, per_minute=1_000_000)


@pytest.fixture
def invite(survey: Survey, house) -> Callable[..., list[Invitation]]:
    """invite(5): that many people of the first group; invite("a@b.org", ...): these."""

    def add(*people: str | int, group: int = 0, language: str = "") -> list[Invitation]:
        if people and isinstance(people[0], int):
            people = tuple(f"person{number}@example.org" for number in range(people[0]))
        chosen = survey.assessment.groups.all()[group]
        add_invitations(survey=survey, group=chosen, rows=[(address, "", language) for address in people])
        return list(survey.invitations.order_by("pk"))

    return add


@pytest.fixture
def prepare(survey: Survey, house) -> Callable[..., Mailing]:
    def make(kind: str = MailingKind.INVITATION, **more) -> Mailing:
        values = {
            "groups": survey.assessment.groups.all(),
            "texts": default_texts(kind, ["en"], closes=False, anonymity="anonymous"),
            "by": house.analyst,
            **more,
        }
        return prepare_mailing(survey=survey, kind=kind, **values)

    return make


@pytest.fixture
def send() -> Callable[[], Job | None]:
    """Runs the one sending job that waits, whenever it is due, and nothing that it enqueues; None if there is none."""

    def run() -> Job | None:
        job = Job.objects.filter(kind=SEND, status=Status.QUEUED).order_by("created_at").first()
        if job is None:
            return None
        Job.objects.filter(pk=job.pk).update(run_after=None)
        run_job(job.pk)
        job.refresh_from_db()
        return job

    return run
