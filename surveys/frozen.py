"""A questionnaire as it was frozen: plain values that never change, kept in memory so that answering is quick.

Knows nothing of who answers, and nothing of whether the survey is open: that is read fresh every time.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import override, pgettext

from surveys.content import Content, ContentItem
from surveys.duration import minutes_to_answer
from surveys.languages import direction_of, interface_language
from surveys.models import IssueQuestion, Questionnaire


class Worded(str):
    """A text of a survey on a sheet, which may be in another language than the sheet: one that is not translated.

    Attributes
    ----------
    marks : `lang` and `dir` for the element that holds it, ready for a page; empty in the language of the sheet.
    """

    marks: SafeString

    def __new__(cls, text: str = "", marks: SafeString = SafeString("")) -> "Worded":  # noqa: B008, never changes
        worded = super().__new__(cls, text)
        worded.marks = marks
        return worded

    def within(self, pattern: str) -> "Worded":
        """The text in place of the {} of `pattern`, marked as it is."""
        return Worded(pattern.replace("{}", self), self.marks)


@dataclass(frozen=True)
class AskedItem:
    """A judgement as one group reads it. `number` counts the issues of the sheet; texts only, ready for a page."""

    position: int
    field: str
    code: str
    number: str
    name: Worded
    description: Worded
    dimension: str = ""


@dataclass(frozen=True)
class AskedProfile:
    """A profile question as it is read. `options` are (value, text); empty for a number."""

    code: str
    field: str
    text: Worded
    options: tuple[tuple[str, Worded], ...]
    lowest: int | None
    highest: int | None


@dataclass(frozen=True)
class Sheet:
    """What one stakeholder group sees in one language.

    Attributes
    ----------
    steps : each step of a rating and its word, which may be empty.
    spelled : whether the words need repeating beside what is chosen: there are many, or they are the survey's own.
    comments : how many comments the time to answer allows for; of those on single issues, one.
    """

    language: str
    group: Worded
    side: str
    title: Worded
    introduction: Worded
    closing: Worded
    privacy_note: Worded
    items: tuple[AskedItem, ...]
    profile: tuple[AskedProfile, ...]
    steps: tuple[tuple[str, Worded], ...]
    spelled: bool
    comments: int

    @cached_property
    def positions(self) -> tuple[int, ...]:
        """The bytes of an answer that this group is asked for."""
        return tuple(item.position for item in self.items)

    @cached_property
    def minutes(self) -> int:
        """How long answering takes."""
        issues = (text for item in self.items for text in (item.name, item.description))
        about = (text for asked in self.profile for text in (asked.text, *(option for _, option in asked.options)))
        ratings = len(self.items) + len(self.profile)
        return minutes_to_answer([self.introduction, *issues, *about], ratings, self.comments)


@dataclass(frozen=True)
class FrozenQuestionnaire:
    """What was asked, in which order, on which scale. `content` has everything in all languages."""

    id: int
    version: int
    content: Content

    @property
    def low(self) -> int:
        return self.content.low

    @property
    def high(self) -> int:
        return self.content.high

    @property
    def kind(self) -> str:
        return self.content.kind

    @property
    def items(self) -> tuple[ContentItem, ...]:
        return self.content.items

    @cached_property
    def positions(self) -> dict[str, int]:
        """Field of a form -> position of its byte."""
        return {item.field: item.position for item in self.content.items}

    @cached_property
    def allowed(self) -> bytes:
        """Every byte that an answer may hold: the scale, and 0."""
        return bytes((0, *self.scale))

    @cached_property
    def draftable(self) -> bytes:
        """Every byte that a draft may hold. In a ranking that is the place, which the scale has room for."""
        return bytes((*self.allowed, 255))

    @property
    def scale(self) -> range:
        return range(self.low, self.high + 1)

    def name_of(self, item: ContentItem) -> str:
        """The issue's name in the source language."""
        return self.content.text(f"issue.{item.code}.name", self.content.languages[0])

    def sheet(self, group_id: int, language: str = "") -> Sheet:
        """What a group sees; in the source language where `language` is none of the survey's.

        A group that joined after the freezing is asked everything, in the words for all.
        """
        language = language if language in self.content.languages else self.content.languages[0]
        known = self._sheets.get((group_id, language))
        if known is None:
            known = self._sheets[group_id, language] = self._sheet(group_id, language)
        return known

    @cached_property
    def _sheets(self) -> dict[tuple[int, str], Sheet]:
        return {}

    def _sheet(self, group_id: int, language: str) -> Sheet:
        content = self.content
        group = content.groups.get(group_id)
        own = f"group.{group.code}." if group else ""
        positions = group.positions if group else tuple(item.position for item in content.items)

        def said(key: str) -> Worded:
            """In the group's own words where it has some; better those in the source language than the words that
            were not meant for it."""
            return (own and self._text(own + key, language)) or self._text(key, language)

        items: list[AskedItem] = []
        number = 0
        for position in positions:
            item = content.items[position]
            number = 1 if items and item.dimension != items[-1].dimension else number + 1
            name, description = f"issue.{item.code}.name", f"issue.{item.code}.description"
            items.append(
                AskedItem(position, item.field, item.code, str(number), said(name), said(description), item.dimension)
            )
        profile = tuple(
            AskedProfile(
                question.code,
                f"profile.{question.code}",
                self._text(f"profile.{question.code}.text", language),
                tuple(
                    (str(number), self._text(f"profile.{question.code}.option.{number}", language))
                    for number in range(1, question.options + 1)
                ),
                question.lowest,
                question.highest,
            )
            for question in content.profile
        )
        steps = self.scale if content.kind == IssueQuestion.RATING else range(0)
        return Sheet(
            language=language,
            group=self._text(f"{own}name", language) if own else Worded(),
            side=group.side if group else "",
            title=self._text("title", language),
            introduction=said("introduction"),
            closing=self._text("closing", language),
            privacy_note=self._text("privacy_note", language),
            items=tuple(items),
            profile=profile,
            steps=tuple((str(value), self._word(value, language)) for value in steps),
            spelled=len(steps) > 5 or any(self._text(f"step.{value}", language) for value in steps),
            comments=content.comment_per_issue + content.comment_overall + content.ask_missing,
        )

    def _text(self, key: str, language: str) -> Worded:
        content = self.content
        translated = content.texts.get(language, {}).get(key)
        return _worded(content.text(key, language), language if translated else content.languages[0], language)

    def _word(self, value: int, language: str) -> Worded:
        ours = interface_language(language)
        spoken = language if language.split("-")[0].lower() == ours.split("-")[0] else ours
        usual = usual_word(value, (self.low, self.high), language)
        return self._text(f"step.{value}", language) or _worded(usual, spoken, language)


def _worded(text: str, language: str, of_sheet: str) -> Worded:
    if not text or language.lower() == of_sheet.lower():
        return Worded(text)
    return Worded(text, marks_of(language))


def marks_of(tag: str) -> SafeString:
    """The attributes of an element whose text is in that language."""
    return format_html(' lang="{}" dir="{}"', tag, direction_of(tag))


def usual_word(value: int, scale: tuple[int, int], language: str) -> str:
    """What a step of a rating means where the survey says nothing else; empty where only the ends have a name."""
    with override(interface_language(language)):
        steps = (
            pgettext("step of a scale", "not important"),
            pgettext("step of a scale", "slightly important"),
            pgettext("step of a scale", "important"),
            pgettext("step of a scale", "very important"),
            pgettext("step of a scale", "extremely important"),
        )
    if scale == (1, 5):
        return steps[value - 1]
    return {scale[0]: steps[0], scale[1]: steps[-1]}.get(value, "")


# A worker process serves many surveys over its life, but few at a time.
_KEPT = 128
_frozen: dict[tuple[int, datetime], FrozenQuestionnaire] = {}


def frozen_questionnaire(questionnaire_id: int, frozen_at: datetime) -> FrozenQuestionnaire:
    """The questionnaire of that number, from memory where possible.

    `frozen_at` belongs to the key because a number can come back after a database was restored.
    """
    known = _frozen.get((questionnaire_id, frozen_at))
    if known is None:
        known = read_frozen(Questionnaire.objects.get(pk=questionnaire_id))
        if len(_frozen) >= _KEPT:
            _frozen.clear()
        _frozen[questionnaire_id, frozen_at] = known
    return known


def read_frozen(questionnaire: Questionnaire) -> FrozenQuestionnaire:
    """The questionnaire with its content as values."""
    return FrozenQuestionnaire(questionnaire.pk, questionnaire.version, Content.from_json(questionnaire.content))
