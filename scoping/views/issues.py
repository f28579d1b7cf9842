"""The long list, issues, where they were found, what is alike, and the sheet of each with its lineage."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import editors_only
from accounts.requests import MemberRequest
from scoping.forms.issues import FilterForm, IssueForm, MentionForm, MergeForm, PasteForm, SheetForm
from scoping.libraries.sdgs import GOALS, goal_name
from scoping.models import Issue, Mention, Standing
from scoping.selectors.issues import (
    SHORT_KINDS,
    categories_of,
    count_of_alike,
    duplicates_of,
    in_full,
    long_list_of,
    merged_of,
    named_issues,
    place_of,
)
from scoping.selectors.lineage import concerned_by, lineage_of, neighbours_of
from scoping.services.issues import add_issues, remove_issue, save_issue
from scoping.services.mentions import remove_mention, save_mention
from scoping.services.merging import keep_apart, merge_issue, obstacle_to_merging, point_out_again, unmerge_issue
from scoping.services.sheets import save_sheet
from scoping.views.base import address, came_from, find_assessment, form_page, form_response, is_open, sent
from scoping.wording import capital, spelled

ISSUES_PER_PAGE = 250
PAIRS_PER_PAGE = 50
# Where a form was called from, and where it leads back to; from anywhere else it is the scope.
BACK = {"list": "long-list", "duplicates": "duplicates"}


def _back(request: MemberRequest, slug: str, issue: Issue | None = None) -> str:
    """The page that the form was called from."""
    origin = request.GET.get("from", "")
    if origin == "sheet" and issue is not None:
        return address(request, slug, "sheet", code=issue.code)
    if origin in BACK:
        return address(request, slug, BACK[origin])
    return address(request, slug, "scope", section="issues")


# --- the list ---------------------------------------------------------------------------------------------
@require_GET
def long_list(request: MemberRequest, slug: str) -> HttpResponse:
    """Every issue with its standing and the kinds of source it was found in."""
    assessment = find_assessment(request, slug)
    everything = long_list_of(assessment)
    form = FilterForm(request.GET, long_list=everything)
    filters = form.filters()
    matching = everything.matching(filters)
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "assessment": assessment,
        "long_list": everything,
        "form": form,
        "filtered": filters.any,
        "matching": len(matching),
        "page": Paginator(matching, ISSUES_PER_PAGE).get_page(request.GET.get("page")),
        "kept": kept.urlencode(),
        "kinds": SHORT_KINDS.values(),
        "frozen": not is_open(assessment),
        "may_edit": request.membership.may_edit,
    }
    return render(request, "scoping/long_list.html", context)


@editors_only
@form_page
def issue(request: MemberRequest, slug: str, code: str | None = None) -> HttpResponse:
    """Adds an issue, or changes the name of the one called `code`."""
    assessment = find_assessment(request, slug)
    present = get_object_or_404(assessment.issues, code=code) if code else None
    opened = not is_open(assessment)
    is_asked = present is not None and present.standing == Standing.LISTED
    form = IssueForm(
        sent(request),
        issue=present,
        # Other names matter once a name has been typed.
        others=named_issues(assessment) if request.method == "POST" else (),
        apart=set(present.distinct_from.values_list("pk", flat=True)) if present and request.method == "POST" else (),
        place=place_of(present) if present and is_asked else None,
        frozen=opened,
    )
    saved: list[Issue] = []
    if request.method == "POST" and form.attempt(
        lambda _: saved.append(save_issue(assessment=assessment, issue=present, by=request.user, **form.values()))
    ):
        messages.success(request, gettext("“%(name)s” is saved.") % {"name": saved[0]} + _waiting(saved[0]))
        if "another" in request.POST:
            return redirect(address(request, slug, "issue-new", query=request.GET.dict()))
        return redirect(_back(request, slug, saved[0]))
    context = {
        "assessment": assessment,
        "issue": present,
        "frozen": opened and is_asked,
        "opened": opened,
        "back": _back(request, slug, present),
        "categories": categories_of(assessment),
    }
    return form_response(request, "scoping/issue.html", form, context)


def _waiting(saved: Issue) -> str:
    if saved.standing != Standing.NEXT:
        return ""
    return gettext(" The survey asks about the list as it was; this issue waits for the next assessment.")


@editors_only
@require_POST
def issue_remove(request: MemberRequest, slug: str, code: str) -> HttpResponse:
    present = get_object_or_404(find_assessment(request, slug).issues, code=code)
    try:
        remove_issue(issue=present, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(_back(request, slug, present))
    messages.success(request, gettext("“%(name)s” is removed.") % {"name": present})
    return redirect(_back(request, slug))


@editors_only
@form_page
def paste(request: MemberRequest, slug: str) -> HttpResponse:
    """Adds many issues at once: all of them, or none."""
    assessment = find_assessment(request, slug)
    form = PasteForm(sent(request))
    added: list[Issue] = []
    if request.method == "POST" and form.attempt(
        lambda values: added.extend(
            add_issues(assessment=assessment, issues=form.issues(), only_new=values["only_new"], by=request.user)
        )
    ):
        if not added:
            messages.info(request, gettext("Every line is on the list already. Nothing was added."))
            return redirect(_back(request, slug))
        text = ngettext("One issue is added.", "%(n)s issues are added.", len(added)) % {"n": len(added)}
        if known := len(form.issues()) - len(added):
            text += ngettext(
                " %(n)s line was left out: on the list already.",
                " %(n)s lines were left out: on the list already.",
                known,
            ) % {"n": capital(spelled(known))}
        alike = count_of_alike(assessment, {each.pk for each in added})
        if not alike:
            messages.success(request, text + _waiting(added[0]))
            return redirect(_back(request, slug))
        names = ngettext(
            " %(n)s of them has a name much like another: decide below.",
            " %(n)s of them have names much like another: decide below.",
            alike,
        ) % {"n": capital(spelled(alike))}
        messages.success(request, text + _waiting(added[0]) + names)
        return redirect(address(request, slug, "duplicates"))
    context = {"assessment": assessment, "opened": not is_open(assessment), "back": _back(request, slug)}
    return form_response(request, "scoping/paste.html", form, context)


# --- the sheet --------------------------------------------------------------------------------------------
def _find_issue(request: MemberRequest, slug: str, code: str) -> Issue:
    """The issue with its assessment, both in one question."""
    of_assessment = Issue.objects.filter(assessment__organisation=request.organisation, assessment__slug=slug)
    issues = of_assessment.select_related("assessment", "added_by", "published__tier")
    found = get_object_or_404(issues, code=code)
    if found.merged_into_id is not None:
        found = issues.select_related("merged_into", "merged_by").get(pk=found.pk)
    found.assessment.organisation = request.organisation
    return found


@require_GET
def sheet(request: MemberRequest, slug: str, code: str) -> HttpResponse:
    """What a report says about an issue, who is concerned, and how it came to where it stands."""
    found = _find_issue(request, slug, code)
    assessment = found.assessment
    previous, following = neighbours_of(found)
    lineage = lineage_of(found)
    context = {
        "assessment": assessment,
        "issue": found,
        "lineage": lineage,
        "concerned": concerned_by(found, [merged.issue.pk for merged in lineage.merged]),
        "goals": [(number, goal_name(number)) for number in found.sdgs if number in GOALS],
        "chapters": found.chapters.splitlines(),
        "pillars": list(found.pillars.values_list("name", flat=True)),
        "previous": previous,
        "following": following,
        "frozen": not is_open(assessment),
        "is_asked": not is_open(assessment) and found.standing == Standing.LISTED,
        "may_edit": request.membership.may_edit,
    }
    return render(request, "scoping/sheet.html", context)


@editors_only
@form_page
def sheet_edit(request: MemberRequest, slug: str, code: str) -> HttpResponse:
    found = _find_issue(request, slug, code)
    assessment = found.assessment
    form = SheetForm(sent(request), issue=found)
    if request.method == "POST" and form.attempt(lambda values: save_sheet(issue=found, by=request.user, **values)):
        messages.success(request, gettext("The sheet of “%(name)s” is saved.") % {"name": found})
        return redirect(address(request, slug, "sheet", code=code))
    return form_response(request, "scoping/sheet_edit.html", form, {"assessment": assessment, "issue": found})


# --- mentions ---------------------------------------------------------------------------------------------
def _lineage_page(request: MemberRequest, slug: str, code: str) -> str:
    return address(request, slug, "sheet", code=code, section="lineage")


@editors_only
@form_page
def mention(request: MemberRequest, slug: str, code: str, mention_id: int | None = None) -> HttpResponse:
    """Adds a mention of the issue, or changes the one with this id."""
    found = _find_issue(request, slug, code)
    assessment = found.assessment
    present = get_object_or_404(Mention, issue=found, pk=mention_id) if mention_id is not None else None
    form = MentionForm(sent(request), mention=present)
    if request.method == "POST" and form.attempt(
        lambda _: save_mention(issue=found, wanted=form.wanted(), mention=present, by=request.user)
    ):
        done = gettext("The mention in “%(source)s” is saved.")
        messages.success(request, done % {"source": form.cleaned_data["source"]})
        if "another" in request.POST:
            return redirect(address(request, slug, "mention-new", code=code))
        return redirect(_lineage_page(request, slug, code))
    context = {"assessment": assessment, "issue": found, "mention": present}
    return form_response(request, "scoping/mention.html", form, context)


@editors_only
@require_POST
def mention_remove(request: MemberRequest, slug: str, code: str, mention_id: int) -> HttpResponse:
    found = get_object_or_404(find_assessment(request, slug).issues, code=code)
    present = get_object_or_404(Mention.objects.select_related("issue"), issue=found, pk=mention_id)
    remove_mention(mention=present, by=request.user)
    messages.success(request, gettext("The mention in “%(source)s” is removed.") % {"source": present.source})
    return redirect(_lineage_page(request, slug, code))


# --- near-duplicates --------------------------------------------------------------------------------------
@require_GET
def duplicates(request: MemberRequest, slug: str) -> HttpResponse:
    """Issues whose names are alike: the same, or different?"""
    assessment = find_assessment(request, slug)
    found = duplicates_of(assessment)
    page = Paginator(found.pairs, PAIRS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "assessment": assessment,
        "duplicates": found,
        "page": page,
        "pairs": in_full(assessment, list(page.object_list), frozen=not is_open(assessment)) if found.pairs else [],
        "issues": assessment.issues.exclude(standing=Standing.MERGED).count(),
        "merged": merged_of(assessment),
        "may_edit": request.membership.may_edit,
    }
    return render(request, "scoping/duplicates.html", context)


@editors_only
@form_page
def merge(request: MemberRequest, slug: str, code: str) -> HttpResponse:
    """Merges the issue called `code` into the one that `into` names."""
    found = _find_issue(request, slug, code)
    assessment = found.assessment
    obstacle = obstacle_to_merging(found)
    # Where it cannot be merged there is nothing to choose from.
    others = [] if obstacle and request.method != "POST" else named_issues(assessment)
    form = MergeForm(sent(request), issue=found, others=others)
    survivors: list[Issue] = []
    if request.method == "POST" and form.attempt(
        lambda values: survivors.append(
            merge_issue(issue=found, into=assessment.issues.get(code=values["into"]), by=request.user)
        )
    ):
        merged = gettext(
            "“%(name)s” is merged into “%(into)s”, with its mentions and topics of concern. "
            "To undo that, see “Merged already” on the page Near-duplicates."
        )
        messages.success(request, merged % {"name": found, "into": survivors[0]})
        if request.GET.get("from") == "duplicates":
            return redirect(_back(request, slug))
        return redirect(address(request, slug, "sheet", code=survivors[0].code))
    pages = {"duplicates": address(request, slug, "duplicates")}
    back = came_from(request, pages, address(request, slug, "sheet", code=code))
    context = {"assessment": assessment, "issue": found, "obstacle": obstacle, "back": back}
    return form_response(request, "scoping/merge.html", form, context)


@editors_only
@require_POST
def unmerge(request: MemberRequest, slug: str, code: str) -> HttpResponse:
    found = _find_issue(request, slug, code)
    try:
        unmerge_issue(issue=found, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, gettext("“%(name)s” stands for itself again.") % {"name": found})
    if request.GET.get("from") == "duplicates":
        return redirect(_back(request, slug))
    return redirect(address(request, slug, "sheet", code=code))


@editors_only
@require_POST
def apart(request: MemberRequest, slug: str, code: str) -> HttpResponse:
    """That two issues are different; or, with `again`, that they shall be pointed out once more."""
    assessment = find_assessment(request, slug)
    one = get_object_or_404(assessment.issues, code=code)
    # Read by hand: a database refuses texts that no code can hold.
    other = get_object_or_404(assessment.issues, code=request.POST.get("other", "").replace("\x00", ""))
    again = "again" in request.POST
    try:
        (point_out_again if again else keep_apart)(issue=one, other=other, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        text = gettext("“%(one)s” and “%(other)s” are different. They are not pointed out again.")
        if again:
            text = gettext("“%(one)s” and “%(other)s” may be the same again.")
        messages.success(request, text % {"one": one, "other": other})
    if request.GET.get("from") == "sheet":
        return redirect(_lineage_page(request, slug, code))
    return redirect(address(request, slug, "duplicates"))
