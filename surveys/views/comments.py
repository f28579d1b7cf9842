"""What respondents wrote: to be read and deleted, and missing issues on their way to the long list."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.permissions import editors_only
from accounts.requests import MemberRequest
from scoping.models import Issue
from scoping.selectors.issues import alike_to, named_issues
from scoping.views.base import address, form_page, form_response, is_open, sent
from scoping.views.paging import links_to_pages, page_number
from surveys.commenting import comment_of, comments_of
from surveys.forms.watching import TakeUpForm
from surveys.models import Comment, CommentKind, Survey
from surveys.services.commenting import delete_comment
from surveys.services.taking_up import outcome, take_up
from surveys.views.base import find_assessment, find_survey

LONGEST_SEARCH = 200


@require_GET
@never_cache
def comments(request: MemberRequest, slug: str) -> HttpResponse:
    survey = find_survey(request, find_assessment(request, slug))
    kind = request.GET.get("kind", "")
    kind = kind if kind in CommentKind.values else CommentKind.OVERALL.value
    words = request.GET.get("q", "").strip()[:LONGEST_SEARCH].replace("\0", "")
    shown = comments_of(survey, kind=kind, words=words, page=page_number(request))
    query = {"kind": kind} | ({"q": words} if words else {})
    context = {
        "assessment": survey.assessment,
        "survey": survey,
        "shown": shown,
        "words": words,
        "total": sum(number for _, _, number in shown.numbers),
        "pages": links_to_pages(shown.page.number, shown.page.paginator.num_pages, query),
        "opened": not is_open(survey.assessment),
    }
    return render(request, "surveys/watch/comments.html", context)


@editors_only
@form_page
def missing_issue(request: MemberRequest, slug: str, comment: UUID) -> HttpResponse:
    """Puts what a respondent missed on the long list: as a new issue, or as a mention of one that is there."""
    assessment = find_assessment(request, slug)
    survey = find_survey(request, assessment)
    found = _find_comment(survey, comment)
    if found.kind != CommentKind.MISSING:
        raise Http404("This comment names no missing issue.")
    listing = _listing(request, slug, found)
    if found.taken_up:
        messages.info(request, _("This one was taken up already. It is a mention on the long list."))
        return redirect(listing)
    issues = named_issues(assessment)
    form = TakeUpForm(sent(request), comment=found, issues=issues, alike=alike_to(found.text, issues))
    done: list[Issue] = []
    if request.method == "POST" and form.attempt(
        lambda values: done.append(take_up(comment=found, name=values["name"], issue=form.chosen(), by=request.user))
    ):
        messages.success(request, outcome(done[0]))
        return redirect(listing)
    context = {"assessment": assessment, "comment": found, "back": listing, "opened": not is_open(assessment)}
    return form_response(request, "surveys/watch/missing_issue.html", form, context)


@editors_only
@form_page
@never_cache
def delete(request: MemberRequest, slug: str, comment: UUID) -> HttpResponse:
    """Asks first; a POST deletes the comment."""
    assessment = find_assessment(request, slug)
    found = _find_comment(find_survey(request, assessment), comment)
    listing = _listing(request, slug, found)
    if request.method == "POST":
        try:
            delete_comment(comment=found, by=request.user)
        except ValidationError as refusal:
            messages.info(request, " ".join(refusal.messages))
        else:
            messages.success(request, _("The comment is deleted."))
        return redirect(listing)
    context = {"assessment": assessment, "comment": found, "back": listing}
    return render(request, "surveys/watch/delete_comment.html", context)


def _find_comment(survey: Survey, comment: UUID) -> Comment:
    try:
        return comment_of(survey, comment)
    except Comment.DoesNotExist as error:
        raise Http404("There is no such comment in this survey.") from error


def _listing(request: MemberRequest, slug: str, comment: Comment) -> str:
    """The address of the comments of the same kind."""
    return address(request, slug, "surveys:comments", query={"kind": comment.kind})
