"""Peers that members enter, which of our issues theirs are, and taking over what we lack.

The pages read a peer's list by scoping.selectors.peers; published cases are peers too, and nobody changes those.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import Organisation, User
from scoping.models import Assessment, Issue, Peer, PeerIssue, PeerMatch, SourceKind
from scoping.peers import Holding
from scoping.services.issues import save_issue
from scoping.services.mentions import NewMention, save_mention
from scoping.services.scope import current, hold, note, same_name
from scoping.wording import counted
from tables.names import tidy

# As for an assessment of one's own: no report lists more.
MOST_PEER_ISSUES = 500
# Nobody publishes more levels; a higher number is a rank in the wrong column.
LOWEST_LEVEL = 20
LOWEST_RANK = 9999
# What the columns hold (a test compares them with the database's).
LONGEST = {"name": 300, "category": 120, "tier": 80}
# As a message about a line calls them.
COLUMN_NAMES = {
    "name": gettext_noop("name"),
    "category": gettext_noop("category"),
    "tier": gettext_noop("tier"),
    "level": gettext_noop("level"),
    "rank": gettext_noop("rank"),
}
# So many mistakes are named at once; a pasted page of a hundred wrong lines is one mistake.
MOST_PROBLEMS = 20


@dataclass(frozen=True)
class NewPeerIssue:
    """A line of a peer's list, all of it as typed. `line` is its place in the source where lines there are skipped."""

    name: str
    category: str = ""
    tier: str = ""
    level: str = ""
    rank: str = ""
    line: int = 0


@transaction.atomic
def save_peer(
    *,
    assessment: Assessment,
    company: str,
    reporting_period: str,
    issues: Sequence[NewPeerIssue],
    source: str = "",
    link: str = "",
    peer: Peer | None = None,
    by: User | None = None,
) -> Peer:
    """
    Enters a peer for all assessments of the organisation, or changes `peer`; `issues` are its whole list.

    Raises
    ------
    ValidationError
        By field: a text that is missing, a company that is there for the same period, or `lines`, each mistake in the
        list with its line.
    """
    held = hold(assessment)
    # The lock makes two who enter the same company at the same moment wait for one another.
    organisation = Organisation.objects.select_for_update().get(pk=held.organisation_id)
    saved = current(peer) if peer else Peer(organisation=organisation)
    saved.company, saved.reporting_period = tidy(company), tidy(reporting_period)
    saved.source, saved.link = tidy(source), link.strip()
    others = organisation.peers.exclude(pk=saved.pk)
    if any(_is_same(other, saved) for other in others):
        raise ValidationError(
            {"company": _("%(saved)s is among the peers already. Change that entry instead.") % {"saved": saved}}
        )
    saved.full_clean(exclude=["organisation"], validate_unique=False, validate_constraints=False)
    saved.save()
    try:
        count = _replace(saved, issues)
    except ValidationError as error:
        raise ValidationError({"lines": error.messages}) from error
    note(held, by, f"{'changed' if peer else 'entered'} the peer {saved} with {counted(count, 'issue')}")
    return saved


@transaction.atomic
def remove_peer(*, assessment: Assessment, peer: Peer, by: User | None = None) -> None:
    """Removes the peer from all assessments of the organisation. Issues that were taken over from it stay."""
    held = hold(assessment)
    _matches_of(peer).delete()
    note(held, by, f"removed the peer {peer}")
    peer.delete()


@transaction.atomic
def match_peer_issues(
    *, assessment: Assessment, holdings: Sequence[Holding], issue: Issue | None, by: User | None = None
) -> None:
    """Says which of our issues the peers' are; None: none of ours."""
    held = hold(assessment)
    if issue is not None and issue.assessment_id != held.pk:
        raise ValidationError(_("The issue is of another assessment. Choose one from the list."))
    _keep(held, holdings, issue.merged_into or issue if issue else None)
    answer = f"is {issue.name}" if issue else "is none of ours"
    for holding in holdings:
        note(held, by, f"said that {holding.issue.name} of {holding.peer.name} {answer}")


@transaction.atomic
def forget_match(*, assessment: Assessment, holdings: Sequence[Holding], by: User | None = None) -> None:
    """Takes back what was said: the names decide again."""
    held = hold(assessment)
    for holding in holdings:
        said = PeerMatch.objects.filter(assessment=held, peer=holding.peer.key, peer_issue=holding.issue.name)
        if said.delete()[0]:
            note(held, by, f"took back what {holding.issue.name} of {holding.peer.name} is")


@transaction.atomic
def take_over(*, assessment: Assessment, holdings: Sequence[Holding], by: User | None = None) -> Issue:
    """
    Puts what peers have and we lack on the long list: one issue, with a mention for each peer that has it.

    Raises
    ------
    ValidationError
        An issue of that name is on the list, or the list is full.
    """
    held = hold(assessment)
    first, *others = (
        NewMention(
            kind=SourceKind.PEERS, source=f"{holding.peer.name}, {holding.issue.standing}"[:300], link=holding.peer.link
        )
        for holding in holdings
    )
    category = next((holding.issue.category for holding in holdings if holding.issue.category), "")
    added = save_issue(assessment=held, name=holdings[0].issue.name, category=category, mention=first, by=by)
    for mention in others:
        save_mention(issue=added, wanted=mention, by=by)
    _keep(held, holdings, added)  # names may change; what it was taken from does not
    return added


def _keep(assessment: Assessment, holdings: Iterable[Holding], issue: Issue | None) -> None:
    for holding in holdings:
        PeerMatch.objects.update_or_create(
            assessment=assessment,
            peer=holding.peer.key,
            peer_issue=holding.issue.name,
            defaults={"issue": issue},
        )


def _is_same(one: Peer, other: Peer) -> bool:
    return same_name(one.company, other.company) and same_name(one.reporting_period, other.reporting_period)


def _matches_of(peer: Peer) -> QuerySet[PeerMatch]:
    return PeerMatch.objects.filter(assessment__organisation=peer.organisation_id, peer=str(peer.pk))


# --- a peer's list ------------------------------------------------------------------------------------------------
def _replace(peer: Peer, issues: Sequence[NewPeerIssue]) -> int:
    rows = checked_list(issues)
    for row in rows:
        row.peer = peer
    peer.issues.all().delete()
    PeerIssue.objects.bulk_create(rows)
    _matches_of(peer).exclude(peer_issue__in=[row.name for row in rows]).delete()
    return len(rows)


def checked_list(issues: Sequence[NewPeerIssue]) -> list[PeerIssue]:
    """
    The list as rows that are not stored yet, each with its level. Where no line gives a level, the tiers count in the
    order in which they first occur.

    Raises
    ------
    ValidationError
        Every mistake with its line: "Line 3: ...".
    """
    if not issues:
        raise ValidationError(_("Give at least one issue, one per line."))
    if len(issues) > MOST_PEER_ISSUES:
        raise ValidationError(
            _("These are %(n)s lines. A peer's list has at most %(most)s issues: leave out what is none.")
            % {"n": f"{len(issues):,}", "most": MOST_PEER_ISSUES}
        )
    reader = _ListReader()
    numbered = [(issue.line or number, issue) for number, issue in enumerate(issues, start=1)]
    rows = [reader.row(number, issue) for number, issue in numbered]
    reader.give_levels([(number, row) for (number, _), row in zip(numbered, rows, strict=True)])
    for position, row in enumerate(rows):
        row.position = position
    problems = reader.problems
    if len(problems) > MOST_PROBLEMS:
        problems = [*problems[:MOST_PROBLEMS], _("%(n)s more mistakes follow.") % {"n": len(problems) - MOST_PROBLEMS}]
    if problems:
        raise ValidationError(problems)
    return rows


@dataclass
class _ListReader:
    """Reads line after line, and collects what is wrong with any of them."""

    problems: list[str] = field(default_factory=list)
    _line_of_name: dict[str, int] = field(default_factory=dict)
    _line_of_rank: dict[int, int] = field(default_factory=dict)
    _level_of: dict[str, tuple[int, int]] = field(default_factory=dict)  # tier -> its level, and the line that said so

    def row(self, number: int, wanted: NewPeerIssue) -> PeerIssue:
        row = PeerIssue(name=tidy(wanted.name), category=tidy(wanted.category), tier=tidy(wanted.tier))
        row.level = self._whole(number, "level", wanted.level, LOWEST_LEVEL)
        row.rank = self._whole(number, "rank", wanted.rank, LOWEST_RANK)
        self._check_name(number, row)
        self._check_lengths(number, row)
        if row.level and not row.tier:
            self._say(
                number, _("level %(level)s without a tier. Name the tier in front of its level.") % {"level": row.level}
            )
        elif row.level:
            self._check_level(number, row.tier, row.level)
        if row.rank:
            first = self._line_of_rank.setdefault(row.rank, number)
            if first != number:
                self._say(
                    number,
                    _("rank %(rank)s is given a second time. It stands in line %(first)s as well.")
                    % {"rank": row.rank, "first": first},
                )
        return row

    def give_levels(self, rows: Sequence[tuple[int, PeerIssue]]) -> None:
        """Lines that name a tier without its level get the level of that tier."""
        tiers = list(dict.fromkeys(row.tier.casefold() for _, row in rows if row.tier))
        if not self._level_of:
            levels = {tier: level for level, tier in enumerate(tiers, start=1)}
            if len(levels) > LOWEST_LEVEL:
                self.problems.append(
                    _(
                        "These are %(n)s different tiers; no list has more than %(most)s. Look whether the columns "
                        "are in their order: name, category, tier, level, rank."
                    )
                    % {"n": len(levels), "most": LOWEST_LEVEL}
                )
        else:
            levels = {tier: level for tier, (level, _) in self._level_of.items()}
        for number, row in rows:
            if row.tier and row.level is None and row.tier.casefold() not in levels:
                self._say(
                    number,
                    _("no line gives the level of the tier “%(tier)s”, as others do. Give it, 1 the highest.")
                    % {"tier": row.tier},
                )
            elif row.tier and row.level is None:
                row.level = levels[row.tier.casefold()]

    def _check_name(self, number: int, row: PeerIssue) -> None:
        if not row.name:
            self._say(number, _("the name is missing. It stands first."))
            return
        first = self._line_of_name.setdefault(row.name.casefold(), number)
        if first != number:
            self._say(
                number,
                _("“%(row)s” is given a second time. It stands in line %(first)s as well.")
                % {"row": row.name, "first": first},
            )

    def _check_lengths(self, number: int, row: PeerIssue) -> None:
        for column, limit in LONGEST.items():
            if (length := len(getattr(row, column))) > limit:
                self._say(
                    number,
                    _("the %(column)s has %(length)s characters, and %(limit)s fit. Shorten it.")
                    % {"column": _(COLUMN_NAMES[column]), "length": length, "limit": limit},
                )

    def _check_level(self, number: int, tier: str, level: int) -> None:
        known, line = self._level_of.setdefault(tier.casefold(), (level, number))
        if known != level:
            self._say(
                number,
                _("the tier “%(tier)s” has level %(level)s here and level %(known)s in line %(line)s.")
                % {"tier": tier, "level": level, "known": known, "line": line},
            )
            return
        other = next((name for name, (taken, _) in self._level_of.items() if taken == level), "")
        if other != tier.casefold():
            line = self._level_of[other][1]
            self._say(
                number,
                _("level %(level)s is “%(tier)s” here and another tier in line %(line)s. Each tier has its own.")
                % {"level": level, "tier": tier, "line": line},
            )

    def _whole(self, number: int, column: str, text: str, most: int) -> int | None:
        text = text.strip()
        if not text:
            return None
        if len(text) < 9 and text.isascii() and text.isdigit() and 1 <= int(text) <= most:
            return int(text)
        self._say(
            number,
            _("the %(column)s is “%(text)s”. Enter a whole number from 1 to %(most)s, or leave it empty.")
            % {"column": _(COLUMN_NAMES[column]), "text": text[:40], "most": most},
        )
        return None

    def _say(self, number: int, problem: str) -> None:
        self.problems.append(_("Line %(number)s: %(problem)s") % {"number": number, "problem": problem})
