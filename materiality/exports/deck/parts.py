"""The deck, slide after slide in the order in which they are told; from what the chapter is written from too."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from materiality.exports.chapter.material import Material, material_of
from materiality.exports.chapter.texts import footer, simulated_badge
from materiality.exports.deck.background import asked, changes, management, method, notes, stakeholders
from materiality.exports.deck.outcome import answers_of, certainty, decisions, matrix, ranking, what_matters
from materiality.exports.deck.slides import Deck
from materiality.exports.simulated import simulated_sentence
from scoping.models import Assessment
from scoping.wording import dated


def deck_pptx(results: dict[str, Any] | None, assessment: Assessment, *, template: bytes | None = None) -> bytes:
    """
    The deck as a PowerPoint file; without `results`, the list of issues is the result.

    Parameters
    ----------
    results : the document of a run as it was decided.
    template : an organisation's own presentation (.pptx or .potx): its layouts, fonts and colours are used, its slides
        are not.

    Raises
    ------
    ValueError
        If the template cannot be used.
    """
    material = material_of(assessment, results)
    deck = Deck(
        template=template,
        palette=material.palette,
        title=_title(material),
        company=material.company,
        badge=simulated_badge(material),
        footer=footer(material),
        source=_source(material),
        made_at=material.made_at,
    )
    for part in PARTS:
        part(deck, material)
    return deck.to_bytes()


def _title(material: Material) -> str:
    return _("Material topics of %(company)s, %(period)s") % {"company": material.company, "period": material.period}


def _source(material: Material) -> str:
    """For the notes of each slide."""
    told = [_("Source: assessment “%(name)s” of %(company)s.") % {"name": material.name, "company": material.company}]
    results = material.results
    if results is None:
        told.append(_("No survey was held: the list is the result."))
    else:
        told.append(
            _("Result %(run)s, computed on %(day)s by version %(engine)s of the analysis with the seed %(seed)s.")
            % {
                "run": results["run"],
                "day": dated(material.made_on),
                "engine": results["engine"],
                "seed": results["seed"],
            }
        )
    if material.simulated:
        told.append(simulated_sentence(material.simulated, material.answers))
    return "\n".join(told)


def opening(deck: Deck, material: Material) -> None:
    told = [_("%(company)s, reporting period %(period)s") % {"company": material.company, "period": material.period}]
    if material.results:
        told.append(answers_of(material))
    if material.simulated:
        told.append(simulated_sentence(material.simulated, material.answers))
    deck.opening(_("Material topics"), told)


PARTS: tuple[Callable[[Deck, Material], None], ...] = (
    opening,
    what_matters,
    matrix,
    ranking,
    certainty,
    decisions,
    asked,
    stakeholders,
    management,
    changes,
    method,
    notes,
)
