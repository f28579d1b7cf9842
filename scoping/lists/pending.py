"""An uploaded list between its preview and the decision to take it over."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from scoping.lists.base import ImportableList, Imported
from scoping.lists.contacts import ContactList
from scoping.lists.filenames import file_name
from scoping.lists.issues import IssueList
from scoping.lists.peers import PeerIssueList
from scoping.models import Assessment, Peer, PendingImport
from scoping.services.scope import hold
from tables.problems import SourceError

KEPT = timedelta(days=1)
AnyList = ContactList | IssueList | PeerIssueList
# The assessment was made for such an upload and goes with it, so whoever keeps the upload forgets it.
FOR_NEW = "answers-new"
KINDS = (ContactList.kind, IssueList.kind, PeerIssueList.kind)


class UnknownKind(LookupError):
    """There is no such list."""


def list_of(assessment: Assessment, kind: str, peer: Peer | None = None) -> AnyList:
    """The list of that kind. Raises UnknownKind."""
    if kind == ContactList.kind:
        return ContactList(assessment)
    if kind == IssueList.kind:
        return IssueList(assessment)
    if kind == PeerIssueList.kind and peer is not None:
        return PeerIssueList(assessment, peer)
    raise UnknownKind(kind)


@transaction.atomic
def keep_upload(*, to: ImportableList, name: str, raw: bytes, by: User) -> PendingImport:
    """
    Keeps a file until somebody decides about it, for a day. It takes the place of one that `by` has uploaded for the
    same list and not decided about.

    Raises
    ------
    ValidationError
        At the field `file`: it cannot be read as this list, or (NameRefused) has no name that can be kept.
    """
    name = file_name(name)
    try:
        to.read(name, raw)
    except SourceError as error:
        raise ValidationError({"file": str(error)}) from error
    place = {"assessment": to.assessment, "kind": to.kind, "peer": getattr(to, "peer", None), "added_by": by}
    PendingImport.objects.filter(**place).delete()
    return PendingImport.objects.create(**place, filename=name, content=raw)


def undecided(assessment: Assessment) -> QuerySet[PendingImport]:
    """The uploads that somebody can still decide about."""
    return assessment.pending_imports.filter(added_at__gte=timezone.now() - KEPT)


def forget_undecided() -> None:
    """Removes what nobody decided about within a day: a file may hold people's names and addresses."""
    PendingImport.objects.filter(added_at__lt=timezone.now() - KEPT).exclude(kind=FOR_NEW).delete()


@transaction.atomic
def apply_upload(*, pending: PendingImport, agreed: str, by: User) -> Imported:
    """
    Takes the file over, as the plan with the digest `agreed` says, and forgets it.

    Raises
    ------
    PendingImport.DoesNotExist
        Somebody has decided about it already.
    PlanChanged
        The list is not as it was when that plan was shown.
    ValidationError
        The file has problems; or it cannot be read as this list any more.
    """
    hold(pending.assessment)
    return carry_out(list_of(pending.assessment, pending.kind, pending.peer), pending, agreed=agreed, by=by)


def carry_out(into: ImportableList[Any], pending: PendingImport, *, agreed: str, by: User) -> Imported:
    """The same for any list, by whoever holds its assessment. Raises as `apply_upload` does."""
    if not PendingImport.objects.filter(pk=pending.pk).exists():
        raise PendingImport.DoesNotExist
    try:
        file = into.read(pending.filename, bytes(pending.content))
    except SourceError as error:
        raise ValidationError(str(error)) from error
    imported = into.carry_out(file, by=by, agreed=agreed)
    pending.delete()
    return imported


def cancel_upload(*, pending: PendingImport) -> None:
    pending.delete()
