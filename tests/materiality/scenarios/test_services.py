import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from accounts.models import AuditEvent
from materiality.models import Scenario
from materiality.scenarios import services
from materiality.scenarios.selectors import scenarios_of, with_results
from materiality.scenarios.services import delete_scenario, keep_scenario, rename_scenario
from materiality.services import Choice, analyse_now
from materiality.whatif.adjustments import Adjustments
from materiality.whatif.recomputing import Prepared
from scoping.models import Assessment
from tests.materiality.scenarios.conftest import Keep, answer_all, weights
from tests.support.people import House


def summaries() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("summary", flat=True))


def tiers(scenario: Scenario) -> dict[str, str]:
    return {issue["code"]: issue["tier"] for issue in scenario.results["issues"]}


def test_a_kept_scenario_has_its_result_and_where_it_comes_from(analysed: Assessment, keep: Keep, house: House):
    scenario = keep("  Managers count \t four times ", managers=4)
    scenario.refresh_from_db()
    assert scenario.name == "Managers count four times"
    # A is (5 + 4 x 2) / 5 inside and 3 outside: below 3.1.
    assert tiers(scenario) == {"a": "Moderate", "b": "High", "c": "Minor"}
    assert (scenario.respondents, scenario.simulated_respondents, scenario.created_by) == (3, 0, house.analyst)
    assert Adjustments.from_dict(scenario.adjustments) == weights(analysed, managers=4)
    assert summaries()[-1] == "kept the scenario “Managers count four times”"


def test_it_stays_as_it_was_kept_when_answers_move_on(analysed: Assessment, keep: Keep):
    scenario = keep("Then", managers=4)
    before = Scenario.objects.get(pk=scenario.pk).results
    answer_all(analysed)
    analyse_now(assessment=analysed)
    assert Scenario.objects.get(pk=scenario.pk).results == before
    assert keep("Now", managers=4).respondents == 6


def test_the_same_adjustments_of_the_same_answers_have_the_same_digest(analysed: Assessment, keep: Keep):
    first, again, other = keep("One", managers=4), keep("Two", managers=4), keep("Three", managers=3)
    assert first.digest == again.digest != other.digest
    answer_all(analysed)
    analyse_now(assessment=analysed)
    assert keep("Four", managers=4).digest != first.digest


def test_nothing_but_the_name_ever_changes(keep: Keep):
    scenario = keep("One", managers=4)
    scenario.results = {}
    for fields in ({"results"}, {"name", "results"}, None):
        with pytest.raises(TypeError, match="nothing changes but its name"):
            scenario.save(update_fields=fields)
    rename_scenario(scenario=scenario, name="Two")
    kept = Scenario.objects.get()
    assert kept.name == "Two"
    assert kept.results["issues"]
    assert summaries()[-1] == "renamed the scenario “One” to “Two”"


def test_to_give_it_its_own_name_is_no_news(keep: Keep):
    scenario = keep("One", managers=4)
    rename_scenario(scenario=scenario, name=" One ")
    assert summaries()[-1] == "kept the scenario “One”"
    rename_scenario(scenario=scenario, name="ONE")
    assert Scenario.objects.get().name == "ONE"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "Give the scenario a name"),
        (" \t ", "Give the scenario a name"),
        ("x" * 121, "121 characters"),
        ("oNE", "already"),
    ],
)
def test_a_bad_name_is_refused_with_a_sentence(analysed: Assessment, keep: Keep, name: str, message: str):
    keep("One", managers=4)
    other = keep("Other", managers=3)
    with pytest.raises(ValidationError, match=message):
        keep(name, managers=2)
    with pytest.raises(ValidationError, match=message):
        rename_scenario(scenario=other, name=name)
    assert sorted(Scenario.objects.values_list("name", flat=True)) == ["One", "Other"]


def test_a_deleted_name_is_free_again(keep: Keep, house: House):
    scenario = keep("One", managers=4)
    delete_scenario(scenario=scenario, by=house.analyst)
    assert summaries()[-1] == "deleted the scenario “One”"
    number = len(summaries())
    delete_scenario(scenario=scenario)
    assert len(summaries()) == number
    assert keep("One", managers=4).name == "One"


def test_a_deleted_scenario_cannot_be_renamed(keep: Keep):
    scenario = keep("One", managers=4)
    Scenario.objects.all().delete()
    with pytest.raises(ValidationError, match="deleted “One” meanwhile"):
        rename_scenario(scenario=scenario, name="Two")


def test_there_is_a_most(keep: Keep, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(services, "MOST_SCENARIOS", 1)
    keep("One", managers=4)
    with pytest.raises(ValidationError, match="There are 1 scenarios, which is the most"):
        keep("Two", managers=4)


def test_nothing_is_locked_while_it_is_computed(keep: Keep, monkeypatch: pytest.MonkeyPatch):
    """Somebody keeps another scenario meanwhile, and takes the name."""
    outside = len(connection.savepoint_ids)
    compute = services.computed

    def interrupted(prepared: Prepared) -> dict:
        assert len(connection.savepoint_ids) == outside
        monkeypatch.setattr(services, "computed", compute)
        keep("One", managers=3)
        return compute(prepared)

    monkeypatch.setattr(services, "computed", interrupted)
    with pytest.raises(ValidationError, match="already a scenario “One”"):
        keep("One", managers=4)
    assert Adjustments.from_dict(Scenario.objects.get().adjustments).weights == {"managers": 3}


@pytest.mark.production  # SQLite has one writer at a time
@pytest.mark.django_db(transaction=True)
def test_deleting_waits_for_a_rename(keep: Keep):
    """A row that goes between the two statements of a rename would be an error there."""
    scenario = keep("One", managers=4)

    def delete() -> None:
        delete_scenario(scenario=Scenario.objects.get(pk=scenario.pk))
        connection.close()

    thread = threading.Thread(target=delete)
    with transaction.atomic():
        Assessment.objects.select_for_update(no_key=True).get(pk=scenario.assessment_id)
        thread.start()
        thread.join(1)
        assert thread.is_alive()
        assert Scenario.objects.exists()
    thread.join(30)
    assert not Scenario.objects.exists()


def test_what_cannot_be_computed_is_not_kept(analysed: Assessment):
    with pytest.raises(ValidationError, match="no group “nobody”"):
        keep_scenario(assessment=analysed, name="One", adjustments=weights(analysed, nobody=2))
    with pytest.raises(ValidationError, match="3 tiers need 2 cut-offs"):
        keep_scenario(assessment=analysed, name="One", adjustments=Adjustments(Choice(rule="cut_offs", cuts=("3",))))
    assert not Scenario.objects.exists()


def test_reads_stay_inside_the_organisation(analysed: Assessment, keep: Keep, house: House):
    one, two = keep("One", managers=4), keep("Two", managers=3)
    assert scenarios_of(organisation=house.organisation, assessment=analysed) == [two, one]
    assert scenarios_of(organisation=house.elsewhere, assessment=analysed) == []
    chosen = {"assessment": analysed, "chosen": [one.pk, two.pk, one.pk]}
    assert with_results(organisation=house.organisation, **chosen) == [one, two]
    assert with_results(organisation=house.elsewhere, **chosen) == []
