"""A real mail server for tests, in a thread of its own: it keeps what it takes, and fails where it is told to."""

import time
from collections import Counter
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller

from tests.support.servers import free_port


class MailServer:
    """
    Attributes
    ----------
    received : the messages it has taken, in their order; `raw` has their bytes.
    refused : what it says to a recipient instead of taking the mail, by address.
    hang_up_in_text : addresses in whose mails it hangs up when the text has come, without a word.
    stop_after : when it has taken so many mails it goes down: no new connection, and the present one ends.
    slow : seconds that it takes for each mail.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.received: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.refused: dict[str, str] = {}
        self.hang_up_in_text: set[str] = set()
        self.stop_after = 0
        self.slow = 0.0
        self.sender_refused = ""
        self.text_refused = ""
        self.connections = 0
        self._down = False
        self._controller: Controller | None = None

    def start(self) -> None:
        self._down = False
        self._controller = Controller(_Handler(self), hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller:
            self._controller.stop()
            self._controller = None

    def addresses(self) -> Counter[str]:
        """How many mails went to each address."""
        return Counter(str(message["X-RcptTo"]) for message in self.received)

    def to(self, address: str) -> EmailMessage:
        """The one message to that address."""
        (found,) = (message for message in self.received if message["X-RcptTo"] == address)
        return found


class _Handler:
    def __init__(self, mail: MailServer) -> None:
        self.mail = mail

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]) -> Any:
        self.mail.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if self.mail._down:
            server.transport.abort()
            return "421 Bye"
        if self.mail.sender_refused:
            return self.mail.sender_refused
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if address in self.mail.refused:
            return self.mail.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = self.mail
        time.sleep(mail.slow)
        if envelope.rcpt_tos[0] in mail.hang_up_in_text:
            server.transport.abort()
            return "250 Never heard"
        if mail.text_refused:
            return mail.text_refused
        message = cast(EmailMessage, message_from_bytes(envelope.content, policy=default))
        message["X-RcptTo"] = envelope.rcpt_tos[0]
        message["X-MailFrom"] = envelope.mail_from
        mail.received.append(message)
        mail.raw.append(envelope.content)
        if mail.stop_after and len(mail.received) >= mail.stop_after:
            mail._down, mail.stop_after = True, 0
            assert mail._controller
            assert mail._controller.server
            mail._controller.server.close()
        return "250 OK"
