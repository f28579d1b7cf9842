import pytest
from surveys.services import close_survey, fold_responses
from surveys.services.quality import look, request_look
from surveys.models import GroupDesign
from tests.support.browser import PHONE, DESKTOP
from tests.support.factories import CommentFactory
from tests.support.people import build_house
pytestmark = pytest.mark.browser

@pytest.fixture
def house(transactional_db):
    return build_house()

def test_shots(house, survey, questionnaire, store, new_page, assessment):
    base = f"/o/{assessment.organisation.slug}/a/{assessment.slug}/survey/answers/"
    request_look(survey=survey)
    store(30, seconds=60); store(3, group=2); store(7, group=1, simulated=True)
    GroupDesign.objects.create(survey=survey, group=survey.assessment.groups.first(), target=80, population=100)
    c = CommentFactory(questionnaire=questionnaire, group=survey.assessment.groups.first(), kind="missing", text="Light is a matter of Eva from accounting")
    for name, size in (("phone", PHONE), ("desk", DESKTOP)):
        for scheme in ("light", "dark"):
            page = new_page(house.analyst, size=size, color_scheme=scheme)
            if scheme == "light":
                page.goto(base); page.screenshot(path=f"/tmp/lead/watch2-open-{name}.png", full_page=True)
            page.goto(base + "comments/?kind=missing"); page.screenshot(path=f"/tmp/lead/watch2-comments-{name}-{scheme}.png", full_page=True)
            page.goto(base + f"comments/{c.pk}/delete/"); page.screenshot(path=f"/tmp/lead/watch2-delete-{name}-{scheme}.png", full_page=True)
    close_survey(survey=survey); survey.refresh_from_db(); look(survey=survey)
    for name, size in (("phone", PHONE), ("desk", DESKTOP)):
        for scheme in ("light", "dark"):
            page = new_page(house.analyst, size=size, color_scheme=scheme)
            page.goto(base); page.screenshot(path=f"/tmp/lead/watch2-closed-{name}-{scheme}.png", full_page=True)
