from django.apps import AppConfig


class MaterialityConfig(AppConfig):
    name = "materiality"
