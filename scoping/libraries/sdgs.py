"""The Sustainable Development Goals by their numbers, as issues name them."""

from scoping.libraries.catalogue import find_library

# Number of the goal -> its short name.
GOALS: dict[int, str] = {int(goal.code): goal.name for goal in find_library("sdg").entries}
