from django.urls import path

from materiality.exports.paper import views

urlpatterns = [
    path("a/<slug:slug>/confirmation/<int:number>/paper.pdf", views.paper, name="paper"),
    path("a/<slug:slug>/confirmation/<int:number>/minutes.txt", views.minutes, name="minutes"),
]
