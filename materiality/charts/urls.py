"""Addresses of the charts."""

from django.urls import path

from materiality.charts import views

urlpatterns = [
    path("a/<slug:slug>/charts/", views.charts, name="charts"),
    path("a/<slug:slug>/charts/<slug:chart>.<slug:format>", views.chart_file, name="chart"),
]
