"""`make demo` as a person runs it: a folder of its own, real processes."""

import contextlib
import csv
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.processes import wait_for

MANAGE = Path(__file__).parents[2] / "manage.py"

pytestmark = pytest.mark.embedded


def demo(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"SALIENT_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, str(MANAGE), "demo", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=240)


def test_the_demo_writes_what_each_case_has_and_names_the_pages_twice_in_a_row(tmp_path: Path):
    for _ in range(2):
        done = demo(tmp_path, "--no-serve", "--port", "8123")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "every issue stands in its published tier" in done.stdout
        assert "all 7 issues with a published tier stand in it" in done.stdout
        assert "Uxin has no survey here: its list of 18 issues is the result" in done.stdout
        assert "600 of 600" in done.stdout
        for case in ("qifu-2022", "atrenew-2021", "uxin-2022"):
            assert f"http://localhost:8123/o/demo-organisation/a/{case}/" in done.stdout
        assert "http://localhost:8123/reports/qifu-2022/" in done.stdout
        for page in ("scoping/stakeholders/", "scoping/issue-table/", "scoping/content-index/", "process/", "results/"):
            assert page in done.stdout
    results = ("csv", "docx", "json", "pdf", "png", "pptx", "svg", "xlsx", "zip")
    assert sorted(path.name for path in (tmp_path / "demo").iterdir()) == [
        *(f"atrenew-2021.{format}" for format in results),
        *(f"qifu-2022.{format}" for format in results),
        *(f"uxin-2022.{format}" for format in ("csv", "docx", "pptx", "xlsx")),
    ]
    for case, sizes in (("qifu-2022", [9, 7, 2]), ("atrenew-2021", [7, 11, 2])):
        document = json.loads((tmp_path / "demo" / f"{case}.json").read_text())
        assert document["respondents"] == 600
        assert [tier["count"] for tier in document["tiers"]] == sizes
        published = [issue for issue in document["issues"] if issue["published"]]
        assert all(issue["tier"] == issue["published"]["tier"] for issue in published)
    listed = (tmp_path / "demo" / "uxin-2022.csv").read_text("utf-8-sig")
    assert len(list(csv.DictReader(listed.splitlines()))) == 18


def test_surveys_that_users_have_closed_or_decided_for_do_not_stop_the_demo(tmp_path: Path):
    assert demo(tmp_path, "--no-serve").returncode == 0
    decide = (
        "from scoping.models import *; from surveys.models import *; from surveys.services import *; "
        "[close_survey(survey=survey) for survey in Survey.objects.all()]; "
        "Assessment.objects.filter(case='uxin-2022').update(with_survey=True)"
    )
    environment = os.environ | {"SALIENT_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    subprocess.run([sys.executable, str(MANAGE), "shell", "-c", decide], env=environment, check=True)
    again = demo(tmp_path, "--no-serve")
    assert again.returncode == 0, again.stderr
    assert "the answers stay as they are" in again.stdout
    assert "its list of 18 issues is the result" in again.stdout


def test_a_taken_port_is_named_before_anything_is_done(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = demo(tmp_path, "--port", str(port))
    assert done.returncode == 1
    assert f"Port {port} cannot be used" in done.stderr
    assert f"make demo PORT={port + 1}" in done.stderr
    assert not (tmp_path / "salient.sqlite3").exists()


def test_when_it_is_asked_to_stop_its_worker_and_server_stop_too(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = os.environ | {"SALIENT_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, str(MANAGE), "demo", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert any("Ctrl+C" in line for line in process.stdout)
        wait_for(lambda: answers(port), "the demo to serve", 30)
        process.terminate()
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert not answers(port)
    assert str(tmp_path) not in running_environments()


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def running_environments() -> str:
    """The environments of all processes that we may look at, joined."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            found.append(path.read_bytes().decode(errors="replace"))
    return "".join(found)
