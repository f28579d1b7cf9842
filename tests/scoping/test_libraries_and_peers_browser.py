"""The pages of libraries and peers in a real browser: they fit every screen, hinder nobody, and work by keyboard."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from scoping.libraries.catalogue import find_library
from scoping.models import Assessment, Peer, Standing
from scoping.services import load_case
from scoping.services.libraries import Choice, pick_entries
from tests.support.browser import DESKTOP, PHONE, NewPage, look_at_width
from tests.support.factories import PeerFactory, PeerIssueFactory
from tests.support.people import House

pytestmark = pytest.mark.browser

BASE = "/o/example/a/qifu-2022/scoping/"
ZOOMED = (320, 256)
Axe = Callable[[Page], None]


@pytest.fixture
def mill(house: House, transactional_db: None) -> Peer:
    """A peer beside the published cases, and the QiFu case with entries of a library and an issue left out."""
    assessment: Assessment = load_case(organisation=house.organisation, case="qifu-2022")
    picked = [Choice("205"), Choice("301")]
    pick_entries(assessment=assessment, library=find_library("gri"), choices=picked, by=house.analyst)
    assessment.issues.filter(name="Materials").update(standing=Standing.LEFT_OUT)
    made = PeerFactory(organisation=house.organisation, company="Mill", link="https://example.org/report")
    for rank, name in enumerate(["Materials", "Noise-at-night-" + "x" * 80, "Risk management"], start=1):
        PeerIssueFactory(peer=made, name=name, rank=rank, position=rank)
    return made


def addresses(mill: Peer) -> list[str]:
    of_uxin = "?of=uxin-2022:Employee%20care&of=atrenew-2021:Employee%20Rights"
    pages = ["libraries/", "libraries/gri/", "libraries/sse-szse/", "peers/", "peers/new/", f"peers/match/{of_uxin}"]
    return [*pages, "peers/atrenew-2021/", f"peers/{mill.pk}/", f"peers/{mill.pk}/edit/"]


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark"), (ZOOMED, "light")])
def test_the_pages_fit_and_hinder_nobody(
    mill: Peer, house: House, new_page: NewPage, axe: Axe, size: tuple[int, int], scheme: str
) -> None:
    page = new_page(house.analyst, size, color_scheme=scheme)
    for address in addresses(mill):
        response = page.goto(BASE + address)
        assert (response.status if response else None) == 200, address
        look_at_width(page)
        axe(page)


def test_entries_are_picked_without_javascript(mill: Peer, house: House, new_page: NewPage) -> None:
    page = new_page(house.analyst, javascript=False)
    page.goto(f"{BASE}libraries/gri/")
    page.get_by_label("Tax", exact=True).check()
    page.get_by_label("Emissions", exact=True).check()
    page.get_by_role("button", name="Add what is ticked").click()
    expect(page.get_by_role("status")).to_contain_text("One issue is new on the list and one entry is now a mention")


def test_what_we_lack_is_put_on_the_list_without_javascript(mill: Peer, house: House, new_page: NewPage) -> None:
    page = new_page(house.analyst, javascript=False)
    page.goto(f"{BASE}peers/?peer=uxin-2022")
    page.get_by_role("button", name=re.compile("Put on the long list.*Employee care")).click()
    expect(page.get_by_role("status")).to_contain_text("“Employee care” is on the long list.")
    expect(page.locator(".peer-table").get_by_role("link", name="Employee care")).to_have_count(2)


def test_an_issue_is_matched_by_keyboard(mill: Peer, house: House, new_page: NewPage) -> None:
    page = new_page(house.analyst)
    page.goto(f"{BASE}peers/?peer=uxin-2022")
    page.get_by_role("link", name=re.compile("It is our issue.*Employee care")).press("Enter")
    page.get_by_label("another one, chosen below").press("Space")
    page.get_by_label("Another issue of our list").select_option(label="Green Finance")
    page.get_by_role("button", name="Save").press("Enter")
    row = page.locator(".peer-table tr").filter(has_text="Green Finance")
    expect(row.get_by_role("link", name="Employee care")).to_be_visible()
