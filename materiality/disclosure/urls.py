from django.urls import path

from materiality.disclosure import views

urlpatterns = [
    path("a/<slug:slug>/disclosures/", views.disclosures, name="disclosures"),
    path("a/<slug:slug>/disclosures.xlsx", views.disclosures_file, {"format": "xlsx"}, name="disclosures-xlsx"),
    path("a/<slug:slug>/disclosures.docx", views.disclosures_file, {"format": "docx"}, name="disclosures-docx"),
]
