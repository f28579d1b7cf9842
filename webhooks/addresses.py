"""Which addresses may be written to, and a connection that goes to no other.

A name is looked up once, at the moment of connecting, and what was checked is what is connected to: a name that
answers with another address the next time (DNS rebinding) gains nothing. Redirects are not followed.
"""

import http.client
import ipaddress
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
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Refused(OSError):
    """The name leads to an address that is not public."""


def parts_of(url: str) -> SplitResult:
    """
    Raises
    ------
    ValidationError
        If `url` is not an address that may be an endpoint, as far as its text tells.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ValidationError(_("This is not a web address: %(why)s.") % {"why": error}) from error
    if parts.scheme != "https" and not (parts.scheme == "http" and settings.WEBHOOKS_MAY_STAY_INSIDE):
        raise ValidationError(_("Give an address that begins with https://, so that nobody on the way can read along."))
    if not parts.hostname or parts.username or parts.password:
        raise ValidationError(_("Give an address with a host name, and without a name and password in it."))
    if not settings.WEBHOOKS_MAY_STAY_INSIDE and is_inside(parts.hostname):
        raise ValidationError(
            _("%(host)s is not on the public internet, so nothing is sent to it.") % {"host": parts.hostname}
        )
    if port == 0:
        raise ValidationError(_("Port 0 cannot be connected to."))
    return parts


def is_inside(host: str) -> bool:
    """Whether the text of a host name tells already that it leads to no public address. Names are looked up later."""
    try:
        return not is_public(host)
    except ValueError:
        return host.rstrip(".").rpartition(".")[2] in ("localhost", "local", "internal", "lan", "home")


def is_public(address: str) -> bool:
    """Whether an IP address may be written to: global, and none that stands for one inside."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if found in NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF)
        if inner is not None:
            return is_public(str(inner))
    is_site_local = isinstance(found, ipaddress.IPv6Address) and found.is_site_local  # deprecated, and still inside
    return found.is_global and not found.is_multicast and not is_site_local


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
    connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT)
    end = Timer(LONGEST, _cut, [connection])
    end.daemon = True
    end.start()
    try:
        connection.request("POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body, headers)
        return connection.getresponse().status
    finally:
        end.cancel()
        connection.close()
