"""Which addresses are written to."""

import http.client
import socket
import time
from contextlib import suppress
from threading import Thread
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from webhooks import addresses
from webhooks.addresses import Refused, connect, is_public, parts_of, post


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.1.2.3", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a00:1",
        "fec0::1", "64:ff9b:1::7f00:1", "64:ff9b::101:101", "::ffff:0:127.0.0.1", "::ffff:0:1.1.1.1", "::127.0.0.1",
        "::1.1.1.1", "::ffff:1.1.1.1", "2002:101:101::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1",
        "2001:20::1", "100::1", "2001:db8::1", "3fff::1", "5f00::1", "192.0.0.9", "192.88.99.1", "198.19.0.1",
        "240.0.0.1", "239.1.1.1", "ff0e::1", "2606:4700:4700::1111%eth0", "4000::1",
    ],
)  # fmt: skip
def test_addresses_inside_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450::1"])
def test_addresses_of_the_internet_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://example.org/in", "begins with https"),
        ("ftp://example.org", "begins with https"),
        ("https://", "host name"),
        ("https://me:secret@example.org/", "without a name and password"),
        ("https://example.org:99999/", "not a web address"),
        ("https://[::1", "not a web address"),
        ("https://example.org:0/", "Port 0"),
        ("https://localhost/", "not on the public internet"),
        ("https://127.0.0.1:8000/", "not on the public internet"),
        ("https://[::1]/", "not on the public internet"),
        ("https://esg.internal/", "not on the public internet"),
        ("https://exa mple.com/", "without blanks"),
        ("https://example.com/\r\nX-Evil: 1", "without blanks"),
        ("https://example.com/a\tb", "without blanks"),
        ("https://example.com/\x7f", "without blanks"),
        ("https://example.com/\u00a0", "without blanks"),
        ("https://example.com\\@127.0.0.1/", "without blanks"),
        ("https://@example.com/", "without a name and password"),
        ("https://me@example.com/", "without a name and password"),
        ("https://example.com/#part", "without “#”"),
        ("https://example.com/#", "without “#”"),
        ("https://example.com/é", "in ASCII"),
        ("https://example.com:65536/", "not a web address"),
        ("https://example.com:-1/", "not a web address"),
        ("https://example.com:8x/", "not a web address"),
        ("https://exa_mple.com/", "is no host name"),
        ("https://-a.example/", "is no host name"),
        ("https://a..example/", "is no host name"),
        ("https://" + "a" * 64 + ".example/", "is no host name"),
        ("https://" + "a." * 130 + "example/", "is no host name"),
        ("https://1.2.3/", "is no host name"),
        ("https://2130706433/", "is no host name"),
        ("https://0x7f.0x1/", "is no host name"),
        ("https://[v1.a]/", "is no host name|not a web address"),
        ("https://１２７.0.0.1/", "not on the public internet"),
        ("https://[::ffff:127.0.0.1]/", "not on the public internet"),
        ("https://[2606:4700::1%25eth0]/", "not on the public internet"),
        ("https://ESG.Internal./", "not on the public internet"),
    ],
)
def test_what_cannot_be_an_endpoint_says_why(url: str, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        parts_of(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org", "https://example.org:8443/in?key=a%20b", "https://[2606:4700:4700::1111]/",
        "https://bücher.example/", "https://xn--bcher-kva.example./", "https://1.1.1.1/", "https://3m.example/",
    ],
)  # fmt: skip
def test_what_may_be_an_endpoint_is_taken(url: str) -> None:
    assert parts_of(url).geturl() == url


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://[2606:4700:4700::1111]/", ("2606:4700:4700::1111", 443)),
        ("https://[2606:4700:4700::1111]:8443/", ("2606:4700:4700::1111", 8443)),
        ("https://example.org/", ("example.org", 443)),
    ],
)
def test_the_port_is_that_of_the_address(monkeypatch: pytest.MonkeyPatch, url: str, expected: tuple[str, int]) -> None:
    asked: list[tuple[str, int]] = []

    def ask(host: str, port: int, **_: Any) -> list[Any]:
        asked.append((host, port))
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", ask)
    with pytest.raises(socket.gaierror):
        post(url, b"{}", {})
    assert asked == [expected]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "0", "127.1", "2130706433"])
def test_nothing_is_sent_inside(host: str) -> None:
    # However this machine reads the name: it is refused, or it is no address at all.
    with pytest.raises((Refused, socket.gaierror)):
        connect(host, 9)


def test_a_name_that_leads_inside_as_well_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of names, only what they lead to can be had in a test; a public one that leads inside cannot."""

    def both(host: str, port: int, **_: Any) -> list[Any]:
        return [(0, 0, 0, "", ("93.184.216.34", port)), (0, 0, 0, "", ("10.0.0.7", port))]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with pytest.raises(Refused, match="not public"):
        connect("rebinding.example.org", 443)
    with pytest.raises(Refused, match="not public"):
        post("https://rebinding.example.org/", b"{}", {})


def test_a_receiver_that_trickles_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Each byte comes in time, and the answer never ends."""
    settings.WEBHOOKS_MAY_STAY_INSIDE = True
    monkeypatch.setattr(addresses, "LONGEST", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def trickle() -> None:
            taken, _address = server.accept()
            with taken, suppress(OSError):
                for _ in range(100):
                    taken.sendall(b"H")
                    time.sleep(0.05)

        sending = Thread(target=trickle, daemon=True)
        sending.start()
        began = time.monotonic()
        with pytest.raises((OSError, http.client.HTTPException)):
            post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {})
        assert time.monotonic() - began < 3
        sending.join()
