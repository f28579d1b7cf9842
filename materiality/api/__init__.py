"""The conclusion through the API: method, runs, results, review, proposals, publications, files."""

from materiality.api import confirming, files, method, results, reviewing

urlpatterns = [
    *method.urlpatterns,
    *results.urlpatterns,
    *reviewing.urlpatterns,
    *confirming.urlpatterns,
    *files.urlpatterns,
]
