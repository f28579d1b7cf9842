from django.urls import path

from materiality.publishing import views

urlpatterns = [
    path("a/<slug:slug>/publish/", views.page, name="publish"),
    path("a/<slug:slug>/publish/preview/", views.preview, name="publish-preview"),
    path("a/<slug:slug>/publish/now/", views.publish, name="publish-now"),
    path("a/<slug:slug>/publish/withdraw/", views.withdraw, name="publish-withdraw"),
]
