"""How the material topics were determined, in sentences: what a report has to say of its process, and what it lacks."""

from typing import Any, ClassVar

from django.urls import path
from rest_framework import serializers

from accounts.tokens import RESULTS
from api.fields import Output
from api.operations import operation
from materiality.facts import facts_of
from materiality.gaps import gaps_of
from materiality.statement import statement_of
from scoping.api.base import AssessmentViews


class SectionOutput(Output):
    title = serializers.CharField()
    answers = serializers.CharField(help_text="The disclosure that it answers, such as GRI 3-1 a.")
    paragraphs = serializers.ListField(child=serializers.CharField())


class GapOutput(Output):
    what = serializers.CharField()
    why = serializers.CharField()


class StatementOutput(Output):
    example: ClassVar = {
        "sections": [
            {
                "title": "Dialogue with stakeholders",
                "answers": "GRI 3-1 b",
                "paragraphs": ["Six stakeholder groups were named."],
            }
        ],
        "gaps": [{"what": "Record the channels of communication", "why": "Readers want to know how often."}],
    }

    sections = SectionOutput(many=True)
    gaps = GapOutput(many=True, help_text="What is missing for a complete statement, in the order of the work.")


class Statements(AssessmentViews):
    tag, noun, writes = "Process", "statement", RESULTS

    @operation(gives=StatementOutput, reads=True)
    def read(self, slug: str) -> dict[str, Any]:
        """Read how the material topics were determined, as a report states it."""
        facts = facts_of(organisation=self.organisation, assessment=self.assessment(slug))
        return {"sections": statement_of(facts), "gaps": gaps_of(facts)}


urlpatterns = [path("assessments/<slug:slug>/statement/", Statements.as_view({"get": "read"}))]
