"""In which language a page speaks: its content in one of the survey's, our own words around it in one that we have."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.utils.html import format_html

from surveys.frozen import marks_of
from surveys.languages import direction_of, interface_language, name_of, preferred
from surveys.links import AnswerLink

INTERFACES = ("en", "zh-Hans")


class Choice(NamedTuple):
    """A language that the page can be read in."""

    tag: str
    name: str
    chosen: bool


@dataclass(frozen=True)
class Tongue:
    """`content` is a tag of the survey; `interface` a language of ours, as Django calls it."""

    content: str
    interface: str

    @cached_property
    def context(self) -> dict[str, Any]:
        """For templates: `lang` and `dir` of the document, and the attributes of what is in the other language.

        `ui` belongs to an element with our own words, `own` to one with the survey's words within ours, `ui_tag` to a
        few words of ours that are to stand where the survey's would. All are empty where the languages are the same.
        """
        same = self.content.split("-")[0].lower() == self.interface.split("-")[0]
        same = same and interface_language(self.content) == self.interface
        tag = "zh-Hans" if self.interface == "zh-hans" else self.interface
        return {
            "lang": self.content,
            "dir": direction_of(self.content),
            "ui_lang": tag,
            "ui": "" if same else marks_of(tag),
            "ui_tag": "" if same else format_html(' lang="{}"', tag),
            "own": "" if same else marks_of(self.content),
        }

    def choices(self, languages: Sequence[str]) -> list[Choice]:
        """What to offer; nothing where there is nothing to choose."""
        if len(languages) < 2:
            return []
        return [Choice(tag, name_of(tag), tag == self.content) for tag in languages]


def tongue_of(request: HttpRequest, link: AnswerLink, *, given: str) -> Tongue:
    """As chosen on the page (`given`), else as the invitation was written, else as the browser asks, else the first."""
    languages = link.questionnaire.content.languages
    wishes = (given, link.invited.language if link.invited else "")
    content = next((wish for wish in wishes if wish in languages), "")
    if not content:
        content = languages[0]
        if len(languages) > 1:
            content = preferred(request.headers.get("Accept-Language", ""), languages)
    return Tongue(content, interface_language(content))


def our_tongue(request: HttpRequest) -> Tongue:
    """For pages that belong to no survey: the language of ours that the browser likes best."""
    tag = preferred(request.headers.get("Accept-Language", ""), INTERFACES)
    return Tongue(tag, interface_language(tag))
