"""Where a plan's issues and groups belong in an assessment that exists. Reads the database, changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from scoping.models import Assessment, Side
from scoping.similarity import best_matches
from surveys.imports.detection import answers_in
from surveys.imports.draft import Draft
from surveys.imports.mapping import Scale
from surveys.imports.plan import ImportPlan, PlannedGroup, PlannedItem
from surveys.imports.problems import AnswerError
from surveys.imports.scales import is_no_answer
from surveys.imports.source import Table
from surveys.models import Questionnaire
from tables.names import key
from tables.problems import shorten


@dataclass(frozen=True)
class Named:
    """Something of the assessment that a file may mean by its name or its code."""

    pk: int
    code: str
    name: str


@dataclass(frozen=True)
class Placement:
    """For each issue of the plan its byte in an answer, for each group its row.

    Attributes
    ----------
    width : bytes of an answer, which is the number of issues asked.
    notices : what the person who imports should know.
    """

    positions: tuple[int, ...]
    groups: tuple[int, ...]
    width: int
    notices: tuple[str, ...]

    def packed(self, ratings: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """(respondents, items of the plan) in the order of the questionnaire: (respondents, width)."""
        placed = np.zeros((len(ratings), self.width), dtype=np.uint8)
        placed[:, list(self.positions)] = ratings
        return placed


def newest_questionnaire(assessment: Assessment) -> Questionnaire | None:
    """The questions that answers are to; None while the survey was not opened."""
    return Questionnaire.objects.filter(survey__assessment=assessment).order_by("-version").first()


def scale_of(assessment: Assessment) -> Scale | None:
    """The scale that the survey was opened with; None while it was not."""
    questionnaire = newest_questionnaire(assessment)
    return (questionnaire.scale_low, questionnaire.scale_high) if questionnaire else None


def known_issues(assessment: Assessment) -> list[Named]:
    """The frozen questions, or the issues as they would be frozen now."""
    questionnaire = newest_questionnaire(assessment)
    asked = questionnaire.items.order_by("position") if questionnaire else assessment.issues.asked()
    return [Named(pk, code, name) for pk, code, name in asked.values_list("pk", "code", "name")]


def known_groups(assessment: Assessment) -> list[Named]:
    return [Named(pk, code, name) for pk, code, name in assessment.groups.values_list("pk", "code", "name")]


def known_group_sides(assessment: Assessment) -> dict[str, str]:
    """The groups of the assessment by name, each with its side."""
    return dict(assessment.groups.values_list("name", "side"))


def missing_from(plan: ImportPlan, assessment: Assessment) -> tuple[list[PlannedItem], list[PlannedGroup]]:
    """The issues and groups of the plan that the assessment does not have."""
    issues, groups = known_issues(assessment), known_groups(assessment)
    return (
        [item for item in plan.items if _find(item.name, issues) is None],
        [group for group in plan.groups if _find(group.name, groups) is None],
    )


def fitted(draft: Draft, table: Table, assessment: Assessment) -> Draft:
    """The draft with the names of the assessment's issues and groups, where those of the file are much like them."""
    issues, groups = known_issues(assessment), known_groups(assessment)
    answers: dict[str, None] = {}
    if draft.group_column is not None:
        held = answers_in(table, [draft.group_column])[draft.group_column]
        answers = {text: None for text in held if not is_no_answer(text)}
    names = _likenesses(list(draft.items.values()), issues)
    group_names = _likenesses([draft.group_names.get(text, text) for text in answers], groups, once=False)
    scale = scale_of(assessment)
    return replace(
        draft.named_like(
            dict(zip(draft.items, names, strict=True)),
            {text: name for text, name in zip(answers, group_names, strict=True) if key(name) != key(text)},
        ),
        scale=scale or draft.scale,
        unstated=draft.unstated if draft.unstated and _find(draft.unstated, groups) else "",
    )


def _likenesses(names: Sequence[str], known: Sequence[Named], *, once: bool = True) -> list[str]:
    """For each name that of the known thing which it means; itself where none is like it. `once`: none twice."""
    found = [_find(name, known) for name in names]
    taken = {one.pk for one in found if one}
    left = [one for one in known if one.pk not in taken or not once]
    named = [one.name if one else name for one, name in zip(found, names, strict=True)]
    unknown = [at for at, one in enumerate(found) if one is None]
    for at, best in zip(unknown, best_matches([names[at] for at in unknown], [one.name for one in left]), strict=True):
        if best is not None and (left[best].pk not in taken or not once):
            taken.add(left[best].pk)
            named[at] = left[best].name
    return named


def place(plan: ImportPlan, assessment: Assessment) -> Placement:
    """Match the plan's names to the questions of the assessment.

    Raises AnswerError that lists every name without a counterpart: unless somebody says so, an import adds no issues
    or groups to an assessment whose scope is the working group's decision.
    """
    items = known_issues(assessment)
    rows = list(assessment.groups.all())
    groups = [Named(group.pk, group.code, group.name) for group in rows]
    found_items = [_find(item.name, items) for item in plan.items]
    found_groups = [_find(group.name, groups) for group in plan.groups]
    problems = [
        *_unknown([item.name for item in plan.items], found_items, items),
        *_unknown([group.name for group in plan.groups], found_groups, groups, are_groups=True),
        *_rated_twice([item.name for item in plan.items], found_items),
    ]
    if problems:
        raise AnswerError(
            _("%(file)s does not fit the assessment %(slug)s; nothing was imported.")
            % {"file": plan.file_name, "slug": assessment.slug}
            + "".join(f"\n  {problem}" for problem in problems)
            + "\n"
            + _("Change [items] name or the file's texts, or add what is missing to the scope while it is open.")
        )
    place_of = {item.pk: position for position, item in enumerate(items)}
    sides = {group.pk: group.side for group in rows}
    notices = _absent(items, found_items) + _other_sides(plan, found_groups, sides)
    return Placement(
        positions=tuple(place_of[item.pk] for item in found_items if item),
        groups=tuple(group.pk for group in found_groups if group),
        width=len(items),
        notices=tuple(notices),
    )


def _find(name: str, known: Sequence[Named]) -> Named | None:
    wanted = key(name)
    by_name = next((one for one in known if key(one.name) == wanted), None)
    return by_name or next((one for one in known if one.code == wanted), None)


def _unknown(
    names: Sequence[str], found: Sequence[Named | None], known: Sequence[Named], *, are_groups: bool = False
) -> list[str]:
    by_key = {key(one.name): one.name for one in known}
    problems = []
    for name, counterpart in zip(names, found, strict=True):
        if counterpart is None:
            near = get_close_matches(key(name), by_key, n=3, cutoff=0.5)
            listed = _(", ").join(f'"{shorten(by_key[one])}"' for one in near)
            hint = _("nearest: %(names)s") if near else _("nothing like it among %(n)d")
            unknown = _('unknown stakeholder group "%(name)s"') if are_groups else _('unknown issue "%(name)s"')
            said = unknown % {"name": shorten(name)}
            problems.append(f"{said} ({hint % {'names': listed, 'n': len(known)}})")
    return problems


def _rated_twice(names: Sequence[str], found: Sequence[Named | None]) -> list[str]:
    first: dict[int, str] = {}
    problems = []
    for name, item in zip(names, found, strict=True):
        if item and first.setdefault(item.pk, name) != name:
            told = {"first": first[item.pk], "second": name, "issue": shorten(item.name)}
            problems.append(_('"%(first)s" and "%(second)s" are both the issue "%(issue)s"') % told)
    return problems


def _absent(items: Sequence[Named], found: Sequence[Named | None]) -> list[str]:
    rated = {item.pk for item in found if item}
    absent = [f'"{shorten(item.name)}"' for item in items if item.pk not in rated]
    if not absent:
        return []
    return [_("Not in the file, so without an answer: %(issues)s.") % {"issues": _(", ").join(absent)}]


def _other_sides(plan: ImportPlan, found: Sequence[Named | None], sides: dict[int, str]) -> list[str]:
    """Where the mapping calls a group internal and the assessment does not. The assessment decides."""
    return [
        _('"%(group)s" is external in the assessment and stays so, though the mapping lists it as internal.')
        % {"group": group.name}
        for group, row in zip(plan.groups, found, strict=True)
        if row and group.internal and sides[row.pk] != Side.INTERNAL
    ]
