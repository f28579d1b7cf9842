"""The stakeholder register, scores and weights."""

from django.urls import path

from scoping.views import stakeholders

urlpatterns = [
    path("a/<slug:slug>/scoping/stakeholders/", stakeholders.stakeholders, name="stakeholders"),
    path("a/<slug:slug>/scoping/scores/", stakeholders.scores, name="scores"),
    path("a/<slug:slug>/scoping/scores/edit/", stakeholders.scores_edit, name="scores-edit"),
    path("a/<slug:slug>/scoping/scores/accept/", stakeholders.weights_accept, name="weights-accept"),
    path("a/<slug:slug>/scoping/scores/grid.<slug:format>", stakeholders.grid_figure, name="grid-figure"),
    path("a/<slug:slug>/scoping/groups/<slug:code>/sheet/", stakeholders.group_sheet, name="group-sheet"),
    path("a/<slug:slug>/scoping/groups/<slug:code>/channels/", stakeholders.channel, name="channel-new"),
    path("a/<slug:slug>/scoping/groups/<slug:code>/weight/", stakeholders.weight, name="weight"),
    path("a/<slug:slug>/scoping/groups/<slug:code>/weight/accept/", stakeholders.weight_accept, name="weight-accept"),
    path("a/<slug:slug>/scoping/channels/<int:channel_id>/", stakeholders.channel, name="channel"),
    path("a/<slug:slug>/scoping/channels/<int:channel_id>/remove/", stakeholders.channel_remove, name="channel-remove"),
]
