"""What was noted of a stage, as paragraphs of the statement."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from scoping.selectors.record import NoteRecord
from scoping.wording import FULL_WIDTH_ENDS, ended, is_english, typed_sentence

# With which a step begins that does not say who took it, beside all that end in -ed.
VERBS = {
    "began", "brought", "built", "chose", "drew", "found", "gave", "had", "held", "kept", "led", "made", "means", "met",
    "put", "read", "sent", "set", "spoke", "took", "went", "will", "wrote",
}  # fmt: skip


def noted(notes: Iterable[NoteRecord], company: str) -> tuple[str, ...]:
    """Notes as paragraphs: one for each of the working group's own; those of a report together, and called so."""
    paragraphs: list[str] = []
    run_on = False
    for note in notes:
        who = note.done_by or note.done_on
        if note.done_by and note.done_on:
            who = _("%(who)s, %(when)s") % {"who": note.done_by, "when": note.done_on}
        if not note.source:
            text = typed_sentence(note.text)
            paragraphs.append(_("%(who)s: %(text)s") % {"who": who, "text": text} if who else text)
        elif run_on and not who:
            paragraphs[-1] = _after(paragraphs[-1], typed_sentence(_with_subject(note.text, "it")))
        else:
            paragraphs.append(_of_report(note.text, who, company))
        run_on = bool(note.source)
    return tuple(paragraphs)


def _of_report(text: str, who: str, company: str) -> str:
    told = _with_subject(text, company)
    if told == text:
        by = _("According to the report (%(who)s): %(text)s") if who else _("According to the report: %(text)s")
        return by % {"who": who, "text": typed_sentence(told)}
    by = _("According to the report (%(who)s), %(text)s") if who else _("According to the report, %(text)s")
    return by % {"who": who, "text": ended(told)}


def _after(text: str, other: str) -> str:
    """Two notes one after the other, in whatever language they were written."""
    blank = "" if not is_english() and text.endswith(FULL_WIDTH_ENDS) else " "
    return f"{text}{blank}{other}"


def _with_subject(text: str, subject: str) -> str:
    """Steps of a report are told by what was done ("Compared with peers."): in English they get who did it."""
    first, _blank, rest = text.strip().partition(" ")
    is_verb = first.lower().endswith("ed") or first.lower() in VERBS
    return f"{subject} {first.lower()} {rest}" if is_english() and is_verb and rest else text
