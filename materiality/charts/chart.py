"""What every chart can do. Each is a figure of `figures/`, built from a decided result or from what is known of the
assessment, its layout and its painter."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import matplotlib
from django.utils.functional import Promise
from django.utils.translation import gettext as _

import figures
from figures.palette import palette_with
from figures.wording import Wording
from figures.wording_zh import words_in
from scoping.models import Assessment
from tables.writing import Table

if TYPE_CHECKING:
    from figures.files import Extent

Format = Literal["png", "svg", "pdf"]
Results = Mapping[str, Any] | None
# The formats of a chart and what a browser calls them.
CONTENT_TYPES: dict[Format, str] = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}


@dataclass(frozen=True)
class ChartStyle:
    """How a file looks.

    Parameters
    ----------
    dpi : dots per inch of a PNG.
    width_mm : width in print; as the chart was laid out where it is None.
    colours : of the tiers as #rrggbb, the highest tier first; those that are missing are the house's.
    language : of the words around the names, "en" or "zh-hans".
    """

    dpi: int = 200
    width_mm: float | None = None
    colours: tuple[str, ...] = ()
    language: str = "en"


@dataclass(frozen=True)
class Tools:
    """Layout, page, painter and builder of a figure (figures/)."""

    lay_out: Callable[[Any], Any]
    frame_of: Callable[[Any], Any]
    paint: Callable[..., bytes]
    make: Callable[[Any], Any]


class Chart(ABC):
    """A chart under its `slug`; `page` is where one goes to get what it lacks, and what the link there says."""

    slug: str
    label: Promise
    page: tuple[str, Promise]

    @abstractmethod
    def unavailable(self, results: Results, assessment: Assessment) -> str:
        """Why it cannot be drawn, and what to do; empty where it can."""

    @abstractmethod
    def figure(self, results: Results, assessment: Assessment, language: str) -> Any:
        """Everything that it says. Raises ValueError where there is nothing to draw."""

    @abstractmethod
    def alt_of(self, figure: Any, results: Results, words: Wording) -> str:
        """What the figure shows, in sentences."""

    @abstractmethod
    def table(self, results: Results, assessment: Assessment) -> Table:
        """The data behind it. Raises ValueError where there is none."""

    @abstractmethod
    def tools(self) -> Tools:
        """Loaded when something is drawn: matplotlib takes half a second, which pages do not wait for."""

    def paint(self, results: Results, assessment: Assessment, format: Format, style: ChartStyle) -> bytes:
        """The chart as a file. The same content, format and style are the same bytes.

        Raises
        ------
        MissingFont
            If no installed font can draw a name.
        ValueError
            If it cannot be drawn, or not so.
        """
        figure = self.figure_or_why(results, assessment, style.language)
        palette = palette_with(tuple(style.colours))
        tools = self.tools()
        return tools.paint(tools.lay_out(figure), format, style.dpi, palette, width_mm=style.width_mm)

    def alt_text(self, results: Results, assessment: Assessment, language: str) -> str:
        """What it shows, in one to five sentences. Raises ValueError where it cannot be drawn."""
        return self.alt_of(self.figure_or_why(results, assessment, language), results, words_in(language))

    def figure_or_why(self, results: Results, assessment: Assessment, language: str) -> Any:
        """The figure. Raises ValueError, saying why, where there is none."""
        why = self.unavailable(results, assessment)
        if why:
            raise ValueError(why)
        return self.figure(results, assessment, language)

    def extent(self, results: Results, assessment: Assessment, language: str) -> "Extent":
        """Its size in print as it is laid out, and how narrow it can be, without painting it. Raises as `paint`."""
        from figures.files import extent_of

        tools = self.tools()
        layout = tools.lay_out(self.figure_or_why(results, assessment, language))
        return extent_of(lambda: tools.make(layout))

    def size(self, figure: Any) -> tuple[int, int]:
        """Width and height on a page, in pixels."""
        tools = self.tools()
        frame = tools.frame_of(tools.lay_out(figure))
        return round(frame.width), round(frame.height)


def key_of(figure: Any, format: str, style: ChartStyle) -> str:
    """What tells a file from others: everything that is in it, how it shall look, and the code that draws it."""
    return hashlib.sha256(repr((figure, format, style, _painters())).encode()).hexdigest()[:32]


@cache
def _painters() -> str:
    """A digest of the code that draws: when it changes, so do files of the same content."""
    digest = hashlib.sha256(matplotlib.__version__.encode())
    for path in sorted(Path(figures.__path__[0]).glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def without_scores(results: Results, assessment: Assessment) -> str:
    """Why there is nothing to draw of a result; empty where an issue has a rank."""
    if results is None or "scale" not in results:
        if assessment.with_survey:
            return _("There is no result yet: collect answers, then compute the results.")
        return _("This assessment holds no survey: its list is its result, without scores that could be drawn.")
    if all(issue.get("rank") is None for issue in results["issues"]):
        return _("No issue has a score yet: collect more answers, then update the results.")
    return ""
