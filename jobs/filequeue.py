"""A queue of files, for an installation without a queue server: one folder, one file per message.

kombu ships a transport of this kind, but it lets a reader take a message that is still being written, which
is then lost and stops the reader. Here a message appears under its name when it is complete, and is taken by
renaming it, which one of several processes can do. Knows nothing of jobs.
"""

import logging
import os
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import virtual
from kombu.utils.json import dumps, loads

log = logging.getLogger(__name__)

# How long a worker listens before it looks whether it has been asked to stop.
LISTEN_SECONDS = 0.5


class QueueFolderError(OSError):
    """The folder cannot be used; the message says which and what to do."""


def prepared(folder: Path) -> Path:
    """The folder, made if need be and tried out.

    Raises
    ------
    QueueFolderError
        If nothing can be written to it.
    """
    trial = folder / f".trial-{uuid.uuid4()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        trial.touch()
        trial.unlink()
    except OSError as error:
        raise QueueFolderError(
            f"The queue of background jobs is kept in {folder}, which cannot be written to: {error.strerror}. "
            "Make it writable for the user who runs Salient, or set SALIENT_VAR to a folder that is."
        ) from error
    return folder


class Channel(virtual.Channel):
    def __init__(self, connection: Any, **options: Any) -> None:
        super().__init__(connection, **options)
        self.folder = prepared(Path(connection.client.transport_options["folder"]))

    def _put(self, queue: str, message: dict[str, Any], **options: Any) -> None:
        name = f"{time.time_ns():020d}-{uuid.uuid4()}"
        draft = self.folder / f".{name}"
        draft.write_text(dumps(message))
        draft.rename(self.folder / f"{name}.{queue}")

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        for path in self._messages(queue):
            taken = path.with_name(f".{path.name}")
            try:
                path.rename(taken)
            except FileNotFoundError:
                continue  # another process was faster
            text = taken.read_text()
            taken.unlink()
            try:
                return loads(text)
            except ValueError:
                log.error("The message %s in %s is not readable and was dropped.", path.name, self.folder)
        raise Empty

    def _messages(self, queue: str) -> Iterator[Path]:
        """Oldest first, by their names."""
        for name in sorted(os.listdir(self.folder)):
            if not name.startswith(".") and name.partition(".")[2] == queue:
                yield self.folder / name

    def _size(self, queue: str) -> int:
        return sum(1 for _ in self._messages(queue))

    def _purge(self, queue: str) -> int:
        paths = list(self._messages(queue))
        for path in paths:
            path.unlink(missing_ok=True)
        return len(paths)


class Transport(virtual.Transport):
    Channel = Channel
    driver_type = "files"
    driver_name = "files"

    def drain_events(self, connection: Any, timeout: float | None = None, **options: Any) -> Any:
        return super().drain_events(connection, min(timeout, LISTEN_SECONDS) if timeout else timeout, **options)

    def driver_version(self) -> str:
        return "1"
