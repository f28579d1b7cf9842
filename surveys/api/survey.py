"""The survey: its design, opening and closing, links, questions, and how many have answered, of each group."""

from typing import Any, ClassVar

from django.db.transaction import atomic
from django.http import Http404
from django.urls import path
from rest_framework import serializers

from accounts.tokens import SURVEYS
from api.fields import Choice, Input, Output, Text, Whole, YesNo
from api.operations import operation
from scoping.api.base import AssessmentViews
from surveys import services
from surveys.api.base import SurveyViews
from surveys.links import address_of
from surveys.models import (
    FEWEST_STEPS,
    MOST_STEPS,
    Anonymity,
    IssueQuestion,
    Questionnaire,
    Survey,
    SurveyState,
)
from surveys.monitor import GroupWatch, groups_watched
from surveys.readiness import readiness_of
from surveys.selectors import questionnaire_of, survey_of
from surveys.services.building import (
    LONGEST_LABEL,
    LONGEST_RETENTION,
    LONGEST_TEXT,
    set_anonymity,
    set_judging,
    set_texts,
)

# Which service writes which part of the design.
TEXTS = ("title", "introduction", "closing", "privacy_note")
JUDGING = (
    "kind", "steps", "step_labels", "choose", "both_importances", "comment_per_issue", "comment_overall", "ask_missing",
)  # fmt: skip
ANONYMITY = ("anonymity", "minimum_group", "editable", "retention_days")


class SurveyOutput(Output):
    example: ClassVar = {
        "state": "open",
        "opened_at": "2026-11-20T08:15:00Z",
        "closes_at": "2026-12-20T23:00:00Z",
        "closed_at": None,
        "title": "What should Example Ltd. pay most attention to?",
        "introduction": "",
        "closing": "",
        "privacy_note": "",
        "source_language": "en",
        "languages": ["zh-Hans"],
        "kind": "rating",
        "steps": 5,
        "step_labels": [],
        "choose": 5,
        "both_importances": False,
        "comment_per_issue": False,
        "comment_overall": True,
        "ask_missing": True,
        "anonymity": "anonymous",
        "minimum_group": 5,
        "editable": False,
        "retention_days": None,
        "missing": [],
    }

    state = serializers.ChoiceField(SurveyState.choices)
    opened_at = serializers.DateTimeField(allow_null=True)
    closes_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    title = serializers.CharField()
    introduction = serializers.CharField()
    closing = serializers.CharField()
    privacy_note = serializers.CharField()
    source_language = serializers.CharField()
    languages = serializers.ListField(child=serializers.CharField())
    kind = serializers.ChoiceField(IssueQuestion.choices)
    steps = serializers.IntegerField()
    step_labels = serializers.ListField(child=serializers.CharField())
    choose = serializers.IntegerField()
    both_importances = serializers.BooleanField()
    comment_per_issue = serializers.BooleanField()
    comment_overall = serializers.BooleanField()
    ask_missing = serializers.BooleanField()
    anonymity = serializers.ChoiceField(Anonymity.choices)
    minimum_group = serializers.IntegerField(help_text="Results of fewer people are never shown.")
    editable = serializers.BooleanField()
    retention_days = serializers.IntegerField(allow_null=True)
    missing = serializers.ListField(child=serializers.CharField(), help_text="What stands in the way of opening it.")


class SurveyChange(Input):
    example: ClassVar = {"title": "What should we pay most attention to?", "anonymity": "anonymous", "minimum_group": 5}

    title = Text(max_length=200, required=False)
    introduction = Text(max_length=LONGEST_TEXT, required=False, allow_blank=True)
    closing = Text(max_length=LONGEST_TEXT, required=False, allow_blank=True)
    privacy_note = Text(max_length=LONGEST_TEXT, required=False, allow_blank=True)
    kind = Choice(IssueQuestion.choices, required=False)
    steps = Whole(min_value=FEWEST_STEPS, max_value=MOST_STEPS, required=False)
    step_labels = serializers.ListField(
        child=Text(max_length=LONGEST_LABEL, allow_blank=True), required=False, max_length=MOST_STEPS
    )
    choose = Whole(min_value=1, max_value=100, required=False)
    both_importances = YesNo(required=False)
    comment_per_issue = YesNo(required=False)
    comment_overall = YesNo(required=False)
    ask_missing = YesNo(required=False)
    anonymity = Choice(Anonymity.choices, required=False)
    minimum_group = Whole(min_value=1, max_value=100, required=False)
    editable = YesNo(required=False)
    retention_days = Whole(min_value=1, max_value=LONGEST_RETENTION, required=False, allow_null=True)


class ClosingInput(Input):
    example: ClassVar = {"closes_at": "2099-12-20T23:00:00Z"}

    closes_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="When it closes by itself; null: when somebody closes it."
    )


class OpeningInput(ClosingInput):
    example: ClassVar = {"closes_at": "2099-12-20T23:00:00Z", "incomplete": False}

    incomplete = YesNo(default=False, help_text="Open although something that may stay open is missing.")


class Surveys(SurveyViews):
    tag, noun = "Survey", "survey"

    @operation(gives=SurveyOutput, reads=True)
    def read(self, slug: str) -> Survey:
        """Read the survey: its state, its design, and what is missing before it can open."""
        return self._told(slug)

    @operation(gives=SurveyOutput, takes=SurveyChange)
    def change(self, slug: str, body: dict[str, Any]) -> Survey:
        """Change the design, until the survey is opened."""
        assessment = self.assessment(slug)
        with atomic():
            for fields, service in ((TEXTS, set_texts), (JUDGING, set_judging), (ANONYMITY, set_anonymity)):
                if any(field in body for field in fields):
                    survey = services.prepare_survey(assessment=assessment)
                    values = {field: body.get(field, getattr(survey, field)) for field in fields}
                    service(assessment=assessment, by=self.person, **values)
        return self._told(slug)

    @operation(gives=SurveyOutput, takes=OpeningInput)
    def open(self, slug: str, body: dict[str, Any]) -> Survey:
        """Open the survey: the questions freeze, every group gets a link."""
        survey = services.prepare_survey(assessment=self.assessment(slug))
        services.open_when_ready(survey=survey, by=self.person, **body)
        return self._told(slug)

    @operation(gives=SurveyOutput)
    def close(self, slug: str) -> Survey:
        """Close the survey."""
        services.close_survey(survey=self.survey(slug), by=self.person)
        return self._told(slug)

    @operation(gives=SurveyOutput, takes=ClosingInput)
    def reopen(self, slug: str, body: dict[str, Any]) -> Survey:
        """Open a closed survey again, to the same questions and by the same links."""
        services.reopen_survey(survey=self.survey(slug), by=self.person, **body)
        return self._told(slug)

    @operation(gives=SurveyOutput, takes=ClosingInput)
    def set_closing(self, slug: str, body: dict[str, Any]) -> Survey:
        """Give an open survey another time to close by itself, or none."""
        closes_at = body.get("closes_at")
        services.set_closing_date(survey=self.survey(slug), closes_at=closes_at, by=self.person)
        return self._told(slug)

    def _told(self, slug: str) -> Survey:
        """The survey with what is missing; as it would be where nobody has touched it."""
        assessment = self.assessment(slug)
        found = self.known_survey(assessment)
        ready = readiness_of(assessment) if found.state == SurveyState.DRAFT else None
        vars(found)["missing"] = [point.refusal() for point in ready.missing] if ready else []
        return found


# --- links ------------------------------------------------------------------------------------------------
class LinkOutput(Output):
    group = serializers.SlugField()
    name = serializers.CharField()
    address = serializers.URLField(allow_null=True, help_text="Null: the group came after the survey was opened.")


class LinksOutput(Output):
    example: ClassVar = {
        "links": [{"group": "customers", "name": "Customers", "address": "https://salient.example.org/s/Zk3…"}]
    }

    links = LinkOutput(many=True)


class Links(AssessmentViews):
    tag, noun, writes = "Survey", "links", SURVEYS

    @operation(gives=LinksOutput, reads=True)
    def read(self, slug: str) -> dict[str, Any]:
        """Read the public link of each group."""
        assessment = self.assessment(slug)
        survey = survey_of(organisation=self.organisation, assessment=assessment)
        tokens = {link.group_id: link.token for link in survey.links.all()} if survey else {}
        return {
            "links": [
                {
                    "group": group.code,
                    "name": group.name,
                    "address": address_of(tokens[group.pk]) if group.pk in tokens else None,
                }
                for group in assessment.groups.all()
            ]
        }


# --- the questions as they were asked ---------------------------------------------------------------------
class ItemOutput(Output):
    position = serializers.IntegerField()
    issue = serializers.SlugField(source="code")
    dimension = serializers.CharField(help_text="company or stakeholders where both importances are asked; else empty.")
    name = serializers.CharField()
    description = serializers.CharField()


class QuestionnaireOutput(Output):
    example: ClassVar = {
        "version": 1,
        "frozen_at": "2026-11-20T08:15:00Z",
        "scale_low": 1,
        "scale_high": 5,
        "items": [{"position": 0, "issue": "water", "dimension": "", "name": "Water", "description": ""}],
    }

    version = serializers.IntegerField()
    frozen_at = serializers.DateTimeField()
    scale_low = serializers.IntegerField()
    scale_high = serializers.IntegerField()
    items = ItemOutput(many=True, source="items.all")


class Questionnaires(AssessmentViews):
    tag, noun, writes = "Survey", "questionnaire", SURVEYS

    @operation(gives=QuestionnaireOutput, reads=True)
    def read(self, slug: str) -> Questionnaire:
        """Read the frozen questions; 404 before the survey was opened."""
        survey = survey_of(organisation=self.organisation, assessment=self.assessment(slug))
        found = questionnaire_of(survey) if survey else None
        if found is None:
            raise Http404
        return found


# --- who has answered -------------------------------------------------------------------------------------
class GroupProgressOutput(Output):
    group = serializers.SlugField(source="group.code")
    name = serializers.CharField(source="group.name")
    answers = serializers.IntegerField(help_text="Answers that were sent.")
    simulated = serializers.IntegerField(help_text="Simulated answers among them.")
    invited = serializers.IntegerField(help_text="Personal invitations that reached somebody.")
    invited_who_answered = serializers.IntegerField(source="heard")
    target = serializers.IntegerField(allow_null=True, help_text="Answers hoped for.")
    population = serializers.IntegerField(allow_null=True, help_text="People in the group.")


class ProgressOutput(Output):
    example: ClassVar = {
        "answers": 112,
        "groups": [
            {
                "group": "customers",
                "name": "Customers",
                "answers": 112,
                "simulated": 0,
                "invited": 300,
                "invited_who_answered": 84,
                "target": 150,
                "population": 4200,
            }
        ],
    }

    answers = serializers.IntegerField()
    groups = GroupProgressOutput(many=True)


class Progress(AssessmentViews):
    tag, noun, writes = "Survey", "progress", SURVEYS

    @operation(gives=ProgressOutput, reads=True)
    def read(self, slug: str) -> dict[str, Any]:
        """Read how many have answered, group by group."""
        survey = survey_of(organisation=self.organisation, assessment=self.assessment(slug))
        groups: list[GroupWatch] = groups_watched(survey) if survey else []
        return {"answers": sum(group.answers for group in groups), "groups": groups}


_SURVEY = "assessments/<slug:slug>/survey/"
urlpatterns = [
    path(_SURVEY, Surveys.as_view({"get": "read", "patch": "change"})),
    path(f"{_SURVEY}open/", Surveys.as_view({"post": "open"})),
    path(f"{_SURVEY}close/", Surveys.as_view({"post": "close"})),
    path(f"{_SURVEY}reopen/", Surveys.as_view({"post": "reopen"})),
    path(f"{_SURVEY}closing/", Surveys.as_view({"put": "set_closing"})),
    path(f"{_SURVEY}links/", Links.as_view({"get": "read"})),
    path(f"{_SURVEY}questionnaire/", Questionnaires.as_view({"get": "read"})),
    path(f"{_SURVEY}progress/", Progress.as_view({"get": "read"})),
]
