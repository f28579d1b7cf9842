"""Sentences on the stages before the survey: stakeholders, long list, screening, and the assessment before."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from materiality.facts import Facts
from scoping.continuity import summary_of
from scoping.models import Side, SourceKind, Standing, WeightBasis
from scoping.selectors.record import MOST_EXPERTS, DecisionRecord, GroupRecord
from scoping.wording import ENDS, capital, dated, enumerated, spelled

FROM_SOURCES: dict[SourceKind, Promise] = {
    SourceKind.INTERVIEW: pgettext_lazy("from a source", "internal interviews"),
    SourceKind.SURVEY: pgettext_lazy("from a source", "internal and external surveys"),
    SourceKind.EXPERT: pgettext_lazy("from a source", "expert analysis"),
    SourceKind.MEDIA: pgettext_lazy("from a source", "media analysis"),
    SourceKind.PEERS: pgettext_lazy("from a source", "a comparison with peers"),
    SourceKind.GUIDELINE: pgettext_lazy("from a source", "ESG guidelines"),
}
ATTRIBUTE_NAMES: dict[str, Promise] = {
    "power": gettext_lazy("power"),
    "interest": gettext_lazy("interest"),
    "legitimacy": gettext_lazy("legitimacy"),
    "urgency": gettext_lazy("urgency"),
}
MOST_GROUPS = 12


# --- stakeholders -----------------------------------------------------------------------------------------
def dialogue(facts: Facts) -> list[str]:
    """Who the stakeholders are and how one talks with them."""
    groups = facts.scope.groups
    sentences = []
    if groups:
        told = ngettext(
            "%(number)s stakeholder group is registered: %(sides)s.",
            "%(number)s stakeholder groups are registered: %(sides)s.",
            len(groups),
        )
        sides = []
        for side, words in (
            (Side.INTERNAL, _("%(number)s internal (%(names)s)")),
            (Side.EXTERNAL, _("%(number)s external (%(names)s)")),
        ):
            if found := [group.name for group in facts.scope.on(side)]:
                sides.append(words % {"number": spelled(len(found)), "names": enumerated(found, most=MOST_GROUPS)})
        sentences.append(told % {"number": capital(spelled(len(groups))), "sides": enumerated(sides)})
    if channels := sum(group.channels for group in groups):
        told = ngettext(
            "%(number)s channel of communication with %(groups)s is recorded.",
            "%(number)s channels of communication with %(groups)s are recorded.",
            channels,
        )
        reached = of_groups(sum(group.channels > 0 for group in groups), len(groups))
        sentences.append(told % {"number": capital(spelled(channels)), "groups": reached})
    sentences += _concerns(groups)
    return sentences + _weighing(groups, facts.scope.attributes) + _experts(facts.scope.experts)


def _concerns(groups: Sequence[GroupRecord]) -> list[str]:
    concerns = sum(group.concerns for group in groups)
    if not concerns:
        return []
    answered = sum(group.answered_concerns for group in groups)
    if not answered:
        told = ngettext(
            "%(number)s topic of concern of %(groups)s is recorded.",
            "%(number)s topics of concern of %(groups)s are recorded.",
            concerns,
        )
    elif answered == concerns:
        told = ngettext(
            "%(number)s topic of concern of %(groups)s is recorded, with the response of the company.",
            "%(number)s topics of concern of %(groups)s are recorded, with the response of the company.",
            concerns,
        )
    else:
        told = _(
            "%(number)s topics of concern of %(groups)s are recorded, %(answered)s of them with the response of the "
            "company."
        )
    asking = of_groups(sum(group.concerns > 0 for group in groups), len(groups))
    return [told % {"number": capital(spelled(concerns)), "groups": asking, "answered": spelled(answered)}]


def _weighing(groups: Sequence[GroupRecord], attributes: tuple[str, ...]) -> list[str]:
    sentences = []
    if scored := sum(group.is_scored for group in groups):
        told = _("%(attributes)s of %(groups)s were scored from 1 to 5.")
        whom = of_groups(scored, len(groups))
        sentences.append(told % {"attributes": capital(attribute_names(attributes)), "groups": whom})
    if accepted := sum(group.weight_basis == WeightBasis.ACCEPTED for group in groups):
        told = ngettext(
            "The weight of %(number)s group follows from the scores.",
            "The weights of %(number)s groups follow from the scores.",
            accepted,
        )
        sentences.append(told % {"number": spelled(accepted)})
    if overruled := sum(group.weight_basis == WeightBasis.OVERRULED for group in groups):
        told = ngettext(
            "For %(number)s group the working group set another weight than the scores suggest, and wrote down why.",
            "For %(number)s groups the working group set another weight than the scores suggest, and wrote down why.",
            overruled,
        )
        sentences.append(told % {"number": spelled(overruled)})
    return sentences


def _experts(experts: Sequence[str]) -> list[str]:
    if not experts:
        return []
    if len(experts) > MOST_EXPERTS:
        some = _(", ").join(experts[:MOST_EXPERTS])
        return [_("Views of experts came in from %(names)s and others.") % {"names": some}]
    names = enumerated(experts)
    told = _("Views of experts came in from %(names)s") % {"names": names}
    return [told if told.endswith(ENDS) else f"{told}{pgettext('headline', '.')}"]


# --- the long list ----------------------------------------------------------------------------------------
def determining(facts: Facts) -> list[str]:
    """Where the issues come from."""
    scope = facts.scope
    merged = scope.standings.get(Standing.MERGED, 0)
    if not scope.found:
        return []
    sentences = []
    if merged or scope.standings.get(Standing.LEFT_OUT, 0):
        told = ngettext("The long list held %(number)s issue.", "The long list held %(number)s issues.", scope.found)
        sentences.append(told % {"number": spelled(scope.found)})
    else:
        told = ngettext("%(number)s issue is on the list.", "%(number)s issues are on the list.", scope.found)
        sentences.append(told % {"number": capital(spelled(scope.found))})
    if carried := scope.carried_over:
        told = ngettext(
            "%(number)s issue is carried over from %(period)s.",
            "%(number)s issues are carried over from %(period)s.",
            carried,
        )
        sentences.append(told % {"number": capital(spelled(carried)), "period": scope.previous_period})
    sentences += _mentions(scope.mentions)
    if scope.libraries:
        sentences.append(
            _("Entries of %(libraries)s are named among them.") % {"libraries": enumerated(scope.libraries)}
        )
    if merged:
        told = ngettext(
            "%(number)s was merged into another issue and keeps its sources.",
            "%(number)s were merged into other issues and keep their sources.",
            merged,
        )
        sentences.append(told % {"number": capital(spelled(merged))})
    return sentences


def _mentions(mentions: Mapping[str, int]) -> list[str]:
    found = [(str(source), number) for kind, source in FROM_SOURCES.items() if (number := mentions.get(kind, 0))]
    total = sum(number for _source, number in found)
    if not total:
        return []
    all_of_them = capital(spelled(total))
    if len(found) == 1:
        told = ngettext(
            "%(number)s mention is recorded with its source, from %(source)s.",
            "%(number)s mentions are recorded with their source, all from %(source)s.",
            total,
        )
        return [told % {"number": all_of_them, "source": found[0][0]}]
    each = _("%(number)s from %(source)s")
    sources = enumerated([each % {"number": spelled(number), "source": source} for source, number in found])
    told = _("%(number)s mentions are recorded with their source: %(sources)s.")
    return [told % {"number": all_of_them, "sources": sources}]


# --- screening --------------------------------------------------------------------------------------------
def screening(facts: Facts) -> list[str]:
    """How the short list came about; nothing where no decision was taken."""
    decision = facts.scope.decision
    if decision is None:
        return []
    sentences = []
    if criteria := decision.criteria:
        told = ngettext(
            "The issues were screened by %(number)s criterion: %(names)s.",
            "The issues were screened by %(number)s criteria: %(names)s.",
            len(criteria),
        )
        sentences.append(told % {"number": spelled(len(criteria)), "names": enumerated(criteria)})
    if decision.markers:
        told = ngettext(
            "%(number)s person marked how well issues meet them, from 0 to 3.",
            "%(number)s people marked how well issues meet them, from 0 to 3.",
            decision.markers,
        )
        sentences += [told % {"number": capital(spelled(decision.markers))}, _rule(decision)]
    told = ngettext(
        "The short list was decided on %(day)s: %(listed)d of %(issues)s is on it.",
        "The short list was decided on %(day)s: %(listed)d of %(issues)s are on it.",
        decision.listed,
    )
    issues = ngettext("%(n)d issue", "%(n)d issues", decision.of) % {"n": decision.of}
    sentences.append(told % {"day": dated(decision.decided_on), "listed": decision.listed, "issues": issues})
    if decision.against:
        told = ngettext(
            "%(number)s decision departs from what the marks propose, with a reason.",
            "%(number)s decisions depart from what the marks propose, with a reason.",
            decision.against,
        )
        sentences.append(told % {"number": capital(spelled(decision.against))})
    return sentences


def _rule(decision: DecisionRecord) -> str:
    if not decision.by_must_haves:
        told = _("An issue was proposed for the short list when its mean marks added up to at least %(threshold)s.")
    elif len(decision.must_haves) == 1:
        told = _("An issue was proposed for the short list when its mean mark reached %(threshold)s on %(criteria)s.")
    else:
        told = _(
            "An issue was proposed for the short list when its mean mark reached %(threshold)s on each of %(criteria)s."
        )
    return told % {"threshold": decision.threshold, "criteria": enumerated(decision.must_haves)}


# --- the assessment before --------------------------------------------------------------------------------
def changes(facts: Facts) -> list[str]:
    if facts.scope.changes is None:
        return []
    period = facts.scope.previous_period
    told = _("This assessment continues “%(name)s” (%(period)s).")
    return [
        told % {"name": facts.scope.previous_name, "period": period},
        summary_of(facts.scope.changes, period),
    ]


# --- small words ------------------------------------------------------------------------------------------
def attribute_names(attributes: Sequence[str]) -> str:
    """What groups are scored on, as in a sentence: "power and interest"."""
    return enumerated([str(ATTRIBUTE_NAMES[attribute]) for attribute in attributes])


def of_groups(number: int, of: int) -> str:
    """ "all eight groups", "three of eight groups", "the one group"."""
    if of == 1:
        return _("the one group")
    if number == of:
        return _("both groups") if of == 2 else _("all %(of)s groups") % {"of": spelled(of)}
    return _("%(number)s of %(of)s groups") % {"number": spelled(number), "of": spelled(of)}
