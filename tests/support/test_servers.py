import signal
import subprocess
import sys

import psycopg
import pytest

from tests.support import servers
from tests.support.processes import wait_for
from tests.support.servers import ServerError, private_redis

pytestmark = pytest.mark.production


def test_a_missing_server_names_the_command(monkeypatch):
    monkeypatch.setattr(servers.shutil, "which", lambda name: None)
    with pytest.raises(ServerError, match="Run: sudo apt-get install redis-server"), private_redis():
        pass


def test_the_servers_end_with_the_command_even_when_it_is_ended_by_a_signal(tmp_path):
    told = tmp_path / "database"
    child = f"import os, time; open({str(told)!r}, 'w').write(os.environ['DATABASE_URL']); time.sleep(60)"
    command = [sys.executable, "-m", "tests.support.production", sys.executable, "-c", child]
    process = subprocess.Popen(command)
    wait_for(lambda: told.exists() and told.read_text(), "the server to start", 60)
    url = told.read_text().replace("postgres://", "postgresql://")
    psycopg.connect(url).close()
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 128 + signal.SIGTERM
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2)
