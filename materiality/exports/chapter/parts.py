"""The parts of the chapter, in the order in which a report has them."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from materiality.exports.chapter.management import managed
from materiality.exports.chapter.material import Material, material_of
from materiality.exports.chapter.paper import NOT_KNOWN, Band, Column, Line, Paper, Row
from materiality.exports.chapter.picture import matrix_picture
from materiality.exports.chapter.starting import start_paper
from materiality.exports.chapter.texts import (
    about_certainty,
    about_matrix,
    decisions,
    limits,
    simulated_badge,
    simulated_notice,
)
from materiality.exports.sentences import full_stop, in_brackets
from materiality.findings import by_decision, compared_with_published, headline, percent
from materiality.gaps import gaps_of
from materiality.presentation import says_certainty, tiers_with_rows, without_tier
from materiality.review.decided import computed_tier, moved_by_decision
from materiality.statement import statement_of
from materiality.telling import choices_in_words
from scoping.models import Assessment
from scoping.selectors.sheets import SheetRow
from scoping.selectors.stakeholders import RegisteredGroup
from scoping.wording import run_on

CHOICE_FIELDS = ("choice", "label", "sentence", "formula", "reference")


def chapter_docx(results: dict[str, Any] | None, assessment: Assessment, template: bytes | None = None) -> bytes:
    """The chapter as a Word file; without `results`, the list of issues is the result.

    Raises
    ------
    ValueError
        If the template, a Word file whose look is used instead of ours, cannot be.
    """
    return write(material_of(assessment, results), template).to_bytes()


def write(material: Material, template: bytes | None = None) -> Paper:
    title = _("Material topics of %(company)s, %(period)s") % {"company": material.company, "period": material.period}
    paper = start_paper(material, title=title, template=template)
    for part in PARTS:
        part(paper, material)
    return paper


def opening(paper: Paper, material: Material) -> None:
    paper.text(_("Material topics"), "Title")
    paper.text(
        _("%(company)s, reporting period %(period)s") % {"company": material.company, "period": material.period},
        "Subtitle",
    )
    if material.simulated:
        paper.text(simulated_notice(material), "Notice")


def determining(paper: Paper, material: Material) -> None:
    """The method statement. What it says of the assessment before stands in a part of its own."""
    paper.heading(_("How the material topics were determined"), 1)
    for section in statement_of(material.facts):
        if section.answers == "GRI 3-2 b":
            continue
        paper.heading(in_brackets(section.title, section.answers), 2)
        for paragraph in section.paragraphs:
            paper.text(paragraph)


def matrix(paper: Paper, material: Material) -> None:
    if material.results is None:
        return
    paper.heading(_("The matrix"), 1)
    # The sentence stays with the picture, which often begins a page.
    paper.text("".join(part.text for part in headline(dict(material.results))), properties="<w:keepNext/>")
    try:
        picture = matrix_picture(material.results, palette=material.palette)
    except ValueError as error:
        # No issue has a score, or no installed font can draw a name: the rest of the chapter is no less useful.
        paper.text(_("The matrix could not be drawn. %(error)s") % {"error": error}, look="Placeholder")
        return
    paper.picture(picture.png, pixels=picture.pixels, description=about_matrix(material.results, picture.title))
    paper.caption("Figure", _("Figure"), picture.title, above=False)
    paper.text(picture.source, "Source")


def ranking(paper: Paper, material: Material) -> None:
    """A list for each tier; without a result, for each category."""
    if material.results is None:
        _list_of_issues(paper, material)
        return
    results = dict(material.results)
    paper.heading(_("The issues in order of importance"), 1)
    if material.simulated:
        paper.text(simulated_badge(material), look="Warning", properties="<w:keepNext/>")
    for tier in tiers_with_rows(results):
        number = len(tier.rows)
        paper.heading(
            ngettext("%(tier)s: %(number)d issue", "%(tier)s: %(number)d issues", number)
            % {"tier": tier.name, "number": number},
            2,
        )
        for row in tier.rows:
            paper.numbered(row.issue["rank"], row.issue["name"])
        if not tier.rows:
            paper.text(_("No issue is in this tier."))
    _unplaced(paper, without_tier(results))
    _decisions(paper, results)
    _certainty(paper, results)


def _unplaced(paper: Paper, issues: list[dict[str, Any]]) -> None:
    if not issues:
        return
    paper.heading(_("Without a tier"), 2)
    # Of these some may have a rank, where the rule could not tell tiers apart.
    for issue in issues:
        if issue["rank"] is not None:
            paper.numbered(issue["rank"], issue["name"])
    paper.bullets([issue["name"] for issue in issues if issue["rank"] is None])


def _decisions(paper: Paper, results: Mapping[str, Any]) -> None:
    """Where people gave a tier in place of the computed one, and why."""
    found = decisions(results)
    if not found:
        return
    paper.heading(_("Tiers by decision of the working group"), 2)
    if moved := moved_by_decision(dict(results)):
        paper.text(by_decision(len(moved)))
    for told, reason in found:
        paper.text(reason, lead=told)


def _list_of_issues(paper: Paper, material: Material) -> None:
    paper.heading(_("The material topics"), 1)
    if not material.sheets:
        paper.text(_("No issue is on the list yet."), look="Placeholder")
    for category in material.sheets:
        if len(material.sheets) > 1 or category.name != _("Without a category"):
            paper.heading(category.name, 2)
        paper.bullets([row.name for row in category.rows])


def _certainty(paper: Paper, results: Mapping[str, Any]) -> None:
    if not results["issues"]:
        return
    interval = percent(float((results.get("method") or {}).get("interval", 0.9)))
    decided = bool(moved_by_decision(dict(results)))
    paper.heading(_("How sure the places are"), 2)
    paper.text(about_certainty(results, known=says_certainty(dict(results))))
    paper.caption("Table", _("Table"), _("Ranks, tiers and how sure they are"), above=True)
    columns = [
        Column(_("Rank"), 7, is_number=True),
        Column(_("Issue"), 24),
        Column(_("Tier"), 14),
        Column(_("Probability of the computed tier") if decided else _("Probability of the tier"), 14, is_number=True),
        Column(_("Rank, %(interval)s interval") % {"interval": interval}, 13, is_number=True),
        Column(_("To the company"), 11, is_number=True),
        Column(_("To stakeholders"), 15, is_number=True),
        Column(_("Groups"), 12),
    ]
    paper.table(
        columns,
        [_certainty_row(issue) for issue in results["issues"]],
        description=_("One row per issue: its rank, its tier, how probable both are, and its scores."),
    )
    same, of = compared_with_published(dict(results))
    if of:
        paper.text(
            ngettext(
                "%(same)d of the %(of)d issue with a published tier stands in it.",
                "%(same)d of the %(of)d issues with a published tier stand in it.",
                of,
            )
            % {"same": same, "of": of},
            "Source",
        )


def _certainty_row(issue: Mapping[str, Any]) -> Row:
    tier, computed, ranks = issue["tier"], computed_tier(issue), issue["rank_interval"]
    chance = issue["tier_probability"].get(computed) if computed else None
    told = tier or NOT_KNOWN
    if tier != computed:
        told = _("%(tier)s, by decision (computed: %(computed)s)") % {
            "tier": tier,
            "computed": computed or _("no tier"),
        }
    return [
        _whole(issue["rank"]),
        issue["name"],
        told,
        NOT_KNOWN if chance is None else percent(chance),
        NOT_KNOWN if not ranks else _whole(ranks[0]) if ranks[0] == ranks[1] else f"{ranks[0]}–{ranks[1]}",
        _score(issue["company"]),
        _score(issue["stakeholders"]),
        _("contested") if issue["contested"] else NOT_KNOWN,
    ]


def _whole(number: int | None) -> str:
    return NOT_KNOWN if number is None else f"{number}"


def _score(number: float | None) -> str:
    return NOT_KNOWN if number is None else f"{number:.2f}"


def stakeholders(paper: Paper, material: Material) -> None:
    paper.heading(_("Dialogue with stakeholders"), 1)
    if not material.groups:
        paper.text(_("[to be written: which stakeholder groups there are]"), look="Placeholder")
        return
    with_reasons = any(one.group.relevance for one in material.groups)
    columns = [Column(_("Stakeholders"), 16)]
    columns += [Column(_("Why they matter"), 20)] if with_reasons else []
    columns += [Column(_("What they expect"), 20), Column(_("How we talk"), 22), Column(_("Our response"), 22)]
    rows: list[Row] = [_stakeholder(one, with_reasons=with_reasons) for one in material.groups]
    paper.caption("Table", _("Table"), _("Stakeholders, what they expect, and our response"), above=True)
    paper.table(
        columns,
        rows,
        description=_("One row per stakeholder group: its topics, the channels of communication and the responses."),
    )


def _stakeholder(one: RegisteredGroup, *, with_reasons: bool) -> Row:
    topics = list(dict.fromkeys(concern.topic for concern in one.topics))
    answered = [concern for concern in one.topics if concern.response]
    channels = [in_brackets(channel.name, channel.frequency) for channel in one.channels]
    responses = [
        Line(concern.response, lead=_("%(topic)s:") % {"topic": concern.topic} if len(topics) > 1 else "")
        for concern in answered
    ]
    row: list[Any] = [[Line(one.group.name)]]
    row += [_written([Line(line) for line in one.group.relevance.splitlines() if line.strip()])] if with_reasons else []
    row += [_written(_items(topics)), _written(_items(channels)), _written(responses)]
    return row


def _items(texts: list[str]) -> list[Line]:
    return [Line(text, is_bullet=len(texts) > 1) for text in texts]


def _written(lines: list[Line]) -> list[Line]:
    """The lines of a cell; where there are none, a mark that somebody has to write them."""
    return lines or [Line(_("[to be written]"), is_open=True)]


def management(paper: Paper, material: Material) -> None:
    """What each issue means, what is done about it, and where the report tells of it."""
    if not material.sheets:
        return
    paper.heading(_("Management of the material topics"), 1)
    columns = [
        Column(_("Issue"), 20),
        Column(_("What it means to us"), 27),
        Column(_("Our practice and response"), 31),
        Column(_("Chapter"), 22),
    ]
    rows: list[Row] = []
    for category in material.sheets:
        rows.append(Band(category.name))
        rows += [_managed(row, material) for row in category.rows]
    paper.caption("Table", _("Table"), _("Material topics, what they mean, and what we do"), above=True)
    paper.table(
        columns,
        rows,
        description=_("One row per issue, under its category: meaning, practice and response, chapter of the report."),
    )


def _managed(row: SheetRow, material: Material) -> Row:
    told = managed(row, material)
    goals = [Line(_("SDG %(numbers)s") % {"numbers": told.goals})] if told.goals else []
    return [[Line(row.name)], _written(told.meaning), _written(told.practice), _written([*told.chapters, *goals])]


def changes(paper: Paper, material: Material) -> None:
    found = material.changes
    if found is None:
        return
    before = material.previous_period
    paper.heading(_("What has changed since %(period)s") % {"period": before}, 1)
    paper.text(found.summary)
    for sentence in material.moves:
        paper.text(sentence)
    columns = [
        Column(material.period, 33),
        Column(_("Relation"), 17),
        Column(before, 30),
        Column(_("Remark"), 20),
    ]
    rows: list[Row] = [
        [
            change.issue.name,
            change.relation.label,
            [Line(one.name, is_bullet=len(change.previous) > 1) for one in change.previous],
            change.note,
        ]
        for change in found.rows
    ]
    rows += [[NOT_KNOWN, _("dropped"), gone.previous.name, gone.note] for gone in found.dropped]
    if not rows:
        return
    paper.caption(
        "Table",
        _("Table"),
        _("The list of %(now)s beside that of %(before)s") % {"now": material.period, "before": before},
        above=True,
    )
    paper.table(columns, rows, description=_("One row per issue, with those of the period before that it continues."))


def computing(paper: Paper, material: Material) -> None:
    """Every choice of the method, in the words that the run keeps; results of earlier versions keep none."""
    choices = choices_in_words(material.results or {})
    if not choices:
        return
    paper.heading(_("How this was computed"), 1)
    columns = [
        Column(_("Choice"), 15),
        Column(_("Here"), 17),
        Column(_("What it means"), 26),
        Column(_("Formula"), 20),
        Column(_("Reference"), 22),
    ]
    paper.caption("Table", _("Table"), _("The choices that this result was computed with"), above=True)
    paper.table(
        columns,
        [[one[field] for field in CHOICE_FIELDS] for one in choices],
        description=_("One row per choice: what was chosen, what it means, its formula and where it comes from."),
    )


def notes(paper: Paper, material: Material) -> None:
    paper.heading(_("Notes and limits"), 1)
    paper.bullets(limits(material))
    gaps = gaps_of(material.facts)
    if gaps:
        paper.heading(_("Still missing for a complete statement"), 2)
        paper.bullets([run_on([full_stop(gap.what), gap.why]) for gap in gaps])


PARTS: tuple[Callable[[Paper, Material], None], ...] = (
    opening,
    determining,
    matrix,
    ranking,
    stakeholders,
    management,
    changes,
    computing,
    notes,
)
