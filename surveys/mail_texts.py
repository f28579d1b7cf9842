"""The words of a mailing: what is suggested, which placeholders there are, and what may not stand in them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from scoping.lists.cells import CellError, read_email
from surveys.languages import interface_language, name_of
from surveys.models import Anonymity, MailingKind
from tables.names import tidy
from tables.problems import did_you_mean

Texts = Mapping[str, Mapping[str, str]]

LONGEST_SUBJECT, LONGEST_BODY = 200, 5_000
PLACEHOLDERS = {
    "name": gettext_noop("the person’s name, if the list has one"),
    "group": gettext_noop("the stakeholder group"),
    "company": gettext_noop("the company that asks"),
    "title": gettext_noop("the title of the survey"),
    "link": gettext_noop("the personal link (required)"),
    "closes": gettext_noop("until when answers count"),
}
_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
# Line breaks of every kind, and whatever else would end a header or hide in one.
_NO_HEADER = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

# By kind and language of our own words: subject, body, and the body's sentence where there is a last day.
_DEFAULTS = {
    (MailingKind.INVITATION, "en"): (
        "{company} asks for your view: {title}",
        "Dear {name},\n\n{company} is deciding which issues matter most to its stakeholders. As one of its group "
        "“{group}” you are asked for your view.\n\nThis link is yours alone. Please do not pass it on:\n\n{link}\n\n"
        "You can stop at any time and go on later with the same link, on any device.{until}\n\n{anonymity}\n\n"
        "Thank you,\n{company}",
        " Answers count until {closes}.",
    ),
    (MailingKind.REMINDER, "en"): (
        "A reminder: {title}",
        "Dear {name},\n\nwe have not heard from you yet. {company} would still like to know which issues matter most "
        "to you as one of its group “{group}”.\n\nThis link is yours alone. Please do not pass it on:\n\n{link}\n\n"
        "If you have begun already, it brings you back to where you stopped.{until}\n\n{anonymity}\n\n"
        "Thank you,\n{company}",
        " Answers count until {closes}.",
    ),
    (MailingKind.INVITATION, "zh-hans"): (
        "{company}诚邀您参与：{title}",
        "{name}您好：\n\n{company}正在评估哪些议题对利益相关方最为重要，现诚邀您作为“{group}”的一员发表意见。\n\n"
        "以下链接仅供您本人使用，请勿转发：\n\n{link}\n\n"
        "您可以随时中断，之后在任何设备上通过同一链接继续作答。{until}\n\n{anonymity}\n\n感谢您的参与！\n{company}",
        "答卷截止时间：{closes}。",
    ),
    (MailingKind.REMINDER, "zh-hans"): (
        "温馨提醒：{title}",
        "{name}您好：\n\n我们尚未收到您的答卷。{company}仍希望了解作为“{group}”一员的您认为哪些议题最为重要。\n\n"
        "以下链接仅供您本人使用，请勿转发：\n\n{link}\n\n"
        "如果您已开始作答，该链接会带您回到上次停下的地方。{until}\n\n{anonymity}\n\n感谢您的参与！\n{company}",
        "答卷截止时间：{closes}。",
    ),
}

# How anonymous the survey is, by language of our own words and mode.
_PROMISES = {
    ("en", Anonymity.ANONYMOUS): "Your answers are anonymous: nothing connects them with you or with this link.",
    ("en", Anonymity.CONFIDENTIAL): "Your answers are confidential: the server keeps which ones came by your link, and "
    "{company} is not shown it.",
    ("en", Anonymity.IDENTIFIED): "Your answers are not anonymous: {company} sees who answered what.",
    ("zh-hans", Anonymity.ANONYMOUS): "本次调查为匿名调查：您的回答与您本人及此链接之间没有任何关联。",
    (
        "zh-hans",
        Anonymity.CONFIDENTIAL,
    ): "您的回答将予以保密：服务器会记录哪份回答来自您的链接，但不会向{company}显示。",
    ("zh-hans", Anonymity.IDENTIFIED): "本次调查为实名调查：{company}可以看到谁作了怎样的回答。",
}
# How a salutation that names nobody begins.
_SALUTATIONS = (("Dear {name}", "Hello"), ("Dear\u00a0{name}", "Hello"))


@dataclass(frozen=True)
class Footing:
    """Our own words around a text: why the mail came, and how to have no more of them."""

    why: str
    stop: str
    stop_link: str


_FOOTINGS = {
    "en": Footing(
        "You get this mail because {company} asks its stakeholders for their view.",
        "You do not want such mails from {company}?",
        "No more mails",
    ),
    "zh-hans": Footing(
        "您收到此邮件，是因为{company}正在征求利益相关方的意见。",
        "不希望再收到{company}的此类邮件？",
        "退订",
    ),
}


def footing(language: str) -> Footing:
    return _FOOTINGS[interface_language(language)]


def default_texts(kind: str, languages: Iterable[str], *, closes: bool, anonymity: str) -> dict[str, dict[str, str]]:
    """A subject and a body for each language, of which the first is the survey's own: English where we have no words
    of our own in that one, and nothing for the others. Their speakers get the first unless somebody fills it in."""
    found = {}
    for place, language in enumerate(languages):
        ours = interface_language(language)
        if place and language.split("-")[0].lower() != ours.split("-")[0]:
            found[language] = {"subject": "", "body": ""}
            continue
        subject, body, until = _DEFAULTS[MailingKind(kind), ours]
        body = body.replace("{until}", until if closes else "")
        body = body.replace("{anonymity}", _PROMISES[ours, Anonymity(anonymity)])
        found[language] = {"subject": subject, "body": body}
    return found


def read_texts(texts: Texts, *, source: str, closes: bool) -> dict[str, dict[str, str]]:
    """The texts as they are kept: languages without any text are left out.

    Parameters
    ----------
    source : the survey's own language, whose texts must be there.
    closes : whether the survey has a last day to name.

    Raises
    ------
    ValidationError
        By field, such as `subject.en`: it is missing or too long, holds a line break where none may be, an unknown
        placeholder, or no link.
    """
    kept: dict[str, dict[str, str]] = {}
    problems: dict[str, list[str]] = {}
    for language, parts in texts.items():
        subject, body = _subject(parts.get("subject", "")), _lines(parts.get("body", ""))
        if not subject and not body and language != source:
            continue
        if wrong := _wrong_subject(subject, closes=closes):
            problems[f"subject.{language}"] = wrong
        if wrong := _wrong_body(body, closes=closes):
            problems[f"body.{language}"] = wrong
        kept[language] = {"subject": subject, "body": body}
    if source not in kept:
        own = _("Write the mail in %(language)s, the survey’s own language.")
        raise ValidationError(own % {"language": name_of(source)})
    if problems:
        raise ValidationError(problems)
    return kept


def read_reply_to(text: str) -> str:
    """The address for replies, which may be empty. Raises ValidationError at `reply_to`."""
    if _NO_HEADER.search(text):
        raise ValidationError({"reply_to": _("The address holds a line break. Give one e-mail address.")})
    try:
        return read_email(text.strip()) if text.strip() else ""
    except CellError as error:
        raise ValidationError({"reply_to": str(error)}) from error


def language_for(wanted: str, texts: Texts, source: str) -> str:
    """The language of the mail for somebody who wants `wanted`: that one, one of the same name ("zh" for "zh-Hans"),
    or the survey's own."""
    if wanted in texts:
        return wanted
    same = [known for known in texts if wanted and known.split("-")[0].lower() == wanted.split("-")[0].lower()]
    return same[0] if same else source


def written(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled in. Without a name "Dear" becomes "Hello", and elsewhere the blank before
    the name goes too."""
    if not values.get("name"):
        for named, nameless in _SALUTATIONS:
            text = text.replace(named, nameless)
        text = re.sub(r"[ \u00a0]?\{name\}", "", text)
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


def closing_words(closes_at: datetime | None, language: str) -> str:
    """Until when answers count, in that language; empty where there is no last day. A survey that closes at midnight
    is open on the day before."""
    if closes_at is None:
        return ""
    local = timezone.localtime(closes_at)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        local -= timedelta(minutes=1)
    if interface_language(language) == "en" and language.split("-")[0].lower() == "en":
        return f"{date_format(local, 'j F Y, H:i')} ({local.tzname()})"
    with override(language.lower()):
        return f"{date_format(local, 'DATETIME_FORMAT')} ({local.tzname()})"


def _subject(text: str) -> str:
    """On one line and without what hides or reorders; a line break stays, to be named as what is wrong."""
    return text.strip() if _NO_HEADER.search(text.strip()) else tidy(text)


def _lines(text: str) -> str:
    return "\n".join(tidy(line) for line in text.strip().splitlines())


def _wrong_subject(subject: str, *, closes: bool) -> list[str]:
    if not subject:
        return [_("Give the mail a subject.")]
    if _NO_HEADER.search(subject):
        return [_("The subject holds a line break or another control character. It must be one line of text.")]
    if len(subject) > LONGEST_SUBJECT:
        too_long = _("The subject has %(length)s characters. Keep it below %(most)s.")
        return [too_long % {"length": f"{len(subject):,}", "most": LONGEST_SUBJECT}]
    wrong = _wrong_placeholders(subject, closes=closes)
    if "{link}" in subject:
        wrong.append(_("The link stands in the text, not in the subject."))
    return wrong


def _wrong_body(body: str, *, closes: bool) -> list[str]:
    if not body:
        return [_("Write a text.")]
    if len(body) > LONGEST_BODY:
        too_long = _("The text has %(length)s characters. Keep it below %(most)s.")
        return [too_long % {"length": f"{len(body):,}", "most": f"{LONGEST_BODY:,}"}]
    wrong = _wrong_placeholders(body, closes=closes)
    if "{link}" not in body:
        wrong.append(
            _("The text lacks {link}: without it nobody can answer. Put it where the personal link shall stand.")
        )
    return wrong


def _wrong_placeholders(text: str, *, closes: bool) -> list[str]:
    unknown = sorted({found for found in _PLACEHOLDER.findall(text) if found not in PLACEHOLDERS})
    known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    unknown_text = _("%(placeholder)s is not known.%(hint)s There are %(known)s.")
    hints = {name: did_you_mean(name, list(PLACEHOLDERS)) for name in unknown}
    wrong = [
        unknown_text % {"placeholder": f"{{{name}}}", "hint": hint, "known": known} for name, hint in hints.items()
    ]
    if not closes and "{closes}" in text:
        wrong.append(_("The survey has no last day: leave {closes} out, or give the survey one."))
    return wrong
