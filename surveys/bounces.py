"""What came back: reads the report of a mail server about a mail that could not be delivered (RFC 3464).

A report is recognised by the Message-ID of the mail it is about, which holds the delivery's random id: whoever did not
get the mail cannot make up a report about it.
"""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import cast

from django.db import transaction

from surveys.mail import mail_domain
from surveys.models import Delivery, DeliveryState, Invitation, InvitationState
from surveys.post_office import plain_words

_OURS = r"<([0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})@{domain}>"
_STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")


@dataclass(frozen=True)
class Report:
    """What a message says about one of our mails.

    Attributes
    ----------
    delivery : the id of the mail; None where the message names none of ours.
    status : such as "5.1.1"; empty where the message is no report.
    words : the server's reason, on one line.
    """

    delivery: uuid.UUID | None = None
    status: str = ""
    words: str = ""

    @property
    def hard(self) -> bool:
        """Whether the address does not work, and not only for now."""
        return self.status.startswith("5")


def read_report(raw: bytes) -> Report:
    """What a message says. A message that is no report gives an empty one, whatever it holds."""
    message = message_from_bytes(raw, policy=default)
    statuses = [fields for part in message.walk() if part.get_content_type() == "message/delivery-status"
                for fields in _blocks(part)]  # fmt: skip
    failed = [fields for fields in statuses if _field(fields, "action").lower() in ("failed", "delayed")]
    if not failed:
        return Report()
    fields = failed[0]
    found = _STATUS.search(_field(fields, "status"))
    words = _field(fields, "diagnostic-code").partition(";")[2].strip() or _field(fields, "status")
    late = _field(fields, "action").lower() == "delayed"
    status = found[0] if found and not late else "4.0.0"
    return Report(_delivery(raw), status, plain_words(words))


@transaction.atomic
def record_report(report: Report) -> str:
    """Mark the mail and the invitation where an address does not work; what was done, in a sentence."""
    if not report.status:
        return "This is no report about a mail that came back. Nothing was changed."
    if report.delivery is None:
        return "The report names no mail that was sent from here. Nothing was changed."
    delivery = Delivery.objects.select_related("invitation").filter(pk=report.delivery).first()
    if delivery is None:
        return "The mail that the report names is not known here any more. Nothing was changed."
    if not report.hard:
        return f"The mail is late or the address does not work for now ({report.status}). Nothing was changed."
    left = [DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.UNSURE, DeliveryState.BOUNCED]
    marked = Delivery.objects.filter(pk=delivery.pk, state__in=left)
    marked.update(state=DeliveryState.BOUNCED, error=f"{report.status} {report.words}"[:300])
    reached = [InvitationState.READY, InvitationState.SENT]
    Invitation.objects.filter(pk=delivery.invitation_id, state__in=reached).update(state=InvitationState.BOUNCED)
    return f"Mail {delivery.pk} came back ({report.status}). The invitation is marked."


def _blocks(part: Message) -> Iterator[Message]:
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from cast("list[Message]", payload)


def _field(fields: Message, name: str) -> str:
    text = str(fields.get(name, ""))
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _delivery(raw: bytes) -> uuid.UUID | None:
    """The id in the first of our Message-IDs, wherever in the report the server put the mail's headers."""
    ours = re.compile(_OURS.format(domain=re.escape(mail_domain())), re.IGNORECASE)
    # A server may have encoded or folded the returned headers; Message-IDs hold neither blanks nor letters to encode.
    found = ours.search(raw.decode("latin-1"))
    return uuid.UUID(found[1]) if found else None
