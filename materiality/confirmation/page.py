"""What the page of the confirmation shows: what is missing, what is proposed, who confirmed it, and all that was."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership, Role
from accounts.selectors import who_may_confirm
from materiality.confirmation.selectors import Confirmer, cannot_be_confirmed, confirmers, proposals_of, why_ended
from materiality.confirmation.summary import Summary, summary_of
from materiality.models import Proposal, ProposalState, ReviewComment, Signature, Verdict
from materiality.services import document_of, givers_of, is_out_of_date, still_needed
from scoping.models import Assessment, Phase
from scoping.wording import enumerated
from surveys.selectors import tallies_of

# Other floors' pages, by the name of their address.
REVIEW, RESULTS, SURVEY = "materiality:review", "materiality:results", "surveys:survey"
LONG_LIST = "scoping:long-list"
MOST_NAMES = 8


@dataclass(frozen=True)
class Point:
    """Something to see to before the result is proposed, and the page where that is done; `stops`: it has to be."""

    text: str
    button: str
    page: str
    stops: bool = False


@dataclass(frozen=True)
class Signed:
    """A signature in the words of the page."""

    name: str
    role: str
    verdict: str
    means: str
    at: datetime
    remark: str


@dataclass(frozen=True)
class Past:
    """A proposal with its signatures, and why it ended in the words of the page."""

    proposal: Proposal
    state: str
    signatures: tuple[Signed, ...]
    because: str


@dataclass(frozen=True)
class ConfirmationPage:
    """Everything on the page.

    Attributes
    ----------
    live : the proposal that is open or confirmed, with its document; None where there is none.
    summary : of the live proposal, else of what would be proposed now; None where there is nothing.
    before : what to see to before proposing; empty while one is live.
    missing : what a confirmation still needs, in sentences.
    obstacle : why those who may confirm are not enough.
    told : who gets a mail when the person who looks proposes the result, in words.
    mine : the decision of the person who looks; `gave_tiers`: whether they gave an issue another tier.
    """

    live: Proposal | None
    summary: Summary | None
    before: tuple[Point, ...]
    missing: tuple[str, ...]
    people: tuple[Confirmer, ...]
    obstacle: str
    mine: Signature | None
    gave_tiers: bool
    history: tuple[Past, ...]
    told: str = ""

    @property
    def signatures(self) -> tuple[Signed, ...]:
        """Of the live proposal."""
        return self.history[0].signatures if self.live else ()

    @property
    def can_propose(self) -> bool:
        return self.live is None and not any(point.stops for point in self.before)

    @property
    def last(self) -> Past | None:
        """The newest, as long as none is live."""
        return self.history[0] if self.live is None and self.history else None


def confirmation_page(assessment: Assessment, membership: Membership) -> ConfirmationPage:
    found = proposals_of(assessment)
    for proposal in found:
        proposal.assessment = assessment
    history = tuple(_past(proposal) for proposal in found)
    live = next((proposal for proposal in found if proposal.state in Proposal.LIVE), None)
    if live is None:
        before, summary = _before(assessment)
        members = who_may_confirm(assessment.organisation)
        told = enumerated([str(one.user) for one in members if one.user_id != membership.user_id], most=MOST_NAMES)
        return ConfirmationPage(None, summary, before, (), (), "", None, False, history, told)
    is_open = live.state == ProposalState.OPEN
    people = tuple(confirmers(live)) if is_open else ()
    return ConfirmationPage(
        live=live,
        summary=summary_of(live.document),
        before=(),
        missing=tuple(still_needed(live)) if is_open else (),
        people=people,
        obstacle=cannot_be_confirmed(live, list(people)) if is_open else "",
        mine=next((one for one in live.signatures.all() if one.by_id == membership.user_id), None),
        gave_tiers=is_open and membership.user_id in givers_of(live),
        history=history,
    )


def _past(proposal: Proposal) -> Past:
    signatures = tuple(
        Signed(
            name=one.name,
            role=_(Role(one.role).label).lower(),
            verdict=_("confirmed") if one.verdict == Verdict.CONFIRM else _("returned it"),
            means=_(one.get_means_display()),
            at=one.at,
            remark=one.remark,
        )
        for one in proposal.signatures.all()
    )
    return Past(proposal, _(proposal.get_state_display()), signatures, why_ended(proposal))


def _before(assessment: Assessment) -> tuple[tuple[Point, ...], Summary | None]:
    """What to see to before proposing, and the result as it would be proposed."""
    try:
        current, document = document_of(assessment)
    except ValidationError as nothing:
        button, page = (_("Go to the results"), RESULTS) if assessment.with_survey else (_("Build the list"), LONG_LIST)
        return (Point(" ".join(nothing.messages), button, page, stops=True),), None
    points, summary = [], summary_of(document)
    survey = tallies_of(assessment) if current else None
    if current and is_out_of_date(current.run, survey):
        told = _("The result is out of date: answers, weights, tiers or method have changed since.")
        points.append(Point(told, _("Update it first"), RESULTS, stops=True))
    if open_points := ReviewComment.objects.filter(assessment=assessment, is_open_point=True, resolved_at=None).count():
        told = ngettext("%(n)d point is still open.", "%(n)d points are still open.", open_points) % {"n": open_points}
        points.append(Point(told, _("Go to the review"), REVIEW))
    if current and assessment.phase == Phase.SURVEY:
        told = _("The survey is open: the next answers that count take the proposal back. Close it first.")
        points.append(Point(told, _("Go to the survey"), SURVEY))
    if summary.simulated:
        told = _("Some answers are simulated, and are not the view of any stakeholder.")
        if summary.simulated == summary.respondents:
            told = _("All answers are simulated: nobody’s views would be confirmed.")
        points.append(Point(told, _("Go to the survey"), SURVEY))
    return tuple(points), summary
