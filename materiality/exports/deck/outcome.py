"""The slides that tell what was found: issues by tier, matrix, ranking, how sure it is, what was decided."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from figures.palette import SHAPES, style_of
from materiality.boundary import boundary_cases
from materiality.exports.chapter.material import Material
from materiality.exports.chapter.paper import NOT_KNOWN, Column, Line, Row
from materiality.exports.chapter.picture import matrix_picture
from materiality.exports.chapter.texts import about_certainty, about_matrix
from materiality.exports.deck.lists import Item, Part
from materiality.exports.deck.slides import Deck
from materiality.findings import by_decision, headline, percent
from materiality.presentation import heard_and_asked, says_certainty, tier_numbers, tiers_with_rows, without_tier
from materiality.review.decided import computed_tier, decision_of, moved_by_decision
from scoping.wording import dated

# The shapes of the matrix as characters: a tier is told by more than its colour.
MARKS = dict(zip(("circle", "diamond", "ring", "triangle", "square"), "●◆○△□", strict=True))
SIZE = (600.0, 560.0)  # of the matrix in pixels: the fewer, the larger its names on a slide


def answers_of(material: Material) -> str:
    """When the result was computed, from how many answers of how many groups."""
    heard, asked = heard_and_asked(dict(material.results or {}))
    text = ngettext(
        "Result of %(day)s, from %(answers)s answer of %(heard)s of %(asked)s stakeholder groups",
        "Result of %(day)s, from %(answers)s answers of %(heard)s of %(asked)s stakeholder groups",
        material.answers,
    )
    return text % {
        "day": dated(material.made_on),
        "answers": f"{material.answers:,}",
        "heard": heard,
        "asked": asked,
    }


def what_matters(deck: Deck, material: Material) -> None:
    """The finding, and the issues by tier; without a result, by category."""
    if material.results is None:
        parts = [
            Part(category.name, len(category.rows), [Item(None, row.name) for row in category.rows])
            for category in material.sheets
        ]
        if not parts:
            deck.texts(_("The material topics"), [Line(_("No issue is on the list yet."))])
            return
        deck.lists(_("The material topics"), parts)
        return
    results = dict(material.results)
    parts = [
        Part(
            tier.name,
            len(tier.rows),
            [_item(row.issue) for row in tier.rows],
            _mark(tier.number),
            material.palette.tiers[style_of(tier.number - 1)].mark,
        )
        for tier in tiers_with_rows(results)
    ]
    if unplaced := without_tier(results):
        parts.append(Part(_("Without a tier"), len(unplaced), [_item(one) for one in unplaced]))
    deck.lists(_("What matters most"), parts, lede=_headline(results))


def _item(issue: Mapping[str, Any]) -> Item:
    """An issue of a tier; with the computed one where it stands there by decision."""
    if computed_tier(issue) == issue["tier"]:
        return Item(issue["rank"], issue["name"])
    told = _("(by decision; computed: %(tier)s)") % {"tier": computed_tier(issue) or _("no tier")}
    return Item(issue["rank"], issue["name"], told)


def _headline(results: dict[str, Any]) -> str:
    return "".join(part.text for part in headline(results))


def _mark(number: int) -> str:
    return MARKS[SHAPES[style_of(number - 1)]]


def matrix(deck: Deck, material: Material) -> None:
    if material.results is None:
        return
    title = _("The matrix")
    try:
        picture = matrix_picture(material.results, SIZE, material.palette)
    except ValueError as error:
        # No issue has a score, or no installed font can draw a name: the other slides are no less useful.
        deck.texts(title, [Line(_("The matrix could not be drawn. %(error)s") % {"error": error})])
        return
    beside = [
        Line(_headline(dict(material.results))),
        Line(_("To the right: importance to the company. Upwards: importance to stakeholders.")),
        Line(picture.source),
    ]
    about = about_matrix(material.results, picture.title)
    deck.picture(title, picture.png, picture.pixels, about=about, beside=beside)


def ranking(deck: Deck, material: Material) -> None:
    if material.results is None or not material.results["issues"]:
        return
    interval = percent(float((material.results.get("method") or {}).get("interval", 0.9)))
    columns = [
        Column(_("Rank"), 7, is_number=True),
        Column(_("Issue"), 31),
        Column(_("Tier"), 24),
        Column(_("Priority"), 10, is_number=True),
        Column(_("To the company"), 11, is_number=True),
        Column(_("To stakeholders"), 15, is_number=True),
        Column(_("Rank, %(interval)s interval") % {"interval": interval}, 11, is_number=True),
        Column(_("Probability of the tier"), 13, is_number=True),
    ]
    numbers = tier_numbers(dict(material.results))
    rows: list[Row] = [_ranked(issue, numbers) for issue in material.results["issues"]]
    inks = {
        _place(issue, numbers): material.palette.tiers[style_of(numbers[issue["tier"]] - 1)].mark
        for issue in material.results["issues"]
        if issue["tier"]
    }
    deck.table(
        _("Ranking"),
        columns,
        rows,
        about=_("One row per issue: its rank, its tier, how probable both are, and its scores."),
        strip=answers_of(material),
        inks=inks,
    )


def _tier(name: str, numbers: Mapping[str, int]) -> str:
    return f"{_mark(numbers[name])} {name}"


def _place(issue: Mapping[str, Any], numbers: Mapping[str, int]) -> str:
    """The tier in words; with the computed one where it was given by decision."""
    tier, computed = issue["tier"], computed_tier(issue)
    if not tier:
        return NOT_KNOWN
    if tier == computed:
        return _tier(tier, numbers)
    told = {"tier": _tier(tier, numbers), "computed": computed or _("no tier")}
    return _("%(tier)s, by decision (computed: %(computed)s)") % told


def _ranked(issue: Mapping[str, Any], numbers: Mapping[str, int]) -> Row:
    tier, ranks = issue["tier"], issue["rank_interval"]
    # Probabilities speak of computed tiers: of one that people gave, they say nothing.
    chance = issue["tier_probability"].get(tier) if tier and tier == computed_tier(issue) else None
    return [
        _number(issue["rank"], 0),
        issue["name"],
        _place(issue, numbers),
        _number(issue["priority"], 2),
        _number(issue["company"], 2),
        _number(issue["stakeholders"], 2),
        NOT_KNOWN if not ranks else str(ranks[0]) if ranks[0] == ranks[1] else f"{ranks[0]}–{ranks[1]}",
        NOT_KNOWN if chance is None else percent(chance),
    ]


def _number(number: float | None, digits: int) -> str:
    return NOT_KNOWN if number is None else f"{number:.{digits}f}"


def certainty(deck: Deck, material: Material) -> None:
    """What is close to a boundary."""
    if material.results is None or not material.results["issues"]:
        return
    results = dict(material.results)
    title = _("How sure the places are")
    cases = boundary_cases(results)
    known = says_certainty(results)
    if not cases:
        told = [about_certainty(results, known=known)]
        told += [_("Every tier that was computed is settled.")] if known else []
        deck.texts(title, [Line(text) for text in told])
        return
    columns = [
        Column(_("Issue"), 34),
        Column(_("Where it stands"), 24),
        Column(_("Where it could be"), 24),
        Column(_("More answers that would settle it"), 18, is_number=True),
    ]
    rows: list[Row] = [
        [
            case.issue["name"],
            *(_("%(tier)s %(chance)s") % {"tier": place.name, "chance": place.chance} for place in case.places),
            NOT_KNOWN if case.answers is None else _("about %(number)s") % {"number": f"{case.answers:,}"},
        ]
        for case in cases
    ]
    about = _("One row per issue that is close to a boundary: the probabilities of its tiers.")
    deck.table(title, columns, rows, about=about)
    deck.texts(_("What certainty means here"), [Line(about_certainty(results, known=known))])


def decisions(deck: Deck, material: Material) -> None:
    """Where people decided about a tier, with their reasons."""
    decided = [issue for issue in (material.results or {"issues": ()})["issues"] if decision_of(issue)]
    if not decided:
        return
    columns = [
        Column(_("Issue"), 24),
        Column(pgettext("tier", "Computed"), 16),
        Column(_("Decided"), 16),
        Column(_("Reason"), 44),
    ]
    rows: list[Row] = [
        [
            issue["name"],
            computed_tier(issue) or _("no tier"),
            issue["tier"] or NOT_KNOWN,
            [Line(text) for text in issue["decision"]["reason"].splitlines() if text.strip()],
        ]
        for issue in decided
    ]
    moved = len(moved_by_decision(dict(material.results or {})))
    deck.table(
        _("Tiers by decision of the working group"),
        columns,
        rows,
        about=_("One row per issue: the computed tier, the one that was decided, and the reason."),
        strip=by_decision(moved) if moved else "",
    )
