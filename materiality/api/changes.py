"""This period's result beside that of the period before: how far each issue moved, how surely, and in sentences."""

from typing import Any, ClassVar

from django.urls import path
from django.utils import translation
from rest_framework import serializers

from accounts.tokens import RESULTS
from api.fields import Choice, Output, Query
from api.operations import operation
from materiality.change.amounts import Line, lines_of, places_moved, tiers_moved
from materiality.change.comparison import Comparison, comparison_of, why_not_compared
from materiality.change.sentences import criterion, headline, report_text
from materiality.change.years import Place, Year
from materiality.files.options import LANGUAGES
from materiality.scoring.change import Interval
from scoping.api.base import AssessmentViews
from scoping.continuity import Relation


class YearOutput(Output):
    assessment = serializers.SlugField()
    reporting_period = serializers.CharField()
    published = serializers.BooleanField(help_text="Whether it is the list that was published, without scores.")
    answers = serializers.IntegerField()
    simulated = serializers.IntegerField(help_text="How many of the answers nobody gave.")
    tiers = serializers.ListField(child=serializers.CharField(), help_text="The highest first.")


class StandingOutput(Output):
    rank = serializers.IntegerField(allow_null=True)
    tier = serializers.CharField(allow_null=True)
    priority = serializers.FloatField(allow_null=True)
    computed_tier = serializers.CharField(help_text="Where people gave another one; empty where they did not.")


class StandingBeforeOutput(StandingOutput):
    code = serializers.CharField()
    name = serializers.CharField()


class ChancesOutput(Output):
    higher = serializers.FloatField()
    same = serializers.FloatField()
    lower = serializers.FloatField()


def _limits(**more: Any) -> serializers.ListField:
    return serializers.ListField(child=serializers.FloatField(), allow_null=True, **more)


class YearlyMoveOutput(Output):
    code = serializers.CharField()
    name = serializers.CharField()
    relation = serializers.ChoiceField([relation.value for relation in Relation])
    note = serializers.CharField()
    before = StandingBeforeOutput(many=True, help_text="The issues that it continues; what was dropped: itself.")
    now = StandingOutput(allow_null=True, help_text="Null: it is on the list no more, or the result has none of it.")
    ranks_gained = serializers.IntegerField(
        allow_null=True, help_text="Below 0 where it fell; null where it continues no single issue, or has no rank."
    )
    ranks_gained_interval = _limits(help_text="Low and high, not rounded; null where nothing is known of it.")
    tiers_gained = serializers.IntegerField(allow_null=True, help_text="The same of tiers, the highest being first.")
    tier_chances = ChancesOutput(allow_null=True, help_text="Probabilities of its standing in another tier, or none.")
    priority_change = serializers.FloatField(allow_null=True, help_text="In what `measure` says.")
    priority_change_interval = _limits(help_text="Low and high; null where nothing is known of it.")
    p_value = serializers.FloatField(allow_null=True)
    p_value_adjusted = serializers.FloatField(allow_null=True, help_text="For all moves that are looked at together.")
    larger_than_uncertainty = serializers.BooleanField(help_text="Whether the move of priority is.")
    tier_in_words = serializers.CharField(help_text="How its tier moved, and how surely.")
    verdict = serializers.CharField(help_text="Whether its move is larger than its uncertainty, or why none is known.")


class YearsOutput(Output):
    example: ClassVar = {
        "why_not": "",
        "before": {
            "assessment": "example-2025",
            "reporting_period": "2025",
            "published": False,
            "answers": 540,
            "simulated": 0,
            "tiers": ["Highly important", "Important"],
        },
        "now": {
            "assessment": "example-2026",
            "reporting_period": "2026",
            "published": False,
            "answers": 600,
            "simulated": 0,
            "tiers": ["Highly important", "Important"],
        },
        "linked": True,
        "tiers_compared": True,
        "measure": "points",
        "interval": 0.9,
        "headline": "New among the highly important issues: Water. One of 18 moves is larger than its uncertainty.",
        "summary": "18 issues the same as in 2025.",
        "criterion": "A move is larger than its uncertainty when …",
        "notes": [],
        "issues": [
            {
                "code": "water",
                "name": "Water",
                "relation": "same",
                "note": "",
                "before": [
                    {
                        "code": "water",
                        "name": "Water",
                        "rank": 3,
                        "tier": "Important",
                        "priority": 4.1,
                        "computed_tier": "",
                    }
                ],
                "now": {"rank": 1, "tier": "Highly important", "priority": 4.6, "computed_tier": ""},
                "ranks_gained": 2,
                "ranks_gained_interval": [1.0, 3.0],
                "tiers_gained": 1,
                "tier_chances": {"higher": 0.97, "same": 0.03, "lower": 0.0},
                "priority_change": 0.5,
                "priority_change_interval": [0.36, 0.64],
                "p_value": 0.0,
                "p_value_adjusted": 0.0,
                "larger_than_uncertainty": True,
                "tier_in_words": "higher tier, settled (97 %)",
                "verdict": "Larger than its uncertainty",
            }
        ],
        "report": "Changes to the list of material topics in 2026, compared with 2025. …",
    }

    why_not = serializers.CharField(help_text="Why nothing can be compared, and what to do; empty where it can.")
    before = YearOutput(allow_null=True, help_text="Null: there is no result of it.")
    now = YearOutput(allow_null=True, help_text="Null: there is no result of it.")
    linked = serializers.BooleanField(help_text="Whether any issue continues one of the year before.")
    tiers_compared = serializers.BooleanField(help_text="Whether both years have as many tiers.")
    measure = serializers.ChoiceField(
        ["points", "share"],
        allow_null=True,
        help_text="How priorities are compared: in points, as shares of scales that differ, or (null) not at all.",
    )
    interval = serializers.FloatField(allow_null=True, help_text="The probability with which intervals hold.")
    headline = serializers.CharField()
    summary = serializers.CharField(help_text="What became of the list.")
    criterion = serializers.CharField(help_text="When a move counts as larger than its uncertainty; empty: none does.")
    notes = serializers.ListField(child=serializers.CharField(), help_text="What to know of this comparison.")
    issues = YearlyMoveOutput(many=True, help_text="By rank, then those without one, then what was dropped.")
    report = serializers.CharField(help_text="For the report: what GRI 3-2 asks, in paragraphs.")


class YearsQuery(Query):
    language = Choice(list(LANGUAGES), default="en", help_text="Of the sentences.")


class YearsCompared(AssessmentViews):
    tag, noun, writes = "Continuity", "years_compared", RESULTS

    @operation(gives=YearsOutput, query=YearsQuery, reads=True)
    def read(self, slug: str, query: dict[str, Any]) -> dict[str, Any]:
        """Read how ranks, tiers and priorities moved since the assessment before, in numbers and in sentences.

        `why_not` says why there is no comparison; nothing else is told then but what there is of either year. What
        became of the list is told without results too, by `changes/`."""
        assessment = self.assessment(slug)
        with translation.override(query["language"]):
            comparison, before, now = comparison_of(organisation=self.organisation, assessment=assessment)
            told = {
                "why_not": why_not_compared(assessment, before, now),
                "before": _year(before) if before else None,
                "now": _year(now) if now else None,
            }
            return told | (_compared(comparison) if comparison else _NOTHING)


_NOTHING: dict[str, Any] = {
    "linked": False, "tiers_compared": False, "measure": None, "interval": None, "headline": "", "summary": "",
    "criterion": "", "notes": [], "issues": [], "report": "",
}  # fmt: skip


def _year(year: Year) -> dict[str, Any]:
    return {
        "assessment": year.slug,
        "reporting_period": year.period,
        "published": year.is_published,
        "answers": year.respondents,
        "simulated": year.simulated,
        "tiers": year.tiers,
    }


def _compared(comparison: Comparison) -> dict[str, Any]:
    return {
        "linked": comparison.is_linked,
        "tiers_compared": comparison.same_tiers,
        "measure": comparison.measure,
        "interval": float(comparison.now.choice("interval")) if comparison.knows_certainty else None,
        "headline": "".join(part.text for part in headline(comparison)),
        "summary": comparison.summary,
        "criterion": criterion(comparison) if comparison.compared else "",
        "notes": comparison.notes,
        "issues": [_issue(line, comparison) for line in lines_of(comparison)],
        "report": report_text(comparison),
    }


def _issue(line: Line, comparison: Comparison) -> dict[str, Any]:
    row = line.row
    move, ranks = row.priority, row.ranks
    return {
        "code": row.code,
        "name": row.name,
        "relation": row.relation,
        "note": row.note,
        "before": [
            {"code": then.code, "name": then.name, **_standing(then.place, comparison.before)} for then in row.before
        ],
        "now": _standing(row.now, comparison.now) if row.now else None,
        "ranks_gained": places_moved(row),
        "ranks_gained_interval": _turned(ranks.interval) if ranks else None,
        "tiers_gained": tiers_moved(row) if comparison.same_tiers else None,
        "tier_chances": row.tiers,
        "priority_change": move.difference.value if move else None,
        "priority_change_interval": move.difference.interval if move else None,
        "p_value": move.difference.p_value if move else None,
        "p_value_adjusted": move.adjusted if move else None,
        "larger_than_uncertainty": row.moved_for_sure,
        "tier_in_words": line.tier,
        "verdict": line.verdict,
    }


def _standing(place: Place | None, year: Year) -> dict[str, Any]:
    if place is None:
        return {"rank": None, "tier": None, "priority": None, "computed_tier": ""}
    return {
        "rank": round(place.rank.value) if place.rank else None,
        "tier": None if place.tier is None else year.tiers[place.tier],
        "priority": place.priority.value if place.priority else None,
        "computed_tier": place.computed or "",
    }


def _turned(interval: Interval | None) -> Interval | None:
    """Up is positive, though rank 1 is the highest."""
    return (0.0 - interval[1], 0.0 - interval[0]) if interval else None


urlpatterns = [path("assessments/<slug:slug>/years-compared/", YearsCompared.as_view({"get": "read"}))]
