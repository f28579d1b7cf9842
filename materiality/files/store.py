"""Where finished files lie: a folder that web servers and workers share. A file is there as a whole or not at all.

Knows names and bytes, and no rows.
"""

import errno
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, BinaryIO, cast
from uuid import uuid4

from django.core.files.storage import FileSystemStorage, storages
from django.utils.translation import gettext as _

# What a file is called while it is written. No finished one begins so.
UNFINISHED = ".unfinished-"
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
CLOSED = (errno.EACCES, errno.EPERM, errno.EROFS)


class CannotWrite(OSError):
    """A file could not be written, in the system's words. Nothing of it is left."""


class CannotStore(CannotWrite):
    """The same in the store; the message says why and what to do."""


@dataclass(frozen=True)
class Stored:
    """A finished file: its name in the store, its size in bytes, and the SHA-256 over it in hexadecimal digits."""

    name: str
    size: int
    sha256: str


def keep(name: str, write: Callable[[BinaryIO], None]) -> Stored:
    """What `write` writes, in the store under `name`.

    Raises
    ------
    CannotStore
        If the disk is full, or the folder cannot be written to.
    """
    place = folder()
    try:
        try:
            place.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CannotWrite(error.errno, error.strerror) from error
        size, digest = write_whole(place / name, write)
    except CannotWrite as error:
        raise CannotStore(error.errno, _words(error, place)) from error
    return Stored(name, size, digest)


def write_whole(path: Path, write: Callable[[BinaryIO], None]) -> tuple[int, str]:
    """Write a file that appears under its name when all of it is on the disk. Its size, and the SHA-256 over it.

    Raises
    ------
    CannotWrite
        If the system does not let the file be written. What `write` raises by itself goes through.
    """
    draft = path.with_name(f"{UNFINISHED}{uuid4()}")
    out = _Draft()
    try:
        try:
            with draft.open("xb") as out.file:
                write(cast(BinaryIO, out))
                out.settle()
            draft.rename(path)
            _settle(path.parent)
        except OSError as error:
            # A writer may fail over a file of its own, which is no fault of this one.
            refused = out.refused or (None if out.is_writing else error)
            if refused is None:
                raise
            raise CannotWrite(refused.errno, refused.strerror) from error
    except BaseException:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    return out.size, out.digest.hexdigest()


def open_stored(name: str) -> BinaryIO:
    """Raises FileNotFoundError if there is none, or not any more."""
    return (folder() / name).open("rb")


def forget(name: str) -> None:
    """Take a file away; nothing happens if there is none."""
    (folder() / name).unlink(missing_ok=True)


def names_before(moment: datetime) -> Iterator[str]:
    """Names of all that was written before `moment`, unfinished ones among them."""
    with suppress(FileNotFoundError), os.scandir(folder()) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):
                if entry.is_file() and entry.stat().st_mtime < moment.timestamp():
                    yield entry.name


def folder() -> Path:
    return Path(cast(FileSystemStorage, storages["exports"]).location) / "files"


class Counting:
    """Counts and digests what goes into a file. What is written in disorder cannot be digested, so it cannot seek.

    Attributes
    ----------
    file : what it goes into, to be set before the first piece.
    """

    file: IO[bytes]

    def __init__(self) -> None:
        self.size = 0
        self.digest = hashlib.sha256()
        self.closed = False

    def write(self, content: Any) -> int:
        self.file.write(content)
        # A piece of memory may have items of several bytes.
        size = memoryview(content).nbytes
        self.digest.update(content)
        self.size += size
        return size

    def tell(self) -> int:
        return self.size

    def flush(self) -> None:
        """Done once, at the end."""

    def close(self) -> None:
        """Left to who opened the file: writers of formats close what they write to."""

    def seekable(self) -> bool:
        return False

    def readable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True


class _Draft(Counting):
    """A file on the disk that is not whole yet.

    Attributes
    ----------
    refused : what the system said when it did not take something.
    is_writing : from the first piece until all is on the disk.
    """

    def __init__(self) -> None:
        super().__init__()
        self.is_writing = False
        self.refused: OSError | None = None

    def write(self, content: Any) -> int:
        self.is_writing = True
        with self._noted():
            return super().write(content)

    def settle(self) -> None:
        """Have all of it on the disk."""
        with self._noted():
            self.file.flush()
            os.fsync(self.file.fileno())
        self.is_writing = False

    @contextmanager
    def _noted(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.refused = error
            raise


def _settle(path: Path) -> None:
    """Have the folder's new entry on the disk too, where the system knows how."""
    with suppress(OSError):
        entry = os.open(path, os.O_RDONLY)
        try:
            os.fsync(entry)
        finally:
            os.close(entry)


def _words(error: OSError, place: Path) -> str:
    if error.errno in FULL:
        text = _("The disk with %(folder)s is full, so nothing was kept of the file. Make room there and try again.")
    elif error.errno in CLOSED:
        text = _(
            "Files cannot be written to %(folder)s (%(error)s). Make it writable for the user who runs Salient, or set "
            "SALIENT_EXPORTS to a folder that is, and try again."
        )
    else:
        text = _("The file could not be written to %(folder)s (%(error)s). Mend that, and try again.")
    return text % {"folder": place, "error": error.strerror}
