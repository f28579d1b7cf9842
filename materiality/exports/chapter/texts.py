"""The sentences of the chapter that are not those of the method statement."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from materiality.exports.chapter.material import Material
from materiality.findings import percent
from materiality.review.decided import computed_tier, decision_of
from materiality.scoring.exact import exact
from materiality.telling import told_notes
from scoping.wording import dated, in_a_row, run_on

LONGEST_HEADER = 60  # characters that leave room for the warning


def header(material: Material) -> str:
    """On one line, beside the warning; the first page has the names in full."""
    name = material.name
    if material.company not in name:
        name = _("%(company)s: %(assessment)s") % {"company": material.company, "assessment": name}
    return f"{name[: LONGEST_HEADER - 1]}…" if len(name) > LONGEST_HEADER else name


def footer(material: Material) -> str:
    template = _("Made with Salient, result of %(day)s") if material.results else _("Made with Salient on %(day)s")
    return template % {"day": dated(material.made_on)}


def simulated_badge(material: Material) -> str:
    """For the header of each page; empty where every answer is real."""
    if not material.simulated:
        return ""
    if material.simulated >= material.answers:
        return _("Simulated answers")
    return _("%(simulated)s of %(answers)s answers simulated") % {
        "simulated": f"{material.simulated:,}",
        "answers": f"{material.answers:,}",
    }


def simulated_notice(material: Material) -> str:
    if material.simulated >= material.answers:
        text = ngettext(
            "The only answer behind this chapter is simulated. It shows how the method works and is not the view of "
            "any stakeholder.",
            "All %(answers)s answers behind this chapter are simulated. They show how the method works and are not "
            "the view of any stakeholder.",
            material.answers,
        )
    else:
        text = ngettext(
            "%(simulated)s of %(answers)s answers behind this chapter is simulated. It shows how the method works and "
            "is not the view of any stakeholder.",
            "%(simulated)s of %(answers)s answers behind this chapter are simulated. These show how the method works "
            "and are not the view of any stakeholder.",
            material.simulated,
        )
    return text % {"simulated": f"{material.simulated:,}", "answers": f"{material.answers:,}"}


def about_matrix(results: Mapping[str, Any], title: str) -> str:
    """What the picture shows, for those who do not see it."""
    tiers = in_a_row(f"{tier['name']} {tier['count']}" for tier in results["tiers"])
    return _(
        "%(title)s. To the right: importance to the company. Upwards: importance to stakeholders. "
        "Issues by tier: %(tiers)s. The lists and the table below hold every issue with its rank and scores."
    ) % {"title": title, "tiers": tiers}


def about_certainty(results: Mapping[str, Any], *, known: bool) -> str:
    method = results.get("method") or {}
    spread = method.get("contested_spread")
    parts = []
    if known:
        parts.append(
            _(
                "Had other people of the same groups answered, ranks and tiers could differ. The probability says how "
                "often an issue came into its tier when the answers were drawn again %(draws)s times, and the "
                "interval holds %(interval)s of its ranks."
            )
            % {"draws": f"{int(method.get('draws', 0)):,}", "interval": percent(float(method.get("interval", 0.9)))}
        )
    else:
        parts.append(_("There are too few answers to say how sure the places are."))
    if spread:
        parts.append(
            _("An issue is contested where the means of two groups lie at least %(spread)s points apart.")
            % {"spread": f"{float(exact(spread, 'The spread of a contested issue')):g}"}
        )
    return run_on(parts)


def decisions(results: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Every decision about a tier: the issue with both its tiers, and the reason."""
    told = []
    for issue in results["issues"]:
        decision = decision_of(issue)
        if decision is None:
            continue
        values = {
            "issue": issue["name"],
            "tier": decision["tier"],
            "computed": computed_tier(issue) or _("no tier"),
            "day": dated(date.fromisoformat(decision["on"])),
        }
        if decision["tier"] == decision["computed_tier"]:
            template = _("%(issue)s: %(tier)s, as computed; decided on %(day)s.")
        else:
            template = _("%(issue)s: %(tier)s; computed: %(computed)s; decided on %(day)s.")
        told.append((template % values, decision["reason"]))
    return told


def limits(material: Material) -> list[str]:
    """What a reader must know, the most important first."""
    found = [simulated_notice(material)] if material.simulated else []
    results = material.results
    if results is None:
        found.append(_("The list was not ranked: no survey was held in this assessment."))
    else:
        found += told_notes(results)
        low, high = results["scale"]
        found.append(
            _("Scores run from %(low)s to %(high)s and are shown with two decimals; ranks and tiers follow from exact "
              "fractions.")
            % {"low": f"{low:g}", "high": f"{high:g}"}
        )  # fmt: skip
        if smallest := results.get("minimum_group"):
            found.append(
                _("Results of fewer than %(number)s people are not shown, nor any from which they could be worked out.")
                % {"number": smallest}
            )
        found.append(
            _("Computed on %(day)s by version %(engine)s of the analysis; the same answers and the seed %(seed)s give "
              "the same result.")
            % {"day": dated(material.made_on), "engine": results["engine"], "seed": results["seed"]}
        )  # fmt: skip
    found.append(_("“–” stands where something is not known or does not apply; what is in brackets and shaded is still "
                   "to be written."))  # fmt: skip
    return found
