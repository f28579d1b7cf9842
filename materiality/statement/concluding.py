"""Sentences on the survey, its result and who confirmed it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from materiality.facts import ConfirmationRecord, Facts, GroupAnswered, SurveyRecord
from materiality.models import ProposalState
from materiality.statement.finding import MOST_GROUPS, of_groups
from scoping.wording import capital, dated, enumerated, run_on, spelled


# --- the survey -------------------------------------------------------------------------------------------
def asking(facts: Facts) -> list[str]:
    """How the issues were asked about, and who answered."""
    if facts.with_survey:
        return _survey(facts.survey) if facts.survey else [_("No survey has been held in this assessment yet.")]
    listed, categories = facts.scope.listed, facts.scope.categories
    if not listed:
        return []
    issues = ngettext("%(number)s issue", "%(number)s issues", listed) % {"number": spelled(listed)}
    if categories:
        within = ngettext("%(number)s category", "%(number)s categories", categories)
        told = _("%(issues)s in %(categories)s")
        issues = told % {"issues": issues, "categories": within % {"number": spelled(categories)}}
    return [_("No survey was held: the list is the result. It holds %(issues)s.") % {"issues": issues}]


def _survey(survey: SurveyRecord) -> list[str]:
    asked = _("Each stakeholder group was asked to %(task)s.") % {"task": survey.task}
    sentences = [run_on([_when(survey), asked])]
    sentences += [told for told in (survey.scoring, survey.protection) if told]
    if not survey.answers:
        return [*sentences, _("Nobody has answered yet.")]
    told = ngettext(
        "%(number)s answer came in from %(groups)s: %(heard)s.",
        "%(number)s answers came in from %(groups)s: %(heard)s.",
        survey.answers,
    )
    heard = enumerated([_answered(group, survey.fewest) for group in survey.heard], most=MOST_GROUPS)
    groups = of_groups(len(survey.heard), len(survey.groups))
    sentences.append(told % {"number": capital(spelled(survey.answers)), "groups": groups, "heard": heard})
    if survey.simulated:
        sentences.append(_simulated(survey.simulated, survey.answers))
    if survey.left_out:
        left_out = enumerated(survey.left_out, most=MOST_GROUPS)
        sentences.append(_("Left out of the count, with the reason: %(answers)s.") % {"answers": left_out})
    if survey.silent:
        silent = enumerated([group.name for group in survey.silent], most=MOST_GROUPS)
        sentences.append(_("No answer came from %(groups)s.") % {"groups": silent})
    return sentences


def _when(survey: SurveyRecord) -> str:
    opened, closed = dated(survey.opened_on), survey.closed_on
    if closed is None:
        return _("A survey was opened on %(day)s and is still open.") % {"day": opened}
    if closed == survey.opened_on:
        return _("A survey was opened on %(day)s and closed the same day.") % {"day": opened}
    return _("A survey ran from %(opened)s to %(closed)s.") % {"opened": opened, "closed": dated(closed)}


def _answered(group: GroupAnswered, fewest: int) -> str:
    if group.answers < fewest:
        return _("%(group)s fewer than %(fewest)s") % {"group": group.name, "fewest": fewest}
    return _("%(group)s %(answers)s") % {"group": group.name, "answers": f"{group.answers:,}"}


def _simulated(simulated: int, of: int) -> str:
    if simulated == of == 1:
        return _("The only answer is simulated: it shows how the method works and is not the view of any stakeholder.")
    if simulated == of:
        return _("All of them are simulated: they show how the method works and are not the view of any stakeholder.")
    told = ngettext(
        "%(number)s of them is simulated: these show how the method works and are not the view of any stakeholder.",
        "%(number)s of them are simulated: these show how the method works and are not the view of any stakeholder.",
        simulated,
    )
    return told % {"number": f"{simulated:,}"}


# --- the result -------------------------------------------------------------------------------------------
def computing(facts: Facts) -> list[str]:
    """How the answers became tiers."""
    run = facts.run
    if run is None:
        return []
    told = ngettext(
        "The analysis of %(day)s, of %(number)s answer, sorts the issues into tiers: %(tiers)s.",
        "The analysis of %(day)s, of %(number)s answers, sorts the issues into tiers: %(tiers)s.",
        run.respondents,
    )
    tiers = _tiers(run.computed or run.tiers)
    sentences = [
        run_on([facts.survey.axes if facts.survey else "", run.method]),
        told % {"day": dated(run.computed_on), "number": spelled(run.respondents), "tiers": tiers},
    ]
    if run.moved:
        told = ngettext(
            "By decision of the working group %(number)s issue stands in another tier than computed, with the reason "
            "recorded, which makes %(tiers)s.",
            "By decision of the working group %(number)s issues stand in another tier than computed, with the reason "
            "recorded, which makes %(tiers)s.",
            run.moved,
        )
        sentences.append(told % {"number": spelled(run.moved), "tiers": _tiers(run.tiers)})
    later = facts.survey.answers - run.respondents if facts.survey else 0
    if later > 0:
        told = ngettext("%(number)s later answer is not in it.", "%(number)s later answers are not in it.", later)
        sentences.append(told % {"number": capital(spelled(later))})
    return sentences


def publishing(facts: Facts) -> list[str]:
    """What the company's own report says of tiers: for cases that were loaded from one."""
    total = sum(count for _name, count in facts.scope.published)
    if not total:
        return []
    tiers = _tiers(facts.scope.published)
    if total < facts.scope.listed:
        told = _("According to the report, the tiers of %(total)d of %(of)d issues are published: %(tiers)s.")
        return [told % {"total": total, "of": facts.scope.listed, "tiers": tiers}]
    told = ngettext(
        "According to the report, the %(number)s issue stands in this tier: %(tiers)s.",
        "According to the report, the %(number)s issues stand in these tiers: %(tiers)s.",
        total,
    )
    return [told % {"number": spelled(total), "tiers": tiers}]


def _tiers(tiers: Iterable[tuple[str, int]]) -> str:
    return enumerated([_("%(count)d in “%(tier)s”") % {"count": count, "tier": name} for name, count in tiers])


# --- confirmation -----------------------------------------------------------------------------------------
def confirmation(facts: Facts) -> list[str]:
    """Who confirmed the result, and when. Bodies are named, people are not: a report speaks for the company. Where
    nothing was proposed here, what is recorded of it are notes."""
    record = facts.confirmation
    if record is None:
        return [] if facts.scope.is_confirmed else [_("Confirmation of the result: not recorded.")]
    proposed = {"proposed": _proposed(record)}
    if record.confirmed_on is None:
        if record.state == ProposalState.RETURNED:
            told = _("%(proposed)s. It is returned to the working group: confirmation is not recorded.")
        else:
            told = _("%(proposed)s. It is not decided yet: confirmation is not recorded.")
        return [told % proposed]
    signed = ngettext(
        "%(number)s person with the right to confirm signed, with password or passkey.",
        "%(number)s people with the right to confirm signed, with password or passkey.",
        len(record.signers),
    )
    sentences = [
        _("%(proposed)s, and confirmed on %(day)s.") % (proposed | {"day": dated(record.confirmed_on)}),
        signed % {"number": capital(spelled(len(record.signers)))},
    ]
    if record.state == ProposalState.VOID and record.ended_on:
        told = _("This confirmation is void since %(day)s: the result has changed since.")
        sentences.append(told % {"day": dated(record.ended_on)})
    elif facts.run and facts.run.moved:
        told = ngettext(
            "What was confirmed includes the %(number)s issue in another tier than computed.",
            "What was confirmed includes the %(number)s issues in another tier than computed.",
            facts.run.moved,
        )
        sentences.append(told % {"number": spelled(facts.run.moved)})
    return sentences


def _proposed(record: ConfirmationRecord) -> str:
    on = dated(record.proposed_on)
    if record.meeting_on is None:
        return _("The result was put before %(body)s on %(day)s") % {"body": record.body, "day": on}
    told = _("The result was put before %(body)s on %(day)s for its meeting of %(meeting)s")
    return told % {"body": record.body, "day": on, "meeting": dated(record.meeting_on)}
