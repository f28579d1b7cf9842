"""Every address of the site. A path that begins with /o/<organisation>/ is for that organisation's members."""

from django.urls import include, path

urlpatterns = [
    path("s/", include("surveys.respondent_urls")),
    path("", include("accounts.urls")),
    path("o/<slug:organisation>/jobs/", include("jobs.urls")),
    path("o/<slug:organisation>/", include("scoping.urls")),
    path("o/<slug:organisation>/", include("surveys.urls")),
    path("o/<slug:organisation>/", include("materiality.urls")),
]
