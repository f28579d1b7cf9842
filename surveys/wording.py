"""What a survey asked and how it became scores, in the words of a method statement."""

from surveys.content import Content
from surveys.models import Anonymity, IssueQuestion


def task(content: Content) -> str:
    """What respondents were asked to do, after "was asked to"."""
    issues = len({item.code for item in content.items})
    number = "one issue" if issues == 1 else f"{issues} issues"
    if content.kind == IssueQuestion.TOP:
        return f"choose the most important ones of {number}, at most {content.choose}"
    if content.kind == IssueQuestion.RANKING:
        return f"put the {content.choose} most important of {number} in order"
    rate = f"rate {number} from {content.low} to {content.high}"
    return f"{rate}, once for the company and once for stakeholders" if content.both else rate


def scoring(content: Content) -> str:
    """How what they did became a score per issue: a sentence; empty for ratings, which are scores."""
    if content.kind == IssueQuestion.TOP:
        return "An issue scores 2 where it was chosen and 1 where not, so a mean of 1.3 says that 30 % chose it."
    if content.kind == IssueQuestion.RANKING:
        return (
            f"Of {len(content.items)} issues, place r scores 2 ({len(content.items)} - r) + 1, and issues without a "
            "place share the places that are left (a Borda count with midranks)."
        )
    return ""


def axes(content: Content) -> str:
    """Whose scores make up the two axes: a sentence."""
    scores = "ratings" if content.kind == IssueQuestion.RATING else "scores"
    if content.both:
        return f"Importance to the company and to stakeholders are weighted means of all groups’ {scores} of each."
    return (
        f"Importance to the company is the weighted mean of the internal groups’ {scores}, and importance to "
        "stakeholders is that of the external groups."
    )


def anonymity(content: Content, minimum_group: int) -> str:
    """How the survey treated people's answers: one or two sentences."""
    said = {
        Anonymity.ANONYMOUS: "The survey was anonymous: nothing connects an answer with a person.",
        Anonymity.CONFIDENTIAL: "The survey was confidential: nobody is shown whose an answer is.",
        Anonymity.IDENTIFIED: "The survey was identified: the working group sees whose an answer is.",
    }[Anonymity(content.anonymity)]
    return f"{said} Results of fewer than {minimum_group} people are not shown." if minimum_group > 1 else said
