"""`make demo`: the three published cases, from the issue list to the matrix where one was published, with every real
part running."""

import contextlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from accounts.models import AuditEvent, Membership, Organisation, Role, User
from accounts.services import add_member, create_organisation
from jobs.models import Job, Status
from materiality.evidence import bundle_zip
from materiality.exports import EXPORTS
from materiality.exports.chapter import chapter_docx
from materiality.exports.deck import deck_pptx
from materiality.findings import agreement_with_published
from materiality.models import AnalysisRun, CurrentRun, ExportFile, ProposalState, Publication, Signature, Verdict
from materiality.publishing.services import publish
from materiality.review.selectors import decided_results, live_proposal
from materiality.services import propose, request_analysis, sign
from materiality.services.reviewing import comment
from scoping.lists.issues import IssueList
from scoping.models import Assessment, Phase
from scoping.selectors import missing_for_survey
from scoping.services import load_case
from surveys.models import Survey, SurveyState
from surveys.selectors import progress_by_group, survey_of
from tables.writing import csv_bytes, xlsx_bytes

CASES = ["qifu-2022", "atrenew-2021", "uxin-2022"]
RESPONDENTS = 600
SEED = 2022
LOGIN = "demo@salient.example"
PATIENCE_SECONDS = 180
ORGANISATION = "Demo organisation"
APPROVER = "approver@salient.example"
# The case that is taken all the way: reviewed, confirmed and published.
PUBLIC_CASE = "qifu-2022"
BODY = "the board of directors (simulated)"
REMARK = "Simulated: the order agrees with the published one, so the group proposes it as computed."
# What to look at, in the order of the work.
PAGES = (
    ("materiality:overview", "what is done, and what is next"),
    ("materiality:process", "the process, stage by stage"),
    ("scoping:scope", "groups, issues, tiers and concerns"),
    ("scoping:stakeholders", "the register: why groups matter, topics, channels"),
    ("scoping:long-list", "every issue, and where it was found"),
    ("scoping:screening", "criteria and the short list"),
    ("scoping:issue-table", "what each issue means, practice, chapters; pillars"),
    ("scoping:peers", "beside the lists of other companies"),
    ("scoping:changes", "beside the period before"),
    ("scoping:content-index", "where the report answers a framework"),
    ("surveys:survey", "links, answers, and who has answered"),
    ("materiality:results", "matrix, tiers and certainty"),
    ("materiality:review", "tiers to decide otherwise, comments and open points"),
    ("materiality:confirmation", "what the board confirms, and who has"),
    ("materiality:publish", "the public report, and how to take it back"),
    ("materiality:files", "figures, tables, documents and evidence to download"),
    ("materiality:statement", "how it was done, ready for GRI 3-1"),
)


class Command(BaseCommand):
    help = "Loads the published cases, collects simulated answers, analyses them in a worker, exports and serves."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-serve", action="store_true", help="stop after the files are written")

    def handle(self, *, port: int, no_serve: bool, **_: Any) -> None:
        stop_when_asked()
        try:
            self.show(port, no_serve)
        except KeyboardInterrupt as error:
            if no_serve:
                raise CommandError("Stopped before the files were written.") from error
            self.stdout.write("\nStopped.")

    def show(self, port: int, no_serve: bool) -> None:
        if not no_serve:
            refuse_taken_port(port)
        is_new = not (settings.VAR / "salient.sqlite3").exists()
        self.say("Preparing the database" if is_new else f"Using what is in {settings.VAR} (remove it to start over)")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        organisation, password = self.organisation()
        address = f"http://localhost:{port}"
        with worker() as process:
            assessments = [self.load(organisation, case) for case in CASES]
            written = [path for assessment in assessments for path in self.conclude(assessment, process)]
            for assessment in assessments:
                if assessment.case == PUBLIC_CASE and not assessment.proposals.exists():
                    self.publish(assessment, process)
            self.stdout.write("\nWritten:")
            for path in written:
                self.stdout.write(f"  {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}")
            self.stdout.write("\nThe answers are simulated: drawn at random around the published tiers. Where a report")
            self.stdout.write("published none for an issue, chance gives it one of the places that are left.")
            self.tour(assessments, address)
            self.public_reports(assessments, address)
            if no_serve:
                self.stdout.write("\nTo look at it in the browser: make demo")
                return
            self.stdout.write(f"\n  Open   {address}/\n  Login  {LOGIN}\n  Pass   {password}\n")
            self.stdout.write(f"{APPROVER} has the same password, and sees what somebody sees who confirms.")
            self.stdout.write("Mails, such as those to new members, are printed here. Press Ctrl+C to stop.")
            self.stdout.flush()
            serve(port)

    def organisation(self) -> tuple[Organisation, str]:
        """The demo's organisation, and the password of its owner and approver, new at every start."""
        owner = User.objects.filter(email=LOGIN).first() or User.objects.create_user(LOGIN, name="Demo owner")
        password = "-".join(secrets.token_hex(2) for _ in range(4))
        owner.set_password(password)
        owner.save(update_fields=["password"])
        organisation = Organisation.objects.filter(memberships__user=owner).first()
        if organisation is None:
            organisation = create_organisation(name=ORGANISATION, owner=owner)
        approver = User.objects.filter(email=APPROVER).first() or User.objects.create_user(
            APPROVER, name="Demo approver"
        )
        approver.set_password(password)
        approver.save(update_fields=["password"])
        # Whoever was given another role, or removed, stays so.
        if not AuditEvent.objects.filter(organisation=organisation, summary__contains=APPROVER).exists():
            add_member(organisation=organisation, email=APPROVER, role=Role.APPROVER, by=owner)
        return organisation, password

    def load(self, organisation: Organisation, case: str) -> Assessment:
        self.say(f"Loading the case {case}")
        return load_case(organisation=organisation, case=case)

    def conclude(self, assessment: Assessment, process: subprocess.Popen[bytes]) -> list[Path]:
        """The files of an assessment: its results, or its list where nobody can be asked."""
        if assessment.with_survey and (assessment.phase != Phase.SCOPING or not missing_for_survey(assessment)):
            return self.survey(assessment, process)
        issues = IssueList(assessment).table()
        count = assessment.issues.asked().count()
        self.say(f"{assessment.company} has no survey here: its list of {count} issues is the result")
        return [
            write(assessment, "xlsx", xlsx_bytes([issues], title=f"{assessment.name}: issues")),
            write(assessment, "csv", csv_bytes(issues)),
            write(assessment, "docx", chapter_docx(None, assessment)),
            write(assessment, "pptx", deck_pptx(None, assessment)),
        ]

    def survey(self, assessment: Assessment, process: subprocess.Popen[bytes]) -> list[Path]:
        if live_proposal(assessment):
            self.say(f"The result of {assessment.company} is proposed or confirmed: it stays as it is")
            return self.write_all(assessment, CurrentRun.objects.get(assessment=assessment).run)
        if Survey.objects.filter(assessment=assessment, state=SurveyState.CLOSED).exists():
            self.say(f"The survey of {assessment.company} was closed: the answers stay as they are")
        elif (survey := survey_of(organisation=assessment.organisation, assessment=assessment)) and any(
            progress.people for progress in progress_by_group(survey)
        ):
            self.say(f"People have answered the survey of {assessment.company}: the answers stay as they are")
        else:
            self.say(f"Collecting {RESPONDENTS} simulated answers through the survey of {assessment.company}")
            call_command("simulate", assessment.slug, respondents=RESPONDENTS, seed=SEED, stdout=self.stdout)
        self.say("Analysing in the background worker")
        run = self.analysed(assessment, process)
        assessment.refresh_from_db()  # the survey has opened meanwhile
        return self.write_all(assessment, run)

    def publish(self, assessment: Assessment, process: subprocess.Popen[bytes]) -> None:
        """Take a result all the way: a remark, the proposal, a signature, the public report. Once; what people do
        with it then is theirs."""
        members = Membership.objects.filter(organisation=assessment.organisation).select_related("user")
        owner, approver = (members.filter(user__email=email).first() for email in (LOGIN, APPROVER))
        if owner is None or approver is None or not approver.may_confirm:
            return  # somebody has changed the members
        self.say(f"Confirming and publishing the result of {assessment.company}, as a demo approver would")
        comment(assessment=assessment, text=REMARK, by=owner.user)
        proposal = propose(assessment=assessment, body=BODY, by=owner.user, note=REMARK)
        proposal = sign(
            proposal=proposal,
            membership=approver,
            verdict=Verdict.CONFIRM,
            means=Signature.Means.PASSWORD,
            digest=proposal.digest,
            remark="Simulated: no board has seen this.",
        )
        if proposal.state == ProposalState.CONFIRMED:
            publish(proposal=proposal, by=owner.user)
            self.say("Making the files of the public report in the background worker")
            for file in ExportFile.objects.filter(assessment=assessment, finished_at=None).select_related("job"):
                if file.job:
                    self.done(file.job, process)

    def write_all(self, assessment: Assessment, run: AnalysisRun) -> list[Path]:
        results = decided_results(run)
        self.say(agreement_with_published(results))
        written = [write(assessment, format, export.write(results, assessment)) for format, export in EXPORTS.items()]
        return [*written, write(assessment, "zip", bundle_zip(assessment))]

    def tour(self, assessments: list[Assessment], address: str) -> None:
        """Which pages there are, so that each can be held beside its report."""
        self.stdout.write("\nHold these beside the reports:")
        for assessment in assessments:
            place = {"organisation": assessment.organisation.slug, "slug": assessment.slug}
            start = reverse("materiality:overview", kwargs=place)
            self.stdout.write(f"  {assessment.company}, {assessment.reporting_period}: {address}{start}")
        self.stdout.write("\nEach has, behind the address above:")
        for name, about in PAGES:
            page = reverse(name, kwargs=place).removeprefix(start) or "(the address itself)"
            self.stdout.write(f"  {page:24}{about}")

    def public_reports(self, assessments: list[Assessment], address: str) -> None:
        """What anybody can read without a login."""
        live = Publication.objects.filter(assessment__in=assessments, withdrawn_at=None).select_related("assessment")
        if live:
            self.stdout.write("\nPublic, without a login:")
        for publication in live:
            page = reverse("report", kwargs={"slug": publication.assessment.slug})
            self.stdout.write(f"  {publication.assessment.company}: {address}{page}")

    def analysed(self, assessment: Assessment, process: subprocess.Popen[bytes]) -> AnalysisRun:
        job = self.done(request_analysis(assessment=assessment), process)
        return AnalysisRun.objects.get(pk=job.result["run"])

    def done(self, job: Job, process: subprocess.Popen[bytes]) -> Job:
        """The job when it is done; its progress is shown."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            job = Job.objects.get(pk=job.pk)
            self.bar(job)
            if not job.is_open:
                break
            if process.poll() is not None:
                log = settings.VAR / "worker.log"
                raise CommandError(f"\nThe worker stopped with code {process.returncode}. What it said is in {log}.")
            time.sleep(0.2)
        self.stdout.write("")
        if job.status != Status.DONE:
            raise CommandError(f"{job.title} did not finish ({job.get_status_display()}). {job.error}")
        return job

    def bar(self, job: Job) -> None:
        width = 30
        filled = round(job.fraction * width)
        bar = f"[{'#' * filled}{'.' * (width - filled)}]"
        self.stdout.write(f"\r  {bar} {job.step or job.get_status_display():<40}", ending="")
        self.stdout.flush()

    def say(self, text: str) -> None:
        self.stdout.write(f"- {text}")
        self.stdout.flush()


def write(assessment: Assessment, format: str, content: bytes) -> Path:
    folder = settings.VAR / "demo"
    folder.mkdir(exist_ok=True)
    path: Path = folder / f"{assessment.case}.{format}"
    path.write_bytes(content)
    return path


def refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be used: {error.strerror}. Stop the program that uses it, "
                f"or choose another: make demo PORT={port + 1}"
            ) from error


@contextlib.contextmanager
def worker() -> Iterator[subprocess.Popen[bytes]]:
    """One Celery worker, stopped when the block ends, however it ends."""
    celery = shutil.which("celery", path=str(Path(sys.executable).parent)) or "celery"
    command = [celery, "--quiet", "-A", "config", "worker", "--pool", "solo", "--loglevel", "ERROR"]
    with contextlib.ExitStack() as stack:
        log = stack.enter_context((settings.VAR / "worker.log").open("wb"))
        process = stack.enter_context(subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True))  # noqa: S603
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def serve(port: int) -> None:
    gunicorn = shutil.which("gunicorn", path=str(Path(sys.executable).parent)) or "gunicorn"
    command = [gunicorn, "config.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "8", "--no-control-socket"]
    command += ["--log-level", "warning", "--limit-request-line", "8190"]
    process = subprocess.Popen(command)  # noqa: S603
    try:
        process.wait()
    finally:
        process.terminate()
        process.wait(15)
    if process.returncode:
        raise CommandError(f"The web server stopped with code {process.returncode}.")


def stop_when_asked() -> None:
    """Ctrl+C and a supervisor's request end the demo in order, so that its worker and server end with it.

    A shell starts what runs in the background with Ctrl+C ignored; here both mean the same.
    """
    for asked in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked, signal.default_int_handler)
