"""The addresses of the scoping pages, part by part."""

from scoping.urls import contacts, continuity, issues, libraries, lists, peers, scope, screening, sheets, stakeholders

app_name = "scoping"
urlpatterns = [
    *scope.urlpatterns,
    *stakeholders.urlpatterns,
    *contacts.urlpatterns,
    *issues.urlpatterns,
    *libraries.urlpatterns,
    *lists.urlpatterns,
    *screening.urlpatterns,
    *sheets.urlpatterns,
    *peers.urlpatterns,
    *continuity.urlpatterns,
]
