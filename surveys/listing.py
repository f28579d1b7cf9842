"""Lists of names in the sentences of pages, in the page's language. Records write English (scoping/wording.py)."""

from collections.abc import Sequence

from django.utils.translation import gettext as _


def listed(names: Sequence[str], *, most: int | None = None) -> str:
    """ "a", "a and b", "a, b and c"; beyond `most` names the rest is a number."""
    if most is not None and len(names) > most:
        return _("%(names)s and %(n)d more") % {"names": _(", ").join(names[:most]), "n": len(names) - most}
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": _(", ").join(names[:-1]), "last": names[-1]}


def quoted(name: str) -> str:
    return _("“%(name)s”") % {"name": name}
