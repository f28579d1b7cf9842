"""Pillars are added, changed and removed; their issues stay."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from scoping.models import Assessment, Issue, Pillar, Standing
from scoping.services import set_phase
from scoping.services.pillars import MOST_PILLARS, remove_pillar, save_pillar
from tests.support.factories import AssessmentFactory, IssueFactory, PillarFactory
from tests.support.people import House

FORM = "/o/example/a/here/scoping/pillars/"


@pytest.fixture
def assessment(house: House) -> Assessment:
    return AssessmentFactory(organisation=house.organisation, slug="here", issues=3)


def codes(pillar: Pillar) -> list[str]:
    return list(pillar.issues.values_list("code", flat=True))


def test_a_pillar_is_saved_with_topics_and_issues(assessment: Assessment, house: House) -> None:
    issues = list(assessment.issues.all())
    pillar = save_pillar(
        assessment=assessment, name="  Green   Works ", topics=" Water \n\nAir", issues=issues[:2], by=house.analyst
    )
    pillar.refresh_from_db()
    assert (pillar.name, pillar.topics, codes(pillar)) == ("Green Works", "Water\nAir", ["issue-0", "issue-1"])
    assert house.organisation.events.filter(summary="added the pillar Green Works", actor=house.analyst).exists()


def test_a_new_pillar_comes_last(assessment: Assessment) -> None:
    names = ["C", "A", "B"]
    for name in names:
        save_pillar(assessment=assessment, name=name)
    assert [pillar.name for pillar in assessment.pillars.all()] == names


def test_a_changed_pillar_keeps_its_place_and_source(assessment: Assessment) -> None:
    pillar = PillarFactory(assessment=assessment, position=4, source="p. 5")
    pillar.issues.add(assessment.issues.get(code="issue-0"))
    save_pillar(assessment=assessment, pillar=pillar, name="Renamed", issues=[assessment.issues.get(code="issue-2")])
    pillar.refresh_from_db()
    assert (pillar.name, pillar.position, pillar.source, codes(pillar)) == ("Renamed", 4, "p. 5", ["issue-2"])


def test_two_pillars_have_two_names(assessment: Assessment) -> None:
    PillarFactory(assessment=assessment, name="Green Works")
    with pytest.raises(ValidationError, match="already a pillar named “green works”"):
        save_pillar(assessment=assessment, name="green works")


def test_issues_of_another_assessment_are_refused(assessment: Assessment) -> None:
    with pytest.raises(ValidationError, match="belong to another assessment"):
        save_pillar(assessment=assessment, name="Green", issues=[IssueFactory()])


def test_a_pillar_of_another_assessment_is_refused(assessment: Assessment) -> None:
    with pytest.raises(ValidationError, match="belong to another assessment"):
        save_pillar(assessment=assessment, name="Green", pillar=PillarFactory())


def test_there_is_an_end_to_pillars(assessment: Assessment) -> None:
    for _ in range(MOST_PILLARS):
        PillarFactory(assessment=assessment)
    with pytest.raises(ValidationError, match=f"at most {MOST_PILLARS} pillars"):
        save_pillar(assessment=assessment, name="One more")


def test_pillars_change_also_after_the_survey_has_opened(assessment: Assessment) -> None:
    set_phase(assessment=assessment, phase="survey")
    assert save_pillar(assessment=assessment, name="Green").pk


def test_issues_stay_when_their_pillar_goes(assessment: Assessment) -> None:
    pillar = PillarFactory(assessment=assessment)
    pillar.issues.set(assessment.issues.all())
    remove_pillar(pillar=pillar)
    assert (assessment.pillars.count(), assessment.issues.count()) == (0, 3)


# --- the pages -----------------------------------------------------------------------------------------------------


def test_the_form_adds_a_pillar_and_leads_back(assessment: Assessment, analyst_client: Client) -> None:
    sent = {"name": "Green Works", "topics": "Water", "issues": ["issue-0", "issue-2"]}
    response = analyst_client.post(FORM, sent)
    assert response.url == "/o/example/a/here/scoping/issue-table/#pillars"
    assert codes(assessment.pillars.get()) == ["issue-0", "issue-2"]


def test_save_and_add_another_shows_an_empty_form(assessment: Assessment, analyst_client: Client) -> None:
    assert analyst_client.post(FORM, {"name": "Green", "another": "1"}).url == FORM


def test_a_name_is_needed(assessment: Assessment, analyst_client: Client) -> None:
    response = analyst_client.post(FORM, {"name": " "})
    assert response.status_code == 400
    assert "Name the pillar." in response.content.decode()


def test_an_issue_that_left_the_short_list_stays_on_the_form(assessment: Assessment, analyst_client: Client) -> None:
    pillar = PillarFactory(assessment=assessment)
    left = assessment.issues.get(code="issue-1")
    pillar.issues.add(left)
    Issue.objects.filter(pk=left.pk).update(standing=Standing.LEFT_OUT)
    assert 'value="issue-1"' in analyst_client.get(f"{FORM}{pillar.pk}/").content.decode()
    assert 'value="issue-1"' not in analyst_client.get(FORM).content.decode()


def test_an_issue_of_another_assessment_is_no_choice(assessment: Assessment, analyst_client: Client) -> None:
    IssueFactory(code="elsewhere")
    assert analyst_client.post(FORM, {"name": "Green", "issues": ["elsewhere"]}).status_code == 400


def test_removing_leads_back(assessment: Assessment, analyst_client: Client) -> None:
    pillar = PillarFactory(assessment=assessment)
    assert analyst_client.post(f"{FORM}{pillar.pk}/remove/").status_code == 302
    assert not assessment.pillars.exists()
