"""ESRS 2 (2023): SBM-2, SBM-3 and IRO-1. What the paragraphs ask, in our own short words."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, pgettext

from materiality.disclosure.cells import DisclosureTable, Filled, Framework, Row, at, known, partly, to_write
from materiality.disclosure.material import Sources, Topic
from materiality.disclosure.names import esrs_citation
from materiality.exports.sentences import beside, in_brackets
from materiality.exports.simulated import simulated_sentence
from materiality.presentation import ordered_groups, own_name, people_told
from scoping.libraries.catalogue import find_library
from scoping.wording import enumerated, in_a_row

NOT_FINANCIAL = gettext_noop(
    "The survey asks how important an issue is. Impact materiality (severity, likelihood) and financial materiality "
    "are assessed separately: add both."
)


def framework(sources: Sources) -> Framework:
    return Framework(
        "esrs",
        _("ESRS 2: General disclosures"),
        _("Delegated Regulation (EU) 2023/2772"),
        (_interests(sources), _material(sources), _process(sources)),
        note=_(NOT_FINANCIAL),
    )


def _interests(sources: Sources) -> DisclosureTable:
    groups = sources.groups
    relevance = [beside(one.group.name, one.group.relevance) for one in groups if one.group.relevance]
    channels = [
        beside(one.group.name, in_a_row(in_brackets(each.name, each.frequency) for each in one.channels))
        for one in groups
        if one.channels
    ]
    topics = [beside(one.group.name, in_a_row(each.topic for each in one.topics)) for one in groups if one.topics]
    answers = [
        beside(one.group.name, each.topic, each.response) for one in groups for each in one.topics if each.response
    ]
    register = at("scoping:stakeholders")
    rows = (
        Row(
            "45 a i",
            _("Key stakeholders"),
            (known(enumerated(_names(sources)), otherwise=_("Register the stakeholder groups."), place=register),),
        ),
        Row(
            "45 a ii",
            _("Whether there is engagement with them, and with which categories"),
            (
                known(
                    _engaged(sources), otherwise=_("Enter channels of communication, or hold a survey."), place=register
                ),
            ),
        ),
        Row(
            "45 a iii",
            _("How it is organised"),
            (known(*channels, otherwise=_("Enter channels and how often."), place=register),),
        ),
        Row(
            "45 a iv",
            _("Its purpose"),
            (known(*relevance, otherwise=_("Say for each group why it matters."), place=register),),
        ),
        Row(
            "45 a v",
            _("How its outcome is taken into account"),
            (
                known(
                    *answers,
                    otherwise=_("Enter the company's response to what stakeholders ask about."),
                    place=register,
                ),
            ),
        ),
        Row(
            "45 b",
            _("Interests and views of key stakeholders as they relate to strategy and business model"),
            (partly(topics, _("Relate them to strategy and business model.")),),
        ),
        Row(
            "45 c",
            _("Amendments to strategy and business model that follow"),
            (to_write(_("Say which, or that none.")),),
        ),
        Row(
            "45 d",
            _("Whether and how the governing bodies are informed"),
            (
                known(
                    sources.confirmation,
                    otherwise=_("Say how they are informed, or have the result confirmed."),
                    place=at("materiality:confirmation"),
                ),
            ),
        ),
    )
    return DisclosureTable("SBM-2", _("Interests and views of stakeholders"), rows)


def _material(sources: Sources) -> DisclosureTable:
    columns = (
        _("Tier"), _("a. What it is, and where in the value chain"), _("b. Effects on model, strategy and decisions"),
        _("c. How impacts arise, and their time horizon"), _("d, e. Financial effects"), _("f. Resilience"),
        _("h. Covered by ESRS, or entity-specific"),
    )  # fmt: skip
    rows = tuple(Row(str(topic.rank or ""), topic.name, _impact(sources, topic)) for topic in sources.topics)
    changes = sources.material.changes
    note = (
        _("g. Changes compared with the period before: %(changes)s") % {"changes": changes.summary}
        if changes
        else _("g. Changes compared with the period before: no assessment before is named.")
    )
    title = _("Material impacts, risks and opportunities")
    return DisclosureTable("SBM-3", title, rows, columns, pgettext("of a framework", "Topic"), _("Rank"), note)


def _impact(sources: Sources, topic: Topic) -> tuple[Filled, ...]:
    covered = [
        esrs_citation(entry)
        for entry in find_library("esrs").entries
        if topic.name in sources.issues_of.get(entry.reference, ())
    ]
    uncovered = _("No ESRS topic is linked: link one from the library, or report it as entity-specific.")
    return (
        known(topic.place, otherwise=_("It has no tier."), place=at("materiality:review")),
        partly(
            topic.meaning,
            _("Say where in operations or value chain it is concentrated."),
            at("scoping:sheet-edit", code=topic.code, part="id_meaning"),
        ),
        to_write(_("Describe current and anticipated effects.")),
        to_write(_("Say how it affects people or the environment, how it follows from strategy, and when.")),
        to_write(_("Give current financial effects, and anticipated ones.")),
        to_write(_("Describe the resilience of strategy and business model.")),
        known(in_a_row(covered), otherwise=uncovered, place=at("scoping:library", library="esrs")),
    )


def _process(sources: Sources) -> DisclosureTable:
    facts = sources.material.facts
    worked = sources.section(
        _("How the issues were found"), _("How the list was screened"), _("How the issues were prioritised")
    )
    rows = (
        Row(
            "53 a",
            _("Methods and assumptions"),
            (
                known(
                    facts.run.method if facts.run else "",
                    otherwise=_("There is no computed result."),
                    place=at("materiality:results"),
                ),
            ),
        ),
        Row(
            "53 b",
            _("How impacts are identified, assessed, prioritised and monitored"),
            (
                partly(
                    worked,
                    _(
                        "Say where the process focuses on activities or regions with a higher risk, and how severity "
                        "and likelihood are assessed."
                    ),
                    at("materiality:process"),
                ),
            ),
        ),
        Row(
            "53 b iii",
            _("How affected stakeholders and experts were consulted"),
            (
                known(
                    *sources.section(_("Dialogue with stakeholders")),
                    _engaged(sources),
                    otherwise=_("Nobody was consulted yet."),
                    place=at("surveys:survey"),
                ),
            ),
        ),
        Row("53 c", _("How risks and opportunities are identified and prioritised"), (to_write(_(NOT_FINANCIAL)),)),
        Row(
            "53 d",
            _("Decision-making and internal control"),
            (partly(sources.section(_("Confirmation")), _("Describe internal controls.")),),
        ),
        Row(
            "53 e, f",
            _("How far it is part of risk management and of management overall"),
            (to_write(_("Describe it.")),),
        ),
        Row(
            "53 g",
            _("Input: data, scope, detail"),
            (known(*_inputs(sources), otherwise=_("There are no answers yet."), place=at("surveys:survey")),),
        ),
        Row(
            "53 h",
            _("How the process changed, and when it is revised next"),
            (to_write(_("Say what changed in the process since it was last described.")),),
        ),
    )
    title = _("Process to identify and assess material impacts, risks and opportunities")
    return DisclosureTable("IRO-1", title, rows)


def _names(sources: Sources) -> list[str]:
    return [one.group.name for one in sources.groups]


def _engaged(sources: Sources) -> str:
    results = sources.material.results
    if not results:
        return ""
    heard = _heard(results)
    return _("A survey was answered by %(groups)s.") % {"groups": enumerated(heard)} if heard else ""


def _heard(results: Mapping[str, Any]) -> list[str]:
    """Who answered, those of the company first, each group once. Groups that are counted as one stand there with their
    sum alone: beside the number of the larger one it would tell that of the smaller."""
    groups = ordered_groups(results)
    pools = [group for group in groups if group.get("together")]
    single: dict[str, dict[str, Any]] = {}
    for group in groups:
        if not group.get("together"):
            single.setdefault(group["code"], group)
    joined = _joined(set(pool["together"]) for pool in pools)
    found: dict[frozenset[str], str] = {}
    for code, group in single.items():
        members = next((one for one in joined if code in one), frozenset([code]))
        if members in found:
            continue
        told, counted = own_name(group), people_told(group, results)
        if len(members) > 1:
            names = [own_name(other) for key, other in single.items() if key in members]
            told = _("%(groups)s together") % {"groups": enumerated(names)}
            # Of groups that are counted now with one, now with another group, no pool may count everybody.
            whole = next((pool for pool in pools if set(pool["together"]) == members), None)
            counted = people_told(whole, results) if whole else ""
        found[members] = in_brackets(told, counted)
    return list(found.values())


def _joined(sets: Iterable[set[str]]) -> list[frozenset[str]]:
    """The sets, those that share a group as one."""
    found: list[frozenset[str]] = []
    for one in sets:
        touched = [other for other in found if other & one]
        found = [other for other in found if other not in touched] + [frozenset(one).union(*touched)]
    return found


def _inputs(sources: Sources) -> list[str]:
    results = sources.material.results
    if not results:
        return []
    low, high = results["scale"]
    text = ngettext(
        "%(answers)s answer of %(groups)d groups about %(issues)d issues, on a scale from %(low)g to %(high)g.",
        "%(answers)s answers of %(groups)d groups about %(issues)d issues, on a scale from %(low)g to %(high)g.",
        results["respondents"],
    )
    told = text % {
        "answers": f"{results['respondents']:,}",
        "groups": len(results["stakeholder_groups"]),
        "issues": len(results["issues"]),
        "low": low,
        "high": high,
    }
    return [told, *([simulated_sentence(results["simulated"], results["respondents"])] if results["simulated"] else [])]
