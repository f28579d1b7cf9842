"""The conclusion through the API: method, runs, results, scenarios, review, proposals, publications, files."""

from materiality.api import charts, confirming, files, method, results, reviewing, scenarios, statement

urlpatterns = [
    *method.urlpatterns,
    *results.urlpatterns,
    *charts.urlpatterns,
    *statement.urlpatterns,
    *scenarios.urlpatterns,
    *reviewing.urlpatterns,
    *confirming.urlpatterns,
    *files.urlpatterns,
]
