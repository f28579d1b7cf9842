"""Assessments, and what one will ask."""

from django.urls import path

from scoping.views import assessments, scope

urlpatterns = [
    path("", assessments.assessments, name="assessments"),
    path("assessments/new/", assessments.create, name="create"),
    path("assessments/load/", assessments.load_published, name="load-published"),
    path("a/<slug:slug>/edit/", assessments.edit, name="edit"),
    path("a/<slug:slug>/remove/", assessments.remove, name="remove"),
    path("a/<slug:slug>/scoping/", scope.scope, name="scope"),
    path("a/<slug:slug>/scoping/groups/", scope.group, name="group-new"),
    path("a/<slug:slug>/scoping/groups/<slug:code>/", scope.group, name="group"),
    path("a/<slug:slug>/scoping/groups/<slug:code>/remove/", scope.group_remove, name="group-remove"),
    path("a/<slug:slug>/scoping/tiers/", scope.tiers, name="tiers"),
    path("a/<slug:slug>/scoping/concerns/", scope.concern, name="concern-new"),
    path("a/<slug:slug>/scoping/concerns/<int:concern_id>/", scope.concern, name="concern"),
    path("a/<slug:slug>/scoping/concerns/<int:concern_id>/remove/", scope.concern_remove, name="concern-remove"),
]
