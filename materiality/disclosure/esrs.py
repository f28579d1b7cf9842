"""ESRS 2 (2023): SBM-2, SBM-3 and IRO-1. What the paragraphs ask, in our own short words."""

from materiality.disclosure.cells import DisclosureTable, Filled, Framework, Row, known, partly, to_write
from materiality.disclosure.material import Sources, Topic
from scoping.libraries.catalogue import find_library

NOT_FINANCIAL = (
    "The survey asks how important an issue is. Impact materiality (severity, likelihood) and financial materiality "
    "are assessed separately: add both."
)


def framework(sources: Sources) -> Framework:
    return Framework(
        "esrs",
        "ESRS 2: General disclosures",
        "Delegated Regulation (EU) 2023/2772",
        (_interests(sources), _material(sources), _process(sources)),
        note=NOT_FINANCIAL,
    )


def _interests(sources: Sources) -> DisclosureTable:
    groups = sources.groups
    relevance = [f"{one.group.name}: {one.group.relevance}" for one in groups if one.group.relevance]
    channels = [
        f"{one.group.name}: "
        + "; ".join(f"{each.name} ({each.frequency})" if each.frequency else each.name for each in one.channels)
        for one in groups
        if one.channels
    ]
    topics = [f"{one.group.name}: " + "; ".join(each.topic for each in one.topics) for one in groups if one.topics]
    answers = [
        f"{one.group.name}: {each.topic}: {each.response}" for one in groups for each in one.topics if each.response
    ]
    rows = (
        Row("45 a i", "Key stakeholders", (known(_names(sources), otherwise="Register the stakeholder groups."),)),
        Row(
            "45 a ii",
            "Whether there is engagement with them, and with which categories",
            (known(_engaged(sources), otherwise="Enter channels of communication, or hold a survey."),),
        ),
        Row("45 a iii", "How it is organised", (known(*channels, otherwise="Enter channels and how often."),)),
        Row("45 a iv", "Its purpose", (known(*relevance, otherwise="Say for each group why it matters."),)),
        Row(
            "45 a v",
            "How its outcome is taken into account",
            (known(*answers, otherwise="Enter the company's response to what stakeholders ask about."),),
        ),
        Row(
            "45 b",
            "Interests and views of key stakeholders as they relate to strategy and business model",
            (partly(topics, "Relate them to strategy and business model."),),
        ),
        Row("45 c", "Amendments to strategy and business model that follow", (to_write("Say which, or that none."),)),
        Row(
            "45 d",
            "Whether and how the governing bodies are informed",
            (known(sources.confirmation, otherwise="Say how they are informed, or have the result confirmed."),),
        ),
    )
    return DisclosureTable("SBM-2", "Interests and views of stakeholders", rows)


def _material(sources: Sources) -> DisclosureTable:
    columns = (
        "Tier", "a. What it is, and where in the value chain", "b. Effects on model, strategy and decisions",
        "c. How impacts arise, and their time horizon", "d, e. Financial effects", "f. Resilience",
        "h. Covered by ESRS, or entity-specific",
    )  # fmt: skip
    rows = tuple(Row(str(topic.rank or ""), topic.name, _impact(sources, topic)) for topic in sources.topics)
    changes = sources.material.changes
    note = (
        f"g. Changes compared with the period before: {changes.summary}"
        if changes
        else "g. Changes compared with the period before: no assessment before is named."
    )
    title = "Material impacts, risks and opportunities"
    return DisclosureTable("SBM-3", title, rows, columns, "Topic", "Rank", note)


def _impact(sources: Sources, topic: Topic) -> tuple[Filled, ...]:
    covered = [
        library_entry.citation
        for library_entry in find_library("esrs").entries
        if topic.name in sources.issues_of.get(library_entry.reference, ())
    ]
    return (
        known(topic.place, otherwise="It has no tier."),
        partly(topic.meaning, "Say where in operations or value chain it is concentrated."),
        to_write("Describe current and anticipated effects."),
        to_write("Say how it affects people or the environment, how it follows from strategy, and when."),
        to_write("Give current financial effects, and anticipated ones."),
        to_write("Describe the resilience of strategy and business model."),
        known(
            "; ".join(covered),
            otherwise="No ESRS topic is linked: link one from the library, or report it as entity-specific.",
        ),
    )


def _process(sources: Sources) -> DisclosureTable:
    facts = sources.material.facts
    rows = (
        Row(
            "53 a",
            "Methods and assumptions",
            (known(facts.run.method if facts.run else "", otherwise="There is no computed result."),),
        ),
        Row(
            "53 b",
            "How impacts are identified, assessed, prioritised and monitored",
            (
                partly(
                    sources.section(
                        "How the issues were found", "How the list was screened", "How the issues were prioritised"
                    ),
                    "Say where the process focuses on activities or regions with a higher risk, and how severity and "
                    "likelihood are assessed.",
                ),
            ),
        ),
        Row(
            "53 b iii",
            "How affected stakeholders and experts were consulted",
            (
                known(
                    *sources.section("Dialogue with stakeholders"),
                    _engaged(sources),
                    otherwise="Nobody was consulted yet.",
                ),
            ),
        ),
        Row("53 c", "How risks and opportunities are identified and prioritised", (to_write(NOT_FINANCIAL),)),
        Row(
            "53 d",
            "Decision-making and internal control",
            (partly(sources.section("Confirmation"), "Describe internal controls."),),
        ),
        Row("53 e, f", "How far it is part of risk management and of management overall", (to_write("Describe it."),)),
        Row("53 g", "Input: data, scope, detail", (known(_inputs(sources), otherwise="There are no answers yet."),)),
        Row(
            "53 h",
            "How the process changed, and when it is revised next",
            (to_write("Say what changed in the process since it was last described."),),
        ),
    )
    return DisclosureTable("IRO-1", "Process to identify and assess material impacts, risks and opportunities", rows)


def _names(sources: Sources) -> str:
    return ", ".join(one.group.name for one in sources.groups)


def _engaged(sources: Sources) -> str:
    results = sources.material.results
    if not results:
        return ""
    # In a result stand those groups alone of which figures may be told.
    heard = [f"{group['name']} ({group['n']:,})" for group in results["stakeholder_groups"] if group["n"]]
    simulated = results["simulated"]
    told = f" {simulated:,} of {results['respondents']:,} answers are simulated." if simulated else ""
    return f"A survey was answered by {', '.join(heard)}.{told}" if heard else ""


def _inputs(sources: Sources) -> str:
    results = sources.material.results
    if not results:
        return ""
    low, high = results["scale"]
    count, groups = results["respondents"], len(results["stakeholder_groups"])
    simulated = f", {results['simulated']:,} of them simulated" if results["simulated"] else ""
    issues = len(results["issues"])
    return f"{count:,} answers{simulated} of {groups} groups about {issues} issues, on a scale from {low} to {high}."
