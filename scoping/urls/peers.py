"""What other companies published, beside our list."""

from django.urls import path

from scoping.views import peers

urlpatterns = [
    path("a/<slug:slug>/scoping/peers/", peers.peers, name="peers"),
    path("a/<slug:slug>/scoping/peers/new/", peers.edit, name="peer-new"),
    path("a/<slug:slug>/scoping/peers/take/", peers.take, name="peer-take"),
    path("a/<slug:slug>/scoping/peers/match/", peers.match, name="peer-match"),
    # A published case goes by its name, a peer that members entered by its id: both are slugs.
    path("a/<slug:slug>/scoping/peers/<slug:peer>/", peers.peer, name="peer"),
    path("a/<slug:slug>/scoping/peers/<slug:peer>/edit/", peers.edit, name="peer-edit"),
    path("a/<slug:slug>/scoping/peers/<slug:peer>/remove/", peers.remove, name="peer-remove"),
]
