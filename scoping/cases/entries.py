"""What a case consists of: a company's published materiality result, entry by entry, as its report gives it."""

import datetime
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Report:
    """The document that the facts come from."""

    title: str
    publisher: str = ""
    chapter: str = ""
    standard: str = ""
    sources: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class CaseTier:
    name: str
    count: int | None = None
    source: str = ""


@dataclass(frozen=True)
class CaseGroup:
    code: str
    name: str
    side: str
    weight: Decimal = Decimal(1)
    headcount: int | None = None
    relevance: str = ""
    source: str = ""
    reading: str = ""


@dataclass(frozen=True)
class CaseChannel:
    """One way in which the company and a group talk."""

    group: str
    name: str
    frequency: str = ""
    source: str = ""
    reading: str = ""


@dataclass(frozen=True)
class Published:
    """The place that the report gave an issue. Some reports name the tier and no rank."""

    tier: str
    rank: int | None = None


@dataclass(frozen=True)
class CaseIssue:
    """An issue, and what the report's own table says about it."""

    code: str
    name: str
    category: str = ""
    description: str = ""
    meaning: str = ""
    practice: str = ""
    improvement: str = ""
    chapters: tuple[str, ...] = ()
    sdgs: tuple[int, ...] = ()
    owners: str = ""
    source: str = ""
    reading: str = ""
    published: Published | None = None


@dataclass(frozen=True)
class CaseConcern:
    """A row of the report's stakeholder table; `reading` says what is read into it, such as its group."""

    group: str
    topic: str
    issue: str = ""
    response: str = ""
    source: str = ""
    reading: str = ""


@dataclass(frozen=True)
class CasePillar:
    """A pillar of the company's own model; `issues` are the codes of those that it carries."""

    name: str
    topics: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    source: str = ""
    reading: str = ""


@dataclass(frozen=True)
class CaseStep:
    """Something that the report says was done. Its stage and source together are its name: each once in a case."""

    stage: str
    text: str
    by: str = ""
    on: str = ""
    source: str = ""
    reading: str = ""


@dataclass(frozen=True)
class CaseCriterion:
    name: str
    description: str = ""
    must_have: bool = False
    source: str = ""


@dataclass(frozen=True)
class CaseEntry:
    """A row of the report's content index."""

    framework: str
    code: str
    title: str
    location: str = ""
    issue: str = ""
    source: str = ""
    reading: str = ""


@dataclass(frozen=True)
class CaseMention:
    """Where the report says that an issue was found."""

    issue: str
    kind: str
    source: str
    found_on: datetime.date | None = None
    quotation: str = ""
    link: str = ""
    reference: str = ""
    reading: str = ""


@dataclass(frozen=True)
class Case:
    slug: str
    name: str
    company: str
    reporting_period: str
    report: Report
    tiers: tuple[CaseTier, ...]
    groups: tuple[CaseGroup, ...]
    issues: tuple[CaseIssue, ...]
    concerns: tuple[CaseConcern, ...]
    channels: tuple[CaseChannel, ...] = ()
    pillars: tuple[CasePillar, ...] = ()
    process: tuple[CaseStep, ...] = ()
    criteria: tuple[CaseCriterion, ...] = ()
    index: tuple[CaseEntry, ...] = ()
    mentions: tuple[CaseMention, ...] = ()
    with_survey: bool = True

    @property
    def origin(self) -> str:
        """Where all of it comes from, in one line."""
        return ", ".join(part for part in (self.report.title, self.report.chapter) if part)
