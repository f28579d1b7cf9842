from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"

    def ready(self) -> None:
        from api.idempotency import forget_old_replies
        from jobs.registry import register_sweeper

        register_sweeper(forget_old_replies)
