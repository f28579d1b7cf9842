"""How an assessment is concluded: method, runs, scenarios; review and confirmation; what leaves the house."""

from materiality.models.publishing import ExportFile, HouseStyle, Publication
from materiality.models.review import Override, Proposal, ProposalState, ReviewComment, Signature, Verdict
from materiality.models.runs import AnalysisRun, CurrentRun, Method, Scenario

__all__ = [
    "AnalysisRun",
    "CurrentRun",
    "ExportFile",
    "HouseStyle",
    "Method",
    "Override",
    "Proposal",
    "ProposalState",
    "Publication",
    "ReviewComment",
    "Scenario",
    "Signature",
    "Verdict",
]
