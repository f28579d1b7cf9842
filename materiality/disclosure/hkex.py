"""HKEX ESG Reporting Guide: the reporting principle of materiality, and where each disclosure is answered."""

from materiality.disclosure.cells import DisclosureTable, Framework, Row, known, partly, to_write
from materiality.disclosure.material import Sources
from scoping.libraries.catalogue import find_library


def framework(sources: Sources) -> Framework:
    library = find_library("hkex")
    return Framework("hkex", library.name, library.edition, (_principles(sources), _index(sources)))


def _principles(sources: Sources) -> DisclosureTable:
    material = sources.material
    rows = (
        Row(
            "Governance",
            "How the board oversees ESG issues, and how material ones are evaluated, prioritised and managed",
            (
                partly(
                    (sources.confirmation, *sources.section("Confirmation")),
                    "Describe the board's oversight and how it reviews progress against goals.",
                ),
            ),
        ),
        Row(
            "Materiality i",
            "How material factors were identified, and by which criteria they were selected",
            (
                known(
                    *sources.section(
                        "How the issues were found", "How the list was screened", "How the issues were prioritised"
                    ),
                    otherwise="Record where the issues come from.",
                ),
            ),
        ),
        Row(
            "Materiality ii",
            "Which significant stakeholders were engaged, how, and with what result",
            (
                known(
                    *sources.section("Dialogue with stakeholders"),
                    _result(sources),
                    otherwise="Register the stakeholder groups and the channels.",
                ),
            ),
        ),
        Row(
            "Quantitative",
            "Standards, methods and factors behind the figures reported",
            (to_write("Belongs to the figures of the report: say it beside them."),),
        ),
        Row(
            "Consistency",
            "Changes in methods or figures that make periods hard to compare",
            (
                known(
                    material.changes.summary if material.changes else "",
                    *material.moves,
                    otherwise="No assessment before is named: say whether methods have changed.",
                ),
            ),
        ),
        Row(
            "Boundary", "Which entities the report covers, and how they were chosen", (to_write("State the boundary."),)
        ),
    )
    return DisclosureTable("B", "Mandatory disclosures and reporting principles", rows)


def _result(sources: Sources) -> str:
    run = sources.material.facts.run
    if run is None:
        return ""
    tiers = ", ".join(f"{count} in “{name}”" for name, count in run.tiers)
    return f"Result: {tiers}."


def _index(sources: Sources) -> DisclosureTable:
    rows = []
    for entry in find_library("hkex").entries:
        if entry.kind != "disclosure":
            continue
        found = sources.index.get(("hkex", entry.code))
        named = [found.issue] if found and found.issue else sources.issues_of.get(entry.reference, ())
        topics = [topic for name in named if (topic := sources.topic_named(name))]
        rows.append(
            Row(
                entry.code,
                entry.name,
                (
                    known("; ".join(f"{topic.name} ({topic.tier})" if topic.tier else topic.name for topic in topics)),
                    known(
                        found.location if found else "",
                        otherwise="Enter the place in the content index, or explain why it is left out.",
                    ),
                ),
            )
        )
    return DisclosureTable(
        "C",
        "Comply or explain: where each disclosure is answered",
        tuple(rows),
        ("Issue and its tier", "Where the report tells of it"),
        "Disclosure",
    )
