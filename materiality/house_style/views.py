"""The page of the house style."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import MemberRequest
from figures.palette import SHAPES, TierColours, is_hollow, palette_with
from materiality.house_style import services
from materiality.house_style.colours import alike, tidy_hex
from materiality.house_style.forms import ColoursForm, TemplateForm
from materiality.house_style.selectors import Template, look_of, templates_of
from materiality.house_style.templates import MOST_BYTES, SORTS


@dataclass(frozen=True)
class Swatch:
    """How a tier looks: its field, the colour in it (empty where that is none), and what a figure makes of it."""

    field: Any
    number: int
    shape: str
    colour: str
    look: TierColours | None

    @property
    def is_hollow(self) -> bool:
        return is_hollow(SHAPES[self.number - 1])

    @property
    def is_darkened(self) -> bool:
        return self.look is not None and self.look.mark != self.colour


@require_http_methods(["GET", "HEAD", "POST"])
def house_style(request: MemberRequest) -> HttpResponse:
    """Colours and templates; owners change them, everybody sees them."""
    if request.method == "POST":
        return _change(request)
    return _page(request)


def _change(request: MemberRequest) -> HttpResponse:
    if not request.membership.may_manage:
        raise PermissionDenied(_("Only owners can change how the files of the organisation look."))
    who: Any = {"organisation": request.organisation, "by": request.user}
    what = request.POST.get("change", "")
    try:
        if what == "colours":
            colours = ColoursForm(request.POST)
            if not colours.attempt(lambda values: services.choose_colours(colours=list(values.values()), **who)):
                return _page(request, colours=colours)
            messages.success(request, _("New files have these colours."))
        elif what == "reset":
            services.reset_colours(**who)
            messages.success(request, _("New files have the usual colours."))
        elif what in SORTS:
            return _upload(request, what)
        elif what.removeprefix("remove-") in SORTS:
            services.remove_template(kind=what.removeprefix("remove-"), **who)
            messages.success(request, _("The template is removed. New files look as Salient makes them."))
        else:
            messages.error(request, _("Nothing has changed: choose one of the buttons below."))
            return _page(request, status=400)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("materiality:house-style", organisation=request.organisation.slug)


def _upload(request: MemberRequest, kind: str) -> HttpResponse:
    replaces = kind in templates_of(request.organisation)
    form = TemplateForm(request.POST, request.FILES, sort=SORTS[kind], replaces=replaces, prefix=kind)

    def keep(values: dict[str, Any]) -> None:
        file = values["file"]
        # More than may be taken need not be read.
        content = file.read(MOST_BYTES + 1)
        try:
            services.keep_template(
                organisation=request.organisation, kind=kind, content=content, name=file.name, by=request.user
            )
        except ValidationError as error:
            raise ValidationError({"file": error.messages}) from error

    if not form.attempt(keep):
        return _page(request, template=(kind, form))
    messages.success(
        request, _("The template is kept: new files of %(program)s use it.") % {"program": SORTS[kind].program}
    )
    return redirect("materiality:house-style", organisation=request.organisation.slug)


def _page(
    request: MemberRequest,
    *,
    colours: ColoursForm | None = None,
    template: tuple[str, TemplateForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    chosen = look_of(request.organisation).colours
    if colours is None:
        initial = {f"tier_{n}": colour for n, colour in enumerate(chosen or services.HOUSE_COLOURS, start=1)}
        colours = ColoursForm(initial=initial)
    kept = templates_of(request.organisation)
    swatches = _swatches([colours[f"tier_{number}"] for number in range(1, len(SHAPES) + 1)])
    context = {
        "colours": colours,
        "swatches": swatches,
        "is_own": bool(chosen),
        "alike": [
            (swatches[first].field.label, swatches[second].field.label, _(whose))
            for first, second, whose in alike([swatch.colour for swatch in swatches])
        ]
        if all(swatch.colour for swatch in swatches)
        else [],
        "templates": [
            (kind, sort, kept.get(kind), _form(kind, kept.get(kind), template)) for kind, sort in SORTS.items()
        ],
        "may_manage": request.membership.may_manage,
    }
    wrong = colours.errors or template
    return render(request, "materiality/house_style/house_style.html", context, status=400 if wrong else status)


def _form(kind: str, kept: Template | None, wrong: tuple[str, TemplateForm] | None) -> TemplateForm:
    """An empty form, or the one that came back with something wrong."""
    if wrong and wrong[0] == kind:
        return wrong[1]
    return TemplateForm(sort=SORTS[kind], replaces=kept is not None, prefix=kind)


def _swatches(fields: list[Any]) -> list[Swatch]:
    colours = [_colour(field.value()) for field in fields]
    # What is no colour yet is left to the house's, so that the others can be seen.
    looks = palette_with(tuple(colour or usual for colour, usual in zip(colours, services.HOUSE_COLOURS, strict=True)))
    return [
        Swatch(field, number, SHAPES[number - 1], colour, look if colour else None)
        for number, (field, colour, look) in enumerate(zip(fields, colours, looks.tiers, strict=True), start=1)
    ]


def _colour(text: str | None) -> str:
    try:
        return tidy_hex(text or "")
    except ValueError:
        return ""
