import pytest
from django.core.exceptions import ValidationError
from django.db.models import F

from accounts.models import AuditEvent
from materiality.models import Proposal, Publication
from materiality.publishing.services import LONGEST_REASON, REPLACED, publish, withdraw
from materiality.services import analyse_now, propose, reopen
from materiality.services.reviewing import override_tier
from scoping.models import Assessment
from scoping.services import remove_assessment
from tests.materiality.publishing.conftest import approve
from tests.support.people import House


def test_what_is_not_confirmed_cannot_be_published(answered: Assessment, house: House):
    analyse_now(assessment=answered)
    proposal = propose(assessment=answered, body="the board", by=house.analyst)
    with pytest.raises(ValidationError, match="Only a confirmed result"):
        publish(proposal=proposal, by=house.analyst)
    assert not Publication.objects.exists()


def test_what_has_changed_since_cannot_be_published(confirmed: Proposal, house: House):
    confirmed.assessment.groups.update(weight=F("position") + 1)
    confirmed.assessment.groups.filter(code="clients").update(weight=0)
    with pytest.raises(ValidationError, match="Something has changed"):
        publish(proposal=confirmed, by=house.analyst)


def test_a_reopened_result_cannot_be_published(confirmed: Proposal, house: House):
    reopen(proposal=confirmed, by=house.owner, because="Look again.")
    with pytest.raises(ValidationError):
        publish(proposal=confirmed, by=house.analyst)


def test_a_new_report_takes_the_place_of_the_earlier_one(public: Publication, confirmed: Proposal, house: House):
    newer = publish(proposal=confirmed, by=house.owner)
    public.refresh_from_db()
    assert (public.withdrawn_by, public.withdrawn_because) == (house.owner, REPLACED)
    assert list(Publication.objects.filter(withdrawn_at=None)) == [newer]


def test_what_is_public_stays_as_it_was(public: Publication, house: House):
    before = public.document
    reopen(proposal=public.proposal, by=house.owner, because="Look again.")
    issue = public.assessment.issues.get(code="c")
    override_tier(assessment=public.assessment, issue=issue, tier="High", reason="A new law.", by=house.analyst)
    newer = approve(house, propose(assessment=public.assessment, body="the council", by=house.analyst))
    public.refresh_from_db()
    assert public.document == before
    assert publish(proposal=newer, by=house.analyst).document["confirmed"]["by"] == "the council"


def test_publishing_and_withdrawing_leave_lines_in_the_record(public: Publication, house: House):
    withdraw(publication=public, by=house.analyst, because="A figure was wrong.")
    lines = AuditEvent.objects.filter(subject="example-2022").values_list("summary", "actor__email")
    assert ("published the result that proposal 1 confirmed", "analyst@example.org") in lines
    assert ("withdrew the public report: A figure was wrong.", "analyst@example.org") in lines


@pytest.mark.parametrize("because", ["", "  \n", "x" * (LONGEST_REASON + 1)])
def test_a_report_is_withdrawn_with_a_reason_of_some_length(public: Publication, house: House, because: str):
    with pytest.raises(ValidationError):
        withdraw(publication=public, by=house.analyst, because=because)
    public.refresh_from_db()
    assert public.withdrawn_at is None


def test_it_is_withdrawn_once(public: Publication, house: House):
    withdraw(publication=public, by=house.analyst, because="Wrong.")
    with pytest.raises(ValidationError, match="withdrawn already"):
        withdraw(publication=public, by=house.owner, because="Wrong again.")


def test_its_files_are_asked_for_once_and_of_what_was_confirmed(public: Publication, confirmed: Proposal):
    files = public.assessment.export_files.all()
    assert {str(file.pk) for file in files} == {one["file"] for one in public.document["downloads"]}
    assert {file.options["proposal"] for file in files} == {str(confirmed.pk)}
    assert {"matrix", "tables", "ranking", "result"} <= {file.kind for file in files}


def test_what_is_public_cannot_be_deleted_with_its_assessment(public: Publication, house: House):
    with pytest.raises(ValidationError, match="withdraw it first"):
        remove_assessment(assessment=public.assessment, by=house.owner)
    withdraw(publication=public, by=house.owner, because="It is over.")
    remove_assessment(assessment=public.assessment, by=house.owner)
    assert not Publication.objects.exists()
