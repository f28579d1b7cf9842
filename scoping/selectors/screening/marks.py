"""Who has marked how much, who said what, and the sheet on which a member marks."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from scoping.models import Assessment, Criterion, Issue, Mark, Standing
from scoping.selectors.paging import place_of
from scoping.selectors.screening.totals import ScreenedIssue, long_list


@dataclass(frozen=True)
class Marker:
    """Somebody who marks, or could: how many issues they have marked on every criterion, or on some."""

    person: UUID
    name: str
    marked: int
    begun: int
    of: int


def markers_of(assessment: Assessment) -> list[Marker]:
    """Everybody who has marked or may, those who have marked most first."""
    touched, marked = _issues_marked(assessment)
    editors = {row.user for row in assessment.organisation.memberships.select_related("user") if row.may_edit}
    # Whoever has left keeps having marked.
    gone = set(touched) - {editor.pk for editor in editors}
    people = [*editors, *User.objects.filter(pk__in=gone)]
    of = long_list(assessment).count()
    rows = [
        Marker(person.pk, str(person), marked[person.pk], touched[person.pk] - marked[person.pk], of)
        for person in people
    ]
    return sorted(rows, key=lambda row: (-row.marked, -row.begun, row.name))


def _issues_marked(assessment: Assessment) -> tuple[Counter[UUID], Counter[UUID]]:
    """By member: issues with a mark of theirs on any criterion, and on every one."""
    criteria = list(assessment.criteria.values_list("pk", flat=True))
    marks = Mark.objects.filter(criterion__in=criteria).exclude(issue__standing=Standing.MERGED).order_by()
    counted = marks.values("member_id").annotate(issues=Count("issue_id", distinct=True), count=Count("pk"))
    touched, marked = Counter[UUID](), Counter[UUID]()
    for member, issues, count in counted.values_list("member_id", "issues", "count"):
        touched[member] = issues
        if count == issues * len(criteria):  # nothing half-done, as is usual: no need to look at each issue
            marked[member] = issues
    if half_done := set(touched) - set(marked):
        by_issue = marks.filter(member__in=half_done).values("member_id", "issue_id").annotate(count=Count("pk"))
        marked.update(by_issue.filter(count=len(criteria)).values_list("member_id", flat=True))
    return touched, marked


@dataclass(frozen=True, slots=True)
class GivenMark:
    """One person's mark on one criterion, with the reason where one was given."""

    issue: int
    criterion: str
    place: int  # of the criterion, from 0
    member: str
    value: int
    reason: str


def reasons_of(assessment: Assessment, criteria: Sequence[Criterion]) -> dict[int, list[GivenMark]]:
    """By issue: the marks that came with a reason."""
    given = _given(Mark.objects.filter(criterion__assessment=assessment).exclude(reason=""), criteria)
    return _by_issue(given)


def voices_of(issues: Sequence[ScreenedIssue], criteria: Sequence[Criterion]) -> dict[int, list[GivenMark]]:
    """By issue: the marks that came with a reason, and all marks on a criterion where people disagree."""
    wide = {
        (issue.id, place)
        for issue in issues
        if issue.outcome.contested
        for place, cell in enumerate(issue.cells)
        if cell.spread == issue.outcome.spread
    }
    disputed = {issue for issue, _ in wide}
    marks = Mark.objects.filter(Q(issue__in=disputed) | Q(issue__in=[row.id for row in issues]) & ~Q(reason=""))
    given = _given(marks, criteria)
    return _by_issue([mark for mark in given if mark.reason or (mark.issue, mark.place) in wide])


def _given(marks: QuerySet[Mark], criteria: Sequence[Criterion]) -> list[GivenMark]:
    places = {criterion.pk: place for place, criterion in enumerate(criteria)}
    rows = marks.order_by("pk").values_list(
        "issue_id", "criterion_id", "member__name", "member__email", "value", "reason"
    )
    given = [
        GivenMark(issue, criteria[places[criterion]].name, places[criterion], name or email, value, reason)
        for issue, criterion, name, email, value, reason in rows
        if criterion in places
    ]
    return sorted(given, key=lambda mark: mark.place)


def _by_issue(marks: Sequence[GivenMark]) -> dict[int, list[GivenMark]]:
    found = defaultdict(list)
    for mark in marks:
        found[mark.issue].append(mark)
    return dict(found)


# --- the sheet of one member ------------------------------------------------------------------------------
# As many as fit one sitting of a few minutes.
ISSUES_PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class IssueToMark:
    id: int
    code: str
    name: str
    category: str
    description: str
    mentions: int


@dataclass(frozen=True)
class MarkingPage:
    """One page of the sheet: its issues, and how far the member has come in all of them."""

    criteria: tuple[Criterion, ...]
    issues: tuple[IssueToMark, ...]
    marks: dict[tuple[int, int], tuple[int, str]]  # the member's own, by issue and criterion: value and reason
    page: int
    pages: int
    only_open: bool
    done: int
    of: int

    @property
    def open(self) -> int:
        return self.of - self.done


def marking_page(
    assessment: Assessment,
    member: User,
    *,
    page: int = 1,
    only_open: bool = False,
    of_issues: Collection[int] | None = None,
) -> MarkingPage:
    """The page of that number, or the nearest there is; with `of_issues`, the page that shows just these."""
    criteria = tuple(assessment.criteria.all())
    listed = long_list(assessment)
    still_open = _still_open(listed, member, criteria)
    of, left = listed.count(), still_open.count()
    page, pages, start = place_of(page, left if only_open else of, ISSUES_PER_PAGE)
    if of_issues is not None:
        here = listed.filter(pk__in=of_issues)
    else:
        here = (still_open if only_open else listed)[start : start + ISSUES_PER_PAGE]
    nothing_left = only_open and not left and of_issues is None
    shown = () if nothing_left else _shown(assessment, here)
    return MarkingPage(
        criteria=criteria,
        issues=shown,
        marks=_own_marks(member, shown),
        page=page,
        pages=pages,
        only_open=only_open,
        done=of - left,
        of=of,
    )


def _shown(assessment: Assessment, here: QuerySet[Issue]) -> tuple[IssueToMark, ...]:
    issues = (
        assessment.issues.filter(pk__in=list(here.values_list("pk", flat=True)))
        .annotate(found=Count("mentions"))
        # Said here: where rows are counted together, the model's own order does not hold.
        .order_by("position", "pk")
        .values_list("pk", "code", "name", "category", "description", "found")
    )
    return tuple(IssueToMark(*facts) for facts in issues)


def _own_marks(member: User, issues: Sequence[IssueToMark]) -> dict[tuple[int, int], tuple[int, str]]:
    if not issues:
        return {}
    own = Mark.objects.filter(member=member, issue__in=[issue.id for issue in issues])
    marks = own.values_list("issue_id", "criterion_id", "value", "reason")
    return {(issue, criterion): (value, reason) for issue, criterion, value, reason in marks}


@dataclass(frozen=True)
class After:
    """Where marking goes on, or None at the end; and how far the member has come."""

    number: int | None
    done: int
    of: int


def page_after(assessment: Assessment, member: User, page: MarkingPage) -> After:
    """The page after `page`, whose marks have been saved. Where only open issues are shown, those just marked have left
    the list, and the same number is the next page."""
    listed = long_list(assessment)
    still_open = _still_open(listed, member, page.criteria)
    of, left = listed.count(), still_open.count()
    number = page.page + 1
    if page.only_open and still_open.filter(pk__in=[issue.id for issue in page.issues]).count() < len(page.issues):
        number = page.page
    last = -(-(left if page.only_open else of) // ISSUES_PER_PAGE)
    return After(number if number <= last else None, of - left, of)


def _still_open(listed: QuerySet[Issue], member: User, criteria: Sequence[Criterion]) -> QuerySet[Issue]:
    """Those of the issues on which the member has not given a mark for every criterion."""
    marks = Mark.objects.filter(member=member, criterion__in=[criterion.pk for criterion in criteria]).order_by()
    counted = marks.values("issue_id").annotate(count=Count("pk")).filter(count=len(criteria))
    return listed.exclude(pk__in=counted.values("issue_id"))
