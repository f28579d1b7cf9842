"""Texts as they can be set, and the sentences that the paper shares with the minutes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from figures.data import clean as line
from materiality.boundary import BoundaryCase
from materiality.exports.chapter.writing import is_right_to_left
from materiality.models import Proposal, ProposalState, Signature, Verdict
from materiality.presentation import groups_on, heard_and_asked
from scoping.wording import dated, enumerated, run_on, spelled


def lines(text: str) -> list[str]:
    """The paragraphs of `text`."""
    return [one for one in map(line, text.splitlines()) if one]


def directed(text: str) -> dict[str, Any]:
    """A text with its direction."""
    shown = line(text)
    return {"text": shown, "rtl": is_right_to_left(shown)}


def tier_name(name: str | None) -> str:
    return line(name) if name else _("without a tier")


def title_of(document: Mapping[str, Any]) -> str:
    return _("Result of the materiality assessment of %(company)s, %(period)s") % {
        "company": line(document["company_name"]),
        "period": line(document["reporting_period"]),
    }


def left_open(document: Mapping[str, Any]) -> str:
    """Tiers put issues in an order of importance. Which of them a report calls material is not computed, and nothing
    here says it."""
    return _("Which tiers count as material topics is for %(company)s to choose; this does not decide it.") % {
        "company": line(document["company_name"])
    }


def put_forward(proposal: Proposal) -> str:
    """What the working group proposes, in one sentence."""
    document = proposal.document
    issues = document["issues"]
    told = {"number": spelled(len(issues))}
    if proposal.run_id is None:
        text = ngettext(
            "The working group puts forward a list of %(number)s issue. No survey was held: the list is the result.",
            "The working group puts forward a list of %(number)s issues. No survey was held: the list is the result.",
            len(issues),
        )
        return text % told
    text = ngettext(
        "The working group puts forward %(number)s issue: %(tiers)s.",
        "The working group puts forward %(number)s issues: %(tiers)s.",
        len(issues),
    )
    return text % (told | {"tiers": _counted_tiers(document)})


def _counted_tiers(document: Mapping[str, Any]) -> str:
    found = [
        _("%(count)s in “%(tier)s”") % {"count": tier["count"], "tier": line(tier["name"])}
        for tier in document["tiers"]
    ]
    return enumerated(found, most=8)


def who_answered(document: Mapping[str, Any]) -> str:
    """From how many people of how many groups the result comes."""
    heard, asked = heard_and_asked(dict(document))
    text = ngettext(
        "%(answers)s answer from %(heard)s of %(asked)s stakeholder groups.",
        "%(answers)s answers from %(heard)s of %(asked)s stakeholder groups.",
        document["respondents"],
    )
    found = text % {"answers": f"{document['respondents']:,}", "heard": heard, "asked": asked}
    sides = {"internal": _("the company"), "external": _("stakeholders")}
    unheard = [name for side, name in sides.items() if not groups_on(dict(document), side)]
    if unheard and document["respondents"]:
        found = run_on([found, _("Nobody answered for %(side)s.") % {"side": enumerated(unheard)}])
    return found


def moved_text(issue: Mapping[str, Any]) -> str:
    """Which tier was computed, which is proposed, and why."""
    decision = issue["decision"]
    told = {
        "computed": tier_name(decision["computed_tier"]),
        "tier": tier_name(decision["tier"]),
        "reason": line(decision["reason"]),
    }
    return _("Computed: %(computed)s. Proposed: %(tier)s. %(reason)s") % told


def close_text(case: BoundaryCase) -> str:
    """How probable the tier of an issue is, which other comes next, and what would settle it."""
    places = [_("%(tier)s %(chance)s") % {"tier": line(place.name), "chance": place.chance} for place in case.places]
    told = pgettext("list of places", ", ").join(places)
    if case.answers is None:
        return told
    text = ngettext(
        "%(places)s; about %(answers)s more answer would settle it",
        "%(places)s; about %(answers)s more answers would settle it",
        case.answers,
    )
    return text % {"places": told, "answers": f"{case.answers:,}"}


def signed(signature: Signature) -> str:
    """Who decided, what, when and how they showed who they are."""
    told = {
        "name": line(signature.name),
        "when": moment(signature.at),
        "means": _("password") if signature.means == Signature.Means.PASSWORD else _("passkey"),
    }
    if signature.verdict == Verdict.CONFIRM:
        text = _("%(name)s confirmed on %(when)s, identified by %(means)s.")
    else:
        text = _("%(name)s returned it to the working group on %(when)s, identified by %(means)s.")
    remark = line(signature.remark)
    return run_on([text % told, _("Remark: %(remark)s") % {"remark": remark} if remark else ""])


def moment(at: datetime) -> str:
    """Day and time where the installation is."""
    local = timezone.localtime(at)
    return _("%(day)s, %(time)s") % {"day": dated(local.date()), "time": f"{local:%H:%M %Z}"}


def standing(proposal: Proposal) -> str:
    """What became of the proposal; empty while it waits for a decision."""
    # Reasons of the software are in the catalogue, those of people are told as they are.
    told = {"body": line(proposal.body), "why": line(_(proposal.ended_because)) if proposal.ended_because else ""}
    state, at = ProposalState(proposal.state), proposal.ended_at or proposal.confirmed_at
    if state == ProposalState.OPEN or at is None:
        return ""
    text = {
        ProposalState.CONFIRMED: _("Confirmed by %(body)s on %(when)s."),
        ProposalState.RETURNED: _("Returned to the working group on %(when)s. %(why)s"),
        ProposalState.WITHDRAWN: _("Withdrawn on %(when)s, before it was decided. %(why)s"),
        ProposalState.VOID: _("This confirmation is void since %(when)s. %(why)s"),
    }[state]
    return (text % (told | {"when": moment(at)})).strip()
