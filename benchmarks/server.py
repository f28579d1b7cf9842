"""A web server for the length of a benchmark: gunicorn, with the same settings for every site."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

# Two cores; as many threads in all as visitors and as connections in the database pool.
_SETTINGS = ["--workers", "2", "--threads", "4", "--log-level", "warning", "--keep-alive", "30"]
_PATIENCE_SECONDS = 30


@contextmanager
def serving(application: str, environment: dict[str, str]) -> Iterator[int]:
    """Serve `application` on a free port of this machine, which is yielded, until the block ends."""
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", *_SETTINGS]
    with subprocess.Popen(command, env=environment) as process:
        try:
            _wait(port, process)
            yield port
        finally:
            process.terminate()
            try:
                process.wait(_PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"gunicorn stopped with code {process.returncode}; what it said is above.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"gunicorn does not answer on port {port} after {_PATIENCE_SECONDS} seconds.")
