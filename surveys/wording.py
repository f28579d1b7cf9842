"""What a survey asked and how it became scores, in the words of a method statement and in the page's language."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoping.wording import run_on
from surveys.content import Content
from surveys.models import Anonymity, IssueQuestion


def task(content: Content) -> str:
    """What respondents were asked to do, after "was asked to"."""
    number = len({item.code for item in content.items})
    issues = _("one issue") if number == 1 else ngettext("%(n)d issue", "%(n)d issues", number) % {"n": number}
    if content.kind == IssueQuestion.TOP:
        told = _("choose the most important ones of %(issues)s, at most %(most)s")
        return told % {"issues": issues, "most": content.choose}
    if content.kind == IssueQuestion.RANKING:
        return _("put the %(most)s most important of %(issues)s in order") % {"issues": issues, "most": content.choose}
    if content.both:
        told = _("rate %(issues)s from %(low)s to %(high)s, once for the company and once for stakeholders")
    else:
        told = _("rate %(issues)s from %(low)s to %(high)s")
    return told % {"issues": issues, "low": content.low, "high": content.high}


def scoring(content: Content) -> str:
    """How what they did became a score per issue: a sentence; empty for ratings, which are scores."""
    return scoring_of(content.kind, len(content.items))


def scoring_of(kind: str, issues: int) -> str:
    """`scoring` of a survey that asked about so many issues in a way that is one of IssueQuestion."""
    if kind == IssueQuestion.TOP:
        return _("An issue scores 2 where it was chosen and 1 where not, so a mean of 1.3 says that 30 % chose it.")
    if kind == IssueQuestion.RANKING:
        told = _(
            "Of %(n)d issues, place r scores 2 (%(n)d - r) + 1, and issues without a place share the places that are "
            "left (a Borda count with midranks)."
        )
        return told % {"n": issues}
    return ""


def axes(content: Content) -> str:
    """Whose scores make up the two axes: a sentence."""
    rated = content.kind == IssueQuestion.RATING
    if content.both:
        if rated:
            return _("Importance to the company and to stakeholders are weighted means of all groups’ ratings of each.")
        return _("Importance to the company and to stakeholders are weighted means of all groups’ scores of each.")
    if rated:
        return _(
            "Importance to the company is the weighted mean of the internal groups’ ratings, and importance to "
            "stakeholders is that of the external groups."
        )
    return _(
        "Importance to the company is the weighted mean of the internal groups’ scores, and importance to "
        "stakeholders is that of the external groups."
    )


def anonymity(content: Content, minimum_group: int) -> str:
    """How the survey treated people's answers: one or two sentences."""
    told = {
        Anonymity.ANONYMOUS: _("The survey was anonymous: nothing connects an answer with a person."),
        Anonymity.CONFIDENTIAL: _("The survey was confidential: nobody is shown whose an answer is."),
        Anonymity.IDENTIFIED: _("The survey was identified: the working group sees whose an answer is."),
    }[Anonymity(content.anonymity)]
    hidden = _("Results of fewer than %(k)d people are not shown.") % {"k": minimum_group}
    return run_on([told, hidden]) if minimum_group > 1 else told
