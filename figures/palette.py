"""Colours of a figure in a file: the light theme of the pages. The stylesheet has the same values as tokens."""

from dataclasses import dataclass
from typing import Literal

Shape = Literal["circle", "diamond", "ring", "triangle", "square"]
# Tiers are told apart by shape first. The two highest are filled, the others hollow: weight follows importance.
SHAPES: tuple[Shape, ...] = ("circle", "diamond", "ring", "triangle", "square")


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
)


def style_of(tier: int | None) -> int:
    """Number of the style (0 to 4) of a tier: the fifth and all lower ones share the last; without tiers, rings."""
    return SHAPES.index("ring") if tier is None else min(tier, len(SHAPES) - 1)


def is_hollow(shape: Shape) -> bool:
    """Whether a mark is an outline on paper instead of a filled shape."""
    return shape in ("ring", "triangle", "square")
