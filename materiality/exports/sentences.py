"""How names, values and lists stand beside each other, in the language of the file."""

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from scoping.wording import ended


def is_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def beside(name: str, *values: str) -> str:
    """ "name: value"; of several values, one after the other."""
    for value in values:
        name = _("%(name)s: %(value)s") % {"name": name, "value": value}
    return name


def in_brackets(name: str, more: str) -> str:
    """ "name (more)"; the name alone where there is no more."""
    return _("%(name)s (%(more)s)") % {"name": name, "more": more} if more else name


def full_stop(text: str) -> str:
    """`text` with a full stop at its end, unless it has an end of its own."""
    return text if ended(text) == text else pgettext("end of a sentence", "%(text)s.") % {"text": text}
