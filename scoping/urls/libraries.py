"""The libraries to pick issues from."""

from django.urls import path

from scoping.views import libraries

urlpatterns = [
    path("a/<slug:slug>/scoping/libraries/", libraries.libraries, name="libraries"),
    path("a/<slug:slug>/scoping/libraries/<slug:library>/", libraries.library, name="library"),
    path("a/<slug:slug>/scoping/libraries/<slug:library>/pick/", libraries.pick, name="library-pick"),
]
