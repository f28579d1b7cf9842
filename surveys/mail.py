"""One mail of a mailing, composed: text and HTML part, headers, the personal link.

The link is made from the invitation's nonce and the server's secret at this moment, and stored nowhere.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.headerregistry import Address
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from surveys.frozen import frozen_questionnaire
from surveys.keys import personal_token
from surveys.languages import direction_of
from surveys.links import personal_address_of
from surveys.mail_texts import closing_words, footing, language_for, written
from surveys.models import Invitation, Mailing, Survey
from surveys.selectors import questionnaire_of
from tables.names import tidy

# Where a link would stand in a mail that leads nowhere: a preview, or a test to oneself.
SAMPLE_TOKEN = "sample-sample-sample--"  # noqa: S105  # nobody's; its page says that there is no such survey


@dataclass(frozen=True)
class Recipient:
    """Whom a mail is for, as far as its words depend on it."""

    address: str
    name: str
    language: str
    group_id: int
    token: str


def recipient_of(invitation: Invitation) -> Recipient:
    token = personal_token(bytes(invitation.nonce))
    return Recipient(invitation.address, invitation.name, invitation.language, invitation.group_id, token)


@dataclass(frozen=True)
class Letter:
    """The words of one mail in its language. `html` is a whole document; `text` has the same words.

    `paragraphs`, `why`, `stop` and `stop_link` are what the document shows, for a page that shows it too.
    """

    language: str
    direction: str
    subject: str
    paragraphs: list[SafeString]
    why: str
    stop: str
    stop_link: str
    opt_out: str
    text: str = ""
    html: str = ""


class Letterhead:
    """What all mails of a mailing share, read once."""

    def __init__(self, survey: Survey, texts: Mapping[str, Mapping[str, str]], reply_to: str = "") -> None:
        self.survey = survey
        self.texts = texts
        self.reply_to = reply_to
        self.company = tidy(survey.assessment.company)
        questionnaire = questionnaire_of(survey)
        self._frozen = frozen_questionnaire(questionnaire.pk, questionnaire.frozen_at) if questionnaire else None
        self._names = dict(survey.assessment.groups.values_list("pk", "name"))

    @classmethod
    def of(cls, mailing: Mailing) -> "Letterhead":
        return cls(mailing.survey, mailing.texts, mailing.reply_to)

    def letter(self, recipient: Recipient) -> Letter:
        language = language_for(recipient.language, self.texts, self.survey.source_language)
        link = personal_address_of(recipient.token)
        opt_out = settings.BASE_URL + reverse("opt-out", kwargs={"token": recipient.token})
        title, group = self._words(recipient.group_id, language)
        values = {
            "name": tidy(recipient.name),
            "group": group,
            "company": self.company,
            "title": title,
            "closes": closing_words(self.survey.closes_at, language),
        }
        subject = written(self.texts[language]["subject"], values)
        body = written(self.texts[language]["body"], values)
        words = footing(language)
        letter = Letter(
            language,
            direction_of(language),
            subject,
            paragraphs(body, link, title),
            words.why.replace("{company}", self.company),
            words.stop.replace("{company}", self.company),
            words.stop_link,
            opt_out,
        )
        # A plain text holds no markup that would have to be escaped.
        context = {"letter": letter, "body": body.replace("{link}", link)}
        text = render_to_string("surveys/mail/mail.txt", context)
        html = render_to_string("surveys/mail/mail.html", context)
        return replace(letter, text=text, html=html)

    def message(self, recipient: Recipient, *, message_id: str = "") -> EmailMultiAlternatives:
        """The mail, ready to be sent.

        Parameters
        ----------
        message_id : makes it a mail of a mailing, which can be unsubscribed from; without it, it is a test.
        """
        letter = self.letter(recipient)
        headers = {
            "From": _mailbox(self.company, _sender_address()),
            "Auto-Submitted": "auto-generated",
            "Content-Language": letter.language,
        }
        if message_id:
            headers |= {
                "Message-ID": f"<{message_id}@{mail_domain()}>",
                "List-Unsubscribe": f"<{letter.opt_out}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            }
        mail = EmailMultiAlternatives(
            subject=letter.subject,
            body=letter.text,
            from_email=settings.BOUNCE_EMAIL or settings.DEFAULT_FROM_EMAIL,
            to=[_mailbox(recipient.name, recipient.address)],
            reply_to=[self.reply_to] if self.reply_to else None,
            headers=headers,
        )
        mail.attach_alternative(letter.html, "text/html")
        return mail

    def _words(self, group_id: int, language: str) -> tuple[str, str]:
        """Title and name of the group in that language."""
        if self._frozen is None:
            return tidy(self.survey.title), tidy(self._names.get(group_id, ""))
        sheet = self._frozen.sheet(group_id, language)
        return tidy(sheet.title), tidy(sheet.group)


def sender_of(survey: Survey) -> str:
    """Whom a survey's mails come from, as mail programs show it."""
    return f"{tidy(survey.assessment.company)} <{_sender_address()}>"


def _sender_address() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def mail_domain() -> str:
    """Behind the @ of our Message-IDs."""
    return urlsplit(settings.BASE_URL).hostname or "localhost"


def paragraphs(body: str, link: str, title: str) -> list[SafeString]:
    """The body for the HTML part: blank lines part paragraphs, line breaks stay, and the link carries the title."""
    anchor = format_html('<a href="{}">{}</a>', link, title)
    found = []
    for block in re.split(r"\n\s*\n", body.strip()):
        lines = [
            SafeString("").join([format_html("{}", part) if place == 0 else anchor + format_html("{}", part)
                                 for place, part in enumerate(line.split("{link}"))])
            for line in block.split("\n")
        ]  # fmt: skip
        found.append(mark_safe("<br>".join(lines)))  # noqa: S308  # every part went through format_html
    return found


def _mailbox(name: str, address: str) -> str:
    """Name and address as a header holds them; the address alone where it cannot be taken apart."""
    name = tidy(name)
    if not name:
        return address
    try:
        local, _, domain = address.rpartition("@")
        return str(Address(display_name=name, username=local, domain=domain))
    except ValueError:
        return address
