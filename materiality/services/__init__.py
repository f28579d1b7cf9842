"""Verbs of the conclusion: choose the method, analyse, keep the run."""

from materiality.services.method import (
    DEFAULT_TIERS,
    Choice,
    TierScope,
    check_weights,
    choice_of,
    choose_method,
    method_of,
    method_with,
    tier_scope,
)
from materiality.services.running import (
    ANALYSE,
    NO_SURVEY,
    ComputedRun,
    NothingToAnalyse,
    analyse_now,
    compute_run,
    input_digest,
    is_out_of_date,
    keep_run,
    request_analysis,
)

__all__ = [
    "ANALYSE",
    "DEFAULT_TIERS",
    "NO_SURVEY",
    "Choice",
    "ComputedRun",
    "NothingToAnalyse",
    "TierScope",
    "analyse_now",
    "check_weights",
    "choice_of",
    "choose_method",
    "compute_run",
    "input_digest",
    "is_out_of_date",
    "keep_run",
    "method_of",
    "method_with",
    "request_analysis",
    "tier_scope",
]
