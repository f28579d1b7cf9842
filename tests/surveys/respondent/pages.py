"""Reading a respondent's page as a browser does: the fields of its form and what is filled in."""

import html
import re
from html.parser import HTMLParser

from django.http import HttpResponse


class _Fields(HTMLParser):
    """What the form sends as it is."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self.names: list[str] = []
        self._select = self._area = ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        known = dict(attributes)
        name = known.get("name") or ""
        if tag in ("input", "select", "textarea"):
            self.names.append(name)
        if tag == "input":
            chooses = known.get("type") in ("radio", "checkbox")
            if not chooses or "checked" in known:
                self.sent[name] = known.get("value") or ""
        elif tag == "select":
            self._select = name
            self.sent[name] = ""
        elif tag == "option" and "selected" in known:
            self.sent[self._select] = known.get("value") or "?"
        elif tag == "textarea":
            self._area = name
            self.sent[name] = ""

    def handle_endtag(self, tag):
        if tag == "textarea":
            # A browser drops the line break that follows the tag.
            self.sent[self._area] = self.sent[self._area].removeprefix("\n")
            self._area = ""

    def handle_data(self, text):
        if self._area:
            self.sent[self._area] += text
        elif self._select and self.sent.get(self._select) == "?":
            self.sent[self._select] = text


def fields_in(response: HttpResponse) -> dict[str, str]:
    """Everything that the page's form would send now."""
    return _Fields(response.content.decode()).sent


def names_in(response: HttpResponse) -> list[str]:
    """The names of all fields, in the order of the page."""
    return list(dict.fromkeys(_Fields(response.content.decode()).names))


def text_of(response: HttpResponse) -> str:
    """The words of a page, without markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def receipt_in(response: HttpResponse) -> str:
    """The receipt that a thank-you page shows; empty where it shows none."""
    code = response.content.decode().partition('<p class="code"')[2].partition("</p>")[0]
    return "".join(re.findall(r"<span>([^<]+)</span>", code))
