"""From the long list to the short list: criteria and rule, marks, and decisions."""

from scoping.services.screening.criteria import (
    DEFAULT_CRITERIA,
    MOST_CRITERIA,
    CriterionPlan,
    add_criteria,
    remove_criterion,
    save_criteria,
)
from scoping.services.screening.decisions import FEWEST_ISSUES, Overrule, decide_short_list, undo_decision
from scoping.services.screening.marks import LONGEST_REASON, NewMark, save_marks

__all__ = [
    "DEFAULT_CRITERIA",
    "FEWEST_ISSUES",
    "LONGEST_REASON",
    "MOST_CRITERIA",
    "CriterionPlan",
    "NewMark",
    "Overrule",
    "add_criteria",
    "decide_short_list",
    "remove_criterion",
    "save_criteria",
    "save_marks",
    "undo_decision",
]
