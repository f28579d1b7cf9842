"""What the working group types while it watches the answers."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoping.forms.base import ScopingForm
from scoping.models import Issue
from scoping.selectors.issues import Named
from surveys.models import Comment, QualityFlag
from surveys.services.excluding import LONGEST_REASON
from tables.names import tidy

NEW = "new"
LONGEST_NAME = 300


class ExcludeForm(ScopingForm):
    """A flag whose answers shall not count, and why."""

    flag = forms.ChoiceField(choices=QualityFlag.choices, widget=forms.HiddenInput)
    reason = forms.CharField(
        max_length=LONGEST_REASON,
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The method statement tells it, with the number."),
        error_messages={"required": gettext_lazy("Say why these answers do not count: the report states it.")},
    )

    @classmethod
    def of(cls, flag: str) -> "ExcludeForm":
        """An untouched form for one flag; a page has several."""
        return cls(initial={"flag": flag}, auto_id=f"id_{flag}_%s")


class TakeUpForm(ScopingForm):
    """Where a missing issue goes: a new one on the long list, or a mention of one that is there."""

    field_order = ("issue", "name")
    name = forms.CharField(
        required=False,
        max_length=LONGEST_NAME,
        label=gettext_lazy("Name of the new issue"),
        help_text=gettext_lazy("Short, as on the list. The respondent’s own words are kept as a mention."),
    )

    def __init__(self, data: Any, *, comment: Comment, issues: Sequence[Named], alike: Sequence[Named]) -> None:
        near = {issue.id for issue in alike}
        others = [issue for issue in issues if issue.id not in near]
        super().__init__(
            data, initial={"issue": str(alike[0].id) if alike else NEW, "name": tidy(comment.text)[:LONGEST_NAME]}
        )
        choices: list[Any] = [(NEW, _("A new issue"))]
        if alike:
            choices.append((_("Alike in name"), [(str(issue.id), issue.name) for issue in alike]))
        if others:
            choices.append((_("Other issues of the long list"), [(str(issue.id), issue.name) for issue in others]))
        self.fields["issue"] = forms.ChoiceField(label=_("Issue"), choices=choices)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("issue") == NEW and not values.get("name"):
            self.add_error("name", _("Give the new issue a name."))
        return values

    def chosen(self) -> Issue | None:
        """The issue that gets the mention; None for a new one. Raises ValidationError if it was removed meanwhile."""
        value = self.cleaned_data["issue"]
        if value == NEW:
            return None
        issue = Issue.objects.filter(pk=int(value)).first()
        if issue is None:
            raise ValidationError({"issue": _("This issue was removed meanwhile. Choose another one.")})
        return issue
