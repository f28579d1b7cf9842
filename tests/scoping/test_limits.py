"""How much of a kind there can be, and how long a text: services refuse more, whoever calls them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from scoping.libraries.catalogue import find_library
from scoping.lists.issues import IssueList
from scoping.models import (
    Assessment,
    Channel,
    Concern,
    IndexEntry,
    Mention,
    ProcessNote,
    ProcessStage,
    SourceKind,
    StakeholderModel,
)
from scoping.services import NewIssue, add_issues, save_concern, save_group
from scoping.services.index import save_entry
from scoping.services.libraries import Choice, pick_entries
from scoping.services.mentions import NewMention, save_mention
from scoping.services.notes import save_note
from scoping.services.pillars import save_pillar
from scoping.services.scope import LONGEST_TEXT, MOST_ENTRIES
from scoping.services.sheets import save_sheet
from scoping.services.stakeholders import GivenScore, overrule_weight, save_channel, save_scores
from tests.support.factories import AssessmentFactory, ScoreFactory

pytestmark = pytest.mark.django_db
LONG = "x" * (LONGEST_TEXT + 1)
INTERVIEW = SourceKind.INTERVIEW


@pytest.fixture
def assessment() -> Assessment:
    made = AssessmentFactory(groups=2, issues=2)
    for attribute in ("power", "interest"):
        ScoreFactory(group=made.groups.first(), attribute=attribute)
    return made


def fill(assessment: Assessment) -> None:
    """One group, issue and framework with as much as there can be."""
    group, issue = assessment.groups.first(), assessment.issues.first()
    numbers = range(MOST_ENTRIES)
    Channel.objects.bulk_create(Channel(group=group, name=f"Channel {number}") for number in numbers)
    Concern.objects.bulk_create(Concern(group=group, topic=f"Topic {number}") for number in numbers)
    Mention.objects.bulk_create(Mention(issue=issue, kind=INTERVIEW, source=f"Source {number}") for number in numbers)
    ProcessNote.objects.bulk_create(
        ProcessNote(assessment=assessment, stage=ProcessStage.DIALOGUE, text=f"Note {number}") for number in numbers
    )
    IndexEntry.objects.bulk_create(
        IndexEntry(assessment=assessment, framework="hkex", code=f"X{number}", title="X") for number in numbers
    )


def pick(assessment: Assessment) -> Any:
    library = find_library("gri")
    choice = Choice(library.entries[0].code, into=assessment.issues.first().code)
    return pick_entries(assessment=assessment, library=library, choices=[choice])


MORE: list[tuple[str, Callable[[Assessment], Any]]] = [
    ("channels", lambda a: save_channel(group=a.groups.first(), name="One more")),
    ("topics of concern", lambda a: save_concern(assessment=a, group=a.groups.first(), topic="One more")),
    ("mentions", lambda a: save_mention(issue=a.issues.first(), wanted=NewMention(INTERVIEW, "One more"))),
    ("mentions", pick),
    ("notes", lambda a: save_note(assessment=a, stage=ProcessStage.DIALOGUE, text="One more.")),
    ("rows", lambda a: save_entry(assessment=a, framework="hkex", code="A1.1")),
]


@pytest.mark.parametrize(("what", "add"), MORE)
def test_beyond_the_limit_nothing_is_added(assessment: Assessment, what: str, add: Callable[[Assessment], Any]) -> None:
    fill(assessment)
    with pytest.raises(ValidationError, match=f"has {MOST_ENTRIES} {what}; the most is {MOST_ENTRIES}. Remove some"):
        add(assessment)


@pytest.mark.parametrize(("what", "add"), MORE)
def test_up_to_the_limit_it_is(assessment: Assessment, what: str, add: Callable[[Assessment], Any]) -> None:
    fill(assessment)
    for rows in (Channel, Concern, Mention, ProcessNote, IndexEntry):
        rows.objects.first().delete()
    add(assessment)


def test_what_is_there_can_change_at_the_limit(assessment: Assessment) -> None:
    fill(assessment)
    group = assessment.groups.first()
    assert save_channel(group=group, name="Another", channel=group.channels.first()).name == "Another"
    topic = group.concerns.first()
    assert save_concern(assessment=assessment, group=group, topic="Another", concern=topic).topic == "Another"


def test_a_topic_does_not_move_to_a_group_that_is_full(assessment: Assessment) -> None:
    fill(assessment)
    full, other = assessment.groups.all()
    topic = save_concern(assessment=assessment, group=other, topic="Noise")
    with pytest.raises(ValidationError, match="topics of concern; the most is"):
        save_concern(assessment=assessment, group=full, topic="Noise", concern=topic)


def test_a_new_issue_has_no_more_mentions_either(assessment: Assessment) -> None:
    mentions = tuple(NewMention(INTERVIEW, f"Source {number}") for number in range(MOST_ENTRIES + 1))
    with pytest.raises(ValidationError, match="mentions; the most is"):
        add_issues(assessment=assessment, issues=[NewIssue("Noise", mentions=mentions)])


def test_a_file_that_names_one_source_too_many_has_a_problem_in_that_row(assessment: Assessment) -> None:
    rows = "".join(f"Noise,Internal interviews,Source {number}\n" for number in range(MOST_ENTRIES + 1))
    issues = IssueList(assessment)
    with pytest.raises(ValidationError, match=f"Row {MOST_ENTRIES + 2}.*at most {MOST_ENTRIES} mentions"):
        issues.carry_out(issues.read("issues.csv", f"Name,Kind of source,Source\n{rows}".encode()), by=None)


def scored(assessment: Assessment) -> Any:
    scores = {(assessment.groups.first().code, "power"): GivenScore(3, LONG)}
    return save_scores(assessment=assessment, model=StakeholderModel.POWER_INTEREST, scores=scores)


TEXTS: list[tuple[str, Callable[[Assessment], Any]]] = [
    ("response", lambda a: save_concern(assessment=a, group=a.groups.first(), topic="Noise", response=LONG)),
    ("quotation", lambda a: save_mention(issue=a.issues.first(), wanted=NewMention(INTERVIEW, "A", quotation=LONG))),
    ("text", lambda a: save_note(assessment=a, stage=ProcessStage.DIALOGUE, text=LONG)),
    ("topics", lambda a: save_pillar(assessment=a, name="Air", topics=LONG)),
    ("relevance", lambda a: save_group(assessment=a, name="Press", side="external", relevance=LONG)),
    ("reason", lambda a: overrule_weight(group=a.groups.first(), weight=2, reason=LONG)),
    ("group-0-power-reason", scored),
    *(
        (field, lambda a, field=field: save_sheet(issue=a.issues.first(), **{field: LONG}))
        for field in ("meaning", "practice", "improvement", "chapters")
    ),
]


@pytest.mark.parametrize(("field", "save"), TEXTS)
def test_a_text_that_no_form_takes_is_refused_at_its_field(
    assessment: Assessment, field: str, save: Callable[[Assessment], Any]
) -> None:
    with pytest.raises(ValidationError) as caught:
        save(assessment)
    assert list(caught.value.message_dict) == [field]
    assert "at most 10,000 characters; this one has 10,001" in caught.value.messages[0]
