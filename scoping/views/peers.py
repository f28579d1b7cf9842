"""Peers: what they published beside our list, each peer's own list, and entering one."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import editors_only
from accounts.requests import MemberRequest
from scoping.forms.peers import MatchForm, PeerForm
from scoping.models import Assessment, Peer, Standing
from scoping.peers import Comparison, Holding, PeerList, findings
from scoping.selectors.peers import (
    PeerNotFound,
    compare_with,
    entered_peer,
    find_peer,
    peers_of,
    question_about,
)
from scoping.services.peers import forget_match, match_peer_issues, remove_peer, save_peer, take_over
from scoping.views.base import address, find_assessment, form_page, form_response, is_open, sent

# What peers have and we lack is shown most important first; the rest moves up as one works through it.
MOST_GAPS = 100


@require_GET
def peers(request: MemberRequest, slug: str) -> HttpResponse:
    """Our list beside those of the peers, and what they hold high."""
    assessment = find_assessment(request, slug)
    known = peers_of(assessment)
    chosen = _chosen(known, request.GET.getlist("peer"))
    comparison = compare_with(assessment, chosen)
    context = {
        "assessment": assessment,
        "peers": [{"peer": peer, "chosen": peer in chosen} for peer in known],
        "filtered": len(chosen) < len(known),
        "comparison": comparison,
        "blocks": _blocks(comparison),
        "depth": range(1, max((tier.mark for peer in chosen for tier in peer.tiers), default=0) + 1),
        "gaps": comparison.gaps[:MOST_GAPS],
        "more_gaps": max(0, len(comparison.gaps) - MOST_GAPS),
        "back": _query(chosen if len(chosen) < len(known) else []),
        "may_edit": request.membership.may_edit,
        "waits": not is_open(assessment),
        "findings": findings(comparison),
    }
    return render(request, "scoping/peers.html", context)


def _chosen(known: Sequence[PeerList], keys: Sequence[str]) -> list[PeerList]:
    """The peers that were asked for; all of them where none was."""
    return [peer for peer in known if peer.key in keys] or list(known)


def _query(peers: Sequence[PeerList]) -> str:
    return urlencode([("peer", peer.key) for peer in peers])


def _blocks(comparison: Comparison) -> list[dict[str, object]]:
    titles = {
        Standing.LISTED: gettext("On our short list"),
        Standing.LEFT_OUT: gettext("Left out in screening"),
        Standing.NEXT: gettext("Noted for the next assessment"),
    }
    found = [(title, comparison.standing(standing)) for standing, title in titles.items()]
    return [{"title": title, "rows": rows} for title, rows in found if rows]


@require_GET
def peer(request: MemberRequest, slug: str, peer: str) -> HttpResponse:
    """A peer's own list, as published."""
    assessment = find_assessment(request, slug)
    found = _find(assessment, peer)
    context = {
        "assessment": assessment,
        "peer": found,
        "readings": [issue for issue in found.issues if issue.reading],
        "untold": sum(bool(found.tiers) and not issue.tier for issue in found.issues),
        "told": sum(bool(issue.tier) for issue in found.issues),
        "read": sum(issue.is_read for issue in found.issues),
        "categorised": any(issue.category for issue in found.issues),
        "may_edit": request.membership.may_edit,
    }
    return render(request, "scoping/peer.html", context)


def _find(assessment: Assessment, key: str) -> PeerList:
    try:
        return find_peer(assessment, key)
    except PeerNotFound as error:
        raise Http404(str(error)) from error


def _entered(assessment: Assessment, key: str) -> Peer:
    try:
        return entered_peer(assessment, key)
    except Peer.DoesNotExist as error:
        raise Http404("No member of this organisation has entered such a peer.") from error


@editors_only
@form_page
def edit(request: MemberRequest, slug: str, peer: str = "") -> HttpResponse:
    """Enters a peer, or changes the one with this key."""
    assessment = find_assessment(request, slug)
    present = _entered(assessment, peer) if peer else None
    form = PeerForm(sent(request), peer=present)
    saved: list[Peer] = []

    def save(values: dict[str, str]) -> None:
        texts = {name: values[name] for name in ("company", "reporting_period", "source", "link")}
        saved.append(save_peer(assessment=assessment, peer=present, issues=form.issues(), by=request.user, **texts))

    if request.method == "POST" and form.attempt(save):
        done = gettext("“%(name)s” is saved. See below whether its tiers are in their order.")
        messages.success(request, done % {"name": saved[0]})
        return redirect(address(request, slug, "peer", peer=str(saved[0].pk)))
    return form_response(request, "scoping/peer_edit.html", form, {"assessment": assessment, "peer": present})


@editors_only
@require_POST
def remove(request: MemberRequest, slug: str, peer: str) -> HttpResponse:
    assessment = find_assessment(request, slug)
    present = _entered(assessment, peer)
    remove_peer(assessment=assessment, peer=present, by=request.user)
    done = gettext("“%(name)s” is removed. Issues that were taken over from it stay on the list.")
    messages.success(request, done % {"name": present})
    return redirect(address(request, slug, "peers"))


@editors_only
@require_POST
def take(request: MemberRequest, slug: str) -> HttpResponse:
    """Puts what peers have and we lack on the long list; `take` names one of the holdings of the gap."""
    assessment = find_assessment(request, slug)
    known = peers_of(assessment)
    keys = request.POST.getlist("peer")
    comparison = compare_with(assessment, _chosen(known, keys))
    wanted = request.POST.get("take", "")
    gap = next((gap for gap in comparison.gaps for holding in gap.holdings if holding.key == wanted), None)
    back = address(request, slug, "peers", query=[("peer", key) for key in keys], section="lacking")
    if gap is None:
        messages.warning(request, gettext("This is not lacking any more. The list below is as it is now."))
        return redirect(back)
    try:
        added = take_over(assessment=assessment, holdings=gap.holdings, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        done = gettext("“%(name)s” is on the long list.")
        if not is_open(assessment):
            done = gettext(
                "“%(name)s” is on the long list. It waits for the next assessment, since the survey has opened."
            )
        messages.success(request, done % {"name": added})
    return redirect(back)


@editors_only
@form_page
def match(request: MemberRequest, slug: str) -> HttpResponse:
    """Asks which of our issues a peer's is: ?of=<peer>:<name>, several times for the same issue of several peers."""
    assessment = find_assessment(request, slug)
    back = address(request, slug, "peers", query=[("peer", key) for key in request.GET.getlist("peer")])
    try:
        question = question_about(assessment, request.GET.getlist("of"))
    except PeerNotFound as error:
        messages.warning(request, gettext("%(problem)s Choose from the lists below.") % {"problem": error})
        return redirect(back)
    form = MatchForm(sent(request), question=question)
    if request.method == "POST" and form.attempt(lambda _: _answer(request, assessment, question.holdings, form)):
        done = gettext("It is noted for “%(name)s”.")
        messages.success(request, done % {"name": question.holdings[0].issue.name})
        return redirect(back)
    return form_response(
        request, "scoping/peer_match.html", form, {"assessment": assessment, "question": question, "back": back}
    )


def _answer(request: MemberRequest, assessment: Assessment, holdings: Sequence[Holding], form: MatchForm) -> None:
    code = form.code()
    if code is None:
        forget_match(assessment=assessment, holdings=holdings, by=request.user)
    else:
        issue = get_object_or_404(assessment.issues, code=code) if code else None
        match_peer_issues(assessment=assessment, holdings=holdings, issue=issue, by=request.user)
