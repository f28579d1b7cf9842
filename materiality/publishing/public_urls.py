"""Addresses of public reports, under /reports/: for anybody, without signing in."""

from django.urls import path

from materiality.publishing import public_views

urlpatterns = [
    path("reports/colours/<str:named>.css", public_views.colours, name="report-colours"),
    path("reports/<slug:slug>/", public_views.report, name="report"),
    path("reports/<slug:slug>/issues/", public_views.issues, name="report-issues"),
    path("reports/<slug:slug>/matrix/", public_views.matrix, name="report-matrix"),
    path("reports/<slug:slug>/files/<str:name>", public_views.file, name="report-file"),
]
