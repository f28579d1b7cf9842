"""The pages of the conclusion: overview, process, method statement, results, one run, downloads."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import editors_only
from accounts.requests import MemberRequest
from jobs.selectors import newest_job
from materiality import presentation, selectors, services, telling
from materiality.boundary import boundary_cases, of_unknown_certainty
from materiality.change.comparison import has_previous
from materiality.confirmation.selectors import conclusion_of
from materiality.disagreement import disagreement_of
from materiality.exports import EXPORTS
from materiality.facts import facts_of
from materiality.findings import compared_with_published, headline
from materiality.gaps import gaps_of
from materiality.matrix import drawing_of
from materiality.models import AnalysisRun
from materiality.news import answers_of, news_of
from materiality.overview import overview_of
from materiality.process import activity_of, process_of
from materiality.review.decided import moved_by_decision
from materiality.review.selectors import decided_results
from materiality.statement import as_text, statement_of
from scoping.models import Assessment
from scoping.steps import Step, steps
from scoping.views.base import find_assessment
from scoping.wording import enumerated
from surveys.selectors import BothKinds, FoldedSurvey, both_kinds, progress_by_group, tallies_of


@require_GET
def overview(request: MemberRequest, slug: str) -> HttpResponse:
    assessment = find_assessment(request, slug, counted=True)
    context = {
        "assessment": assessment,
        "steps": steps(assessment, organisation=request.organisation),
        "overview": overview_of(
            organisation=request.organisation, assessment=assessment, membership=request.membership
        ),
    }
    return render(request, "materiality/overview.html", context)


@require_GET
def process(request: MemberRequest, slug: str) -> HttpResponse:
    """The stages of the process: what is done, by whom, and what is next."""
    assessment = find_assessment(request, slug)
    facts = facts_of(organisation=request.organisation, assessment=assessment)
    stages = process_of(facts, activity_of(request.organisation, slug))
    context = {
        "assessment": assessment,
        "steps": [Step(stage.name, stage.state, stage.when, stage.url) for stage in stages],
        "stages": stages,
        "from_report": any(note.source for note in facts.scope.notes),
    }
    return render(request, "materiality/process.html", context)


@require_GET
def statement(request: MemberRequest, slug: str) -> HttpResponse:
    """How the material topics were determined, in sentences to read and to copy, and what they still lack."""
    assessment = find_assessment(request, slug)
    facts = facts_of(organisation=request.organisation, assessment=assessment)
    context = {"assessment": assessment, "sections": statement_of(facts), "gaps": gaps_of(facts)}
    return render(request, "materiality/statement.html", context)


@require_GET
def statement_text(request: MemberRequest, slug: str) -> HttpResponse:
    """The statement as a file."""
    assessment = find_assessment(request, slug)
    facts = facts_of(organisation=request.organisation, assessment=assessment)
    response = HttpResponse(as_text(facts), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{assessment.slug}-method.txt"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@editors_only
def analyse(request: MemberRequest, slug: str) -> HttpResponse:
    """Ask for a new run; the results page shows its progress, or says at once that there is nothing new."""
    assessment = find_assessment(request, slug)
    current = selectors.current_run(organisation=request.organisation, assessment=assessment)
    try:
        services.require_unlocked(assessment)
        if current and not services.is_out_of_date(current, tallies_of(assessment)):
            messages.info(request, _("Nothing has changed: this result is up to date."))
        else:
            services.request_analysis(assessment=assessment, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("materiality:results", organisation=request.organisation.slug, slug=slug)


@require_GET
def results(request: MemberRequest, slug: str) -> HttpResponse:
    """The current run, or what is missing for one."""
    assessment = find_assessment(request, slug, counted=True)
    current = selectors.current_run(organisation=request.organisation, assessment=assessment)
    return _results_page(request, assessment, current, is_current=True)


@require_GET
def run(request: MemberRequest, slug: str, run: UUID) -> HttpResponse:
    assessment = find_assessment(request, slug, counted=True)
    found = _run(request, assessment, run)
    current = selectors.current_run(organisation=request.organisation, assessment=assessment)
    return _results_page(request, assessment, found, is_current=found == current)


def _run(request: MemberRequest, assessment: Assessment, run: UUID) -> AnalysisRun:
    try:
        return selectors.get_run(organisation=request.organisation, assessment=assessment, run=run)
    except AnalysisRun.DoesNotExist as error:
        raise Http404("There is no such run of this assessment.") from error


def _not_shown(survey: FoldedSurvey) -> str:
    """The groups of which nothing is shown yet, each with how many of its people's answers wait."""
    return enumerated(
        [
            _("%(group)s (%(n)s)") % {"group": answers.group.name, "n": f"{answers.held_back:,}"}
            for answers in survey.groups
            if answers.waits
        ]
    )


def _both_kinds(survey: FoldedSurvey) -> BothKinds | None:
    """What the page says where simulated answers are stored beside people's, with the numbers of the other pages."""
    if not survey.stands_in and not survey.set_aside:
        return None
    found = survey.questionnaire.survey
    return both_kinds(progress_by_group(found), k=found.minimum_group)


def _results_page(
    request: MemberRequest, assessment: Assessment, run: AnalysisRun | None, *, is_current: bool
) -> HttpResponse:
    survey = tallies_of(assessment)
    context = {
        "assessment": assessment,
        "steps": steps(assessment, organisation=request.organisation),
        "run": run,
        "is_current": is_current,
        "conclusion": conclusion_of(assessment) if is_current and run else None,
        "job": newest_job(request.organisation, assessment.slug, services.ANALYSE),
        "survey_opened": survey is not None,
        "has_previous": has_previous(assessment),
        "answers": answers_of(survey) if survey else 0,
        "k": survey.questionnaire.survey.minimum_group if survey else 0,
        # Counted, and not in any result yet, so that no two results show a few people's answers (surveys/release.py).
        "held_back": survey.held_back if survey else 0,
        "not_shown": _not_shown(survey) if survey else "",
        "both": _both_kinds(survey) if survey and is_current else None,
        # Answers that were erased, changed or left out, too few to tell.
        "changes_wait": any(not group.is_whole for group in survey.groups) if survey else False,
    }
    if run is None:
        return render(request, "materiality/results_empty.html", context)
    found = decided_results(run)
    heard, asked = presentation.heard_and_asked(found)
    low, high = presentation.heat_range(found["scale"])
    same, of = compared_with_published(found)
    told, choices = telling.told_method(found), telling.choices_in_words(found)
    context |= {
        "results": found,
        "headline": headline(found),
        "news": news_of(run, survey) if is_current else None,
        "tiers": presentation.tiers_with_rows(found),
        "says_certainty": presentation.says_certainty(found),
        "boundary_cases": boundary_cases(found),
        "of_unknown_certainty": of_unknown_certainty(found),
        "without_tier": presentation.without_tier(found),
        "groups": presentation.ordered_groups(found),
        "company_groups": presentation.groups_on(found, "internal"),
        "stakeholder_columns": presentation.groups_on(found, "external"),
        "heat_rows": presentation.heat_rows(found),
        "disagreement": disagreement_of(found),
        "heard": heard,
        "asked": asked,
        "has_hidden": any(cell.get("hidden") for issue in found["issues"] for cell in issue["groups"].values()),
        "heat_low": low,
        "heat_high": high,
        "heat_steps": range(presentation.HEAT_STEPS),
        "exports": EXPORTS,
        "drawing": drawing_of(found),
        "moved": moved_by_decision(found),
        "weights": presentation.weights(found),
        "by_score": presentation.is_by_score(found),
        "asked_both": presentation.asked_both(found),
        "fills_in": found["method"].get("cannot_judge", "left_out") != "left_out",
        "notes": telling.notes_with_language(found),
        "method": told,
        "method_language": telling.language_of(told, found["method_sentence"]),
        "choices": choices,
        "choices_language": telling.language_of(choices, found.get("choices", [])),
        "runs": selectors.runs_of(organisation=request.organisation, assessment=assessment),
        "published": [issue for issue in found["issues"] if issue["published"]],
        "published_same": same,
        "published_of": of,
    }
    return render(request, "materiality/results.html", context)


@require_GET
def export(request: MemberRequest, slug: str, run: UUID, filename: str) -> HttpResponse:
    assessment = find_assessment(request, slug)
    results = decided_results(_run(request, assessment, run))
    chosen = next((export for export in EXPORTS.values() if export.filename == filename), None)
    if chosen is None:
        names = ", ".join(export.filename for export in EXPORTS.values())
        raise Http404(f"There is no export {filename!r}; there are {names}.")
    try:
        content = chosen.write(results, assessment)
    except ValueError as error:
        why = str(error)
        if drawing_of(results) is None:
            why = _("No issue has a score yet, so there is no matrix to draw: collect answers and analyse.")
        messages.error(request, _("%(file)s could not be made: %(error)s") % {"file": chosen.label, "error": why})
        return redirect("materiality:run", organisation=request.organisation.slug, slug=slug, run=run)
    response = HttpResponse(content, content_type=chosen.content_type)
    response["Content-Disposition"] = f'attachment; filename="{assessment.slug}-{chosen.filename}"'
    response["Cache-Control"] = "private, no-store"
    return response
