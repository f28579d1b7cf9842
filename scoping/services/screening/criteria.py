"""The criteria of the screening and the rule for the short list. They may change at any time: a decision keeps those by
which it was taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from scoping.models import HIGHEST_MARK, Assessment, Criterion, ShortListRule
from scoping.screening import in_decimals, most_possible
from scoping.services.scope import hold, note, same_name
from scoping.wording import noun
from tables.names import tidy

# More columns than this nobody marks with care.
MOST_CRITERIA = 10


@dataclass(frozen=True)
class CriterionPlan:
    """A criterion as wanted; `criterion` is the id of the one that it changes, None for a new one."""

    name: str
    description: str = ""
    must_have: bool = False
    criterion: int | None = None


# The four by which ATRenew's 2021 report screens its issues; what a high mark means is in our words.
DEFAULT_CRITERIA = (
    CriterionPlan(
        "Contribution to sustainable development",
        "Handling it well makes a real difference to people or to nature, beyond the company itself.",
    ),
    CriterionPlan(
        "General concern of stakeholders",
        "Several stakeholder groups bring it up themselves, or one group brings it up again and again.",
    ),
    CriterionPlan(
        "Highlighted in related ESG guidelines",
        "The standards, listing rules or ratings that the report follows ask about it by name.",
    ),
    CriterionPlan(
        "Need of the company’s strategic development",
        "The plans for the coming years depend on it, or could fail because of it.",
    ),
)


def add_criteria(assessment: Assessment, criteria: Sequence[CriterionPlan] = DEFAULT_CRITERIA) -> None:
    """Gives an assessment that has none its criteria: part of making one."""
    Criterion.objects.bulk_create(
        Criterion(
            assessment=assessment,
            name=plan.name,
            description=plan.description,
            must_have=plan.must_have,
            position=position,
        )
        for position, plan in enumerate(criteria)
    )


@transaction.atomic
def save_criteria(
    *,
    assessment: Assessment,
    criteria: Sequence[CriterionPlan],
    rule: str,
    threshold: Decimal,
    by: User | None = None,
) -> list[Criterion]:
    """
    Makes `criteria` those of the assessment, in this order, and sets the rule. One that `criteria` does not name was
    added meanwhile by somebody else: it stays, at the end.

    Raises
    ------
    ValidationError
        Of "rule" or "threshold": what no issue, or every issue, could meet. Without a field: too many criteria, a
        name twice or missing, a criterion that has gone.
    """
    held = hold(assessment)
    present = {criterion.pk: criterion for criterion in held.criteria.all()}
    saved = [_planned(held, present, plan) for plan in criteria]
    saved += [criterion for criterion in present.values() if criterion not in saved]
    for position, criterion in enumerate(saved):
        criterion.position = position
    _check_criteria(saved)
    _check_rule(rule, threshold, saved)
    # Names are unique, and two criteria may trade theirs: park them first, out of each other's way.
    for pk in present:
        Criterion.objects.filter(pk=pk).update(name=f"\x1f{pk}")
    for criterion in saved:
        criterion.save()
    held.short_list_rule, held.short_list_threshold = rule, threshold
    held.save(update_fields=["short_list_rule", "short_list_threshold"])
    by_rule = "every must-have at least" if rule == ShortListRule.MUST_HAVE else "a total of at least"
    names = ", ".join(criterion.name for criterion in saved)
    note(held, by, f"set the screening to {by_rule} {in_decimals(Fraction(threshold))} by {names}")
    return saved


@transaction.atomic
def remove_criterion(*, criterion: Criterion, marks_seen: int | None = None, by: User | None = None) -> int:
    """
    Removes a criterion with its marks, and returns how many that were.

    Raises
    ------
    ValidationError
        It is the only one, or the rule could not be met without it; or it has more marks than the `marks_seen` that
        the person agreed to lose.
    """
    held = hold(criterion.assessment)
    others = [other for other in held.criteria.all() if other.pk != criterion.pk]
    if not others:
        raise ValidationError(
            _("“%(criterion)s” is the only criterion. Add another one first, or rename it.")
            % {"criterion": criterion.name}
        )
    try:
        _check_rule(held.short_list_rule, held.short_list_threshold, others)
    except ValidationError as error:
        because = " ".join(error.messages)
        raise ValidationError(
            _("Without “%(criterion)s” the rule could not be met. %(because)s")
            % {"criterion": criterion.name, "because": because}
        ) from error
    marks = criterion.marks.count()
    if marks_seen is not None and marks > marks_seen:
        raise ValidationError(
            _(
                "“%(criterion)s” has %(marks)s marks by now, %(n)s more than when you looked. If they may go too, "
                "remove it again."
            )
            % {"criterion": criterion.name, "marks": marks, "n": marks - marks_seen}
        )
    criterion.delete()
    note(held, by, f"removed the criterion {criterion.name} with {marks} {noun(marks, 'mark')}")
    return marks


def _planned(assessment: Assessment, present: Mapping[int, Criterion], plan: CriterionPlan) -> Criterion:
    name = tidy(plan.name)
    if plan.criterion is not None and plan.criterion not in present:
        raise ValidationError(
            _("“%(name)s” was removed meanwhile, with its marks. Add it as a new one, or leave it out.")
            % {"name": name}
        )
    criterion = Criterion(assessment=assessment) if plan.criterion is None else present[plan.criterion]
    criterion.name, criterion.description, criterion.must_have = name, plan.description.strip(), plan.must_have
    return criterion


def _check_criteria(criteria: Sequence[Criterion]) -> None:
    if not 1 <= len(criteria) <= MOST_CRITERIA:
        message = (
            _("Screening takes 1 to %(most)s criteria, and these are %(n)s. Leave some out.")
            if criteria
            else _("Screening takes 1 to %(most)s criteria, and these are %(n)s. Name at least one.")
        )
        raise ValidationError(message % {"most": MOST_CRITERIA, "n": len(criteria)})
    for number, criterion in enumerate(criteria):
        if not criterion.name or len(criterion.name) > 200:
            raise ValidationError(_("Criterion %(n)s needs a name of at most 200 characters.") % {"n": number + 1})
        if any(same_name(criterion.name, other.name) for other in criteria[:number]):
            raise ValidationError(
                _("Two criteria are named “%(criterion)s”. Give one of them another name.")
                % {"criterion": criterion.name}
            )


def _check_rule(rule: str, threshold: Decimal, criteria: Sequence[Criterion]) -> None:
    if rule not in ShortListRule.values:
        raise ValidationError({"rule": _("Choose one of the two rules.")})
    must_have = rule == ShortListRule.MUST_HAVE
    if must_have and not any(criterion.must_have for criterion in criteria):
        message = _(
            "No criterion is a must-have, so this rule would have nothing to go by. Tick “must-have” at one "
            "criterion or more, or choose the total."
        )
        raise ValidationError({"rule": message})
    most = most_possible(criteria=len(criteria), must_have=must_have, highest_mark=HIGHEST_MARK)
    if not 0 <= threshold <= most:
        message = (
            _("A mean mark is at most %(most)s. Choose a threshold from 0 to %(most)s.")
            if must_have
            else ngettext(
                "A total over %(n)s criterion is at most %(most)s. Choose a threshold from 0 to %(most)s.",
                "A total over %(n)s criteria is at most %(most)s. Choose a threshold from 0 to %(most)s.",
                len(criteria),
            )
        )
        raise ValidationError({"threshold": message % {"most": most, "n": len(criteria)}})
    if threshold != round(threshold, 2):
        raise ValidationError({"threshold": _("Two decimals are enough, such as 7.5 or 2.25.")})
