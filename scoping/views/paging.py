"""Long tables, a page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.http import urlencode


@dataclass(frozen=True)
class PageLink:
    """A link to a page; without `query` a gap in the row of numbers."""

    number: int
    query: str = ""
    here: bool = False


def page_number(request: HttpRequest) -> int:
    """The page that the address asks for; the first where that is no number."""
    asked = request.GET.get("page", "1")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 1


def links_to_pages(page: int, pages: int, query: Mapping[str, str]) -> list[PageLink]:
    """The first, the last, and those around `page`; none where there is one page only."""
    if pages < 2:
        return []
    shown = sorted({1, pages, *range(max(1, page - 2), min(pages, page + 2) + 1)})
    links: list[PageLink] = []
    for number in shown:
        if links and number > links[-1].number + 1:
            links.append(PageLink(0))
        links.append(PageLink(number, urlencode({**query, "page": number}), number == page))
    return links
