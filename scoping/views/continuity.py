"""This period beside the one before: the table of changes, links between issues, the next assessment, and notes."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import editors_only
from accounts.requests import MemberRequest
from scoping.continuity import MEANING
from scoping.forms.continuity import CarryForwardForm, NoteForm, PredecessorForm, PredecessorsForm, PreviousForm
from scoping.models import Assessment, ProcessStage, Standing
from scoping.selectors.continuity import assessments_before, changes_of, linking_of
from scoping.services.continuity import carried_issues, carry_forward, link_issues, set_previous
from scoping.services.notes import remove_note, save_note
from scoping.views.base import address, came_from, find_assessment, form_page, form_response, sent, to_scope

LINKS_PER_PAGE = 50


@require_GET
def changes(request: MemberRequest, slug: str) -> HttpResponse:
    """The list beside that of the period before, for GRI 3-2: what is the same, new or dropped."""
    assessment = find_assessment(request, slug)
    found = changes_of(assessment)
    context = {
        "assessment": assessment,
        "changes": found,
        "published": found is not None and any(issue.tier for row in found.rows for issue in row.previous),
        "meanings": [
            (relation, meaning) for relation, meaning in MEANING.items() if found and relation in found.counts
        ],
        "others": assessment.previous is None and assessments_before(assessment).exists(),
        "may_edit": request.membership.may_edit,
    }
    return render(request, "scoping/changes.html", context)


@editors_only
@form_page
def previous(request: MemberRequest, slug: str) -> HttpResponse:
    """Which assessment this one continues."""
    assessment = find_assessment(request, slug)
    form = PreviousForm(sent(request), assessment=assessment)
    if request.method == "POST" and form.attempt(
        lambda values: set_previous(assessment=assessment, by=request.user, **values)
    ):
        chosen = form.cleaned_data["previous"]
        messages.success(
            request,
            gettext("This assessment continues “%(name)s”.") % {"name": chosen}
            if chosen
            else gettext("It continues no other."),
        )
        return redirect(address(request, slug, "predecessors" if chosen else "changes"))
    return form_response(request, "scoping/previous.html", form, {"assessment": assessment})


@editors_only
@form_page
def predecessors(request: MemberRequest, slug: str) -> HttpResponse:
    """Links the issues with those of the list before, page by page. Suggestions count once they are saved."""
    assessment = find_assessment(request, slug)
    if assessment.previous is None:
        return redirect(address(request, slug, "previous"))
    suggest = None if "suggest" not in request.GET else request.GET["suggest"] == "1"
    linking = linking_of(assessment, suggest=suggest)
    page = Paginator(linking.links, LINKS_PER_PAGE).get_page(request.GET.get("page"))
    form = PredecessorsForm(sent(request), links=list(page.object_list), before=linking.before)
    if request.method == "POST" and form.attempt(
        lambda values: link_issues(assessment=assessment, by=request.user, **values)
    ):
        if page.has_next():
            saved = gettext("Page %(page)s of %(pages)s is saved.")
            messages.success(request, saved % {"page": page.number, "pages": page.paginator.num_pages})
            onward = {"page": page.next_page_number(), "suggest": int(_suggests(linking.stored, suggest))}
            return redirect(address(request, slug, "predecessors", query=onward))
        messages.success(request, gettext("The links are saved."))
        return redirect(address(request, slug, "changes"))
    context = {
        "assessment": assessment,
        "page": page,
        "before": linking.before,
        "suggested": sum(row.link.is_suggestion for row in form.rows),
        "suggests": _suggests(linking.stored, suggest),
    }
    return form_response(request, "scoping/predecessors.html", form, context)


def _suggests(stored: int, suggest: bool | None) -> bool:
    return not stored if suggest is None else suggest


@editors_only
@form_page
def predecessors_of(request: MemberRequest, slug: str, code: str) -> HttpResponse:
    """Which issues before a single issue continues, with a box for each of them."""
    assessment = find_assessment(request, slug)
    issue = get_object_or_404(assessment.issues.exclude(standing=Standing.MERGED), code=code)
    if assessment.previous is None:
        return redirect(address(request, slug, "previous"))
    sheet = {"sheet": address(request, slug, "sheet", code=code, section="lineage")}
    back = came_from(request, sheet, address(request, slug, "changes"))
    linking = linking_of(assessment, suggest=False)
    form = PredecessorForm(sent(request), before=linking.before)
    if request.method == "POST" and form.attempt(
        lambda values: link_issues(assessment=assessment, links={issue.code: values["before"]}, by=request.user)
    ):
        messages.success(
            request,
            (gettext("“%(name)s” is linked.") if form.cleaned_data["before"] else gettext("“%(name)s” is new."))
            % {"name": issue},
        )
        return redirect(back)
    chosen = {before.code for link in linking.links if link.issue.pk == issue.pk for before in link.previous}
    context = {"assessment": assessment, "issue": issue, "before": linking.before, "chosen": chosen, "back": back}
    return form_response(request, "scoping/predecessors_of.html", form, context)


@editors_only
@form_page
def next_assessment(request: MemberRequest, slug: str) -> HttpResponse:
    """Begins the next assessment with the scope of this one."""
    assessment = find_assessment(request, slug)
    form = CarryForwardForm(sent(request), assessment=assessment)
    made: list[Assessment] = []
    if request.method == "POST" and form.attempt(
        lambda values: made.append(carry_forward(assessment=assessment, by=request.user, **values))
    ):
        begun = gettext(
            "“%(name)s” begins with the scope of “%(previous)s”. Go through it and change what has changed."
        )
        messages.success(request, begun % {"name": made[0], "previous": assessment})
        return to_scope(request, made[0].slug)
    standings = list(carried_issues(assessment).values())
    listed = standings.count(Standing.LISTED)
    context = {
        "assessment": assessment,
        "groups": assessment.groups.count(),
        "listed": listed,
        "returning": len(standings) - listed,
        "back": came_from(
            request, {"overview": address(request, slug, "materiality:overview")}, address(request, slug, "changes")
        ),
    }
    return form_response(request, "scoping/carry_forward.html", form, context)


@editors_only
@form_page
def note(request: MemberRequest, slug: str, note_id: int | None = None) -> HttpResponse:
    """Adds a note on the process, or changes the one with this id."""
    assessment = find_assessment(request, slug)
    present = get_object_or_404(assessment.process_notes, pk=note_id) if note_id is not None else None
    stage = request.GET.get("stage", "")
    form = NoteForm(sent(request), present=present, stage=stage if stage in ProcessStage.values else "")
    if request.method == "POST" and form.attempt(
        lambda values: save_note(assessment=assessment, present=present, by=request.user, **values)
    ):
        messages.success(request, gettext("The note is saved."))
        return redirect(address(request, slug, "materiality:process", section=form.cleaned_data["stage"]))
    return form_response(request, "scoping/note.html", form, {"assessment": assessment, "note": present})


@editors_only
@require_POST
def note_remove(request: MemberRequest, slug: str, note_id: int) -> HttpResponse:
    present = get_object_or_404(find_assessment(request, slug).process_notes, pk=note_id)
    remove_note(present=present, by=request.user)
    messages.success(request, gettext("The note is removed."))
    return redirect(address(request, slug, "materiality:process"))
