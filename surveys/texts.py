"""Every text of a survey that respondents read, by a key that translations share.

Keys: `title`, `introduction`, `closing`, `privacy_note`, `step.<n>`, `issue.<code>.name`, `issue.<code>.description`,
`group.<code>.name`, `group.<code>.introduction`, `group.<code>.issue.<code>.name` and `.description` where a group has
words of its own, `profile.<code>.text`, `profile.<code>.option.<n>` (n from 1).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from scoping.models import Issue, StakeholderGroup
from surveys.models import GroupDesign, Survey, Translation


@dataclass(frozen=True)
class SourceText:
    """A text in the survey's source language; `place` says to a translator where it stands."""

    key: str
    text: str
    place: str


def ordered_issues(survey: Survey) -> list[Issue]:
    """The short list in the order of the questionnaire: as the survey orders it, the others after as listed."""
    order = {issue_id: place for place, issue_id in enumerate(survey.issue_order)}
    issues = list(survey.assessment.issues.asked())
    return sorted(issues, key=lambda issue: order.get(issue.pk, len(order)))


def designs_by_group(survey: Survey) -> dict[int, GroupDesign]:
    """What is particular to a group, by the group's id; groups without anything are left out."""
    designs = survey.designs.prefetch_related("issues") if survey.pk else []
    return {design.group_id: design for design in designs}


def source_texts(survey: Survey) -> list[SourceText]:
    """The texts to translate, in the order in which respondents meet them. Empty ones are left out."""
    issues = ordered_issues(survey)
    groups = list(survey.assessment.groups.all())
    return [text for text in _texts(survey, issues, groups) if text.text.strip()]


def _texts(survey: Survey, issues: Sequence[Issue], groups: Sequence[StakeholderGroup]) -> Iterator[SourceText]:
    yield SourceText("title", survey.title, _("Title"))
    yield SourceText("introduction", survey.introduction, _("Introduction"))
    yield SourceText("privacy_note", survey.privacy_note, _("Privacy note"))
    for step, label in enumerate(survey.step_labels, 1):
        yield SourceText(f"step.{step}", label, _("Step %(step)d of the scale") % {"step": step})
    for issue in issues:
        yield SourceText(f"issue.{issue.code}.name", issue.name, _("Issue"))
        yield SourceText(
            f"issue.{issue.code}.description", issue.description, _("What “%(issue)s” means") % {"issue": issue.name}
        )
    by_id = {issue.pk: issue for issue in issues}
    designs = designs_by_group(survey)
    for group in groups:
        yield SourceText(f"group.{group.code}.name", group.name, _("Stakeholder group"))
        design = designs.get(group.pk)
        if design is None:
            continue
        yield SourceText(
            f"group.{group.code}.introduction",
            design.introduction,
            _("Introduction for %(group)s") % {"group": group.name},
        )
        for own in design.issues.all():
            asked = by_id.get(own.issue_id)
            if asked and own.asked:
                prefix = f"group.{group.code}.issue.{asked.code}"
                here = {"issue": asked.name, "group": group.name}
                yield SourceText(f"{prefix}.name", own.name, _("“%(issue)s” for %(group)s") % here)
                yield SourceText(
                    f"{prefix}.description", own.description, _("What it means, for %(group)s") % {"group": group.name}
                )
    for question in survey.profile_questions.all() if survey.pk else []:
        yield SourceText(f"profile.{question.code}.text", question.text, _("Profile question"))
        for number, option in enumerate(question.options, 1):
            yield SourceText(
                f"profile.{question.code}.option.{number}",
                option,
                _("Answer to “%(question)s”") % {"question": question.text},
            )
    yield SourceText("closing", survey.closing, _("Thank-you page"))


@dataclass(frozen=True)
class Progress:
    """How far a language is: texts in all, those without a translation, those whose source has changed since."""

    language: str
    texts: int
    missing: tuple[SourceText, ...]
    outdated: tuple[SourceText, ...]

    @property
    def complete(self) -> bool:
        return not (self.missing or self.outdated)


def translations_of(survey: Survey, language: str) -> dict[str, Translation]:
    """The translations into one language, by key; also those whose text is gone."""
    return {row.key: row for row in Translation.objects.filter(survey=survey, language=language)}


def progress_of(survey: Survey) -> list[Progress]:
    """For each language that the survey is translated to, what is left to do."""
    texts = source_texts(survey)
    sources: dict[str, dict[str, str]] = {language: {} for language in survey.languages}
    if sources:
        rows = Translation.objects.filter(survey=survey, language__in=survey.languages)
        for language, key, source in rows.values_list("language", "key", "source"):
            sources[language][key] = source
    return [
        Progress(
            language,
            len(texts),
            tuple(text for text in texts if text.key not in known),
            tuple(text for text in texts if text.key in known and known[text.key] != text.text),
        )
        for language, known in sources.items()
    ]
