"""The API, version 1: every floor's addresses below /api/v1/."""

from django.urls import include, path, re_path

from api import pages
from api.accounts import urlpatterns as accounts
from materiality.api import urlpatterns as materiality
from scoping.api import urlpatterns as scoping
from surveys.api import urlpatterns as surveys
from webhooks.api import urlpatterns as webhooks

version_1 = [
    path("schema/", pages.SchemaFile.as_view(), name="api-schema"),
    path("docs/", pages.docs, name="api-docs"),
    *accounts,
    *webhooks,
    *scoping,
    *surveys,
    *materiality,
]
urlpatterns = [
    path("v1/", include(version_1)),
    re_path(r"", pages.Nothing.as_view()),
]
