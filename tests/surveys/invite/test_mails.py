"""What a mail holds, read back from the server by the standard library."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from surveys.keys import personal_token
from surveys.mail_texts import closing_words, default_texts, language_for, read_texts, written
from surveys.models import Invitation, MailingKind, Translation
from surveys.services.inviting import add_invitations
from surveys.services.mailing import prepare_mailing
from surveys.services.opening import open_survey, prepare_survey

TEXT = {"subject": "Your view", "body": "Dear {name},\n\nplease answer:\n{link}\n\nThank you"}


@pytest.fixture
def sent(mail_server, fast, house, send):
    """sent(survey, person, texts, **more): the one mail that the person got."""

    def send_to(survey, person, texts, **more):
        group = survey.assessment.groups.first()
        add_invitations(survey=survey, group=group, rows=[person])
        prepare_mailing(survey=survey, kind="invitation", groups=[group], texts=texts, by=house.analyst, **more)
        send()
        return mail_server.to(person[0])

    return send_to


def parts(message):
    return message.get_body(("plain",)).get_content(), message.get_body(("html",)).get_content()


def test_a_mail_has_a_text_and_an_html_part_with_the_same_words(survey, sent):
    message = sent(survey, ("a@example.org", "Li Wei", ""), {"en": TEXT})
    assert message.get_content_type() == "multipart/alternative"
    text, html = parts(message)
    link = f"http://localhost:8000/p/{personal_token(bytes(Invitation.objects.get().nonce))}/"
    assert f"Dear Li Wei,\r\n\r\nplease answer:\r\n{link}\r\n" in text
    assert "<p>Dear Li Wei,</p>" in html
    assert f'please answer:<br><a href="{link}">{survey.title}</a>' in html
    assert '<html lang="en" dir="ltr">' in html
    assert "style" not in html
    assert "<script" not in html


def test_its_headers_say_who_asks_and_how_to_have_no_more(survey, sent):
    message = sent(survey, ("a@example.org", "Li Wei", ""), {"en": TEXT}, reply_to="esg@example.com")
    token = personal_token(bytes(Invitation.objects.get().nonce))
    delivery = Invitation.objects.get().deliveries.get()
    assert str(message["From"]) == '"Example Ltd." <surveys@example.com>'
    assert str(message["To"]) == "Li Wei <a@example.org>"
    assert message["Reply-To"] == "esg@example.com"
    assert message["Message-ID"] == f"<{delivery.pk}@localhost>"
    assert message["List-Unsubscribe"] == f"<http://localhost:8000/p/{token}/out>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "en"
    assert f"/p/{token}/out" in parts(message)[0]


def test_bounces_go_where_the_settings_say(survey, sent, settings):
    settings.BOUNCE_EMAIL = "bounces@example.com"
    message = sent(survey, ("a@example.org", "", ""), {"en": TEXT})
    assert message["X-MailFrom"] == "bounces@example.com"
    assert "surveys@example.com" in message["From"]


@pytest.fixture
def in_languages(assessment):
    """The survey, open, with its title in Chinese and Arabic."""
    survey = prepare_survey(assessment=assessment)
    survey.languages = ["zh-Hans", "ar"]
    survey.save()
    for language, text in [("zh-Hans", "哪些议题最重要？"), ("ar", "ما هي أهم القضايا؟")]:
        Translation.objects.create(survey=survey, language=language, key="title", text=text, source=survey.title)
    open_survey(survey=survey)
    survey.refresh_from_db()
    return survey


def test_names_and_subjects_in_chinese_arrive_as_they_were_written(in_languages, sent, mail_server):
    texts = default_texts(MailingKind.INVITATION, ["en", "zh-Hans"], closes=False, anonymity="anonymous")
    message = sent(in_languages, ("li.wei@example.org", "李伟", "zh-Hans"), texts)
    headers, _, _ = mail_server.raw[0].partition(b"\r\n\r\n")
    assert headers.isascii()
    assert message["Subject"].strip() == "Example Ltd.诚邀您参与：哪些议题最重要？"
    assert message["To"].addresses[0].display_name == "李伟"
    text, html = parts(message)
    assert text.startswith("李伟您好：")
    assert "哪些议题最重要？</a>" in html
    assert '<html lang="zh-Hans" dir="ltr">' in html
    assert "退订" in text


def test_a_mail_in_arabic_runs_from_right_to_left(in_languages, sent):
    texts = {"en": TEXT, "ar": {"subject": "رأيك يهمنا: {title}", "body": "مرحبا {name}،\n\n{link}"}}
    message = sent(in_languages, ("a@example.org", "ليلى", "ar"), texts)
    assert message["Subject"].strip() == "رأيك يهمنا: ما هي أهم القضايا؟"
    assert message["To"].addresses[0].display_name == "ليلى"
    assert '<html lang="ar" dir="rtl">' in parts(message)[1]


def test_who_speaks_another_language_gets_the_surveys_own(in_languages, sent):
    message = sent(in_languages, ("a@example.org", "", "fr"), {"en": TEXT, "zh-Hans": TEXT})
    assert message["Content-Language"] == "en"
    assert language_for("zh", {"en": TEXT, "zh-Hans": TEXT}, "en") == "zh-Hans"
    assert language_for("", {"en": TEXT, "zh-Hans": TEXT}, "en") == "en"


def test_markup_in_a_text_or_a_name_is_shown_and_not_obeyed(survey, sent):
    body = "<script>alert(1)</script> {name}\n\n{link}"
    message = sent(survey, ("a@example.org", '<img src=x> "Li"', ""), {"en": {"subject": "<b>S</b>", "body": body}})
    html = parts(message)[1]
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &lt;img src=x&gt; &quot;Li&quot;" in html
    assert message["To"].addresses[0].addr_spec == "a@example.org"


def test_without_a_name_the_salutation_closes_up():
    assert written("Dear {name},", {"name": ""}) == "Hello,"
    assert written("Guten Tag {name},", {"name": ""}) == "Guten Tag,"
    assert written("{name}您好：", {"name": ""}) == "您好："


# --- what may stand in a text -------------------------------------------------------------------------------
def problems(subject="S", body="{link}", closes=False):
    with pytest.raises(ValidationError) as error:
        read_texts({"en": {"subject": subject, "body": body}}, source="en", closes=closes)
    return " ".join(error.value.messages)


@pytest.mark.parametrize("sneaky", ["S\nBcc: all@example.org", "S\r\nBcc: x", "S\rX", "S\x0bX", "S\u2028X", "S\x00"])
def test_a_subject_with_a_line_break_is_refused(sneaky):
    assert "must be one line" in problems(subject=sneaky)


@pytest.mark.parametrize(
    ("subject", "body", "said"),
    [
        ("", "{link}", "Give the mail a subject."),
        ("S", "", "Write a text."),
        ("S", "Hello", "The text lacks {link}"),
        ("S {link}", "{link}", "not in the subject"),
        ("S", "{link} {nmae}", "{nmae} is not known. Did you mean"),
        ("S", "{link} {0.__class__}", "{0.__class__} is not known."),
        ("S", "{link} until {closes}", "The survey has no last day"),
        ("x" * 201, "{link}", "Keep it below 200"),
        ("S", "{link}" + "x" * 5000, "Keep it below 5,000"),
    ],
)
def test_a_text_that_cannot_be_sent_is_refused_with_what_to_do(subject, body, said):
    assert said in problems(subject, body)


def test_the_surveys_own_language_must_be_there():
    with pytest.raises(ValidationError, match="the survey’s own language"):
        read_texts({"ar": TEXT}, source="en", closes=False)
    assert read_texts({"en": TEXT, "ar": {"subject": " ", "body": ""}}, source="en", closes=False) == {"en": TEXT}


@pytest.mark.parametrize("kind", MailingKind.values)
@pytest.mark.parametrize("closes", [True, False])
def test_the_suggested_texts_can_be_sent_as_they_are(kind, closes):
    texts = default_texts(kind, ["en", "zh-Hans", "fr"], closes=closes, anonymity="anonymous")
    kept = read_texts(texts, source="en", closes=closes)
    assert kept == {language: texts[language] for language in ("en", "zh-Hans")}
    assert ("{closes}" in texts["zh-Hans"]["body"]) == closes


@pytest.mark.parametrize(
    ("anonymity", "said", "in_chinese"),
    [
        ("anonymous", "nothing connects them with you or with this link.", "匿名调查"),
        ("confidential", "the server keeps which ones came by your link, and {company} is not shown it.", "予以保密"),
        ("identified", "Your answers are not anonymous: {company} sees who answered what.", "实名调查"),
    ],
)
@pytest.mark.parametrize("kind", MailingKind.values)
def test_the_suggested_texts_say_how_anonymous_the_survey_is(kind, anonymity, said, in_chinese):
    texts = default_texts(kind, ["en", "zh-Hans"], closes=False, anonymity=anonymity)
    assert said in texts["en"]["body"]
    assert in_chinese in texts["zh-Hans"]["body"]
    assert read_texts(texts, source="en", closes=False) == texts


def test_the_last_day_is_named_in_the_language_of_the_mail():
    midnight = datetime(2027, 3, 11, tzinfo=UTC)
    assert closing_words(midnight, "en") == "10 March 2027, 23:59 (UTC)"
    assert closing_words(midnight, "zh-Hans") == "2027年3月10日 23:59 (UTC)"
    assert closing_words(None, "en") == ""
