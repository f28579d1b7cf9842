"""The languages of a survey and the translations of its texts, until the survey opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from scoping.lists.base import Imported
from scoping.lists.pending import carry_out
from scoping.models import PendingImport
from scoping.services.scope import hold, note
from surveys.languages import canonical, name_of
from surveys.models import Survey, SurveyState, Translation
from surveys.texts import source_texts, translations_of
from surveys.translating.imports import FROZEN, NewText, TranslationList, store_translations
from surveys.translating.rules import clean, fault_of
from tables.problems import shorten

MOST_LANGUAGES = 40


@transaction.atomic
def add_language(*, survey: Survey, tag: str, by: User | None = None) -> str:
    """
    Have the survey translated to one more language; its tag in the usual case.

    Raises
    ------
    ValidationError
        It is no tag, the survey has the language already, or the survey has opened.
    """
    survey = _held(survey)
    language = canonical(tag)
    taken = [survey.source_language, *survey.languages]
    if language.lower() in [one.lower() for one in taken]:
        raise ValidationError(
            _("%(name)s (%(tag)s) is a language of this survey already.") % {"name": name_of(language), "tag": language}
        )
    if len(survey.languages) >= MOST_LANGUAGES:
        raise ValidationError(
            _("A survey has at most %(most)d languages. Remove one that nobody needs.") % {"most": MOST_LANGUAGES}
        )
    survey.languages = [*survey.languages, language]
    survey.save(update_fields=["languages"])
    note(survey.assessment, by, f"added the language {language} to the survey")
    return language


@transaction.atomic
def remove_language(*, survey: Survey, language: str, by: User | None = None) -> int:
    """
    Take a language out; the number of translations that went with it.

    Raises
    ------
    ValidationError
        The survey does not have the language, or has opened.
    """
    survey = _held(survey)
    if language not in survey.languages:
        raise ValidationError(_("%(tag)s is not a language of this survey any more.") % {"tag": language})
    survey.languages = [one for one in survey.languages if one != language]
    survey.save(update_fields=["languages"])
    number, _rows = Translation.objects.filter(survey=survey, language=language).delete()
    note(survey.assessment, by, f"removed the language {language} with {number} translations from the survey")
    return number


@transaction.atomic
def set_source_language(*, survey: Survey, tag: str, by: User | None = None) -> str:
    """
    Say in which language the survey's own texts are.

    Raises
    ------
    ValidationError
        It is no tag, it is one of the languages that the survey is translated to, or the survey has opened.
    """
    survey = _held(survey)
    language = canonical(tag)
    if language in survey.languages:
        raise ValidationError(
            _(
                "The survey is translated to %(name)s (%(tag)s). Remove that translation first, then say that the "
                "texts themselves are in it."
            )
            % {"name": name_of(language), "tag": language}
        )
    if language != survey.source_language:
        survey.source_language = language
        survey.save(update_fields=["source_language"])
        note(survey.assessment, by, f"said that the survey's texts are in {language}")
    return language


@dataclass(frozen=True)
class Typed:
    """
    What somebody typed for one text.

    Attributes
    ----------
    seen_source, seen_text : `fingerprint` of the text and of its translation as the page showed them.
    still_right : the translation of an older text was looked at and is right.
    """

    key: str
    text: str
    seen_source: str
    seen_text: str
    still_right: bool = False


@dataclass(frozen=True)
class Saved:
    """How many translations were written and taken out; the keys of typed texts that the survey has no more."""

    written: int
    removed: int
    gone: tuple[str, ...]


def fingerprint(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


@transaction.atomic
def save_translations(*, survey: Survey, language: str, typed: Sequence[Typed], by: User | None = None) -> Saved:
    """
    Keep what was typed on a page of translations: all of it, or nothing. What was left as the page showed it is not
    touched, so that two people can work on one language.

    Raises
    ------
    ValidationError
        By key: a translation is too long or has other placeholders than its text; the text has changed, or somebody
        else has translated it, since the page was shown. Without keys: the language is gone, or the survey has opened.
    """
    survey = _held(survey)
    if language not in survey.languages:
        raise ValidationError(
            _("%(tag)s is not a language of this survey any more. Copy what you typed elsewhere.") % {"tag": language}
        )
    texts = {text.key: text for text in source_texts(survey)}
    known = translations_of(survey, language)
    entries: list[NewText] = []
    emptied: list[str] = []
    gone: list[str] = []
    errors: dict[str, str] = {}
    for one in typed:
        before = known.get(one.key)
        translation = clean(one.key, one.text)
        is_new = fingerprint(translation) != one.seen_text
        if not (is_new or one.still_right):
            continue
        text = texts.get(one.key)
        if text is None:
            gone.append(one.key)
        elif error := _refusal(one, text.text, translation, before):
            errors[one.key] = error
        elif not translation:
            emptied.append(one.key)
        else:
            entries.append(NewText(language, one.key, translation, text.text))
    if errors:
        raise ValidationError({key: [error] for key, error in errors.items()})
    store_translations(survey, entries)
    removed, _rows = Translation.objects.filter(survey=survey, language=language, key__in=emptied).delete()
    if entries or removed:
        note(survey.assessment, by, f"translated the survey to {language}: {len(entries)} written, {removed} removed")
    return Saved(len(entries), removed, tuple(gone))


def _refusal(one: Typed, source: str, translation: str, before: Translation | None) -> str:
    """Why a typed translation is not taken; empty where it is."""
    present = before.text if before else ""
    if fingerprint(source) != one.seen_source:
        return _("The text has changed while you translated it, and stands here as it is now. Look again, then save.")
    if fingerprint(present) != one.seen_text and present != translation:
        if not present:
            return _("Somebody else has removed this translation meanwhile. Save again to put yours in its place.")
        return _("Somebody else has saved “%(text)s” here meanwhile. Save again to put yours in its place.") % {
            "text": shorten(present, 200)
        }
    return fault_of(one.key, source, translation) if translation else ""


@transaction.atomic
def apply_translations(*, survey: Survey, pending: PendingImport, agreed: str, by: User) -> Imported:
    """
    Take an uploaded file over, as the plan with the digest `agreed` says, and forget it.

    Raises
    ------
    PendingImport.DoesNotExist
        Somebody has decided about it already.
    PlanChanged
        The texts or translations are not as they were when that plan was shown.
    ValidationError
        The file has problems, cannot be read any more, or the survey has opened.
    """
    return carry_out(TranslationList(hold(survey.assessment), survey), pending, agreed=agreed, by=by)


def _held(survey: Survey) -> Survey:
    """The survey as it is now, kept from changing until the transaction ends; its texts can still change."""
    hold(survey.assessment)
    held = Survey.objects.select_related("assessment__organisation").get(pk=survey.pk)
    if held.state != SurveyState.DRAFT:
        raise ValidationError(str(FROZEN))
    return held
