"""Deleting what a respondent wrote: a text may name a person, or say more than it should."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from scoping.services.scope import note
from surveys.models import Comment

# Nothing of the text, the kind and the group.
DELETED = "deleted a comment on the survey"


@transaction.atomic
def delete_comment(*, comment: Comment, by: User | None = None) -> None:
    """Delete a comment. Ratings and counts stay, and so does the mention on the long list if it was taken up.

    Raises
    ------
    ValidationError
        If it was deleted meanwhile.
    """
    assessment = comment.questionnaire.survey.assessment
    deleted, _rows = Comment.objects.filter(pk=comment.pk).delete()
    if not deleted:
        raise ValidationError(_("This comment was deleted meanwhile."))
    note(assessment, by, DELETED)
