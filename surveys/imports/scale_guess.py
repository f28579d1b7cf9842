"""Which scale the answers of a file are on, and which rating each of them is. Pure: texts in, numbers out."""

import re
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from surveys.imports.mapping import Scale
from surveys.imports.scales import rating_number, word_scale
from tables.problems import shorten

# The highest steps of usual scales.
USUAL_STEPS = (5, 7, 10)
# Words of so many steps are usual in several orders, so theirs is said.
SIX = 6
ANSWER_CODE = re.compile(r"^AO?0*(\d{1,2})$")


def propose_scale(texts: Sequence[str], *, few: bool) -> tuple[Scale, dict[str, int], tuple[str, ...]]:
    """The scale of these answers, a number for each word (0 where none is known), and notices.

    Parameters
    ----------
    texts : the different answers, without those that are none.
    few : whether there were so few that some steps were likely chosen by nobody.
    """
    steps = {text: number for text in texts if (number := rating_number(text)) is not None}
    words = [text for text in texts if text not in steps]
    if words and not steps and all(codes := [ANSWER_CODE.match(word) for word in words]):
        labels = {word: int(code[1]) for word, code in zip(words, codes, strict=True) if code}
        if min(labels.values()) >= 1:
            high = _usual(max(labels.values()), few=few)
            notice = _(
                "%(code)s and so on are answer codes: check that the highest number is the most important answer."
            ) % {"code": words[0]}
            return (1, high), labels, (notice,)
    if not words:
        return *_number_scale(steps, few=few), ()
    told = word_scale(words, few=few or bool(steps))
    high = max([*steps.values(), told.steps if told else len(words), 2])
    if steps or told is None:
        high = _usual(high, few=True)
    labels = dict.fromkeys(words, 0)
    notices: list[str] = []
    if told is not None and (told.known or not steps):
        spread = (high - 1) / (told.steps - 1)
        labels = {word: round(1 + (step - 1) * spread) for word, step in told.rating_of.items()}
        if told.known and told.steps == SIX:
            listed = " < ".join(f'"{shorten(word, 40)}"' for word in sorted(labels, key=labels.__getitem__))
            notices.append(
                _("The answers are proposed as the steps 1 to 6, in this order: %(answers)s. Check it.")
                % {"answers": listed}
            )
        if not told.known:
            listed = " < ".join(f'"{shorten(word, 40)}"' for word in labels)
            notices.append(_("The order of the answers is a guess: %(answers)s.") % {"answers": listed})
    return (1, high), labels, tuple(notices)


def _number_scale(steps: Mapping[str, int], *, few: bool) -> tuple[Scale, dict[str, int]]:
    high = max(steps.values(), default=5)
    if steps and min(steps.values()) < 1:
        # A rating of 0 would be no answer, so a scale from 0 moves up by one.
        # Every number gets its label, also those that nobody chose so far: a later export may hold them.
        high = _usual(high, few=few)
        every = {str(number): number + 1 for number in range(high + 1)}
        return (1, high + 1), every | {text: number + 1 for text, number in steps.items()}
    return (1, _usual(high, few=few)), {}


def _usual(high: int, *, few: bool) -> int:
    """Where not every step was seen, the usual scale that has room for all."""
    high = max(high, 2)
    return next((usual for usual in USUAL_STEPS if usual >= high), high) if few else high
