"""Runs a command with a private PostgreSQL and Redis and the settings of production.

    python -m tests.support.production pytest -n 2

The servers end with the command, however it ends.
"""

import os
import secrets
import signal
import subprocess
import sys
from types import FrameType

from tests.support.servers import ServerError, private_postgresql, private_redis


def main(command: list[str]) -> int:
    if not command:
        sys.stderr.write("Say what to run: python -m tests.support.production COMMAND [ARGUMENT ...]\n")
        return 2
    # Ended by a signal, the servers are still stopped: SystemExit unwinds the context managers.
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGHUP, _leave)
    try:
        with private_postgresql() as database, private_redis() as redis:
            environment = {
                **os.environ,
                "DATABASE_URL": database,
                "REDIS_URL": redis.url,
                "SECRET_KEY": secrets.token_urlsafe(48),
                "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
                "BASE_URL": "http://localhost:8000",
                "HTTPS": "0",  # no TLS on loopback
                "DATABASE_POOL": "4",
            }
            return _run(command, environment)
    except ServerError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _run(command: list[str], environment: dict[str, str]) -> int:
    if command[0] == "pytest":
        command = [sys.executable, "-m", *command]  # of this environment, wherever PATH points
    process = subprocess.Popen(command, env=environment)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # the command got it too, and ends in its own way
        except SystemExit:
            process.terminate()
            process.wait()
            raise


def _leave(signal_number: int, frame: FrameType | None) -> None:
    sys.exit(128 + signal_number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
