"""A result with answers enough for every figure, and a store of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from materiality.files import services, store
from materiality.models import ExportFile
from materiality.services import analyse_now
from scoping.models import Assessment
from surveys.models import Survey
from surveys.services import close_survey
from tests.support.waiting_jobs import run_waiting_jobs


@pytest.fixture(autouse=True)
def exports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of finished files."""
    folder = tmp_path / "exports"
    monkeypatch.setattr(store, "folder", lambda: folder)
    yield folder
    assert not list(folder.glob(f"{store.UNFINISHED}*")), "a half file was left"


@pytest.fixture
def analysed(answered: Assessment) -> Assessment:
    analyse_now(assessment=answered)
    return answered


def closed(assessment: Assessment) -> Assessment:
    """The assessment, whose survey is closed now."""
    close_survey(survey=Survey.objects.get(assessment=assessment))
    assessment.refresh_from_db()
    return assessment


def made(assessment: Assessment, kind: str, **options: object) -> ExportFile:
    """The file, asked for and made."""
    file = services.request_export(assessment=assessment, kind=kind, options=options)
    run_waiting_jobs()
    file.refresh_from_db()
    return file


def content(file: ExportFile) -> bytes:
    assert file.finished_at, file.job.error
    with services.open_export(file) as opened:
        return opened.read()
