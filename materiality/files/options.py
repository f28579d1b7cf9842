"""What can be chosen about a file, checked. Values travel as JSON in the row of the file."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

MM_PER_INCH = 25.4
# How narrow a figure can be follows from its smallest text (files/fitting.py); this alone keeps it a width.
WIDTHS, RESOLUTIONS = (1, 500), (36, 1200)
USUAL_DPI = 300
MOST_PIXELS = 100_000_000
# No figure is much higher than wide, but for tables of many issues, which are measured when they are drawn.
HEIGHT_OF_WIDTH = 1.1
FIGURE_FORMATS = {"png": "PNG", "svg": "SVG", "pdf": "PDF", "csv": gettext_noop("CSV, the numbers behind it")}
LANGUAGES = {"en": "English", "zh-hans": "简体中文"}


@dataclass(frozen=True)
class Options:
    """
    Parameters
    ----------
    format : of a figure.
    width_mm : of a figure, in millimetres; None as it is drawn.
    dpi : dots per inch of a PNG.
    language : of the words in a figure or a document that people did not write themselves.
    answers : whether a report pack holds the answers too.
    proposal : whose document is written, instead of the current result.
    """

    format: str = "png"
    width_mm: float | None = None
    dpi: int = USUAL_DPI
    language: str = "en"
    answers: bool = False
    proposal: UUID | None = None

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Options":
        """Those that `checked` returned."""
        known = {key: kept[key] for key in cls.__dataclass_fields__ if key in kept}
        if known.get("proposal"):
            known["proposal"] = UUID(known["proposal"])
        return cls(**known)


def checked(given: Mapping[str, Any], *, taken: Collection[str]) -> dict[str, Any]:
    """`given`, of which nothing but `taken` may be chosen, as it is kept. What is empty or false counts as not given.

    Raises
    ------
    ValidationError
        By the name of the option, with what is wrong and what would be right.
    """
    kept: dict[str, Any] = {}
    errors: dict[str, ValidationError] = {}
    for name, value in sorted(given.items()):
        if value is None or value is False or value == "":
            continue
        if name not in taken:
            errors[name] = ValidationError(
                _("This file takes no option “%(name)s”; it takes %(taken)s.")
                % {"name": name, "taken": ", ".join(sorted(taken)) or _("none")}
            )
            continue
        try:
            kept[name] = CHECKS[name](value)
        except ValidationError as error:
            errors[name] = error
    if not errors:
        errors = _too_many_pixels(kept) if kept.get("format", "png") == "png" else {}
    if errors:
        raise ValidationError(errors)
    return kept


def _too_many_pixels(kept: Mapping[str, Any]) -> dict[str, ValidationError]:
    width, dpi = kept.get("width_mm"), kept.get("dpi", USUAL_DPI)
    if width is None or pixels(width, dpi) <= MOST_PIXELS:
        return {}
    most = int((MOST_PIXELS / HEIGHT_OF_WIDTH) ** 0.5 / width * MM_PER_INCH)
    return {
        "dpi": ValidationError(
            _(
                "A picture %(width)g mm wide at %(dpi)d dots per inch would have about %(pixels)d million pixels; at "
                "most %(most_pixels)d million are painted. At this width choose up to %(most)d dots per inch, or take "
                "SVG or PDF, which have no pixels."
            )
            % {
                "width": width,
                "dpi": dpi,
                "pixels": round(pixels(width, dpi) / 1e6),
                "most_pixels": MOST_PIXELS // 1_000_000,
                "most": most,
            }
        )
    }


def pixels(width_mm: float, dpi: int) -> float:
    """About how many a picture has."""
    return float((width_mm / MM_PER_INCH * dpi) ** 2 * HEIGHT_OF_WIDTH)


def _format(value: Any) -> str:
    return _one_of(value, FIGURE_FORMATS, _("Choose one of these formats: %(known)s."))


def _language(value: Any) -> str:
    return _one_of(value, LANGUAGES, _("Choose one of these languages: %(known)s."))


def _one_of(value: Any, known: Mapping[str, str], message: str) -> str:
    if not isinstance(value, str) or value not in known:
        raise ValidationError(message % {"known": ", ".join(known)})
    return value


def _width(value: Any) -> float:
    low, high = WIDTHS
    refusal = _("Enter a width in millimetres, at most %(high)d, such as 160 or 85.5.") % {"high": high}
    # Many people write the decimals of millimetres after a comma.
    number = _number(value.replace(",", ".") if isinstance(value, str) else value, refusal)
    if not low <= number <= high:
        raise ValidationError(refusal)
    return number


def _dpi(value: Any) -> int:
    low, high = RESOLUTIONS
    refusal = _("Enter a whole number of dots per inch from %(low)d to %(high)d.") % {"low": low, "high": high}
    number = _number(value, refusal)
    if not low <= number <= high or number != int(number):
        raise ValidationError(refusal)
    return int(number)


def _number(value: Any, refusal: str) -> float:
    try:
        # A bool is a number to Python, and to nobody else.
        number = float("nan") if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        number = float("nan")
    if number != number or number in (float("inf"), float("-inf")):
        raise ValidationError(refusal)
    return number


def _answers(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValidationError(_("Say true or false."))
    return value


def _proposal(value: Any) -> str:
    try:
        return str(UUID(str(value)))
    except ValueError as error:
        raise ValidationError(_("This is no key of a proposal.")) from error


CHECKS: dict[str, Callable[[Any], Any]] = {
    "format": _format,
    "width_mm": _width,
    "dpi": _dpi,
    "language": _language,
    "answers": _answers,
    "proposal": _proposal,
}
