"""The Sustainable Development Goals by their numbers, as issues name them."""

from django.utils.translation import gettext, gettext_noop

from scoping.libraries.catalogue import find_library

# Number of the goal -> its short name, in English; see `goal_name`.
GOALS: dict[int, str] = {int(goal.code): goal.name for goal in find_library("sdg").entries}
# The same names once more, so that they are found for translation.
MARKED = (
    gettext_noop("No Poverty"),
    gettext_noop("Zero Hunger"),
    gettext_noop("Good Health and Well-being"),
    gettext_noop("Quality Education"),
    gettext_noop("Gender Equality"),
    gettext_noop("Clean Water and Sanitation"),
    gettext_noop("Affordable and Clean Energy"),
    gettext_noop("Decent Work and Economic Growth"),
    gettext_noop("Industry, Innovation and Infrastructure"),
    gettext_noop("Reduced Inequalities"),
    gettext_noop("Sustainable Cities and Communities"),
    gettext_noop("Responsible Consumption and Production"),
    gettext_noop("Climate Action"),
    gettext_noop("Life Below Water"),
    gettext_noop("Life on Land"),
    gettext_noop("Peace, Justice and Strong Institutions"),
    gettext_noop("Partnerships for the Goals"),
)


def goal_name(number: int) -> str:
    """The short name of the goal in the language of the page."""
    return gettext(GOALS[number])
