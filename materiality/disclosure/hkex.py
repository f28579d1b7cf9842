"""HKEX ESG Reporting Guide: the reporting principle of materiality, and where each disclosure is answered."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from materiality.disclosure.cells import DisclosureTable, Framework, Row, at, known, partly, to_write, unlinked
from materiality.disclosure.material import Sources
from materiality.disclosure.names import entry_name, told_name
from materiality.exports.sentences import in_brackets
from scoping.libraries.catalogue import find_library
from scoping.wording import enumerated, in_a_row


def framework(sources: Sources) -> Framework:
    library = find_library("hkex")
    tables = (_principles(sources), _index(sources))
    return Framework("hkex", told_name(library.name), told_name(library.edition), tables)


def _principles(sources: Sources) -> DisclosureTable:
    material = sources.material
    worked = sources.section(
        _("How the issues were found"), _("How the list was screened"), _("How the issues were prioritised")
    )
    rows = (
        Row(
            pgettext("HKEX", "Governance"),
            _("How the board oversees ESG issues, and how material ones are evaluated, prioritised and managed"),
            (
                partly(
                    (sources.confirmation, *sources.section(_("Confirmation"))),
                    _("Describe the board's oversight and how it reviews progress against goals."),
                    at("materiality:process"),
                ),
            ),
        ),
        Row(
            pgettext("HKEX", "Materiality i"),
            _("How material factors were identified, and by which criteria they were selected"),
            (known(*worked, otherwise=_("Record where the issues come from."), place=at("scoping:long-list")),),
        ),
        Row(
            pgettext("HKEX", "Materiality ii"),
            _("Which significant stakeholders were engaged, how, and with what result"),
            (
                known(
                    *sources.section(_("Dialogue with stakeholders")),
                    _result(sources),
                    otherwise=_("Register the stakeholder groups and the channels."),
                    place=at("scoping:stakeholders"),
                ),
            ),
        ),
        Row(
            pgettext("HKEX", "Quantitative"),
            _("Standards, methods and factors behind the figures reported"),
            (to_write(_("Belongs to the figures of the report: say it beside them.")),),
        ),
        Row(
            pgettext("HKEX", "Consistency"),
            _("Changes in methods or figures that make periods hard to compare"),
            (
                known(
                    material.changes.summary if material.changes else "",
                    *material.moves,
                    otherwise=_("No assessment before is named: say whether methods have changed."),
                    place=at("scoping:previous"),
                ),
            ),
        ),
        Row(
            pgettext("HKEX", "Boundary"),
            _("Which entities the report covers, and how they were chosen"),
            (to_write(_("State the boundary.")),),
        ),
    )
    return DisclosureTable("B", _("Mandatory disclosures and reporting principles"), rows)


def _result(sources: Sources) -> str:
    run = sources.material.facts.run
    if run is None:
        return ""
    tiers = [_("%(count)s in “%(tier)s”") % {"count": count, "tier": name} for name, count in run.tiers]
    return _("Result: %(tiers)s.") % {"tiers": enumerated(tiers)}


def _index(sources: Sources) -> DisclosureTable:
    rows = []
    for entry in find_library("hkex").entries:
        if entry.kind != "disclosure":
            continue
        found = sources.index.get(("hkex", entry.code))
        named = [found.issue] if found and found.issue else sources.issues_of.get(entry.reference, ())
        topics = [topic for name in named if (topic := sources.topic_named(name))]
        cells = (
            known(
                in_a_row(in_brackets(topic.name, topic.tier or "") for topic in topics),
                otherwise=unlinked(),
                place=at("scoping:library", library="hkex"),
            ),
            known(
                found.location if found else "",
                otherwise=_("Enter the place in the content index, or explain why it is left out."),
                place=at("scoping:content-index"),
            ),
        )
        rows.append(Row(entry.code, entry_name(entry), cells))
    return DisclosureTable(
        "C",
        _("Comply or explain: where each disclosure is answered"),
        tuple(rows),
        (_("Issue and its tier"), _("Where the report tells of it")),
        _("Disclosure"),
    )
