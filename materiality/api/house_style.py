"""How the organisation's files look: the colours of tiers, and templates for Word and PowerPoint."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import path
from rest_framework import serializers

from accounts.models import Organisation
from accounts.tokens import MANAGE
from api.fields import Base64, Input, Output, Text
from api.operations import operation
from api.views import ApiViews
from figures.palette import SHAPES, palette_with
from materiality.house_style import services
from materiality.house_style.colours import alike
from materiality.house_style.selectors import look_of, templates_of
from materiality.house_style.templates import MOST_BYTES, SORTS
from scoping.lists.filenames import NameRefused

COLOURS = ["#003366", "#b30000", "#006600", "#7a3e9d", "#5c4a00"]
# In Base64 four bytes stand for three; the rest is room for its name.
LARGEST_BODY = MOST_BYTES // 3 * 4 + 2**17


class AlikeOutput(Output):
    tiers = serializers.ListField(child=serializers.IntegerField(), help_text="Two, counted from 1, the highest.")
    to = serializers.CharField(help_text="Whom they look much alike to.")


class TemplateOutput(Output):
    template = serializers.ChoiceField(list(SORTS), source="kind", help_text="Its name in addresses.")
    filename = serializers.CharField(source="name")
    size = serializers.IntegerField(help_text="Bytes.")


class HouseStyleOutput(Output):
    example: ClassVar = {
        "own_colours": True,
        "colours": COLOURS,
        "drawn_as": COLOURS,
        "alike": [{"tiers": [2, 3], "to": "people who do not see red"}],
        "templates": [{"template": "docx", "filename": "house.docx", "size": 48213}],
    }

    own_colours = serializers.BooleanField(help_text="false: the usual ones.")
    colours = serializers.ListField(
        child=serializers.CharField(), help_text="The highest tier first; the last is that of all lower ones."
    )
    drawn_as = serializers.ListField(
        child=serializers.CharField(), help_text="The same, a little darker where one is too light to be read as text."
    )
    alike = AlikeOutput(many=True)
    templates = TemplateOutput(many=True)


class ColoursInput(Input):
    example: ClassVar = {"colours": COLOURS}

    colours = serializers.ListField(
        child=Text(max_length=20),
        min_length=len(SHAPES),
        max_length=len(SHAPES),
        help_text="Each as #rrggbb, with a contrast of at least 3 to 1 with white paper; the highest tier first.",
    )


class TemplateInput(Input):
    # An empty archive: it is one, and no template.
    example: ClassVar = {"filename": "house.docx", "content": "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="}

    filename = Text(max_length=200)
    content = Base64(help_text=f"The file in Base64; of at most {MOST_BYTES // 2**20} MB, without macros.")


class HouseStyles(ApiViews):
    tag, noun, writes = "House style", "house_style", MANAGE
    largest_body = LARGEST_BODY

    @operation(gives=HouseStyleOutput, reads=True)
    def read(self) -> dict[str, Any]:
        """Read the colours of tiers, and which templates there are."""
        return _told(self.organisation)

    @operation(gives=HouseStyleOutput, takes=ColoursInput)
    def choose_colours(self, body: dict[str, Any]) -> dict[str, Any]:
        """Choose the colours of tiers. Files that are made already stay as they are."""
        try:
            services.choose_colours(organisation=self.organisation, colours=body["colours"], by=self.person)
        except ValidationError as refusal:
            raise serializers.ValidationError({"colours": _by_place(refusal.message_dict)}) from refusal
        return _told(self.organisation)

    @operation(status=204)
    def reset_colours(self) -> None:
        """Go back to the usual colours of tiers."""
        services.reset_colours(organisation=self.organisation, by=self.person)

    @operation(gives=HouseStyleOutput, takes=TemplateInput)
    def put_template(self, template: str, body: dict[str, Any]) -> dict[str, Any]:
        """Put a template for Word (docx) or PowerPoint (pptx) in place of the one that is there.

        One that cannot be used leaves the earlier one in place, and is refused with what is wrong with it. Its text and
        slides are left out of files; its styles, page, header and layouts are taken."""
        if template not in SORTS:
            raise Http404
        try:
            services.keep_template(
                organisation=self.organisation,
                kind=template,
                content=body["content"],
                name=body["filename"],
                by=self.person,
            )
        except NameRefused as refusal:
            raise serializers.ValidationError({"filename": refusal.messages}) from refusal
        except ValidationError as refusal:
            raise serializers.ValidationError({"content": refusal.messages}) from refusal
        return _told(self.organisation)

    @operation(status=204)
    def remove_template(self, template: str) -> None:
        """Remove a template. Files look as Salient makes them then."""
        if template not in templates_of(self.organisation):
            raise Http404
        services.remove_template(organisation=self.organisation, kind=template, by=self.person)


def _by_place(messages: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """What the service says of tier_1 and so on, by the places of the list."""
    return {str(int(field.removeprefix("tier_")) - 1): told for field, told in messages.items()}


def _told(organisation: Organisation) -> dict[str, Any]:
    chosen = look_of(organisation).colours
    colours = chosen or services.HOUSE_COLOURS
    return {
        "own_colours": bool(chosen),
        "colours": colours,
        "drawn_as": [tier.mark for tier in palette_with(colours).tiers],
        "alike": [{"tiers": [first + 1, second + 1], "to": whose} for first, second, whose in alike(colours)],
        "templates": templates_of(organisation).values(),
    }


urlpatterns = [
    path("house-style/", HouseStyles.as_view({"get": "read"})),
    path("house-style/colours/", HouseStyles.as_view({"put": "choose_colours", "delete": "reset_colours"})),
    path(
        "house-style/templates/<slug:template>/",
        HouseStyles.as_view({"put": "put_template", "delete": "remove_template"}),
    ),
]
