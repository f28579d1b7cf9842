"""The forms of the house style: a colour for each tier, and a template."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from figures.palette import SHAPES
from materiality.house_style.templates import MOST_BYTES, Sort
from scoping.forms.base import ScopingForm


class ColoursForm(ScopingForm):
    """One field per style of a mark, the highest tier first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = [_("Highest tier"), _("Second tier"), _("Third tier"), _("Fourth tier"), _("Fifth tier and lower")]
        for number, label in zip(range(1, len(SHAPES) + 1), labels, strict=True):
            self.fields[f"tier_{number}"] = forms.CharField(
                label=label,
                max_length=20,
                error_messages={"required": _("Enter a colour, such as #6c1c54.")},
                widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "size": 9}),
            )

    @property
    def colours(self) -> list[str]:
        """As they were entered."""
        return [self[name].value() or "" for name in self.fields]


class TemplateForm(ScopingForm):
    file = forms.FileField(
        label=gettext_lazy("File"),
        max_length=200,
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose a file first.")},
    )

    def __init__(self, *args: Any, sort: Sort, replaces: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["file"]
        field.widget.attrs["accept"] = sort.extension
        field.help_text = _("%(extension)s, at most %(most)d MB, without macros.") % {
            "extension": sort.extension,
            "most": MOST_BYTES // 2**20,
        }
        if replaces:
            field.help_text += " " + _("It takes the place of the one above.")
