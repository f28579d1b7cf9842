"""Reads of public reports: by the address that anybody has, and for the members of an organisation."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from jobs.models import Status
from materiality.files.kinds import KINDS
from materiality.models import ExportFile, Proposal, ProposalState, Publication
from materiality.services.grounds import OTHER_INPUT, OTHER_LIST, OTHER_NAMES
from materiality.services.running import OTHER_RESULT
from scoping.models import Assessment


def report_at(slug: str) -> Publication:
    """The public report of that address, or the last one that was there and is withdrawn.

    Raises
    ------
    Publication.DoesNotExist
        Where nothing was ever published.
    """
    found = Publication.objects.filter(assessment__slug=slug).select_related("proposal", "assessment")
    live = found.filter(withdrawn_at=None).first()
    return live or found.order_by("-withdrawn_at").first() or _nothing()


def _nothing() -> Publication:
    raise Publication.DoesNotExist


def publications_of(assessment: Assessment) -> list[Publication]:
    """All that were ever public, the newest first, without their documents."""
    found = Publication.objects.filter(assessment=assessment).defer("document")
    return list(found.select_related("published_by", "withdrawn_by", "proposal"))


@dataclass(frozen=True)
class Void:
    """That what a report shows is not confirmed any more: since when, and why in words for anybody."""

    on: date | None
    because: str


def void_of(proposal: Proposal) -> Void | None:
    """None while the confirmation stands."""
    if proposal.state != ProposalState.VOID:
        return None
    # What the working group wrote to itself stays inside.
    told = {
        OTHER_LIST: _("the list of issues has changed since"),
        OTHER_INPUT: _("the answers or the method behind it have changed since"),
        OTHER_NAMES: _("the company, the reporting period or the name of the assessment has changed since"),
        OTHER_RESULT: _("another result has been computed since"),
    }
    because = told.get(proposal.ended_because, _("the company looks at it again"))
    return Void(timezone.localdate(proposal.ended_at) if proposal.ended_at else None, because)


@dataclass(frozen=True)
class Download:
    """A file that the public page offers."""

    file: ExportFile
    kind: str
    label: str

    @property
    def name(self) -> str:
        return self.file.filename

    @property
    def size(self) -> int:
        return self.file.size or 0


def downloads_of(publication: Publication) -> list[Download]:
    """Those that are made, in the order of the document."""
    order = [one["file"] for one in publication.document["downloads"]]
    made = ExportFile.objects.filter(pk__in=order, finished_at__isnull=False)
    files = sorted(made, key=lambda file: order.index(str(file.pk)))
    return [Download(file, file.kind, _label(file)) for file in files if file.kind in KINDS]


def not_made(publication: Publication) -> list[tuple[str, list[str]]]:
    """Why downloads of it could not be made, each reason with the files that it is of."""
    wanted = [one["file"] for one in publication.document["downloads"]]
    failed = ExportFile.objects.filter(pk__in=wanted, finished_at=None, job__status=Status.DEAD).select_related("job")
    found: dict[str, list[str]] = {}
    for file in sorted(failed, key=lambda file: wanted.index(str(file.pk))):
        if file.kind in KINDS and file.job:
            found.setdefault(file.job.error, []).append(_label(file))
    return list(found.items())


def _label(file: ExportFile) -> str:
    label = _(str(KINDS[file.kind].label))
    ending = file.options.get("format", "")
    return f"{label} ({ending.upper()})" if ending else label
