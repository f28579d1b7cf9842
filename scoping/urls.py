from django.urls import path

app_name = "scoping"
urlpatterns = []
