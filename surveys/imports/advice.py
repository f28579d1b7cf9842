"""What to do about a file that is not as it should be, in the words of where it is read: MAP.toml or a page."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy


@dataclass(frozen=True)
class Advice:
    """
    Attributes
    ----------
    unstated : to keep those who did not say who they are.
    internal : where no group speaks for the company.
    unread : where answers cannot be read as ratings.
    """

    unstated: str | Promise
    internal: str | Promise
    unread: str | Promise


IN_MAPPING = Advice(
    unstated=gettext_lazy("to keep them give [group] unstated a name"),
    internal=gettext_lazy("name groups under [group] internal"),
    unread=gettext_lazy("Add what is missing under [ratings] labels or no_answer in MAP.toml."),
)
ON_PAGE = Advice(
    unstated=gettext_lazy("to keep them press Change the columns and name the group of those who did not say"),
    internal=gettext_lazy("press Change the columns and choose the side Internal for the groups that do"),
    unread=gettext_lazy("Press Change the columns and choose for each of them the rating that it is, or No answer."),
)
