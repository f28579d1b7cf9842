"""Addresses of jobs, below /o/<organisation>/jobs/."""

from django.urls import path

from jobs import views

app_name = "jobs"
urlpatterns = [
    path("<uuid:job>/", views.job_page, name="job"),
    path("<uuid:job>/progress/", views.progress, name="progress"),
    path("<uuid:job>/retry/", views.retry, name="retry"),
]
