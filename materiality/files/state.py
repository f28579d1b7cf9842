"""One moment of the database for as long as a file is written, while analyses go on and people go on working."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction

_usual: ContextVar[Any] = ContextVar("usual", default=None)


@contextmanager
def one_moment() -> Iterator[None]:
    """Whatever is read within is of one and the same moment, and nothing that is written stays.

    The reading happens over a connection of its own. Within a transaction of the caller, that one is the moment.
    """
    usual = connections[DEFAULT_DB_ALIAS]
    if usual.in_atomic_block:
        yield
        return
    reading: Any = connections.create_connection(DEFAULT_DB_ALIAS)
    reading.connect()
    if reading.vendor == "sqlite":
        # Deferred: it reads, and keeps nobody from writing. Connecting has set what is usual.
        reading.transaction_mode = None
    connections[DEFAULT_DB_ALIAS] = reading
    token = _usual.set(usual)
    try:
        with transaction.atomic():
            if reading.vendor == "postgresql":
                with reading.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield
            transaction.set_rollback(True)
    finally:
        _usual.reset(token)
        connections[DEFAULT_DB_ALIAS] = usual
        reading.close()


@contextmanager
def now() -> Iterator[None]:
    """Within `one_moment`: reads and writes as usual, such as how far the work is, which others see at once."""
    usual = _usual.get()
    if usual is None:
        yield
        return
    reading = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = usual
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = reading
