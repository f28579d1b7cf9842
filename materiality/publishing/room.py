"""Where publishing stands, for the members' page."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from materiality.models import Proposal, Publication
from materiality.publishing.selectors import Void, not_made, publications_of, void_of
from materiality.publishing.services import REPLACED
from materiality.review.selectors import live_proposal
from materiality.services.grounds import void_if_changed
from scoping.models import Assessment
from scoping.wording import enumerated

# How high a frame must be, in pixels, so that the matrix stands in it without scrolling, however wide it is; where that
# is too narrow for names on the matrix, they are in a list below it, which scrolls by itself.
FRAME_HEIGHT = 940


@dataclass(frozen=True)
class Past:
    """A report that is not public any more."""

    publication: Publication
    because: str


@dataclass(frozen=True)
class Room:
    """
    Attributes
    ----------
    live : what is public now.
    void : that the confirmation behind it does not hold any more.
    proposal : what is proposed or confirmed now.
    is_newer : whether the confirmed result is another than the public one.
    missing : why nothing can be published now, in a sentence; empty where it can.
    address : of the public page, whether or not anything is there.
    not_made : downloads of what is public that could not be made, and why, by reason.
    embed : the code for other sites; empty where there is no matrix.
    """

    live: Publication | None
    void: Void | None
    proposal: Proposal | None
    is_newer: bool
    missing: str
    address: str
    not_made: Sequence[tuple[str, str]]
    embed: str
    past: Sequence[Past]

    @property
    def withdrawn(self) -> Past | None:
        """The last report that was public, where none is now."""
        return self.past[0] if self.live is None and self.past else None


def room_of(assessment: Assessment) -> Room:
    publications = publications_of(assessment)
    live = next((one for one in publications if one.withdrawn_at is None), None)
    proposal = live_proposal(assessment)
    address = settings.BASE_URL + reverse("report", kwargs={"slug": assessment.slug})
    with_matrix = live is not None and live.proposal.run_id is not None
    return Room(
        live=live,
        void=void_of(live.proposal) if live else None,
        proposal=proposal,
        is_newer=bool(live and proposal and proposal.confirmed_at and proposal.pk != live.proposal_id),
        missing=_missing(proposal),
        address=address,
        not_made=[(enumerated(files), why) for why, files in not_made(live)] if live else [],
        embed=_embed(live, address) if live and with_matrix else "",
        past=[Past(one, _(one.withdrawn_because) if one.withdrawn_because == REPLACED else one.withdrawn_because)
              for one in publications if one.withdrawn_at],
    )  # fmt: skip


def _missing(proposal: Proposal | None) -> str:
    if proposal is None:
        return _("The result is not confirmed. Propose it to the committee or board first.")
    if proposal.confirmed_at is None:
        return _("The result waits for the confirmation by %(body)s.") % {"body": proposal.body}
    if void_if_changed(proposal):
        return _("Something has changed since the result was confirmed. Propose it again and have it confirmed.")
    return ""


def _embed(live: Publication, address: str) -> str:
    confirmed = live.proposal.document
    return format_html(
        '<iframe src="{}matrix/" title="{}" width="100%" height="{}" loading="lazy" style="border:0"></iframe>',
        address,
        _("Importance matrix of %(company)s, %(period)s")
        % {"company": confirmed["company_name"], "period": confirmed["reporting_period"]},
        FRAME_HEIGHT,
    )


def shown_to_everybody(assessment: Assessment) -> list[str]:
    """What becomes public, in phrases."""
    if not assessment.with_survey:
        result = [_("The list of issues by category")]
    else:
        result = [
            _("Every issue with its rank, scores and tier, and how sure they are"),
            _("Tiers that you decided otherwise than computed, each with your reason"),
            _("How many people of each group answered, from the smallest number that may be shown"),
        ]
    return [
        *result,
        _("What changed since the assessment before"),
        _("What each group asks, your responses, and the channels"),
        _("From the sheets of the issues: meaning, practice, measures, chapters and SDGs"),
        _("The pillars of your model, and the method statement"),
        _("Who confirmed it: the body, not the people"),
    ]


def hidden_from_everybody() -> list[str]:
    """What stays inside, in phrases."""
    return [
        _("Names and addresses of members, approvers and contacts"),
        _("Comments, open points and notes of the review"),
        _("What respondents wrote, and how groups too small to be shown rated"),
        _("Who answers for an issue, scores of power and interest, sources and readings"),
    ]
