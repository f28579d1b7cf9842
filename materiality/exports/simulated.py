"""That answers are simulated, as a sentence for files of every kind."""

from django.utils.translation import ngettext


def simulated_sentence(simulated: int, answers: int) -> str:
    """`simulated` of `answers`, at least one."""
    text = ngettext(
        "%(simulated)d of %(answers)d answers is simulated: it shows how the method works and is not the view of "
        "any stakeholder.",
        "%(simulated)d of %(answers)d answers are simulated: they show how the method works and are not the view "
        "of any stakeholder.",
        simulated,
    )
    return text % {"simulated": simulated, "answers": answers}
