"""The client in docs/api.md does what the guide says, against a running server."""

import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import close_old_connections

from accounts.tokens import READ, RESULTS, SCOPING, SURVEYS
from scoping.models import Assessment
from surveys.models import SurveyLink
from surveys.services import submit_response
from tests.api.conftest import key_of
from tests.support.people import build_house
from tests.support.waiting_jobs import run_waiting_jobs

GUIDE = Path(settings.BASE_DIR) / "docs" / "api.md"
CLIENT = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def client() -> str:
    (found,) = CLIENT.findall(GUIDE.read_text())
    return str(found)


def test_the_client_needs_nothing_but_python():
    imported = set(re.findall(r"^import (\w+)", client(), re.MULTILINE))
    assert imported <= set(sys.stdlib_module_names)


@pytest.mark.embedded
@pytest.mark.django_db(transaction=True)
def test_the_client_runs_against_a_server(live_server, settings):
    settings.BASE_URL = live_server.url
    key = key_of(build_house().owner, READ, SCOPING, SURVEYS, RESULTS)
    ended = threading.Event()

    def people_and_worker() -> None:
        """Answers as soon as there are links, and the work that is asked for."""
        answered = False
        while not ended.is_set():
            links = list(SurveyLink.objects.all())
            if links and not answered:
                answered = True
                for link in links:
                    for _ in range(12):
                        submit_response(link=link, answers=bytes([5, 4, 3, 2, 1, 3]))
            run_waiting_jobs()
            time.sleep(0.05)
        close_old_connections()

    helper = threading.Thread(target=people_and_worker)
    helper.start()
    try:
        told = subprocess.run(
            [sys.executable, "-c", client()],
            env=os.environ | {"SALIENT_URL": live_server.url, "SALIENT_KEY": key},
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    finally:
        ended.set()
        helper.join()
    assert told.returncode == 0, told.stderr
    lines = told.stdout.splitlines()
    assert re.fullmatch(rf"Employees {live_server.url}/\S+", lines[0])
    assert lines[-1] == "6 issues"
    assert lines[3].endswith(" answers")
    assert Assessment.objects.get().slug == "example-2026"
