"""Everything that the page of a what-if shows, from an assessment and the parameters of its address."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.safestring import SafeString, mark_safe

from accounts.models import Organisation
from figures.data import MatrixFigure
from figures.layout import lay_out
from figures.svg import NARROW, paint_svg
from materiality.findings import Part
from materiality.matrix import spoken
from materiality.models import AnalysisRun, CurrentRun
from materiality.presentation import RankRow, says_certainty, tiers_with_rows, without_tier
from materiality.scenarios.sensitivity_rows import SensitivityTable, sensitivity_table
from materiality.scenarios.wording import shares_by_code
from materiality.scoring.analysis import ENGINE
from materiality.scoring.method import Method
from materiality.services import Choice, choice_of, input_digest
from materiality.telling import notes_with_language
from materiality.voices import issue_items
from materiality.weighing import facts_used
from materiality.whatif.adjustments import WEIGHED_BY, WEIGHT, Adjustments, number_text
from materiality.whatif.controls import Scale, Select, Sliders, Tick, scale_for, selects_of, sliders_of
from materiality.whatif.differences import Difference, Differences, compare
from materiality.whatif.recomputing import DRAWS, answered, kept_voices, recompute, usual_weights
from materiality.whatif.wording import finding
from scoping.models import Assessment
from surveys.selectors import FoldedSurvey

# The drawing on a wide screen: beside controls and list there is less room than on the results page.
WIDE = (600.0, 650.0)
# The standard error of a probability of 90 % is 1.3 points with these, and 0.7 with all.
MOVING_DRAWS = 500
# With more issues only those that change tier are named in the drawing, and so many at most.
MOST_NAMES = 25
MOST_CHANGES_NAMED = 12


@dataclass(frozen=True)
class Row:
    """An issue in the list: its place now, and how that differs from before."""

    place: RankRow
    difference: Difference


@dataclass(frozen=True)
class TierOfRows:
    number: int
    name: str
    rows: list[Row]


@dataclass(frozen=True)
class Drawing:
    wide: SafeString
    narrow: SafeString
    has_ghosts: bool
    has_untiered: bool
    has_intervals: bool
    moved_key: str
    moved_narrow: bool
    source: str


@dataclass(frozen=True)
class Answer:
    """What would be under the adjustments, beside what is."""

    adjustments: Adjustments
    results: dict[str, Any]
    differences: Differences
    finding: list[Part]
    tiers: list[TierOfRows]
    without_tier: list[dict[str, Any]]
    says_certainty: bool
    drawing: Drawing | None
    shares: Mapping[str, str]
    query: str
    whole_query: str

    @property
    def notes(self) -> list[tuple[str, str]]:
        return notes_with_language(self.results)


@dataclass(frozen=True)
class Controls:
    """The form: where every control stands."""

    axes: list[Sliders]
    scale: Scale
    choice: Choice
    groups: list[Tick]
    issues: list[Tick]

    @property
    def end(self) -> str:
        return number_text(self.scale.end)

    @property
    def step(self) -> str:
        return number_text(self.scale.step)

    @property
    def cuts(self) -> str:
        return "; ".join(self.choice.cuts)

    @property
    def weights(self) -> Select:
        return next(select for select in selects_of(self.choice) if select.choosing.name == "weights")

    @property
    def tiers(self) -> list[Select]:
        return [select for select in selects_of(self.choice) if select.choosing.name in ("priority", "rule")]

    @property
    def handling(self) -> list[Select]:
        return [s for s in selects_of(self.choice) if s.choosing.name not in ("weights", "priority", "rule")]

    @property
    def changes_handling(self) -> bool:
        usual = Choice().to_dict()
        return any(usual[one.choosing.name] != self.choice.to_dict()[one.choosing.name] for one in self.handling)

    @property
    def leaves_out(self) -> bool:
        return any(tick.checked for tick in (*self.groups, *self.issues))


class Asking:
    """An assessment that can be asked what if.

    Raises
    ------
    NothingToAnalyse
        If there are no answers to compute with.
    """

    def __init__(self, organisation: Organisation, assessment: Assessment) -> None:
        self.assessment = assessment
        self.survey: FoldedSurvey = answered(assessment)
        self.choice = choice_of(assessment)
        current = CurrentRun.objects.filter(assessment=assessment, assessment__organisation=organisation)
        self.run: UUID | None = current.values_list("run_id", flat=True).first()

    def before(self) -> dict[str, Any]:
        """The current result; before there is one, what the method makes of the answers."""
        if self.run:
            return results_of(self.run)
        return recompute(
            assessment=self.assessment, adjustments=Adjustments(self.choice), survey=self.survey, settling=False
        )

    def read(self, query: QueryDict) -> Adjustments:
        """What the address asks for. Raises ValidationError where that is no number, or does not exist."""
        weighed_by = str(query.get(WEIGHED_BY, self.choice.weights))
        shown = None
        if any(name.startswith(WEIGHT) for name in query) and WEIGHED_BY in query:
            choice = Choice(**{**vars(self.choice), "weights": weighed_by})
            usual = usual_weights(assessment=self.assessment, choice=choice, survey=self.survey)
            scale = scale_for(list(usual.values()))
            shown = {code: scale.shown(weight) for code, weight in usual.items()}
        names = {answers.group.code: answers.group.name for answers in self.survey.groups}
        return Adjustments.from_query(query, self.choice, shown, names)

    def answer(
        self, adjustments: Adjustments, drawings: tuple[str, ...] = ("wide", "narrow"), *, moving: bool = False
    ) -> Answer:
        """The result under the adjustments. Raises ValidationError where there is none, saying why.

        While a slider moves, certainties come from fewer draws, and a drawing of many issues has no names.
        """
        results = recompute(
            assessment=self.assessment,
            adjustments=adjustments,
            draws=MOVING_DRAWS if moving else DRAWS,
            survey=self.survey,
            settling=False,
        )
        before = self.before()
        differences = compare(before, results)
        by_code = differences.by_code
        return Answer(
            adjustments=adjustments,
            results=results,
            differences=differences,
            finding=finding(differences),
            tiers=[
                TierOfRows(tier.number, tier.name, [Row(row, by_code[row.issue["code"]]) for row in tier.rows])
                for tier in tiers_with_rows(results)
            ],
            without_tier=without_tier(results),
            says_certainty=says_certainty(results),
            drawing=_drawing(results, before, differences, drawings, moving=moving),
            shares={code: f"{100 * share:.0f} %" for code, share in shares_by_code(results).items()},
            query=adjustments.to_query(self.choice),
            whole_query=adjustments.to_query(),
        )

    def controls(self, adjustments: Adjustments, shares: Mapping[str, str]) -> Controls:
        """Where the controls stand; by the weights that are given, where those of the method cannot be had."""
        voices = kept_voices(self.survey)
        try:
            usual = usual_weights(assessment=self.assessment, choice=adjustments.choice, survey=self.survey)
        except ValidationError:
            usual = {voice.code: voice.input.exact_weight for voice in voices if not voice.is_pool}
        scale = scale_for(list(usual.values()))
        most = max(adjustments.weights.values(), default=scale.end)
        scale = Scale(max(scale.end, most), scale.step)
        known = {code: weight for code, weight in adjustments.weights.items() if code in usual}
        moved = Adjustments(adjustments.choice, known, adjustments.left_out_groups, adjustments.left_out_issues)
        groups = [answers.group for answers in self.survey.groups]
        return Controls(
            axes=sliders_of(voices, usual, scale, moved, shares),
            scale=scale,
            choice=adjustments.choice,
            groups=[Tick(group.code, group.name, group.code in moved.left_out_groups) for group in groups],
            issues=[
                Tick(item.code, item.name, item.code in moved.left_out_issues) for item in issue_items(self.survey)
            ],
        )

    def sensitivity(self, adjustments: Adjustments, results: Mapping[str, Any] | None = None) -> SensitivityTable:
        """What would move which issue, from the adjustments on. Raises ValidationError as `answer` does."""
        found = results or recompute(assessment=self.assessment, adjustments=adjustments, draws=0, survey=self.survey)
        return sensitivity_table(assessment=self.assessment, adjustments=adjustments, results=found, survey=self.survey)

    def moved_on(self) -> Literal["", "computation", "input"]:
        """What is another than for the current result: the way of computing, or else answers, weights or groups."""
        if not self.run:
            return ""
        run = AnalysisRun.objects.only("digest", "parameters", "engine").get(pk=self.run)
        if run.engine != ENGINE:
            return "computation"
        method = Method.from_dict(run.parameters)
        facts = facts_used(self.assessment, self.survey, method)
        return "" if input_digest(self.survey, method, facts) == run.digest else "input"


@lru_cache(maxsize=32)
def results_of(run: UUID) -> dict[str, Any]:
    """The results of a run, which never change: read once per process, and only read."""
    found: dict[str, Any] = AnalysisRun.objects.values_list("results", flat=True).get(pk=run)
    return found


def _drawing(
    results: dict[str, Any],
    before: dict[str, Any],
    differences: Differences,
    drawings: tuple[str, ...],
    *,
    moving: bool,
) -> Drawing | None:
    if all(issue["rank"] is None for issue in results["issues"]):
        return None
    figure = MatrixFigure.from_results(results, spoken(), before=before)
    named = None
    if len(figure.points) > MOST_NAMES:
        changed = sorted(differences.tier_changes, key=lambda issue: issue.now.rank or 0 if issue.now else 0)
        named = {issue.code for issue in changed[: 0 if moving else MOST_CHANGES_NAMED]}
    layouts = {
        "wide": lambda: lay_out(figure, *WIDE, named=named),
        "narrow": lambda: lay_out(figure, *NARROW, names=False),
    }
    made = {kind: layouts[kind]() for kind in drawings}
    # The painter escapes every name that it writes.
    painted = {kind: mark_safe(paint_svg(layout, f"wi-{kind}", kind)) for kind, layout in made.items()}  # noqa: S308
    one = next(iter(made.values()))
    return Drawing(
        wide=painted.get("wide", SafeString("")),
        narrow=painted.get("narrow", SafeString("")),
        has_untiered=figure.has_untiered,
        has_ghosts=any(mark.was for mark in one.marks),
        has_intervals=one.has_intervals,
        moved_key=figure.wording.moved_key if any(layout.has_moved_marks for layout in made.values()) else "",
        moved_narrow="wide" in made and not made["wide"].has_moved_marks,
        source=one.source,
    )
