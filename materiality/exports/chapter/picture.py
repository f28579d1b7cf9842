"""The matrix for the chapter: without the title and the source of the file that travels alone, which are text there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from figures.data import MatrixFigure
from figures.layout import lay_out
from figures.palette import LIGHT, Palette
from materiality.matrix import spoken

DPI = 300  # what printers ask for


@dataclass(frozen=True)
class Picture:
    """The matrix as PNG, its sides in pixels of the file, its title, and the line that belongs under it."""

    png: bytes
    pixels: tuple[int, int]
    title: str
    source: str


def matrix_picture(
    results: Mapping[str, Any], room: tuple[float, float] | None = None, palette: Palette = LIGHT
) -> Picture:
    """The matrix in `room`, width and height in pixels of the layout; in that of the page if None.

    Raises
    ------
    ValueError
        Where no issue has a score; MissingFont where no installed font can draw a name.
    """
    # matplotlib takes half a second to import; commands that draw nothing do not wait for it.
    from figures.plot import paint_file

    layout = lay_out(MatrixFigure.from_results(results, spoken()), *(room or ()))
    png = paint_file(layout, "png", dpi=DPI, palette=palette, framed=False)
    # Width and height are the first two numbers of a PNG's header.
    pixels = int.from_bytes(png[16:20]), int.from_bytes(png[20:24])
    return Picture(png, pixels, layout.figure.title, layout.source)
