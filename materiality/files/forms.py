"""What is chosen about a figure, a document and a report pack. Values are checked by files/options.py, as those of
programs are."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from materiality.charts.page import language_of_page
from materiality.files.kind import Kind
from materiality.files.options import FIGURE_FORMATS, LANGUAGES, RESOLUTIONS, USUAL_DPI, WIDTHS
from scoping.forms.base import ScopingForm


class PictureForm(ScopingForm):
    """Size, resolution and language of figures; empty values are the usual ones."""

    width_mm = forms.CharField(
        label=gettext_lazy("Width in mm"),
        required=False,
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 6}),
    )
    dpi = forms.CharField(
        label=gettext_lazy("Dots per inch, for PNG"),
        required=False,
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 6}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Words of the figure"), choices=list(LANGUAGES.items()), initial=language_of_page
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["width_mm"].help_text = _(
            "At most %(high)d, and no less than its smallest text can be read at; empty: as it is drawn"
        ) % {"high": WIDTHS[1]}
        low, high = RESOLUTIONS
        self.fields["dpi"].help_text = _("%(low)d to %(high)d; empty: %(usual)d") % {
            "low": low,
            "high": high,
            "usual": USUAL_DPI,
        }


class FigureForm(PictureForm):
    """One of the figures in one of the formats. `kinds` are those that can be had."""

    field_order = ("kind", "format", "width_mm", "dpi", "language")
    kind = forms.ChoiceField(label=gettext_lazy("Figure"))
    format = forms.ChoiceField(label=gettext_lazy("Format"))

    def __init__(self, *args: Any, kinds: list[Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.slug, _(str(kind.label))) for kind in kinds]  # type: ignore[attr-defined]
        self.fields["format"].choices = [(key, _(name)) for key, name in FIGURE_FORMATS.items()]  # type: ignore[attr-defined]


class DocumentForm(ScopingForm):
    """The language of a document."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language"), required=False, choices=list(LANGUAGES.items()), initial=language_of_page
    )

    def __init__(self, *, kind: Kind) -> None:
        super().__init__(auto_id=f"{kind.slug}_%s")
        # The same label stands beside each kind; who does not see it hears which.
        label = _("Language: %(file)s") % {"file": _(str(kind.label))}
        self.fields["language"].widget.attrs |= {"aria-label": label, "class": "select"}


class PackForm(PictureForm):
    """What is in a report pack, in which language, and how its figures look."""

    answers = forms.BooleanField(label=gettext_lazy("With the answers"), required=False)

    def __init__(self, *args: Any, may_edit: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].label = _("Language of figures and documents")
        if not may_edit:
            del self.fields["answers"]
