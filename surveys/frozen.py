"""A questionnaire as it was frozen: plain values that never change, kept in memory so that answering is quick.

Knows nothing of who answers, and nothing of whether the survey is open: that is read fresh every time.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.translation import override, pgettext

from surveys.content import Content, ContentItem
from surveys.duration import minutes_to_answer
from surveys.languages import interface_language
from surveys.models import IssueQuestion, Questionnaire


@dataclass(frozen=True)
class AskedItem:
    """A judgement as one group reads it. `number` counts the issues of the sheet; texts only, ready for a page."""

    position: int
    field: str
    code: str
    number: str
    name: str
    description: str
    dimension: str = ""


@dataclass(frozen=True)
class AskedProfile:
    """A profile question as it is read. `options` are (value, text); empty for a number."""

    code: str
    field: str
    text: str
    options: tuple[tuple[str, str], ...]
    lowest: int | None
    highest: int | None


@dataclass(frozen=True)
class Sheet:
    """What one stakeholder group sees in one language."""

    language: str
    group: str
    side: str
    title: str
    introduction: str
    closing: str
    privacy_note: str
    items: tuple[AskedItem, ...]
    profile: tuple[AskedProfile, ...]
    steps: tuple[tuple[str, str], ...]

    @cached_property
    def positions(self) -> tuple[int, ...]:
        """The bytes of an answer that this group is asked for."""
        return tuple(item.position for item in self.items)

    @cached_property
    def minutes(self) -> int:
        """How long answering takes."""
        texts = (text for item in self.items for text in (item.name, item.description))
        return minutes_to_answer([self.introduction, *texts], len(self.items))


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

        def said(key: str) -> str:
            """In the group's own words where it has some; better those in the source language than the words that
            were not meant for it."""
            return (own and content.text(own + key, language)) or content.text(key, language)

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
                content.text(f"profile.{question.code}.text", language),
                tuple(
                    (str(number), content.text(f"profile.{question.code}.option.{number}", language))
                    for number in range(1, question.options + 1)
                ),
                question.lowest,
                question.highest,
            )
            for question in content.profile
        )
        return Sheet(
            language=language,
            group=content.text(f"{own}name", language) if own else "",
            side=group.side if group else "",
            title=content.text("title", language),
            introduction=said("introduction"),
            closing=content.text("closing", language),
            privacy_note=content.text("privacy_note", language),
            items=tuple(items),
            profile=profile,
            steps=tuple((str(value), self._word(value, language)) for value in self.scale)
            if content.kind == IssueQuestion.RATING
            else (),
        )

    def _word(self, value: int, language: str) -> str:
        return self.content.text(f"step.{value}", language) or usual_word(value, (self.low, self.high), language)


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
