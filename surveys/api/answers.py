"""Answers that came in, as numbers: how long they took, what looks odd, and what was left out of the count.

Numbers of fewer people than the survey promises are withheld here as on the pages. No answer is told.
"""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import path
from rest_framework import serializers

from api.accounts import JobOutput
from api.fields import Choice, Input, Output, Text
from api.operations import operation
from jobs.models import Job
from scoping.api.base import RemovedOutput
from scoping.downloads import a_file
from surveys.api.base import SurveyViews
from surveys.api.survey import LinkOutput
from surveys.links import address_of
from surveys.models import Exclusion, QualityFlag, Survey, SurveyLink, SurveyState
from surveys.monitor import findings_of, left_out_of, monitor_of
from surveys.qr import qr_svg
from surveys.selectors import tallies_of
from surveys.services import remove_simulated, renew_link, request_recount
from surveys.services.excluding import LONGEST_REASON, exclude, include_again
from surveys.services.quality import request_look


class FlagOutput(Output):
    flag = serializers.ChoiceField(QualityFlag.choices)
    answers = serializers.IntegerField(source="total", allow_null=True, help_text="Null: too few to be told.")
    groups = serializers.DictField(
        child=serializers.IntegerField(allow_null=True), help_text="By code of the group; null: too few to be told."
    )


class StopOutput(Output):
    at = serializers.CharField(source="label", help_text="The question.")
    people = serializers.IntegerField()


class FindingsOutput(Output):
    at = serializers.DateTimeField()
    looked_at = serializers.IntegerField(help_text="Answers that the flags are about.")
    median_seconds = serializers.FloatField(allow_null=True, help_text="Null: of too few people.")
    lower_quartile_seconds = serializers.FloatField(allow_null=True)
    upper_quartile_seconds = serializers.FloatField(allow_null=True)
    unfinished = serializers.IntegerField(source="drafts", allow_null=True, help_text="Begun and not sent.")
    stops = StopOutput(many=True, help_text="Where people stop.")
    flags = FlagOutput(many=True)


class MonitorOutput(Output):
    example: ClassVar = {
        "answers": 112,
        "waiting": 0,
        "simulated": 0,
        "simulated_set_aside": 0,
        "smallest_group": 5,
        "outdated": False,
        "findings": {
            "at": "2026-11-20T08:15:00Z",
            "looked_at": 112,
            "median_seconds": 260.0,
            "lower_quartile_seconds": 190.0,
            "upper_quartile_seconds": 400.0,
            "unfinished": 9,
            "stops": [{"at": "Water", "people": 6}],
            "flags": [{"flag": QualityFlag.values[0], "answers": 0, "groups": {"customers": 0}}],
        },
    }

    answers = serializers.IntegerField(help_text="That were sent.")
    waiting = serializers.IntegerField(help_text="Not counted yet.")
    simulated = serializers.IntegerField(help_text="Simulated ones among them, as long as they stand in for people's.")
    simulated_set_aside = serializers.IntegerField(
        help_text="Simulated ones that are stored and do not count, since people's can be shown."
    )
    smallest_group = serializers.IntegerField(help_text="Numbers of fewer people are not told.")
    outdated = serializers.BooleanField(help_text="Whether answers came since the last look at them.")
    findings = FindingsOutput(allow_null=True, help_text="Of the last look; null before the first.")


class ExclusionOutput(Output):
    example: ClassVar = {
        "flag": QualityFlag.values[0],
        "reason": "Nobody reads forty questions in a minute.",
        "answers": "12",
        "by": "Li Na",
        "at": "2026-12-21T07:00:00Z",
    }

    flag = serializers.ChoiceField(QualityFlag.choices)
    reason = serializers.CharField()
    answers = serializers.CharField(help_text="How many, in words where a number would tell too much.")
    by = serializers.CharField(source="who")
    at = serializers.DateTimeField(source="when")


class ExclusionsOutput(Output):
    example: ClassVar = {"exclusions": [ExclusionOutput.example]}

    exclusions = ExclusionOutput(many=True)


class ExclusionInput(Input):
    example: ClassVar = {"flag": QualityFlag.values[0], "reason": "Nobody reads forty questions in a minute."}

    flag = Choice(QualityFlag.choices)
    reason = Text(max_length=LONGEST_REASON, help_text="Reports state it.")


class Answers(SurveyViews):
    tag, noun = "Answers", "answers"
    # Which answers count changes the result: somebody says why.
    by_people: ClassVar = frozenset({"leave_out", "count_again"})

    @operation(gives=MonitorOutput, reads=True)
    def read(self, slug: str) -> dict[str, Any]:
        """Read how the answers come in, and what the last look at them found. 404 before the survey is opened."""
        survey = self._opened(slug)
        monitor = monitor_of(survey)
        folded = tallies_of(survey.assessment)
        groups = [watched.group for watched in monitor.groups]
        found = findings_of(survey, groups, folded.items if folded else [])
        told = None
        if found is not None:
            lower, median, upper = found.quartiles
            told = {
                "at": found.at,
                "looked_at": found.looked_at,
                "median_seconds": median,
                "lower_quartile_seconds": lower,
                "upper_quartile_seconds": upper,
                "drafts": found.drafts,
                "stops": found.stops,
                "flags": [
                    {
                        "flag": flag.flag,
                        "total": flag.total,
                        "groups": {group.code: cell for group, cell in zip(groups, flag.cells, strict=True)},
                    }
                    for flag in found.flags
                ],
            }
        return {
            "answers": monitor.answers,
            "waiting": monitor.waiting,
            "simulated": monitor.simulated,
            "simulated_set_aside": monitor.both.simulated if monitor.both and not monitor.both.stands_in else 0,
            "smallest_group": monitor.k,
            "outdated": monitor.outdates(found),
            "findings": told,
        }

    @operation(gives=JobOutput, status=202)
    def look(self, slug: str) -> Job:
        """Have the answers looked at. It runs as a job; then read what it found."""
        job = request_look(survey=self._opened(slug), by=self.person)
        job.refresh_from_db()
        return job

    @operation(gives=JobOutput, status=202)
    def recount(self, slug: str) -> Job:
        """Count all answers anew. It runs as a job."""
        job = request_recount(survey=self._opened(slug), by=self.person)
        job.refresh_from_db()
        return job

    @operation(gives=RemovedOutput)
    def remove_simulated(self, slug: str) -> dict[str, int]:
        """Remove simulated answers, so that only real ones are left."""
        return {"removed": remove_simulated(survey=self._opened(slug), by=self.person)}

    @operation(gives=ExclusionsOutput, reads=True)
    def read_exclusions(self, slug: str) -> dict[str, Any]:
        """Read which answers were left out of the count, and why."""
        return {"exclusions": left_out_of(self._opened(slug))}

    @operation(gives=ExclusionsOutput, takes=ExclusionInput, status=201)
    def leave_out(self, slug: str, body: dict[str, Any]) -> dict[str, Any]:
        """Leave answers with a quality flag out of the count. They stay stored; later ones are not touched."""
        survey = self._opened(slug)
        exclude(survey=survey, by=self.answering, **body)
        return {"exclusions": left_out_of(survey)}

    @operation(status=204)
    def count_again(self, slug: str, flag: str) -> None:
        """Count answers again that were left out."""
        include_again(exclusion=Exclusion.objects.get(survey=self._opened(slug), flag=flag), by=self.answering)

    def _opened(self, slug: str) -> Survey:
        found = self.survey(slug)
        if found.state == SurveyState.DRAFT:
            raise Http404
        return found


# --- a group's link ---------------------------------------------------------------------------------------
class GroupLinkOutput(LinkOutput):
    example: ClassVar = {"group": "customers", "name": "Customers", "address": "https://salient.example.org/s/Zk3…"}


class GroupLinks(SurveyViews):
    tag, noun = "Survey", "group_links"

    @operation(gives=GroupLinkOutput)
    def renew(self, slug: str, code: str) -> dict[str, str]:
        """Give a group another link. The one before opens nothing any more."""
        link = renew_link(link=self._links(slug).get(group__code=code), by=self.person)
        return {"group": link.group.code, "name": link.group.name, "address": address_of(link.token)}

    @operation(content_type="image/svg+xml", reads=True)
    def qr(self, slug: str, code: str) -> HttpResponse:
        """Fetch the QR code of a group's link, as an SVG picture."""
        link = self._links(slug).get(group__code=code)
        return a_file(qr_svg(address_of(link.token)), "image/svg+xml", f"{slug}-{code}-qr.svg")

    def _links(self, slug: str) -> QuerySet[SurveyLink]:
        return SurveyLink.objects.filter(survey=self.survey(slug)).select_related("group")


_SURVEY = "assessments/<slug:slug>/survey/"
_LINK = f"{_SURVEY}links/<slug:code>/"
urlpatterns = [
    path(f"{_SURVEY}answers/", Answers.as_view({"get": "read"})),
    path(f"{_SURVEY}answers/look/", Answers.as_view({"post": "look"})),
    path(f"{_SURVEY}answers/recount/", Answers.as_view({"post": "recount"})),
    path(f"{_SURVEY}answers/remove-simulated/", Answers.as_view({"post": "remove_simulated"})),
    path(f"{_SURVEY}exclusions/", Answers.as_view({"get": "read_exclusions", "post": "leave_out"})),
    path(f"{_SURVEY}exclusions/<slug:flag>/", Answers.as_view({"delete": "count_again"})),
    path(f"{_LINK}renew/", GroupLinks.as_view({"post": "renew"})),
    path(f"{_LINK}qr/", GroupLinks.as_view({"get": "qr"})),
]
