"""All that respondents can see of a survey, as plain values: composed from its design, frozen at opening.

A content travels as JSON in `Questionnaire.content`. It knows issues, groups and questions by their codes and
numbers, and no database. Texts are those of surveys/texts.py, by language.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from surveys.models import Anonymity, Dimension, IssueQuestion, Survey
from surveys.scores import scale_of
from surveys.texts import designs_by_group, ordered_issues, source_texts, translations_of

# A byte holds at most this many places of a ranking, since two scores lie between two places.
MOST_RANKED = 127


@dataclass(frozen=True)
class ContentItem:
    """A judgement that is asked for: `position` is the index of its byte in every answer."""

    position: int
    code: str
    dimension: str = Dimension.OWN.value

    @property
    def field(self) -> str:
        """Its name in a form. A code is a slug, so that a dot always begins the dimension."""
        return f"{self.code}.{self.dimension}" if self.dimension else self.code


@dataclass(frozen=True)
class ContentProfile:
    """A profile question; `options` is how many answers there are to choose from."""

    code: str
    kind: str
    options: int = 0
    lowest: int | None = None
    highest: int | None = None


@dataclass(frozen=True)
class ContentGroup:
    """What one group is asked: the positions of its items, and its code, by which its texts are found."""

    code: str
    side: str
    positions: tuple[int, ...]


@dataclass(frozen=True)
class Content:
    """What is asked, of whom, how and in which words.

    Attributes
    ----------
    low, high : the scores that an answer's bytes hold.
    choose : how many issues are chosen (top choice) or put in order (ranking); 0 for ratings.
    languages : the source language first.
    texts : language -> key -> text. What is not translated is found under the source language.
    """

    kind: str = IssueQuestion.RATING.value
    low: int = 1
    high: int = 5
    choose: int = 0
    comment_per_issue: bool = False
    comment_overall: bool = False
    ask_missing: bool = False
    anonymity: str = Anonymity.ANONYMOUS.value
    editable: bool = False
    languages: tuple[str, ...] = ("en",)
    items: tuple[ContentItem, ...] = ()
    groups: Mapping[int, ContentGroup] = field(default_factory=dict)
    profile: tuple[ContentProfile, ...] = ()
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def both(self) -> bool:
        return any(item.dimension for item in self.items)

    def text(self, key: str, language: str) -> str:
        """The text in that language; in the source language where it is not translated; empty where there is none."""
        return self.texts.get(language, {}).get(key) or self.texts.get(self.languages[0], {}).get(key, "")

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Content":
        """The content that `to_json` stored."""
        return cls(
            **{
                **stored,
                "languages": tuple(stored["languages"]),
                "items": tuple(ContentItem(**item) for item in stored["items"]),
                "groups": {
                    int(number): ContentGroup(group["code"], group["side"], tuple(group["positions"]))
                    for number, group in stored["groups"].items()
                },
                "profile": tuple(ContentProfile(**question) for question in stored["profile"]),
            }
        )


def compose(survey: Survey, *, scale: tuple[int, int] | None = None) -> Content:
    """The content of a survey as it is designed now.

    Parameters
    ----------
    scale : instead of the one that the design gives; for answers that were given elsewhere.
    """
    issues = ordered_issues(survey)
    dimensions = [Dimension.COMPANY, Dimension.STAKEHOLDERS] if survey.both_importances else [Dimension.OWN]
    codes = [(issue, dimension) for dimension in dimensions for issue in issues]
    low, high = scale or scale_of(survey.kind, steps=survey.steps, issues=len(issues))
    designs = designs_by_group(survey)
    groups = {}
    for group in survey.assessment.groups.all():
        design = designs.get(group.pk)
        skipped = {own.issue_id for own in design.issues.all() if not own.asked} if design else set()
        positions = tuple(place for place, (issue, _) in enumerate(codes) if issue.pk not in skipped)
        groups[group.pk] = ContentGroup(group.code, group.side, positions)
    source = survey.source_language
    texts = {source: {text.key: text.text for text in source_texts(survey)}}
    for language in survey.languages:
        known = translations_of(survey, language)
        texts[language] = {key: known[key].text for key in texts[source] if key in known}
    return Content(
        kind=survey.kind,
        low=low,
        high=high,
        choose=0 if survey.kind == IssueQuestion.RATING else min(survey.choose, len(issues)),
        comment_per_issue=survey.comment_per_issue,
        comment_overall=survey.comment_overall,
        ask_missing=survey.ask_missing,
        anonymity=survey.anonymity,
        editable=survey.editable and survey.links_people,
        languages=(source, *(language for language in survey.languages if language != source)),
        items=tuple(ContentItem(place, issue.code, dimension.value) for place, (issue, dimension) in enumerate(codes)),
        groups=groups,
        profile=tuple(
            ContentProfile(question.code, question.kind, len(question.options), question.lowest, question.highest)
            for question in (survey.profile_questions.all() if survey.pk else ())
        ),
        texts=texts,
    )
