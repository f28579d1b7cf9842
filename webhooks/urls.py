from django.urls import path

from webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("webhooks/", views.endpoints, name="endpoints"),
    path("webhooks/<uuid:endpoint>/", views.endpoint, name="endpoint"),
    path("webhooks/<uuid:endpoint>/act/", views.act, name="act"),
    path("webhooks/deliveries/<uuid:delivery>/again/", views.send_again, name="send-again"),
]
