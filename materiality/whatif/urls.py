from django.urls import path

from materiality.whatif import views

urlpatterns = [
    path("a/<slug:slug>/what-if/", views.page, name="whatif"),
    path("a/<slug:slug>/what-if/result/", views.result, name="whatif-result"),
    path("a/<slug:slug>/what-if/robustness/", views.robustness, name="whatif-robustness"),
]
