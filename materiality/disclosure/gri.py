"""GRI 3: Material Topics (2021). What its disclosures ask, in our own short words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from materiality.disclosure.cells import DisclosureTable, Filled, Framework, Place, Row, at, known, partly, to_write
from materiality.disclosure.material import Sources, Topic
from scoping.models import Side
from scoping.wording import enumerated

RATED = gettext_noop(
    "Answers rate how important an issue is. GRI 3 asks for the significance of impacts on the economy, the "
    "environment and people: say how the two go together."
)


def framework(sources: Sources) -> Framework:
    tables = (_process(sources), _list(sources), _changes(sources), _management(sources))
    return Framework("gri", _("GRI 3: Material Topics"), "2021", tables)


def _process(sources: Sources) -> DisclosureTable:
    experts = sources.material.facts.scope.experts
    named = [
        template % {"names": enumerated(names)}
        for template, names in (
            (_("Internal: %(names)s."), sources.on(Side.INTERNAL)),
            (_("External: %(names)s."), sources.on(Side.EXTERNAL)),
            (_("Experts: %(names)s."), experts),
        )
        if names
    ]
    rows = (
        Row(
            "3-1 a i",
            _(
                "How actual and potential, negative and positive impacts were identified, across activities and "
                "business relationships"
            ),
            (
                partly(
                    sources.section(_("How the issues were found"), _("How the list was screened")),
                    _(
                        "Say how impacts along activities and business relationships were identified, including those "
                        "on human rights."
                    ),
                    at("materiality:process"),
                ),
            ),
        ),
        Row(
            "3-1 a ii",
            _("How the impacts were prioritised for reporting"),
            (partly(sources.section(_("How the issues were prioritised")), _(RATED), at("materiality:process")),),
        ),
        Row(
            "3-1 b",
            _("Stakeholders and experts whose views informed the process"),
            (known(*named, otherwise=_("Register the stakeholder groups."), place=at("scoping:stakeholders")),),
        ),
    )
    return DisclosureTable("3-1", _("Process to determine material topics"), rows)


def _list(sources: Sources) -> DisclosureTable:
    untold = _("It has no tier: say whether it is material.")
    rows = tuple(
        Row(
            str(topic.rank or ""),
            topic.name,
            (known(topic.category), known(topic.place, otherwise=untold, place=at("materiality:review"))),
        )
        for topic in sources.topics
    )
    note = _("Which tiers count as material is the company's decision; the list has all of them.")
    columns = (_("Category"), _("Tier"))
    return DisclosureTable(
        "3-2 a", _("List of material topics"), rows, columns, pgettext("of a framework", "Topic"), _("Rank"), note
    )


def _changes(sources: Sources) -> DisclosureTable:
    found = sources.material.changes
    if found is None:
        cell: Filled = to_write(
            _("No assessment before is named: name it, or say that this is the first one."), at("scoping:previous")
        )
    else:
        cell = known(found.summary, *sources.material.moves)
    asks = _("Changes to the list compared with the reporting period before")
    return DisclosureTable("3-2 b", _("Changes to the list"), (Row("3-2 b", asks, (cell,)),))


def _management(sources: Sources) -> DisclosureTable:
    columns = (
        _("a. Impacts"), _("b. Involvement"), _("c. Policies and commitments"), _("d. Actions"), _("e. Tracking"),
        _("f. Engagement"), _("Where the report tells of it"),
    )  # fmt: skip
    rows = tuple(Row("", topic.name, _managed(topic)) for topic in sources.topics)
    note = _("One row per topic. The sheet of an issue fills a, d and e; what stakeholders were told fills f.")
    return DisclosureTable(
        "3-3", _("Management of material topics"), rows, columns, pgettext("of a framework", "Topic"), note=note
    )


def _managed(topic: Topic) -> tuple[Filled, ...]:
    return (
        known(
            *topic.meaning,
            otherwise=_("Write what the impacts are: “what it means to us” on the issue's sheet."),
            place=_sheet(topic, "meaning"),
        ),
        to_write(_("Say whether the company is involved through its activities or its business relationships.")),
        to_write(_("Name the policies or commitments.")),
        known(
            *topic.practice,
            otherwise=_("Write what is done: “our practice” on the issue's sheet."),
            place=_sheet(topic, "practice"),
        ),
        partly(
            topic.improvement,
            _("Give goals, targets and indicators, and progress towards them."),
            _sheet(topic, "improvement"),
        ),
        known(
            *topic.responses,
            otherwise=_("Say how talks with stakeholders informed what is done."),
            place=at("scoping:stakeholders"),
        ),
        known(*topic.chapters, otherwise=_("Name the chapters on the issue's sheet."), place=_sheet(topic, "chapters")),
    )


def _sheet(topic: Topic, field: str) -> Place:
    return at("scoping:sheet-edit", code=topic.code, part=f"id_{field}")
