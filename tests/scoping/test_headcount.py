"""How many people belong to a group: entered, kept, shown, carried along, and what rules for weights read."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent
from scoping import services
from scoping.cases.errors import CaseError
from scoping.cases.format import parse_case
from scoping.models import Assessment, Phase, Side, StakeholderGroup
from scoping.models.stakeholders import MOST_PEOPLE
from scoping.selectors.stakeholders import GroupFacts, group_facts
from scoping.services.cases.questions import load_groups
from scoping.services.continuity import carry_forward
from tests.scoping.test_cases_format import GOOD
from tests.support.factories import AssessmentFactory, ContactFactory, ScoreFactory, StakeholderGroupFactory
from tests.support.people import House


@pytest.fixture
def assessment(house: House) -> Assessment:
    return AssessmentFactory(organisation=house.organisation, slug="paper-2024", groups=2, issues=2)


@pytest.fixture
def group(assessment: Assessment) -> StakeholderGroup:
    return assessment.groups.get(code="group-1")


def save(group: StakeholderGroup, **values: object) -> StakeholderGroup:
    return services.save_group(assessment=group.assessment, group=group, name=group.name, side=group.side, **values)


def address(name: str, **place: str) -> str:
    return reverse(f"scoping:{name}", kwargs={"organisation": "example", "slug": "paper-2024"} | place)


def send(client: Client, headcount: str):
    typed = {"name": "Neighbours", "side": "external", "weight": "1", "relevance": "", "headcount": headcount}
    return client.post(address("group", code="group-1") + "?from=sheet", typed, follow=True)


# --- the service ------------------------------------------------------------------------------------------
def test_a_headcount_is_set_kept_and_taken_back(group: StakeholderGroup) -> None:
    assert save(group, headcount=4200).headcount == 4200
    assert save(group, weight=2).headcount == 4200
    assert save(group, headcount=None).headcount is None
    fresh = services.save_group(assessment=group.assessment, name="Media", side=Side.EXTERNAL, headcount=30)
    assert StakeholderGroup.objects.get(pk=fresh.pk).headcount == 30


def test_the_trail_says_what_the_headcount_was_and_is(group: StakeholderGroup) -> None:
    for headcount in (4200, 3900, None):
        save(group, headcount=headcount)
    save(group)
    services.save_group(assessment=group.assessment, name="Media", side=Side.EXTERNAL, headcount=30)
    lines = AuditEvent.objects.filter(subject="paper-2024").order_by("pk").values_list("summary", flat=True)
    assert list(lines)[-5:] == [
        "changed the group Group 1: headcount 4,200",
        "changed the group Group 1: headcount 3,900, before 4,200",
        "changed the group Group 1: headcount not known, before 3,900",
        "changed the group Group 1",
        "added the group Media: headcount 30",
    ]


def test_a_headcount_can_change_after_the_survey_has_opened(group: StakeholderGroup) -> None:
    services.set_phase(assessment=group.assessment, phase=Phase.SURVEY)
    assert save(group, headcount=4200).headcount == 4200


@pytest.mark.parametrize("headcount", [0, -5, MOST_PEOPLE + 1])
def test_what_is_no_number_of_people_is_refused_at_its_field(group: StakeholderGroup, headcount: int) -> None:
    with pytest.raises(ValidationError) as caught:
        save(group, headcount=headcount)
    assert caught.value.message_dict == {
        "headcount": ["A group has from 1 to 2,000,000,000 people. Leave this empty where the number is not known."]
    }


def test_the_database_holds_no_group_of_nobody(group: StakeholderGroup) -> None:
    rows = StakeholderGroup.objects.filter(pk=group.pk)
    with pytest.raises(IntegrityError, match="group_headcount_at_least_1"), transaction.atomic():
        rows.update(headcount=0)
    rows.update(headcount=MOST_PEOPLE)
    rows.update(headcount=None)


# --- the pages --------------------------------------------------------------------------------------------
def test_the_form_takes_and_shows_the_headcount(group: StakeholderGroup, analyst_client: Client) -> None:
    assert send(analyst_client, "4200").redirect_chain
    group.refresh_from_db()
    assert group.headcount == 4200
    assert 'name="headcount" value="4200"' in analyst_client.get(address("group", code="group-1")).content.decode()
    send(analyst_client, "")
    group.refresh_from_db()
    assert group.headcount is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("0", "A group has from 1 to 2,000,000,000 people."),
        ("about 40", "Enter a whole number in digits alone"),
        ("40.5", "Enter a whole number in digits alone"),
        ("9" * 30, "A group has from 1 to 2,000,000,000 people."),
    ],
)
def test_what_is_no_number_comes_back_with_what_to_do(
    group: StakeholderGroup, analyst_client: Client, typed: str, said: str
) -> None:
    response = send(analyst_client, typed)
    assert response.status_code == 400
    html = response.content.decode()
    assert said in html
    assert f'value="{typed}"' in html
    group.refresh_from_db()
    assert (group.name, group.headcount) == ("Group 1", None)


def test_the_register_and_the_sheet_show_it(
    group: StakeholderGroup, viewer_client: Client, analyst_client: Client
) -> None:
    sheet, register = address("group-sheet", code="group-1"), address("stakeholders")
    assert "Enter the number" in analyst_client.get(sheet).content.decode()
    assert "Enter the number" not in viewer_client.get(sheet).content.decode()
    save(group, headcount=4200)
    assert "external · 4,200 people" in viewer_client.get(register).content.decode()
    assert "4,200 people belong to it, asked or not." in viewer_client.get(sheet).content.decode()


def test_more_contacts_than_people_make_a_gentle_warning(
    group: StakeholderGroup, viewer_client: Client, analyst_client: Client
) -> None:
    ContactFactory.create_batch(3, group=group)
    warning = "3 contacts are registered, more than the 2 people in the group."
    # Once for the change, once for as long as it stands so.
    assert send(analyst_client, "2").content.decode().count(warning) == 2
    group.refresh_from_db()
    assert group.headcount == 2
    # Contacts are not for those who only read.
    assert warning not in viewer_client.get(address("group-sheet", code="group-1")).content.decode()
    assert "contacts are registered" not in send(analyst_client, "3").content.decode()
    assert "contacts are registered" not in send(analyst_client, "").content.decode()


# --- along with the group ---------------------------------------------------------------------------------
def test_the_next_assessment_begins_with_the_same_headcount(group: StakeholderGroup) -> None:
    save(group, headcount=4200)
    new = carry_forward(
        assessment=group.assessment, name="Paper 2025", company="Paper Mill", reporting_period="2025"
    )  # fmt: skip
    assert new.groups.get(code="group-1").headcount == 4200


def test_a_case_may_give_headcounts_and_leaves_those_of_users(assessment: Assessment) -> None:
    text = GOOD.replace('side = "internal"', 'side = "internal"\nheadcount = 250', 1)
    case = parse_case(text, file="paper.toml")
    assert (case.groups[0].headcount, case.groups[1].headcount) == (250, None)
    staff = load_groups(assessment, case, frozen=False)["staff"]
    assert staff.headcount == 250
    save(staff, headcount=260)
    assert load_groups(assessment, case, frozen=False)["staff"].headcount == 260


@pytest.mark.parametrize("headcount", ["0", '"many"', "true", "2.5", str(MOST_PEOPLE + 1)])
def test_a_case_with_another_headcount_is_refused_by_line(headcount: str) -> None:
    text = GOOD.replace('side = "internal"', f'side = "internal"\nheadcount = {headcount}', 1)
    with pytest.raises(CaseError, match="how many people belong to the group, a whole number from 1"):
        parse_case(text, file="paper.toml")


def test_a_case_takes_the_largest_headcount_that_a_group_can_have() -> None:
    text = GOOD.replace('side = "internal"', f'side = "internal"\nheadcount = {MOST_PEOPLE}', 1)
    assert parse_case(text, file="paper.toml").groups[0].headcount == MOST_PEOPLE


# --- what rules for weights read --------------------------------------------------------------------------
def test_the_facts_of_groups_are_complete(assessment: Assessment) -> None:
    first, second = assessment.groups.all()
    StakeholderGroup.objects.filter(pk=first.pk).update(headcount=4200)
    ScoreFactory(group=first, attribute="power", value=4)
    ScoreFactory(group=first, attribute="urgency", value=5)
    ScoreFactory(group=second, attribute="power", value=2)
    ScoreFactory(group=second, attribute="interest", value=5)
    ContactFactory.create_batch(2, group=second)
    # Another assessment's are nobody's here.
    elsewhere = StakeholderGroupFactory(headcount=9)
    ScoreFactory(group=elsewhere, attribute="power", value=1)
    ContactFactory(group=elsewhere)
    assert group_facts(assessment) == {
        first.pk: GroupFacts(headcount=4200, power=4, interest=None, contacts=0),
        second.pk: GroupFacts(headcount=None, power=2, interest=5, contacts=2),
    }


@pytest.mark.parametrize("count", [0, 5])
def test_the_facts_take_as_many_queries_for_many_groups(
    assessment: Assessment, count: int, django_assert_num_queries
) -> None:
    for position in range(10, 10 + count):
        group = StakeholderGroupFactory(assessment=assessment, position=position, headcount=10)
        ScoreFactory(group=group, attribute="power")
        ContactFactory(group=group)
    with django_assert_num_queries(3):
        assert len(group_facts(assessment)) == 2 + count
