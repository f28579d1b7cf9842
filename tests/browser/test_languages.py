"""The pages of languages with Arabic and Chinese in them, and in Chinese themselves: they fit, and hinder nobody."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from surveys.models import Survey
from surveys.services.translating import Typed, fingerprint, save_translations
from surveys.texts import source_texts
from tests.support.browser import DESKTOP, PHONE, NewPage, look_at_width
from tests.support.factories import AssessmentFactory, SurveyFactory
from tests.support.people import House

pytestmark = pytest.mark.browser
PAGE = "/o/example/a/a1/survey/languages/"


@pytest.fixture
def survey(house: House, transactional_db: None) -> Survey:
    assessment = AssessmentFactory(organisation=house.organisation, slug="a1", groups=2, issues=3)
    assessment.issues.update(description="What the company does about it. " * 4)
    survey = SurveyFactory(assessment=assessment, introduction="Dear reader", languages=["zh-Hans", "ar"])
    for language, text in (("zh-Hans", "哪些议题最重要？"), ("ar", "ما الأهم؟")):
        typed = [Typed(one.key, text, fingerprint(one.text), fingerprint("")) for one in source_texts(survey)[:6]]
        save_translations(survey=survey, language=language, typed=typed)
    Survey.objects.update(introduction="Dear readers")
    return survey


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
@pytest.mark.parametrize(("locale", "colours"), [("en-US", "dark"), ("zh-CN", "light")])
def test_the_pages_fit_and_hinder_nobody(
    survey: Survey,
    house: House,
    new_page: NewPage,
    axe: Callable[..., None],
    size: tuple[int, int],
    locale: str,
    colours: str,
):
    page = new_page(house.owner, size=size, locale=locale, color_scheme=colours)
    for path in (PAGE, f"{PAGE}of/ar/", f"{PAGE}of/zh-Hans/?show=open", f"{PAGE}import/"):
        page.goto(path)
        look_at_width(page)
        assert page.evaluate("document.documentElement.lang") == ("zh-hans" if locale == "zh-CN" else "en")
        axe(page)


def test_a_file_is_previewed_and_taken_over_without_scripts(survey: Survey, house: House, new_page: NewPage):
    page = new_page(house.owner, javascript=False)
    page.goto(f"{PAGE}import/")
    file = {"name": "a.csv", "mimeType": "text/csv", "buffer": "Key,ar\nclosing,x\ntitle,العنوان\n".encode()}
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Show what would change").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing can be imported yet")
    page.goto(f"{PAGE}import/")
    page.set_input_files("input[type=file]", file | {"buffer": "Key,ar\ntitle,العنوان\n".encode()})
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_role("button", name="Take over 1 translation").click()
    page.goto(f"{PAGE}of/ar/")
    assert page.get_by_role("textbox").first.input_value() == "العنوان"


@pytest.mark.parametrize(("size", "colours"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_process_and_method_statement_fit_in_chinese(
    survey: Survey, house: House, new_page: NewPage, axe: Callable[..., None], size: tuple[int, int], colours: str
):
    page = new_page(house.owner, size=size, locale="zh-CN", color_scheme=colours)
    for path in ("process/", "statement/"):
        page.goto(f"/o/example/a/a1/{path}")
        look_at_width(page)
        assert page.evaluate("document.documentElement.lang") == "zh-hans"
        axe(page)
