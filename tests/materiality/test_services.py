import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from materiality.models import AnalysisRun
from materiality.scoring.method import Method
from materiality.scoring.tier_rules import Counts, CutOffs
from materiality.selectors import current_run
from materiality.services import (
    Choice,
    NothingToAnalyse,
    analyse_now,
    choice_of,
    choose_method,
    is_out_of_date,
    method_of,
    request_analysis,
)
from scoping.models import Assessment
from scoping.services import remove_assessment
from surveys.models import Response
from surveys.selectors import tallies_of
from surveys.services import open_survey, submit_response
from surveys.services.folding import locked_questionnaire, take_off
from tests.materiality.conftest import Answer
from tests.support.factories import AssessmentFactory, PublishedResultFactory, SurveyFactory, TierFactory
from tests.support.people import House


def by_code(run: AnalysisRun) -> dict[str, dict]:
    return {issue["code"]: issue for issue in run.results["issues"]}


def test_scores_are_the_means_of_the_groups(answered: Assessment):
    issues = by_code(analyse_now(assessment=answered))
    assert issues["a"]["company"] == 5.0
    assert issues["a"]["stakeholders"] == 4.5
    assert issues["a"]["priority"] == 4.75
    assert [issues[code]["rank"] for code in "abc"] == [1, 2, 3]
    assert issues["b"]["groups"] == {"Staff": {"mean": 3.5, "n": 2}, "Clients": {"mean": 3.0, "n": 2}}


def test_cannot_judge_is_left_out_and_not_a_zero(assessment: Assessment, answer: Answer):
    answer("staff", [4, 0, 2])
    answer("staff", [4, 5, 2])
    answer("clients", [3, 3, 3])
    issue = by_code(analyse_now(assessment=assessment))["b"]
    assert issue["company"] == 5.0
    assert issue["groups"]["Staff"] == {"mean": 5.0, "n": 1}


def test_the_same_input_is_the_same_run(answered: Assessment):
    assert analyse_now(assessment=answered) == analyse_now(assessment=answered)
    assert AnalysisRun.objects.count() == 1


def test_a_new_answer_is_a_new_run_and_the_old_one_stays(answered: Assessment, answer: Answer):
    first = analyse_now(assessment=answered)
    before = first.results
    answer("staff", [1, 5, 5])
    second = analyse_now(assessment=answered)
    assert second.respondents == 5
    first.refresh_from_db()
    assert first.results == before


def test_when_answers_return_to_an_earlier_state_its_run_is_current_again(answered: Assessment, answer: Answer):
    first = analyse_now(assessment=answered)
    known = set(Response.objects.values_list("pk", flat=True))
    answer("clients", [1, 1, 5])
    assert analyse_now(assessment=answered) != first
    with transaction.atomic():
        [late] = Response.objects.exclude(pk__in=known)
        take_off(locked_questionnaire(late.questionnaire_id), [late])
        late.delete()
    analyse_now(assessment=answered)
    assert current_run(organisation=answered.organisation, assessment=answered) == first


def test_a_run_cannot_be_changed(answered: Assessment):
    run = analyse_now(assessment=answered)
    run.respondents = 1
    with pytest.raises(TypeError, match="immutable"):
        run.save()


def test_simulated_answers_are_told_by_group(assessment: Assessment, answer: Answer):
    answer("staff", [3, 3, 3], simulated=True)
    answer("staff", [3, 2, 3], simulated=True)
    answer("clients", [3, 3, 3], simulated=True)
    run = analyse_now(assessment=assessment)
    assert (run.respondents, run.simulated_respondents) == (3, 3)
    assert [group["simulated"] for group in run.results["stakeholder_groups"]] == [2, 1]


def test_without_answers_the_error_says_what_to_do(assessment: Assessment):
    with pytest.raises(NothingToAnalyse, match="share the survey links"):
        analyse_now(assessment=assessment)


def test_without_a_survey_the_error_says_what_to_do(db: None):
    with pytest.raises(NothingToAnalyse, match="has not been opened"):
        analyse_now(assessment=AssessmentFactory(groups=2, issues=3))


def test_a_group_without_answers_drops_out_and_a_note_says_so(assessment: Assessment, answer: Answer):
    answer("clients", [5, 3, 1])
    run = analyse_now(assessment=assessment)
    assert by_code(run)["a"]["company"] is None
    assert by_code(run)["a"]["priority"] == 5.0
    assert any("No answers from Staff. It drops out" in note for note in run.results["notes"])
    assert any("importance to stakeholders alone" in note for note in run.results["notes"])


def test_planned_counts_make_the_usual_method(answered: Assessment):
    for position, count in enumerate([1, 2]):
        TierFactory(assessment=answered, position=position, name=f"Level {position}", planned_count=count)
    assert method_of(answered) == Method(tiers=("Level 0", "Level 1"), rule=Counts((1, 2)))


def test_sizes_that_do_not_fit_the_list_give_way_to_natural_breaks_and_a_note_says_so(answered: Assessment):
    TierFactory(assessment=answered, position=0, name="All", planned_count=2)
    run = analyse_now(assessment=answered)
    assert run.results["method"]["rule"]["kind"] == "natural_breaks"
    assert "The sizes planned for the tiers do not add up to 3 issues, so they were not used." in run.results["notes"]


@pytest.fixture
def two_tiers(answered: Assessment) -> Assessment:
    for position, name in enumerate(["In", "Out"]):
        TierFactory(assessment=answered, position=position, name=name)
    return answered


def test_a_chosen_method_is_used_and_printed_in_the_result(two_tiers: Assessment):
    choose_method(assessment=two_tiers, choice=Choice("min", "cut_offs", ("4",)))
    run = analyse_now(assessment=two_tiers)
    assert [tier["count"] for tier in run.results["tiers"]] == [1, 2]
    assert Method.from_dict(run.results["method"]) == Method(("In", "Out"), CutOffs((4,)), priority="min")


def test_tiers_that_are_renamed_in_scoping_are_renamed_in_the_next_result(two_tiers: Assessment):
    choose_method(assessment=two_tiers, choice=Choice("mean", "cut_offs", ("4",)))
    two_tiers.tiers.filter(name="In").update(name="Top")
    assert [tier["name"] for tier in analyse_now(assessment=two_tiers).results["tiers"]] == ["Top", "Out"]


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (Choice("mean", "cut_offs", ("9",)), "cut-off 9 is outside the scale"),
        (Choice("mean", "cut_offs", ("4", "3")), "2 tiers need 1 cut-offs"),
        (Choice("mean", "counts"), "no sizes that add up"),
    ],
)
def test_a_method_that_does_not_fit_is_refused_before_it_is_kept(two_tiers: Assessment, choice: Choice, words: str):
    with pytest.raises(ValidationError, match=words):
        choose_method(assessment=two_tiers, choice=choice)
    assert choice_of(two_tiers) == Choice()


def test_natural_breaks_make_a_result_that_can_be_stored(two_tiers: Assessment):
    choose_method(assessment=two_tiers, choice=Choice("mean", "natural_breaks"))
    assert sum(tier["count"] for tier in analyse_now(assessment=two_tiers).results["tiers"]) == 3


def test_two_people_do_not_make_certainty(answered: Assessment, answer: Answer):
    run = analyse_now(assessment=answered)
    assert by_code(run)["a"]["tier_probability"] == {}
    assert by_code(run)["a"]["rank_interval"] is None
    assert run.results["notes"][0].startswith("Too few answers to say how sure the place of any issue is")
    for group in ["staff", "clients"] * 3:
        answer(group, [5, 3, 1])
    assert sum(by_code(analyse_now(assessment=answered))["a"]["tier_probability"].values()) == pytest.approx(1)


def test_a_result_is_out_of_date_when_anything_it_stands_on_changes(two_tiers: Assessment, answer: Answer):
    def out_of_date() -> bool:
        current = current_run(organisation=two_tiers.organisation, assessment=two_tiers)
        assert current is not None
        return is_out_of_date(current, tallies_of(two_tiers))

    analyse_now(assessment=two_tiers)
    assert not out_of_date()
    two_tiers.groups.filter(code="staff").update(weight=2)
    assert out_of_date()
    analyse_now(assessment=two_tiers)
    choose_method(assessment=two_tiers, choice=Choice("max"))
    assert out_of_date()
    analyse_now(assessment=two_tiers)
    answer("staff", [1, 1, 1])
    assert out_of_date()


def test_silent_groups_are_named_in_one_sentence(house: House):
    assessment = AssessmentFactory(organisation=house.organisation, groups=4, issues=3)
    survey = SurveyFactory(assessment=assessment, minimum_group=1)
    open_survey(survey=survey)
    link = survey.links.get(group__code="group-0")
    submit_response(link=link, answers=bytes([5, 3, 1]))
    notes = analyse_now(assessment=assessment).results["notes"]
    assert notes[0].startswith("No answers from Group 1, Group 2 and Group 3. They drop out")


def test_the_published_result_stands_beside_the_computed_one(answered: Assessment):
    tier = TierFactory(assessment=answered, position=0, name="High")
    PublishedResultFactory(issue=answered.issues.get(code="c"), tier=tier, rank=1)
    issues = by_code(analyse_now(assessment=answered))
    assert issues["c"]["published"] == {"tier": "High", "rank": 1}
    assert issues["c"]["rank"] == 3
    assert issues["a"]["published"] is None


def test_asking_twice_makes_one_job(answered: Assessment):
    assert request_analysis(assessment=answered) == request_analysis(assessment=answered)


def test_the_worker_computes_what_was_asked_for(answered: Assessment, run_waiting_jobs):
    job = request_analysis(assessment=answered)
    run_waiting_jobs()
    job.refresh_from_db()
    run = AnalysisRun.objects.get(pk=job.result["run"])
    assert (job.status, run.respondents) == ("done", 4)


def test_a_job_that_finds_nothing_to_analyse_says_why(assessment: Assessment, run_waiting_jobs):
    job = request_analysis(assessment=assessment)
    run_waiting_jobs()
    job.refresh_from_db()
    assert job.status == "dead"
    assert "Nobody has answered yet" in job.error


def test_a_job_whose_assessment_was_deleted_ends_quietly(answered: Assessment, run_waiting_jobs):
    job = request_analysis(assessment=answered)
    remove_assessment(assessment=answered)
    run_waiting_jobs()
    job.refresh_from_db()
    assert job.status == "done"
