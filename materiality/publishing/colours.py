"""The organisation's tier colours on public pages: a stylesheet whose address names them, for light screens, dark ones
and paper. So nothing on a page has a style attribute, which its security policy forbids."""

import re
from collections.abc import Sequence

from figures.palette import SHAPES, TierColours, dark_tiers, is_hollow, palette_with

NAMED = re.compile(r"[0-9a-f]{6}(?:-[0-9a-f]{6}){0,4}")


def colours_named(colours: Sequence[str]) -> str:
    """Colours as #rrggbb as the address of their stylesheet names them; empty without any."""
    return "-".join(colour.removeprefix("#").lower() for colour in colours)


def stylesheet_of(named: str) -> str:
    """What replaces the tier colours of static/report.css.

    Raises
    ------
    ValueError
        If that names no colours.
    """
    if not NAMED.fullmatch(named):
        raise ValueError(named)
    colours = tuple(f"#{one}" for one in named.split("-"))
    light = _root(palette_with(colours).tiers[: len(colours)])
    return f"{light}\n@media screen and (prefers-color-scheme: dark) {{ {_root(dark_tiers(colours))} }}\n"


def _root(tiers: Sequence[TierColours]) -> str:
    told = []
    for number, (tier, shape) in enumerate(zip(tiers, SHAPES, strict=False), start=1):
        told += [f"--tier-{number}: {tier.mark};", f"--tier-{number}-wash: {tier.wash};"]
        told += [] if is_hollow(shape) else [f"--tier-{number}-on: {tier.on};"]
    return f":root {{ {' '.join(told)} }}"
