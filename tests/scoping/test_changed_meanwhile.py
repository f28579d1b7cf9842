"""What somebody has removed or changed since another one opened the form for it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from scoping.forms.issues import MentionForm
from scoping.models import (
    Channel,
    Concern,
    Contact,
    IndexEntry,
    Mention,
    Peer,
    Pillar,
    ProcessNote,
    Score,
    StakeholderGroup,
    WeightBasis,
)
from scoping.services import save_concern, save_group, save_issue
from scoping.services.contacts import save_contact
from scoping.services.index import save_entry
from scoping.services.mentions import NewMention, save_mention
from scoping.services.merging import unmerge_issue
from scoping.services.notes import save_note
from scoping.services.peers import save_peer
from scoping.services.pillars import save_pillar
from scoping.services.scope import LONGEST_TEXT
from scoping.services.sheets import save_sheet
from scoping.services.stakeholders import save_channel
from tests.support.factories import (
    AssessmentFactory,
    ChannelFactory,
    ConcernFactory,
    ContactFactory,
    IndexEntryFactory,
    IssueFactory,
    MentionFactory,
    PeerFactory,
    PillarFactory,
    ProcessNoteFactory,
    StakeholderGroupFactory,
)
from tests.support.people import House

pytestmark = pytest.mark.django_db


def change_peer(peer: Peer) -> Peer:
    assessment = AssessmentFactory(organisation=peer.organisation)
    return save_peer(
        assessment=assessment, company="Rival Ltd.", reporting_period="2023", source="Report", issues=(), peer=peer
    )


def change_concern(concern: Concern) -> Concern:
    assessment, group = concern.group.assessment, concern.group
    return save_concern(assessment=assessment, group=group, topic="Noise", concern=concern)


def change_mention(mention: Mention) -> Mention:
    return save_mention(issue=mention.issue, wanted=NewMention("media", "Paper"), mention=mention)


def change_entry(entry: IndexEntry) -> IndexEntry:
    return save_entry(assessment=entry.assessment, framework="hkex", code=entry.code, title="Title", entry=entry)


def change_group(group: StakeholderGroup) -> StakeholderGroup:
    return save_group(assessment=group.assessment, name="Media", side=group.side, group=group)


def change_pillar(pillar: Pillar) -> Pillar:
    return save_pillar(assessment=pillar.assessment, name="Green", pillar=pillar)


def change_note(note: ProcessNote) -> ProcessNote:
    return save_note(assessment=note.assessment, stage=note.stage, text="We met.", present=note)


def change_channel(channel: Channel) -> Channel:
    return save_channel(group=channel.group, name="Hotline", channel=channel)


def change_contact(contact: Contact) -> Contact:
    return save_contact(group=contact.group, name="Ann", contact=contact)


@pytest.mark.parametrize(
    ("factory", "change"),
    [
        (StakeholderGroupFactory, change_group),
        (ConcernFactory, change_concern),
        (ContactFactory, change_contact),
        (MentionFactory, change_mention),
        (PillarFactory, change_pillar),
        (IndexEntryFactory, change_entry),
        (ProcessNoteFactory, change_note),
        (PeerFactory, change_peer),
        (ChannelFactory, change_channel),
        (IssueFactory, lambda issue: save_issue(assessment=issue.assessment, name="Noise", issue=issue)),
        (IssueFactory, lambda issue: save_sheet(issue=issue, meaning="Much.")),
        (IssueFactory, lambda issue: unmerge_issue(issue=issue)),
    ],
)
def test_what_was_removed_meanwhile_is_refused_and_does_not_come_back(
    factory: Any, change: Callable[[Model], Model]
) -> None:
    read = factory()
    type(read).objects.filter(pk=read.pk).delete()
    with pytest.raises(ValidationError, match="was removed meanwhile"):
        change(read)
    assert not type(read).objects.filter(pk=read.pk).exists()


@pytest.mark.parametrize(
    ("factory", "change", "field"),
    [
        (StakeholderGroupFactory, change_group, "source"),
        (ConcernFactory, change_concern, "source"),
        (MentionFactory, change_mention, "reference"),
        (PillarFactory, change_pillar, "source"),
    ],
)
def test_what_was_written_meanwhile_stays(factory: Any, change: Callable[[Model], Model], field: str) -> None:
    read = factory()
    type(read).objects.filter(pk=read.pk).update(**{field: "gri:305"})
    change(read)
    read.refresh_from_db()
    assert getattr(read, field) == "gri:305"


@pytest.mark.parametrize("change", [change_channel, change_contact], ids=["channel", "contact"])
def test_nothing_is_saved_for_a_group_that_was_removed_meanwhile(change: Any) -> None:
    read = (ChannelFactory if change is change_channel else ContactFactory)()
    StakeholderGroup.objects.filter(pk=read.group.pk).delete()
    with pytest.raises(ValidationError, match="was removed meanwhile"):
        change(read)


def test_a_pillar_does_not_carry_an_issue_that_was_removed_meanwhile() -> None:
    pillar = PillarFactory()
    issue = IssueFactory(assessment=pillar.assessment)
    type(issue).objects.filter(pk=issue.pk).delete()
    with pytest.raises(ValidationError, match="was removed meanwhile"):
        save_pillar(assessment=pillar.assessment, name="Green", issues=[issue], pillar=pillar)


def test_a_group_that_is_saved_without_a_weight_keeps_the_one_that_was_accepted_meanwhile() -> None:
    read = StakeholderGroupFactory()
    StakeholderGroup.objects.update(weight=3, weight_basis=WeightBasis.ACCEPTED)
    change_group(read)
    read.refresh_from_db()
    assert (read.weight, read.weight_basis) == (Decimal(3), WeightBasis.ACCEPTED)


def test_a_form_that_does_not_ask_for_the_weight_gives_none(
    house: House, analyst_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assessment = AssessmentFactory(organisation=house.organisation, slug="paper-2024")
    group = StakeholderGroupFactory(assessment=assessment, position=1)
    Score.objects.bulk_create(Score(group=group, attribute=name, value=4) for name in ("power", "interest"))
    given: list[dict[str, Any]] = []
    monkeypatch.setattr("scoping.services.save_group", lambda **values: given.append(values))
    address = reverse("scoping:group", kwargs={"organisation": "example", "slug": "paper-2024", "code": group.code})
    analyst_client.post(address, {"name": group.name, "side": group.side, "weight": "9", "relevance": ""})
    assert [values["weight"] for values in given] == [None]


def test_a_quotation_that_was_imported_with_its_longest_text_is_valid_in_its_form() -> None:
    typed = {"kind": "media", "source": "Paper"}
    assert MentionForm({**typed, "quotation": "x" * LONGEST_TEXT}).is_valid()
    assert not MentionForm({**typed, "quotation": "x" * (LONGEST_TEXT + 1)}).is_valid()


@pytest.mark.parametrize("field", ["meaning", "practice", "improvement", "chapters"])
def test_a_sheet_that_was_imported_with_its_longest_text_is_saved_by_its_form(
    house: House, analyst_client: Client, field: str
) -> None:
    issue = IssueFactory(assessment=AssessmentFactory(organisation=house.organisation, slug="paper-2024"))
    address = reverse(
        "scoping:sheet-edit", kwargs={"organisation": "example", "slug": "paper-2024", "code": issue.code}
    )
    assert analyst_client.post(address, {field: "x" * LONGEST_TEXT}).status_code == 302
    assert analyst_client.post(address, {field: "x" * (LONGEST_TEXT + 1)}).status_code == 400
