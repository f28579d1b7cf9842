"""What the report tells around its list: channels, pillars, criteria, steps of the process, the content index, and
where issues came from. Rows that an earlier load left and the case no longer has go; a user's own rows name no
source, or somebody who added them, and stay."""

from scoping.cases.format import Case
from scoping.models import (
    Assessment,
    Channel,
    Criterion,
    IndexEntry,
    Issue,
    Mention,
    Pillar,
    ProcessNote,
    StakeholderGroup,
)
from scoping.services.cases.questions import fill


def load_channels(case: Case, groups: dict[str, StakeholderGroup]) -> None:
    stored = Channel.objects.filter(group__in=groups.values())
    present = {(channel.group_id, channel.name): channel for channel in stored}
    kept = []
    for position, wanted in enumerate(case.channels):
        group = groups[wanted.group]
        channel = present.get((group.pk, wanted.name)) or Channel(group=group, name=wanted.name)
        fill(channel, frequency=wanted.frequency)
        channel.source, channel.reading, channel.position = wanted.source, wanted.reading, position
        channel.save()
        kept.append(channel.pk)
    stored.exclude(source="").exclude(pk__in=kept).delete()


def load_pillars(assessment: Assessment, case: Case, issues: dict[str, Issue]) -> None:
    """A pillar that carries issues already keeps them: which ones is the users' to say."""
    present = {pillar.name: pillar for pillar in assessment.pillars.prefetch_related("issues")}
    kept = []
    for position, wanted in enumerate(case.pillars):
        pillar = present.get(wanted.name) or Pillar(assessment=assessment, name=wanted.name)
        fill(pillar, topics="\n".join(wanted.topics))
        pillar.source, pillar.reading, pillar.position = wanted.source, wanted.reading, position
        pillar.save()
        if not pillar.issues.all():
            pillar.issues.set([issues[code] for code in wanted.issues])
        kept.append(pillar.pk)
    assessment.pillars.exclude(source="").exclude(pk__in=kept).delete()


def load_criteria(assessment: Assessment, case: Case) -> None:
    """A criterion that is there stays, also one that the case no longer has: marks may hang on it."""
    present = {criterion.name: criterion for criterion in assessment.criteria.all()}
    for position, wanted in enumerate(case.criteria):
        criterion = present.get(wanted.name) or Criterion(
            assessment=assessment, name=wanted.name, must_have=wanted.must_have, position=position
        )
        fill(criterion, description=wanted.description)
        criterion.save()


def load_process(assessment: Assessment, case: Case) -> None:
    """A note is known by its stage and its place in the report. One that a user has reworded names no place any more:
    it is theirs and stays, beside the report's."""
    loaded = assessment.process_notes.filter(added_by=None).exclude(source="")
    present = {(note.stage, note.source): note for note in loaded}
    kept = []
    for position, wanted in enumerate(case.process):
        note = present.get((wanted.stage, wanted.source)) or ProcessNote(
            assessment=assessment, stage=wanted.stage, source=wanted.source
        )
        note.text, note.done_by, note.done_on = wanted.text, wanted.by, wanted.on
        note.reading, note.position = wanted.reading, position
        note.save()
        kept.append(note.pk)
    loaded.exclude(pk__in=kept).delete()


def load_index(assessment: Assessment, case: Case, issues: dict[str, Issue]) -> None:
    present = {(entry.framework, entry.code): entry for entry in assessment.index_entries.all()}
    new, known = [], []
    for position, wanted in enumerate(case.index):
        entry = present.get((wanted.framework, wanted.code))
        if entry is None:
            entry = IndexEntry(assessment=assessment, framework=wanted.framework, code=wanted.code)
            new.append(entry)
        else:
            known.append(entry)
        entry.title, entry.source, entry.reading = wanted.title, wanted.source, wanted.reading
        entry.position = position
        fill(entry, location=wanted.location)
        if wanted.issue and entry.issue_id is None:
            entry.issue = issues[wanted.issue]
    kept = [entry.pk for entry in known]
    assessment.index_entries.exclude(source="").exclude(pk__in=kept).delete()
    IndexEntry.objects.bulk_update(known, ["title", "location", "issue", "position", "source", "reading"])
    IndexEntry.objects.bulk_create(new)


def load_mentions(case: Case, issues: dict[str, Issue]) -> None:
    """Adds the mentions that are not there yet. None is taken away: others add mentions in nobody's name too."""
    present = set(Mention.objects.filter(issue__in=issues.values()).values_list("issue_id", "kind", "source"))
    Mention.objects.bulk_create(
        Mention(
            issue=issues[wanted.issue],
            kind=wanted.kind,
            source=wanted.source,
            found_on=wanted.found_on,
            quotation=wanted.quotation,
            link=wanted.link,
            reference=wanted.reference,
            reading=wanted.reading,
        )
        for wanted in case.mentions
        if (issues[wanted.issue].pk, wanted.kind, wanted.source) not in present
    )
