"""manage.py export: every format, whole files only."""

import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from materiality.management.commands.export import FORMATS
from scoping.models import Assessment
from tests.materiality.files.conftest import closed


def export(assessment: Assessment, format: str, output: Path, **more: object) -> None:
    call_command("export", assessment.slug, format=format, output=str(output), stdout=StringIO(), **more)


@pytest.mark.parametrize("format", sorted(set(FORMATS) - {"paper"}))
def test_each_format_is_written(analysed: Assessment, tmp_path: Path, format: str):
    export(closed(analysed), format, tmp_path / "out")
    assert (tmp_path / "out").stat().st_size > 100


def test_a_chart_can_be_chosen(analysed: Assessment, tmp_path: Path):
    export(analysed, "svg", tmp_path / "tiers.svg", chart="tiers", width=160.0, language="zh-hans")
    assert (tmp_path / "tiers.svg").read_bytes().startswith(b"<?xml")
    with pytest.raises(CommandError, match="--chart is for png, svg, pdf"):
        export(analysed, "csv", tmp_path / "x", chart="tiers")


def test_a_full_disk_is_named(analysed: Assessment):
    with pytest.raises(CommandError, match="/dev/full cannot be written: No space left on device"):
        export(analysed, "json", Path("/dev/full"))


def test_an_error_leaves_what_was_there(analysed: Assessment, tmp_path: Path):
    (tmp_path / "out.pdf").write_text("before")
    with pytest.raises(CommandError, match="Nothing is proposed"):
        export(analysed, "paper", tmp_path / "out.pdf")
    with pytest.raises(CommandError, match="from 36 to 1200"):
        export(analysed, "png", tmp_path / "out.pdf", dpi=5000)
    assert os.listdir(tmp_path) == ["out.pdf"]
    assert (tmp_path / "out.pdf").read_text() == "before"


def test_a_missing_folder_is_named(analysed: Assessment, tmp_path: Path):
    with pytest.raises(CommandError, match=r"no/out\.json cannot be written: No such file or directory"):
        export(analysed, "json", tmp_path / "no" / "out.json")
