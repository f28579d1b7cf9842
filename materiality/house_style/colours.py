"""Whether colours of tiers can be read and told apart. Pure: colours in, numbers and words out.

References
----------
Colour vision: Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color vision
deficiency", IEEE TVCG 15 (2009), severity 1. Difference: CIE 1976 in L*a*b* under D65.
"""

import re
from collections.abc import Sequence
from itertools import combinations

import numpy as np
from django.utils.translation import gettext_noop
from numpy.typing import NDArray

from figures.palette import LIGHT, contrast

HEX = re.compile(r"#[0-9a-f]{6}")
PAPER = LIGHT.paper
LEAST_CONTRAST = 3.0  # of a mark against the paper (WCAG 2.2, success criterion 1.4.11)
# About 2 can be told apart side by side; of small marks apart from each other, as many as this make another colour.
LEAST_DIFFERENCE = 12.0
SAME_DIFFERENCE = 2.3  # what cannot be told apart even side by side

_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = np.array([0.9505, 1.0, 1.089])
VISION: dict[str, NDArray[np.float64]] = {
    gettext_noop("everybody"): np.eye(3),
    gettext_noop("people who do not see red"): np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    gettext_noop("people who do not see green"): np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    gettext_noop("people who do not see blue"): np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def tidy_hex(text: str) -> str:
    """The colour as #rrggbb in small letters, from what people type: without #, in capitals, with three digits.

    Raises
    ------
    ValueError
        If it is no such colour.
    """
    found = "#" + text.strip().lower().removeprefix("#")
    if len(found) == 4:
        found = "#" + "".join(2 * digit for digit in found[1:])
    if not HEX.fullmatch(found):
        raise ValueError(text)
    return found


def darker(colour: str, least: float = LEAST_CONTRAST) -> str:
    """The lightest colour of the same hue that has at least that contrast with the paper."""
    rgb = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)])
    for percent in range(100, -1, -1):
        found = "#" + "".join(f"{round(part * percent / 100):02x}" for part in rgb)
        if contrast(found, PAPER) >= least:
            return found
    return "#000000"


def alike(colours: Sequence[str]) -> list[tuple[int, int, str]]:
    """Pairs of tiers, by their places, whose colours are hard to tell apart, and for whom; each pair once."""
    found = []
    for (first, one), (second, other) in combinations(enumerate(colours), 2):
        for whose, vision in VISION.items():
            if float(np.linalg.norm(_lab(one, vision) - _lab(other, vision))) < LEAST_DIFFERENCE:
                found.append((first, second, whose))
                break
    return found


def same(colours: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of tiers, by their places, whose colours nobody can tell apart."""
    seen = [_lab(colour, np.eye(3)) for colour in colours]
    pairs = combinations(range(len(colours)), 2)
    return [(one, other) for one, other in pairs if float(np.linalg.norm(seen[one] - seen[other])) < SAME_DIFFERENCE]


def _linear(colour: str) -> NDArray[np.float64]:
    parts = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def _lab(colour: str, vision: NDArray[np.float64]) -> NDArray[np.float64]:
    xyz = _TO_XYZ @ np.clip(vision @ _linear(colour), 0, 1) / _WHITE
    root = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])
