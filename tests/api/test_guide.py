"""The programs in docs/api.md do what the guide says: the client against a running server, the receiver of webhooks."""

import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

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
from webhooks.signing import headers, new_secret

GUIDE = Path(settings.BASE_DIR) / "docs" / "api.md"
WRITTEN = "example-2026-ranking.csv"
CLIENT = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def programs() -> list[str]:
    """The client, what else is done with it, and the check of a signature."""
    found = CLIENT.findall(GUIDE.read_text())
    assert len(found) == 3
    return [str(one) for one in found]


def client() -> str:
    return "\n".join(programs()[:2])


def test_the_programs_need_nothing_but_python():
    imported = set(re.findall(r"^import (\w+)", "\n".join(programs()), re.MULTILINE))
    assert imported <= set(sys.stdlib_module_names)


@pytest.mark.embedded
@pytest.mark.django_db(transaction=True)
def test_the_client_runs_against_a_server(live_server, settings, tmp_path: Path):
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
            capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path,
        )  # fmt: skip
    finally:
        ended.set()
        helper.join()
    assert told.returncode == 0, told.stderr
    lines = told.stdout.splitlines()
    assert re.fullmatch(rf"Employees {live_server.url}/\S+", lines[0])
    assert lines[lines.index("6 issues") + 1 :] == ["found data-security", "row 2 new Soil ", f"written: {WRITTEN}"]
    assert (tmp_path / WRITTEN).stat().st_size > 0
    assert lines[3].endswith(" answers")
    assert Assessment.objects.get().slug == "example-2026"


def test_signatures_of_webhooks_are_checked_as_the_guide_does():
    told: dict[str, Any] = {}
    exec(programs()[2], told)
    is_genuine, secret, body = told["is_genuine"], new_secret(), b'{"type": "run.finished"}'
    now = int(time.time())
    sent = headers(secret=secret, message="msg", seconds=now, body=body)
    assert is_genuine(secret, sent, body)
    assert is_genuine(secret, sent | {"webhook-signature": f"v1,old {sent['webhook-signature']}"}, body)
    assert not is_genuine(secret, sent, body + b" ")
    assert not is_genuine(new_secret(), sent, body)
    assert not is_genuine(secret, sent | {"webhook-id": "other"}, body)
    assert not is_genuine(secret, headers(secret=secret, message="msg", seconds=now - 400, body=body), body)
