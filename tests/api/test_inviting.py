"""Invitations and mailings through the API: numbers and never people, and a second person where mails are many."""

from collections.abc import Callable

import pytest
from django.core import mail

from accounts.models import AuditEvent, User
from scoping.models import Assessment
from surveys.models import Anonymity, Invitation, Mailing, MailPolicy, Survey
from surveys.services import open_survey, prepare_survey
from surveys.services.mailing import approve_mailing
from tests.api.conftest import Api, ApiOf
from tests.support.factories import AssessmentFactory, ContactFactory
from tests.support.people import House

PLACE = "assessments/water/survey/"
INVITATIONS, MAILINGS = f"{PLACE}invitations/", f"{PLACE}mailings/"
PEOPLE = [{"address": "li@example.com", "name": "Li Na"}, {"address": "bo@example.com", "language": "en"}]
TEXTS = [{"language": "en", "subject": "Your view counts", "body": "Dear {name},\n\n{link}"}]
MAILING = {"kind": "invitation", "groups": ["group-0"], "texts": TEXTS}


@pytest.fixture
def assessment(house: House) -> Assessment:
    return AssessmentFactory(organisation=house.organisation, slug="water", groups=2, issues=3)


@pytest.fixture
def survey(assessment: Assessment) -> Survey:
    """Open, and nobody is invited yet."""
    found = prepare_survey(assessment=assessment)
    open_survey(survey=found)
    return found


def invite(api: Api) -> None:
    assert api.post(INVITATIONS, {"group": "group-0", "people": PEOPLE}).status_code == 201


def test_people_are_invited_once(api: Api, survey: Survey):
    added = api.post(INVITATIONS, {"group": "group-0", "people": [*PEOPLE, PEOPLE[0]]})
    assert (added.status_code, added.json()) == (201, {"added": 2, "known": 0, "repeated": 1, "opted_out": 0})
    again = api.post(INVITATIONS, {"group": "group-1", "people": PEOPLE})
    assert again.json() == {"added": 0, "known": 2, "repeated": 0, "opted_out": 0}
    numbers = {row["group"]: (row["invited"], row["ready"]) for row in api.read(INVITATIONS)["groups"]}
    assert numbers == {"group-0": (2, 2), "group-1": (0, 0)}
    wrong = api.post(INVITATIONS, {"group": "group-0", "people": [{"address": "nobody"}]})
    assert wrong.json()["errors"][0]["pointer"] == "#/people/0/address"
    assert api.post(INVITATIONS, {"group": "none", "people": PEOPLE}).json()["errors"][0]["pointer"] == "#/group"


def test_contacts_of_the_register_are_invited(api: Api, assessment: Assessment, survey: Survey):
    group = assessment.groups.get(code="group-1")
    ContactFactory.create_batch(3, group=group)
    ContactFactory(group=group, email="")
    added = api.post(f"{INVITATIONS}from-contacts/", {"group": "group-1"})
    assert added.status_code == 202, added.content
    assert (added.json()["counts"]["added"], added.json()["job"]) == (3, None)
    assert Invitation.objects.filter(group=group).count() == 3


def test_many_contacts_are_invited_by_a_job(
    api: Api, assessment: Assessment, survey: Survey, run_waiting_jobs: Callable[[], int], monkeypatch
):
    monkeypatch.setattr("surveys.services.inviting.AT_ONCE", 2)
    ContactFactory.create_batch(3, group=assessment.groups.get(code="group-1"))
    asked = api.post(f"{INVITATIONS}from-contacts/", {"group": "group-1"}).json()
    assert (asked["counts"], asked["job"]["status"]) == (None, "queued")
    run_waiting_jobs()
    assert api.read(f"jobs/{asked['job']['id']}/")["status"] == "done"
    assert Invitation.objects.count() == 3


@pytest.mark.parametrize("anonymity", [Anonymity.ANONYMOUS, Anonymity.IDENTIFIED])
def test_nobody_is_named(api: Api, survey: Survey, anonymity: Anonymity, run_waiting_jobs: Callable[[], int]):
    Survey.objects.update(anonymity=anonymity)
    invite(api)
    mailing = api.post(MAILINGS, MAILING).json()
    run_waiting_jobs()
    paths = (INVITATIONS, MAILINGS, f"{MAILINGS}{mailing['id']}/", f"{PLACE}progress/", "record/", "jobs/")
    told = "".join(api.get(path).content.decode() for path in paths)
    assert "li@example.com" not in told
    assert "Li Na" not in told
    fields = set(api.read(INVITATIONS)["groups"][0])
    assert fields == {
        "group", "name", "contacts", "invited", "ready", "sent", "bounced", "opted_out", "revoked", "answered",
    }  # fmt: skip


def test_a_mailing_goes_out(api: Api, survey: Survey, house: House, run_waiting_jobs: Callable[[], int]):
    invite(api)
    made = api.post(MAILINGS, MAILING)
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["state"], told["recipients"], told["mails"]["waiting"]) == ("ready", 2, 2)
    assert (told["created_by"], told["texts"]["en"]["subject"]) == (house.owner.email, "Your view counts")
    run_waiting_jobs()
    assert {message.to[0] for message in mail.outbox} == {"Li Na <li@example.com>", "bo@example.com"}
    sent = api.read(f"{MAILINGS}{told['id']}/")
    assert (sent["state"], sent["mails"]["sent"]) == ("done", 2)
    assert api.post(MAILINGS, MAILING).status_code == 409  # nobody is left to invite
    reminder = api.post(MAILINGS, MAILING | {"kind": "reminder"})
    assert (reminder.status_code, reminder.json()["recipients"]) == (201, 2)
    assert [one["kind"] for one in api.read(MAILINGS)["results"]] == ["reminder", "invitation"]


def test_many_mails_wait_for_a_second_person_on_the_pages(
    api: Api, survey: Survey, house: House, run_waiting_jobs: Callable[[], int]
):
    MailPolicy.objects.create(organisation=house.organisation, approval_above=1)
    invite(api)
    made = api.post(MAILINGS, MAILING).json()
    place = f"{MAILINGS}{made['id']}/"
    assert (made["state"], made["approved_by"]) == ("waiting", None)
    assert api.post(f"{place}resume/").status_code == 409
    assert api.post(f"{place}approve/").status_code == 404
    run_waiting_jobs()
    assert api.read(place)["mails"]["sent"] == 0
    approver: User = house.approver
    approve_mailing(mailing=Mailing.objects.get(), by=approver)
    run_waiting_jobs()
    assert (api.read(place)["mails"]["sent"], api.read(place)["approved_by"]) == (2, approver.email)


def test_a_mailing_is_paused_resumed_and_cancelled(api: Api, survey: Survey, run_waiting_jobs: Callable[[], int]):
    invite(api)
    place = f"{MAILINGS}{api.post(MAILINGS, MAILING).json()['id']}/"
    assert api.post(f"{place}pause/").json()["state"] == "paused"
    assert api.post(f"{place}resume/").json()["state"] == "ready"
    assert api.post(f"{place}cancel/").json()["state"] == "cancelled"
    assert api.post(f"{place}cancel/").status_code == 409
    mail.outbox.clear()
    run_waiting_jobs()
    assert mail.outbox == []


def test_a_text_that_cannot_be_sent_is_refused(api: Api, survey: Survey):
    invite(api)
    for wrong, field in (
        ({"body": "No link"}, "texts/0/body"),
        ({"subject": "{age}"}, "texts/0/subject"),
        ({"language": "fr"}, "texts"),
    ):
        answer = api.post(MAILINGS, MAILING | {"texts": [TEXTS[0] | wrong]})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, f"#/{field}")
    replies = api.post(MAILINGS, MAILING | {"reply_to": "nobody"})
    assert (replies.status_code, replies.json()["errors"][0]["pointer"]) == (400, "#/reply_to")
    assert api.post(MAILINGS, MAILING | {"groups": ["none"]}).json()["errors"][0]["pointer"] == "#/groups"
    assert not Mailing.objects.exists()


# --- who was never written to -----------------------------------------------------------------------------
UNSENT = f"{INVITATIONS}remove-unsent/"


def test_who_was_never_written_to_is_taken_off_the_list(
    api: Api, survey: Survey, house: House, run_waiting_jobs: Callable[[], int]
):
    api.post(INVITATIONS, {"group": "group-0", "people": PEOPLE[:1]})
    api.post(MAILINGS, MAILING)
    run_waiting_jobs()
    late = [{"address": f"late{number}@example.com"} for number in range(3)]
    api.post(INVITATIONS, {"group": "group-0", "people": [PEOPLE[1], *late]})
    api.post(INVITATIONS, {"group": "group-1", "people": [{"address": "other@example.com"}]})
    answer = api.post(UNSENT, {"group": "group-0"}, **{"Idempotency-Key": "once"})
    assert (answer.status_code, answer.json()) == (200, {"removed": 4})
    assert set(Invitation.objects.values_list("address", flat=True)) == {"li@example.com", "other@example.com"}
    numbers = {row["group"]: (row["invited"], row["ready"], row["sent"]) for row in api.read(INVITATIONS)["groups"]}
    assert numbers == {"group-0": (1, 0, 1), "group-1": (1, 1, 0)}
    lines = AuditEvent.objects.filter(summary__contains="never sent")
    group = survey.assessment.groups.get(code="group-0")
    assert [(line.actor, line.summary) for line in lines] == [
        (house.owner, f"removed 4 invitations of {group} that were never sent (API key Test)")
    ]
    # They can be added again, and the same request once more takes nobody off.
    api.post(INVITATIONS, {"group": "group-0", "people": late})
    again = api.post(UNSENT, {"group": "group-0"}, **{"Idempotency-Key": "once"})
    assert (again.json(), again["Idempotent-Replayed"]) == ({"removed": 4}, "true")
    assert Invitation.objects.count() == 5


def test_nobody_is_taken_off_the_list_whose_mail_is_on_its_way(
    api: Api, survey: Survey, run_waiting_jobs: Callable[[], int]
):
    invite(api)
    api.post(MAILINGS, MAILING)
    assert api.post(UNSENT, {"group": "group-0"}).json() == {"removed": 0}
    run_waiting_jobs()
    assert len(mail.outbox) == 2
    assert not AuditEvent.objects.filter(summary__contains="never sent").exists()


def test_the_list_stays_where_a_key_may_not_shorten_it(
    api: Api, service: Api, api_of: ApiOf, survey: Survey, house: House
):
    invite(api)
    for key in (service, api_of(house.viewer), api_of(house.approver), api_of(house.analyst, "read", "write:scoping")):
        assert key.post(UNSENT, {"group": "group-0"}).status_code == 403
    for body, place in (({}, "group"), ({"group": "none"}, "group"), ({"group": "group-0", "all": True}, "all")):
        wrong = api.post(UNSENT, body)
        assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (400, f"#/{place}")
    AssessmentFactory(organisation=house.organisation, slug="new", groups=1, issues=2)
    nobody = api.post("assessments/new/survey/invitations/remove-unsent/", {"group": "group-0"})
    assert (nobody.status_code, nobody.json()) == (200, {"removed": 0})
    Assessment.objects.filter(slug="new").update(with_survey=False)
    assert api.post("assessments/new/survey/invitations/remove-unsent/", {"group": "group-0"}).status_code == 404
    assert not Survey.objects.filter(assessment__slug="new").exists()
    assert Invitation.objects.count() == 2
    assert api_of(house.analyst, "write:surveys").post(UNSENT, {"group": "group-0"}).json() == {"removed": 2}


def test_services_invite_nobody(service: Api, survey: Survey, api_of: ApiOf, house: House):
    for path, body in (
        (INVITATIONS, {"group": "group-0", "people": PEOPLE}),
        (f"{INVITATIONS}from-contacts/", {"group": "group-0"}),
        (MAILINGS, MAILING),
    ):
        assert service.post(path, body).status_code == 403
        assert api_of(house.analyst, "read", "write:scoping").post(path, body).status_code == 403
    assert not Invitation.objects.exists()


def test_an_assessment_without_a_survey_invites_nobody(api: Api, house: House):
    AssessmentFactory(organisation=house.organisation, slug="list", with_survey=False, groups=1)
    place = "assessments/list/survey/"
    assert api.read(f"{place}invitations/")["groups"] == []
    assert api.post(f"{place}invitations/", {"group": "group-0", "people": PEOPLE}).status_code == 404
    assert api.post(f"{place}mailings/", MAILING).status_code == 404
