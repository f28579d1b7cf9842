from django.urls import path

from materiality.scenarios import views

urlpatterns = [
    path("a/<slug:slug>/scenarios/", views.scenarios, name="scenarios"),
    path("a/<slug:slug>/scenarios.<str:format>", views.export, name="scenarios-export"),
    path("a/<slug:slug>/scenarios/keep/", views.keep, name="scenario-keep"),
    path("a/<slug:slug>/scenarios/<uuid:scenario>.json", views.record, name="scenario-json"),
    path("a/<slug:slug>/scenarios/<uuid:scenario>/rename/", views.rename, name="scenario-rename"),
    path("a/<slug:slug>/scenarios/<uuid:scenario>/delete/", views.delete, name="scenario-delete"),
]
