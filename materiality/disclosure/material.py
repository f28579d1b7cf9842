"""What disclosure tables are filled from: the chapter's material, the topics by rank, and which entries of a library
each issue stands for."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from materiality.exports.chapter.material import Material
from materiality.models import Proposal, ProposalState
from materiality.review.decided import computed_tier
from materiality.review.selectors import live_proposal
from materiality.statement import statement_of
from scoping.models import Assessment, IndexEntry, Mention, Side
from scoping.selectors.stakeholders import RegisteredGroup
from scoping.wording import dated


@dataclass(frozen=True)
class Topic:
    """An issue of the list. Scores, rank and tier are None without a result; `computed` is the computed tier where
    people gave another. The texts are those of its sheet."""

    code: str
    name: str
    category: str
    rank: int | None
    tier: str | None
    computed: str | None
    reason: str
    company: float | None
    stakeholders: float | None
    meaning: tuple[str, ...]
    practice: tuple[str, ...]
    improvement: tuple[str, ...]
    chapters: tuple[str, ...]
    responses: tuple[str, ...]

    @property
    def place(self) -> str:
        """Its tier in words; what was computed where that is another."""
        if self.tier is None:
            return ""
        if self.computed is None or self.computed == self.tier:
            return self.tier
        told = {"tier": self.tier, "computed": self.computed, "reason": self.reason}
        return _("%(tier)s (computed: %(computed)s; %(reason)s)") % told


@dataclass(frozen=True)
class Entry:
    """Where the report tells of an entry of a framework, by the content index."""

    location: str
    issue: str


@dataclass(frozen=True)
class Sources:
    """Everything that the tables are filled from."""

    material: Material
    topics: Sequence[Topic]
    sections: Mapping[str, Sequence[str]]  # of the method statement, by title in the language of the page
    issues_of: Mapping[str, Sequence[str]]  # names of issues by reference, such as gri:305
    index: Mapping[tuple[str, str], Entry]  # by framework and code
    proposal: Proposal | None

    @property
    def groups(self) -> Sequence[RegisteredGroup]:
        return self.material.groups

    def section(self, *titles: str) -> list[str]:
        return [paragraph for title in titles for paragraph in self.sections.get(title, ())]

    def on(self, side: Side) -> list[str]:
        return [one.group.name for one in self.groups if one.group.side == side]

    @property
    def confirmation(self) -> str:
        """Who confirmed the result; empty while nobody has."""
        found = self.proposal
        if found is None or found.state != ProposalState.CONFIRMED or found.confirmed_at is None:
            return ""
        on = dated(timezone.localtime(found.confirmed_at).date())
        return _("Confirmed by %(body)s on %(when)s.") % {"body": found.body, "when": on}

    def topic_named(self, name: str) -> Topic | None:
        return next((topic for topic in self.topics if topic.name == name), None)


def sources_of(assessment: Assessment, material: Material) -> Sources:
    """Read in a fixed number of queries."""
    mentions = Mention.objects.filter(issue__assessment=assessment).exclude(reference="")
    issues_of: dict[str, list[str]] = defaultdict(list)
    listed = {row.name for category in material.sheets for row in category.rows}
    for reference, name, into in mentions.order_by("issue__position", "issue_id").values_list(
        "reference", "issue__name", "issue__merged_into__name"
    ):
        if (into or name) in listed and (into or name) not in issues_of[reference]:
            issues_of[reference].append(into or name)
    entries = IndexEntry.objects.filter(assessment=assessment).values_list(
        "framework", "code", "location", "issue__name"
    )
    return Sources(
        material=material,
        topics=_topics(material),
        sections={section.title: section.paragraphs for section in statement_of(material.facts)},
        issues_of=issues_of,
        index={(framework, code): Entry(location, issue or "") for framework, code, location, issue in entries},
        proposal=live_proposal(assessment),
    )


def _topics(material: Material) -> list[Topic]:
    """By rank where there is a result, else in the order of the list."""
    ranked = {issue["code"]: issue for issue in (material.results or {}).get("issues", ())}
    topics = []
    for category in material.sheets:
        for row in category.rows:
            texts = {cell.field: (*cell.paragraphs, *cell.lines) for cell in row.cells}
            issue = ranked.get(row.code, {})
            decision = issue.get("decision") or {}
            topics.append(
                Topic(
                    code=row.code,
                    name=row.name,
                    category=category.name,
                    rank=issue.get("rank"),
                    tier=issue.get("tier") or (row.tier or None),
                    computed=computed_tier(issue) if issue else None,
                    reason=decision.get("reason", ""),
                    company=issue.get("company"),
                    stakeholders=issue.get("stakeholders"),
                    meaning=texts.get("meaning", ()),
                    practice=texts.get("practice", ()),
                    improvement=texts.get("improvement", ()),
                    chapters=texts.get("chapters", ()),
                    responses=tuple(
                        _("To %(group)s: %(response)s") % {"group": group, "response": response}
                        for group, response in material.responses.get(row.code, ())
                    ),
                )
            )
    return sorted(topics, key=lambda topic: (topic.rank is None, topic.rank or 0))
