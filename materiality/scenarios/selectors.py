"""Reads of scenarios, always scoped to an organisation."""

from collections.abc import Sequence
from uuid import UUID

from accounts.models import Organisation
from materiality.models import Scenario
from scoping.models import Assessment


def scenarios_of(*, organisation: Organisation, assessment: Assessment) -> list[Scenario]:
    """Newest first, without their results, which are large."""
    found = Scenario.objects.filter(assessment=assessment, assessment__organisation=organisation)
    return list(found.select_related("created_by").defer("results"))


def with_results(*, organisation: Organisation, assessment: Assessment, chosen: Sequence[UUID]) -> list[Scenario]:
    """The chosen scenarios with their results, in the order of `chosen`; those that are gone are passed over."""
    found = Scenario.objects.filter(pk__in=chosen, assessment=assessment, assessment__organisation=organisation)
    by_key = {scenario.pk: scenario for scenario in found.select_related("assessment", "created_by")}
    return [by_key[pk] for pk in dict.fromkeys(chosen) if pk in by_key]


def get_scenario(*, organisation: Organisation, assessment: Assessment, scenario: UUID) -> Scenario:
    """Raises Scenario.DoesNotExist, also for a scenario of another organisation."""
    return Scenario.objects.select_related("assessment").get(
        pk=scenario, assessment=assessment, assessment__organisation=organisation
    )
