"""The page on which the method is chosen."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import editors_only
from accounts.requests import MemberRequest
from materiality import services
from materiality.choices import AXES
from materiality.forms import MethodForm
from materiality.presets import Preset, method_before, offered, offers_for
from materiality.results import method_sentence
from materiality.scoring.method import WEIGHTS
from materiality.scoring.weights import GroupFacts, missing_for
from materiality.weighing import facts_and_answers
from scoping.models import Assessment, Side, StakeholderGroup
from scoping.views.base import find_assessment
from surveys.selectors import tallies_of


@dataclass(frozen=True)
class SpeakingGroup:
    """A group as the page lists it: the axis it speaks for, and what rules for weights know of it."""

    group: StakeholderGroup
    facts: GroupFacts

    @property
    def suggested(self) -> float | None:
        return None if self.facts.suggested is None else float(self.facts.suggested)

    @property
    def is_internal(self) -> bool:
        return self.group.side == Side.INTERNAL


@require_http_methods(["GET", "POST"])
def method(request: MemberRequest, slug: str) -> HttpResponse:
    """Read the method; owners and analysts choose it. The runs that exist keep theirs; a new one is asked for at once.

    ?preset=NAME fills the form in and saves nothing.
    """
    return choose(request, slug) if request.method == "POST" else _page(request, slug)


@editors_only
def choose(request: MemberRequest, slug: str) -> HttpResponse:
    return _page(request, slug)


def _page(request: MemberRequest, slug: str) -> HttpResponse:
    assessment = find_assessment(request, slug)
    survey = tallies_of(assessment)
    facts = facts_and_answers(assessment, survey)
    offers = offers_for(services.tier_scope(assessment), list(facts.values()), _method_before(assessment))
    locked = _locked(assessment)
    may_choose = request.membership.may_edit and not locked
    wanted = "" if not may_choose else request.GET.get("preset")
    preset = next((one.preset for one in offers if one.preset.slug == wanted), None)
    filled_in = offered(preset.slug, offers) if preset else None
    choice = filled_in or services.choice_of(assessment)
    form = MethodForm(request.POST if request.method == "POST" else None, assessment=assessment, choice=choice)
    if request.method == "POST" and form.is_valid() and _is_kept(form, request):
        if assessment.with_survey:
            services.request_analysis(assessment=assessment, by=request.user)
            messages.success(request, _("The method is saved. A new result is being computed with it."))
        return redirect("materiality:results", organisation=request.organisation.slug, slug=slug)
    groups = [SpeakingGroup(group, facts[group.code]) for group in assessment.groups.all()]
    sentence, misfit = _in_words(choice, assessment)
    context = {
        "assessment": assessment,
        "form": form,
        "tiers": assessment.tiers.all(),
        "default_tiers": services.DEFAULT_TIERS,
        "offers": offers,
        "preset": preset,
        "is_filled_in": filled_in is not None,
        "sentence": sentence,
        "misfit": misfit,
        "locked": locked,
        "may_choose": may_choose,
        "axes": AXES,
        "groups": groups,
        "both_asked": survey is not None and survey.questionnaire.survey.both_importances,
        "missing": {rule: [one for one in groups if missing_for(rule, [one.facts])] for rule in WEIGHTS},
        # Formulas and what a run keeps are in English.
        "own": "" if (get_language() or "en").startswith("en") else SafeString(' lang="en"'),
    }
    return render(request, "materiality/method.html", context, status=400 if form.errors else 200)


def _is_kept(form: MethodForm, request: MemberRequest) -> bool:
    """Keeps the choice; the form tells why not."""
    try:
        services.choose_method(assessment=form.assessment, choice=form.choice(), by=request.user)
    except services.Locked as refusal:
        form.add_error(None, refusal)
        return False
    return True


def _locked(assessment: Assessment) -> str:
    """Why no other method can be chosen now; empty where one can."""
    try:
        services.require_unlocked(assessment)
    except services.Locked as refusal:
        return " ".join(refusal.messages)
    return ""


def _method_before(assessment: Assessment) -> Preset | None:
    """The method that was chosen for the assessment before, if one was."""
    before = assessment.previous
    if before is None or not services.has_chosen(before):
        return None
    return method_before(before.reporting_period, services.choice_of(before))


def _in_words(choice: services.Choice, assessment: Assessment) -> tuple[str, str]:
    """The method in a sentence, or else why it does not fit any more."""
    try:
        return method_sentence(services.method_with(choice, assessment)), ""
    except ValidationError as refusal:
        return "", " ".join(refusal.messages)
