"""Whether a survey is ready to be opened, as the working group's page demands it.

Which points of the scope are missing is scoping's to say; here is which of them nobody may pass over, what the design
of the questions adds, and what is only worth a look.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from scoping.models import Assessment
from scoping.selectors import missing_for_survey
from scoping.wording import counted, listed, noun
from surveys.design import Design, asking_obstacles, design_of, is_anonymity_chosen, judging_obstacles
from surveys.languages import english_name, name_of
from surveys.models import Survey
from surveys.selectors import untouched_survey
from surveys.texts import progress_of


@dataclass(frozen=True)
class Point:
    """Something to be done: what, why, and where: `page` is the name of an address, `place` a section of it.

    `area` is how people call the page.
    """

    what: str
    why: str
    place: str
    area: str = "Scoping"
    page: str = "scoping:scope"

    def refusal(self, ending: str = "") -> str:
        return f"{self.area}, {self.place}: {self.what}. {self.why} {ending}".strip()


@dataclass(frozen=True)
class Readiness:
    """What is missing. `needed` must be mended first; `waivable` may stay open if somebody says so; `hints` need
    nobody's consent."""

    needed: tuple[Point, ...]
    waivable: tuple[Point, ...]
    hints: tuple[Point, ...] = ()

    @property
    def missing(self) -> tuple[Point, ...]:
        return (*self.needed, *self.waivable)

    def refusals(self, *, waived: bool) -> list[str]:
        """A few sentences for each point that stands in the way: what is missing, why, and where it is mended."""
        refusals = [point.refusal() for point in self.needed]
        if not waived:
            refusals += [point.refusal("Or tick the box below to open without it.") for point in self.waivable]
        return refusals

    @property
    def waiver(self) -> str:
        """What somebody confirms who opens the survey all the same; empty when there is nothing to confirm."""
        if not self.waivable:
            return ""
        steps = " and ".join(f"“{point.what}”" for point in self.waivable)
        return f"Open without the step{'s' if len(self.waivable) > 1 else ''} {steps}"


def readiness_of(assessment: Assessment) -> Readiness:
    """What the scope of `assessment` and the design of its survey still lack, in the order of the work."""
    survey = Survey.objects.filter(assessment=assessment).first() or untouched_survey(assessment)
    survey.assessment = assessment
    design = design_of(survey)
    # Without groups nobody is asked, and tiers of the wrong size cannot sort the issues. One empty axis, or
    # tiers that have no names yet, is a decision.
    grave = {"issues": True, "groups": not design.groups, "tiers": assessment.tiers.exists()}
    scope = [(grave[one.place], Point(one.what, one.why, one.place)) for one in missing_for_survey(assessment)]
    return Readiness(
        needed=(*(point for is_grave, point in scope if is_grave), *_contradictions(design)),
        waivable=(*(point for is_grave, point in scope if not is_grave), *_untranslated(survey)),
        hints=tuple(_hints(design)) if design.issues and design.groups else (),
    )


def _contradictions(design: Design) -> Iterator[Point]:
    """What of the design cannot be asked."""
    for why in judging_obstacles(design):
        yield Point("Change how issues are judged", why, "judging", "Questions", "surveys:build-judging")
    for why in asking_obstacles(design):
        yield Point("Change who is asked what", why, "groups", "Questions", "surveys:build")


def _untranslated(survey: Survey) -> Iterator[Point]:
    open_ones = [progress for progress in progress_of(survey) if not progress.complete]
    if not open_ones:
        return
    parts = []
    for progress in open_ones:
        left = len(progress.missing) + len(progress.outdated)
        parts.append(f"{_called(progress.language)} lacks {left} of {progress.texts} texts")
    why = f"{listed(parts)}. Respondents read what is missing in {_called(survey.source_language)}."
    yield Point("Translate what is left", why, "texts", "Languages", "surveys:languages")


def _hints(design: Design) -> Iterator[Point]:
    bare = [issue.name for issue in design.issues if not issue.description.strip()]
    if bare:
        named = listed([f"“{name}”" for name in bare], most=3)
        why = f"People judge better what one sentence explains. Without one: {named}."
        yield Point(f"Describe {counted(len(bare), 'issue')} more", why, "issues")
    if not is_anonymity_chosen(design.survey.assessment):
        fewest = design.survey.minimum_group
        why = (
            f"Nobody has chosen yet. As it stands, the survey is {design.survey.anonymity}, and results of fewer than "
            f"{fewest} {noun(fewest, 'person', 'people')} are never shown. It cannot change once the survey is open."
        )
        yield Point("Look at the anonymity", why, "anonymity", "Questions", "surveys:build-anonymity")


def _called(tag: str) -> str:
    return english_name(tag) or name_of(tag)
