"""A questionnaire as it was frozen: plain values that never change, kept in memory so that answering is quick.

Knows nothing of who answers, and nothing of whether the survey is open: that is read fresh every time.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from surveys.duration import minutes_to_answer
from surveys.models import Item, Questionnaire

# One word per step where the scale has five, which is the form that stakeholder surveys mostly use.
FIVE_WORDS = ("not important", "slightly important", "important", "very important", "extremely important")


@dataclass(frozen=True)
class FrozenItem:
    """A question: `position` is the index of its byte in every answer."""

    position: int
    code: str
    name: str
    description: str


@dataclass(frozen=True)
class FrozenQuestionnaire:
    """What was asked, in which order, on which scale."""

    id: int
    version: int
    low: int
    high: int
    items: tuple[FrozenItem, ...]

    @cached_property
    def positions(self) -> dict[str, int]:
        return {item.code: item.position for item in self.items}

    @cached_property
    def allowed(self) -> bytes:
        """Every byte that an answer may hold: the scale, and 0."""
        return bytes((0, *self.scale))

    @cached_property
    def bytes_of(self) -> dict[str, int]:
        """What a form may send for an item, and the byte that it becomes."""
        return {str(value): value for value in self.allowed}

    @cached_property
    def minutes(self) -> int:
        """How long answering takes."""
        texts = (text for item in self.items for text in (item.name, item.description))
        return minutes_to_answer(texts, len(self.items))

    @property
    def scale(self) -> range:
        return range(self.low, self.high + 1)

    def word(self, value: int) -> str:
        """What a step of the scale means; empty where only the ends have a name."""
        if (self.low, self.high) == (1, 5):
            return FIVE_WORDS[value - 1]
        return {self.low: FIVE_WORDS[0], self.high: FIVE_WORDS[-1]}.get(value, "")


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
    """Read `questionnaire` and its items from the database."""
    rows = Item.objects.filter(questionnaire=questionnaire).order_by("position")
    return FrozenQuestionnaire(
        id=questionnaire.pk,
        version=questionnaire.version,
        low=questionnaire.scale_low,
        high=questionnaire.scale_high,
        items=tuple(FrozenItem(item.position, item.code, item.name, item.description) for item in rows),
    )
