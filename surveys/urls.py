from django.urls import path

from surveys import views

app_name = "surveys"
urlpatterns = [
    path("a/<slug:slug>/survey/", views.survey, name="survey"),
    path("a/<slug:slug>/survey/open/", views.open_survey, name="open"),
    path("a/<slug:slug>/survey/close/", views.close_survey, name="close"),
    path("a/<slug:slug>/survey/reopen/", views.reopen_survey, name="reopen"),
    path("a/<slug:slug>/survey/recount/", views.recount, name="recount"),
    path("a/<slug:slug>/survey/remove-simulated/", views.remove_simulated, name="remove-simulated"),
    path("a/<slug:slug>/survey/links/<slug:group>/qr.svg", views.qr_code, name="qr"),
]
