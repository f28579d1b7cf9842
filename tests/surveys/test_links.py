from datetime import timedelta

from django.utils import timezone

from surveys.links import address_of, forget_link, public_link, remembered_link
from surveys.models import SurveyLink, SurveyState
from surveys.services import renew_link
from tests.support.factories import SurveyLinkFactory


def test_a_token_leads_to_what_its_page_needs_in_one_query(survey, django_assert_num_queries):
    token = survey.links.first().token
    public_link(token)  # the questionnaire is in memory from here on
    with django_assert_num_queries(1):
        link = public_link(token)
    assert (link.group, link.company, link.slug) == ("Group 0", "Example Ltd.", "a1")
    assert [item.code for item in link.questionnaire.items] == [f"issue-{at}" for at in range(5)]


def test_an_unknown_token_leads_nowhere(db):
    assert public_link("nothing-there") is None


def test_the_link_of_a_survey_that_was_never_opened_leads_nowhere(db):
    assert public_link(SurveyLinkFactory().token) is None


def test_the_state_is_read_every_time(survey, link):
    survey.state = SurveyState.CLOSED
    survey.save()
    assert link.takes_answers(timezone.now())
    assert not public_link(link.token).takes_answers(timezone.now())


def test_a_closing_date_closes_by_itself(survey, link):
    survey.closes_at = timezone.now() + timedelta(hours=1)
    survey.save()
    again = public_link(link.token)
    assert again.takes_answers(timezone.now())
    assert not again.takes_answers(timezone.now() + timedelta(hours=2))


def test_a_remembered_link_costs_no_query_until_it_is_forgotten(link, django_assert_num_queries):
    remembered_link(link.token)
    with django_assert_num_queries(0):
        remembered_link(link.token)
    forget_link(link.token)
    with django_assert_num_queries(1):
        remembered_link(link.token)


def test_addresses_are_built_from_the_configured_one(settings):
    settings.BASE_URL = "https://salient.example.org"
    assert address_of("abc") == "https://salient.example.org/s/abc/"


def test_a_withdrawn_link_opens_nothing_and_the_new_one_does(survey):
    link = survey.links.first()
    before = link.token
    renew_link(link=link)
    assert public_link(before) is None
    assert public_link(link.token).group_id == link.group_id


def test_a_process_that_remembers_a_withdrawn_link_forgets_it_soon(survey, monkeypatch):
    link = survey.links.first()
    before, now = link.token, [100.0]
    monkeypatch.setattr("surveys.links.time.monotonic", lambda: now[0])
    assert remembered_link(before)
    SurveyLink.objects.filter(pk=link.pk).update(token="another")
    assert remembered_link(before)
    now[0] += 16
    assert remembered_link(before) is None
