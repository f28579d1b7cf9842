"""What the working group sees of a survey under way: who answers, how long it takes, where people stop, what looks odd.

Its cost does not depend on how many people answered: counts come from the tallies, and what needs a look at answers or
drafts was found by a job before (services/quality.py). What speaks of fewer than k people is withheld.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from scoping.models import Assessment, StakeholderGroup
from surveys.frozen import read_frozen
from surveys.models import (
    Exclusion,
    Item,
    QualityFlag,
    QualityReport,
    Response,
    Survey,
)
from surveys.precision import margin_of_error
from surveys.quality import RATINGS_NEEDED
from surveys.selectors import BothKinds, FoldedSurvey, GroupProgress, both_kinds, progress_by_group
from surveys.turnout import Turnout, people_in, turnout_by_group
from surveys.withholding import Span, Withheld, revealing, smallest_group, spans, told, told_here, withhold


# --- who answers ------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class GroupWatch:
    """One group's answers against those hoped for.

    Attributes
    ----------
    answers : all that were sent, those left out of the count too; without simulated ones that do not count any more.
    waiting : of these, those that no result is made of yet.
    invited : personal links that reached somebody, as far as is known; `heard` of these people have answered.
    population : people in the group, asked or not; None where nobody knows.
    margin : margin of error of a share at 95 %, 0 to 1; None below k.
    """

    group: StakeholderGroup
    answers: int
    waiting: int
    simulated: int
    invited: int
    heard: int
    target: int | None
    population: int | None
    margin: float | None
    steps: int

    @property
    def rate(self) -> float | None:
        """Share of the invited who have answered, in per cent."""
        return min(100 * self.heard / self.invited, 100.0) if self.invited else None

    @property
    def coverage(self) -> float | None:
        """Share of the people in the group who have answered, 0 to 100; None where their number is not known."""
        return min(100 * (self.answers - self.simulated) / self.population, 100.0) if self.population else None

    @property
    def is_over(self) -> bool:
        """Whether more answers stand for the group than it has people."""
        return self.population is not None and self.answers > self.population

    @property
    def filled(self) -> float | None:
        """How much of the target is reached, 0 to 100; None without one."""
        return min(100 * self.answers / self.target, 100.0) if self.target else None

    @property
    def points(self) -> float | None:
        """The margin in percentage points."""
        return None if self.margin is None else 100 * self.margin

    @property
    def margin_of_mean(self) -> float | None:
        """The most that the margin of a mean on the scale can be."""
        return None if self.margin is None else self.steps * self.margin


def groups_watched(survey: Survey) -> list[GroupWatch]:
    """Every group of the assessment in its order."""
    return _watched(survey, progress_by_group(survey))


def _watched(survey: Survey, progress_of: Sequence[GroupProgress]) -> list[GroupWatch]:
    questionnaire = survey.questionnaires.order_by("-version").first()
    steps = questionnaire.scale_high - questionnaire.scale_low if questionnaire else 0
    designs = {design.group_id: design for design in survey.designs.all()}
    turnouts = turnout_by_group(survey)
    k = smallest_group(survey)
    both = both_kinds(progress_of, k=k)
    left_out = _left_out_by_group(survey, simulated=both.stands_in if both else None)
    found = []
    for progress in progress_of:
        group, design = progress.group, designs.get(progress.group.pk)
        population = people_in(group, design)
        turnout = turnouts.get(group.pk, Turnout())
        found.append(
            GroupWatch(
                group=group,
                answers=progress.answers + left_out[group.pk],
                waiting=progress.not_counted,
                simulated=progress.simulated,
                invited=turnout.invited,
                heard=turnout.answered,
                target=design.target if design else None,
                population=population,
                margin=margin_of_error(progress.standing, population, k=k),
                steps=steps,
            )
        )
    return found


def _left_out_by_group(survey: Survey, *, simulated: bool | None) -> Counter[int]:
    """Answers left out of the count. They stay in what was sent: otherwise the difference would tell of few people."""
    ids = list(survey.exclusions.values_list("pk", flat=True))
    if not ids:
        return Counter()
    found = Response.objects.filter(exclusion__in=ids).order_by().values_list("group_id")
    if simulated is not None:
        found = found.filter(simulated=simulated)
    return Counter(dict(found.annotate(number=Count("pk"))))


# --- what a look at the answers found ---------------------------------------------------------------------
@dataclass(frozen=True)
class FlagWatch:
    """One quality flag. Numbers are in words that may be shown.

    Attributes
    ----------
    needs : where no answer of the questionnaire can have it, how many ratings it would have to ask for; else 0.
    cells : per group of `Findings.groups`, None = withheld.
    exclusion : what was left out for it, if anything; `since` says how many more have the flag now, empty for none.
    """

    flag: str
    label: str
    needs: int
    cells: tuple[int | None, ...]
    total: int | None
    exclusion: "LeftOut | None"
    since: str

    @property
    def found(self) -> bool:
        return self.total is None or self.total > 0


@dataclass(frozen=True)
class Bar:
    """A line of a small chart: what, how many people, and the length of its bar against the longest, 0 to 1."""

    label: str
    people: int
    share: float


@dataclass(frozen=True)
class Findings:
    """What the last look at the answers may say.

    Attributes
    ----------
    seen : counted answers at the time of the look.
    looked_at : answers that the flags are about; `held_back` more join when there are enough of them.
    timed : answers that the times are about.
    times_to_come : while no times may be told, though there are some: how many more it takes at least; else 0.
    quartiles : (25 %, median, 75 %) in seconds; None where too few times are known. Quarters of fewer than k people
        are not told, so the outer two may be missing alone.
    """

    at: datetime
    groups: list[StakeholderGroup]
    flags: list[FlagWatch]
    seen: int
    looked_at: int
    held_back: int
    timed: int
    times_to_come: int
    quartiles: tuple[float | None, float | None, float | None]
    times: list[Bar]
    drafts: int | None
    stops: list[Bar]

    @property
    def rows(self) -> list[tuple[StakeholderGroup, list[tuple[FlagWatch, int | None]]]]:
        """Each group with every flag and its number."""
        return [(group, [(flag, flag.cells[place]) for flag in self.flags]) for place, group in enumerate(self.groups)]

    @property
    def withholds(self) -> bool:
        return any(flag.total is None or None in flag.cells for flag in self.flags)

    @property
    def middle(self) -> str:
        median = self.quartiles[1]
        return "" if median is None else duration(median)

    @property
    def half(self) -> str:
        """Between which times the middle half of the answers lies."""
        lower, _median, upper = self.quartiles
        if lower is None or upper is None:
            return ""
        return _("%(shortest)s to %(longest)s") % {"shortest": duration(lower), "longest": duration(upper)}


def findings_of(survey: Survey, groups: Sequence[StakeholderGroup], items: Sequence[Item]) -> Findings | None:
    """What the last look found; None before the first one."""
    report = QualityReport.objects.filter(survey=survey).first()
    if report is None or not report.findings:
        return None
    found, k = report.findings, smallest_group(survey)
    looks = [found["groups"].get(str(group.pk), {}).get("shown") or {"answers": 0, "flags": {}} for group in groups]
    of = [look["answers"] for look in looks]
    exclusions = {one.flag: one for one in left_out_of(survey, words=told_here)}
    flags = []
    for flag, label in QualityFlag.choices:
        counts = [look["flags"].get(flag, 0) for look in looks]
        needs = RATINGS_NEEDED.get(flag, 0)
        needs = needs if len(items) < needs else 0
        shown = Withheld((0,) * len(counts), 0) if needs else withhold(counts, of, k)
        since = max(sum(counts) - found["left_out"].get(flag, 0), 0) if flag in exclusions else 0
        flags.append(
            FlagWatch(
                flag=flag,
                label=label,
                needs=needs,
                cells=shown.cells,
                total=shown.total,
                exclusion=exclusions.get(flag),
                since=told_here(since, k) if since else "",
            )
        )
    times = found["times"].get("shown") or {"answers": 0}
    drafts = found["drafts"].get("shown") or {"answers": 0, "stops": []}
    return Findings(
        at=report.at,
        groups=list(groups),
        flags=flags,
        seen=found["answers"],
        looked_at=sum(of),
        held_back=max(found["answers"] - sum(of), 0),
        timed=times["answers"],
        times_to_come=_times_to_come(found, k),
        quartiles=_quartiles(times, k),
        times=_time_bars(times, k),
        drafts=drafts["answers"] if drafts["answers"] >= k or not drafts["answers"] else None,
        stops=_stop_bars(drafts, items, k),
    )


def _quartiles(times: Mapping[str, Any], k: int) -> tuple[float | None, float | None, float | None]:
    people = times["answers"]
    if not people or people < 2 * k:
        return None, None, None
    lower, median, upper = times["quartiles"]
    return (lower, median, upper) if people >= 4 * k else (None, median, None)


def _times_to_come(found: Mapping[str, Any], k: int) -> int:
    """How many more times it takes at least until some are told (withholding.lagged); 0 where none is held back."""
    timed, following = found.get("timed", 0), found["times"].get("next")
    if not timed or found["times"].get("shown"):
        return 0
    return max((following["answers"] + k if following else 2 * k) - timed, 1)


def _time_bars(times: Mapping[str, Any], k: int) -> list[Bar]:
    if not times["answers"]:
        return []
    width, last = times["width"], len(times["histogram"]) - 1
    joined = spans(times["histogram"], k)
    while joined and joined[-1].people == 0:
        joined.pop()

    def label(span: Span) -> str:
        start, end = duration(span.first * width), duration((span.last + 1) * width)
        if span.last == last:
            return _("more than %(time)s") % {"time": start} if span.first else _("any")
        if not span.first:
            return _("up to %(time)s") % {"time": end}
        return _("%(shortest)s to %(longest)s") % {"shortest": start, "longest": end}

    return _bars([(label(span), span.people) for span in joined])


def _stop_bars(drafts: Mapping[str, Any], items: Sequence[Item], k: int) -> list[Bar]:
    """By question from the first to the last, joined where fewer than k stop; those without anybody are left out."""
    if not drafts["stops"] or len(drafts["stops"]) != len(items) + 1:
        return []

    def label(span: Span) -> str:
        if span.first == len(items):
            return _("Looked at every question, not sent")
        first = f"{span.first + 1}. {items[span.first].name}"
        if span.first == span.last:
            return first
        if span.last == len(items):
            return _("%(first)s to the end") % {"first": first}
        last = f"{span.last + 1}. {items[span.last].name}"
        return _("%(first)s to %(last)s") % {"first": first, "last": last}

    return _bars([(label(span), span.people) for span in spans(drafts["stops"], k) if span.people])


def _bars(lines: Sequence[tuple[str, int]]) -> list[Bar]:
    most = max((people for _, people in lines), default=0) or 1
    return [Bar(label, people, people / most) for label, people in lines]


def duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return _("%(seconds)d s") % {"seconds": rest}
    if not rest:
        return _("%(minutes)d min") % {"minutes": minutes}
    return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}


# --- questions left without a rating ----------------------------------------------------------------------
@dataclass(frozen=True)
class Skipped:
    """A question, and the share of the people asked who sent their answer without rating it; None = withheld."""

    number: int
    name: str
    asked: int
    share: float | None


def skipped_questions(survey: Survey, folded: FoldedSurvey) -> list[Skipped]:
    """Every question in its order, from what of the tallies may be shown."""
    frozen, k = read_frozen(folded.questionnaire), smallest_group(survey)
    asked: Counter[int] = Counter()
    rated: Counter[int] = Counter()
    for answers in folded.groups:
        tally = answers.tally
        for position in frozen.sheet(answers.group.pk).positions:
            asked[position] += tally.respondents
            rated[position] += int(tally.counts[position])
    return [
        Skipped(item.position + 1, _named(item), asked[item.position], _share(asked, rated, item.position, k))
        for item in folded.items
    ]


def _named(item: Item) -> str:
    if not item.dimension:
        return item.name
    dimension = _(item.get_dimension_display()).lower()
    return _("%(issue)s (%(dimension)s)") % {"issue": item.name, "dimension": dimension}


def _share(asked: Counter[int], rated: Counter[int], position: int, k: int) -> float | None:
    people, missing = asked[position], asked[position] - rated[position]
    return 100 * missing / people if people and not revealing(missing, people, k) else None


# --- what was left out ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class LeftOut:
    """Answers that do not count, as reports state it: `answers` in words that may be shown."""

    flag: str
    label: str
    reason: str
    answers: str
    who: str
    when: datetime


def left_out(assessment: Assessment) -> list[LeftOut]:
    """What the working group left out of the count of an assessment's survey, oldest first."""
    survey = Survey.objects.filter(assessment=assessment).first()
    return left_out_of(survey) if survey else []


def left_out_of(survey: Survey, *, words: Callable[[int, int], str] = told) -> list[LeftOut]:
    """By survey; `words` says a number of people so that it may be shown."""
    k = smallest_group(survey)
    # How many there are is counted: an answer that was changed or erased since is not among them.
    exclusions = Exclusion.objects.filter(survey=survey).annotate(number=Count("responses"))
    return [
        LeftOut(
            flag=one.flag,
            label=one.get_flag_display(),
            reason=one.reason,
            answers=words(one.number, k),
            who=str(one.excluded_by) if one.excluded_by else "",
            when=one.at,
        )
        for one in exclusions.select_related("excluded_by")
    ]


# --- the page ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Monitor:
    """Everything on the page that a look at the answers is not needed for."""

    groups: list[GroupWatch]
    k: int
    both: BothKinds | None

    @property
    def answers(self) -> int:
        return sum(group.answers for group in self.groups)

    @property
    def waiting(self) -> int:
        return sum(group.waiting for group in self.groups)

    @property
    def simulated(self) -> int:
        return sum(group.simulated for group in self.groups)

    @property
    def invited(self) -> int:
        return sum(group.invited for group in self.groups)

    @property
    def rate(self) -> float | None:
        return min(100 * sum(group.heard for group in self.groups) / self.invited, 100.0) if self.invited else None

    @property
    def heard(self) -> int:
        """Groups with answers."""
        return sum(group.answers > 0 for group in self.groups)

    @property
    def has_coverage(self) -> bool:
        return any(group.coverage for group in self.groups)

    @property
    def not_reached(self) -> list[StakeholderGroup]:
        return [group.group for group in self.groups if not group.answers]

    @property
    def names_not_reached(self) -> str:
        return pgettext("between names", ", ").join(group.name for group in self.not_reached)

    @property
    def over(self) -> list[GroupWatch]:
        """Groups with more answers than people."""
        return [one for one in self.groups if one.is_over]

    def outdates(self, findings: Findings | None) -> bool:
        """Whether answers were counted, erased or changed since the look, as far as their number tells."""
        return self.answers - self.waiting != (findings.seen if findings else 0)


def monitor_of(survey: Survey) -> Monitor:
    progress, k = progress_by_group(survey), smallest_group(survey)
    return Monitor(_watched(survey, progress), k, both_kinds(progress, k=k))
