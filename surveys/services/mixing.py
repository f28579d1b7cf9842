"""Taking the order of arrival away from the answers of an anonymous survey, once it is closed.

Tables keep their rows in the order of writing. Reminders say who had not answered by a day, and the servers in front of
this one may know who came when: beside such a list the order of the answers would say whose they are, and the order of
the comments whose they are. So all of them are written anew in the order of their keys, which are random, by one
transaction.
"""

from django.db import connection, transaction
from django.db.models import Model

from accounts.models import User
from jobs.models import Job
from jobs.services import enqueue
from surveys.models import Anonymity, Comment, Response, Survey, SurveyState
from surveys.release import settle
from surveys.services.folding import fold_responses, locked_questionnaire

MIX = "surveys.mix"


def request_mixing(*, survey: Survey, by: User | None = None) -> Job | None:
    """Ask the worker to mix the answers of a survey that is being closed; None where nobody was promised it, or no
    answer can have come by a personal link and none has comments."""
    if survey.anonymity != Anonymity.ANONYMOUS:
        return None
    if not (survey.rolls.exists() or Comment.objects.filter(questionnaire__survey=survey).exists()):
        return None
    return enqueue(
        kind=MIX,
        organisation=survey.assessment.organisation,
        subject=survey.assessment.slug,
        arguments={"survey": survey.pk},
        key=f"{MIX}:{survey.pk}",
        created_by=by,
    )


def mix_answers(*, survey: Survey) -> bool:
    """Write answers and comments anew in the order of their keys. False where the survey is open again, or is not
    anonymous."""
    # Without personal links nobody is on any list, and it is enough that comments lie in another order than answers.
    tables: tuple[type[Model], ...] = (Response, Comment) if survey.rolls.exists() else (Comment,)
    # Counting writes rows as well, in the order in which they were stored: it comes first.
    fold_responses(survey=survey)
    for questionnaire in survey.questionnaires.order_by("pk"):
        with transaction.atomic():
            held = locked_questionnaire(questionnaire.pk).survey
            if held.state != SurveyState.CLOSED or held.anonymity != Anonymity.ANONYMOUS:
                return False
            # In-between states of the counts say what those had answered who came first.
            for row in questionnaire.tallies.all():
                settle(row, k=held.minimum_group)
                row.save(update_fields=["shown", "next", "moved"])
            # So does what a recount that was killed has counted of some pages.
            questionnaire.recount_pieces.all().delete()
            # Nothing refers to a comment, and in an anonymous survey nothing to an answer.
            for table in tables:
                _rewrite(table._meta.db_table, questionnaire.pk)
    return True


def _rewrite(table: str, questionnaire_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE mixing AS SELECT * FROM {table} WHERE questionnaire_id = %s",  # noqa: S608
            [questionnaire_id],
        )
        cursor.execute(f"DELETE FROM {table} WHERE questionnaire_id = %s", [questionnaire_id])  # noqa: S608
        cursor.execute(f"INSERT INTO {table} SELECT * FROM mixing ORDER BY id")  # noqa: S608
        cursor.execute("DROP TABLE mixing")
