"""Every file that can be asked for."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from materiality.files import reasons
from materiality.files.kind import EVERYTHING, GROUPS, Kind
from materiality.files.pack import write_pack
from materiality.files.singles import SINGLES

PACK = Kind(
    slug="report-pack",
    label=gettext_noop("Report pack (ZIP)"),
    group=EVERYTHING,
    about=gettext_noop("All figures, tables and documents of this page in folders, with a list of what is what."),
    extension="zip",
    write=write_pack,
    unavailable=reasons.not_ranked,
    takes=("width_mm", "dpi", "language", "answers", "proposal"),
)
_ALL = sorted((PACK, *SINGLES), key=lambda kind: list(GROUPS).index(kind.group))
KINDS: dict[str, Kind] = {kind.slug: kind for kind in _ALL}


def kind_named(slug: str) -> Kind:
    """Raises ValidationError with the known ones."""
    try:
        return KINDS[slug]
    except KeyError:
        raise ValidationError(
            {"kind": _("There is no file “%(kind)s”; there are %(known)s.") % {"kind": slug, "known": ", ".join(KINDS)}}
        ) from None
