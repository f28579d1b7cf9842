"""A room: a process of its own in which Salient is set up, with an empty database and an empty folder.

Which database Django uses is settled when its settings load, so what compares two databases or two sizes
needs a process for each. What happens in a room touches no database but its own, which goes when it closes.
"""

import os
import secrets
import tempfile
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

import psycopg

P = ParamSpec("P")
T = TypeVar("T")


class NoServer(Exception):
    """A benchmark needs PostgreSQL and there is none."""


class FailedInRoom(Exception):
    """What went wrong in a room, as the traceback said it there: not every exception can leave its process."""


@dataclass(frozen=True)
class Room:
    """An open room. `environment` is what other programs need to work in it, such as a web server."""

    environment: dict[str, str]
    _process: ProcessPoolExecutor

    def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a function of a module in the room and wait for what it returns."""
        return self._process.submit(_called, function, *args, **kwargs).result()


@contextmanager
def open_room(database: str, *, project: str = "config.settings") -> Iterator[Room]:
    """A room on "postgresql" (a new database on the server of DATABASE_URL) or on "sqlite" (a new file).

    Parameters
    ----------
    project : the settings of the Django project to set up; a peer brings its own.
    """
    with tempfile.TemporaryDirectory(prefix="salient-bench-") as folder, _database(database) as settings:
        environment = {**_outside(), **settings, "SALIENT_VAR": folder, "DJANGO_SETTINGS_MODULE": project}
        with ProcessPoolExecutor(1, get_context("spawn"), _furnish, (environment,)) as process:
            process.submit(os.getpid).result()  # the database is ready before anybody else works with it
            yield Room(environment, process)


def _outside() -> dict[str, str]:
    """The environment, without what says where the installation itself keeps its things."""
    of_installation = {"DATABASE_URL", "REDIS_URL", "SALIENT_VAR", "DEBUG"}
    return {name: value for name, value in os.environ.items() if name not in of_installation}


@contextmanager
def _database(kind: str) -> Iterator[dict[str, str]]:
    if kind == "sqlite":
        yield {}
        return
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        raise NoServer(
            "This benchmark needs a PostgreSQL server in DATABASE_URL. `make bench` starts a private one for the run."
        )
    name = f"salient_bench_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield {
                "DATABASE_URL": urlsplit(server)._replace(path=f"/{name}").geturl(),
                "REDIS_URL": os.environ.get("REDIS_URL", ""),
                "SECRET_KEY": secrets.token_urlsafe(48),
                "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
                "BASE_URL": "http://localhost",
                "HTTPS": "false",
            }
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _called(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    try:
        return function(*args, **kwargs)
    except Exception:
        raise FailedInRoom(traceback.format_exc()) from None


def _furnish(environment: dict[str, str]) -> None:
    """Runs first in the new process, before anything there has loaded Django."""
    os.environ.clear()
    os.environ.update(environment)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0, run_syncdb=True)
