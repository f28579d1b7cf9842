"""Processes of the product that tests start: they see the test's folder and database, with the product's settings."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent


def environment(**more: str) -> dict[str, str]:
    """The environment of a process that is to use the test's own folder, database and queue."""
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONUNBUFFERED": "1", **more}


def manage(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a management command as a person would, in a process of its own."""
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment(**more), cwd=ROOT)


class Process:
    """A process that keeps running; what it prints is in `log`."""

    def __init__(self, command: list[str], log: Path, **more: str) -> None:
        self.log = log
        with log.open("ab") as file:
            self._process = subprocess.Popen(command, stdout=file, stderr=file, env=environment(**more), cwd=ROOT)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    def printed(self) -> str:
        return self.log.read_text(errors="replace")

    def ask_to_end(self) -> None:
        """As a supervisor does."""
        if not self.ended:
            self._process.terminate()

    def end(self) -> None:
        """Ask it to end; after 15 s, make it."""
        self.ask_to_end()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill_all()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def kill_children(self) -> None:
        """As the kernel does when memory runs out."""
        for pid in self._children():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill_all(self) -> None:
        """As a power cut does: nobody gets to tidy up."""
        children = self._children()
        self.kill()
        for pid in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _children(self) -> list[int]:
        return [int(pid) for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]


def wait_for(condition: Callable[[], Any], what: str, seconds: float = 30, look: Callable[[], str] = str) -> Any:
    """Wait until `condition()` is true and return it; after `seconds` fail, with what `look()` shows."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"Waited {seconds} s for {what}. {look()}")
