"""Forms of the review. What fits is decided by the services."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from scoping.forms.base import ScopingForm


def _text(label: Any, missing: Any, rows: int, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}),
        error_messages={"required": missing},
    )


class TierForm(ScopingForm):
    """Another tier for an issue, with the reason. `seen` is the decision that stood on the page."""

    tier = forms.ChoiceField(
        label=gettext_lazy("Tier"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose the tier."),
            "invalid_choice": gettext_lazy("“%(value)s” is not a tier of this result."),
        },
    )
    reason = _text(
        gettext_lazy("Reason"),
        gettext_lazy("Give the reason: it is shown wherever the tier is."),
        4,
        gettext_lazy("It is shown wherever the tier is: on pages, in files and in the report."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, tiers: Sequence[str]) -> None:
        super().__init__(data, auto_id="tier-%s")
        choosing = self.fields["tier"]
        assert isinstance(choosing, forms.ChoiceField)
        choosing.choices = [(name, name) for name in tiers]


class SayForm(ScopingForm):
    """A comment, or a point that stays open until somebody closes it."""

    text = _text(gettext_lazy("Comment"), gettext_lazy("Write what you want to say."), 3)
    is_open_point = forms.BooleanField(
        label=gettext_lazy("This is an open point: it waits until somebody says what came of it"), required=False
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="say-%s")


class CloseForm(ScopingForm):
    """What came of an open point. Several stand on a page, so each has ids of its own."""

    resolution = _text(gettext_lazy("What came of it"), gettext_lazy("Say what came of it."), 2)

    def __init__(self, data: QueryDict | None = None, *, point: int) -> None:
        super().__init__(data, auto_id=f"close-{point}-%s")
