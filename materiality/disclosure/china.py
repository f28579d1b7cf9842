"""The topics of the Shanghai and Shenzhen stock exchanges beside the issues of the list."""

from materiality.disclosure.cells import DisclosureTable, Filled, Framework, Row, known
from materiality.disclosure.material import Sources, Topic
from scoping.libraries.catalogue import find_library

SLUG = "sse-szse"


def framework(sources: Sources) -> Framework:
    library = find_library(SLUG)
    rows = []
    for entry in library.entries:
        found = sources.index.get((SLUG, entry.code))
        named = list(sources.issues_of.get(entry.reference, ()))
        if found and found.issue and found.issue not in named:
            named.append(found.issue)
        topics = [topic for name in named if (topic := sources.topic_named(name))]
        location = found.location if found else ""
        rows.append(Row(entry.code, f"{entry.name} {entry.original}", (known(entry.group), *_beside(topics, location))))
    columns = (
        "Dimension", "Issues of the list, with tier", "Importance to the company", "Importance to stakeholders",
        "Where the report tells of it",
    )  # fmt: skip
    note = (
        "The importances are those that were rated. The guidelines ask for impact materiality and financial "
        "materiality: say how the two go together. A topic that is not material is explained."
    )
    table = DisclosureTable("21", "The topics set by the exchanges", tuple(rows), columns, "Topic", "No.", note)
    return Framework(SLUG, library.name, library.edition, (table,))


def _beside(topics: list[Topic], location: str) -> tuple[Filled, ...]:
    if not topics:
        return (
            known(otherwise="No issue is linked: link one from the library, or explain why it is not material."),
            known(),
            known(),
            known(location),
        )
    places = (location, *(chapter for topic in topics for chapter in topic.chapters))
    return (
        known(*(f"{topic.name}: {topic.place}" if topic.place else topic.name for topic in topics)),
        known(*(_score(topic, topic.company, len(topics)) for topic in topics), otherwise="Not rated."),
        known(*(_score(topic, topic.stakeholders, len(topics)) for topic in topics), otherwise="Not rated."),
        known(*dict.fromkeys(places), otherwise="Enter the place in the content index, or chapters on the sheet."),
    )


def _score(topic: Topic, score: float | None, of: int) -> str:
    if score is None:
        return ""
    return f"{score:.2f}" if of == 1 else f"{topic.name}: {score:.2f}"
