"""Missing issues that respondents named, taken up into the long list of the scoping."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from scoping.models import Issue, Mention, SourceKind, Standing
from scoping.services import save_issue
from scoping.services.mentions import NewMention, save_mention
from scoping.services.scope import LONGEST_TEXT
from surveys.models import Comment, CommentKind

# Nothing of the person and the group: the text may be the only one of its group.
SOURCE = "Answer to the survey: a missing issue"


@transaction.atomic
def take_up(*, comment: Comment, name: str = "", issue: Issue | None = None, by: User | None = None) -> Issue:
    """Put the issue that a comment names on the long list, or note the comment as a mention of `issue`.

    Once the survey has opened, a new issue is noted for the next assessment, as for anybody who adds one then.

    Parameters
    ----------
    name : of the new issue; without effect where `issue` is given.

    Raises
    ------
    ValidationError
        If it was taken up meanwhile, is no missing issue, or the list refuses the name, by field.
    """
    comment = (
        Comment.objects.select_for_update(of=("self",))
        .select_related("questionnaire__survey__assessment")
        .get(pk=comment.pk)
    )
    if comment.kind != CommentKind.MISSING:
        raise ValidationError(_("This comment names no missing issue."))
    if comment.taken_up:
        raise ValidationError(_("This one was taken up meanwhile. Look at the long list."), code="taken-up")
    assessment = comment.questionnaire.survey.assessment
    mention = NewMention(kind=SourceKind.SURVEY, source=SOURCE, quotation=comment.text[:LONGEST_TEXT])
    if issue is None:
        issue = save_issue(assessment=assessment, name=name, mention=mention, by=by)
    elif issue.assessment_id != assessment.pk:
        raise ValidationError({"issue": _("This issue belongs to another assessment. Choose one from the list.")})
    elif not _noted(issue, mention):
        save_mention(issue=issue, wanted=mention, by=by)
    comment.taken_up = True
    comment.save(update_fields=["taken_up"])
    return issue


def outcome(issue: Issue) -> str:
    """What became of a comment that was taken up, in words."""
    if issue.standing == Standing.NEXT:
        noted = _(
            "“%(issue)s” is noted for the next assessment. The survey asks about the list as it was when it opened; "
            "carry the assessment forward (page Changes) to ask about another list."
        )
        return noted % {"issue": issue}
    return _("“%(issue)s” has the comment as a mention now.") % {"issue": issue}


def _noted(issue: Issue, mention: NewMention) -> bool:
    """Whether somebody else wrote the very same words."""
    return Mention.objects.filter(
        issue=issue, kind=mention.kind, source=mention.source, quotation=mention.quotation.strip()
    ).exists()
