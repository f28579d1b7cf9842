"""Lists as files: in, with a preview, and out."""

from django.urls import path

from scoping.views import lists

urlpatterns = [
    path("a/<slug:slug>/scoping/import/<slug:kind>/", lists.upload, name="list-import"),
    path("a/<slug:slug>/scoping/peers/<uuid:peer>/import/", lists.upload_peer, name="peer-import"),
    path("a/<slug:slug>/scoping/imports/<uuid:pending>/", lists.preview, name="list-preview"),
    path("a/<slug:slug>/scoping/imports/<uuid:pending>/apply/", lists.apply, name="list-apply"),
    path("a/<slug:slug>/scoping/imports/<uuid:pending>/cancel/", lists.cancel, name="list-cancel"),
    path("a/<slug:slug>/scoping/export/<slug:kind>.<slug:format>", lists.export, name="list-export"),
    path("a/<slug:slug>/scoping/template/<slug:kind>.<slug:format>", lists.template, name="list-template"),
]
