"""The method statement: how the material topics were determined, in plain sentences written from what was done.

Pure: facts in, sentences out. What was not done is not claimed. The sections follow what GRI 3-1 and 3-2 ask for, in
our own words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from materiality.facts import Facts, SurveyRecord
from materiality.models import ProposalState
from scoping.continuity import summary_of
from scoping.models import ProcessStage, Side, SourceKind, Standing, WeightBasis
from scoping.selectors.record import MOST_EXPERTS, DecisionRecord, GroupRecord, NoteRecord
from scoping.wording import capital, counted, ended, in_words, listed, noun, on_day, sentence

FROM_SOURCES = {
    SourceKind.INTERVIEW: "internal interviews",
    SourceKind.SURVEY: "internal and external surveys",
    SourceKind.EXPERT: "expert analysis",
    SourceKind.MEDIA: "media analysis",
    SourceKind.PEERS: "a comparison with peers",
    SourceKind.GUIDELINE: "ESG guidelines",
}
MOST_GROUPS = 12
# With which a step begins that does not say who took it, beside all that end in -ed.
VERBS = {
    "began", "brought", "built", "chose", "drew", "found", "gave", "had", "held", "kept", "led", "made", "means", "met",
    "put", "read", "sent", "set", "spoke", "took", "went", "will", "wrote",
}  # fmt: skip


@dataclass(frozen=True)
class Section:
    """A part of the statement; `answers` names the disclosure that it is written for."""

    title: str
    answers: str
    paragraphs: tuple[str, ...]


def statement_of(facts: Facts) -> list[Section]:
    """The sections that have something to say, in the order of the work."""
    prioritised = [asking(facts), computing(facts), publishing(facts)]
    sections = [
        Section("The assessment", "GRI 3-1", _paragraphs([_about(facts)])),
        Section("Dialogue with stakeholders", "GRI 3-1 b", _part(facts, ProcessStage.DIALOGUE, [dialogue(facts)])),
        Section("How the issues were found", "GRI 3-1 a", _part(facts, ProcessStage.DETERMINING, [determining(facts)])),
        Section("How the list was screened", "GRI 3-1 a", _part(facts, ProcessStage.CRITERIA, [screening(facts)])),
        Section("How the issues were prioritised", "GRI 3-1 a", _part(facts, ProcessStage.RESULTS, prioritised)),
        Section("Confirmation", "GRI 3-1 a", _part(facts, ProcessStage.CONFIRMATION, [confirmation(facts)])),
        Section("Changes since the assessment before", "GRI 3-2 b", _paragraphs([changes(facts)])),
    ]
    return [section for section in sections if section.paragraphs]


def as_text(facts: Facts) -> str:
    """The statement as a plain text file."""
    title = f"How {facts.company} determines its material topics, {facts.period}"
    parts = [title, "=" * len(title)]
    for section in statement_of(facts):
        heading = f"{section.title} ({section.answers})"
        parts += ["", heading, "-" * len(heading), *(f"{paragraph}\n" for paragraph in section.paragraphs)]
    return "\n".join(parts).rstrip() + "\n"


def _part(facts: Facts, stage: str, sentences: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return (*_paragraphs(sentences), *_noted(facts.scope.notes_on(stage), facts.company))


def _paragraphs(sentences: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(" ".join(paragraph) for paragraph in sentences if paragraph)


# --- the sentences of each stage --------------------------------------------------------------------------
def _about(facts: Facts) -> list[str]:
    return [
        f"This is how {facts.company} determines its material topics for the reporting period {facts.period}, "
        f"as recorded in the assessment “{facts.name}”."
    ]


def dialogue(facts: Facts) -> list[str]:
    """Who the stakeholders are and how one talks with them."""
    scope = facts.scope
    sentences = []
    if scope.groups:
        groups = counted(len(scope.groups), "stakeholder group")
        sides = [
            f"{in_words(len(found))} {side} ({_names(found)})"
            for side, found in (("internal", scope.on(Side.INTERNAL)), ("external", scope.on(Side.EXTERNAL)))
            if found
        ]
        sentences.append(sentence(f"{groups} {_is(len(scope.groups))} registered: {listed(sides)}"))
    channels = sum(group.channels for group in scope.groups)
    if channels:
        reached = sum(group.channels > 0 for group in scope.groups)
        sentences.append(
            sentence(
                f"{counted(channels, 'channel')} of communication with {_of_groups(reached, len(scope.groups))} "
                f"{_is(channels)} recorded"
            )
        )
    concerns = sum(group.concerns for group in scope.groups)
    if concerns:
        answered = sum(group.answered_concerns for group in scope.groups)
        asking = sum(group.concerns > 0 for group in scope.groups)
        response = "" if not answered else f", {_with_response(answered, concerns)} the response of the company"
        sentences.append(
            sentence(
                f"{counted(concerns, 'topic')} of concern of {_of_groups(asking, len(scope.groups))} "
                f"{_is(concerns)} recorded{response}"
            )
        )
    return sentences + _weighing(scope.groups, scope.attributes) + _experts(facts)


def _weighing(groups: Sequence[GroupRecord], attributes: tuple[str, ...]) -> list[str]:
    sentences = []
    scored = sum(group.is_scored for group in groups)
    if scored:
        whom = _of_groups(scored, len(groups))
        sentences.append(sentence(f"{listed(attributes)} of {whom} were scored from 1 to 5"))
    accepted = sum(group.weight_basis == WeightBasis.ACCEPTED for group in groups)
    overruled = sum(group.weight_basis == WeightBasis.OVERRULED for group in groups)
    if accepted:
        sentences.append(
            sentence(
                f"The {noun(accepted, 'weight')} of {counted(accepted, 'group')} follow{_s(accepted)} from the scores"
            )
        )
    if overruled:
        sentences.append(
            sentence(
                f"For {counted(overruled, 'group')} the working group set another weight than the scores suggest, "
                "and wrote down why"
            )
        )
    return sentences


def _experts(facts: Facts) -> list[str]:
    experts = facts.scope.experts
    if not experts:
        return []
    names = listed(experts) if len(experts) <= MOST_EXPERTS else f"{', '.join(experts[:MOST_EXPERTS])} and others"
    return [sentence(f"Views of experts came in from {names}")]


def determining(facts: Facts) -> list[str]:
    """Where the issues come from."""
    scope = facts.scope
    merged = scope.standings.get(Standing.MERGED, 0)
    left_out = scope.standings.get(Standing.LEFT_OUT, 0)
    if not scope.found:
        return []
    sentences = []
    if merged or left_out:
        sentences.append(f"The long list held {counted(scope.found, 'issue')}.")
    else:
        sentences.append(f"{capital(counted(scope.found, 'issue'))} {_is(scope.found)} on the list.")
    if scope.carried_over:
        carried = f"{counted(scope.carried_over, 'issue')} {_is(scope.carried_over)} carried over"
        sentences.append(sentence(f"{carried} from {scope.previous_period}"))
    sentences += _mentions(scope.mentions)
    if scope.libraries:
        sentences.append(f"Entries of {listed(scope.libraries)} are named among them.")
    if merged:
        others = "another issue and keeps its" if merged == 1 else "other issues and keep their"
        was = "One was" if merged == 1 else f"{capital(in_words(merged))} were"
        sentences.append(f"{was} merged into {others} sources.")
    return sentences


def _mentions(mentions: Mapping[str, int]) -> list[str]:
    found = [(FROM_SOURCES[kind], mentions.get(kind, 0)) for kind in FROM_SOURCES]
    found = [(source, number) for source, number in found if number]
    total = sum(number for _, number in found)
    if not total:
        return []
    start = f"{capital(counted(total, 'mention'))} {_is(total)} recorded with {'its' if total == 1 else 'their'} source"
    if len(found) == 1:
        return [f"{start}, {'' if total == 1 else 'all '}from {found[0][0]}."]
    return [f"{start}: {listed([f'{in_words(number)} from {source}' for source, number in found])}."]


def screening(facts: Facts) -> list[str]:
    """How the short list came about; nothing where no decision was taken."""
    decision = facts.scope.decision
    if decision is None:
        return []
    sentences = []
    if decision.criteria:
        criteria = counted(len(decision.criteria), "criterion", "criteria")
        sentences.append(f"The issues were screened by {criteria}: {listed(decision.criteria)}.")
    if decision.markers:
        sentences.append(
            sentence(f"{counted(decision.markers, 'person', 'people')} marked how well issues meet them, from 0 to 3")
        )
        sentences.append(_rule(decision))
    are = "is" if decision.listed == 1 else "are"
    sentences.append(
        f"The short list was decided on {on_day(decision.decided_on)}: {decision.listed} of "
        f"{decision.of} {noun(decision.of, 'issue')} {are} on it."
    )
    if decision.against:
        cases = (
            "One decision departs"
            if decision.against == 1
            else f"{capital(in_words(decision.against))} decisions depart"
        )
        sentences.append(f"{cases} from what the marks propose, with a reason.")
    return sentences


def _rule(decision: DecisionRecord) -> str:
    if decision.by_must_haves:
        return (
            f"An issue was proposed for the short list when its mean mark reached {decision.threshold} "
            f"on {'' if len(decision.must_haves) == 1 else 'each of '}{listed(decision.must_haves)}."
        )
    return f"An issue was proposed for the short list when its mean marks added up to at least {decision.threshold}."


def asking(facts: Facts) -> list[str]:
    """How the issues were asked about, and who answered."""
    if not facts.with_survey:
        if not facts.scope.listed:
            return []
        categories = facts.scope.categories
        within = f" in {counted(categories, 'category', 'categories')}" if categories else ""
        issues = f"{counted(facts.scope.listed, 'issue')}{within}"
        return [f"No survey was held: the list is the result. It holds {issues}."]
    return _survey(facts.survey) if facts.survey else ["No survey has been held in this assessment yet."]


def _survey(survey: SurveyRecord) -> list[str]:
    opened = f"on {on_day(survey.opened_on)}"
    when = (
        f"from {on_day(survey.opened_on)} to {on_day(survey.closed_on)}"
        if survey.closed_on and survey.closed_on != survey.opened_on
        else f"{opened} and closed the same day"
        if survey.closed_on
        else f"{opened} and is still open"
    )
    opening = "ran" if when.startswith("from") else "was opened"
    sentences = [f"A survey {opening} {when}. Each stakeholder group was asked to {survey.task}."]
    sentences += [sentence for sentence in (survey.scoring, survey.protection) if sentence]
    if not survey.answers:
        return [*sentences, "Nobody has answered yet."]
    heard = [
        f"{group.name} {f'{group.answers:,}' if group.answers >= survey.fewest else f'fewer than {survey.fewest}'}"
        for group in survey.heard
    ]
    sentences.append(
        f"{capital(counted(survey.answers, 'answer'))} came in from {_of_groups(len(heard), len(survey.groups))}: "
        f"{listed(heard, most=MOST_GROUPS)}."
    )
    if survey.simulated:
        sentences.append(_simulated(survey.simulated, survey.answers))
    if survey.left_out:
        sentences.append(f"Left out of the count, with the reason: {listed(survey.left_out, most=MOST_GROUPS)}.")
    if survey.silent:
        silent = listed([group.name for group in survey.silent], most=MOST_GROUPS)
        sentences.append(f"No answer came from {silent}.")
    return sentences


def _simulated(simulated: int, of: int) -> str:
    if simulated == of:
        which = "The only answer is simulated: it shows" if of == 1 else "All of them are simulated: they show"
        return f"{which} how the method works and {'is' if of == 1 else 'are'} not the view of any stakeholder."
    which = f"{simulated:,} of them {_is(simulated)} simulated"
    return f"{which}: these show how the method works and are not the view of any stakeholder."


def computing(facts: Facts) -> list[str]:
    """How the answers became tiers."""
    run = facts.run
    if run is None:
        return []
    tiers = [f"{count} in “{name}”" for name, count in run.computed or run.tiers]
    sentences = [
        f"{facts.survey.axes if facts.survey else ''} {run.method}".strip(),
        f"The analysis of {on_day(run.computed_on)}, of {counted(run.respondents, 'answer')}, "
        f"sorts the issues into tiers: {listed(tiers)}.",
    ]
    if run.moved:
        decided = listed([f"{count} in “{name}”" for name, count in run.tiers])
        sentences.append(
            sentence(
                f"by decision of the working group {counted(run.moved, 'issue')} {noun(run.moved, 'stands', 'stand')} "
                f"in another tier than computed, with the reason recorded, which makes {decided}"
            )
        )
    later = facts.survey.answers - run.respondents if facts.survey else 0
    if later > 0:
        sentences.append(f"{capital(counted(later, 'later answer'))} {_is(later)} not in it.")
    return sentences


def publishing(facts: Facts) -> list[str]:
    """What the company's own report says of tiers: for cases that were loaded from one."""
    total = sum(count for _, count in facts.scope.published)
    if not total:
        return []
    tiers = listed([f"{count} in “{name}”" for name, count in facts.scope.published])
    if total < facts.scope.listed:
        return [f"According to the report, the tiers of {total} of {facts.scope.listed} issues are published: {tiers}."]
    return [f"According to the report, the {counted(total, 'issue')} stand in these tiers: {tiers}."]


def confirmation(facts: Facts) -> list[str]:
    """Who confirmed the result, and when. Bodies are named, people are not: a report speaks for the company. Where
    nothing was proposed here, what is recorded of it are notes."""
    record = facts.confirmation
    if record is None:
        return [] if facts.scope.is_confirmed else ["Confirmation of the result: not recorded."]
    meeting = f" for its meeting of {on_day(record.meeting_on)}" if record.meeting_on else ""
    proposed = f"The result was put before {record.body} on {on_day(record.proposed_on)}{meeting}"
    if record.confirmed_on is None:
        outcome = "returned to the working group" if record.state == ProposalState.RETURNED else "not decided yet"
        return [f"{proposed}. It is {outcome}: confirmation is not recorded."]
    people = counted(len(record.signers), "person", "people")
    sentences = [
        f"{proposed}, and confirmed on {on_day(record.confirmed_on)}.",
        sentence(f"{people} with the right to confirm signed, with password or passkey"),
    ]
    if record.state == ProposalState.VOID and record.ended_on:
        sentences.append(f"This confirmation is void since {on_day(record.ended_on)}: the result has changed since.")
    elif facts.run and facts.run.moved:
        moved = counted(facts.run.moved, "issue")
        sentences.append(f"What was confirmed includes the {moved} in another tier than computed.")
    return sentences


def changes(facts: Facts) -> list[str]:
    if facts.scope.changes is None:
        return []
    return [
        f"This assessment continues “{facts.scope.previous_name}” ({facts.scope.previous_period}).",
        summary_of(facts.scope.changes, facts.scope.previous_period),
    ]


def _noted(notes: Iterable[NoteRecord], company: str) -> tuple[str, ...]:
    """Notes as paragraphs: one for each of the working group's own; those of a report together, and called so."""
    paragraphs: list[str] = []
    run_on = False
    for note in notes:
        who = ", ".join(part for part in (note.done_by, note.done_on) if part)
        if not note.source:
            paragraphs.append(f"{who}: {sentence(note.text)}" if who else sentence(note.text))
        elif run_on and not who:
            paragraphs[-1] += f" {sentence(_with_subject(note.text, 'it'))}"
        else:
            told = _with_subject(note.text, company)
            by = f"According to the report{f' ({who})' if who else ''}"
            paragraphs.append(f"{by}: {sentence(told)}" if told == note.text else f"{by}, {ended(told)}")
        run_on = bool(note.source)
    return tuple(paragraphs)


def _with_subject(text: str, subject: str) -> str:
    """Steps of a report are told by what was done ("Compared with peers."): here they get who did it."""
    first, _, rest = text.strip().partition(" ")
    is_verb = first.lower().endswith("ed") or first.lower() in VERBS
    return f"{subject} {first.lower()} {rest}" if is_verb and rest else text


# --- small words ------------------------------------------------------------------------------------------
def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _s(number: int) -> str:
    return "s" if number == 1 else ""


def _names(groups: Sequence[GroupRecord]) -> str:
    return listed([group.name for group in groups], most=MOST_GROUPS)


def _of_groups(number: int, of: int) -> str:
    """ "all eight groups", "three of eight groups", "the one group"."""
    if of == 1:
        return "the one group"
    if number == of:
        return "both groups" if of == 2 else f"all {in_words(of)} groups"
    return f"{in_words(number)} of {in_words(of)} groups"


def _with_response(answered: int, concerns: int) -> str:
    if answered == concerns:
        return "with"
    return f"{in_words(answered)} of them with"
