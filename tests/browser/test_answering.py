"""Answering a survey on a phone, in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from surveys.answers import UNANSWERED
from surveys.models import Comment, Draft, Response, SurveyLink
from surveys.services import close_survey, open_survey, prepare_survey
from tests.support.browser import DESKTOP, PHONE, look_at_width
from tests.support.factories import AssessmentFactory, MembershipFactory

pytestmark = pytest.mark.browser

NARROW = (320, 640)


@pytest.fixture
def link(transactional_db) -> SurveyLink:
    survey = prepare_survey(assessment=AssessmentFactory(groups=2, issues=4, company="QiFu Technology"))
    open_survey(survey=survey)
    return survey.links.select_related("survey").first()


@pytest.fixture
def address(link: SurveyLink) -> str:
    return f"/s/{link.token}/"


def rate(page: Page, issue: int, value: int) -> None:
    """As a finger does it: on the cell, which is the label of the hidden radio."""
    page.locator(f"#q-issue-{issue} label", has=page.locator(f"input[value='{value}']")).click()


def stored() -> list[bytes]:
    return [bytes(response.ratings) for response in Response.objects.all()]


@pytest.mark.parametrize("javascript", [True, False])
def test_a_respondent_answers_on_a_phone(new_page, address, javascript):
    page = new_page(size=PHONE, javascript=javascript)
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("What should QiFu Technology pay most attention to?")
    for issue, value in enumerate([5, 4, 0, 1]):
        rate(page, issue, value)
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert stored() == [bytes([5, 4, 0, 1])]
    assert not Draft.objects.exists()


@pytest.mark.parametrize("javascript", [True, False])
def test_what_is_missing_is_shown_and_nothing_is_lost(new_page, address, javascript):
    page = new_page(size=PHONE, javascript=javascript)
    page.goto(address)
    rate(page, 0, 3)
    rate(page, 2, 0)
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("alert")).to_contain_text("2 issues have no rating yet")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("link", name="2. Issue 1").click()
    expect(page.locator("#q-issue-1")).to_be_in_viewport()
    page.get_by_role("button", name="Send without these").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert stored() == [bytes([3, 0, 0, 0])]


@pytest.mark.parametrize("javascript", [True, False])
def test_one_can_stop_and_come_back(new_page, address, javascript):
    page = new_page(size=PHONE, javascript=javascript)
    page.goto(address)
    rate(page, 1, 2)
    page.get_by_role("button", name="Save and finish later").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Saved for later")
    page.goto("about:blank")
    page.goto(address)
    expect(page.locator("#q-issue-1 input[value='2']")).to_be_checked()
    expect(page.locator(".answer-bar")).to_contain_text("1 of 4 answered")


def test_ratings_are_saved_as_they_are_given(new_page, address):
    page = new_page(size=PHONE)
    page.goto(address)
    rate(page, 0, 5)
    expect(page.locator("#answered")).to_have_text("1")
    expect(page.locator("#saved")).to_have_text(re.compile(r"^Saved \d"))
    assert bytes(Draft.objects.get().ratings) == bytes([5, *[UNANSWERED] * 3])
    page.reload()
    expect(page.locator("#q-issue-0 input[value='5']")).to_be_checked()


def test_offline_is_told_and_made_good(new_page, address):
    page = new_page(size=PHONE)
    page.goto(address)
    page.context.set_offline(True)
    rate(page, 0, 5)
    expect(page.locator("#saved")).to_have_text("Offline: not saved yet")
    rate(page, 1, 4)
    page.context.set_offline(False)
    expect(page.locator("#saved")).to_have_text(re.compile(r"^Saved \d"))
    assert bytes(Draft.objects.get().ratings)[:2] == bytes([5, 4])


def test_a_survey_that_closes_meanwhile_tells_so_while_one_answers(new_page, address, link):
    page = new_page(size=PHONE)
    page.goto(address)
    close_survey(survey=link.survey)
    rate(page, 0, 5)
    expect(page.locator("#saved")).to_have_text("The survey has closed: kept, but not counted")


def test_the_keyboard_alone_is_enough(new_page, address):
    page = new_page(size=PHONE)
    page.goto(address)
    page.locator("#q-issue-0 input[value='1']").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Tab")
    page.keyboard.type("Noise")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Send my answers")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert stored() == [bytes([2] * 4)]
    assert Comment.objects.get().text == "Noise"


def test_sending_twice_by_the_back_button_is_one_answer(new_page, address):
    page = new_page(size=PHONE, javascript=False)
    page.goto(address)
    for issue in range(4):
        rate(page, issue, 3)
    page.get_by_role("button", name="Send my answers").click()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert len(stored()) == 1


def test_someone_else_on_the_same_device_gets_an_empty_form(new_page, address):
    page = new_page(size=PHONE)
    page.goto(address)
    for issue in range(4):
        rate(page, issue, 3)
    page.get_by_role("button", name="Send my answers").click()
    page.get_by_role("button", name="Someone else").click()
    expect(page.locator("input:checked")).to_have_count(0)
    for issue in range(4):
        rate(page, issue, 5)
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert sorted(stored()) == [bytes([3] * 4), bytes([5] * 4)]


def test_nothing_is_cut_off_on_the_narrowest_phone(new_page, address):
    page = new_page(size=NARROW)
    page.goto(address)
    look_at_width(page)
    for box in (cell.bounding_box() for cell in page.locator("#q-issue-0 .rate label").all()):
        assert box["width"] >= 44
        assert box["height"] >= 44


def test_long_names_without_spaces_do_not_widen_the_page(new_page, link):
    link.group.name = link.survey.assessment.company = "x" * 120
    link.group.save()
    link.survey.assessment.save()
    page = new_page(size=NARROW)
    page.goto(f"/s/{link.token}/")
    look_at_width(page)


@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_long_group_names_do_not_push_columns_out_of_the_members_page(new_page, link, size):
    link.group.name = "x" * 120
    link.group.save()
    assessment = link.survey.assessment
    owner = MembershipFactory(organisation=assessment.organisation, role="owner").user
    page = new_page(user=owner, size=size)
    page.goto(f"/o/{assessment.organisation.slug}/a/{assessment.slug}/survey/")
    look_at_width(page)
    assert page.evaluate("(box => box.scrollWidth <= box.clientWidth)(document.querySelector('.table-wrap'))")
