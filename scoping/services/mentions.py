"""Where issues were found: each mention with its kind of source. A mention is a fact, so it never freezes."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from scoping.models import Issue, Mention
from scoping.services.scope import current, hold, note, require_room, require_short
from tables.names import tidy

_web_address = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True)
class NewMention:
    """A mention as wanted; `kind` is one of SourceKind, `reference` an entry of a library such as gri:305."""

    kind: str
    source: str
    found_on: date | None = None
    quotation: str = ""
    link: str = ""
    reference: str = ""


@transaction.atomic
def save_mention(
    *, issue: Issue, wanted: NewMention, mention: Mention | None = None, by: User | None = None
) -> Mention:
    """
    Adds a mention of `issue`, or changes `mention`; who added it and its library entry stay.

    Raises
    ------
    ValidationError
        By field: no source, a day to come, a link that is not a web address, a quotation that is too long, or the same
        mention twice. Without a field: the issue has as many mentions as it can have.
    """
    held = hold(issue.assessment)
    issue = current(issue)
    saved = current(mention) if mention else Mention(added_by=by, reference=wanted.reference)
    fill_mention(saved, issue, replace(wanted, reference=saved.reference))
    if mention is None:
        require_room(issue.mentions.count(), owner=f"“{issue.name}”", what=_("mentions"))
    others = Mention.objects.filter(issue=issue, kind=saved.kind, source=saved.source).exclude(pk=saved.pk)
    if others.filter(found_on=saved.found_on, quotation=saved.quotation, link=saved.link).exists():
        message = _(
            "“%(source)s” is already noted for this issue, with the same day and words. Change that mention."
        ) % {"source": saved.source}
        raise ValidationError({"source": message})
    saved.save()
    note(held, by, f"{'changed' if mention else 'added'} a mention of {issue.name}: {saved.source}")
    return saved


@transaction.atomic
def remove_mention(*, mention: Mention, by: User | None = None) -> None:
    held = hold(mention.issue.assessment)
    mention.delete()
    note(held, by, f"removed a mention of {mention.issue.name}: {mention.source}")


def fill_mention(mention: Mention, issue: Issue, wanted: NewMention) -> None:
    """Sets what `wanted` says, tidied and checked; nothing is saved. For services that add issues with mentions."""
    mention.issue, mention.kind, mention.found_on = issue, wanted.kind, wanted.found_on
    mention.source, mention.quotation, mention.link = tidy(wanted.source), wanted.quotation.strip(), wanted.link.strip()
    mention.reference = wanted.reference
    require_short(quotation=mention.quotation)
    problems = {}
    if not mention.source:
        problems["source"] = _("Say who or what it was: an interview, a survey, an article, a standard.")
    # A day further, since it may be tomorrow already where the mention was found.
    if mention.found_on and mention.found_on > timezone.localdate() + timedelta(days=1):
        problems["found_on"] = _("This day has not come yet. Enter the day on which the issue was found.")
    if mention.link:
        try:
            _web_address(mention.link)
        except ValidationError:
            problems["link"] = _("Enter a web address that begins with https:// or http://, or leave it empty.")
    if problems:
        raise ValidationError(problems)
    mention.full_clean(exclude=["issue", "added_by"], validate_unique=False, validate_constraints=False)
