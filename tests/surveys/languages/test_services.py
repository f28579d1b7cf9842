"""Languages added and removed, translations saved by two people at once, and files taken over."""

import pytest
from django.core.exceptions import ValidationError

from scoping.lists.base import PlanChanged
from scoping.lists.pending import keep_upload
from scoping.models import PendingImport
from surveys.models import Survey, SurveyState, Translation
from surveys.services.translating import (
    Saved,
    Typed,
    add_language,
    apply_translations,
    fingerprint,
    remove_language,
    save_translations,
    set_source_language,
)
from surveys.texts import progress_of, source_texts
from surveys.translating.imports import TranslationList
from tests.support.people import House
from tests.surveys.languages.conftest import translate


def typed(survey: Survey, key: str, text: str, before: str = "", still_right: bool = False) -> Typed:
    source = next(one.text for one in source_texts(survey) if one.key == key)
    return Typed(key, text, fingerprint(source), fingerprint(before), still_right)


def texts_in(survey: Survey, language: str) -> dict[str, str]:
    return dict(Translation.objects.filter(survey=survey, language=language).values_list("key", "text"))


def test_a_language_is_added_in_its_usual_case(survey: Survey, house: House):
    assert add_language(survey=survey, tag="pt_br", by=house.owner) == "pt-BR"
    survey.refresh_from_db()
    assert survey.languages == ["zh-Hans", "ar", "pt-BR"]
    assert house.organisation.events.latest("pk").summary == "added the language pt-BR to the survey"


@pytest.mark.parametrize("tag", ["AR", "en", "zh-hans", "nonsense"])
def test_a_language_is_not_added_twice_nor_without_a_tag(survey: Survey, tag: str):
    with pytest.raises(ValidationError):
        add_language(survey=survey, tag=tag)
    survey.refresh_from_db()
    assert survey.languages == ["zh-Hans", "ar"]


def test_translations_go_with_their_language(survey: Survey):
    translate(survey, "ar", title="ما الأهم؟")
    translate(survey, "zh-Hans", title="哪些议题最重要？")
    assert remove_language(survey=survey, language="ar") == 1
    survey.refresh_from_db()
    assert survey.languages == ["zh-Hans"]
    assert texts_in(survey, "ar") == {}
    assert texts_in(survey, "zh-Hans") == {"title": "哪些议题最重要？"}


def test_the_texts_cannot_be_in_a_language_that_they_are_translated_to(survey: Survey):
    with pytest.raises(ValidationError, match="Remove that translation first"):
        set_source_language(survey=survey, tag="zh-Hans")
    assert set_source_language(survey=survey, tag="en-gb") == "en-GB"


def test_what_was_typed_is_kept_without_control_characters(survey: Survey):
    saved = save_translations(
        survey=survey,
        language="ar",
        typed=[typed(survey, "title", "\u202eما \u0007الأهم؟"), typed(survey, "issue.issue-0.name", "")],
    )
    assert saved == Saved(1, 0, ())
    assert texts_in(survey, "ar") == {"title": "ما الأهم؟"}


def test_emptying_a_translation_removes_it(survey: Survey):
    translate(survey, "ar", title="ما الأهم؟")
    saved = save_translations(survey=survey, language="ar", typed=[typed(survey, "title", " ", before="ما الأهم؟")])
    assert saved == Saved(0, 1, ())
    assert texts_in(survey, "ar") == {}


def test_what_was_not_touched_is_not_written_over(survey: Survey):
    translate(survey, "ar", title="جديد")
    save_translations(
        survey=survey,
        language="ar",
        typed=[typed(survey, "title", "", before=""), typed(survey, "introduction", "عزيزي القارئ")],
    )
    assert texts_in(survey, "ar") == {"title": "جديد", "introduction": "عزيزي القارئ"}


def test_two_people_do_not_write_over_each_other(survey: Survey):
    translate(survey, "ar", title="جديد")
    with pytest.raises(ValidationError, match="Somebody else has saved “جديد”") as refusal:
        save_translations(
            survey=survey,
            language="ar",
            typed=[typed(survey, "title", "غيره", before=""), typed(survey, "introduction", "عزيزي القارئ")],
        )
    assert list(refusal.value.error_dict) == ["title"]
    assert texts_in(survey, "ar") == {"title": "جديد"}


def test_a_text_that_changed_meanwhile_is_not_called_translated(survey: Survey):
    entry = typed(survey, "title", "ما الأهم؟")
    Survey.objects.filter(pk=survey.pk).update(title="Something else")
    with pytest.raises(ValidationError, match="has changed while you translated"):
        save_translations(survey=survey, language="ar", typed=[entry])


def test_an_outdated_translation_can_be_called_still_right(survey: Survey):
    translate(survey, "ar", title="ما الأهم؟")
    Survey.objects.filter(pk=survey.pk).update(title="What matters the most?")
    survey.refresh_from_db()
    assert [text.key for text in progress_of(survey)[1].outdated] == ["title"]
    entry = typed(survey, "title", "ما الأهم؟", before="ما الأهم؟", still_right=True)
    save_translations(survey=survey, language="ar", typed=[entry])
    assert progress_of(survey)[1].outdated == ()


def test_typed_texts_that_the_survey_has_no_more_are_named(survey: Survey):
    gone = Typed("issue.gone.name", "x", fingerprint("Gone"), fingerprint(""))
    assert save_translations(survey=survey, language="ar", typed=[gone]).gone == ("issue.gone.name",)


def test_nothing_changes_once_the_survey_is_open(survey: Survey):
    entry = typed(survey, "title", "ما الأهم؟")
    Survey.objects.filter(pk=survey.pk).update(state=SurveyState.OPEN)
    for change in (
        lambda: add_language(survey=survey, tag="de"),
        lambda: remove_language(survey=survey, language="ar"),
        lambda: set_source_language(survey=survey, tag="de"),
        lambda: save_translations(survey=survey, language="ar", typed=[entry]),
    ):
        with pytest.raises(ValidationError, match="frozen"):
            change()


def test_a_file_is_taken_over_as_it_was_previewed(survey: Survey, house: House):
    pending = upload(survey, house, "Key,ar,zh-Hans\ntitle,ما الأهم؟,哪些？\n")
    into = TranslationList(survey.assessment, survey)
    digest = into.plan(into.read(pending.filename, bytes(pending.content))).digest
    imported = apply_translations(survey=survey, pending=pending, agreed=digest, by=house.owner)
    assert str(imported) == "2 added"
    assert texts_in(survey, "ar") == {"title": "ما الأهم؟"}
    assert not PendingImport.objects.exists()
    assert house.organisation.events.latest("pk").summary == "imported translations: 2 added"


def test_a_file_is_not_taken_over_after_somebody_changed_a_text(survey: Survey, house: House):
    pending = upload(survey, house, "Key,ar\ntitle,ما الأهم؟\n")
    into = TranslationList(survey.assessment, survey)
    digest = into.plan(into.read(pending.filename, bytes(pending.content))).digest
    Survey.objects.filter(pk=survey.pk).update(title="Something else")
    with pytest.raises(PlanChanged):
        apply_translations(survey=survey, pending=pending, agreed=digest, by=house.owner)
    assert texts_in(survey, "ar") == {}


def test_a_file_with_one_problem_changes_nothing(survey: Survey, house: House):
    pending = upload(survey, house, "Key,ar\ntitle,ما الأهم؟\nnowhere,x\n")
    into = TranslationList(survey.assessment, survey)
    digest = into.plan(into.read(pending.filename, bytes(pending.content))).digest
    with pytest.raises(ValidationError, match="Row 3, Key"):
        apply_translations(survey=survey, pending=pending, agreed=digest, by=house.owner)
    assert texts_in(survey, "ar") == {}


def upload(survey: Survey, house: House, text: str) -> PendingImport:
    into = TranslationList(survey.assessment, survey)
    return keep_upload(to=into, name="texts.csv", raw=text.encode(), by=house.owner)
