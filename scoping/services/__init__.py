"""What changes an assessment and its scope. Each service is one transaction and leaves a line in the audit trail.

Nothing here knows surveys: that the questions are frozen is said by the assessment's phase.
"""

from scoping.services.assessments import create_assessment, remove_assessment, rename_assessment, set_phase
from scoping.services.cases import load_case
from scoping.services.concerns import remove_concern, save_concern
from scoping.services.groups import remove_group, save_group
from scoping.services.issues import NewIssue, add_issues, remove_issue, save_issue
from scoping.services.tiers import TierPlan, save_tiers

__all__ = [
    "NewIssue",
    "TierPlan",
    "add_issues",
    "create_assessment",
    "load_case",
    "remove_assessment",
    "remove_concern",
    "remove_group",
    "remove_issue",
    "rename_assessment",
    "save_concern",
    "save_group",
    "save_issue",
    "save_tiers",
    "set_phase",
]
