"""The design of a survey: questions on the respondent, and what is particular to one stakeholder group."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from accounts.requests import MemberRequest
from scoping.views.base import address, form_response, sent
from surveys.design import design_of
from surveys.forms.building import GroupDesignForm, ProfileForm
from surveys.models import IssueQuestion, ProfileQuestion, Survey
from surveys.services import building
from surveys.services.building.profile import MOST_QUESTIONS
from surveys.views.building import design_action, design_page, to_build


@design_page
def profile_question(request: MemberRequest, survey: Survey, question: str | None = None) -> HttpResponse:
    """Adds a question on the respondent, or changes the one with this code."""
    present = _question(survey, question) if question else None
    form = ProfileForm(sent(request), question=present)
    if request.method == "POST" and form.attempt(
        lambda values: building.save_question(
            assessment=survey.assessment, code=question, by=request.user, **form.design(values)
        )
    ):
        done = _("“%(question)s” is saved.") % {"question": form.cleaned_data["text"]}
        if "another" in request.POST:
            messages.success(request, done)
            return redirect(address(request, survey.assessment.slug, "surveys:build-question-new"))
        return to_build(request, survey, "respondent", done)
    context = {"assessment": survey.assessment, "question": present, "most": MOST_QUESTIONS}
    return form_response(request, "surveys/build/question.html", form, context)


@design_action
def question_remove(request: MemberRequest, survey: Survey, question: str) -> HttpResponse:
    present = _question(survey, question)
    building.remove_question(assessment=survey.assessment, code=question, by=request.user)
    return to_build(request, survey, "respondent", _("“%(name)s” is removed.") % {"name": present})


@design_action
def question_move(request: MemberRequest, survey: Survey, question: str) -> HttpResponse:
    """One place up, or down with `down`."""
    _question(survey, question)
    step = 1 if "down" in request.POST else -1
    building.move_question(assessment=survey.assessment, code=question, step=step, by=request.user)
    return redirect(address(request, survey.assessment.slug, "surveys:build", section="respondent"))


@design_page
def group(request: MemberRequest, survey: Survey, group: str) -> HttpResponse:
    """What one group is asked, and how it is spoken to."""
    stakeholders = get_object_or_404(survey.assessment.groups.select_related("assessment"), code=group)
    form = GroupDesignForm(sent(request), design=design_of(survey), group_id=stakeholders.pk)
    if request.method == "POST" and form.attempt(
        lambda values: building.save_group_design(
            group=stakeholders,
            introduction=values["introduction"],
            target=values["target"],
            population=values["population"],
            issues=form.own_issues(values),
            by=request.user,
        )
    ):
        return to_build(request, survey, "groups", _("What %(group)s is asked is saved.") % {"group": stakeholders})
    context = {
        "assessment": survey.assessment,
        "group": stakeholders,
        "survey": survey,
        "asks_all": survey.kind != IssueQuestion.RATING,
    }
    return form_response(request, "surveys/build/group.html", form, context)


def _question(survey: Survey, code: str) -> ProfileQuestion:
    if survey.pk is None:
        raise Http404("There is no such question in this survey.")
    found: ProfileQuestion = get_object_or_404(survey.profile_questions.all(), code=code)
    return found
