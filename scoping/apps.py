from django.apps import AppConfig


class ScopingConfig(AppConfig):
    name = "scoping"

    def ready(self) -> None:
        from jobs import registry
        from scoping.lists.pending import forget_undecided

        registry.register_sweeper(forget_undecided)
