"""The report in a browser: accessible in both themes on both sizes, without scripts, on paper, and in a frame."""

import http.server
import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from materiality.models import Publication
from materiality.publishing.room import FRAME_HEIGHT
from scoping.models import Assessment
from tests.materiality import documents
from tests.materiality.publishing.conftest import Show, many
from tests.support.browser import DESKTOP, PHONE, NewPage, look_at_width
from tests.support.factories import ChannelFactory, ConcernFactory, StakeholderGroupFactory

pytestmark = pytest.mark.browser
ADDRESS = "/reports/bare-2022/"


@pytest.fixture
def report(bare: Assessment, show: Show) -> None:
    """Twelve issues with everything around them; one of them in another tier by decision."""
    group = StakeholderGroupFactory(assessment=bare, name="Clients")
    ConcernFactory(group=group, topic="Safe toys", response="A recall within a day")
    ChannelFactory(group=group)
    rows = many(12)
    told = {"tier": "High", "reason": "A new law.", "on": "2022-05-03", "computed_tier": "Minor"}
    rows[4] |= {"tier": "High", "decision": told}
    publication = show(bare, *rows)
    then = {"alone": True, "larger": False}
    place = {"name": "Then", "rank": 3, "tier": "Minor", "tier_number": 2}
    publication.document["since"] = {
        "period": "2021", "is_published": False, "same_tiers": True, "summary": "", "gone": ["Old"], "notes": ["Note."],
        "issues": {
            "issue-0": {**then, "relation": "same", "before": [place]},
            "issue-1": {**then, "relation": "new", "before": []},
        },
    }  # fmt: skip
    publication.document["sheets"] = [
        {"code": "issue-0", "meaning": "What it means.", "practice": "What is done.", "improvement": "",
         "chapters": ["One"], "sdgs": [3]}
    ]  # fmt: skip
    publication.save()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nothing_hinders_anybody(
    new_page: NewPage, axe: Callable[[Page], None], report: None, size: tuple[int, int], theme: str
):
    page = new_page(size=size, color_scheme=theme)
    for path in (ADDRESS, f"{ADDRESS}?lang=zh", f"{ADDRESS}matrix/"):
        page.goto(path)
        axe(page)
        look_at_width(page)


def test_a_point_leads_to_its_row(new_page: NewPage, report: None):
    page = new_page(javascript=False)
    page.goto(ADDRESS)
    page.locator(".matrix-wide a[href='#issue-3']").click()
    assert page.url.endswith("#issue-3")
    expect(page.locator("#issue-3")).to_be_in_viewport()


def test_categories_are_shown_one_at_a_time(new_page: NewPage, report: None):
    page = new_page()
    page.goto(ADDRESS)
    # Documents by hand have three categories in turn.
    button = page.get_by_role("button", name="Social")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#issue-1")).to_be_visible()
    expect(page.locator("#issue-0")).to_be_hidden()
    button.click()
    expect(page.locator("#issue-0")).to_be_visible()


def test_tiers_are_whole_on_paper_and_lower_ones_unfolded(new_page: NewPage, bare: Assessment, show: Show):
    show(bare, *many(130))
    page = new_page()
    page.goto(ADDRESS)
    expect(page.locator("#issue-129")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator("#issue-129")).to_be_visible()
    expect(page.locator(".filter")).to_be_hidden()


@pytest.fixture
def other_site() -> Iterator[Callable[[str], str]]:
    """other_site(html): the address of a page with it, on another origin."""
    served: dict[str, bytes] = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(served["page"])

        def log_message(self, *arguments: object) -> None:
            """Says nothing."""

    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=site.serve_forever, daemon=True)
    thread.start()

    def serve(content: str) -> str:
        served["page"] = content.encode()
        return f"http://127.0.0.1:{site.server_port}/"

    yield serve
    site.shutdown()
    site.server_close()
    thread.join()


def test_the_matrix_stands_in_a_frame_of_another_site_and_leads_to_the_report(
    new_page: NewPage, server: str, bare: Assessment, show: Show, other_site: Callable[[str], str]
):
    show(bare, documents.issue("alpha", 1, "High"), documents.issue("beta", 2, "Minor"))
    page = new_page(javascript=False)
    page.goto(other_site(f'<iframe src="{server}{ADDRESS}matrix/" title="Matrix" width="700" height="800"></iframe>'))
    point = page.frame_locator("iframe").locator(".matrix-wide a.pt-a").first
    expect(point).to_be_visible()
    assert point.get_attribute("href").endswith(f"{ADDRESS}?lang=en#beta")
    assert point.get_attribute("target") == "_blank"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_frame_as_high_as_the_code_for_other_sites_says_never_scrolls(new_page: NewPage, report: None, language: str):
    page = new_page(javascript=False)
    page.goto(f"{ADDRESS}matrix/?lang={language}")
    for width in range(600, 1201, 40):
        page.set_viewport_size({"width": width, "height": FRAME_HEIGHT})
        assert page.evaluate("document.documentElement.scrollHeight") == FRAME_HEIGHT, width


@pytest.mark.parametrize("width", [320, 390, 600])
def test_in_a_narrow_frame_the_names_are_listed_below_the_matrix_and_scroll_by_themselves(
    new_page: NewPage, axe: Callable[[Page], None], bare: Assessment, show: Show, width: int
):
    show(bare, *many(30))
    page = new_page(size=(width, FRAME_HEIGHT))
    page.goto(f"{ADDRESS}matrix/")
    assert page.evaluate("document.documentElement.scrollHeight") == FRAME_HEIGHT
    look_at_width(page)
    names = page.locator(".key li")
    expect(names.first).to_be_in_viewport()
    assert names.first.bounding_box()["y"] > page.locator(".matrix-narrow").bounding_box()["y"]
    names.last.scroll_into_view_if_needed()
    expect(names.last).to_be_in_viewport()
    expect(page.get_by_role("link", name="The whole report")).to_be_in_viewport()
    axe(page)


def test_the_first_page_on_paper_has_the_matrix(new_page: NewPage, axe: Callable[[Page], None], report: None):
    page = new_page(size=(680, 994))  # the area of A4 within the margins
    page.goto(ADDRESS)
    page.emulate_media(media="print")
    axe(page)
    assert page.locator("figure").evaluate("figure => figure.getBoundingClientRect().bottom") < 994


OWN = ["#ffcc00", "#003366", "#b30000", "#226622", "#111111"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_organisation_s_colours_are_read_in_both_themes(
    new_page: NewPage, axe: Callable[[Page], None], report: None, theme: str
):
    publication = Publication.objects.get()
    publication.document["colours"] = OWN
    publication.save()
    page = new_page(color_scheme=theme)
    page.goto(ADDRESS)
    axe(page)
    painted = "mark => [getComputedStyle(mark).fill, getComputedStyle(mark).backgroundColor]"
    drawn = page.locator(".matrix-wide .f1").first.evaluate(painted)[0]
    assert drawn == page.locator(".legend .m1").first.evaluate(painted)[1]
    # Yellow is too pale for white paper and is darkened there.
    assert (drawn == "rgb(255, 204, 0)") == (theme == "dark")
