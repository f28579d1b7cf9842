"""Who is asked and about what: assessments, stakeholders, issues, screening, peers and the record of the process."""

from scoping.models.assessments import Assessment, Phase, ShortListRule, StakeholderModel, Tier
from scoping.models.issues import (
    Issue,
    Mention,
    Pillar,
    Predecessor,
    PublishedResult,
    SourceKind,
    Standing,
)
from scoping.models.lists import PendingImport
from scoping.models.peers import Peer, PeerIssue, PeerMatch
from scoping.models.record import IndexEntry, ProcessNote, ProcessStage
from scoping.models.screening import HIGHEST_MARK, Criterion, Mark, ShortListDecision
from scoping.models.stakeholders import (
    HIGHEST_SCORE,
    LOWEST_SCORE,
    Attribute,
    Channel,
    Concern,
    Contact,
    Score,
    Side,
    StakeholderGroup,
    WeightBasis,
)

__all__ = [
    "HIGHEST_MARK",
    "HIGHEST_SCORE",
    "LOWEST_SCORE",
    "Assessment",
    "Attribute",
    "Channel",
    "Concern",
    "Contact",
    "Criterion",
    "IndexEntry",
    "Issue",
    "Mark",
    "Mention",
    "Peer",
    "PeerIssue",
    "PeerMatch",
    "PendingImport",
    "Phase",
    "Pillar",
    "Predecessor",
    "ProcessNote",
    "ProcessStage",
    "PublishedResult",
    "Score",
    "ShortListDecision",
    "ShortListRule",
    "Side",
    "SourceKind",
    "StakeholderGroup",
    "StakeholderModel",
    "Standing",
    "Tier",
    "WeightBasis",
]
