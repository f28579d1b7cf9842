"""The results document: what a run keeps, `analyse --json` prints, and pages, figures and exports read.

Its sentences are in English; `materiality/telling.py` has them in the language of the page.

Fractions become floats here, each the double nearest to the exact number. Issues stand by rank.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from materiality import notes
from materiality.choices import departures, kept_choices
from materiality.minorities import agreement_in_groups, hidden_views
from materiality.models import AnalysisRun
from materiality.scoring.method import Method
from materiality.scoring.results import IssueResult, Note, Result
from materiality.scoring.settling import Settling
from materiality.scoring.tier_rules import AxisCutOffs, Counts, CutOffs, NaturalBreaks
from materiality.voices import AXES, Voice, issue_items
from scoping.models import PublishedResult
from scoping.wording import run_on
from surveys import wording
from surveys.content import Content
from surveys.models import IssueQuestion, Item
from surveys.monitor import left_out_of
from surveys.selectors import FoldedSurvey
from surveys.withholding import smallest_group

# An axis that stands on fewer ratings of an issue says nothing about how sure its place is: how a few people vary
# says little about how the next few would.
FEWEST_FOR_CERTAINTY = 5
# Which side of the register speaks for an axis.
SIDES = {axis: side.value for side, axis in AXES.items()}
PRIORITY_SENTENCES = {
    "mean": gettext_noop("Priority is the mean of both axes"),
    "distance": gettext_noop("Priority is the distance from zero on both axes, brought back to the rating scale"),
    "max": gettext_noop("Priority is the higher of both axes"),
    "min": gettext_noop("Priority is the lower of both axes"),
}


def build_results(
    *, run: AnalysisRun, survey: FoldedSurvey, voices: Sequence[Voice], method: Method, result: Result
) -> dict[str, Any]:
    """The document of `run`; everything in it is JSON, and nothing in it tells of fewer people than may be told."""
    assessment = run.assessment
    items = issue_items(survey)
    content = Content.from_json(survey.questionnaire.content)
    published = _published(items)
    k = survey.questionnaire.survey.minimum_group
    within = agreement_in_groups(voices, kind=content.kind, k=k)
    minorities = hidden_views(voices, result, kind=content.kind, k=k)
    return {
        "assessment": assessment.slug,
        "run": str(run.pk),
        "title": assessment.name,
        "company_name": assessment.company,
        "reporting_period": assessment.reporting_period,
        "respondents": run.respondents,
        "simulated": run.simulated_respondents,
        "scale": list(result.scale),
        "tiers": [{"name": name, "count": count} for name, count in zip(method.tiers, result.tier_counts, strict=True)],
        "stakeholder_groups": [
            {
                "code": voice.code,
                "name": group.name,
                "side": SIDES[voice.axis],
                "weight": float(group.weight),
                "share": float(group.share),
                "n": voice.told_number(group.respondents, k),
                "simulated": voice.told_number(voice.simulated, k),
                "together": [answers.group.code for answers in voice.groups] if voice.is_pool else [],
            }
            for voice, group in zip(voices, result.groups, strict=True)
        ],
        "issues": [
            _issue(items[position], position, voices, result, published)
            | {"minorities": minorities[position], "within": within[position]}
            for position in result.order
        ],
        "minimum_group": k,
        "question": content.kind,
        "agreement": {
            "kendall_w": _float(result.agreement.kendall_w),
            "groups": result.agreement.groups,
            "issues": result.agreement.issues,
            "p": result.agreement.p_value,
        },
        "method": method.to_dict(),
        "method_sentence": _method_in_english(content, method),
        "choices": kept_choices(method, rated=content.kind == IssueQuestion.RATING),
        "boundaries": {"rule": result.boundaries.rule, "values": list(result.boundaries.values)},
        "engine": run.engine,
        "seed": run.seed,
        **notes.in_english([*_protection(survey, voices), *_notes(items, voices, method, result, k)]),
        "computed_at": timezone.now().isoformat(timespec="seconds"),
    }


def _published(items: Sequence[Item]) -> dict[int, dict[str, Any]]:
    found = PublishedResult.objects.filter(issue__in=[item.issue_id for item in items]).select_related("tier")
    return {one.issue_id: {"tier": one.tier.name, "rank": one.rank} for one in found}


def _issue(
    item: Item, position: int, voices: Sequence[Voice], result: Result, published: dict[int, dict[str, Any]]
) -> dict[str, Any]:
    issue = result.issues[position]
    tiers, axes = result.method.tiers, result.method.axes
    says = _says_certainty(issue, result)
    chances = (says and issue.tier_probability) or ()
    groups = zip(voices, result.groups, issue.group_means, issue.group_answers, strict=True)
    return {
        "code": item.code,
        "name": item.name,
        "category": item.issue.category,
        **{axis: _float(value) for axis, value in zip(axes, issue.axes, strict=True)},
        "priority": issue.priority,
        "rank": issue.rank,
        "tier": None if issue.tier is None else tiers[issue.tier],
        "tier_probability": dict(zip(tiers, chances, strict=False)),
        "to_settle": _to_settle(issue.to_settle if says else None, tiers),
        "rank_interval": _list(issue.rank_interval if says else None),
        "priority_interval": _list(issue.priority_interval if says else None),
        **{
            f"{axis}_interval": _list(interval if says else None)
            for axis, interval in zip(axes, issue.axis_intervals, strict=True)
        },
        "spread": _float(issue.spread),
        "contested": issue.contested,
        "n": _people(voices, issue),
        "groups": {
            group.name: {"mean": None, "n": None, "hidden": True}
            if voice.hidden[position]
            else {"mean": _float(mean), "n": n}
            for voice, group, mean, n in groups
        },
        "published": published.get(item.issue_id),
    }


def _to_settle(settling: Settling | None, tiers: Sequence[str]) -> dict[str, Any] | None:
    return None if settling is None else {"answers": settling.answers, "tier": tiers[settling.tier]}


def _people(voices: Sequence[Voice], issue: IssueResult) -> int:
    """How many people's ratings of the issue count; who was asked for both importances is one person."""
    by_question: Counter[str] = Counter()
    for voice, answers in zip(voices, issue.group_answers, strict=True):
        by_question[voice.input.question] += answers
    return max(by_question.values(), default=0)


def _says_certainty(issue: IssueResult, result: Result) -> bool:
    """Whether each axis that counts stands on enough ratings of the issue."""
    ratings: dict[str, int] = {}
    for group, answers in zip(result.groups, issue.group_answers, strict=True):
        if group.share:
            ratings[group.axis] = ratings.get(group.axis, 0) + answers
    return min(ratings.values(), default=0) >= FEWEST_FOR_CERTAINTY


def _float(number: Fraction | None) -> float | None:
    return None if number is None else float(number)


def _list(interval: tuple[Any, Any] | None) -> list[Any] | None:
    return None if interval is None else list(interval)


def _method_in_english(content: Content, method: Method) -> str:
    with translation.override("en"):
        return run_on([wording.scoring(content), method_sentence(method)])


def method_sentence(method: Method) -> str:
    """The method in one sentence, and one more for each choice that is not the usual one, in the language of the page;
    also for files that travel alone."""
    told = {"priority": _(PRIORITY_SENTENCES[method.priority]), "tiers": tier_rule_phrase(method)}
    return run_on([_("%(priority)s; %(tiers)s.") % told, *departures(method)])


def tier_rule_phrase(method: Method) -> str:
    rule = method.rule
    if isinstance(rule, Counts):
        told = _("tiers by fixed counts, %(counts)s; ties share the higher tier")
        return told % {"counts": " / ".join(map(str, rule.counts))}
    if isinstance(rule, AxisCutOffs | CutOffs):
        if isinstance(rule, AxisCutOffs):
            told = _("tiers by cut-offs on both axes, %(cuts)s; exactly the cut-off is inside")
        else:
            told = _("tiers by cut-offs on priority, %(cuts)s; exactly the cut-off is inside")
        return told % {"cuts": " / ".join(f"{float(cut):g}" for cut in rule.exact_cuts)}
    if isinstance(rule, NaturalBreaks):
        return _("tiers by natural breaks (Fisher-Jenks): where the scores leave the widest gaps")
    return _("tiers by shares of the ranked list")


def _protection(survey: FoldedSurvey, voices: Sequence[Voice]) -> list[notes.Kept]:
    """What is left out of the result, and what of it is not shown so that nobody's answer can be worked out."""
    k = survey.questionnaire.survey.minimum_group
    found: list[notes.Kept] = []
    # Without the working group's own words: what is confirmed can be published, and those may name somebody.
    left_out = [[one.answers, one.flag] for one in left_out_of(survey.questionnaire.survey, words=_shown)]
    if left_out:
        found.append({"about": "left_out", "answers": left_out, "k": smallest_group(survey.questionnaire.survey)})
    pools = [notes.named(voice) for voice in voices if voice.is_pool]
    if pools:
        found.append({"about": "pooled", "groups": pools, "k": k})
    for axis in AXES.values():
        lost = [notes.named(voice) for voice in _lost(voices, axis)]
        if lost:
            others = any(voice.input.answered for voice in voices if voice.axis == axis)
            found.append({"about": "lost", "axis": axis, "groups": notes.some(lost, 6), "others": others, "k": k})
    return found


def _shown(count: int, k: int) -> str:
    """A number of people that may be told; empty where they are fewer than k."""
    return "" if 0 < count < k else f"{count:,}"


def _lost(voices: Sequence[Voice], axis: str) -> list[Voice]:
    """Groups of an axis with ratings of so few people that nothing of them counts."""
    covered = {code for voice in voices if voice.is_pool and voice.axis == axis for code in voice.code.split("+")}
    return [voice for voice in voices if voice.axis == axis and voice.hidden.any() and voice.code not in covered]


def _notes(items: Sequence[Item], voices: Sequence[Voice], method: Method, result: Result, k: int) -> list[notes.Kept]:
    """What a reader must know, most general first."""
    found: list[notes.Kept] = []
    protected = {voice.input.name for voice in voices if voice.hidden.any()}
    pools = {voice.input.name for voice in voices if voice.is_pool}
    by_name = {voice.input.name: notes.named(voice) for voice in voices}
    waits = {voice.input.name: voice.axis for voice in voices if any(answers.waits for answers in voice.groups)}
    absent = [
        note.group or ""
        for note in result.notes
        if note.kind == "group_without_answers" and note.group not in protected
    ]
    waiting, silent = [name for name in absent if name in waits], [name for name in absent if name not in waits]
    if waiting:
        groups = notes.some([by_name[name] for name in waiting], 12)
        found.append({"about": "groups_waiting", "groups": groups, "k": k})
    if silent:
        found.append({"about": "groups_without_answers", "groups": notes.some([by_name[name] for name in silent], 12)})
    unsure = [
        items[position].name
        for position in result.order
        if result.issues[position].tier is not None and not _says_certainty(result.issues[position], result)
    ]
    if unsure:
        issues = None if len(unsure) == sum(result.tier_counts) else notes.some(unsure)
        found.append({"about": "unknown_certainty", "issues": issues, "fewest": FEWEST_FOR_CERTAINTY})
    # Why an axis has no answers is said by what protects small groups, where that is the reason.
    others = [
        note
        for note in result.notes
        if note.kind != "group_without_answers"
        and note.group not in protected | pools
        and not (note.kind == "axis_without_answers" and note.axis and _lost(voices, note.axis))
    ]
    # Of a certainty it is spoken only where one is shown.
    certainty = any(_says_certainty(issue, result) for issue in result.issues)
    return [
        *found,
        *(
            {
                "about": "axis_waiting" if _axis_waits(note, waits) else note.kind,
                "group": by_name.get(note.group or ""),
                "axis": note.axis,
                "issues": notes.some([items[position].name for position in note.issues]),
                "certainty": certainty,
                "fewer_than": _fewer_than(note, voices, k),
                "found": note.number,
                "tiers": len(method.tiers),
            }
            for note in others
        ),
    ]


def _axis_waits(note: Note, waits: Mapping[str, str]) -> bool:
    """Whether an axis is unknown since what was answered on it is not shown yet; `waits` are axes by voices' names."""
    return note.kind == "axis_without_answers" and note.axis in waits.values()


def _fewer_than(note: Note, voices: Sequence[Voice], k: int) -> int:
    """k where people rated the note's issues, too few for it to count; 0 where nobody did."""
    issues = list(note.issues)
    return k if any(voice.hidden[issues].any() for voice in voices) else 0
