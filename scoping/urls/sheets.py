"""The tables of the report: the issue table, the pillars of the model, and the content index."""

from django.urls import path

from scoping.views import sheets

urlpatterns = [
    path("a/<slug:slug>/scoping/issue-table/", sheets.table, name="issue-table"),
    path("a/<slug:slug>/scoping/pillars/", sheets.pillar, name="pillar-new"),
    path("a/<slug:slug>/scoping/pillars/<int:pillar_id>/", sheets.pillar, name="pillar"),
    path("a/<slug:slug>/scoping/pillars/<int:pillar_id>/remove/", sheets.pillar_remove, name="pillar-remove"),
    path("a/<slug:slug>/scoping/content-index/", sheets.index, name="content-index"),
    path("a/<slug:slug>/scoping/content-index/start/", sheets.index_start, name="index-start"),
    path("a/<slug:slug>/scoping/content-index/remove/", sheets.index_remove, name="index-remove"),
    path("a/<slug:slug>/scoping/content-index/locations/", sheets.locations, name="locations"),
    path("a/<slug:slug>/scoping/content-index/new/", sheets.entry, name="entry-new"),
    path("a/<slug:slug>/scoping/content-index/<int:entry_id>/", sheets.entry, name="entry"),
    path("a/<slug:slug>/scoping/content-index/<int:entry_id>/remove/", sheets.entry_remove, name="entry-remove"),
]
