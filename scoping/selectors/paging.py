"""Which part of a long list a page shows."""

from typing import NamedTuple


class Place(NamedTuple):
    """The page that there is, how many there are, and how many rows come before it."""

    page: int
    pages: int
    start: int


def place_of(page: int, rows: int, per_page: int) -> Place:
    """The page of that number, from 1, or the nearest there is; without rows there is one, and it is empty."""
    pages = max(1, -(-rows // per_page))
    page = min(max(page, 1), pages)
    return Place(page, pages, (page - 1) * per_page)
