"""Texts as office files can hold them: both kinds are XML."""

import re

from tables.names import tidy_lines

# All that XML 1.0 allows; halves of surrogate pairs and the two that are no characters are not among it.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """`text` without control, direction and forbidden characters; line breaks stay."""
    return tidy_lines(_FORBIDDEN.sub("", text))
