"""Hands mails over to the mail server, one connection for many, and says exactly how far each got.

Until a mail's text has begun to travel, nobody can have received it, and it may be tried again. Afterwards, if the
connection breaks before the server's word, it may have arrived: then nobody but a person decides about it.
"""

import re
import smtplib
from typing import Any, cast

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend

LONGEST_WORDS = 200
_SERVICE_NOT_AVAILABLE = 421


class Down(Exception):
    """The mail server cannot be reached or takes nothing now: nothing was sent, try again later."""


class Refused(Exception):
    """The server will not take this mail, however often it is tried. `address`: the fault is the address's."""

    def __init__(self, words: str, *, address: bool) -> None:
        super().__init__(words)
        self.address = address


class Deferred(Exception):
    """The server takes mails, but this one not now."""


class Misconfigured(Exception):
    """The server refuses the sender or the sign-in: no mail gets through until somebody mends that."""


class Unsure(Exception):
    """The connection broke after the mail's text had begun to travel."""


class _Watched:
    """An SMTP connection that knows whether a mail's text has begun to travel."""

    text_begun = False
    _in_data = False

    def data(self, msg: Any) -> Any:
        self.text_begun, self._in_data = False, True
        try:
            return super().data(msg)  # type: ignore[misc]
        finally:
            self._in_data = False

    def send(self, s: Any) -> None:
        # The command itself is a text; what follows it, the mail, is bytes.
        if self._in_data and isinstance(s, bytes):
            self.text_begun = True
        super().send(s)  # type: ignore[misc]


class _WatchedSMTP(_Watched, smtplib.SMTP):
    pass


class _WatchedSMTPOverTLS(_Watched, smtplib.SMTP_SSL):
    pass


class WatchedBackend(EmailBackend):
    """Django's own SMTP backend on a watched connection."""

    @property
    def connection_class(self) -> Any:
        return _WatchedSMTPOverTLS if self.use_ssl else _WatchedSMTP


class PostOffice:
    """Keeps one connection open. Use it as a context; `hand_over` opens it when it must."""

    def __init__(self) -> None:
        backend = get_connection()
        # Console and memory take everything at once; there is nothing to watch.
        self._other = None if isinstance(backend, EmailBackend) else backend
        self._backend = WatchedBackend()

    def __enter__(self) -> "PostOffice":
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def hand_over(self, message: EmailMessage) -> None:
        """Send a mail to its one recipient.

        Raises
        ------
        Down, Misconfigured, Deferred, Refused
            It was not sent.
        Unsure
            It may have been sent.
        """
        if self._other:
            self._other.send_messages([message])
            return
        is_fresh = self._open()
        try:
            self._send(message)
        except Down:
            # Servers hang up on a connection that was silent for a while.
            if is_fresh:
                raise
            self._open()
            self._send(message)

    def _open(self) -> bool:
        """Whether a new connection was needed."""
        try:
            return bool(self._backend.open())
        except smtplib.SMTPAuthenticationError as error:
            self._close()
            raise Misconfigured(f"The mail server refuses the sign-in: {_words(error.smtp_error)}") from error
        except smtplib.SMTPResponseException as error:
            self._close()
            raise Down(_words(error.smtp_error)) from error
        except OSError as error:  # smtplib's other errors are among them
            self._close()
            raise Down(_words(error.strerror or str(error))) from error

    def _send(self, message: EmailMessage) -> None:
        connection = cast(_Watched, self._backend.connection)
        connection.text_begun = False
        try:
            self._backend.send_messages([message])
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            self._refused(code, _words(words), of_recipient=True)
        except smtplib.SMTPSenderRefused as error:
            self._refused(error.smtp_code, _words(error.smtp_error), of_sender=True)
        except smtplib.SMTPDataError as error:
            self._refused(error.smtp_code, _words(error.smtp_error))
        except OSError as error:
            begun = connection.text_begun
            self._close()
            if begun:
                raise Unsure("The connection broke while the mail was handed over.") from error
            raise Down(_words(getattr(error, "strerror", "") or str(error))) from error

    def _refused(self, code: int, words: str, *, of_recipient: bool = False, of_sender: bool = False) -> None:
        said = f"{code} {words}"
        if code == _SERVICE_NOT_AVAILABLE:
            self._close()
            raise Down(said)
        if code < 500:
            raise Down(said) if of_sender else Deferred(said)
        if of_sender:
            raise Misconfigured(f"The mail server refuses the sender: {said}")
        # Of the extended codes, 5.7 is about what may be sent and by whom, the others about address or mailbox.
        raise Refused(said, address=of_recipient and not words.startswith("5.7."))

    def _close(self) -> None:
        try:
            self._backend.close()
        except (smtplib.SMTPException, OSError):
            self._backend.connection = None


def plain_words(text: str) -> str:
    """A server's words on one line, without control characters, and without the address, which stands elsewhere."""
    text = "".join(char if char.isprintable() else " " for char in text)
    text = re.sub(r"<?[^\s<>]+@[^\s<>]+>?:?", "", text)
    return re.sub(r"\s+", " ", text).strip()[:LONGEST_WORDS] or "no reason given"


def _words(said: Any) -> str:
    return plain_words(said.decode(errors="replace") if isinstance(said, bytes) else str(said))
