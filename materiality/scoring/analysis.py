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
from materiality.scoring.certainty import BOOTSTRAP_BELOW, Floats, assess
from materiality.scoring.exact import exact
from materiality.scoring.groups import GroupInput, check_groups
from materiality.scoring.method import Method, NaturalBreaks
from materiality.scoring.priority import PRIORITY_RULES, competition_ranks, priority_keys
from materiality.scoring.results import GroupResult, Interval, IssueResult, Note, Result
from materiality.scoring.tiers import assign_tiers, find_boundaries

__all__ = ["BOOTSTRAP_BELOW", "ENGINE", "GroupInput", "Method", "Result", "analyse"]

# Goes up when the same input gives another result.
ENGINE = "1.0"


def analyse(groups: Sequence[GroupInput], issue_count: int, method: Method) -> Result:
    """Axes, priority, ranks, tiers and their certainty.

    Parameters
    ----------
    groups : sequence of GroupInput
        At least one; those without answers drop out.
    issue_count : int
        Number of issues, the same as in every tally.
    method : Method

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
    scale = check_groups(groups, issue_count)
    method.check_input(issue_count, scale)
    company, stakeholders = weigh("internal", groups), weigh("external", groups)
    rule = PRIORITY_RULES[method.priority]
    keys = priority_keys(
        rule,
        company.values if company.present else None,
        stakeholders.values if stakeholders.present else None,
    )
    keys = keys or (None,) * issue_count
    ranks = competition_ranks(keys)
    axes = [axis.values for axis in (company, stakeholders) if axis.present]
    tiers = assign_tiers(method, keys, ranks, axes)
    priorities = tuple(None if key is None else rule.value_of(key) for key in keys)
    rated = [i for i, key in enumerate(keys) if key is not None]
    certainty = assess(groups, company, stakeholders, rated, method)
    tier_probability = _rows(certainty.tier_probability)
    rank_interval = certainty.rank_interval.tolist()
    intervals = zip(
        _pairs(certainty.company_interval),
        _pairs(certainty.stakeholders_interval),
        _pairs(certainty.priority_interval),
        strict=True,
    )
    means = tuple(group.means for group in groups)
    answers = np.array([group.tally.counts for group in groups])
    contested_from = exact(method.contested_spread, "")

    issues = tuple(
        IssueResult(
            company=company.values[i],
            stakeholders=stakeholders.values[i],
            priority=priorities[i],
            priority_key=keys[i],
            rank=ranks[i],
            tier=tiers[i],
            tier_probability=None if tiers[i] is None else tier_probability[i],
            rank_interval=(rank_interval[i][0], rank_interval[i][1]) if certainty.known[i] else None,
            company_interval=on_company,
            stakeholders_interval=on_stakeholders,
            priority_interval=on_priority,
            answers=int(answers[:, i].sum()),
            group_means=tuple(group[i] for group in means),
            group_answers=tuple(answers[:, i].tolist()),
            spread=spread,
            contested=spread is not None and spread >= contested_from,
        )
        for i, (spread, (on_company, on_stakeholders, on_priority)) in enumerate(
            zip(_widest_spreads(groups), intervals, strict=True)
        )
    )
    shares = (a + b for a, b in zip(company.group_shares, stakeholders.group_shares, strict=True))
    return Result(
        method=method,
        scale=scale,
        respondents=sum(group.tally.respondents for group in groups),
        groups=tuple(
            GroupResult(group.name, group.side, group.exact_weight, share, group.tally.respondents)
            for group, share in zip(groups, shares, strict=True)
        ),
        issues=issues,
        agreement=_least_agreement(groups),
        boundaries=find_boundaries(method, priorities, tiers, scale),
        notes=(*_group_notes(groups), *_axis_notes(groups, company, stakeholders), *_tier_notes(method, keys, tiers)),
    )


def _by_question(groups: Sequence[GroupInput]) -> list[Means]:
    """The group means, apart for each question that was asked."""
    questions = dict.fromkeys(group.question for group in groups)
    return [[group.means for group in groups if group.question == question] for question in questions]


def _widest_spreads(groups: Sequence[GroupInput]) -> list[Fraction | None]:
    """(issues,) The spread of each issue, of the question on which groups lie furthest apart."""
    found = zip(*(spreads(means) for means in _by_question(groups)), strict=True)
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
            notes.append(Note("group_without_answers", group=group.name, side=group.side))
            continue
        if not counts.all():
            issues = tuple(np.flatnonzero(counts == 0).tolist())
            notes.append(Note("issues_without_answers_in_group", group=group.name, side=group.side, issues=issues))
        if group.tally.respondents == 1:
            notes.append(Note("group_with_one_respondent", group=group.name, side=group.side))
        elif (counts == 1).any():
            issues = tuple(np.flatnonzero(counts == 1).tolist())
            notes.append(Note("issues_with_one_answer_in_group", group=group.name, side=group.side, issues=issues))
    return notes


def _axis_notes(groups: Sequence[GroupInput], company: Axis, stakeholders: Axis) -> list[Note]:
    notes = []
    for axis in (company, stakeholders):
        if not any(group.side == axis.side for group in groups):
            notes.append(Note("axis_without_groups", side=axis.side))
        elif not axis.present:
            notes.append(Note("axis_without_answers", side=axis.side))
    valued = [axis.values for axis in (company, stakeholders) if axis.present]
    unrated = tuple(i for i in range(len(company.values)) if all(values[i] is None for values in valued))
    if unrated:
        notes.append(Note("issues_without_answers", issues=unrated))
    for axis in (company, stakeholders):
        half = tuple(i for i, value in enumerate(axis.values) if value is None and i not in unrated)
        if axis.present and half:
            notes.append(Note("issues_without_axis", side=axis.side, issues=half))
    return notes


def _tier_notes(method: Method, keys: Sequence[Fraction | None], tiers: Sequence[int | None]) -> list[Note]:
    found = len({key for key in keys if key is not None})
    if found and isinstance(method.rule, NaturalBreaks) and all(tier is None for tier in tiers):
        return [Note("too_few_priorities", number=found)]
    return []
