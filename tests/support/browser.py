"""Pages of the product in a real browser: gunicorn in front of the test's database, Chromium from Debian."""

import os
import shutil
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from accounts.models import User
from tests.support.people import client_of
from tests.support.processes import Process, manage, wait_for
from tests.support.servers import free_port
from tests.support.system_packages import apt_command

DESKTOP = (1440, 900)
PHONE = (390, 844)
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

PATIENCE = 10_000  # ms until what is waited for on a page is taken to be missing

NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def server(django_db_setup: None) -> Iterator[str]:
    """The address of the product under gunicorn, on the test's own database. Use it with `transactional_db`."""
    collected = manage("collectstatic", "--noinput", "--verbosity=0")
    assert collected.returncode == 0, collected.stderr
    address = f"http://localhost:{(port := free_port())}"
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "tests.support.wsgi",
        "--bind",
        f"127.0.0.1:{port}",
        "--threads",
        "4",
        "--no-control-socket",
    ]
    gunicorn = Process(command, Path(settings.VAR) / "gunicorn.log", BASE_URL=address)
    try:
        wait_for(lambda: gunicorn.ended or _answers(address), "gunicorn to answer", 30, gunicorn.printed)
        assert not gunicorn.ended, gunicorn.printed()
        yield address
    finally:
        gunicorn.end()


def _answers(address: str) -> bool:
    try:
        urllib.request.urlopen(f"{address}/accounts/login/", timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A test that fails in front of the server shows what the server printed last: its traceback, mostly."""
    report = yield
    log = Path(settings.VAR) / "gunicorn.log"
    if report.failed and "server" in getattr(item, "fixturenames", ()) and log.exists():
        report.sections.append(("gunicorn", log.read_text(errors="replace")[-4000:]))
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail(f"Chromium is not installed. Run: {apt_command(['chromium'])}")
    # Playwright's event loop belongs to this thread from now on; Django would take the tests for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser: Browser, server: str, transactional_db: None) -> Iterator[NewPage]:
    """new_page(user=None, size=DESKTOP, javascript=True, **context): a page of a fresh browser profile.

    With `user` it is signed in. Addresses may be relative ("/accounts/login/"). More keywords go to
    Playwright's new_context (color_scheme="dark", locale="zh-CN" ...). A script error or a breach of the content
    security policy fails the test.
    """
    contexts = []
    faults: list[str] = []

    def new(user: User | None = None, size: tuple[int, int] = DESKTOP, javascript: bool = True, **more: Any) -> Page:
        width, height = size
        viewport = {"width": width, "height": height}
        context = browser.new_context(base_url=server, viewport=viewport, java_script_enabled=javascript, **more)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        if user:
            session = client_of(user).cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": server}])
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
        page.on("console", lambda message: _keep_breach(message, faults))
        return page

    yield new
    for context in contexts:
        context.close()
    assert not faults, "The browser complains:\n" + "\n".join(faults)


def _keep_breach(message: ConsoleMessage, faults: list[str]) -> None:
    if message.type == "error" and "Content Security Policy" in message.text:
        faults.append(message.text)


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """Nobody's page, desktop size."""
    return new_page()


def look_at_width(page: Page) -> int:
    """The width of the screen in px. Fails where the page is wider; one that a click has just led to is waited for."""
    page.wait_for_load_state()
    width: int
    width, wanted = page.evaluate("[document.documentElement.clientWidth, document.documentElement.scrollWidth]")
    assert wanted <= width, f"{page.url} is {wanted} px wide on a screen of {width} px"
    return width


def fits_and_hinders_nobody(page: Page, axe: Callable[..., None]) -> None:
    """Fails where the page, with everything on it opened, does not fit or hinders people, in light and dark colours."""
    page.wait_for_load_state()
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    look_at_width(page)
    page.emulate_media(color_scheme="dark")
    axe(page, rule="color-contrast")
    page.emulate_media(color_scheme="light")
    axe(page)


@pytest.fixture
def axe() -> Callable[..., None]:
    """axe(page): fails with what hinders people on this page, rule by rule with the elements.

    With `rule` only that one is looked at, such as "color-contrast" where nothing but colours has changed.
    """

    def check(page: Page, rule: str = "") -> None:
        page.wait_for_load_state()
        looked_at = {"type": "rule", "values": [rule]} if rule else {"type": "tag", "values": AXE_RULES}
        options = {"runOnly": looked_at, "resultTypes": ["violations"]}
        found = Axe().run(page, options=options).response["violations"]
        lines = []
        for rule in found:
            lines.append(f"{rule['id']} ({rule['impact']}): {rule['help']}. {rule['helpUrl']}")
            lines += [f"    {node['html'][:200]}\n      {node['failureSummary']}" for node in rule["nodes"]]
        assert not lines, f"{page.url} has accessibility faults:\n" + "\n".join(lines)

    return check
