"""What a what-if changes about the current result: the method, the weights of groups, what is left out.

As a value, as an address that can be shared, and as JSON that is kept with a scenario. Knows no survey: whether the
groups and issues exist is seen when it is computed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from materiality.services import Choice

# Parameters of the address, beside the fields of a choice.
WEIGHT = "w-"
LEAVE_GROUP, LEAVE_ISSUE = "leave-group", "leave-issue"
# From which rule of weights the sliders started: after another one is chosen they start anew.
WEIGHED_BY = "weighed-by"
# Plain decimals and fractions; "1e999999" would be a number too, and keep a server busy for minutes.
_NUMBER = re.compile(r"\d{1,9}(\.\d{1,12})?|\d{1,30}/\d{1,30}")
_MOST_CUTS = 20


@dataclass(frozen=True)
class Adjustments:
    """
    Parameters
    ----------
    choice : the method, as on the page of the method.
    weights : by code of the group, not negative. Groups without one here keep the weight that the method gives them.
    left_out_groups, left_out_issues : codes.
    """

    choice: Choice = field(default_factory=Choice)
    weights: Mapping[str, Fraction] = field(default_factory=dict)
    left_out_groups: frozenset[str] = frozenset()
    left_out_issues: frozenset[str] = frozenset()

    @classmethod
    def from_query(cls, query: QueryDict, choice: Choice, shown: Mapping[str, Fraction] | None = None) -> "Adjustments":
        """What the parameters of an address say.

        Parameters
        ----------
        choice : of the assessment; what the address says nothing about stays so.
        shown : weights that sliders start from, as they show them. One that says the same was not moved.

        Raises
        ------
        ValidationError
            Naming the parameter that is not what it should be, such as a weight that is no number.
        """
        values: dict[str, Any] = {}
        for one in fields(Choice):
            if one.name in query:
                values[one.name] = _read(str(query[one.name]), getattr(choice, one.name))
        chosen = Choice(**{**{one.name: getattr(choice, one.name) for one in fields(Choice)}, **values})
        moved: dict[str, Fraction] = {}
        if query.get(WEIGHED_BY, chosen.weights) == chosen.weights:
            for name in query:
                if name.startswith(WEIGHT):
                    code = name.removeprefix(WEIGHT)
                    weight = _number(str(query[name]), _("The weight of “%(group)s”") % {"group": code})
                    if shown is None or shown.get(code) != weight:
                        moved[code] = weight
        return cls(chosen, moved, frozenset(query.getlist(LEAVE_GROUP)), frozenset(query.getlist(LEAVE_ISSUE)))

    def to_query(self, choice: Choice | None = None) -> str:
        """The address that says the same, without its "?".

        Parameters
        ----------
        choice : of the assessment; what is the same there is left out. None for an address that stays what it is
            when the method of the assessment changes.
        """
        parts: list[tuple[str, str]] = []
        for one in fields(Choice):
            value = getattr(self.choice, one.name)
            if choice is None or value != getattr(choice, one.name):
                parts.append((one.name, _written(value)))
        parts += [(WEIGHT + code, number_text(weight)) for code, weight in sorted(self.weights.items())]
        parts += [(LEAVE_GROUP, code) for code in sorted(self.left_out_groups)]
        parts += [(LEAVE_ISSUE, code) for code in sorted(self.left_out_issues)]
        return urlencode(parts)

    def to_dict(self) -> dict[str, Any]:
        """For JSON; `from_dict` reads it back equal."""
        return {
            "choice": self.choice.to_dict(),
            "weights": {code: number_text(weight) for code, weight in sorted(self.weights.items())},
            "left_out_groups": sorted(self.left_out_groups),
            "left_out_issues": sorted(self.left_out_issues),
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> "Adjustments":
        """What `to_dict` wrote. What it does not know of the choice is as usual.

        Raises
        ------
        ValidationError
            If a weight is not a number from 0 up.
        """
        return cls(
            Choice.from_dict(kept.get("choice", {})),
            {
                code: _number(weight, _("The weight of “%(group)s”") % {"group": code})
                for code, weight in kept.get("weights", {}).items()
            },
            frozenset(kept.get("left_out_groups", ())),
            frozenset(kept.get("left_out_issues", ())),
        )


def number_text(number: Fraction) -> str:
    """A number as it is written in an address: a decimal where that is exact, else a fraction."""
    rest = number.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest > 1:
        return f"{number.numerator}/{number.denominator}"
    text = format(Decimal(number.numerator) / Decimal(number.denominator), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number(text: str, what: str) -> Fraction:
    text = text.strip().replace(",", ".")
    try:
        if _NUMBER.fullmatch(text):
            return Fraction(text)
    except ZeroDivisionError:
        pass
    told = {"what": what, "value": text[:40]}
    raise ValidationError(_("%(what)s is “%(value)s”: give a number from 0 up, such as 1.5.") % told)


def _read(text: str, usual: object) -> object:
    """A field of the choice from its text."""
    if isinstance(usual, bool):
        return text == "yes"
    if not isinstance(usual, tuple):
        return text
    parts = _parts(text)
    if len(parts) > _MOST_CUTS:
        raise ValidationError(_("There are %(number)s cut-offs: give one fewer than tiers.") % {"number": len(parts)})
    for part in parts:
        _number(part, _("A cut-off"))
    return tuple(parts)


def _parts(text: str) -> list[str]:
    """Numbers parted by semicolons, with decimal points or commas; or by commas, with decimal points."""
    parts = text.replace(",", ".").split(";") if ";" in text else text.split(",")
    return [part.strip() for part in parts if part.strip()]


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(value) if isinstance(value, tuple) else str(value)
