from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "surveys"

    def ready(self) -> None:
        from django.urls import reverse

        from jobs import registry
        from jobs.models import Job
        from surveys import tasks
        from surveys.services.folding import FOLD, RECOUNT

        def survey_page(job: Job) -> str:
            return reverse("surveys:survey", kwargs={"organisation": job.organisation.slug, "slug": job.subject})

        registry.register(FOLD, tasks.fold, title="Counting new answers", page=survey_page)
        registry.register(RECOUNT, tasks.recount, title="Counting every answer afresh", page=survey_page)
        registry.register_sweeper(tasks.sweep)
