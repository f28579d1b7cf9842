"""Private PostgreSQL and Redis servers on free ports, gone when the run ends. Standard library only."""

import contextlib
import glob
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.system_packages import apt_command

START_SECONDS = 30


class ServerError(RuntimeError):
    """A server is not installed or does not start; the message says what to do."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Redis:
    """A Redis server that a test may stop and start again."""

    executable: str
    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        command = [self.executable, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        with (self.folder / "redis.log").open("ab") as log:
            self.process = subprocess.Popen([*command, "--dir", str(self.folder)], stdout=log, stderr=log)
        _wait_for_port(self.port, self.process, self.folder / "redis.log")

    def stop(self) -> None:
        if self.process:
            _end(self.process, signal.SIGTERM)
            self.process = None


@contextlib.contextmanager
def private_redis() -> Iterator[Redis]:
    executable = shutil.which("redis-server")
    if executable is None:
        raise ServerError(f"redis-server is not installed. Run: {apt_command(['redis-server'])}")
    with tempfile.TemporaryDirectory(prefix="salient-redis-") as folder:
        redis = Redis(executable, Path(folder), free_port())
        redis.start()
        try:
            yield redis
        finally:
            redis.stop()


@contextlib.contextmanager
def private_postgresql() -> Iterator[str]:
    """Yields the DATABASE_URL of an empty database. fsync stays on, as in production."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
    if not found:
        raise ServerError(f"PostgreSQL is not installed. Run: {apt_command(['postgresql'])}")
    programs = Path(found[-1])
    # PostgreSQL refuses to run as root; Debian's package brings the user postgres.
    account = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    password, port = secrets.token_hex(16), free_port()
    folder = Path(tempfile.mkdtemp(prefix="salient-postgresql-"))
    server = None
    try:
        (folder / "password").write_text(password)
        if account:
            for path in (folder, folder / "password"):
                shutil.chown(path, "postgres", "postgres")
        _run(
            [programs / "initdb", "--pgdata", folder / "data", "--username", "salient", "--pwfile", folder / "password",
             "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8"],
            account,
        )  # fmt: skip
        with (folder / "postgresql.log").open("wb") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", folder / "data", "-p", str(port), "-k", folder, "-h", "127.0.0.1"],
                stdout=log, stderr=log, cwd=folder, **account,
            )  # fmt: skip
        _wait_for_port(port, server, folder / "postgresql.log")
        _wait_until_ready([programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)])
        _run(
            [programs / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "salient", "salient"],
            account,
            PGPASSWORD=password,
        )
        yield f"postgres://salient:{password}@127.0.0.1:{port}/salient"
    finally:
        if server:
            _end(server, signal.SIGINT)  # "fast": does not wait for clients
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: list[str | Path], account: dict[str, object], **environment: str) -> None:
    done = subprocess.run(
        command, capture_output=True, text=True, cwd="/", env={**os.environ, **environment}, **account
    )  # type: ignore[call-overload]
    if done.returncode:
        raise ServerError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


def _wait_for_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    _end(process, signal.SIGKILL)
    raise ServerError(f"The server did not start within {START_SECONDS} s. Its log says:\n{log.read_text()}")


def _wait_until_ready(command: list[str | Path]) -> None:
    """The port is open a moment before PostgreSQL takes connections, on a busy machine a long one."""
    end = time.monotonic() + START_SECONDS
    while subprocess.run(command, cwd="/").returncode:
        if time.monotonic() > end:
            raise ServerError(f"PostgreSQL took no connections within {START_SECONDS} s: the machine is too busy.")
        time.sleep(0.05)


def _end(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
