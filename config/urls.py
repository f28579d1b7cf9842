"""Every address of the site. A path that begins with /o/<organisation>/ is for that organisation's members."""

from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    path("", include("surveys.respondent_urls")),
    path("language/", set_language, name="set_language"),
    path("", include("accounts.urls")),
    path("o/<slug:organisation>/jobs/", include("jobs.urls")),
    path("o/<slug:organisation>/", include("webhooks.urls")),
    path("o/<slug:organisation>/", include("scoping.urls")),
    path("o/<slug:organisation>/", include("surveys.urls")),
    path("o/<slug:organisation>/", include("materiality.urls")),
]
