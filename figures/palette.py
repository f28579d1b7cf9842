"""Colours of a figure in a file: the light theme of the pages. The stylesheet has the same values as tokens.

An organisation may have tier colours of its own: what goes with them follows from them, and a colour that could not be
read on paper is darkened.
"""

import colorsys
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

Shape = Literal["circle", "diamond", "ring", "triangle", "square", "dashes"]
# Tiers are told apart by shape first. The two highest are filled, the others hollow: weight follows importance.
SHAPES: tuple[Shape, ...] = ("circle", "diamond", "ring", "triangle", "square")
# The style of what is in no tier: a ring of dashes, in the colour of an aside.
WITHOUT_TIER = len(SHAPES)


@dataclass(frozen=True, slots=True)
class TierColours:
    """`mark` for shape and name, `on` for the number on the shape, `wash` for the band."""

    mark: str
    on: str
    wash: str


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one theme."""

    paper: str
    ink: str
    ink_2: str
    ink_3: str
    rule: str
    rule_2: str
    accent: str
    accent_on: str
    accent_wash: str
    tiers: tuple[TierColours, ...]
    # Steps of the heat ramp, palest first; from the number `dark_from` on, text on them is `on_dark`.
    heat: tuple[str, ...] = ()
    dark_from: int = 0
    on_dark: str = "#ffffff"

    def colours_of(self, style: int) -> TierColours:
        """Those of a tier by its style, or of what is in none."""
        return self.tiers[style] if style < WITHOUT_TIER else TierColours(self.ink_3, self.ink_3, self.paper)


LIGHT = Palette(
    paper="#ffffff",
    ink="#15191c",
    ink_2="#454c53",
    ink_3="#626a72",
    rule="#e2e4e1",
    rule_2="#868d94",
    accent="#0b5a70",
    accent_on="#ffffff",
    accent_wash="#e7f1f3",
    tiers=(
        TierColours("#6c1c54", "#ffffff", "#f8f1f6"),
        TierColours("#a05a00", "#ffffff", "#fefbf5"),
        TierColours("#56626e", "#56626e", "#f3f5f7"),
        TierColours("#3f4a9a", "#3f4a9a", "#f4f5fb"),
        TierColours("#6b6a3a", "#6b6a3a", "#f8f8f2"),
    ),
    heat=("#f6f9f9", "#e6f0f2", "#d0e3e7", "#b3d1d8", "#8fbac5", "#64a0af", "#2f7588", "#0f5f74", "#07465a"),
    dark_from=6,
)
# What text needs on its ground (WCAG 2.2, success criterion 1.4.3).
LEAST_CONTRAST = 4.5
HEX = re.compile(r"#[0-9a-fA-F]{6}")
# How much of a tier's colour is in the wash of its band.
WASH = 0.06
# The paper of dark screens, as in static/tokens.css.
DARK_PAPER = "#111416"


@lru_cache(maxsize=64)
def palette_with(colours: Sequence[str]) -> Palette:
    """The palette of paper with the tier colours `colours` as #rrggbb, highest tier first; those that are missing are
    the house's.

    Raises
    ------
    ValueError
        If one is no such colour.
    """
    own = [_tier_colours(colour, SHAPES[number]) for number, colour in enumerate(colours[: len(SHAPES)])]
    return replace(LIGHT, tiers=(*own, *LIGHT.tiers[len(own) :]))


def _tier_colours(colour: str, shape: Shape) -> TierColours:
    """The colours of a tier: what is written in `mark` can be read on paper and on the wash, and `on` on the mark."""
    mark, paper = _hexadecimal(colour), LIGHT.paper
    wash = _mixed(colour, paper, WASH)
    while contrast(mark, wash) < LEAST_CONTRAST:
        mark = _shifted(mark, -0.02)
    # A mark that can be read on paper bears text of the colour of paper.
    return TierColours(mark, mark if is_hollow(shape) else paper, wash)


@lru_cache(maxsize=64)
def dark_tiers(colours: Sequence[str]) -> tuple[TierColours, ...]:
    """The tier colours `colours` as #rrggbb for dark screens: of the same hue, as much lighter as is needed to be read.

    Raises
    ------
    ValueError
        If one is no such colour.
    """
    return tuple(_dark_colours(_hexadecimal(colour), SHAPES[at]) for at, colour in enumerate(colours[: len(SHAPES)]))


def _dark_colours(colour: str, shape: Shape) -> TierColours:
    mark = colour
    while contrast(mark, wash := _mixed(mark, DARK_PAPER, WASH)) < LEAST_CONTRAST:
        mark = _shifted(mark, 0.02)
    return TierColours(mark, mark if is_hollow(shape) else DARK_PAPER, wash)


def _hexadecimal(colour: str) -> str:
    if not HEX.fullmatch(colour):
        raise ValueError(f"A colour is written as # and six hexadecimal digits, such as #6c1c54, not {colour!r}.")
    return colour.lower()


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def _hex(parts: Sequence[float]) -> str:
    return "#" + "".join(f"{round(min(max(part, 0.0), 1.0) * 255):02x}" for part in parts)


def _mixed(colour: str, ground: str, share: float) -> str:
    return _hex([share * one + (1 - share) * other for one, other in zip(_parts(colour), _parts(ground), strict=True)])


def _shifted(colour: str, by: float) -> str:
    """Lighter by so much of the whole way from black to white, or darker, of the same hue."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(colour))
    return _hex(colorsys.hls_to_rgb(hue, lightness + by, saturation))


def style_of(tier: int | None) -> int:
    """Number of the style of a tier (0 to 4): the fifth and all lower ones share the last; without one, the style of
    that."""
    return WITHOUT_TIER if tier is None else min(tier, len(SHAPES) - 1)


def shape_of(style: int) -> Shape:
    """The shape that a style has."""
    return SHAPES[style] if style < WITHOUT_TIER else "dashes"


def is_hollow(shape: Shape) -> bool:
    """Whether a mark is an outline on paper instead of a filled shape."""
    return shape in ("ring", "triangle", "square", "dashes")
