"""Numbers that people type into forms and addresses, read exactly, and none that would keep the server busy."""

import re
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Plain decimals and fractions; "1e999999" would be a number too, and take minutes to work out.
_NUMBER = re.compile(r"-?((?=\.?\d)\d{0,9}(\.\d{0,12})?|\d{1,30}/\d{1,30})")
# There are at most 100 tiers.
_MOST_CUTS = 99


def number_of(text: str) -> Fraction:
    """A decimal, with a point or a comma, or a fraction such as 10/3.

    Raises
    ------
    ValueError
        If it is neither, or longer than anybody types: more than 9 digits before the point or 12 after it.
    """
    text = text.strip().replace(",", ".")
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is not a number.")
    try:
        return Fraction(text)
    except ZeroDivisionError as error:
        raise ValueError(f"{text!r} is not a number.") from error


def cuts_of(text: str) -> tuple[str, ...]:
    """Cut-offs parted by semicolons, with decimal points or commas; or by commas, with decimal points.

    Returns
    -------
    tuple of str
        As typed, with decimal points. Whether they fit the tiers and the scale is for the method to say.

    Raises
    ------
    ValidationError
        Naming the one that is not a number, or if there are far too many.
    """
    parts = text.replace(",", ".").split(";") if ";" in text else text.split(",")
    cuts = tuple(part.strip() for part in parts if part.strip())
    if len(cuts) > _MOST_CUTS:
        raise ValidationError(_("There are %(number)s cut-offs: give one fewer than tiers.") % {"number": len(cuts)})
    for cut in cuts:
        try:
            number_of(cut)
        except ValueError as error:
            wrong = _("%(cut)s is not a number. Write cut-offs such as 4; 3.2.") % {"cut": repr(cut[:40])}
            raise ValidationError(wrong) from error
    return cuts
