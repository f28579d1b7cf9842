"""The long list, mentions, near-duplicates, and the sheet of each issue."""

from django.urls import path

from scoping.views import issues

urlpatterns = [
    path("a/<slug:slug>/scoping/long-list/", issues.long_list, name="long-list"),
    path("a/<slug:slug>/scoping/duplicates/", issues.duplicates, name="duplicates"),
    path("a/<slug:slug>/scoping/paste/", issues.paste, name="paste"),
    path("a/<slug:slug>/scoping/issues/", issues.issue, name="issue-new"),
    path("a/<slug:slug>/scoping/issues/<slug:code>/", issues.issue, name="issue"),
    path("a/<slug:slug>/scoping/issues/<slug:code>/remove/", issues.issue_remove, name="issue-remove"),
    path("a/<slug:slug>/scoping/issues/<slug:code>/sheet/", issues.sheet, name="sheet"),
    path("a/<slug:slug>/scoping/issues/<slug:code>/sheet/edit/", issues.sheet_edit, name="sheet-edit"),
    path("a/<slug:slug>/scoping/issues/<slug:code>/mentions/", issues.mention, name="mention-new"),
    path("a/<slug:slug>/scoping/issues/<slug:code>/mentions/<int:mention_id>/", issues.mention, name="mention"),
    path(
        "a/<slug:slug>/scoping/issues/<slug:code>/mentions/<int:mention_id>/remove/",
        issues.mention_remove,
        name="mention-remove",
    ),
    path("a/<slug:slug>/scoping/issues/<slug:code>/merge/", issues.merge, name="merge"),
    path("a/<slug:slug>/scoping/issues/<slug:code>/unmerge/", issues.unmerge, name="unmerge"),
    path("a/<slug:slug>/scoping/issues/<slug:code>/apart/", issues.apart, name="apart"),
]
