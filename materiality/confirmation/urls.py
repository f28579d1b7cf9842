from django.urls import path

from materiality.confirmation import views

urlpatterns = [
    path("a/<slug:slug>/confirmation/", views.confirmation, name="confirmation"),
    path("a/<slug:slug>/confirmation/<uuid:proposal>/sign/", views.sign, name="confirmation-sign"),
    path("a/<slug:slug>/confirmation/<uuid:proposal>/withdraw/", views.withdraw, name="confirmation-withdraw"),
    path("a/<slug:slug>/confirmation/<uuid:proposal>/reopen/", views.reopen, name="confirmation-reopen"),
]
