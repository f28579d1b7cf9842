"""The importance matrix as a file, from the layout that the page draws too."""

from functools import partial
from typing import Any, Literal

from figures.data import MatrixFigure
from figures.layout import lay_out


def _matrix(results: dict[str, Any], *, format: Literal["png", "svg", "pdf"]) -> bytes:
    # matplotlib takes half a second to import; commands that draw nothing do not wait for it.
    from figures.plot import paint_file

    return paint_file(lay_out(MatrixFigure.from_results(results)), format)


matrix_png = partial(_matrix, format="png")
matrix_svg = partial(_matrix, format="svg")
matrix_pdf = partial(_matrix, format="pdf")
