"""Publishing: a confirmed result becomes a page that anybody can read, until it is withdrawn."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from accounts.services import record
from materiality.files import request_export
from materiality.models import Proposal, ProposalState, Publication
from materiality.publishing.document import public_document
from materiality.services.grounds import void_if_changed
from scoping.models import Assessment
from webhooks.events import REPORT_PUBLISHED
from webhooks.services import announce

REPLACED = gettext_noop("A newer report took its place.")
LONGEST_REASON = 2000
# What the public page offers to download, with the options of each (materiality/files/kinds.py).
FILES: tuple[tuple[str, dict[str, str]], ...] = (
    ("matrix", {"format": "png"}),
    ("matrix", {"format": "svg"}),
    ("matrix", {"format": "pdf"}),
    ("tables", {}),
    ("ranking", {}),
    ("result", {}),
    ("public-bundle", {}),
)
FILES_OF_A_LIST = FILES[-1:]


@transaction.atomic
def publish(*, proposal: Proposal, by: User) -> Publication:
    """Make the confirmed result public, as everything around it is recorded now. An earlier report gives way.

    Raises
    ------
    ValidationError
        If the result is not confirmed, or is not any more what would be proposed.
    """
    assessment = Assessment.objects.select_for_update(of=("self",), no_key=True).get(pk=proposal.assessment_id)
    held = Proposal.objects.select_for_update(of=("self",)).select_related("assessment__organisation", "run")
    proposal = held.get(pk=proposal.pk)
    if proposal.state != ProposalState.CONFIRMED:
        raise ValidationError(_("Only a confirmed result can be published."))
    if void_if_changed(proposal):
        raise ValidationError(
            _("Something has changed since the result was confirmed. Propose it again and have it confirmed.")
        )
    for earlier in Publication.objects.select_for_update().filter(assessment=assessment, withdrawn_at=None):
        _end(earlier, by, REPLACED)
    publication = Publication.objects.create(
        assessment=assessment,
        proposal=proposal,
        document=public_document(proposal) | {"downloads": _downloads(proposal, by)},
        published_by=by,
    )
    _tell(publication, by, f"published the result that proposal {proposal.number} confirmed")
    announce(
        organisation=proposal.assessment.organisation,
        event=REPORT_PUBLISHED,
        data={
            "assessment": assessment.slug,
            "proposal": proposal.number,
            "address": settings.BASE_URL + reverse("report", kwargs={"slug": assessment.slug}),
        },
    )
    return publication


@transaction.atomic
def withdraw(*, publication: Publication, by: User, because: str) -> Publication:
    """Take a public report back; its address says so, when and why.

    Raises
    ------
    ValidationError
        Without a reason, or if it is withdrawn already.
    """
    publication = Publication.objects.select_for_update(of=("self",)).get(pk=publication.pk)
    because = because.strip()
    if not because:
        raise ValidationError(_("Say why: readers see it at the address of the report."))
    if len(because) > LONGEST_REASON:
        raise ValidationError(
            _("Say it in at most %(most)d characters; these are %(found)d.")
            % {"most": LONGEST_REASON, "found": len(because)}
        )
    if publication.withdrawn_at:
        raise ValidationError(_("This report was withdrawn already."))
    _end(publication, by, because)
    _tell(publication, by, f"withdrew the public report: {because}")
    return publication


def _end(publication: Publication, by: User | None, because: str) -> None:
    publication.withdrawn_at, publication.withdrawn_by, publication.withdrawn_because = timezone.now(), by, because
    publication.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])


def _tell(publication: Publication, by: User, summary: str) -> None:
    assessment = publication.assessment
    record(organisation=assessment.organisation, actor=by, subject=assessment.slug, summary=summary)


def _downloads(proposal: Proposal, by: User) -> list[dict[str, str]]:
    """The files that the page offers once they are made, all of what was confirmed. What cannot be had is not offered,
    such as a matrix of a list without scores."""
    found = []
    for kind, options in FILES if proposal.run_id else FILES_OF_A_LIST:
        try:
            wanted = {**options, "proposal": str(proposal.pk)}
            file = request_export(assessment=proposal.assessment, kind=kind, options=wanted, by=by, is_limited=False)
        except ValidationError:
            continue
        found.append({"file": str(file.pk), "kind": kind})
    return found
