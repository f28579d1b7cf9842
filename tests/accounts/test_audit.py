"""The chain of the audit trail: nothing in it can be changed, left out or put in unseen."""

import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts import audit
from accounts.audit import NO_SEAL, excerpt, hash_of, next_seal, seal, seal_new, verify_chain
from accounts.models import AuditEvent, Organisation
from accounts.services import record
from jobs.services import sweep
from tests.support.factories import OrganisationFactory, UserFactory
from tests.support.people import House


@pytest.fixture
def organisation(house: House) -> Organisation:
    """With four lines, the third about another subject."""
    for number in range(4):
        about = "other" if number == 2 else "paper"
        record(organisation=house.organisation, actor=house.analyst, subject=about, summary=f"did {number}")
    return house.organisation


def broken_at(organisation: Organisation) -> int | None:
    found = verify_chain(organisation)
    return found.position if found else None


def test_lines_are_sealed_in_the_order_of_writing_and_the_chain_holds(organisation: Organisation):
    assert seal(organisation) == 4
    lines = AuditEvent.objects.order_by("pk")
    assert [line.position for line in lines] == [1, 2, 3, 4]
    assert len({line.seal for line in lines} | {line.salt for line in lines}) == 8
    assert verify_chain(organisation) is None
    assert seal(organisation) == 0


@pytest.mark.parametrize("change", [{"summary": "did nothing"}, {"subject": "paper2"}, {"actor": None, "author": ""}])
def test_a_changed_line_is_found(organisation: Organisation, change: dict):
    seal(organisation)
    AuditEvent.objects.filter(position=3).update(**change)
    assert broken_at(organisation) == 3


def test_a_line_that_somebody_else_is_said_to_have_written_is_found(organisation: Organisation, house: House):
    seal(organisation)
    AuditEvent.objects.filter(position=2).update(actor=house.owner)
    assert broken_at(organisation) == 2


def test_a_line_that_was_taken_out_is_found(organisation: Organisation):
    seal(organisation)
    AuditEvent.objects.filter(position=2).delete()
    assert broken_at(organisation) == 2


def test_a_line_that_was_put_in_with_a_seal_of_its_own_breaks_the_next_one(organisation: Organisation):
    seal(organisation)
    first = AuditEvent.objects.get(position=1)
    second = AuditEvent.objects.get(position=2)
    second.summary = "did something else"
    second.seal = next_seal(first.seal, hash_of(audit.told(second)))
    second.save()
    assert broken_at(organisation) == 3


def test_the_chain_holds_when_an_account_goes(organisation: Organisation, house: House):
    seal(organisation)
    analyst = str(house.analyst.pk)
    house.analyst.delete()
    assert verify_chain(organisation) is None
    assert set(AuditEvent.objects.values_list("actor", "author")) == {(None, analyst)}


def test_a_line_that_was_committed_late_gets_the_next_place(organisation: Organisation):
    late = AuditEvent.objects.order_by("pk").first()
    AuditEvent.objects.filter(pk=late.pk).delete()
    seal(organisation)
    AuditEvent.objects.bulk_create([late])
    assert seal(organisation) == 1
    assert AuditEvent.objects.get(pk=late.pk).position == 4
    assert verify_chain(organisation) is None


def test_each_organisation_has_its_own_chain(organisation: Organisation):
    other = OrganisationFactory()
    record(organisation=other, subject="paper", summary="did something")
    seal_new()
    assert list(AuditEvent.objects.order_by("pk").values_list("position", flat=True)) == [1, 2, 3, 4, 1]
    assert verify_chain(organisation) is verify_chain(other) is None


def test_the_workers_sweep_seals_what_is_new(organisation: Organisation):
    sweep()
    assert not AuditEvent.objects.filter(position=None).exists()


def test_where_nothing_is_new_a_sweep_asks_once(organisation: Organisation, django_assert_num_queries):
    seal_new()
    with django_assert_num_queries(1):
        seal_new()


def test_many_lines_are_sealed_in_batches(organisation: Organisation, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(audit, "_BATCH", 3)
    assert seal(organisation) == 4
    assert verify_chain(organisation) is None


def test_an_excerpt_tells_its_own_lines_and_only_the_hashes_of_others(organisation: Organisation):
    record(organisation=organisation, subject="other", summary="did later")
    seal(organisation)
    found = excerpt(organisation, "paper")
    assert [line.get("summary") for line in found["lines"]] == ["did 0", "did 1", None, "did 3"]
    assert "did 2" not in str(found)
    assert set(found["lines"][2]) == {"position", "hash"}
    before = found["seal_before"]
    for line in found["lines"]:
        content = {name: value for name, value in line.items() if name != "seal"}
        before = next_seal(before, line.get("hash") or hash_of(content))
    assert before == AuditEvent.objects.get(position=4).seal
    assert excerpt(organisation, "other")["seal_before"] == AuditEvent.objects.get(position=2).seal
    assert excerpt(organisation, "nothing") == {"seal_before": NO_SEAL, "lines": []}


def test_the_command_names_the_last_seal_or_the_line_at_which_the_chain_breaks(organisation: Organisation):
    out = StringIO()
    call_command("verify_audit", organisation.slug, stdout=out)
    assert AuditEvent.objects.get(position=4).seal in out.getvalue()
    AuditEvent.objects.filter(position=2).update(summary="changed")
    with pytest.raises(CommandError, match="example: the chain breaks at line 2"):
        call_command("verify_audit", stdout=StringIO())
    with pytest.raises(CommandError, match="no organisation 'nothing'"):
        call_command("verify_audit", "nothing")


@pytest.mark.django_db(transaction=True)
def test_two_who_seal_at_once_make_one_chain(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(audit, "_BATCH", 2)
    organisation, actor, errors, start = OrganisationFactory(), UserFactory(), [], threading.Barrier(3)

    def work(own: str) -> None:
        try:
            start.wait(20)
            for number in range(15):
                record(organisation=organisation, actor=actor, subject=own, summary=f"did {number}")
                seal(organisation)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(own,)) for own in ("a", "b", "c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert sorted(AuditEvent.objects.values_list("position", flat=True)) == list(range(1, 46))
    assert verify_chain(organisation) is None


@pytest.mark.production
@pytest.mark.django_db(transaction=True)
def test_lines_can_be_written_while_somebody_seals():
    """On PostgreSQL the sealer's lock is one that the reference of a new line does not wait for."""
    organisation, wrote = OrganisationFactory(), threading.Event()

    def write() -> None:
        record(organisation=organisation, subject="paper", summary="written meanwhile")
        connection.close()
        wrote.set()

    record(organisation=organisation, subject="paper", summary="written before")
    with transaction.atomic():
        seal(organisation)
        thread = threading.Thread(target=write)
        thread.start()
        assert wrote.wait(10)
    thread.join()
    assert seal(organisation) == 1
    assert verify_chain(organisation) is None
