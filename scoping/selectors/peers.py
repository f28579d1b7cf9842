"""Which peers an assessment can be compared with, and the comparison: published cases, and what members entered."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.utils.translation import gettext

from scoping.cases.catalogue import case_names, find_case
from scoping.models import Assessment, Peer, PeerMatch, Standing
from scoping.peers import Comparison, Holding, OwnIssue, PeerList, PeerListIssue, PeerTier, compare, tiers_of
from scoping.similarity import likeness


class PeerNotFound(LookupError):
    """No peer of that name is there for this assessment."""


def peers_of(assessment: Assessment) -> list[PeerList]:
    """The published cases except the company's own, then the peers that members entered."""
    company = assessment.company.casefold()
    published = [
        peer
        for peer in (_built_in(name) for name in case_names())
        if peer.key != assessment.case and peer.company.casefold() != company
    ]
    entered = Peer.objects.filter(organisation=assessment.organisation_id).prefetch_related("issues")
    return [*published, *(_entered(peer) for peer in entered)]


def find_peer(assessment: Assessment, key: str) -> PeerList:
    """The peer with this key; raises PeerNotFound, also when it is another organisation's."""
    peer = next((peer for peer in peers_of(assessment) if peer.key == key), None)
    if peer is None:
        raise PeerNotFound(gettext("There is no peer “%(key)s” to compare with.") % {"key": key})
    return peer


def entered_peer(assessment: Assessment, key: str) -> Peer:
    """The stored peer behind a key; raises Peer.DoesNotExist, also for a published case, which nobody can change."""
    try:
        identifier = UUID(key)
    except ValueError as error:
        raise Peer.DoesNotExist from error
    return Peer.objects.get(organisation=assessment.organisation_id, pk=identifier)


def compare_with(assessment: Assessment, peers: list[PeerList]) -> Comparison:
    return compare(own_issues(assessment), peers, _decided(assessment))


def own_issues(assessment: Assessment) -> list[OwnIssue]:
    """The whole list in its order. A merged issue lends its name to the one that it went into."""
    rows = list(assessment.issues.values_list("code", "name", "standing", "merged_into__code"))
    also: dict[str, list[str]] = {}
    for _, name, _, into in rows:
        if into is not None:
            also.setdefault(into, []).append(name)
    return [
        OwnIssue(code, name, standing, tuple(also.get(code, ())))
        for code, name, standing, _ in rows
        if standing != Standing.MERGED
    ]


@dataclass(frozen=True)
class Question:
    """Which of our issues are these of the peers? `likely` are those of the nearest names, the nearest first."""

    holdings: tuple[Holding, ...]
    likely: tuple[OwnIssue, ...]
    others: tuple[OwnIssue, ...]
    # What was said before: the code of an issue, "" for none of ours; None where the names decide.
    answer: str | None


def question_about(assessment: Assessment, keys: Collection[str], *, likely: int = 5) -> Question:
    """
    What is asked about the peers' issues that `keys` name (Holding.key).

    Raises
    ------
    PeerNotFound
        A key names no peer, or no issue of that peer.
    """
    peers = {peer.key: peer for peer in peers_of(assessment)}
    holdings = []
    for key in keys:
        peer_key, _, name = key.partition(":")
        peer = peers.get(peer_key)
        issue = peer.issue_named(name) if peer else None
        if peer is None or issue is None:
            raise PeerNotFound(gettext("No peer has an issue “%(name)s” now.") % {"name": name})
        holdings.append(Holding(peer, issue))
    if not holdings:
        raise PeerNotFound(gettext("No issue of a peer was named."))
    own = own_issues(assessment)
    alike = likeness([holding.issue.name for holding in holdings], [issue.name for issue in own])
    nearest = alike.max(axis=0).argsort(kind="stable")[::-1][:likely]
    near = [int(place) for place in nearest if alike[:, place].max() > 0]
    decided = _decided(assessment)
    first = (holdings[0].peer.key, holdings[0].issue.name)
    return Question(
        holdings=tuple(holdings),
        likely=tuple(own[place] for place in near),
        others=tuple(issue for place, issue in enumerate(own) if place not in near),
        answer=(decided[first] or "") if first in decided else None,
    )


def _decided(assessment: Assessment) -> Mapping[tuple[str, str], str | None]:
    rows = PeerMatch.objects.filter(assessment=assessment).values_list(
        "peer", "peer_issue", "issue__code", "issue__merged_into__code"
    )
    return {(peer, name): into or code for peer, name, code, into in rows}


@cache
def _built_in(name: str) -> PeerList:
    """A published case as a peer. Case files do not change while the product runs."""
    case = find_case(name)
    levels = {tier.name: level for level, tier in enumerate(case.tiers, start=1)}
    issues = []
    for issue in case.issues:
        place = issue.published
        issues.append(
            PeerListIssue(
                name=issue.name,
                category=issue.category,
                tier=place.tier if place else "",
                level=levels[place.tier] if place else None,
                levels=len(levels),
                rank=place.rank if place else None,
                reading=issue.reading,
            )
        )
    tiers = tuple(
        PeerTier(level, tier.name, tier.count or sum(issue.level == level for issue in issues))
        for level, tier in enumerate(case.tiers, start=1)
    )
    return PeerList(name, case.company, case.reporting_period, case.origin, tuple(issues), built_in=True, tiers=tiers)


def _entered(peer: Peer) -> PeerList:
    rows = list(peer.issues.all())
    levels = max((row.level or 0 for row in rows), default=0)
    issues = tuple(
        PeerListIssue(
            name=row.name,
            category=row.category,
            tier=row.tier or (gettext("level %(level)s") % {"level": row.level} if row.level else ""),
            level=row.level,
            levels=levels,
            rank=row.rank,
        )
        for row in rows
    )
    return PeerList(
        key=str(peer.pk),
        company=peer.company,
        period=peer.reporting_period,
        source=peer.source,
        issues=issues,
        built_in=False,
        tiers=tiers_of(issues),
        link=peer.link,
    )
