"""Asking for files, making them, and what happens where they cannot be kept."""

import errno
import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone, translation
from django.utils.translation import gettext

from accounts.models import AuditEvent
from jobs.models import Job, Status
from jobs.runner import LeaseLost, claim
from jobs.services import retry
from materiality.files import KINDS, open_export, request_export, services, store
from materiality.files.kind import Kind
from materiality.files.selectors import holds_answers, with_answers
from materiality.models import AnalysisRun, CurrentRun, ExportFile, Publication
from materiality.services import analyse_now, override_tier, propose
from scoping.models import Assessment
from surveys.models import SurveyLink
from surveys.services import submit_response
from tests.materiality.files.conftest import closed, content, made
from tests.support.factories import AssessmentFactory
from tests.support.people import House
from tests.support.waiting_jobs import run_waiting_jobs


def test_a_request_is_a_row_and_a_job(analysed: Assessment, house: House):
    file = request_export(assessment=analysed, kind="ranking", by=house.analyst)
    assert (file.finished_at, file.size, file.stored_as) == (None, None, "")
    assert (file.job.status, file.job.created_by) == (Status.QUEUED, house.analyst)
    assert AuditEvent.objects.filter(summary="asked for the file example-2022-ranking.csv").exists()
    with pytest.raises(FileNotFoundError):
        open_export(file)


def test_who_asks_for_what_waits_already_shares_it(analysed: Assessment):
    first = request_export(assessment=analysed, kind="matrix", options={"dpi": 100, "format": "png"})
    assert request_export(assessment=analysed, kind="matrix", options={"format": "png", "dpi": "100"}) == first
    other = request_export(assessment=analysed, kind="matrix", options={"dpi": 101, "format": "png"})
    assert other != first
    assert Job.objects.count() == ExportFile.objects.count() == 2
    run_waiting_jobs()
    assert request_export(assessment=analysed, kind="matrix", options={"dpi": 100, "format": "png"}) != first


def test_so_many_files_wait_and_no_more(analysed: Assessment, monkeypatch: pytest.MonkeyPatch, house: House):
    monkeypatch.setattr(services, "MOST_OPEN", 2)
    failed = request_export(assessment=analysed, kind="deck")
    Job.objects.filter(pk=failed.job_id).update(status=Status.DEAD)
    first = request_export(assessment=analysed, kind="ranking")
    Job.objects.filter(pk=first.job_id).update(status=Status.RUNNING)
    second = request_export(assessment=analysed, kind="result")
    with pytest.raises(ValidationError, match=r"2 files .* not finished yet.*Ask again once some"):
        request_export(assessment=analysed, kind="tables")
    # What waits already is no further one, a public report takes its own, and others are not kept from theirs.
    assert request_export(assessment=analysed, kind="result") == second
    assert request_export(assessment=analysed, kind="chapter", is_limited=False)
    other = AssessmentFactory(organisation=house.organisation, with_survey=False, issues=2)
    assert request_export(assessment=other, kind="chapter")
    Job.objects.filter(pk=first.job_id).update(status=Status.QUEUED)
    run_waiting_jobs()
    assert request_export(assessment=analysed, kind="tables")


def test_why_it_failed_is_said_in_the_language_of_who_asked(analysed: Assessment, monkeypatch: pytest.MonkeyPatch):
    def fails(words: str):
        def write(snapshot, options, out, progress):
            raise ValueError(words)

        return replace(KINDS["ranking"], write=write)

    with translation.override("zh-hans"):
        file = request_export(assessment=analysed, kind="ranking")
        expected = gettext("There is no result yet: collect answers and analyse.")
    assert not expected.isascii()
    for words, said in (
        ("There is no result yet: collect answers and analyse.", expected),
        ("Row 7 has no name.", "Row 7 has no name."),
    ):
        monkeypatch.setitem(KINDS, "ranking", fails(words))
        Job.objects.update(status=Status.QUEUED)
        run_waiting_jobs()
        file.job.refresh_from_db()
        assert file.job.error.endswith(said)
        assert not file.job.error.startswith("Ranking")
    CurrentRun.objects.all().delete()
    Job.objects.update(status=Status.QUEUED)
    run_waiting_jobs()
    file.job.refresh_from_db()
    assert file.job.error == expected


def test_before_there_is_a_result_nothing_is_asked_for(answered: Assessment):
    with pytest.raises(ValidationError, match="There is no result yet"):
        request_export(assessment=answered, kind="ranking")
    assert not ExportFile.objects.exists()
    assert not Job.objects.exists()


def test_the_file_holds_what_was_decided(analysed: Assessment, house: House):
    tier = CurrentRun.objects.get().run.results["tiers"][-1]["name"]
    issue = analysed.issues.get(code="a")
    override_tier(assessment=analysed, issue=issue, tier=tier, reason="The board’s view", by=house.analyst)
    assert "The board’s view" in content(made(analysed, "result")).decode()


def test_a_proposals_file_stays_that_of_the_proposal(analysed: Assessment, house: House):
    proposal = propose(assessment=analysed, body="Board", by=house.analyst)
    name = proposal.document["issues"][0]["name"]
    file = request_export(assessment=analysed, kind="ranking", options={"proposal": str(proposal.pk)})
    run = AnalysisRun.objects.get()
    run.results["issues"][0]["name"] = "Another one"
    AnalysisRun.objects.update(results=run.results)  # runs are immutable to the product
    run_waiting_jobs()
    file.refresh_from_db()
    assert name in content(file).decode()
    assert file.job.result["proposal"] == str(proposal.pk)
    for kind in ("meeting-paper", "minutes"):
        assert content(made(analysed, kind))


def test_another_assessments_proposal_is_none(analysed: Assessment, house: House):
    other = AssessmentFactory(organisation=house.organisation, with_survey=False, issues=2)
    proposal = propose(assessment=other, body="Board", by=house.analyst)
    with pytest.raises(ValidationError, match="no such proposal"):
        request_export(assessment=analysed, kind="ranking", options={"proposal": str(proposal.pk)})


def test_a_file_that_was_taken_away_meanwhile_leaves_nothing(analysed: Assessment, house: House, exports: Path):
    file = request_export(assessment=analysed, kind="ranking")
    services.delete_export(file=file, by=house.analyst)
    assert run_waiting_jobs() == 1
    assert Job.objects.get().status == Status.DONE
    assert not list(exports.glob("*"))


def test_a_worker_that_lost_its_job_leaves_nothing(analysed: Assessment, exports: Path):
    file = request_export(assessment=analysed, kind="ranking")
    late = claim(file.job_id)
    Job.objects.update(status=Status.QUEUED)
    run_waiting_jobs()
    ours = ExportFile.objects.get()
    late._reported_at = float("inf")  # it does not hear of it before it is done
    ExportFile.objects.update(finished_at=None)
    with pytest.raises(LeaseLost):
        services.make(late)
    assert [path.name for path in exports.glob("*")] == [ours.stored_as]


# --- where it cannot be kept ------------------------------------------------------------------------------
def fails(assessment: Assessment) -> Job:
    """The job of a file that could not be kept: dead at once, with nothing left and nothing claimed."""
    file = made(assessment, "tables")
    assert (file.finished_at, file.stored_as, file.size) == (None, "", None)
    assert (file.job.status, file.job.attempts) == (Status.DEAD, 1)
    return file.job


class FullDisk:
    """A file on a disk that takes some bytes and no more."""

    def __init__(self, file):
        self.file, self.left = file, 2000

    def write(self, content):
        self.left -= len(content)
        if self.left < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self.file.write(content)

    def __getattr__(self, name):
        return getattr(self.file, name)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.file.close()


def test_a_full_disk_ends_the_job_with_what_to_do(analysed: Assessment, monkeypatch: pytest.MonkeyPatch, exports: Path):
    opened = Path.open
    monkeypatch.setattr(
        Path, "open", lambda path, mode="r", *rest, **more:
        FullDisk(opened(path, mode, *rest, **more)) if mode == "xb" else opened(path, mode, *rest, **more),
    )  # fmt: skip
    job = fails(analysed)
    assert (
        job.error == f"The disk with {exports} is full, so nothing was kept of the file. Make room there and try again."
    )
    assert not list(exports.glob("*"))
    monkeypatch.undo()


def test_a_folder_that_cannot_be_made_ends_the_job(
    analysed: Assessment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(store, "folder", lambda: tmp_path / "file" / "exports")
    assert "could not be written" in fails(analysed).error


def test_retrying_after_room_was_made_gives_the_file(
    analysed: Assessment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    (tmp_path / "full").write_text("")
    monkeypatch.setattr(store, "folder", lambda: tmp_path / "full" / "exports")
    job = fails(analysed)
    monkeypatch.setattr(store, "folder", lambda: tmp_path / "exports")
    retry(job=job)
    run_waiting_jobs()
    assert content(ExportFile.objects.get()).startswith(b"PK")


def test_the_systems_limit_leaves_no_half_file(tmp_path: Path):
    """With a real limit, in a process of its own."""
    script = (
        "import resource, signal, pathlib, os\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'\n"
        "import django\n"
        "django.setup()\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))\n"
        "from materiality.files.store import CannotWrite, write_whole\n"
        f"target = pathlib.Path({str(tmp_path)!r}) / 'out'\n"
        "try:\n"
        "    write_whole(target, lambda out: [out.write(b'x' * 5000) for _ in range(5)])\n"
        "except CannotWrite as error:\n"
        "    print(error.strerror, sorted(os.listdir(target.parent)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "File too large []", done.stderr


# --- one moment -------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_a_file_never_mixes_two_results(answered: Assessment, monkeypatch: pytest.MonkeyPatch):
    """An analysis ends and a tier is given while a file is written: all of the file is from before."""
    analyse_now(assessment=answered)
    before = CurrentRun.objects.get().run_id
    seen: list[object] = []

    def another_result():
        link = SurveyLink.objects.get(survey__assessment=answered, group__code="staff")
        submit_response(link=link, answers={"a": 1, "b": 1, "c": 5})
        analyse_now(assessment=answered)
        connection.close()

    def write(snapshot, options, out, progress):
        thread = Thread(target=another_result)
        thread.start()
        thread.join()
        progress(1, 2, "Half")  # others see it at once
        seen.append(Job.objects.get(kind=services.EXPORT).step)
        seen.append(CurrentRun.objects.get(assessment=answered).run_id)
        out.write(str(snapshot.results["run"]).encode())

    kind = Kind("both", "Both", "tables", "", "txt", write, lambda snapshot: "")
    monkeypatch.setitem(KINDS, "both", kind)
    file = request_export(assessment=answered, kind="both")
    run_waiting_jobs()
    file.refresh_from_db()
    assert content(file).decode() == str(before)
    assert seen[1] == before
    assert Job.objects.get(kind=services.EXPORT).step == "Half"
    assert CurrentRun.objects.get().run_id != before
    assert file.job.result["run"] == str(before)


# --- the sweep --------------------------------------------------------------------------------------------
def age(file: ExportFile, **time: float) -> None:
    ExportFile.objects.filter(pk=file.pk).update(finished_at=timezone.now() - timedelta(**time))


def test_old_files_are_swept_and_newer_ones_stay(
    analysed: Assessment, exports: Path, django_capture_on_commit_callbacks
):
    old, new = made(analysed, "ranking"), made(analysed, "result")
    age(old, days=91)
    age(new, days=89)
    with django_capture_on_commit_callbacks(execute=True):
        services.sweep()
    assert [path.name for path in exports.glob("*")] == [new.stored_as]
    assert ExportFile.objects.get() == new


def test_answers_stay_for_a_day_only(analysed: Assessment):
    answers, pack = made(closed(analysed), "answers"), made(analysed, "report-pack", answers=True, dpi=36)
    age(answers, hours=23)
    age(pack, hours=25)
    services.sweep()
    assert ExportFile.objects.get() == answers


def test_files_with_answers_are_told_from_others(analysed: Assessment):
    files = [made(closed(analysed), "ranking"), made(analysed, "report-pack", dpi=36, answers=False)]
    held = [made(analysed, "answers"), made(analysed, "report-pack", dpi=36, answers=True)]
    assert set(ExportFile.objects.filter(with_answers())) == set(held)
    assert set(ExportFile.objects.exclude(with_answers())) == set(files)
    assert [holds_answers(file) for file in (*files, *held)] == [False, False, True, True]


def test_what_a_public_report_offers_is_not_swept(analysed: Assessment, house: House):
    file = made(analysed, "ranking")
    proposal = propose(assessment=analysed, body="Board", by=house.analyst)
    report = Publication.objects.create(
        assessment=analysed, proposal=proposal, document={"downloads": [{"file": str(file.pk), "name": "ranking.csv"}]}
    )
    age(file, days=400)
    services.sweep()
    assert ExportFile.objects.exists()
    report.withdrawn_at = timezone.now()
    report.save()
    services.sweep()
    assert not ExportFile.objects.exists()


def test_of_very_many_files_the_newest_stay(analysed: Assessment, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(services, "MOST_KEPT", 2)
    files = [made(analysed, kind) for kind in ("ranking", "result", "tables")]
    assert set(ExportFile.objects.all()) == set(files[1:])


def test_what_a_killed_worker_left_is_swept(analysed: Assessment, exports: Path, monkeypatch: pytest.MonkeyPatch):
    file = made(analysed, "ranking")
    left = exports / f"{store.UNFINISHED}1"
    left.write_text("half")
    fresh = exports / "fresh.csv"
    fresh.write_text("just written")
    for path in (left, exports / file.stored_as):
        os.utime(path, (1e9, 1e9))
    monkeypatch.setattr(services, "_looked_at", float("-inf"))
    services.sweep()
    assert sorted(path.name for path in exports.glob("*")) == sorted([file.stored_as, "fresh.csv"])
