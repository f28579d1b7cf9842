"""The importance matrix as a file, from the layout that the page draws too."""

from functools import partial
from typing import Any, Literal

from figures.data import MatrixFigure
from figures.layout import lay_out
from figures.palette import palette_with
from materiality.house_style.selectors import look_of
from materiality.matrix import spoken
from scoping.models import Assessment


def _matrix(
    results: dict[str, Any], assessment: Assessment | None = None, *, format: Literal["png", "svg", "pdf"]
) -> bytes:
    """In the active language, and in the colours of the organisation whose `assessment` it is."""
    # matplotlib takes half a second to import; commands that draw nothing do not wait for it.
    from figures.plot import paint_file

    colours = look_of(assessment.organisation).colours if assessment else ()
    layout = lay_out(MatrixFigure.from_results(results, spoken()))
    return paint_file(layout, format, palette=palette_with(colours))


matrix_png = partial(_matrix, format="png")
matrix_svg = partial(_matrix, format="svg")
matrix_pdf = partial(_matrix, format="pdf")
