"""Minutes to paste: what was put before the body, what stands in another tier than computed, and what was resolved, in
sentences of plain text. A draft until the body has decided; afterwards with who decided, when and how."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from materiality.exports.paper.wording import (
    left_open,
    line,
    lines,
    moved_text,
    put_forward,
    signed,
    standing,
    title_of,
    who_answered,
)
from materiality.exports.sentences import full_stop
from materiality.exports.simulated import simulated_sentence
from materiality.models import Proposal, ProposalState
from materiality.review.decided import moved_by_decision
from scoping.wording import dated, in_a_row, run_on


def minutes_text(proposal: Proposal) -> str:
    """The minutes on `proposal` in the active language, paragraphs parted by empty lines."""
    return "\n\n".join(_paragraphs(proposal)) + "\n"


def _paragraphs(proposal: Proposal) -> Iterator[str]:
    document, state = proposal.document, ProposalState(proposal.state)
    about = {
        "company": line(document["company_name"]),
        "period": line(document["reporting_period"]),
        "body": line(proposal.body),
        "number": proposal.number,
    }
    yield title_of(document)
    if proposal.meeting_on:
        yield _("%(body)s, meeting of %(day)s") % (about | {"day": dated(proposal.meeting_on)})
    else:
        yield _("%(body)s, date of the meeting not set") % about
    if state == ProposalState.OPEN:
        yield _("DRAFT: nothing has been decided yet.")
    yield _presented(proposal)
    yield from _moved(proposal)
    if proposal.note:
        yield _("The working group adds: %(note)s") % {"note": "\n".join(lines(proposal.note))}
    yield _resolution(proposal) % about
    yield from _topics(proposal)
    if _has_tiers(proposal):
        yield left_open(document)
    yield from _decided(proposal)
    yield _("Digest of what was proposed (SHA-256): %(digest)s") % {"digest": proposal.digest}


def _presented(proposal: Proposal) -> str:
    """What the body had before it."""
    told = [put_forward(proposal)]
    document = proposal.document
    if proposal.run_id:
        told.append(_("The result follows from %(answers)s") % {"answers": who_answered(document)})
        if document["simulated"]:
            told.append(simulated_sentence(document["simulated"], document["respondents"]))
    return run_on(told)


def _moved(proposal: Proposal) -> Iterator[str]:
    """The issues in another tier than computed, a line each."""
    moved = moved_by_decision(proposal.document) if proposal.run_id else []
    if moved:
        text = ngettext(
            "%(number)d issue stands in another tier than computed:",
            "%(number)d issues stand in another tier than computed:",
            len(moved),
        )
        rows = [f"- {run_on([full_stop(line(issue['name'])), full_stop(moved_text(issue))])}" for issue in moved]
        yield "\n".join([text % {"number": len(moved)}, *rows])


def _resolution(proposal: Proposal) -> str:
    """A template of the resolution, as far as one was passed."""
    state = ProposalState(proposal.state)
    has_tiers, is_ranked = _has_tiers(proposal), bool(proposal.run_id)
    if proposal.confirmed_at:
        if is_ranked:
            return _(
                "Resolved: %(body)s confirms the result of the materiality assessment of %(company)s for %(period)s: "
                "the ranking of the issues and their tiers as follows."
            )
        if has_tiers:
            return _("Resolved: %(body)s confirms the issues of %(company)s for %(period)s and their tiers as follows.")
        return _("Resolved: %(body)s confirms the list of issues of %(company)s for %(period)s as follows.")
    if state == ProposalState.OPEN:
        if is_ranked:
            return _(
                "Proposed resolution: %(body)s confirms the result of the materiality assessment of %(company)s for "
                "%(period)s: the ranking of the issues and their tiers as follows."
            )
        if has_tiers:
            return _(
                "Proposed resolution: %(body)s confirms the issues of %(company)s for %(period)s and their tiers as "
                "follows."
            )
        return _("Proposed resolution: %(body)s confirms the list of issues of %(company)s for %(period)s as follows.")
    if state == ProposalState.RETURNED:
        return _("Not resolved: %(body)s returned proposal %(number)d to the working group. It had proposed:")
    return _("Not resolved: proposal %(number)d was withdrawn before %(body)s decided. It had proposed:")


def _has_tiers(proposal: Proposal) -> bool:
    return any(issue["tier"] for issue in proposal.document["issues"])


def _at_rank(issue: Mapping[str, Any]) -> str:
    """The name, after its rank where there is one."""
    name, rank = line(issue["name"]), issue.get("rank")
    return name if rank is None else _("%(rank)d. %(name)s") % {"rank": rank, "name": name}


def _topics(proposal: Proposal) -> Iterator[str]:
    """A paragraph for each tier, else for each category."""
    issues = proposal.document["issues"]
    by = "tier" if _has_tiers(proposal) else "category"
    names = [tier["name"] for tier in proposal.document.get("tiers", ())] if by == "tier" else []
    names += dict.fromkeys(issue[by] or "" for issue in issues if (issue[by] or "") not in names)
    for name in names:
        inside = [_at_rank(issue) for issue in issues if (issue[by] or "") == name]
        if not inside:
            continue
        without = _("Without a tier") if by == "tier" else _("Without a category")
        yield _("%(part)s (%(number)d): %(names)s.") % {
            "part": line(name) or without,
            "number": len(inside),
            "names": in_a_row(inside),
        }


def _decided(proposal: Proposal) -> Iterator[str]:
    """Who decided, when and how they showed who they are; and what came of it since."""
    yield from map(signed, proposal.signatures.all())
    if proposal.state == ProposalState.OPEN:
        yield _("In favour: ____  Against: ____  Abstained: ____")
    elif told := standing(proposal):
        yield told
