"""The pages of the screening: how it stands, criteria and rule, one's own marks, and decisions."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import editors_only
from accounts.requests import MemberRequest
from scoping.forms.screening import CriteriaForm, DecideForm, MarksForm
from scoping.models import HIGHEST_MARK
from scoping.selectors import screening as selectors
from scoping.services import screening as services
from scoping.views.base import address, find_assessment, form_page, form_response, is_open, sent

STEPS = (
    ("0", pgettext_lazy("mark", "not at all")),
    ("1", pgettext_lazy("mark", "a little")),
    ("2", pgettext_lazy("mark", "clearly")),
    ("3", pgettext_lazy("mark", "fully")),
)


@require_GET
def screening(request: MemberRequest, slug: str) -> HttpResponse:
    """What the marks propose, who has marked how much, and what was decided."""
    assessment = find_assessment(request, slug)
    found = selectors.screening_of(assessment)
    shown = selectors.table_page(found, show=request.GET.get("show", ""), page=_number(request, "page"))
    markers = selectors.markers_of(assessment)
    current = selectors.current_decision(assessment)
    context = {
        "assessment": assessment,
        "screening": found,
        "shown": shown,
        "rows": selectors.table_rows(
            found, shown, selectors.voices_of(shown.issues, found.criteria), decided=current is not None
        ),
        "markers": markers,
        "own": next((marker for marker in markers if marker.person == request.user.pk), None),
        "current": current,
        "kept": selectors.kept_by(current) if current else 0,
        "left_out": len(current.entries) - selectors.kept_by(current) if current else 0,
        "since": selectors.since_decision(assessment, current) if current else [],
        "drift": selectors.proposed_otherwise(found, current) if current else [],
        "decisions": selectors.decisions_of(assessment),
        "is_open": is_open(assessment),
        "most": HIGHEST_MARK * len(found.criteria),
        "columns": 4 + len(found.criteria),
        "long": len(found.issues) > selectors.LONG_LIST,
        "may_edit": request.membership.may_edit,
    }
    return render(request, "scoping/screening.html", context)


@editors_only
@form_page
def criteria(request: MemberRequest, slug: str) -> HttpResponse:
    """By what issues are screened, and the rule for the short list."""
    assessment = find_assessment(request, slug)
    form = CriteriaForm(sent(request), assessment=assessment)
    if request.method == "POST" and form.attempt(
        lambda values: services.save_criteria(
            assessment=assessment,
            criteria=form.plans(),
            rule=values["rule"],
            threshold=values["threshold"],
            by=request.user,
        )
    ):
        messages.success(request, gettext("The criteria and the rule are saved."))
        return redirect(address(request, slug, "criteria" if "another" in request.POST else "screening"))
    present = selectors.criteria_with_marks(assessment)
    return form_response(request, "scoping/criteria.html", form, {"assessment": assessment, "present": present})


@editors_only
@require_POST
def criterion_remove(request: MemberRequest, slug: str, criterion_id: int) -> HttpResponse:
    assessment = find_assessment(request, slug)
    criterion = get_object_or_404(assessment.criteria, pk=criterion_id)
    try:
        marks = services.remove_criterion(criterion=criterion, marks_seen=_sent_number(request), by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        done = gettext("“%(name)s” is removed.")
        if marks:
            done = ngettext("“%(name)s” is removed with %(n)s mark.", "“%(name)s” is removed with %(n)s marks.", marks)
        messages.success(request, done % {"name": criterion.name, "n": marks})
    return redirect(address(request, slug, "criteria"))


@editors_only
@form_page
def marks(request: MemberRequest, slug: str) -> HttpResponse:
    """The member's own marks, a page of issues at a time. What others have given is not shown here."""
    assessment = find_assessment(request, slug)
    only_open = request.GET.get("show") == "open"
    page = selectors.marking_page(
        assessment,
        request.user,
        page=_number(request, "page"),
        only_open=only_open,
        of_issues=MarksForm.issues_in(sent(request)),
    )
    form = MarksForm(sent(request), page=page)
    if request.method == "POST" and form.attempt(
        lambda _: services.save_marks(assessment=assessment, marks=form.marks(), by=request.user)
    ):
        after = selectors.page_after(assessment, request.user, page)
        if after.number is None or "stop" in request.POST:
            done = gettext("Your marks are saved. You have marked %(done)s of %(of)s issues.")
            messages.success(request, done % {"done": after.done, "of": after.of})
            return redirect(address(request, slug, "screening"))
        messages.success(request, gettext("Your marks are saved. Here are the next issues."))
        query = f"?show=open&page={after.number}" if only_open else f"?page={after.number}"
        return redirect(address(request, slug, "marks") + query)
    return form_response(request, "scoping/marks.html", form, {"assessment": assessment, "page": page, "steps": STEPS})


@editors_only
@form_page
def decide(request: MemberRequest, slug: str) -> HttpResponse:
    """The proposal, to be decided as it is or overruled issue by issue."""
    assessment = find_assessment(request, slug)
    found = selectors.screening_of(assessment)
    form = DecideForm(
        sent(request),
        screening=found,
        current=selectors.current_decision(assessment),
        reasons=selectors.reasons_of(assessment, found.criteria),
        applies=is_open(assessment),
    )
    made = []
    if request.method == "POST" and form.attempt(
        lambda values: made.append(
            services.decide_short_list(
                assessment=assessment,
                overrules=form.overrules(),
                remark=values["note"],
                seen=form.seen(),
                for_survey=form.for_survey(),
                by=request.user,
            )
        )
    ):
        done = gettext("Version %(version)s of the short list is decided.")
        messages.success(request, done % {"version": made[0].version})
        return redirect(address(request, slug, "decision", version=made[0].version))
    context = {
        "assessment": assessment,
        "screening": found,
        "rows": form.rows(),
        "seen": form.showing(),
        "version": selectors.next_version(assessment),
        "applies": is_open(assessment),
    }
    return form_response(request, "scoping/decide.html", form, context)


@require_GET
def decision(request: MemberRequest, slug: str, version: int) -> HttpResponse:
    """The record of one decision, and what it changed against the one before."""
    assessment = find_assessment(request, slug)
    found = get_object_or_404(
        assessment.short_list_decisions.select_related("decided_by", "undone_by"), version=version
    )
    before = selectors.decision_before(found)
    current = selectors.current_decision(assessment)
    context = {
        "assessment": assessment,
        "decision": found,
        "record": selectors.record_of(found),
        "before": before,
        "difference": selectors.difference_of(found, before) if before else None,
        "current": current,
        "since": selectors.since_decision(assessment, found) if found == current else [],
        "tiers": selectors.tier_fit(assessment) if found == current and found.applies else None,
        "is_open": is_open(assessment),
        "may_edit": request.membership.may_edit,
        "may_undo": request.membership.may_edit and is_open(assessment) and found == current,
    }
    return render(request, "scoping/decision.html", context)


@editors_only
@require_POST
def undo(request: MemberRequest, slug: str, version: int) -> HttpResponse:
    assessment = find_assessment(request, slug)
    get_object_or_404(assessment.short_list_decisions, version=version)
    try:
        services.undo_decision(assessment=assessment, version=version, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(address(request, slug, "decision", version=version))
    done = gettext("Version %(version)s is undone: the list is as it was before.")
    messages.success(request, done % {"version": version})
    return redirect(address(request, slug, "screening"))


def _number(request: MemberRequest, name: str) -> int:
    """A number of the address; 1 where it is none."""
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else 1


def _sent_number(request: MemberRequest) -> int:
    """How many marks the sender knew of; none where nothing is said."""
    text = request.POST.get("marks", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
