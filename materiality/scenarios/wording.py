"""What a scenario changed about the current result, and how far they agree, in words of the page."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.template.defaultfilters import floatformat
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from figures.heard import was_heard
from materiality.presentation import NARROW_SPACE
from materiality.scenarios.comparison import Agreement, Document

PRIORITIES = {
    "mean": gettext_lazy("Priority is the mean of both axes."),
    "distance": gettext_lazy("Priority is the distance from zero on both axes."),
    "max": gettext_lazy("Priority is the higher of both axes."),
    "min": gettext_lazy("Priority is the lower of both axes."),
}
WEIGHTS = {
    "given": gettext_lazy("Groups weigh what the register says."),
    "equal": gettext_lazy("All groups of an axis weigh the same."),
    "headcount": gettext_lazy("Groups weigh by their headcount."),
    "respondents": gettext_lazy("Groups weigh by how many answered."),
    "response_rate": gettext_lazy("Groups weigh by their response rate."),
    "power_interest": gettext_lazy("Groups weigh by power and interest."),
}
CANNOT_JUDGE = {
    "left_out": gettext_lazy("“Cannot judge” is left out of the means."),
    "lowest": gettext_lazy("“Cannot judge” counts as the lowest rating."),
    "middle": gettext_lazy("“Cannot judge” counts as the middle rating."),
}
LENIENCY = {
    "as_rated": gettext_lazy("Ratings of groups are compared as they are."),
    "centred": gettext_lazy("Groups are compared after each one’s own level is taken away."),
}
CHOICES = (("weights", WEIGHTS), ("priority", PRIORITIES), ("cannot_judge", CANNOT_JUDGE), ("leniency", LENIENCY))
USUAL = {"weights": "given", "cannot_judge": "left_out", "leniency": "as_rated", "finite_population": False}


def changes_in_words(kept: Mapping[str, Any], results: Document, current: Document | None) -> list[str]:
    """What is different from the current result, one sentence each; without one, what the scenario says of itself.

    Parameters
    ----------
    kept : the adjustments of the scenario (materiality/whatif/adjustments.py).
    results, current : documents of the scenario and of the current run.
    """
    told = method_changes(results, current)
    shares, before = shares_by_code(results), shares_by_code(current) if current else {}
    names = group_names(results) | (group_names(current) if current else {})
    for code in kept.get("weights", {}):
        if code in kept.get("left_out_groups", ()) or code not in shares:
            continue
        values = {"group": names[code], "share": percent(shares[code]), "before": percent(before.get(code, 0))}
        if not current or percent(before.get(code, 0)) == percent(shares[code]):
            told.append(_("%(group)s: %(share)s of the weight on its axis.") % values)
        else:
            told.append(_("%(group)s: %(share)s of the weight on its axis instead of %(before)s.") % values)
    left = [names.get(code, code) for code in kept.get("left_out_groups", ())]
    if left:
        told.append(ngettext("Without the group %(names)s.", "Without the groups %(names)s.", len(left)) % _names(left))
    issues = {issue["code"]: issue["name"] for issue in (current or {"issues": []})["issues"]}
    left = [issues.get(code, code) for code in kept.get("left_out_issues", ())]
    if left:
        told.append(ngettext("Without the issue %(names)s.", "Without the issues %(names)s.", len(left)) % _names(left))
    return told or [_("Nothing but the answers: its method and weights are those of the current result.")]


def method_changes(results: Document, current: Document | None) -> list[str]:
    """What of the method is another one than in the current result, one sentence each."""
    method, before = results["method"], current["method"] if current else {}
    told = []
    for name, sentences in CHOICES:
        value = method.get(name, USUAL.get(name))
        if value != before.get(name, USUAL.get(name)) and value in sentences:
            told.append(str(sentences[value]))
    if method.get("rule") and method["rule"] != before.get("rule"):
        told.append(_rule(method["rule"]))
    if method.get("finite_population", False) != before.get("finite_population", False):
        told.append(
            _("The spread allows for how many of a group answered.")
            if method.get("finite_population")
            else _("The spread does not allow for how many of a group answered.")
        )
    return told


def agreement_in_words(found: Agreement) -> list[str]:
    """Facts on how far a scenario agrees with the current result."""
    values = {"same": found.same, "of": found.of}
    told = [_("%(same)s of %(of)s issues in the same tier") % values] if found.of else []
    if found.tau is not None:
        told.append(_("Kendall’s τ-b %(tau)s") % {"tau": floatformat(found.tau, 2)})
    return told


def group_names(results: Document) -> dict[str, str]:
    """By code; of a group that speaks on both axes its name alone, without what it speaks on."""
    names: dict[str, str] = {}
    for group in _single(results):
        earlier, name = names.get(group["code"]), group["name"]
        names[group["code"]] = name if earlier is None else _common(earlier, name)
    return names


def shares_by_code(results: Document) -> dict[str, float]:
    """By code: the weight of a group in those of all groups on its axis that were heard, by themselves or with others.

    A result says how much each voice contributes; where few people are counted together, that is not a group's share.
    """
    groups = _single(results)
    pools = (group for group in results["stakeholder_groups"] if was_heard(group))
    together = {code for group in pools for code in group.get("together", ())}
    heard = {group["code"] for group in groups if was_heard(group)} | together
    shares = {}
    for group in groups:
        whole = sum(one["weight"] for one in groups if one["side"] == group["side"] and one["code"] in heard)
        if group["code"] in heard and whole:
            shares[group["code"]] = group["weight"] / whole
    return shares


def percent(share: float | Fraction, places: int = 1) -> str:
    """A share as text, with so many decimals where it is not a whole per cent."""
    value = round(float(share) * 100, places)
    return f"{floatformat(value, 0 if value == int(value) else places)}{NARROW_SPACE}%"


def _single(results: Document) -> Sequence[Mapping[str, Any]]:
    return [group for group in results["stakeholder_groups"] if not group.get("together")]


def _common(one: str, other: str) -> str:
    """What two names begin with: "Staff" of "Staff, on the company" and "Staff, on stakeholders"."""
    return one.rsplit(", on ", 1)[0] if one.rsplit(", on ", 1)[0] == other.rsplit(", on ", 1)[0] else one


def _rule(rule: Mapping[str, Any]) -> str:
    numbers = " / ".join(number_format(one) if isinstance(one, int | float) else one for one in _numbers(rule))
    sentences = {
        "counts": _("Tiers by fixed counts: %(numbers)s."),
        "cut_offs": _("Tiers by cut-offs on priority: %(numbers)s."),
        "axis_cut_offs": _("Tiers by cut-offs that both axes must reach: %(numbers)s."),
        "natural_breaks": _("Tiers by natural breaks."),
        "quantiles": _("Tiers by equal shares of the ranked list."),
    }
    return sentences[rule["kind"]] % {"numbers": numbers}


def _numbers(rule: Mapping[str, Any]) -> Sequence[Any]:
    return rule.get("counts") or rule.get("cuts") or ()


def _names(names: Sequence[str]) -> dict[str, str]:
    return {"names": _(", ").join(_("“%(name)s”") % {"name": name} for name in names)}
