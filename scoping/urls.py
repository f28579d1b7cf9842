from django.urls import path

from scoping import views

app_name = "scoping"
urlpatterns = [
    path("", views.assessments, name="assessments"),
    path("assessments/new/", views.create, name="create"),
    path("assessments/load/", views.load_published, name="load-published"),
    path("a/<slug:slug>/edit/", views.edit, name="edit"),
    path("a/<slug:slug>/remove/", views.remove, name="remove"),
    path("a/<slug:slug>/scoping/", views.scope, name="scope"),
    path("a/<slug:slug>/scoping/groups/", views.group, name="group-new"),
    path("a/<slug:slug>/scoping/groups/<slug:code>/", views.group, name="group"),
    path("a/<slug:slug>/scoping/groups/<slug:code>/remove/", views.group_remove, name="group-remove"),
    path("a/<slug:slug>/scoping/issues/", views.issue, name="issue-new"),
    path("a/<slug:slug>/scoping/issues/<slug:code>/", views.issue, name="issue"),
    path("a/<slug:slug>/scoping/issues/<slug:code>/remove/", views.issue_remove, name="issue-remove"),
    path("a/<slug:slug>/scoping/paste/", views.paste, name="paste"),
    path("a/<slug:slug>/scoping/tiers/", views.tiers, name="tiers"),
    path("a/<slug:slug>/scoping/concerns/", views.concern, name="concern-new"),
    path("a/<slug:slug>/scoping/concerns/<int:concern_id>/", views.concern, name="concern"),
    path("a/<slug:slug>/scoping/concerns/<int:concern_id>/remove/", views.concern_remove, name="concern-remove"),
]
