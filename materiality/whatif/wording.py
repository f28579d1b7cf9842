"""What a what-if says, in a sentence: which issues change tier, and how many their rank."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from materiality.findings import Part, in_words
from materiality.whatif.differences import Difference, Differences

# So many issues that change tier are named.
MOST_NAMED = 3


def finding(differences: Differences) -> list[Part]:
    """The difference in one sentence."""
    changes = sorted(differences.tier_changes, key=lambda issue: (not issue.rises, (issue.now and issue.now.rank) or 0))
    if changes:
        return _tier_changes(changes)
    moved = len(differences.rank_changes)
    if moved:
        told = ngettext(
            "No issue changes tier; %(number)s changes rank.",
            "No issue changes tier; %(number)s change rank.",
            moved,
        )
        return [Part(told % {"number": moved})]
    if any(issue.gained for issue in differences.issues):
        return [Part(_("Scores move a little; every issue keeps its rank and its tier."))]
    return [Part(_("Nothing changes: every issue keeps its rank and its tier."))]


def _tier_changes(changes: list[Difference]) -> list[Part]:
    number = len(changes)
    told = ngettext("%(number)s issue changes tier: ", "%(number)s issues change tier: ", number)
    parts = [Part(told % {"number": in_words(number)})]
    named = changes if number <= MOST_NAMED else changes[: MOST_NAMED - 1]
    for place, issue in enumerate(named):
        if place:
            parts.append(Part(pgettext("between issues that change tier", "; ")))
        parts += [Part(issue.name, is_name=True), Part(_where_to(issue))]
    if more := number - len(named):
        parts.append(Part(ngettext("; and %(number)s more", "; and %(number)s more", more) % {"number": more}))
    return [*parts, Part(pgettext("headline", "."))]


def _where_to(issue: Difference) -> str:
    if issue.now is None or issue.now.tier is None:
        return _(" has no tier any more")
    told = {"tier": issue.now.tier}
    if issue.rises:
        return _(" rises to %(tier)s") % told
    if issue.rises is None:
        return _(" is now in %(tier)s") % told
    return _(" falls to %(tier)s") % told
