"""What a public report says of its result in sentences, in the language of the page."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from materiality.boundary import boundary_cases
from materiality.findings import headline
from materiality.publishing.ranking import issues_told
from materiality.review.decided import moved_by_decision
from scoping.wording import capital, enumerated, isolated, spelled

# Names stand whole in a sentence: so many of them, if together they have no more characters than this.
LEADING = 3
MOST_NAMED = 3
LONGEST_NAMES = 150
# Of a period that is a year, the title of the page names it.
SHORT_PERIOD = 12


def joined(*sentences: str) -> str:
    """Sentences one after the other; Chinese ones need no blank between them."""
    blank = "" if (get_language() or "en").startswith("zh") else " "
    return blank.join(filter(None, sentences))


def named(issues: Sequence[Mapping[str, Any]], most: int = MOST_NAMED) -> str:
    """The names of the first that a sentence bears, and how many more there are; their number where it bears none."""
    names: list[str] = []
    left: list[str] = []
    for issue in issues:
        fits = len(names) < most and sum(map(len, names)) + len(issue["name"]) <= LONGEST_NAMES
        (names if fits else left).append(issue["name"])
    return enumerated([*names, *left], most=len(names)) if names else issues_told(len(issues))


def title_of(document: Mapping[str, Any]) -> str:
    told = {"company": isolated(document["company"]), "period": document["period"]}
    if len(document["period"]) <= SHORT_PERIOD:
        return _("What matters most at %(company)s in %(period)s") % told
    return _("What matters most at %(company)s") % told


def report_name(document: Mapping[str, Any]) -> str:
    return _("Materiality report %(period)s") % {"period": document["period"]}


def people_told(number: int) -> str:
    return ngettext("%(n)s person", "%(n)s people", number) % {"n": f"{number:,}"}


def answers_told(results: Mapping[str, Any]) -> str:
    """How many people answered, and how many of their answers are simulated."""
    people, simulated = people_told(results["respondents"]), results["simulated"]
    if not simulated:
        return people
    if simulated >= results["respondents"]:
        return _("%(people)s (all simulated)") % {"people": people}
    return _("%(people)s (%(n)s simulated)") % {"people": people, "n": f"{simulated:,}"}


def groups_told(number: int) -> str:
    return ngettext("%(n)s stakeholder group", "%(n)s stakeholder groups", number) % {"n": spelled(number)}


def heard_in(results: Mapping[str, Any]) -> set[str]:
    """Codes of the groups that answered, each once, whatever they speak on and with whom."""
    return {one["code"] for one in results["stakeholder_groups"] if not one["together"] and (one["n"] or one["few"])}


def asked_in(results: Mapping[str, Any]) -> set[str]:
    return {one["code"] for one in results["stakeholder_groups"] if not one["together"]}


def standfirst_of(document: Mapping[str, Any]) -> str:
    """What the result finds: who leads, how many are in the highest tier and how surely, and what is new there."""
    results = document["results"]
    if results is None:
        return joined(_of_list(document), _since_list(document))
    finding = "".join(part.text for part in headline(results))
    return joined(_leading(results), finding, _entered(document))


def description_of(document: Mapping[str, Any]) -> str:
    """One or two sentences for search engines and previews of links."""
    if document["results"] is None:
        return _of_list(document)
    return _leading(document["results"]) or "".join(part.text for part in headline(document["results"]))


def _of_list(document: Mapping[str, Any]) -> str:
    issues = document["list"]
    categories = len({issue["category"] for issue in issues} - {""})
    told = {"issues": issues_told(len(issues)), "company": isolated(document["company"])}
    if categories > 1:
        told["n"] = spelled(categories)
        return (
            _(
                "%(company)s has %(issues)s on its list, in %(n)s categories. No survey was held: the list is the "
                "result."
            )
            % told
        )
    return _("%(company)s has %(issues)s on its list. No survey was held: the list is the result.") % told


def _since_list(document: Mapping[str, Any]) -> str:
    since = document["since"]
    if not since:
        return ""
    fresh = [one for one in document["list"] if since["issues"].get(one["code"], {}).get("relation") == "new"]
    if not fresh:
        return ""
    return _("New since %(period)s: %(names)s.") % {"period": since["period"], "names": named(fresh)}


def _leading(results: Mapping[str, Any]) -> str:
    ranked = [issue for issue in results["issues"] if issue["rank"] is not None]
    if not ranked:
        return ""
    told = {
        "issues": issues_told(len(ranked)),
        "people": answers_told(results),
        "groups": groups_told(len(heard_in(results))),
    }
    top = _named_whole(_highest(results, ranked)[: LEADING if len(ranked) > LEADING + 1 else 1])
    if not top:
        text = ngettext(
            "%(issues)s was ranked, by the answers of %(people)s in %(groups)s.",
            "%(issues)s were ranked, by the answers of %(people)s in %(groups)s.",
            len(ranked),
        )
        return text % told
    if len(ranked) == 1:
        told["name"] = isolated(ranked[0]["name"])
        return _("%(name)s is the only issue, by the answers of %(people)s in %(groups)s.") % told
    told["names"] = enumerated([issue["name"] for issue in top])
    text = ngettext(
        "%(names)s leads a list of %(issues)s, by the answers of %(people)s in %(groups)s.",
        "%(names)s lead a list of %(issues)s, by the answers of %(people)s in %(groups)s.",
        len(top),
    )
    return capital(text % told)


def _named_whole(issues: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """The first of `issues` whose whole names a sentence bears; none where the first name alone is too long."""
    lengths = [len(issue["name"]) for issue in issues]
    return issues[: next(n for n in range(len(issues), -1, -1) if sum(lengths[:n]) <= LONGEST_NAMES)]


def _highest(results: Mapping[str, Any], ranked: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Of the ranked issues those in the highest tier that has some, as it was decided; without tiers, all."""
    tiers = ([issue for issue in ranked if issue["tier"] == tier["name"]] for tier in results["tiers"])
    return next(filter(None, tiers), ranked)


def _entered(document: Mapping[str, Any]) -> str:
    """What is in the highest tier and was not, where both years have as many tiers."""
    since, results = document["since"], document["results"]
    if not since or not since["same_tiers"] or not results["tiers"]:
        return ""
    highest = results["tiers"][0]["name"]
    entered = []
    for issue in results["issues"]:
        then = since["issues"].get(issue["code"])
        if issue["tier"] == highest and then and _all_lower(then["before"]):
            entered.append(issue)
    if not entered:
        return ""
    return _("New there since %(period)s: %(names)s.") % {"period": since["period"], "names": named(entered)}


def _all_lower(before: Sequence[Mapping[str, Any]]) -> bool:
    """Whether nothing that an issue continues stood in the highest tier; so it is with a new one."""
    return all(one["tier_number"] is not None and one["tier_number"] > 1 for one in before)


def reading_of(document: Mapping[str, Any], *, has_intervals: bool, is_matrix: bool, has_moved: bool) -> list[str]:
    """How to read the drawing, in paragraphs."""
    results = document["results"]
    if is_matrix:
        told = [
            _(
                "The further to the right, the more an issue matters to the company; the higher, the more it matters "
                "to its stakeholders. The numbers are ranks."
            )
        ]
    else:
        told = [_("The higher an issue stands, the more it matters. The numbers are ranks.")]
    if has_intervals:
        percent = f"{results['method'].get('interval', 0.9) * 100:.0f}\N{NARROW NO-BREAK SPACE}%"
        told.append(
            _(
                "The thin ellipse says how sure both scores are: it spans their %(percent)s intervals. Where ellipses "
                "overlap, the order could be the other way round."
            )
            % {"percent": percent}
            if is_matrix
            else _("The thin line says how sure a score is: it spans its %(percent)s interval.") % {"percent": percent}
        )
    if any(value is not None for value in results["boundaries"]["values"]):
        close = [str(case.issue["rank"]) for case in boundary_cases(dict(results))]
        lines = _("Dashed lines part the tiers.")
        if close:
            text = ngettext(
                "The tier of one issue is a close call: %(ranks)s.",
                "The tiers of %(n)s issues are close calls: %(ranks)s.",
                len(close),
            )
            lines = joined(lines, text % {"n": spelled(len(close)), "ranks": enumerated(close, most=12)})
        told.append(lines)
    moved = moved_by_decision(results)
    if moved:
        # The caption names them with the tiers that were computed, the ranking with the reasons as well.
        ranks = enumerated([str(issue["rank"]) for issue in moved if issue["rank"] is not None], most=12)
        text = ngettext(
            "One issue was put in another tier than its scores say, by decision: %(ranks)s. Its mark shows the tier "
            "decided, within a dashed ring.",
            "%(n)s issues were put in another tier than their scores say, by decision: %(ranks)s. Their marks show the "
            "tiers decided, within dashed rings.",
            len(moved),
        )
        told.append(text % {"n": capital(spelled(len(moved))), "ranks": ranks})
    if has_moved:
        told.append(_("Where marks would cover each other, one is moved aside; the dot is its score."))
    return told
