"""By what means somebody acts, for the record: through a key to the API, or on the pages, of which nothing is said."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_key: ContextVar[str] = ContextVar("api_key", default="")


@contextmanager
def through_key(name: str) -> Iterator[None]:
    """What is recorded within says that it was done through the API key of that name."""
    before = _key.set(name)
    try:
        yield
    finally:
        _key.reset(before)


def with_means(summary: str, longest: int) -> str:
    """`summary`, and the key that acts, in at most `longest` characters."""
    name = _key.get()
    means = f" (API key {name})" if name else ""
    return summary[: longest - len(means)] + means
