"""The sections of the statement, and it as a file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from materiality.facts import Facts
from materiality.statement.concluding import asking, computing, confirmation, publishing
from materiality.statement.finding import changes, determining, dialogue, screening
from materiality.statement.notes import noted
from scoping.models import ProcessStage
from scoping.wording import run_on


@dataclass(frozen=True)
class Section:
    """A part of the statement; `answers` names the disclosure that it is written for."""

    title: str
    answers: str
    paragraphs: tuple[str, ...]


def statement_of(facts: Facts) -> list[Section]:
    """The sections that have something to say, in the order of the work."""
    prioritised = [asking(facts), computing(facts), publishing(facts)]
    sections = [
        Section(_("The assessment"), "GRI 3-1", _paragraphs([_about(facts)])),
        Section(_("Dialogue with stakeholders"), "GRI 3-1 b", _part(facts, ProcessStage.DIALOGUE, [dialogue(facts)])),
        Section(
            _("How the issues were found"), "GRI 3-1 a", _part(facts, ProcessStage.DETERMINING, [determining(facts)])
        ),
        Section(_("How the list was screened"), "GRI 3-1 a", _part(facts, ProcessStage.CRITERIA, [screening(facts)])),
        Section(_("How the issues were prioritised"), "GRI 3-1 a", _part(facts, ProcessStage.RESULTS, prioritised)),
        Section(_("Confirmation"), "GRI 3-1 a", _part(facts, ProcessStage.CONFIRMATION, [confirmation(facts)])),
        Section(_("Changes since the assessment before"), "GRI 3-2 b", _paragraphs([changes(facts)])),
    ]
    return [section for section in sections if section.paragraphs]


def as_text(facts: Facts) -> str:
    """The statement as a plain text file."""
    title = _("How %(company)s determines its material topics, %(period)s") % {
        "company": facts.company,
        "period": facts.period,
    }
    parts = [title, "=" * len(title)]
    for section in statement_of(facts):
        heading = _("%(title)s (%(answers)s)") % {"title": section.title, "answers": section.answers}
        parts += ["", heading, "-" * len(heading), *(f"{paragraph}\n" for paragraph in section.paragraphs)]
    return "\n".join(parts).rstrip() + "\n"


def _about(facts: Facts) -> list[str]:
    told = _(
        "This is how %(company)s determines its material topics for the reporting period %(period)s, as recorded in "
        "the assessment “%(name)s”."
    )
    return [told % {"company": facts.company, "period": facts.period, "name": facts.name}]


def _part(facts: Facts, stage: str, sentences: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return (*_paragraphs(sentences), *noted(facts.scope.notes_on(stage), facts.company))


def _paragraphs(sentences: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(run_on(paragraph) for paragraph in sentences if paragraph)
