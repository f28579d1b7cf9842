"""`make demo` as a person runs it: a folder of its own, real processes."""

import contextlib
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


def test_the_demo_writes_the_matrix_and_finds_the_published_tiers_twice_in_a_row(tmp_path: Path):
    for _ in range(2):
        done = demo(tmp_path, "--no-serve")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "every issue stands in its published tier" in done.stdout
    written = sorted(path.name for path in (tmp_path / "demo").iterdir())
    assert written == [f"qifu-2022.{format}" for format in ("csv", "json", "pdf", "png", "svg", "xlsx")]
    document = json.loads((tmp_path / "demo" / "qifu-2022.json").read_text())
    assert document["respondents"] == 600
    assert [tier["count"] for tier in document["tiers"]] == [9, 7, 2]
    assert all(issue["tier"] == issue["published"]["tier"] for issue in document["issues"])


def test_a_survey_that_its_user_has_closed_does_not_stop_the_demo(tmp_path: Path):
    assert demo(tmp_path, "--no-serve").returncode == 0
    close = "from surveys.models import *; from surveys.services import *; close_survey(survey=Survey.objects.get())"
    environment = os.environ | {"SALIENT_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    subprocess.run([sys.executable, str(MANAGE), "shell", "-c", close], env=environment, check=True)
    again = demo(tmp_path, "--no-serve")
    assert again.returncode == 0, again.stderr
    assert "the answers stay as they are" in again.stdout


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
