"""Importing the issues that a peer published."""

from django.utils.translation import gettext_noop

from accounts.models import User
from scoping.lists.base import ImportableList
from scoping.lists.peer_plan import COLUMNS, FIELDS, PeerPlan, Published, plan_peer_issues
from scoping.lists.sources import ListFile
from scoping.models import Assessment, Peer, PeerIssue
from scoping.services.scope import current
from tables.writing import Table


class PeerIssueList(ImportableList[PeerPlan]):
    """The peer belongs to the organisation; the audit trail has its imports with the assessment they were made for."""

    kind = "peer"
    noun = gettext_noop("issue")
    columns = COLUMNS
    recognised = gettext_noop("An issue is recognised by its name. The company’s highest tier has the level 1.")

    def __init__(self, assessment: Assessment, peer: Peer) -> None:
        super().__init__(assessment)
        self.peer = peer

    def hold(self) -> None:
        super().hold()
        self.peer = current(self.peer, Peer.objects.select_for_update().filter(pk=self.peer.pk))

    def plan(self, file: ListFile) -> PeerPlan:
        present = [
            Published(issue.pop("pk"), dict(issue))
            for issue in PeerIssue.objects.filter(peer=self.peer).values("pk", *FIELDS)
        ]
        return plan_peer_issues(file, present=present)

    def store(self, plan: PeerPlan, by: User | None) -> None:
        positions = PeerIssue.objects.filter(peer=self.peer).values_list("position", flat=True)
        end = max(positions, default=-1) + 1
        PeerIssue.objects.bulk_create(
            PeerIssue(peer=self.peer, position=position, **issue.values)
            for position, issue in enumerate(plan.added, start=end)
        )
        changed = [PeerIssue(pk=issue.pk, peer=self.peer, **issue.values) for issue in plan.changed]
        PeerIssue.objects.bulk_update(changed, FIELDS[1:])

    def table(self) -> Table:
        issues = PeerIssue.objects.filter(peer=self.peer).values_list(*FIELDS)
        return self.table_of([["" if value is None else value for value in issue] for issue in issues])

    def named(self) -> str:
        return f"issues of {self.peer}"
