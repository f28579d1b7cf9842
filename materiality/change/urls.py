"""Addresses of the comparison of years."""

from django.urls import path

from materiality.change import views

urlpatterns = [
    path("a/<slug:slug>/changes/", views.changes, name="changes"),
    path("a/<slug:slug>/changes.<str:format>", views.export, name="changes-export"),
]
