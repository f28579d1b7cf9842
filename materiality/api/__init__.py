"""The conclusion through the API: method, runs, results, scenarios, review, proposals, publications, files."""

from materiality.api import confirming, files, method, results, reviewing, scenarios

urlpatterns = [
    *method.urlpatterns,
    *results.urlpatterns,
    *scenarios.urlpatterns,
    *reviewing.urlpatterns,
    *confirming.urlpatterns,
    *files.urlpatterns,
]
