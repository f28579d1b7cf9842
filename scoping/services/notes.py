"""Notes on the process: what was done outside of these pages. No question depends on them, so they never freeze."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from scoping.models import Assessment, ProcessNote, ProcessStage
from scoping.services.scope import current, hold, note, require_room, require_short
from tables.names import tidy


@transaction.atomic
def save_note(
    *,
    assessment: Assessment,
    stage: str,
    text: str,
    done_by: str = "",
    done_on: str = "",
    present: ProcessNote | None = None,
    by: User | None = None,
) -> ProcessNote:
    """
    Adds a note to a stage of the process, or changes `present`.

    A note that a report is the source of is the user's own once its words are changed.

    Raises
    ------
    ValidationError
        By field: an empty or too long text, or a stage that there is not. Without a field: too many notes.
    """
    held = hold(assessment)
    if present is not None and present.assessment_id != held.pk:
        raise ValidationError(_("The note belongs to another assessment."))
    present = current(present) if present else None
    last = held.process_notes.aggregate(last=Max("position"))["last"]
    saved = present or ProcessNote(assessment=held, position=0 if last is None else last + 1, added_by=by)
    words = {"text": text.strip(), "done_by": tidy(done_by), "done_on": tidy(done_on)}
    if not words["text"]:
        raise ValidationError({"text": _("Say in a sentence what was done.")})
    require_short(text=words["text"])
    if present is None:
        require_room(held.process_notes.count(), owner=_("The process"), what=_("notes"))
    if any(getattr(saved, field) != value for field, value in words.items()) and present is not None:
        saved.source = saved.reading = ""
    for field, value in words.items():
        setattr(saved, field, value)
    saved.stage = stage
    saved.full_clean(exclude=["assessment", "added_by"], validate_constraints=False)
    saved.save()
    done = "changed a note on" if present else "noted a step of"
    note(held, by, f"{done} the stage “{ProcessStage(saved.stage).label}”")
    return saved


@transaction.atomic
def remove_note(*, present: ProcessNote, by: User | None = None) -> None:
    held = hold(present.assessment)
    present.delete()
    note(held, by, f"removed a note on the stage “{ProcessStage(present.stage).label}”")
