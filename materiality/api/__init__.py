"""The conclusion through the API: method, runs, results, scenarios, review, proposals, publications, files, and how
these look."""

from materiality.api import (
    changes,
    charts,
    confirming,
    disclosures,
    files,
    house_style,
    method,
    results,
    reviewing,
    scenarios,
    statement,
)

urlpatterns = [
    *method.urlpatterns,
    *results.urlpatterns,
    *changes.urlpatterns,
    *charts.urlpatterns,
    *statement.urlpatterns,
    *disclosures.urlpatterns,
    *scenarios.urlpatterns,
    *reviewing.urlpatterns,
    *confirming.urlpatterns,
    *files.urlpatterns,
    *house_style.urlpatterns,
]
