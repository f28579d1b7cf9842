from django.apps import AppConfig
from django.utils.translation import gettext_noop


class SurveysConfig(AppConfig):
    name = "surveys"

    def ready(self) -> None:
        from django.urls import reverse

        from jobs import registry
        from jobs.models import Job
        from surveys import tasks
        from surveys.imports.uploads import forget_abandoned
        from surveys.services.folding import FOLD
        from surveys.services.inviting import INVITE
        from surveys.services.mailing import SEND
        from surveys.services.mixing import MIX
        from surveys.services.pieces import HELP
        from surveys.services.purging import PURGE
        from surveys.services.quality import QUALITY
        from surveys.services.recounting import RECOUNT

        def survey_page(job: Job) -> str:
            return reverse("surveys:survey", kwargs={"organisation": job.organisation.slug, "slug": job.subject})

        def watch_page(job: Job) -> str:
            return reverse("surveys:watch", kwargs={"organisation": job.organisation.slug, "slug": job.subject})

        def invitations_page(job: Job) -> str:
            return reverse("surveys:invitations", kwargs={"organisation": job.organisation.slug, "slug": job.subject})

        registry.register(FOLD, tasks.fold, title=gettext_noop("Counting new answers"), page=survey_page)
        registry.register(RECOUNT, tasks.recount, title=gettext_noop("Counting every answer afresh"), page=survey_page)
        registry.register(
            HELP, tasks.help_recount, title=gettext_noop("Helping to count every answer afresh"), page=survey_page
        )
        registry.register(QUALITY, tasks.look_at_quality, title=gettext_noop("Looking at the answers"), page=watch_page)
        registry.register(
            INVITE, tasks.invite, title=gettext_noop("Adding people to the invitations"), page=invitations_page
        )
        registry.register(SEND, tasks.send_mails, title=gettext_noop("Sending mails"), page=invitations_page)
        registry.register(MIX, tasks.mix, title=gettext_noop("Mixing the answers"), page=survey_page)
        registry.register(PURGE, tasks.purge_survey, title=gettext_noop("Deleting personal data"), page=survey_page)
        registry.register_sweeper(tasks.sweep)
        registry.register_sweeper(forget_abandoned)
