"""One analysis from beginning to end: groups with their tallies in, the result out.

This is the face of the engine; the other modules are its steps, each to be read alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from materiality.scoring.agreement import Agreement, Means, agreement, spreads
from materiality.scoring.axes import Axis, weigh
from materiality.scoring.certainty import assess
from materiality.scoring.draws import repeat
from materiality.scoring.exact import exact
from materiality.scoring.groups import GroupInput, check_groups
from materiality.scoring.handling import centred_spreads
from materiality.scoring.method import Method
from materiality.scoring.priority import PRIORITY_RULES, competition_ranks, priority_keys
from materiality.scoring.results import GroupResult, Interval, IssueResult, Note, NoteKind, Result
from materiality.scoring.settling import settle
from materiality.scoring.spread import Floats, tells_spread
from materiality.scoring.tier_rules import NaturalBreaks
from materiality.scoring.tiers import assign_tiers, find_boundaries

__all__ = ["ENGINE", "GroupInput", "Method", "Result", "analyse"]

# Goes up when the same input gives another result.
ENGINE = "2.0"


def analyse(groups: Sequence[GroupInput], issue_count: int, method: Method, *, settling: bool = True) -> Result:
    """Axes, priority, ranks, tiers and their certainty.

    Parameters
    ----------
    groups : sequence of GroupInput
        At least one; those without answers drop out.
    issue_count : int
        Number of issues, the same as in every tally.
    method : Method
    settling : bool
        Whether it is worked out what would settle tiers: it takes as long again as a part of the draws.

    Returns
    -------
    Result
        A function of its input alone: the same groups, method and seed give the same result, whatever the
        order of the respondents.

    Raises
    ------
    ValueError
        If groups and method do not fit together, naming the value.
    """
    scale = check_groups(groups, issue_count, method.axes)
    method.check_input(issue_count, scale)
    axes = [weigh(name, groups) for name in method.axes]
    rule = PRIORITY_RULES[method.priority]
    present = [axis.values for axis in axes if axis.present]
    keys = priority_keys(rule, present) or (None,) * issue_count
    ranks = competition_ranks(keys)
    tiers = assign_tiers(method, keys, ranks, present)
    priorities = tuple(None if key is None else rule.value_of(key) for key in keys)
    rated = [i for i, key in enumerate(keys) if key is not None]
    surveys = repeat(axes, groups, rated, method)
    certainty = assess(surveys, issue_count, scale, method)
    in_doubt = surveys if settling else None
    to_settle = settle(in_doubt, axes, groups, tiers, certainty.tier_probability, method)
    tier_probability = _rows(certainty.tier_probability)
    rank_interval = certainty.rank_interval.tolist()
    axis_intervals = [_pairs(intervals) for intervals in certainty.axis_intervals]
    priority_intervals = _pairs(certainty.priority_interval)
    means = tuple(group.means for group in groups)
    answers = np.array([group.answers for group in groups])
    contested_from = exact(method.contested_spread, "")

    issues = tuple(
        IssueResult(
            axes=tuple(axis.values[i] for axis in axes),
            priority=priorities[i],
            priority_key=keys[i],
            rank=ranks[i],
            tier=tiers[i],
            tier_probability=None if tiers[i] is None else tier_probability[i],
            rank_interval=(rank_interval[i][0], rank_interval[i][1]) if certainty.known[i] else None,
            axis_intervals=tuple(intervals[i] for intervals in axis_intervals),
            priority_interval=priority_intervals[i],
            to_settle=to_settle[i],
            answers=int(answers[:, i].sum()),
            group_means=tuple(group[i] for group in means),
            group_answers=tuple(answers[:, i].tolist()),
            spread=spread,
            contested=spread is not None and spread >= contested_from,
        )
        for i, spread in enumerate(_widest_spreads(groups, method))
    )
    # A group speaks for one axis, so on the others its share is 0.
    shares = (sum(parts, Fraction()) for parts in zip(*(axis.group_shares for axis in axes), strict=True))
    return Result(
        method=method,
        scale=scale,
        respondents=sum(group.tally.respondents for group in groups),
        groups=tuple(
            GroupResult(group.name, group.axis, group.exact_weight, share, group.tally.respondents)
            for group, share in zip(groups, shares, strict=True)
        ),
        issues=issues,
        agreement=_least_agreement(groups),
        boundaries=find_boundaries(method, priorities, tiers, scale),
        notes=(*_group_notes(groups), *_axis_notes(groups, axes), *_tier_notes(method, keys, tiers)),
    )


def _by_question(groups: Sequence[GroupInput]) -> list[Means]:
    """The group means, apart for each question that was asked."""
    questions = dict.fromkeys(group.question for group in groups)
    return [[group.means for group in groups if group.question == question] for question in questions]


def _widest_spreads(groups: Sequence[GroupInput], method: Method) -> list[Fraction | None]:
    """(issues,) The spread of each issue, of the question on which groups lie furthest apart."""
    apart = centred_spreads if method.leniency == "centred" else spreads
    found = zip(*(apart(means) for means in _by_question(groups)), strict=True)
    return [max((spread for spread in column if spread is not None), default=None) for column in found]


def _least_agreement(groups: Sequence[GroupInput]) -> Agreement:
    """Kendall's W of the question on which groups agree least."""
    found = [agreement(means) for means in _by_question(groups)]
    known = [one for one in found if one.kendall_w is not None]
    return min(known, key=lambda one: one.kendall_w or Fraction(), default=found[0])


def _rows(array: Floats) -> list[tuple[float, ...] | None]:
    """Rows as tuples, None where a row is not known."""
    return [None if math.isnan(sum(row)) else tuple(row) for row in array.tolist()]


def _pairs(array: Floats) -> list[Interval | None]:
    return [None if row is None else (row[0], row[1]) for row in _rows(array)]


def _group_notes(groups: Sequence[GroupInput]) -> list[Note]:
    notes = []
    for group in groups:
        counts = group.tally.counts
        if not group.answered:
            notes.append(Note("group_without_answers", group=group.name, axis=group.axis))
            continue
        if not counts.all():
            issues = tuple(np.flatnonzero(counts == 0).tolist())
            notes.append(Note("issues_without_answers_in_group", group=group.name, axis=group.axis, issues=issues))
        if group.tally.respondents == 1:
            counting = [other for other in groups if other.axis == group.axis and other.exact_weight]
            borrowed = any(tells_spread(other.tally) for other in counting)
            kind: NoteKind = "group_with_borrowed_spread" if borrowed else "group_with_one_respondent"
            notes.append(Note(kind, group=group.name, axis=group.axis))
        elif (counts == 1).any():
            issues = tuple(np.flatnonzero(counts == 1).tolist())
            notes.append(Note("issues_with_one_answer_in_group", group=group.name, axis=group.axis, issues=issues))
    return notes


def _axis_notes(groups: Sequence[GroupInput], axes: Sequence[Axis]) -> list[Note]:
    notes = []
    for axis in axes:
        if not any(group.axis == axis.name for group in groups):
            notes.append(Note("axis_without_groups", axis=axis.name))
        elif not axis.present:
            notes.append(Note("axis_without_answers", axis=axis.name))
    valued = [axis.values for axis in axes if axis.present]
    unrated = tuple(i for i in range(len(axes[0].values)) if all(values[i] is None for values in valued))
    if unrated:
        notes.append(Note("issues_without_answers", issues=unrated))
    for axis in axes:
        half = tuple(i for i, value in enumerate(axis.values) if value is None and i not in unrated)
        if axis.present and half:
            notes.append(Note("issues_without_axis", axis=axis.name, issues=half))
    return notes


def _tier_notes(method: Method, keys: Sequence[Fraction | None], tiers: Sequence[int | None]) -> list[Note]:
    found = len({key for key in keys if key is not None})
    if found and isinstance(method.rule, NaturalBreaks) and all(tier is None for tier in tiers):
        return [Note("too_few_priorities", number=found)]
    return []
