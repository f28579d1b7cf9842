"""Which addresses may be written to, and a connection that goes to no other.

A name is looked up once, at the moment of connecting, and what was checked is what is connected to: a name that
answers with another address the next time (DNS rebinding) gains nothing. Redirects are not followed.
"""

import http.client
import ipaddress
import re
import socket
import ssl
from contextlib import suppress
from threading import Timer
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

TIMEOUT = 10  # seconds, for connecting and for each read
LONGEST = 60  # seconds for all of it: a receiver that sends a byte now and then would keep a worker for days
MOST_ADDRESSES = 4  # of one name that are tried
# One part of a host name (RFC 1123), and the last one of a name: one of digits would be a number for an address.
LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)", re.IGNORECASE)
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.IGNORECASE)
LONGEST_NAME = 253
# Of IPv6, unicast that is routed everywhere lies in here (RFC 4291) ...
GLOBAL = ipaddress.ip_network("2000::/3")
# ... but for protocols and tunnels (Teredo, ORCHID, benchmarks: RFC 2928), examples, 6to4, and examples again. What
# stands for an address of IPv4 (::/96, ::ffff:0:0/96, ::ffff:0:0:0/96, 64:ff9b::/96, 64:ff9b:1::/48) lies outside.
SPECIAL = tuple(
    map(
        ipaddress.ip_network,
        (
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
            "192.0.0.0/24", "192.88.99.0/24", "240.0.0.0/4",
        ),
    )
)  # fmt: skip


class Refused(OSError):
    """The name leads to an address that is not public."""


def parts_of(url: str) -> SplitResult:
    """
    Raises
    ------
    ValidationError
        If `url` is not an address that may be an endpoint, as far as its text tells.
    """
    # urlsplit takes line breaks out without a word.
    if any(char.isspace() or not char.isprintable() or char == "\\" for char in url):
        raise ValidationError(_("Give an address without blanks, line breaks, control characters or backslashes."))
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ValidationError(_("This is not a web address: %(why)s.") % {"why": error}) from error
    if parts.scheme != "https" and not (parts.scheme == "http" and settings.WEBHOOKS_MAY_STAY_INSIDE):
        raise ValidationError(_("Give an address that begins with https://, so that nobody on the way can read along."))
    if not parts.hostname or "@" in parts.netloc:
        raise ValidationError(_("Give an address with a host name, and without a name and password in it."))
    if not (parts.path + parts.query).isascii():
        raise ValidationError(
            _("Write what stands behind the host name in ASCII, with other characters percent-encoded.")
        )
    if "#" in url:
        raise ValidationError(_("Give an address without “#”: what stands behind it is never sent."))
    host = host_name(parts.hostname, is_literal="[" in parts.netloc)
    if not settings.WEBHOOKS_MAY_STAY_INSIDE and is_inside(host):
        raise ValidationError(
            _("%(host)s is not on the public internet, so nothing is sent to it.") % {"host": parts.hostname}
        )
    if port == 0:
        raise ValidationError(_("Port 0 cannot be connected to."))
    return parts


def host_name(host: str, *, is_literal: bool = False) -> str:
    """A host name as it is looked up, in ASCII (IDNA), or an IP address; `is_literal` where it stood in brackets.

    Raises
    ------
    ValidationError
        If it is neither.
    """
    refusal = ValidationError(
        _("“%(host)s” is no host name. It has letters, digits, hyphens and dots: hooks.example.org.") % {"host": host}
    )
    try:
        found = host if is_literal else host.encode("idna").decode("ascii")
        return str(ipaddress.ip_address(found))
    except UnicodeError as error:
        raise refusal from error
    except ValueError as error:
        labels = found.removesuffix(".").split(".")
        is_name = all(map(LABEL.fullmatch, labels)) and not NUMBER.fullmatch(labels[-1])
        if is_literal or not is_name or len(found) > LONGEST_NAME:
            raise refusal from error
        return found


def is_inside(host: str) -> bool:
    """Whether the text of a host name tells already that it leads to no public address. Names are looked up later."""
    try:
        return not is_public(host)
    except ValueError:
        return host.lower().rstrip(".").rpartition(".")[2] in ("localhost", "local", "internal", "lan", "home")


def is_public(address: str) -> bool:
    """Whether an IP address may be written to: unicast that is routed everywhere, and none that stands for another, by
    which one inside could be meant (NAT64, 6to4, Teredo, IPv4 within IPv6). With a zone it is of one link.

    Raises
    ------
    ValueError
        If it is no IP address.
    """
    found = ipaddress.ip_address(address)
    if found.version == 6 and (found not in GLOBAL or "%" in address):
        return False
    special = any(found.version == one.version and found in one for one in SPECIAL)
    return found.is_global and not found.is_multicast and not special


def connect(host: str, port: int) -> socket.socket:
    """A connection to the first address of `host` that answers.

    Raises
    ------
    Refused
        If any of its addresses is not public: a name that leads inside as well is not to be trusted.
    OSError
        If none answers.
    """
    found = [info[4][0] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    addresses = [str(address) for address in found]
    if not settings.WEBHOOKS_MAY_STAY_INSIDE and not all(map(is_public, addresses)):
        raise Refused(f"{host} leads to an address that is not public, so nothing is sent to it.")
    last: OSError = OSError(f"{host} has no address.")
    for address in addresses[:MOST_ADDRESSES]:
        try:
            return socket.create_connection((address, port), timeout=TIMEOUT)
        except OSError as error:
            last = error
    raise last


class _Plain(http.client.HTTPConnection):
    def connect(self) -> None:
        self.sock = connect(self.host, self.port)


class _Encrypted(http.client.HTTPSConnection):
    def __init__(self, host: str, port: int | None, **options: Any) -> None:
        self.secure = ssl.create_default_context()
        super().__init__(host, port, context=self.secure, **options)

    def connect(self) -> None:
        # The certificate is checked against the name, the connection goes to the address that was checked.
        self.sock = self.secure.wrap_socket(
            connect(self.host, self.port), server_hostname=self.host, do_handshake_on_connect=False
        )
        self.sock.do_handshake()


def _cut(connection: http.client.HTTPConnection) -> None:
    """End it from another thread; whoever reads from it comes to the end."""
    if connection.sock is not None:
        with suppress(OSError):
            # Past that of encrypted sockets, which tidies up what the other thread is still using.
            socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """Send `body` and return the status of the answer, of which nothing else is read.

    Raises
    ------
    OSError, http.client.HTTPException
        If it cannot be delivered.
    """
    parts = parts_of(url)
    kind = _Encrypted if parts.scheme == "https" else _Plain
    # Without a port it would be looked for in the host, and the end of an IPv6 address taken for it.
    port = parts.port or (443 if parts.scheme == "https" else 80)
    connection = kind(parts.hostname or "", port, timeout=TIMEOUT)
    end = Timer(LONGEST, _cut, [connection])
    end.daemon = True
    end.start()
    try:
        connection.request("POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body, headers)
        return connection.getresponse().status
    finally:
        end.cancel()
        connection.close()
