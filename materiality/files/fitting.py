"""Whether figures can be painted in the size that was chosen: told when a file is asked for, before anything waits."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from figures.fonts import MissingFont
from materiality.charts import CHARTS
from materiality.files.kind import EVERYTHING, FIGURES, Kind
from materiality.files.options import MM_PER_INCH, MOST_PIXELS, Options
from materiality.files.singles import SINGLES
from materiality.files.snapshot import Snapshot


def check_size(kind: Kind, snapshot: Snapshot, options: Options, *, dpi_chosen: bool) -> None:
    """Of a figure, and of each figure in a report pack. Where nothing was chosen there is nothing to measure.

    Raises
    ------
    ValidationError
        By "width_mm", with the smallest width at which its text can be read, or by "dpi", with the most that can be
        painted.
    """
    as_pixels = options.format == "png"
    if "width_mm" not in kind.takes or options.format == "csv":
        return
    if options.width_mm is None and not (dpi_chosen and as_pixels):
        return
    least, narrowest = 0, None
    dpi, dense = options.dpi, None
    for figure in _figures(kind, snapshot):
        try:
            extent = CHARTS[figure.slug].extent(snapshot.results, snapshot.assessment, options.language)
        except MissingFont:
            continue  # the job says so, with what to install
        if extent.least > least:
            least, narrowest = extent.least, figure
        width = options.width_mm or extent.width
        most = int((MOST_PIXELS / (extent.height / extent.width)) ** 0.5 / width * MM_PER_INCH)
        if as_pixels and most < dpi:
            dpi, dense = most, figure
    if narrowest and options.width_mm is not None and options.width_mm < least:
        raise ValidationError({"width_mm": _too_narrow(narrowest, least, options.width_mm)})
    if dense:
        raise ValidationError(
            {
                "dpi": _(
                    "“%(figure)s” would have more than %(most_pixels)d million pixels. At this width choose up to "
                    "%(most)d dots per inch, or take SVG or PDF, which have no pixels."
                )
                % {"figure": _(str(dense.label)), "most_pixels": MOST_PIXELS // 1_000_000, "most": dpi}
            }
        )


def _figures(kind: Kind, snapshot: Snapshot) -> Iterator[Kind]:
    if kind.group == FIGURES:
        yield kind
    elif kind.group == EVERYTHING:
        yield from (one for one in SINGLES if one.group == FIGURES and not one.unavailable(snapshot))


def _too_narrow(figure: Kind, least: int, width: float) -> str:
    return _(
        "“%(figure)s” takes %(least)d mm or more: at %(width)g mm its smallest text would have less than 5 points."
    ) % {"figure": _(str(figure.label)), "least": least, "width": width}
