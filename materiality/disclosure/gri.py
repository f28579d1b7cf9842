"""GRI 3: Material Topics (2021). What its disclosures ask, in our own short words."""

from materiality.disclosure.cells import DisclosureTable, Filled, Framework, Row, known, partly, to_write
from materiality.disclosure.material import Sources, Topic
from scoping.models import Side

RATED = (
    "Answers rate how important an issue is. GRI 3 asks for the significance of impacts on the economy, the "
    "environment and people: say how the two go together."
)


def framework(sources: Sources) -> Framework:
    return Framework(
        "gri",
        "GRI 3: Material Topics",
        "2021",
        (_process(sources), _list(sources), _changes(sources), _management(sources)),
    )


def _process(sources: Sources) -> DisclosureTable:
    facts = sources.material.facts
    named = [
        f"{side}: {', '.join(names)}."
        for side, names in (("Internal", sources.on(Side.INTERNAL)), ("External", sources.on(Side.EXTERNAL)))
        if names
    ]
    experts = f"Experts: {', '.join(facts.scope.experts)}." if facts.scope.experts else ""
    rows = (
        Row(
            "3-1 a i",
            "How actual and potential, negative and positive impacts were identified, across activities and business "
            "relationships",
            (
                partly(
                    sources.section("How the issues were found", "How the list was screened"),
                    "Say how impacts along activities and business relationships were identified, including those on "
                    "human rights.",
                ),
            ),
        ),
        Row(
            "3-1 a ii",
            "How the impacts were prioritised for reporting",
            (partly(sources.section("How the issues were prioritised"), RATED),),
        ),
        Row(
            "3-1 b",
            "Stakeholders and experts whose views informed the process",
            (known(*named, experts, otherwise="Register the stakeholder groups."),),
        ),
    )
    return DisclosureTable("3-1", "Process to determine material topics", rows)


def _list(sources: Sources) -> DisclosureTable:
    rows = tuple(
        Row(
            str(topic.rank or ""),
            topic.name,
            (known(topic.category), known(topic.place, otherwise="It has no tier: say whether it is material.")),
        )
        for topic in sources.topics
    )
    note = "Which tiers count as material is the company's decision; the list has all of them."
    return DisclosureTable("3-2 a", "List of material topics", rows, ("Category", "Tier"), "Topic", "Rank", note)


def _changes(sources: Sources) -> DisclosureTable:
    found = sources.material.changes
    if found is None:
        cell: Filled = to_write("No assessment before is named: name it, or say that this is the first one.")
    else:
        cell = known(found.summary, *sources.material.moves)
    asks = "Changes to the list compared with the reporting period before"
    return DisclosureTable("3-2 b", "Changes to the list", (Row("3-2 b", asks, (cell,)),))


def _management(sources: Sources) -> DisclosureTable:
    columns = (
        "a. Impacts", "b. Involvement", "c. Policies and commitments", "d. Actions", "e. Tracking", "f. Engagement",
        "Where the report tells of it",
    )  # fmt: skip
    rows = tuple(Row("", topic.name, _managed(topic)) for topic in sources.topics)
    note = "One row per topic. The sheet of an issue fills a, d and e; what stakeholders were told fills f."
    return DisclosureTable("3-3", "Management of material topics", rows, columns, "Topic", note=note)


def _managed(topic: Topic) -> tuple[Filled, ...]:
    return (
        known(*topic.meaning, otherwise="Write what the impacts are: “what it means to us” on the issue's sheet."),
        to_write("Say whether the company is involved through its activities or its business relationships."),
        to_write("Name the policies or commitments."),
        known(*topic.practice, otherwise="Write what is done: “our practice” on the issue's sheet."),
        partly(topic.improvement, "Give goals, targets and indicators, and progress towards them."),
        known(*topic.responses, otherwise="Say how talks with stakeholders informed what is done."),
        known(*topic.chapters, otherwise="Name the chapters on the issue's sheet."),
    )
