"""What respondents wrote, as the working group reads it: in no order of arrival, and without the group where it is
small."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from surveys.models import Comment, CommentKind, GroupTally, Survey
from surveys.withholding import smallest_group, withhold

PER_PAGE = 50
SMALL_GROUP = gettext_noop("a small group")


@dataclass(frozen=True)
class Said:
    """A comment as it may be shown. `about` is the issue's name, empty where it is about the whole."""

    id: UUID
    text: str
    group: str
    about: str
    missing: bool
    taken_up: bool


@dataclass(frozen=True)
class CommentPage:
    """A page of comments of one kind. `numbers` are those of all kinds, without the search."""

    kind: str
    numbers: Sequence[tuple[str, str, int]]
    found: int
    rows: list[Said]
    page: Page[Comment]


def commenting_groups(survey: Survey) -> dict[int, str]:
    """The groups that may be named beside a comment, by id: those of at least k counted people.

    Where a single group is smaller, leaving its name out would name it, so the smallest of the others goes with it.
    """
    k = smallest_group(survey)
    groups = list(survey.assessment.groups.all())
    tallies = GroupTally.objects.filter(questionnaire__survey=survey, simulated=False)
    people: dict[int, int] = {}
    for group_id, respondents in tallies.values_list("group_id", "respondents"):
        people[group_id] = people.get(group_id, 0) + respondents
    counts = [people.get(group.pk, 0) for group in groups]
    shown = withhold(counts, counts, k)
    if shown.total is None:
        return {}
    named = zip(groups, counts, shown.cells, strict=True)
    return {group.pk: group.name for group, count, cell in named if count >= k and cell is not None}


def comments_of(survey: Survey, *, kind: str, words: str = "", page: int = 1) -> CommentPage:
    """Comments of one kind, as many as fit a page, in the order of their random keys.

    Parameters
    ----------
    words : part of the text, in whatever letters; empty for all.
    """
    written = Comment.objects.filter(questionnaire__survey=survey)
    numbers = [(each.value, _TITLES[each], written.filter(kind=each).count()) for each in CommentKind]
    chosen = written.filter(kind=kind).select_related("item").order_by("pk")
    if words:
        chosen = chosen.filter(text__icontains=words)
    found = Paginator(chosen, PER_PAGE).get_page(page)
    named = commenting_groups(survey)
    rows = [_said(comment, named) for comment in found.object_list]
    return CommentPage(kind, numbers, found.paginator.count, rows, found)


_TITLES = {
    CommentKind.ISSUE: gettext_noop("On single issues"),
    CommentKind.OVERALL: gettext_noop("On the whole"),
    CommentKind.MISSING: gettext_noop("Missing issues"),
}


def comment_of(survey: Survey, comment_id: UUID) -> Comment:
    """
    Raises
    ------
    Comment.DoesNotExist
        Also where the comment exists, but in another survey.
    """
    return Comment.objects.select_related("item", "questionnaire__survey__assessment").get(
        pk=comment_id, questionnaire__survey=survey
    )


def _said(comment: Comment, named: dict[int, str]) -> Said:
    return Said(
        id=comment.pk,
        text=comment.text,
        group=named.get(comment.group_id) or _(SMALL_GROUP),
        about=comment.item.name if comment.item else "",
        missing=comment.kind == CommentKind.MISSING,
        taken_up=comment.taken_up,
    )
