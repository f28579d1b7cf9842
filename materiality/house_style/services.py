"""Change how an organisation's files look. Files that are made already stay as they are."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.services import record
from figures.palette import LIGHT, SHAPES, contrast
from materiality.house_style.colours import LEAST_CONTRAST, PAPER, darker, same, tidy_hex
from materiality.house_style.templates import SORTS, check_template
from materiality.models import HouseStyle
from scoping.lists.filenames import file_name

HOUSE_STYLE = "house style"
HOUSE_COLOURS = tuple(tier.mark for tier in LIGHT.tiers)


@transaction.atomic
def choose_colours(*, organisation: Organisation, colours: Sequence[str], by: User | None) -> HouseStyle:
    """Give the tiers these colours, the highest first; the last is also that of all lower ones.

    Raises
    ------
    ValidationError
        By "tier_1" and so on: where a colour is none, does not stand out from the paper, or is that of a higher tier.
    """
    if len(colours) != len(SHAPES):
        raise ValidationError(_("Give %(number)d colours, the highest tier first.") % {"number": len(SHAPES)})
    errors: dict[str, str] = {}
    chosen: list[str] = []
    for number, colour in enumerate(colours, start=1):
        try:
            chosen.append(_checked(colour))
        except ValidationError as error:
            errors[f"tier_{number}"] = " ".join(error.messages)
    if errors:
        raise ValidationError(errors)
    for higher, lower in same(chosen):
        errors.setdefault(
            f"tier_{lower + 1}",
            _("%(colour)s cannot be told apart from %(other)s of tier %(number)d. Choose a colour further from it.")
            % {"colour": chosen[lower], "other": chosen[higher], "number": higher + 1},
        )
    if errors:
        raise ValidationError(errors)
    style = _held(organisation)
    style.tier_colours = [] if tuple(chosen) == HOUSE_COLOURS else chosen
    style.save(update_fields=["tier_colours"])
    summary = f"chose the colours of tiers: {', '.join(chosen)}"
    record(organisation=organisation, actor=by, subject=HOUSE_STYLE, summary=summary)
    return style


def _checked(colour: str) -> str:
    try:
        found = tidy_hex(colour)
    except ValueError:
        raise ValidationError(_("Enter a colour as # and six digits or letters a to f, such as #6c1c54.")) from None
    ratio = contrast(found, PAPER)
    if ratio < LEAST_CONTRAST:
        raise ValidationError(
            _(
                "%(colour)s is too pale: its contrast with white paper is %(ratio).1f to 1; at least %(least)g to 1 "
                "is needed. The nearest of this hue is %(darker)s."
            )
            % {"colour": found, "ratio": ratio, "least": LEAST_CONTRAST, "darker": darker(found)}
        )
    return found


@transaction.atomic
def reset_colours(*, organisation: Organisation, by: User | None) -> HouseStyle:
    """Back to the colours of Salient."""
    style = _held(organisation)
    style.tier_colours = []
    style.save(update_fields=["tier_colours"])
    record(organisation=organisation, actor=by, subject=HOUSE_STYLE, summary="went back to the usual colours of tiers")
    return style


@transaction.atomic
def keep_template(*, organisation: Organisation, kind: str, content: bytes, name: str, by: User | None) -> HouseStyle:
    """Take a template for Word ("docx") or PowerPoint ("pptx"). One that cannot be used leaves the earlier in place.

    Raises
    ------
    NameRefused
        At `file`: it has no name that can be kept.
    ValidationError
        With what is wrong with the file.
    """
    if kind not in SORTS:
        raise ValidationError(_("There are templates for %(known)s.") % {"known": ", ".join(SORTS)})
    name = file_name(name)
    check_template(kind, content, name)
    style = _held(organisation)
    _put(style, kind, content, name)
    summary = f"uploaded the template {name} for {SORTS[kind].program}"
    record(organisation=organisation, actor=by, subject=HOUSE_STYLE, summary=summary)
    return style


@transaction.atomic
def remove_template(*, organisation: Organisation, kind: str, by: User | None) -> HouseStyle:
    """Back to the look of Salient.

    Raises
    ------
    ValidationError
        Where there is none.
    """
    style = _held(organisation)
    if kind not in SORTS or not getattr(style, f"{kind}_template"):
        raise ValidationError(_("There is no such template any more."))
    name = getattr(style, f"{kind}_template_name")
    _put(style, kind, None, "")
    record(organisation=organisation, actor=by, subject=HOUSE_STYLE, summary=f"removed the template {name}")
    return style


def _held(organisation: Organisation) -> HouseStyle:
    HouseStyle.objects.get_or_create(organisation=organisation)
    return HouseStyle.objects.select_for_update().get(organisation=organisation)


def _put(style: HouseStyle, kind: str, content: bytes | None, name: str) -> None:
    fields = [f"{kind}_template", f"{kind}_template_name"]
    for field, value in zip(fields, (content, name), strict=True):
        setattr(style, field, value)
    style.save(update_fields=fields)
