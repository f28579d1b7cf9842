"""Which libraries there are. They are read once, since their files do not change while the product runs."""

from functools import cache
from pathlib import Path

from scoping.libraries.format import Library, LibraryError, parse_library

FOLDER = Path(__file__).parent
# In the order in which pages show them; a test holds this against the files.
SLUGS = ("gri", "hkex", "esrs", "sasb", "sse-szse", "sdg", "tcfd")


class LibraryNotFound(LookupError):
    """There is no library of that name."""


def libraries() -> list[Library]:
    return [find_library(slug) for slug in SLUGS]


@cache
def find_library(slug: str) -> Library:
    """
    The library called `slug`, such as "gri".

    Raises
    ------
    LibraryNotFound
        With the names there are.
    """
    if slug not in SLUGS:
        raise LibraryNotFound(f"There is no library “{slug}”. There are: {', '.join(SLUGS)}.")
    return read_library(FOLDER / f"{slug}.toml")


def read_library(path: Path) -> Library:
    """The library in the file at `path`; raises LibraryError where it is wrong or goes by another name."""
    library = parse_library(path.read_text(encoding="utf-8"), file=path.name)
    if library.slug != path.stem:
        raise LibraryError(f"{path.name}, slug: “{library.slug}” is not the name of the file. Rename one of them.")
    return library
