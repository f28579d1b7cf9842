"""Stakeholder groups, what they ask about, and how the company talks with them."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import path
from rest_framework import serializers

from api.fields import Choice, Input, Output, Text, Weight, Whole
from api.operations import operation
from api.paging import Paging
from scoping.api.base import AssessmentViews
from scoping.models import Channel, Concern, Side, StakeholderGroup, WeightBasis
from scoping.models.stakeholders import MOST_PEOPLE
from scoping.selectors import concerns_of
from scoping.services import remove_concern, remove_group, save_concern, save_group
from scoping.services.scope import LONGEST_TEXT
from scoping.services.stakeholders import remove_channel, save_channel


class GroupOutput(Output):
    example: ClassVar = {
        "code": "customers",
        "name": "Customers",
        "side": "external",
        "relevance": "They use what we make.",
        "weight": 1.0,
        "weight_basis": "entered",
        "weight_reason": "",
        "headcount": 4200,
        "position": 2,
    }

    code = serializers.SlugField()
    name = serializers.CharField()
    side = serializers.ChoiceField(Side.choices, help_text="The axis that the group speaks for.")
    relevance = serializers.CharField(help_text="Why the group matters to the company.")
    weight = Weight(help_text="Relative to the other groups of its side.")
    weight_basis = serializers.ChoiceField(WeightBasis.choices)
    weight_reason = serializers.CharField()
    headcount = serializers.IntegerField(allow_null=True, help_text="People in the group; null where nobody knows.")
    position = serializers.IntegerField()


class NewGroup(Input):
    example: ClassVar = {"name": "Customers", "side": "external", "weight": 1, "headcount": 4200}

    name = Text(max_length=120)
    side = Choice(Side.choices, help_text="Internal groups speak for the company, external ones for stakeholders.")
    weight = Weight(required=False, help_text="Relative to the other groups of its side; 1 if it is not given.")
    relevance = Text(required=False, allow_blank=True, max_length=LONGEST_TEXT)
    headcount = Whole(required=False, allow_null=True, min_value=1, max_value=MOST_PEOPLE)


class GroupChange(NewGroup):
    example: ClassVar = {"weight": 2}

    name = Text(max_length=120, required=False)
    side = Choice(Side.choices, required=False)


class Groups(AssessmentViews):
    tag, noun = "Stakeholders", "groups"

    @operation(gives=GroupOutput, order=("position", "pk"), reads=True)
    def list(self, slug: str) -> QuerySet[StakeholderGroup]:
        """List the stakeholder groups."""
        return self.assessment(slug).groups.all()

    @operation(gives=GroupOutput, takes=NewGroup, status=201)
    def create(self, slug: str, body: dict[str, Any]) -> StakeholderGroup:
        """Add a stakeholder group, while the survey has not been opened."""
        return save_group(assessment=self.assessment(slug), by=self.person, **body)

    @operation(gives=GroupOutput, reads=True)
    def retrieve(self, slug: str, code: str) -> StakeholderGroup:
        """Read a stakeholder group."""
        return self.group(slug, code)

    @operation(gives=GroupOutput, takes=GroupChange)
    def change(self, slug: str, code: str, body: dict[str, Any]) -> StakeholderGroup:
        """Change a stakeholder group.

        Its name and side stay once the survey was opened; weight, relevance and headcount can change at any time."""
        found = self.group(slug, code)
        kept = {"name": found.name, "side": found.side}
        return save_group(assessment=found.assessment, group=found, by=self.person, **kept | body)

    @operation(status=204)
    def remove(self, slug: str, code: str) -> None:
        """Remove a stakeholder group that has not been asked, with what belongs to it."""
        remove_group(group=self.group(slug, code), by=self.person)


# --- what they ask about ----------------------------------------------------------------------------------
class ConcernOutput(Output):
    example: ClassVar = {
        "id": 31,
        "group": "customers",
        "topic": "Is my data safe?",
        "response": "Certified to ISO 27001 since 2021.",
        "issue": "data-security",
    }

    id = serializers.IntegerField(source="pk")
    group = serializers.SlugField(source="group.code")
    topic = serializers.CharField()
    response = serializers.CharField()
    issue = serializers.SlugField(source="issue.code", default=None, allow_null=True)


class NewConcern(Input):
    example: ClassVar = {"group": "customers", "topic": "Is my data safe?", "issue": "data-security"}

    group = Text(max_length=60, help_text="The code of the group.")
    topic = Text(max_length=300)
    response = Text(required=False, allow_blank=True, max_length=LONGEST_TEXT)
    issue = Text(required=False, allow_null=True, max_length=60, help_text="The code of the issue that it is about.")


class ConcernChange(NewConcern):
    example: ClassVar = {"response": "Certified to ISO 27001 since 2021."}

    group = Text(max_length=60, required=False)
    topic = Text(max_length=300, required=False)


class ConcernFilters(Paging):
    group = Text(required=False, max_length=60, help_text="The code of a group.")


class Concerns(AssessmentViews):
    tag, noun = "Stakeholders", "concerns"

    @operation(gives=ConcernOutput, query=ConcernFilters, order=("group__position", "position", "pk"), reads=True)
    def list(self, slug: str, query: dict[str, Any]) -> QuerySet[Concern]:
        """List what stakeholders ask about, group by group."""
        rows = concerns_of(self.assessment(slug))
        return rows.filter(group__code=query["group"]) if "group" in query else rows

    @operation(gives=ConcernOutput, takes=NewConcern, status=201)
    def create(self, slug: str, body: dict[str, Any]) -> Concern:
        """Add a topic of concern."""
        assessment = self.assessment(slug)
        return save_concern(assessment=assessment, by=self.person, **self._found(slug, body))

    @operation(gives=ConcernOutput, reads=True)
    def retrieve(self, slug: str, concern: int) -> Concern:
        """Read a topic of concern."""
        return self._concern(slug, concern)

    @operation(gives=ConcernOutput, takes=ConcernChange)
    def change(self, slug: str, concern: int, body: dict[str, Any]) -> Concern:
        """Change a topic of concern."""
        present = self._concern(slug, concern)
        kept = {field: getattr(present, field) for field in ("group", "topic", "response", "issue")}
        values = kept | self._found(slug, body)
        return save_concern(assessment=self.assessment(slug), concern=present, by=self.person, **values)

    @operation(status=204)
    def remove(self, slug: str, concern: int) -> None:
        """Remove a topic of concern."""
        remove_concern(concern=self._concern(slug, concern), by=self.person)

    def _concern(self, slug: str, concern: int) -> Concern:
        return concerns_of(self.assessment(slug)).get(pk=concern)

    def _found(self, slug: str, body: dict[str, Any]) -> dict[str, Any]:
        """`body` with the rows that its codes are of."""
        assessment = self.assessment(slug)
        found = dict(body)
        for field, rows in (("group", assessment.groups), ("issue", assessment.issues)):
            if body.get(field) is not None:
                found[field] = rows.filter(code=body[field]).first()
                if found[field] is None:
                    message = f"There is no {field} with the code {body[field]!r} in this assessment."
                    raise serializers.ValidationError({field: [message]})
        return found


# --- how one talks with them ------------------------------------------------------------------------------
class ChannelOutput(Output):
    example: ClassVar = {"id": 12, "name": "Hotline", "frequency": "daily"}

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    frequency = serializers.CharField()


class NewChannel(Input):
    example: ClassVar = {"name": "Hotline", "frequency": "daily"}

    name = Text(max_length=300)
    frequency = Text(required=False, allow_blank=True, max_length=120)


class ChannelChange(NewChannel):
    example: ClassVar = {"frequency": "each quarter"}

    name = Text(max_length=300, required=False)


class Channels(AssessmentViews):
    tag, noun = "Stakeholders", "channels"

    @operation(gives=ChannelOutput, order=("position", "pk"), reads=True)
    def list(self, slug: str, code: str) -> QuerySet[Channel]:
        """List the ways in which the company and a group talk."""
        return self.group(slug, code).channels.all()

    @operation(gives=ChannelOutput, takes=NewChannel, status=201)
    def create(self, slug: str, code: str, body: dict[str, Any]) -> Channel:
        """Add a channel."""
        return save_channel(group=self.group(slug, code), by=self.person, **body)

    @operation(gives=ChannelOutput, takes=ChannelChange)
    def change(self, slug: str, code: str, channel: int, body: dict[str, Any]) -> Channel:
        """Change a channel."""
        group = self.group(slug, code)
        present = group.channels.get(pk=channel)
        kept = {"name": present.name, "frequency": present.frequency}
        return save_channel(group=group, channel=present, by=self.person, **kept | body)

    @operation(status=204)
    def remove(self, slug: str, code: str, channel: int) -> None:
        """Remove a channel."""
        remove_channel(channel=self.group(slug, code).channels.get(pk=channel), by=self.person)


_GROUP = "assessments/<slug:slug>/groups/<slug:code>/"
urlpatterns = [
    path("assessments/<slug:slug>/groups/", Groups.as_view({"get": "list", "post": "create"})),
    path(_GROUP, Groups.as_view({"get": "retrieve", "patch": "change", "delete": "remove"})),
    path(f"{_GROUP}channels/", Channels.as_view({"get": "list", "post": "create"})),
    path(f"{_GROUP}channels/<int:channel>/", Channels.as_view({"patch": "change", "delete": "remove"})),
    path("assessments/<slug:slug>/concerns/", Concerns.as_view({"get": "list", "post": "create"})),
    path(
        "assessments/<slug:slug>/concerns/<int:concern>/",
        Concerns.as_view({"get": "retrieve", "patch": "change", "delete": "remove"}),
    ),
]
