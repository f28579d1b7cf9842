"""Importing and exporting the long list of issues, with the mentions and the sheet of each."""

from collections import defaultdict
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.models import User
from scoping.lists.base import ImportableList
from scoping.lists.issue_columns import COLUMNS, ISSUE_FIELDS, MENTION_FIELDS, as_cell
from scoping.lists.issue_plan import IssuePlan, IssueRow, MentionRow, Wanted, plan_issues, point_out_twins
from scoping.lists.sources import ListFile
from scoping.models import Issue, Mention, Phase, Standing
from scoping.services.issues import MOST_ISSUES
from scoping.services.scope import free_code
from tables.writing import Table


class IssueList(ImportableList[IssuePlan]):
    kind = "issues"
    noun = gettext_noop("issue")
    columns = COLUMNS
    recognised = gettext_noop(
        "An issue is recognised by its code, else by its name. The last five columns make a mention: one place where "
        "the issue was found. An issue that was found in several places has a row for each."
    )

    def plan(self, file: ListFile) -> IssuePlan:
        present = self._present()
        return plan_issues(
            file,
            present=present,
            room=MOST_ISSUES - len(present),
            opened=self.assessment.phase != Phase.SCOPING,
            today=timezone.localdate(),
        )

    def explain(self, plan: IssuePlan) -> None:
        point_out_twins(plan, self._present())

    def store(self, plan: IssuePlan, by: User | None) -> None:
        present = {issue.pk: issue for issue in self.assessment.issues.all()}
        taken = {issue.code for issue in present.values()}
        taken |= {wanted.values["code"] for wanted in (*plan.added, *plan.changed)}
        end = max((issue.position for issue in present.values()), default=-1) + 1
        standing = Standing.LISTED if self.assessment.phase == Phase.SCOPING else Standing.NEXT
        added = []
        for position, wanted in enumerate(plan.added, start=end):
            code = wanted.values["code"] or free_code(wanted.name, taken=taken, fallback="issue", place=len(taken) + 1)
            taken.add(code)
            values = {**wanted.values, "code": code}
            added.append(Issue(assessment=self.assessment, position=position, standing=standing, added_by=by, **values))
        changed = []
        for wanted in plan.changed:
            issue = present[wanted.present.pk]  # type: ignore[union-attr]
            for name in wanted.changed:
                setattr(issue, name, wanted.values[name])
            changed.append(issue)
        Issue.objects.bulk_create(added)
        fields = sorted(set().union(*(wanted.changed for wanted in plan.changed)))
        if fields:
            Issue.objects.bulk_update(changed, fields)
        pairs = zip((*added, *changed), (*plan.added, *plan.changed), strict=True)
        _store_mentions(list(pairs), by)

    def table(self) -> Table:
        """A row for each mention; what the issue says of itself stands in its first row."""
        rows = []
        for issue in self._present():
            if issue.merged_into:
                continue
            cells = [as_cell(name, issue.values[name]) for name in ISSUE_FIELDS]
            rows.append([*cells, *_mention_cells(issue.mentions[:1])])
            again = [*cells[:2], *[""] * len(cells[2:])]
            rows += [[*again, *_mention_cells([mention])] for mention in issue.mentions[1:]]
        return self.table_of(rows)

    def _present(self) -> list[IssueRow]:
        """The whole long list in two questions to the database."""
        mentions: dict[int, list[MentionRow]] = defaultdict(list)
        of_assessment = Mention.objects.filter(issue__assessment=self.assessment)
        for issue, *mention in of_assessment.values_list("issue_id", "pk", *MENTION_FIELDS):
            mentions[issue].append(MentionRow(*mention))
        opened = self.assessment.phase != Phase.SCOPING
        issues = self.assessment.issues.values("pk", "standing", "merged_into__name", *ISSUE_FIELDS)
        return [_row(issue, mentions[issue["pk"]], opened) for issue in issues]


def _row(issue: dict[str, Any], mentions: list[MentionRow], opened: bool) -> IssueRow:
    return IssueRow(
        pk=issue["pk"],
        values={name: issue[name] for name in ISSUE_FIELDS},
        standing=issue["standing"],
        merged_into=issue["merged_into__name"] or "",
        asked=opened and issue["standing"] == Standing.LISTED,
        mentions=tuple(mentions),
    )


def _mention_cells(mentions: tuple[MentionRow, ...] | list[MentionRow]) -> list[str]:
    if not mentions:
        return [""] * len(MENTION_FIELDS)
    return [as_cell(name, getattr(mentions[0], name)) for name in MENTION_FIELDS]


def _store_mentions(pairs: list[tuple[Issue, Wanted]], by: User | None) -> None:
    new = [
        Mention(issue=issue, added_by=by, **_mention_values(mention))
        for issue, wanted in pairs
        for mention in wanted.new_mentions
    ]
    changed = [
        Mention(pk=mention.pk, issue=issue, **_mention_values(mention))
        for issue, wanted in pairs
        for mention in wanted.changed_mentions
    ]
    Mention.objects.bulk_create(new)
    Mention.objects.bulk_update(changed, ["found_on", "quotation", "link"])


def _mention_values(mention: MentionRow) -> dict[str, Any]:
    return {name: getattr(mention, name) for name in MENTION_FIELDS}
