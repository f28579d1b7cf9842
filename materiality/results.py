"""The results document: what a run keeps, `analyse --json` prints, and pages, figures and exports read.

Fractions become floats here, each the double nearest to the exact number. Issues stand by rank.
"""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django.utils import timezone

from materiality.choices import departures, kept_choices
from materiality.minorities import agreement_in_groups, hidden_views
from materiality.models import AnalysisRun
from materiality.scoring.method import Method
from materiality.scoring.results import IssueResult, Note, Result
from materiality.scoring.settling import Settling
from materiality.scoring.tier_rules import AxisCutOffs, Counts, CutOffs, NaturalBreaks
from materiality.voices import AXES, Voice, issue_items
from scoping.models import PublishedResult
from surveys import wording
from surveys.content import Content
from surveys.models import IssueQuestion, Item
from surveys.monitor import left_out_of
from surveys.selectors import FoldedSurvey

# An axis that stands on fewer ratings of an issue says nothing about how sure its place is: how a few people vary
# says little about how the next few would.
FEWEST_FOR_CERTAINTY = 5
# Which side of the register speaks for an axis, and how the axis is called in a sentence.
SIDES = {axis: side.value for side, axis in AXES.items()}
AXIS_NAMES = {"company": "the company", "stakeholders": "stakeholders"}
PRIORITY_SENTENCES = {
    "mean": "Priority is the mean of both axes",
    "distance": "Priority is the distance from zero on both axes, brought back to the rating scale",
    "max": "Priority is the higher of both axes",
    "min": "Priority is the lower of both axes",
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
                "n": group.respondents,
                "simulated": voice.simulated,
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
        "method_sentence": " ".join(filter(None, [wording.scoring(content), method_sentence(method)])),
        "choices": kept_choices(method, rated=content.kind == IssueQuestion.RATING),
        "boundaries": {"rule": result.boundaries.rule, "values": list(result.boundaries.values)},
        "engine": run.engine,
        "seed": run.seed,
        "notes": [*protection_notes(survey, voices), *_notes(items, voices, method, result, k)],
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


def method_sentence(method: Method) -> str:
    """The method in one sentence, and one more for each choice that is not the usual one; also for files that travel
    alone."""
    return " ".join([f"{PRIORITY_SENTENCES[method.priority]}; {tier_rule_phrase(method)}.", *departures(method)])


def tier_rule_phrase(method: Method) -> str:
    rule = method.rule
    if isinstance(rule, Counts):
        return f"tiers by fixed counts, {' / '.join(map(str, rule.counts))}; ties share the higher tier"
    if isinstance(rule, AxisCutOffs | CutOffs):
        cuts = " / ".join(f"{float(cut):g}" for cut in rule.exact_cuts)
        where = "both axes" if isinstance(rule, AxisCutOffs) else "priority"
        return f"tiers by cut-offs on {where}, {cuts}; exactly the cut-off is inside"
    if isinstance(rule, NaturalBreaks):
        return "tiers by natural breaks (Fisher-Jenks): where the scores leave the widest gaps"
    return "tiers by shares of the ranked list"


def protection_notes(survey: FoldedSurvey, voices: Sequence[Voice]) -> list[str]:
    """What is left out of the result, and what of it is not shown so that nobody's answer can be worked out."""
    k = survey.questionnaire.survey.minimum_group
    notes = []
    left_out = left_out_of(survey.questionnaire.survey)
    if left_out:
        # Without the working group's own words: what is confirmed can be published, and those may name somebody.
        told = "; ".join(f"{one.answers} ({one.label})" for one in left_out)
        notes.append(f"Left out of the count by the working group: {told}.")
    pools = [voice.input.name for voice in voices if voice.is_pool]
    if pools:
        notes.append(
            f"Where fewer than {k} people of a group rated an issue, they are counted and shown with another group: "
            f"{'; '.join(pools)}. By themselves their ratings could be worked out."
        )
    for axis, named in AXIS_NAMES.items():
        lost = _lost(voices, axis)
        if lost:
            alone = any(voice.input.answered for voice in voices if voice.axis == axis)
            which, so = ("some issues", "") if alone else ("the issues", f", so importance to {named} is not known")
            notes.append(
                f"Fewer than {k} people of {_names(lost, most=6)} rated {which}, and there is no other group to count "
                f"them with: these ratings do not count{so}."
            )
    return notes


def _lost(voices: Sequence[Voice], axis: str) -> list[str]:
    """Groups of an axis with ratings of so few people that nothing of them counts."""
    covered = {code for voice in voices if voice.is_pool and voice.axis == axis for code in voice.code.split("+")}
    return [
        voice.input.name for voice in voices if voice.axis == axis and voice.hidden.any() and voice.code not in covered
    ]


def _notes(items: Sequence[Item], voices: Sequence[Voice], method: Method, result: Result, k: int) -> list[str]:
    """What a reader must know, most general first."""
    notes = []
    protected = {voice.input.name for voice in voices if voice.hidden.any()}
    pools = {voice.input.name for voice in voices if voice.is_pool}
    silent = [
        note.group or ""
        for note in result.notes
        if note.kind == "group_without_answers" and note.group not in protected
    ]
    if silent:
        they = "It drops" if len(silent) == 1 else "They drop"
        notes.append(f"No answers from {_names(silent, most=12)}. {they} out, and the other weights are rescaled.")
    unsure = [
        items[position].name
        for position in result.order
        if result.issues[position].tier is not None and not _says_certainty(result.issues[position], result)
    ]
    if unsure:
        which = "any issue" if len(unsure) == sum(result.tier_counts) else _names(unsure)
        notes.append(
            f"Too few answers to say how sure the place of {which} is: "
            f"fewer than {FEWEST_FOR_CERTAINTY} ratings on an axis."
        )
    # Why an axis has no answers is said by what protects small groups, where that is the reason.
    others = [
        note
        for note in result.notes
        if note.kind != "group_without_answers"
        and note.group not in protected | pools
        and not (note.kind == "axis_without_answers" and note.axis and _lost(voices, note.axis))
    ]
    shown = any(_says_certainty(issue, result) for issue in result.issues)
    return [
        *notes,
        *(
            note_sentence(note, items, method, certainty_shown=shown, nobody=_nobody(note, voices, k))
            for note in others
        ),
    ]


def _nobody(note: Note, voices: Sequence[Voice], k: int) -> str:
    """Who rated the note's issues, where none of it counts: nobody, or too few to tell."""
    issues = list(note.issues)
    return f"Fewer than {k} people" if any(voice.hidden[issues].any() for voice in voices) else "Nobody"


def note_sentence(
    note: Note, items: Sequence[Item], method: Method, *, certainty_shown: bool, nobody: str = "Nobody"
) -> str:
    """
    A note of the engine, but that on groups without answers, as a sentence that says what it means; of a certainty
    it speaks only where one is shown.
    """
    fixed = "its ratings are taken as fixed, and the certainty shown is too high."
    issues = _names([items[position].name for position in note.issues])
    axis = AXIS_NAMES.get(note.axis or "", "")
    other = next((name for name in AXIS_NAMES.values() if name != axis), "")
    kind = SIDES.get(note.axis or "", "")
    sentences = {
        "group_with_one_respondent": f"{note.group} has one respondent, so nothing is known of the spread within it"
        + (f": {fixed}" if certainty_shown else "."),
        "group_with_borrowed_spread": f"{note.group} has one respondent"
        + (
            f": how far that may be off is taken from the other groups that speak for importance to {axis}."
            if certainty_shown
            else "."
        ),
        "issues_without_answers_in_group": f"Nobody in {note.group} rated {issues}. There the group drops out.",
        "issues_with_one_answer_in_group": f"Only one person in {note.group} rated {issues}: how far that may be off "
        "is taken from the group's other issues.",
        "axis_without_groups": f"No {kind} group is registered, so importance to {axis} is not known. "
        f"Priority is importance to {other} alone.",
        "axis_without_answers": f"No {kind} group with a weight has answered, so importance to {axis} is not known. "
        f"Priority is importance to {other} alone.",
        "issues_without_answers": f"{nobody} rated {issues}: no rank and no tier.",
        "issues_without_axis": f"{nobody} on the side of {axis} rated {issues}: no rank and no tier.",
        "too_few_priorities": f"Natural breaks need {len(method.tiers)} different scores and found {note.number}: "
        "no tiers. Choose fixed counts or cut-offs.",
    }
    return sentences[note.kind]


def _names(names: Sequence[str], most: int = 4) -> str:
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
