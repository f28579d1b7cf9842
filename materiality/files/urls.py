from django.urls import path

from materiality.files import views

urlpatterns = [
    path("a/<slug:slug>/files/", views.files, name="files"),
    path("a/<slug:slug>/files/<uuid:file>/delete/", views.delete, name="file-delete"),
    path("a/<slug:slug>/files/<uuid:file>/<str:filename>", views.download, name="file"),
]
