from django.urls import path

app_name = "materiality"
urlpatterns = []
