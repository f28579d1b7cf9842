from django.urls import path

from materiality.house_style import views

urlpatterns = [path("house-style/", views.house_style, name="house-style")]
