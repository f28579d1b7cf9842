"""Every address of the site. A path that begins with /o/<organisation>/ is for that organisation's members; reports
under /reports/ are for anybody."""

from django.urls import include, path
from django.views.i18n import set_language

handler400 = "api.pages.bad_request"
urlpatterns = [
    path("", include("surveys.respondent_urls")),
    path("", include("materiality.publishing.public_urls")),
    path("language/", set_language, name="set_language"),
    path("api/", include("config.api")),
    path("", include("accounts.urls")),
    path("o/<slug:organisation>/jobs/", include("jobs.urls")),
    path("o/<slug:organisation>/", include("webhooks.urls")),
    path("o/<slug:organisation>/", include("scoping.urls")),
    path("o/<slug:organisation>/", include("surveys.urls")),
    path("o/<slug:organisation>/", include("materiality.urls")),
]
