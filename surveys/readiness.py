"""Whether a survey is ready to be opened, as the working group's page demands it.

Which points of the scope are missing is scoping's to say; here is which of them nobody may pass over, what the design
of the questions adds, and what is only worth a look.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from scoping.models import Assessment
from scoping.selectors import missing_for_survey
from scoping.wording import enumerated, spelled
from surveys.design import Design, asking_obstacles, design_of, is_anonymity_chosen, judging_obstacles
from surveys.languages import english_name, name_of
from surveys.models import Anonymity, Survey
from surveys.selectors import untouched_survey
from surveys.texts import progress_of

# What refusals call the sections of pages.
_PLACES = {
    "issues": gettext_lazy("issues"),
    "groups": gettext_lazy("groups"),
    "tiers": gettext_lazy("tiers"),
    "judging": gettext_lazy("judging"),
    "anonymity": gettext_lazy("anonymity"),
    "texts": gettext_lazy("texts"),
}


@dataclass(frozen=True)
class Point:
    """Something to be done: what, why, and where: `page` is the name of an address, `place` a section of it.

    `area` is how people call the page.
    """

    what: str
    why: str
    place: str
    area: str = field(default_factory=lambda: _("Scoping"))
    page: str = "scoping:scope"

    def refusal(self, ending: str = "") -> str:
        told = {"area": self.area, "place": _PLACES[self.place], "what": self.what, "why": self.why}
        return (_("%(area)s, %(place)s: %(what)s. %(why)s") % told + f" {ending}").strip()


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
            refusals += [point.refusal(_("Or tick the box below to open without it.")) for point in self.waivable]
        return refusals

    @property
    def waiver(self) -> str:
        """What somebody confirms who opens the survey all the same; empty when there is nothing to confirm."""
        if not self.waivable:
            return ""
        steps = _(" and ").join(f"“{point.what}”" for point in self.waivable)
        return ngettext("Open without the step %(steps)s", "Open without the steps %(steps)s", len(self.waivable)) % {
            "steps": steps
        }


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
        yield Point(_("Change how issues are judged"), why, "judging", _("Questions"), "surveys:build-judging")
    for why in asking_obstacles(design):
        yield Point(_("Change who is asked what"), why, "groups", _("Questions"), "surveys:build")


def _untranslated(survey: Survey) -> Iterator[Point]:
    open_ones = [progress for progress in progress_of(survey) if not progress.complete]
    if not open_ones:
        return
    parts = []
    for progress in open_ones:
        left = len(progress.missing) + len(progress.outdated)
        told = {"language": _called(progress.language), "left": left, "all": progress.texts}
        parts.append(_("%(language)s lacks %(left)d of %(all)d texts") % told)
    why = _("%(languages)s. Respondents read what is missing in %(source)s.") % {
        "languages": enumerated(parts),
        "source": _called(survey.source_language),
    }
    yield Point(_("Translate what is left"), why, "texts", _("Languages"), "surveys:languages")


def _hints(design: Design) -> Iterator[Point]:
    bare = [issue.name for issue in design.issues if not issue.description.strip()]
    if bare:
        named = enumerated([f"“{name}”" for name in bare], most=3)
        why = _("People judge better what one sentence explains. Without one: %(issues)s.") % {"issues": named}
        what = ngettext("Describe %(number)s more issue", "Describe %(number)s more issues", len(bare))
        yield Point(what % {"number": spelled(len(bare))}, why, "issues")
    if not is_anonymity_chosen(design.survey.assessment):
        fewest = design.survey.minimum_group
        stands = {
            Anonymity.ANONYMOUS: ngettext(
                "Nobody has chosen yet. As it stands, the survey is anonymous, and results of fewer than %(k)d person "
                "are never shown. It cannot change once the survey is open.",
                "Nobody has chosen yet. As it stands, the survey is anonymous, and results of fewer than %(k)d people "
                "are never shown. It cannot change once the survey is open.",
                fewest,
            ),
            Anonymity.CONFIDENTIAL: ngettext(
                "Nobody has chosen yet. As it stands, the survey is confidential, and results of fewer than %(k)d "
                "person are never shown. It cannot change once the survey is open.",
                "Nobody has chosen yet. As it stands, the survey is confidential, and results of fewer than %(k)d "
                "people are never shown. It cannot change once the survey is open.",
                fewest,
            ),
            Anonymity.IDENTIFIED: ngettext(
                "Nobody has chosen yet. As it stands, the survey is identified, and results of fewer than %(k)d person "
                "are never shown. It cannot change once the survey is open.",
                "Nobody has chosen yet. As it stands, the survey is identified, and results of fewer than %(k)d people "
                "are never shown. It cannot change once the survey is open.",
                fewest,
            ),
        }
        why = stands[Anonymity(design.survey.anonymity)] % {"k": fewest}
        yield Point(_("Look at the anonymity"), why, "anonymity", _("Questions"), "surveys:build-anonymity")


def _called(tag: str) -> str:
    return english_name(tag) or name_of(tag)
