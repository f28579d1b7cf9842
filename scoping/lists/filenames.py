"""What uploaded files are called: names that come from elsewhere, and are shown and recorded."""

import re
import unicodedata
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tables.names import JOINERS, tidy

LONGEST = 200
ENDING = 10  # of which, for what kind of file it is


class NameRefused(ValidationError):
    """A file has no name that can be kept."""


def file_name(name: str) -> str:
    """The name to keep of a file: the last part of a path, of at most 200 characters, with its ending.

    Raises
    ------
    NameRefused
        At the field `file`: it holds characters that are not seen or change the direction of writing (categories C of
        Unicode, but for those that words are spelt with), or nothing else.
    """
    last = re.split(r"[/\\]", name)[-1]
    hidden = {char for char in last if unicodedata.category(char).startswith("C") and char not in JOINERS}
    if hidden:
        raise NameRefused(
            {
                "file": _(
                    "The name of the file holds characters that are not seen or turn its direction (%(codes)s). Rename "
                    "the file and upload it again."
                )
                % {"codes": ", ".join(f"U+{ord(char):04X}" for char in sorted(hidden)[:5])}
            }
        )
    kept = tidy(last)
    if not kept.strip(f". {JOINERS}"):
        raise NameRefused({"file": _("The file has no name. Give it one and upload it again.")})
    return shortened(kept)


def shortened(name: str) -> str:
    """The name with its ending, in at most 200 characters."""
    ending = PurePath(name).suffix[:ENDING]
    return name if len(name) <= LONGEST else name[: LONGEST - len(ending)] + ending
