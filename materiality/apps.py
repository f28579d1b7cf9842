from django.apps import AppConfig


class MaterialityConfig(AppConfig):
    name = "materiality"

    def ready(self) -> None:
        from jobs.registry import register
        from materiality import services, tasks

        register(services.ANALYSE, tasks.analyse, title="Analysis", page=tasks.results_page)
