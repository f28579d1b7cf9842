"""The design of a survey beyond its texts: the order of issues, questions on the respondent, one group's questions."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import path
from rest_framework import serializers

from api.fields import Choice, Input, Output, Text, Whole, YesNo
from api.operations import operation
from scoping.models import StakeholderGroup
from scoping.services.issues import MOST_ISSUES
from surveys.api.base import SurveyViews
from surveys.design import design_of
from surveys.models import ProfileKind, ProfileQuestion, Survey
from surveys.services.building import (
    LONGEST_TEXT,
    MOST_OPTIONS,
    OwnIssue,
    move_question,
    order_as_listed,
    place_issues,
    remove_question,
    save_group_design,
    save_question,
)
from surveys.services.building.groups import LONGEST_DESCRIPTION, LONGEST_NAME, MOST_PEOPLE
from surveys.services.building.profile import LARGEST_NUMBER, LONGEST_OPTION, LONGEST_QUESTION, MOST_QUESTIONS
from surveys.texts import ordered_issues


# --- the order --------------------------------------------------------------------------------------------
class OrderOutput(Output):
    example: ClassVar = {"issues": ["water", "waste"], "own_order": True}

    issues = serializers.ListField(child=serializers.CharField(), help_text="Codes, as respondents meet them.")
    own_order = serializers.BooleanField(help_text="Whether it is another order than that of the short list.")


class OrderInput(Input):
    example: ClassVar = {"issues": ["issue-2", "issue-0"]}

    issues = serializers.ListField(
        child=Text(max_length=60),
        max_length=MOST_ISSUES,
        help_text="Codes of those that come first, in this order; the others follow as before. Empty: as listed.",
    )


class Orders(SurveyViews):
    tag, noun = "Survey", "order"

    @operation(gives=OrderOutput, reads=True)
    def read(self, slug: str) -> dict[str, Any]:
        """Read in which order issues are asked about."""
        survey = self.survey_to_read(slug)
        return {"issues": [issue.code for issue in ordered_issues(survey)], "own_order": bool(survey.issue_order)}

    @operation(gives=OrderOutput, takes=OrderInput)
    def replace(self, slug: str, body: dict[str, Any]) -> dict[str, Any]:
        """Set in which order issues are asked about, until the survey is opened."""
        assessment = self.survey_to_change(slug).assessment
        codes = list(dict.fromkeys(body["issues"]))
        if codes:
            places = {code: place for place, code in enumerate(codes, 1)}
            place_issues(assessment=assessment, places=places, by=self.person)
        else:
            order_as_listed(assessment=assessment, by=self.person)
        survey = self.survey(slug)
        return {"issues": [issue.code for issue in ordered_issues(survey)], "own_order": bool(survey.issue_order)}


# --- questions on the respondent --------------------------------------------------------------------------
class QuestionOutput(Output):
    example: ClassVar = {
        "code": "how-long",
        "text": "How long have you worked with us?",
        "kind": "choice",
        "options": ["Less than a year", "Longer"],
        "lowest": None,
        "highest": None,
    }

    code = serializers.SlugField()
    text = serializers.CharField()
    kind = serializers.ChoiceField(ProfileKind.choices)
    options = serializers.ListField(child=serializers.CharField())
    lowest = serializers.IntegerField(allow_null=True)
    highest = serializers.IntegerField(allow_null=True)


class NewQuestion(Input):
    example: ClassVar = {
        "text": "How long have you worked with us?",
        "kind": "choice",
        "options": ["Less than a year", "Longer"],
    }

    text = Text(max_length=LONGEST_QUESTION)
    kind = Choice(ProfileKind.choices)
    options = serializers.ListField(
        child=Text(max_length=LONGEST_OPTION), required=False, max_length=MOST_OPTIONS, help_text="Of a choice."
    )
    lowest = Whole(required=False, allow_null=True, min_value=-LARGEST_NUMBER, max_value=LARGEST_NUMBER)
    highest = Whole(required=False, allow_null=True, min_value=-LARGEST_NUMBER, max_value=LARGEST_NUMBER)


class QuestionChange(NewQuestion):
    example: ClassVar = {"options": ["Less than a year", "One to five years", "Longer"]}

    text = Text(max_length=LONGEST_QUESTION, required=False)
    kind = Choice(ProfileKind.choices, required=False)


class StepInput(Input):
    example: ClassVar = {"step": -1}

    step = Whole(min_value=-MOST_QUESTIONS, max_value=MOST_QUESTIONS, help_text="How many places; below 0: up.")


class Questions(SurveyViews):
    tag, noun = "Survey", "questions"

    @operation(gives=QuestionOutput, order=("position", "pk"), reads=True)
    def list(self, slug: str) -> QuerySet[ProfileQuestion]:
        """List the questions on the respondent, which nobody has to answer."""
        survey = self.survey_to_read(slug)
        return ProfileQuestion.objects.filter(survey=survey) if survey.pk else ProfileQuestion.objects.none()

    @operation(gives=QuestionOutput, takes=NewQuestion, status=201)
    def create(self, slug: str, body: dict[str, Any]) -> ProfileQuestion:
        """Add a question on the respondent, until the survey is opened."""
        return save_question(assessment=self.survey_to_change(slug).assessment, by=self.person, **body)

    @operation(gives=QuestionOutput, takes=QuestionChange)
    def change(self, slug: str, question: str, body: dict[str, Any]) -> ProfileQuestion:
        """Change a question on the respondent."""
        present = self._question(slug, question)
        kept = {field: getattr(present, field) for field in ("text", "kind", "options", "lowest", "highest")}
        assessment = present.survey.assessment
        return save_question(assessment=assessment, code=question, by=self.person, **kept | body)

    @operation(status=204)
    def remove(self, slug: str, question: str) -> None:
        """Remove a question on the respondent."""
        assessment = self._question(slug, question).survey.assessment
        remove_question(assessment=assessment, code=question, by=self.person)

    @operation(takes=StepInput, status=204)
    def move(self, slug: str, question: str, body: dict[str, Any]) -> None:
        """Move a question on the respondent up or down."""
        assessment = self._question(slug, question).survey.assessment
        move_question(assessment=assessment, code=question, step=body["step"], by=self.person)

    def _question(self, slug: str, code: str) -> ProfileQuestion:
        found: ProfileQuestion = self.survey(slug).profile_questions.get(code=code)
        return found


# --- what one group is asked ------------------------------------------------------------------------------
class OwnIssueOutput(Output):
    issue = serializers.CharField()
    asked = serializers.BooleanField()
    name = serializers.CharField(help_text="For this group; empty: as for all.")
    description = serializers.CharField(help_text="For this group; empty: as for all.")


class GroupDesignOutput(Output):
    example: ClassVar = {
        "introduction": "",
        "target": 150,
        "population": None,
        "issues": [{"issue": "water", "asked": True, "name": "", "description": ""}],
    }

    introduction = serializers.CharField(help_text="Instead of the survey's own; empty: that one.")
    target = serializers.IntegerField(allow_null=True, help_text="Answers hoped for.")
    population = serializers.IntegerField(allow_null=True, help_text="People in the group, if not as registered.")
    issues = OwnIssueOutput(many=True)


class OwnIssueInput(Input):
    issue = Text(max_length=60, help_text="The code of the issue.")
    asked = YesNo(default=True)
    name = Text(required=False, allow_blank=True, max_length=LONGEST_NAME)
    description = Text(required=False, allow_blank=True, max_length=LONGEST_DESCRIPTION)


class GroupDesignInput(Input):
    example: ClassVar = {"target": 150, "issues": [{"issue": "issue-0", "name": "Water that we use"}]}

    introduction = Text(required=False, allow_blank=True, max_length=LONGEST_TEXT)
    target = Whole(required=False, allow_null=True, min_value=1, max_value=MOST_PEOPLE)
    population = Whole(required=False, allow_null=True, min_value=1, max_value=MOST_PEOPLE)
    issues = serializers.ListField(
        child=OwnIssueInput(), required=False, max_length=MOST_ISSUES, help_text="Those not named stay as they are."
    )


class GroupDesigns(SurveyViews):
    tag, noun = "Survey", "group_design"

    @operation(gives=GroupDesignOutput, reads=True)
    def read(self, slug: str, code: str) -> dict[str, Any]:
        """Read what is particular to one group in the survey."""
        return _group_design(*self._found(slug, code))

    @operation(gives=GroupDesignOutput, takes=GroupDesignInput)
    def change(self, slug: str, code: str, body: dict[str, Any]) -> dict[str, Any]:
        """Change how one group is spoken to, what it is asked, and how many answers are hoped for."""
        survey, group = self._found(slug, code)
        now = _group_design(survey, group)
        issues = body.pop("issues", None)
        own = None
        if issues is not None:
            own = {
                one["issue"]: OwnIssue(one["asked"], one.get("name", ""), one.get("description", "")) for one in issues
            }
        kept = {field: now[field] for field in ("introduction", "target", "population")}
        made = save_group_design(group=group, issues=own, by=self.person, **kept | body)
        return _group_design(made.survey, group)

    def _found(self, slug: str, code: str) -> tuple[Survey, StakeholderGroup]:
        survey = self.survey_to_read(slug)
        group: StakeholderGroup = survey.assessment.groups.get(code=code)
        return survey, group


def _group_design(survey: Survey, group: StakeholderGroup) -> dict[str, Any]:
    design = design_of(survey)
    own = design.designs.get(group.pk)
    words = {one.issue_id: one for one in own.issues.all()} if own else {}
    return {
        "introduction": own.introduction if own else "",
        "target": own.target if own else None,
        "population": own.population if own else None,
        "issues": [
            {
                "issue": issue.code,
                "asked": words[issue.pk].asked if issue.pk in words else True,
                "name": words[issue.pk].name if issue.pk in words else "",
                "description": words[issue.pk].description if issue.pk in words else "",
            }
            for issue in design.issues
        ],
    }


_SURVEY = "assessments/<slug:slug>/survey/"
_QUESTION = f"{_SURVEY}questions/<slug:question>/"
urlpatterns = [
    path(f"{_SURVEY}order/", Orders.as_view({"get": "read", "put": "replace"})),
    path(f"{_SURVEY}questions/", Questions.as_view({"get": "list", "post": "create"})),
    path(_QUESTION, Questions.as_view({"patch": "change", "delete": "remove"})),
    path(f"{_QUESTION}move/", Questions.as_view({"post": "move"})),
    path(f"{_SURVEY}groups/<slug:code>/", GroupDesigns.as_view({"get": "read", "patch": "change"})),
]
