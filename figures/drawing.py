"""The two matplotlib artists of a figure: all its shapes, and all its words.

One artist each, since hundreds would spend their time on what they share.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D, Transform

from figures.fonts import drawable
from figures.geometry import Box
from figures.lettering import text_width

PX_PER_INCH = 96.0
PT_PER_PX = 72.0 / PX_PER_INCH
HALO = 3.5
Colour = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Shape:
    path: Path
    fill: Colour | None
    line: Colour | None
    width: float
    dashes: tuple[float, ...] | None
    clip: bool


class Drawing(Artist):
    """Shapes in pixels of the layout, drawn in the order in which they were added."""

    zorder = 1

    def __init__(self, transform: Transform, clip: Box, scale: float = 1.0) -> None:
        super().__init__()
        self.set_transform(transform)
        self._frame = Path(clip.corners())
        self._points = PT_PER_PX * scale
        self._shapes: list[_Shape] = []

    def add(
        self,
        path: Path,
        *,
        fill: str | None = None,
        line: str | None = None,
        width: float = 1.0,
        dashes: tuple[float, ...] | None = None,
        fill_opacity: float = 1.0,
        line_opacity: float = 1.0,
        clip: bool = False,
    ) -> None:
        """Add a shape; `width` and `dashes` are pixels, and `clip` keeps it inside the frame."""
        face = to_rgba(fill, fill_opacity) if fill else None
        edge = to_rgba(line, line_opacity) if line else None
        self._shapes.append(_Shape(path, face, edge, width * self._points, dashes, clip))

    def draw(self, renderer: RendererBase) -> None:
        transform = self.get_transform()
        frame = self._frame.transformed(transform).get_extents()
        for shape in self._shapes:
            context = renderer.new_gc()
            context.set_joinstyle("round")
            context.set_linewidth(shape.width if shape.line else 0)
            if shape.line:
                context.set_foreground(shape.line, isRGBA=True)
            if shape.dashes:
                context.set_dashes(0, [dash * self._points for dash in shape.dashes])
            if shape.clip:
                context.set_clip_rectangle(frame)
            renderer.draw_path(context, shape.path, transform, shape.fill)
            context.restore()
        self.stale = False


@dataclass(frozen=True, slots=True)
class Word:
    """A line of text: where its anchor is, in pixels of the layout, and how it looks."""

    text: str
    x: float
    baseline: float
    size: float
    colour: str
    anchor: str
    bold: bool
    halo: str | None
    upright: bool = False


class Writing(Artist):
    """Words in pixels of the layout. In a PNG they are drawn as outlines; a PDF keeps them as text."""

    zorder = 2

    def __init__(self, transform: Transform, families: Sequence[str], scale: float = 1.0) -> None:
        super().__init__()
        self.set_transform(transform)
        self.families = tuple(families)
        self.words: list[Word] = []
        self._points = PT_PER_PX * scale

    @property
    def smallest(self) -> float:
        """The size of the smallest text in points; infinite without any."""
        return min((word.size for word in self.words), default=float("inf")) * self._points

    def write(
        self,
        text: str,
        x: float,
        baseline: float,
        *,
        size: float,
        colour: str,
        anchor: str = "start",
        bold: bool = False,
        halo: str | None = None,
        upright: bool = False,
    ) -> None:
        """Add a line of text of `size` pixels; `halo` parts it from what it crosses. One that is `upright` runs upwards
        from its start at (`x`, `baseline`), with its letters to the left of `x`."""
        text = drawable(text)
        if text:
            self.words.append(Word(text, x, baseline, size, colour, anchor, bold, halo, upright))

    def draw(self, renderer: RendererBase) -> None:
        as_outlines = isinstance(renderer, RendererAgg)
        drawn = [self._outlines(word, renderer) if as_outlines or word.halo else None for word in self.words]
        # Halos first: no halo may eat into another word.
        for word, path in zip(self.words, drawn, strict=True):
            if word.halo and path:
                context = renderer.new_gc()
                context.set_joinstyle("round")
                context.set_foreground(word.halo)
                context.set_linewidth(HALO * self._points)
                renderer.draw_path(context, *path, None)
                context.restore()
        for word, path in zip(self.words, drawn, strict=True):
            context = renderer.new_gc()
            context.set_foreground(word.colour)
            if as_outlines and path:
                context.set_linewidth(0)
                renderer.draw_path(context, *path, to_rgba(word.colour))
            else:
                self._draw_text(word, renderer, context)
            context.restore()
        self.stale = False

    def _draw_text(self, word: Word, renderer: RendererBase, context: GraphicsContextBase) -> None:
        font = font_properties(self.families, word.bold).copy()
        font.set_size(word.size * self._points)
        x, y = self.get_transform().transform((word.x - self._before(word), word.baseline))
        if renderer.flipy():
            y = renderer.get_canvas_width_height()[1] - y
        renderer.draw_text(context, x, y, word.text, font, 90.0 if word.upright else 0.0)

    def _outlines(self, word: Word, renderer: RendererBase) -> tuple[Path, Transform]:
        """The outlines of a word, and the way from them to the page."""
        # Numbers and ticks return in every figure.
        find = _known_outlines if len(word.text) <= 4 else outlines
        size = float(renderer.points_to_pixels(word.size * self._points))  # type: ignore[arg-type]
        scale = size / text_to_path.FONT_SCALE
        x, y = self.get_transform().transform((word.x - self._before(word), word.baseline))
        way = Affine2D().scale(scale)
        if word.upright:
            way.rotate_deg(90.0)
        return find(word.text, self.families, word.bold), way.translate(x, y)

    def _before(self, word: Word) -> float:
        """How much of a word stands before its anchor, in pixels."""
        if word.anchor == "start":
            return 0.0
        width = measure(word.text, self.families, word.bold) * word.size
        return width if word.anchor == "end" else width / 2

    def extents(self) -> list[tuple[Word, Box]]:
        """What each word covers, in pixels of the layout."""
        found = []
        for word in self.words:
            box = outlines(word.text, self.families, word.bold).get_extents()
            scale, left = word.size / text_to_path.FONT_SCALE, word.x - self._before(word)
            if word.upright:
                ends = word.baseline - box.x1 * scale, word.baseline - box.x0 * scale
                found.append((word, Box(word.x - box.y1 * scale, ends[0], word.x - box.y0 * scale, ends[1])))
                continue
            # Outlines have y upwards.
            top, bottom = word.baseline - box.y1 * scale, word.baseline - box.y0 * scale
            found.append((word, Box(left + box.x0 * scale, top, left + box.x1 * scale, bottom)))
        return found


@lru_cache(maxsize=32)
def font_properties(families: tuple[str, ...], bold: bool) -> FontProperties:
    """The font of a text; every character finds the first family that has it."""
    return FontProperties(family=list(families), weight="bold" if bold else "normal")


def outlines(text: str, families: tuple[str, ...], bold: bool) -> Path:
    """The outlines of `text` at matplotlib's own scale, from the origin to the right, y upwards."""
    corners, codes = text_to_path.get_text_path(font_properties(families, bold), text)
    return Path(np.array(corners).reshape(-1, 2), codes or None)


_known_outlines = lru_cache(maxsize=1024)(outlines)


def measure(text: str, families: tuple[str, ...], bold: bool) -> float:
    """The width of `text` in em, in the font that draws it."""
    if text.isascii():
        return text_width(text, 1.0, bold)
    width, _, _ = text_to_path.get_text_width_height_descent(text, font_properties(families, bold), ismath=False)
    # get_text_width_height_descent answers for the size of the font properties.
    return width / font_properties(families, bold).get_size_in_points()
