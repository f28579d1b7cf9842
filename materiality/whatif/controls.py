"""What can be moved on the page: a slider for the weight of each group, what can be left out, and the method."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, log10

from django.utils.translation import gettext as _

from materiality.choices import CHOICES, Choosing
from materiality.services import Choice
from materiality.voices import Voice
from materiality.whatif.adjustments import Adjustments, number_text

# Sliders end at one of these, times a power of ten, and have one of these steps.
_ENDS = (Fraction(1), Fraction(3, 2), Fraction(2), Fraction(3), Fraction(4), Fraction(5), Fraction(6), Fraction(8))
_STEPS = (Fraction(1), Fraction(1, 2), Fraction(1, 5), Fraction(1, 10))
# At least so many steps from end to end, and more only where weights lie between them.
_FEWEST_STEPS, _MOST_STEPS = 40, 1_000


@dataclass(frozen=True)
class Scale:
    """From 0 to `end` in steps of `step`."""

    end: Fraction
    step: Fraction

    def shown(self, weight: Fraction) -> Fraction:
        """The place of the slider that is nearest to the weight."""
        return min(round(weight / self.step) * self.step, self.end)


@dataclass(frozen=True)
class Slider:
    """
    Parameters
    ----------
    value, usual : where the slider stands, and where it starts from.
    """

    code: str
    name: str
    value: str
    usual: str
    share: str
    is_left_out: bool

    @property
    def changed(self) -> bool:
        return self.value != self.usual


@dataclass(frozen=True)
class Sliders:
    """The sliders of one axis, or of both where each group speaks on both."""

    heading: str
    sliders: list[Slider]


@dataclass(frozen=True)
class Select:
    """A choice about the method; `value` is the one that is chosen."""

    choosing: Choosing
    value: str


@dataclass(frozen=True)
class Tick:
    """A group or an issue that may be left out."""

    code: str
    name: str
    checked: bool


def selects_of(choice: Choice) -> list[Select]:
    """All choices about the method, in the order of its page."""
    values = choice.to_dict() | {"finite_population": "yes" if choice.finite_population else "no"}
    return [Select(choosing, values[choosing.name]) for choosing in CHOICES]


def scale_for(weights: Sequence[Fraction]) -> Scale:
    """Sliders for these weights: room to double the highest, and steps on which all of them lie, if there are any."""
    most = max(weights, default=Fraction()) * 2 or Fraction(1)
    power = Fraction(10) ** (ceil(log10(most)) - 1)
    end = next((end * size for size in (power, power * 10) for end in _ENDS if end * size >= most), power * 100)
    tens = [Fraction(10) ** (ceil(log10(end)) - down) for down in range(5)]
    steps = [step * ten for ten in tens for step in _STEPS if _FEWEST_STEPS <= end / (step * ten) <= _MOST_STEPS]
    exact = (step for step in steps if all((weight / step).denominator == 1 for weight in (*weights, end)))
    usual = next(step for step in steps if end / step >= 100 and (end / step).denominator == 1)
    return Scale(end, next(exact, usual))


def sliders_of(
    voices: Sequence[Voice],
    usual: Mapping[str, Fraction],
    scale: Scale,
    adjustments: Adjustments,
    shares: Mapping[str, str],
) -> list[Sliders]:
    """The sliders by axis."""
    singles = [voice for voice in voices if not voice.is_pool]
    names = {voice.code: voice.groups[0].group.name for voice in singles}

    def slider(code: str) -> Slider:
        return Slider(
            code=code,
            name=names[code],
            value=number_text(scale.shown(adjustments.weights.get(code, usual[code]))),
            usual=number_text(scale.shown(usual[code])),
            share=shares.get(code, ""),
            is_left_out=code in adjustments.left_out_groups,
        )

    axes = {axis: [voice.code for voice in singles if voice.axis == axis] for axis in ("company", "stakeholders")}
    if set(axes["company"]) & set(axes["stakeholders"]):
        return [Sliders(_("Both importances"), [slider(code) for code in names])]
    headings = {"company": _("Importance to the company"), "stakeholders": _("Importance to stakeholders")}
    return [Sliders(headings[axis], [slider(code) for code in codes]) for axis, codes in axes.items() if codes]
