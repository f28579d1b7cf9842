"""Reads of an organisation's look."""

from dataclasses import dataclass

from accounts.models import Organisation
from materiality.models import HouseStyle


@dataclass(frozen=True)
class Look:
    """
    Parameters
    ----------
    colours : of tiers as #rrggbb, the highest first; those of Salient where there are none.
    docx, pptx : templates, as they were uploaded.
    """

    colours: tuple[str, ...] = ()
    docx: bytes | None = None
    pptx: bytes | None = None


@dataclass(frozen=True)
class Template:
    """An uploaded template, without its content: "docx" or "pptx", its name and its size in bytes."""

    kind: str
    name: str
    size: int


def look_of(organisation: Organisation) -> Look:
    style = HouseStyle.objects.filter(organisation=organisation).first()
    if style is None:
        return Look()
    return Look(
        tuple(style.tier_colours),
        bytes(style.docx_template) if style.docx_template else None,
        bytes(style.pptx_template) if style.pptx_template else None,
    )


def templates_of(organisation: Organisation) -> dict[str, Template]:
    """Those that the organisation has, by their kind."""
    style = HouseStyle.objects.filter(organisation=organisation).first()
    if style is None:
        return {}
    found = {"docx": (style.docx_template, style.docx_template_name)}
    found["pptx"] = (style.pptx_template, style.pptx_template_name)
    return {kind: Template(kind, name, len(content)) for kind, (content, name) in found.items() if content}
