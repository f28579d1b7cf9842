from django.urls import path

from materiality.disclosure import views

urlpatterns = [
    path("a/<slug:slug>/disclosures/", views.disclosures, name="disclosures"),
    path("a/<slug:slug>/disclosures.<slug:format>", views.disclosures_file, name="disclosures-file"),
]
