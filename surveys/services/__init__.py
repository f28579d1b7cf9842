"""Verbs of the survey: open and close it, take answers in, count them."""

from surveys.services.answering import Submission, SurveyClosed, save_draft, submit_response
from surveys.services.folding import (
    Recount,
    fold_responses,
    recount_tallies,
    remove_simulated,
    request_fold,
    request_recount,
)
from surveys.services.opening import (
    close_survey,
    default_title,
    describe_survey,
    open_survey,
    open_when_ready,
    prepare_survey,
    reopen_survey,
)
from surveys.services.simulating import simulate_answers

__all__ = [
    "Recount",
    "Submission",
    "SurveyClosed",
    "close_survey",
    "default_title",
    "describe_survey",
    "fold_responses",
    "open_survey",
    "open_when_ready",
    "prepare_survey",
    "recount_tallies",
    "remove_simulated",
    "reopen_survey",
    "request_fold",
    "request_recount",
    "save_draft",
    "simulate_answers",
    "submit_response",
]
