"""Verbs of the survey: open and close it, take answers in, count them."""

from surveys.services.answering import (
    AlreadyAnswered,
    Submission,
    SurveyClosed,
    change_response,
    save_draft,
    submit_response,
)
from surveys.services.folding import fold_responses, request_fold, settle_tallies
from surveys.services.opening import (
    close_survey,
    open_survey,
    open_when_ready,
    prepare_survey,
    renew_link,
    reopen_survey,
    set_closing_date,
)
from surveys.services.recounting import Recount, recount_tallies, request_recount
from surveys.services.simulated import remove_simulated
from surveys.services.simulating import simulate_answers

__all__ = [
    "AlreadyAnswered",
    "Recount",
    "Submission",
    "SurveyClosed",
    "change_response",
    "close_survey",
    "fold_responses",
    "open_survey",
    "open_when_ready",
    "prepare_survey",
    "recount_tallies",
    "remove_simulated",
    "renew_link",
    "reopen_survey",
    "request_fold",
    "request_recount",
    "save_draft",
    "set_closing_date",
    "settle_tallies",
    "simulate_answers",
    "submit_response",
]
