from django.apps import AppConfig
from django.utils.translation import gettext_noop


class MaterialityConfig(AppConfig):
    name = "materiality"

    def ready(self) -> None:
        from accounts.audit import seal_new
        from jobs.registry import register, register_follower, register_sweeper
        from materiality import services, tasks
        from materiality.confirmation.selectors import conclusion_of, conclusions_of
        from materiality.selectors import has_result, objection_to_removal
        from materiality.services import mailing
        from scoping.services.assessments import register_objection
        from scoping.steps import register_confirmation, register_result
        from surveys.services import rights

        register(services.ANALYSE, tasks.analyse, title=gettext_noop("Analysis"), page=tasks.results_page)
        register(mailing.TELL, mailing.send_mail, title=gettext_noop("Mail to a member"))
        register(tasks.EXPORT, tasks.make_file, title=gettext_noop("File"), page=tasks.files_page)
        register_result(has_result)
        register_confirmation(conclusion_of, conclusions_of)
        register_objection(objection_to_removal)
        register_follower(tasks.look_after)
        rights.register_follower(tasks.look_at)
        register_sweeper(services.void_changed)
        register_sweeper(seal_new)
        register_sweeper(tasks.sweep_files)
