"""The topics of the Shanghai and Shenzhen stock exchanges beside the issues of the list."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from materiality.disclosure.cells import DisclosureTable, Filled, Framework, Row, at, known, to_write, unlinked
from materiality.disclosure.material import Sources, Topic
from materiality.disclosure.names import entry_name, told_name
from materiality.exports.sentences import beside
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
        rows.append(Row(entry.code, entry_name(entry), (known(told_name(entry.group)), *_beside(topics, location))))
    columns = (
        _("Dimension"), _("Issues of the list, with tier"), _("Importance to the company"),
        _("Importance to stakeholders"), _("Where the report tells of it"),
    )  # fmt: skip
    note = _(
        "The importances are those that were rated. The guidelines ask for impact materiality and financial "
        "materiality: say how the two go together. A topic that is not material is explained."
    )
    title = _("The topics set by the exchanges")
    table = DisclosureTable("21", title, tuple(rows), columns, pgettext("of a framework", "Topic"), _("No."), note)
    return Framework(SLUG, told_name(library.name), told_name(library.edition), (table,))


def _beside(topics: list[Topic], location: str) -> tuple[Filled, ...]:
    index = at("scoping:content-index")
    if not topics:
        unscored = to_write(_("Not linked."))
        untold = _("Enter the place in the content index, or explain why it is left out.")
        library = at("scoping:library", library=SLUG)
        return to_write(unlinked(), library), unscored, unscored, known(location, otherwise=untold, place=index)
    places = (location, *(chapter for topic in topics for chapter in topic.chapters))
    unrated, nowhere = _("Not rated."), _("Enter the place in the content index, or chapters on the sheet.")
    return (
        known(*(beside(topic.name, topic.place) if topic.place else topic.name for topic in topics)),
        known(*(_score(topic, topic.company, len(topics)) for topic in topics), otherwise=unrated),
        known(*(_score(topic, topic.stakeholders, len(topics)) for topic in topics), otherwise=unrated),
        known(*dict.fromkeys(places), otherwise=nowhere, place=index),
    )


def _score(topic: Topic, score: float | None, of: int) -> str:
    if score is None:
        return ""
    return f"{score:.2f}" if of == 1 else beside(topic.name, f"{score:.2f}")
