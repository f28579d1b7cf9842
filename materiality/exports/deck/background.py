"""The slides around the finding: who was asked and what was answered them, what is done about each issue, what has
changed, how it was computed, and its limits."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from materiality.exports.chapter.management import managed
from materiality.exports.chapter.material import Material
from materiality.exports.chapter.paper import NOT_KNOWN, Band, Cell, Column, Line, Row
from materiality.exports.chapter.texts import limits
from materiality.exports.deck.outcome import answers_of
from materiality.exports.deck.slides import Deck
from materiality.exports.sentences import in_brackets
from materiality.exports.simulated import simulated_sentence
from materiality.findings import percent
from materiality.presentation import people_told
from materiality.statement import statement_of
from materiality.telling import choices_in_words, told_method
from scoping.selectors.sheets import SheetRow
from scoping.selectors.stakeholders import RegisteredGroup

SMALL, TEXT = 11.0, 14.0  # sizes of type of tables with much text, and of texts


def asked(deck: Deck, material: Material) -> None:
    if material.results is None:
        return
    sides = {"internal": _("the company"), "external": _("stakeholders")}
    columns = [
        Column(_("Group"), 40),
        Column(_("Speaks for"), 20),
        Column(_("Answers"), 12, is_number=True),
        Column(_("Weight"), 12, is_number=True),
        Column(_("Share of its axis"), 16, is_number=True),
    ]
    rows: list[Row] = [
        [
            group["name"],
            sides[group["side"]],
            people_told(group, material.results),
            f"{group['weight']:g}",
            "100 %" if group["share"] == 1 else percent(group["share"]) if group["share"] else NOT_KNOWN,
        ]
        for group in material.results["stakeholder_groups"]
    ]
    if rows:
        about = _("One row per stakeholder group: for whom it speaks, how many answered, and its weight.")
        deck.table(_("Who was asked"), columns, rows, about=about, strip=answers_of(material))


def stakeholders(deck: Deck, material: Material) -> None:
    """Topics of concern and the company's response, group by group."""
    if not material.groups:
        return
    columns = [
        Column(_("Stakeholders"), 17),
        Column(_("What they expect"), 27),
        Column(_("How we talk"), 26),
        Column(_("Our response"), 30),
    ]
    rows: list[Row] = [_group(one) for one in material.groups]
    if not any(any(row[1:]) for row in rows if not isinstance(row, Band)):
        # Of names alone there is nothing to tell here.
        return
    deck.table(
        _("Dialogue with stakeholders"),
        columns,
        rows,
        about=_("One row per stakeholder group: its topics, the channels of communication and the responses."),
        size=SMALL,
    )


def _group(one: RegisteredGroup) -> Row:
    topics = list(dict.fromkeys(concern.topic for concern in one.topics))
    channels = [in_brackets(channel.name, channel.frequency) for channel in one.channels]
    responses = [
        Line(concern.response, lead=_("%(topic)s:") % {"topic": concern.topic} if len(topics) > 1 else "")
        for concern in one.topics
        if concern.response
    ]
    return [[Line(one.group.name)], _items(topics), _items(channels), responses]


def _items(texts: list[str]) -> Cell:
    return [Line(text, is_bullet=len(texts) > 1) for text in texts]


def management(deck: Deck, material: Material) -> None:
    """What each issue means, what is done about it, and where the report tells of it; of those of which something is
    written."""
    columns = [
        Column(_("Issue"), 18),
        Column(_("What it means to us"), 28),
        Column(_("Our practice and response"), 32),
        Column(_("Chapter"), 14),
        Column(_("SDGs"), 8),
    ]
    rows: list[Row] = []
    blank = 0
    for category in material.sheets:
        found = [_managed(row, material) for row in category.rows]
        told = [row for row in found if any(row[1:])]
        blank += len(found) - len(told)
        rows += [Band(category.name), *told] if told else []
    if not rows:
        return
    text = ngettext(
        "Of %(number)d more issue nothing is written yet", "Of %(number)d more issues nothing is written yet", blank
    )
    deck.table(
        _("Management of the material topics"),
        columns,
        rows,
        about=_("One row per issue, under its category: meaning, practice and response, chapter of the report, SDGs."),
        strip=text % {"number": blank} if blank else "",
        size=SMALL,
    )


def _managed(row: SheetRow, material: Material) -> list[Cell]:
    told = managed(row, material)
    return [[Line(row.name)], told.meaning, told.practice, told.chapters, [Line(told.goals)] if told.goals else []]


def changes(deck: Deck, material: Material) -> None:
    if material.changes is None:
        return
    before = material.previous_period
    title = _("What has changed since %(period)s") % {"period": before}
    deck.texts(title, [Line(text) for text in (material.changes.summary, *material.moves)], size=TEXT)
    changed = [row for row in material.changes.rows if row.relation.value != "same"]
    rows: list[Row] = [
        [row.issue.name, row.relation.label, _items([one.name for one in row.previous]), row.note] for row in changed
    ]
    rows += [[NOT_KNOWN, _("dropped"), gone.previous.name, gone.note] for gone in material.changes.dropped]
    if not rows:
        return
    columns = [
        Column(material.period, 33),
        Column(_("Relation"), 17),
        Column(before, 30),
        Column(_("Remark"), 20),
    ]
    about = _("One row per issue that is not simply the same, with those of the period before that it continues.")
    deck.table(_("The list of %(now)s beside that of %(before)s") % {"now": material.period, "before": before},
               columns, rows, about=about)  # fmt: skip


def method(deck: Deck, material: Material) -> None:
    """In short: who was asked what, and how answers became tiers. The chapter has the whole of it."""
    results = material.results
    if results is None:
        sections = [section for section in statement_of(material.facts) if section.answers != "GRI 3-2 b"]
        lines = [Line(text) for section in sections for text in section.paragraphs[:1]]
        if lines:
            deck.texts(_("The method in short"), lines, size=TEXT)
        return
    choices = choices_in_words(results)
    if not choices:
        deck.texts(_("The method in short"), [Line(told_method(results))], size=TEXT)
        return
    columns = [Column(_("Choice"), 24), Column(_("Here"), 28), Column(_("What it means"), 48)]
    deck.table(
        _("The method in short"),
        columns,
        [[one[field] for field in ("choice", "label", "sentence")] for one in choices],
        about=_("One row per choice: what was chosen and what it means."),
    )


def notes(deck: Deck, material: Material) -> None:
    # The last of them explains signs of the chapter.
    found = limits(material)[:-1]
    found = found[1:] if material.simulated else found
    if material.simulated:
        found.insert(0, simulated_sentence(material.simulated, material.answers))
    deck.texts(_("Notes and limits"), [Line(text, is_bullet=True) for text in found], size=TEXT)
