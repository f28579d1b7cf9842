from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent
from jobs.models import Job
from scoping.models import Assessment, Phase, Side
from surveys.imports import services
from surveys.imports.plan import ImportPlan
from surveys.imports.problems import AnswerError, ImportProblem
from surveys.imports.services import import_as_new, import_into, row_key
from surveys.models import GroupTally, Response, Survey, SurveyState
from surveys.services import close_survey, open_survey, prepare_survey
from surveys.tally import Tally, count
from tests.support.factories import AssessmentFactory, IssueFactory, OrganisationFactory, StakeholderGroupFactory
from tests.surveys.imports.files import (
    PLAIN_MAPPING,
    TWO_ROWS_MAPPING,
    plain_file,
    plan_of,
    two_row_answers,
    two_row_file,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment() -> Assessment:
    """Asks about Energy, Water and Air, in this order; the groups are Employee and Client."""
    made = AssessmentFactory(name="Energy and water", slug="energy-and-water")
    for position, name in enumerate(["Energy", "Water", "Air"]):
        IssueFactory(assessment=made, position=position, name=name, code=name.lower())
    StakeholderGroupFactory(assessment=made, position=0, name="Employee", code="staff", side=Side.INTERNAL)
    StakeholderGroupFactory(assessment=made, position=1, name="Client", code="client", side=Side.EXTERNAL)
    return made


@pytest.fixture
def plan(tmp_path: Path) -> ImportPlan:
    """Water and Energy, rated by a client and two employees who agree."""
    return plan_of(plain_file(tmp_path, ["Client", "1", "2"], ["Employee", "4", "5"], ["Employee", "4", "5"]))


def stored() -> list[tuple[str, bytes]]:
    """Group and ratings of every answer there is."""
    rows = Response.objects.values_list("group__name", "ratings")
    return sorted((group, bytes(ratings)) for group, ratings in rows)


# --- into an assessment that exists -----------------------------------------------------------------------
def test_ratings_land_on_the_byte_of_their_issue(assessment: Assessment, plan: ImportPlan) -> None:
    imported = import_into(plan=plan, assessment=assessment)
    assert (imported.stored, imported.known) == (3, 0)
    assert stored() == [("Client", bytes([2, 1, 0])), ("Employee", bytes([5, 4, 0])), ("Employee", bytes([5, 4, 0]))]


def test_imported_answers_are_real_and_not_tallied_yet(assessment: Assessment, plan: ImportPlan) -> None:
    import_into(plan=plan, assessment=assessment)
    assert set(Response.objects.values_list("simulated", "tallied")) == {(False, False)}


def test_a_survey_that_was_not_opened_is_opened_with_the_plans_scale(assessment: Assessment, tmp_path: Path) -> None:
    path = plain_file(tmp_path, ["Client", "7", "2"])
    import_into(plan=plan_of(path, PLAIN_MAPPING.replace("[1, 5]", "[1, 7]")), assessment=assessment)
    survey = Survey.objects.get(assessment=assessment)
    questionnaire = survey.questionnaires.get()
    assert (survey.state, questionnaire.scale_low, questionnaire.scale_high) == (SurveyState.OPEN, 1, 7)


def test_a_closed_survey_takes_an_import_and_stays_closed(assessment: Assessment, plan: ImportPlan) -> None:
    survey = prepare_survey(assessment=assessment)
    open_survey(survey=survey)
    close_survey(survey=survey)
    assert import_into(plan=plan, assessment=assessment).stored == 3
    survey.refresh_from_db()
    assert survey.state == SurveyState.CLOSED


def test_the_same_import_twice_adds_nothing(assessment: Assessment, plan: ImportPlan) -> None:
    import_into(plan=plan, assessment=assessment)
    again = import_into(plan=plan, assessment=assessment)
    assert (again.stored, again.known) == (0, 3)
    assert Response.objects.count() == 3


def test_a_later_export_adds_its_new_rows_only(assessment: Assessment, plan: ImportPlan, tmp_path: Path) -> None:
    import_into(plan=plan, assessment=assessment)
    rows = [["Employee", "4", "5"], ["Client", "1", "2"], ["Client", "3", "3"], ["Employee", "4", "5"]]
    later = import_into(plan=plan_of(plain_file(tmp_path, *rows)), assessment=assessment)
    assert (later.stored, later.known) == (1, 3)


def test_a_name_may_be_written_otherwise_or_be_a_code(assessment: Assessment, tmp_path: Path) -> None:
    path = plain_file(tmp_path, ["STAFF", "1", "2"], ["client\u00a0", "3", "4"])
    import_into(plan=plan_of(path), assessment=assessment)
    assert [group for group, _ in stored()] == ["Client", "Employee"]


def test_unknown_issues_and_groups_are_all_listed_and_nothing_is_stored(
    assessment: Assessment, plan: ImportPlan
) -> None:
    assessment.issues.filter(name="Water").update(name="Waters", code="w")
    assessment.groups.filter(name="Client").update(name="Suppliers", code="s")
    with pytest.raises(AnswerError) as caught:
        import_into(plan=plan, assessment=assessment)
    message = str(caught.value)
    assert 'unknown issue "Water" (nearest: "Waters"' in message
    assert 'unknown stakeholder group "Client"' in message
    assert not Response.objects.exists()
    assert not Survey.objects.exists()


def test_frozen_names_count_and_not_those_the_issue_has_now(assessment: Assessment, plan: ImportPlan) -> None:
    open_survey(survey=prepare_survey(assessment=assessment))
    assessment.issues.filter(name="Water").update(name="Renamed")
    assert import_into(plan=plan, assessment=assessment).stored == 3


def test_two_columns_for_one_issue_are_refused(assessment: Assessment, plan: ImportPlan) -> None:
    assessment.issues.filter(name="Energy").update(name="Fire", code="fire")
    assessment.issues.filter(name="Water").update(code="energy")
    with pytest.raises(AnswerError, match='"Water" and "Energy" are both the issue "Water"'):
        import_into(plan=plan, assessment=assessment)


def test_an_error_half_way_leaves_nothing(
    assessment: Assessment, plan: ImportPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "BATCH", 1)

    def stop_after_the_first(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_into(plan=plan, assessment=assessment, progress=stop_after_the_first)
    assert not Response.objects.exists()
    assert not Survey.objects.exists()
    assessment.refresh_from_db()
    assert assessment.phase == Phase.SCOPING


def test_answers_are_counted_by_a_job_after_the_commit(
    assessment: Assessment,
    plan: ImportPlan,
    run_waiting_jobs: Callable[[], int],
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        import_into(plan=plan, assessment=assessment)
    survey = Survey.objects.get(assessment=assessment)
    assert list(Job.objects.values_list("kind", "key")) == [("surveys.fold", f"surveys.fold:{survey.pk}")]
    run_waiting_jobs()
    assert sum(GroupTally.objects.values_list("respondents", flat=True)) == 3


def test_an_import_of_nothing_new_asks_for_no_count(
    assessment: Assessment, plan: ImportPlan, django_capture_on_commit_callbacks: Any
) -> None:
    import_into(plan=plan, assessment=assessment)
    with django_capture_on_commit_callbacks() as callbacks:
        import_into(plan=plan, assessment=assessment)
    assert callbacks == []


def test_the_audit_trail_says_how_many_and_from_where(assessment: Assessment, plan: ImportPlan) -> None:
    import_into(plan=plan, assessment=assessment)
    events = AuditEvent.objects.filter(organisation=assessment.organisation, subject=assessment.slug)
    assert "imported 3 answers from answers.csv" in events.values_list("summary", flat=True)


def test_storing_takes_few_statements(assessment: Assessment, tmp_path: Path) -> None:
    def statements(rows: int) -> int:
        path = plain_file(tmp_path, *[["Client", str(number % 5 + 1), "3"] for number in range(rows)])
        Response.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            import_into(plan=plan_of(path), assessment=assessment)
        return len(queries)

    import_into(plan=plan_of(plain_file(tmp_path, ["Client", "1", "1"])), assessment=assessment)
    # SQLite takes about two hundred rows at once, so a few more are right.
    assert statements(400) <= statements(2) + 4


def test_a_key_depends_on_the_assessment_and_on_the_servers_secret(assessment: Assessment, settings: Any) -> None:
    other = AssessmentFactory()
    key = row_key(assessment.pk, b"row")
    assert key == row_key(assessment.pk, b"row")
    assert key != row_key(other.pk, b"row")
    settings.SECRET_KEY = "another"
    assert key != row_key(assessment.pk, b"row")


def test_answers_are_not_stored_in_the_order_of_the_file(
    assessment: Assessment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[bytes] = []
    create = Response.objects.bulk_create

    def watch(answers: list[Response]) -> list[Response]:
        sent.extend(answer.pk.bytes for answer in answers)
        return create(answers)

    monkeypatch.setattr(Response.objects, "bulk_create", watch)
    path = plain_file(tmp_path, *[["Client", str(number % 5 + 1), "3"] for number in range(50)])
    import_into(plan=plan_of(path), assessment=assessment)
    assert sent == sorted(sent)


# --- a new assessment -------------------------------------------------------------------------------------
def test_a_new_assessment_has_the_files_groups_and_issues(tmp_path: Path) -> None:
    organisation = OrganisationFactory(name="Example Ltd.")
    plan = plan_of(two_row_file(tmp_path, two_row_answers(40)), TWO_ROWS_MAPPING)
    made = import_as_new(plan=plan, organisation=organisation, name="Survey 2024").assessment
    assert (made.slug, made.company, made.origin) == ("survey-2024", "Example Ltd.", "Imported from answers.csv")
    assert list(made.groups.values_list("name", "side")) == [
        ("Männlich", Side.INTERNAL), ("Divers", Side.EXTERNAL), ("Weiblich", Side.EXTERNAL),
    ]  # fmt: skip
    assert [issue.name for issue in made.issues.all()] == [item.name for item in plan.items]


def test_the_tallies_of_a_new_assessment_are_those_of_the_plan(
    tmp_path: Path, run_waiting_jobs: Callable[[], int], django_capture_on_commit_callbacks: Any
) -> None:
    plan = plan_of(two_row_file(tmp_path, two_row_answers(40)), TWO_ROWS_MAPPING)
    with django_capture_on_commit_callbacks(execute=True):
        import_as_new(plan=plan, organisation=OrganisationFactory(), name="Survey")
    run_waiting_jobs()
    for number, group in enumerate(plan.groups):
        tally = Tally.from_bytes(bytes(GroupTally.objects.get(group__name=group.name).packed))
        assert tally == count(plan.ratings[plan.group_of == number], plan.scale)


def test_the_survey_of_a_new_assessment_is_closed(plan: ImportPlan) -> None:
    made = import_as_new(plan=plan, organisation=OrganisationFactory(), name="Survey").assessment
    assert (made.phase, Survey.objects.get(assessment=made).state) == (Phase.RESULTS, SurveyState.CLOSED)


def test_the_record_says_that_the_survey_closed_after_an_import(plan: ImportPlan) -> None:
    made = import_as_new(plan=plan, organisation=OrganisationFactory(), name="Survey").assessment
    assert AuditEvent.objects.filter(subject=made.slug, summary="the survey was closed after an import").exists()


def test_the_survey_of_a_new_assessment_can_be_left_open(plan: ImportPlan) -> None:
    made = import_as_new(plan=plan, organisation=OrganisationFactory(), name="Survey", keep_open=True).assessment
    assert (made.phase, Survey.objects.get(assessment=made).state) == (Phase.SURVEY, SurveyState.OPEN)


def test_company_and_period_can_be_given(plan: ImportPlan) -> None:
    made = import_as_new(
        plan=plan, organisation=OrganisationFactory(), name="Survey", company="Daughter Ltd.", reporting_period="FY24"
    ).assessment
    assert (made.company, made.reporting_period) == ("Daughter Ltd.", "FY24")


def test_a_second_assessment_of_the_same_name_is_refused_and_the_way_is_named(plan: ImportPlan) -> None:
    organisation = OrganisationFactory()
    import_as_new(plan=plan, organisation=organisation, name="Survey")
    with pytest.raises(AnswerError, match=r'an assessment "Survey" already \(slug survey\).* give its slug'):
        import_as_new(plan=plan, organisation=organisation, name=" survey ")


def test_another_organisation_may_use_the_same_name(plan: ImportPlan) -> None:
    slugs = {
        import_as_new(plan=plan, organisation=OrganisationFactory(), name="Survey").assessment.slug for _ in range(2)
    }
    assert slugs == {"survey", "survey-2"}


def test_a_refusal_of_another_service_leaves_nothing(plan: ImportPlan, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise ValidationError("The list is full. Shorten it first.")

    monkeypatch.setattr(services, "add_issues", refuse)
    with pytest.raises(ImportProblem, match=r"The list is full\. Shorten it first\."):
        import_as_new(plan=plan, organisation=OrganisationFactory(), name="Survey")
    assert not Assessment.objects.exists()
