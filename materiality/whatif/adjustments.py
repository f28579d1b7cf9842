"""What a what-if changes about the current result: the method, the weights of groups, what is left out.

As a value, as an address that can be shared, and as JSON that is kept with a scenario. Knows no survey: whether the
groups and issues exist is seen when it is computed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from materiality.choices import CHOICES
from materiality.services import Choice, refused_option
from materiality.typed import cuts_of, number_of

# Parameters of the address, beside the fields of a choice.
WEIGHT = "w-"
LEAVE_GROUP, LEAVE_ISSUE = "leave-group", "leave-issue"
# From which rule of weights the sliders started: after another one is chosen they start anew.
WEIGHED_BY = "weighed-by"


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
    def from_query(
        cls,
        query: QueryDict,
        choice: Choice,
        shown: Mapping[str, Fraction] | None = None,
        names: Mapping[str, str] | None = None,
    ) -> "Adjustments":
        """What the parameters of an address say.

        Parameters
        ----------
        choice : of the assessment; what the address says nothing about stays so.
        shown : weights that sliders start from, as they show them. One that says the same was not moved.
        names : of the groups by code, for messages.

        Raises
        ------
        ValidationError
            Naming the parameter that is not what it should be, such as a weight that is no number.
        """
        values: dict[str, Any] = {}
        for one in fields(Choice):
            if one.name in query:
                values[one.name] = _read(one.name, str(query[one.name]), getattr(choice, one.name))
        chosen = Choice(**{**{one.name: getattr(choice, one.name) for one in fields(Choice)}, **values})
        moved: dict[str, Fraction] = {}
        if query.get(WEIGHED_BY, chosen.weights) == chosen.weights:
            for name in query:
                if name.startswith(WEIGHT):
                    code = name.removeprefix(WEIGHT)
                    group = (names or {}).get(code, code)
                    weight = _weight(str(query[name]), group)
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
            {code: _weight(weight, code) for code, weight in kept.get("weights", {}).items()},
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


def _weight(text: str, group: str) -> Fraction:
    try:
        weight = number_of(text)
    except ValueError:
        weight = Fraction(-1)
    if weight >= 0:
        return weight
    told = {"what": _("The weight of “%(group)s”") % {"group": group}, "value": text.strip()[:40]}
    raise ValidationError(_("%(what)s is “%(value)s”: give a number from 0 up, such as 1.5.") % told)


def _read(name: str, text: str, usual: object) -> object:
    """A field of the choice from its text."""
    if isinstance(usual, bool):
        if text not in ("yes", "no"):
            raise refused_option(next(one for one in CHOICES if one.name == name), text)
        return text == "yes"
    return cuts_of(text) if isinstance(usual, tuple) else text


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(value) if isinstance(value, tuple) else str(value)
