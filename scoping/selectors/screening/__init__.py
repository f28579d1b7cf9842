"""How the screening stands: what the marks propose, who has marked, and what was decided."""

from scoping.selectors.screening.decisions import (
    applied_decision,
    current_decision,
    decision_before,
    decisions_of,
    kept_by,
    next_version,
    proposed_otherwise,
    since_decision,
    tier_fit,
)
from scoping.selectors.screening.marks import (
    GivenMark,
    Marker,
    MarkingPage,
    markers_of,
    marking_page,
    page_after,
    reasons_of,
    voices_of,
)
from scoping.selectors.screening.record import difference_of, record_of
from scoping.selectors.screening.table import table_page, table_rows
from scoping.selectors.screening.totals import (
    LONG_LIST,
    ScreenedIssue,
    Screening,
    criteria_of,
    criteria_with_marks,
    rule_of,
    screening_of,
)

__all__ = [
    "LONG_LIST",
    "GivenMark",
    "Marker",
    "MarkingPage",
    "ScreenedIssue",
    "Screening",
    "applied_decision",
    "criteria_of",
    "criteria_with_marks",
    "current_decision",
    "decision_before",
    "decisions_of",
    "difference_of",
    "kept_by",
    "markers_of",
    "marking_page",
    "next_version",
    "page_after",
    "proposed_otherwise",
    "reasons_of",
    "record_of",
    "rule_of",
    "screening_of",
    "since_decision",
    "table_page",
    "table_rows",
    "tier_fit",
    "voices_of",
]
