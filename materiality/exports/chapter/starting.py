"""An empty Word file about one result: what stands at the top and the foot of each page, and the warning."""

from django.utils.translation import gettext as _

from materiality.exports.chapter.material import Material
from materiality.exports.chapter.paper import Paper
from materiality.exports.chapter.texts import footer, header, simulated_badge


def start_paper(material: Material, *, title: str, template: bytes | None = None) -> Paper:
    """
    Raises
    ------
    ValueError
        If `template`, a Word file whose look is used instead of ours, cannot be.
    """
    return Paper(
        title=title,
        company=material.company,
        header=header(material),
        warning=simulated_badge(material),
        footer=footer(material),
        page=_("Page %(page)s of %(pages)s"),
        made_at=material.made_at,
        template=template,
    )
