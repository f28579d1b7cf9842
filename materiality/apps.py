from django.apps import AppConfig
from django.utils.translation import gettext_noop


class MaterialityConfig(AppConfig):
    name = "materiality"

    def ready(self) -> None:
        from jobs.registry import register, register_sweeper
        from materiality import services, tasks
        from materiality.selectors import has_result
        from scoping.steps import register_result

        register(services.ANALYSE, tasks.analyse, title=gettext_noop("Analysis"), page=tasks.results_page)
        register_result(has_result)
        register_sweeper(services.void_changed)
