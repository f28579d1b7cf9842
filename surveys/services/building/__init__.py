"""Designing a survey until it is opened: how issues are judged, their order, the texts, who is asked what."""

from surveys.services.building.anonymity import LONGEST_RETENTION, set_anonymity
from surveys.services.building.base import FROZEN, LONGEST_TEXT
from surveys.services.building.groups import OwnIssue, save_group_design
from surveys.services.building.issues import move_issue, order_as_listed, place_issues
from surveys.services.building.judging import LONGEST_LABEL, set_judging
from surveys.services.building.profile import (
    MOST_OPTIONS,
    MOST_QUESTIONS,
    move_question,
    remove_question,
    save_question,
)
from surveys.services.building.texts import set_texts

__all__ = [
    "FROZEN",
    "LONGEST_LABEL",
    "LONGEST_RETENTION",
    "LONGEST_TEXT",
    "MOST_OPTIONS",
    "MOST_QUESTIONS",
    "OwnIssue",
    "move_issue",
    "move_question",
    "order_as_listed",
    "place_issues",
    "remove_question",
    "save_group_design",
    "save_question",
    "set_anonymity",
    "set_judging",
    "set_texts",
]
