from django.apps import AppConfig
from django.utils.translation import gettext_noop


class WebhooksConfig(AppConfig):
    name = "webhooks"

    def ready(self) -> None:
        from jobs.registry import register, register_sweeper
        from webhooks import services

        register(services.DELIVER, services.deliver, title=gettext_noop("Telling a webhook"))
        register_sweeper(services.forget_old)
