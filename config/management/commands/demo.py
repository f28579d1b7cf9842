"""`make demo`: a published case from the issue list to the matrix, with every real part running."""

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

from accounts.models import Organisation, User
from accounts.services import create_organisation
from jobs.models import Job, Status
from materiality.exports import EXPORTS
from materiality.findings import agreement_with_published
from materiality.models import AnalysisRun
from materiality.services import request_analysis
from scoping.models import Assessment
from scoping.services import load_case
from surveys.models import Survey, SurveyState

CASES = ["qifu-2022"]
RESPONDENTS = 600
SEED = 2022
LOGIN = "demo@salient.example"
PATIENCE_SECONDS = 180


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
        with worker() as process:
            written = [path for case in CASES for path in self.assess(organisation, case, process)]
            self.stdout.write("\nWritten:")
            for path in written:
                self.stdout.write(f"  {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}")
            self.stdout.write("\nThe answers are simulated: drawn at random around the published order.")
            if no_serve:
                self.stdout.write("To look at it in the browser: make demo")
                return
            self.stdout.write(f"\n  Open   http://localhost:{port}/\n  Login  {LOGIN}\n  Pass   {password}\n")
            self.stdout.write("Mails, such as those to new members, are printed here. Press Ctrl+C to stop.")
            self.stdout.flush()
            serve(port)

    def organisation(self) -> tuple[Organisation, str]:
        """The demo's organisation and its owner's password, new at every start."""
        owner = User.objects.filter(email=LOGIN).first() or User.objects.create_user(LOGIN, name="Demo owner")
        password = "-".join(secrets.token_hex(2) for _ in range(4))
        owner.set_password(password)
        owner.save(update_fields=["password"])
        organisation = Organisation.objects.filter(memberships__user=owner).first()
        if organisation is None:
            organisation = create_organisation(name="QiFu Technology", owner=owner)
        return organisation, password

    def assess(self, organisation: Organisation, case: str, process: subprocess.Popen[bytes]) -> list[Path]:
        self.say(f"Loading the case {case}")
        assessment = load_case(organisation=organisation, case=case)
        if Survey.objects.filter(assessment=assessment, state=SurveyState.CLOSED).exists():
            self.say("Its survey was closed: the answers stay as they are")
        else:
            self.say(f"Collecting {RESPONDENTS} simulated answers through the survey")
            call_command("simulate", assessment.slug, respondents=RESPONDENTS, seed=SEED, stdout=self.stdout)
        self.say("Analysing in the background worker")
        run = self.analysed(assessment, process)
        self.say(agreement_with_published(run.results))
        folder = settings.VAR / "demo"
        folder.mkdir(exist_ok=True)
        paths = []
        for format, export in EXPORTS.items():
            path = folder / f"{case}.{format}"
            path.write_bytes(export.write(run.results))
            paths.append(path)
        return paths

    def analysed(self, assessment: Assessment, process: subprocess.Popen[bytes]) -> AnalysisRun:
        job = request_analysis(assessment=assessment)
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
            raise CommandError(f"The analysis did not finish ({job.get_status_display()}). {job.error}")
        return AnalysisRun.objects.get(pk=job.result["run"])

    def bar(self, job: Job) -> None:
        width = 30
        filled = round(job.fraction * width)
        bar = f"[{'#' * filled}{'.' * (width - filled)}]"
        self.stdout.write(f"\r  {bar} {job.step or job.get_status_display():<40}", ending="")
        self.stdout.flush()

    def say(self, text: str) -> None:
        self.stdout.write(f"- {text}")
        self.stdout.flush()


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
    command += ["--log-level", "warning"]
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
