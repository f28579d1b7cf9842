"""Which work exists: the kinds of jobs and who carries them out.

A kind is registered by the app that owns it, in its `AppConfig.ready`. This room calls handlers and never
imports them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext

if TYPE_CHECKING:
    from jobs.models import Job
    from jobs.runner import RunningJob

Handler = Callable[["RunningJob"], None]
PageOf = Callable[["Job"], str]
Sweeper = Callable[[], None]
Follower = Callable[["Job"], None]


class UnknownKind(LookupError):
    """No app has registered this kind of job."""


@dataclass(frozen=True)
class Kind:
    name: str
    handler: Handler
    title: str
    page: PageOf | None = None


_kinds: dict[str, Kind] = {}
_sweepers: list[Sweeper] = []
_followers: list[Follower] = []


def register(kind: str, handler: Handler, *, title: str, page: PageOf | None = None) -> None:
    """Make `kind` known.

    Parameters
    ----------
    kind : the owning app and a verb, such as "surveys.fold".
    handler : called with the RunningJob, in a worker. It may run again after a crash, so its results are
        written inside `run.completing()`.
    title : what a page calls the work, such as "Counting new answers"; marked by gettext_noop, translated when shown.
    page : gives the address where the job's outcome is shown; linked from the job.

    Raises
    ------
    ValueError
        If another handler is registered under that name.
    """
    known = _kinds.get(kind)
    if known is not None and known.handler is not handler:
        raise ValueError(f"The job kind {kind!r} is registered twice: by {known.handler} and by {handler}.")
    _kinds[kind] = Kind(name=kind, handler=handler, title=title, page=page)


def kind_named(name: str) -> Kind:
    try:
        return _kinds[name]
    except KeyError:
        known = ", ".join(sorted(_kinds)) or "none"
        raise UnknownKind(
            f"No app registers jobs of the kind {name!r} (known: {known}). "
            "Register it in the AppConfig.ready of the app that owns it, or restart workers that run older code."
        ) from None


def title_of(name: str) -> str:
    """The title of a kind; its bare name where the app that owned it is gone."""
    kind = _kinds.get(name)
    return gettext(kind.title) if kind else name


def page_of(job: Job) -> str:
    kind = _kinds.get(job.kind)
    return kind.page(job) if kind and kind.page else ""


def register_sweeper(sweeper: Sweeper) -> None:
    """Have `sweeper` called at every sweep, to enqueue work that no row asks for any more."""
    if sweeper not in _sweepers:
        _sweepers.append(sweeper)


def sweepers() -> tuple[Sweeper, ...]:
    return tuple(_sweepers)


def register_follower(follower: Follower) -> None:
    """Have `follower` called after each run of a job, whatever came of it, for what follows from it."""
    if follower not in _followers:
        _followers.append(follower)


def followers() -> tuple[Follower, ...]:
    return tuple(_followers)
