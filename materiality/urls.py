from django.urls import path

from materiality import views

app_name = "materiality"
urlpatterns = [
    path("a/<slug:slug>/", views.overview, name="overview"),
    path("a/<slug:slug>/process/", views.process, name="process"),
    path("a/<slug:slug>/statement/", views.statement, name="statement"),
    path("a/<slug:slug>/statement.txt", views.statement_text, name="statement-text"),
    path("a/<slug:slug>/analyse/", views.analyse, name="analyse"),
    path("a/<slug:slug>/method/", views.method, name="method"),
    path("a/<slug:slug>/results/", views.results, name="results"),
    path("a/<slug:slug>/results/<uuid:run>/", views.run, name="run"),
    path("a/<slug:slug>/results/<uuid:run>/<str:filename>", views.export, name="export"),
]
