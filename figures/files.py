"""Writes a painted page into a file by matplotlib: PNG, SVG or PDF, with title, legend and source around the chart.

Object-oriented matplotlib without pyplot: no figure is kept anywhere. matplotlib promises no thread safety, so one
figure is painted at a time per process. The same page gives the same bytes: no dates, no random ids.

A file may be printed at another width than it was laid out for: then everything in it is scaled, and no text becomes
too small to read.

In SVG, text is embedded as outlines, since a file that is pasted into a report must look the same where the font is
missing; in PDF it stays text that can be searched and copied, with its font embedded.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from math import ceil
from threading import Lock
from typing import Any, Literal, Protocol, TypeVar

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Transform
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from figures.drawing import PX_PER_INCH, Drawing, Writing
from figures.fonts import DEFAULT, drawable, families_for
from figures.frame import BADGE, BADGE_PADDING, LEGEND, SOURCE, SUBJECT, TITLE, Frame, Key
from figures.geometry import Box, Dot
from figures.palette import LIGHT, Palette

Format = Literal["png", "svg", "pdf"]
FORMATS: tuple[Format, ...] = ("png", "svg", "pdf")
MM_PER_INCH = 25.4
# Smaller print than this can hardly be read on paper, in points.
LEAST_TEXT = 5.0
NARROWEST, WIDEST = 20.0, 2000.0  # of a file, in millimetres
MOST_PIXELS = 120_000_000  # of a PNG: half a gigabyte while it is painted
SOFTWARE = "Salient"
# Ids in an SVG file follow from its content. matplotlib's settings belong to the process; they hold while it paints.
SETTINGS: Any = {"svg.hashsalt": "salient", "svg.fonttype": "path"}
_painting = Lock()


@dataclass(frozen=True)
class Page:
    """A page to paint on: the figure, the way from pixels of the chart and of the page to it, and its fonts."""

    figure: Figure
    chart: Transform
    page: Transform
    families: list[str]
    scale: float = 1.0

    def layer(self, box: Box) -> tuple[Drawing, Writing]:
        """Shapes and words over what was painted before, in pixels of the chart."""
        return self._add(self.chart, box)

    def paint_frame(self, frame: Frame, palette: Palette, paint_key: Callable[[Drawing, Key, Palette], None]) -> None:
        """Everything around the chart; `paint_key` draws the symbol of an entry of the legend."""
        drawing, writing = self._add(self.page, Box(0, 0, frame.width, frame.height))
        for line in frame.title:
            writing.write(line.text, line.x, line.baseline, size=TITLE, colour=palette.ink, bold=True)
        for line in frame.subject:
            writing.write(line.text, line.x, line.baseline, size=SUBJECT, colour=palette.ink_2)
        for line in frame.source:
            writing.write(line.text, line.x, line.baseline, size=SOURCE, colour=palette.ink_3)
        for key in frame.keys:
            paint_key(drawing, key, palette)
            writing.write(key.text.text, key.text.x, key.text.baseline, size=LEGEND, colour=palette.ink_2)
        if frame.badge:
            left, baseline = frame.badge.x - BADGE_PADDING, frame.badge.baseline
            drawing.add(
                polygon(Box(left, baseline - 14.5, left + frame.badge_width, baseline + 6.5).corners()),
                line=palette.rule_2,
            )
            writing.write(frame.badge.text, frame.badge.x, baseline, size=BADGE, colour=palette.ink_2)

    def _add(self, transform: Transform, box: Box) -> tuple[Drawing, Writing]:
        drawing = Drawing(transform, box, self.scale)
        writing = Writing(transform, self.families, self.scale)
        self.figure.add_artist(drawing)
        self.figure.add_artist(writing)
        return drawing, writing


def open_page(frame: Frame, texts: Iterable[str], palette: Palette, width_mm: float | None = None) -> Page:
    """An empty page for `frame` and a chart that writes `texts`, `width_mm` wide if given.

    Raises
    ------
    MissingFont
        If no installed font has a letter of the texts.
    ValueError
        If a page cannot be so wide.
    """
    scale = 1.0 if width_mm is None else _scale_to(width_mm, frame)
    inches = scale / PX_PER_INCH
    figure = Figure(figsize=(frame.width * inches, frame.height * inches), facecolor=palette.paper)
    # Pixels of the layout, from the top left of the page and of the chart, to inches from the bottom left.
    page = Affine2D().scale(inches, -inches).translate(0, frame.height * inches)
    page_transform = page + figure.dpi_scale_trans
    chart_transform = Affine2D().translate(frame.left, frame.top) + page_transform
    lines = [*frame.title, *frame.subject, *frame.source, *(key.text for key in frame.keys)]
    around = [*(line.text for line in lines), frame.badge.text if frame.badge else ""]
    families = families_for(drawable(text) for text in (*texts, *around))
    return Page(figure, chart_transform, page_transform, families, scale)


def _scale_to(width_mm: float, frame: Frame) -> float:
    if not NARROWEST <= width_mm <= WIDEST:
        raise ValueError(f"A figure is {NARROWEST:g} to {WIDEST:g} mm wide, not {width_mm:g}.")
    return width_mm / MM_PER_INCH * PX_PER_INCH / frame.width


def write_file(
    make: Callable[[], tuple[Figure, list[str]]], format: Format, dpi: int, *, title: str, subject: str
) -> bytes:
    """
    The figure that `make` paints, with its font families, as a file.

    Raises
    ------
    MissingFont
        If no installed font can draw a name.
    ValueError
        If the format or the resolution is not one of these, or the figure was scaled so that its text cannot be read
        or its pixels cannot be held.
    """
    if format not in FORMATS:
        raise ValueError(f"A figure is written as png, svg or pdf, not as {format!r}.")
    if not 36 <= dpi <= 1200:
        raise ValueError(f"A figure is written at 36 to 1200 dots per inch, not {dpi}.")
    with _painting, matplotlib.rc_context(SETTINGS):
        figure, families = make()
        _check_size(figure, dpi if format == "png" else 0)
        content = BytesIO()
        if format == "png":
            figure.set_dpi(dpi)
            _write_png(FigureCanvasAgg(figure), content, {"Title": title, "Software": SOFTWARE}, dpi)
        elif format == "svg":
            figure.set_dpi(72)
            FigureCanvasSVG(figure).print_svg(content, metadata={"Title": title, "Creator": SOFTWARE, "Date": None})
        else:
            figure.set_dpi(72)
            # DejaVu Sans is embedded as TrueType. Most fonts with ideographs hold other outlines, which a TrueType
            # entry may not contain; as type 3, every reader shows them.
            matplotlib.rcParams["pdf.fonttype"] = 42 if families == [DEFAULT] else 3
            FigureCanvasPdf(figure).print_pdf(
                content,
                metadata={
                    "Title": title,
                    "Subject": subject,
                    "Creator": SOFTWARE,
                    "Producer": None,
                    "CreationDate": None,
                },
            )
    return content.getvalue()


@dataclass(frozen=True)
class Extent:
    """How large a figure is as it was laid out, and how narrow it can be, in millimetres.

    Parameters
    ----------
    least : the width, in whole millimetres, at which its smallest text has `LEAST_TEXT` points.
    """

    width: float
    height: float
    least: int


class _Laid(Protocol):
    """A layout. It knows the figure that it shows, which has a title and a subject."""

    @property
    def figure(self) -> Any: ...


AnyLayout = TypeVar("AnyLayout", bound=_Laid)
FromLayout = TypeVar("FromLayout", bound=_Laid, contravariant=True)
Make = Callable[[AnyLayout, Palette, float | None], tuple[Figure, list[str]]]


class Painter(Protocol[FromLayout]):
    """Writes a layout into a file: "png", "svg" or "pdf"; `width_mm` as in `open_page`. Raises as `write_file`."""

    def __call__(
        self,
        layout: FromLayout,
        format: Format,
        dpi: int = 200,
        palette: Palette = LIGHT,
        *,
        width_mm: float | None = None,
    ) -> bytes: ...


def painter_of(make: Make[AnyLayout]) -> Painter[AnyLayout]:
    """Writes what `make` paints of a layout, in a palette and a width, with its font families."""

    def paint(
        layout: AnyLayout,
        format: Format,
        dpi: int = 200,
        palette: Palette = LIGHT,
        *,
        width_mm: float | None = None,
    ) -> bytes:
        title, subject = layout.figure.title, layout.figure.subject
        return write_file(lambda: make(layout, palette, width_mm), format, dpi, title=title, subject=subject)

    return paint


def extent_of(make: Callable[[], tuple[Figure, list[str]]]) -> Extent:
    """The extent of the figure that `make` builds at the size of its layout, without painting it.

    Raises
    ------
    MissingFont
        If no installed font can draw a name.
    """
    with _painting, matplotlib.rc_context(SETTINGS):
        figure, _families = make()
    width, height = (float(inches) * MM_PER_INCH for inches in figure.get_size_inches())
    return Extent(width, height, ceil(width * LEAST_TEXT / _smallest_text(figure)))


def _smallest_text(figure: Figure) -> float:
    """In points."""
    return min((artist.smallest for artist in figure.artists if isinstance(artist, Writing)), default=LEAST_TEXT)


def _check_size(figure: Figure, dpi: int) -> None:
    width, height = figure.get_size_inches()
    smallest = _smallest_text(figure)
    if smallest < LEAST_TEXT - 0.005:
        least = ceil(width * MM_PER_INCH * LEAST_TEXT / smallest)
        raise ValueError(
            f"At a width of {width * MM_PER_INCH:.0f} mm the smallest text would be {smallest:.1f} points: "
            f"choose {least} mm or more."
        )
    if width * height * dpi**2 > MOST_PIXELS:
        raise ValueError(
            f"At {dpi} dots per inch a figure of {width * MM_PER_INCH:.0f} x {height * MM_PER_INCH:.0f} mm has more "
            f"than {MOST_PIXELS // 1_000_000} million pixels: choose fewer dots, a smaller width, or SVG or PDF."
        )


def _write_png(canvas: FigureCanvasAgg, content: BytesIO, metadata: dict[str, str], dpi: int) -> None:
    """Without the alpha channel, which nothing on paper uses, and at a level that takes half of the default's time."""
    canvas.draw()
    width, height = canvas.get_width_height()
    image = Image.frombuffer("RGBA", (width, height), canvas.buffer_rgba()).convert("RGB")
    info = PngInfo()
    for key, text in metadata.items():
        info.add_itxt(key, text) if not text.isascii() else info.add_text(key, text)
    image.save(content, "png", dpi=(dpi, dpi), pnginfo=info, compress_level=3)


def circle(x: float, y: float, radius: float) -> Path:
    return Path.unit_circle().transformed(Affine2D().scale(radius).translate(x, y))


def polygon(corners: Sequence[Dot]) -> Path:
    return Path([*corners, corners[0]], closed=True)


def strokes(lines: Iterable[tuple[Dot, Dot]]) -> Path:
    """Straight lines that are drawn as one."""
    dots = [dot for line in lines for dot in line]
    return Path(dots, [Path.MOVETO, Path.LINETO] * (len(dots) // 2))


def hatching(box: Box, step: float = 5.0) -> Path:
    """Rising lines across `box`, which stands for what is not told."""
    lines = []
    # Lines of x + y = sum, from the upper left corner to the lower right one.
    first, last = box.left + box.top, box.right + box.bottom
    total = first + step
    while total < last - 1:
        left, right = max(box.left, total - box.bottom), min(box.right, total - box.top)
        lines.append(((left, total - left), (right, total - right)))
        total += step
    return strokes(lines)


def polyline(dots: Sequence[Dot]) -> Path:
    return Path(list(dots))
