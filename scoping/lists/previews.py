"""Previews of uploads, kept for as long as somebody turns their pages.

To read a file of twenty thousand rows and to plan its import takes far longer than to show two hundred of them. Kept
in this process and nowhere else, since contacts are personal data.
"""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from django.utils.translation import get_language

from scoping.lists.pending import list_of
from scoping.lists.plan import Plan
from scoping.models import PendingImport

# All kept plans together; about as much memory as the largest upload takes while it is read.
MOST_LINES = 60_000

# An upload, the last line of the audit trail when its plan was made (whatever changes a list leaves a line there), and
# the language in which the plan speaks.
Key = tuple[str, int, str]


@dataclass(frozen=True)
class Preview:
    """How a file was read, the headers that nobody knows, and what it would change."""

    reading: str
    unknown: tuple[str, ...]
    plan: Plan


_kept: OrderedDict[Key, Preview] = OrderedDict()
_lock = Lock()


def preview_of(pending: PendingImport, *, anew: bool = False) -> Preview:
    """
    What the upload would change in the list as it is.

    Parameters
    ----------
    anew : whether to plan it again in any case. To carry a plan out, it is always made again.

    Raises
    ------
    SourceError
        The file cannot be read as this list.
    """
    events = pending.assessment.organisation.events.order_by("-pk")
    key = str(pending.pk), events.values_list("pk", flat=True).first() or 0, get_language() or ""
    with _lock:
        if key in _kept and not anew:
            _kept.move_to_end(key)
            return _kept[key]
    into = list_of(pending.assessment, pending.kind, pending.peer)
    file = into.read(pending.filename, bytes(pending.content))
    plan: Plan = into.plan(file)
    into.explain(plan)  # type: ignore[arg-type]
    made = Preview(file.reading, file.unknown, plan)
    with _lock:
        _kept[key] = made
        _kept.move_to_end(key)
        while len(_kept) > 1 and sum(len(one.plan.lines) for one in _kept.values()) > MOST_LINES:
            _kept.popitem(last=False)
    return made


def forget_preview(pending: PendingImport) -> None:
    with _lock:
        for key in [key for key in _kept if key[0] == str(pending.pk)]:
            del _kept[key]
