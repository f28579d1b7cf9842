import pytest
from django.core.exceptions import ValidationError

from materiality.models import AnalysisRun
from materiality.scoring.method import Counts, CutOffs, Method, NaturalBreaks
from materiality.selectors import current_run
from materiality.services import NothingToAnalyse, analyse_now, choose_method, method_of, request_analysis
from scoping.models import Assessment
from surveys.models import Survey
from surveys.services import remove_simulated
from tests.materiality.conftest import Answer
from tests.support.factories import AssessmentFactory, PublishedResultFactory, TierFactory


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
    answer("clients", [1, 1, 5], simulated=True)
    assert analyse_now(assessment=answered) != first
    remove_simulated(survey=Survey.objects.get(assessment=answered))
    analyse_now(assessment=answered)
    assert current_run(organisation=answered.organisation, assessment=answered) == first


def test_a_run_cannot_be_changed(answered: Assessment):
    run = analyse_now(assessment=answered)
    run.respondents = 1
    with pytest.raises(TypeError, match="immutable"):
        run.save()


def test_simulated_answers_are_counted_apart(answered: Assessment, answer: Answer):
    answer("clients", [3, 3, 3], simulated=True)
    run = analyse_now(assessment=answered)
    assert (run.respondents, run.simulated_respondents) == (5, 1)
    assert [group["simulated"] for group in run.results["stakeholder_groups"]] == [0, 1]


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
    assert any("Staff gave no answers" in note for note in run.results["notes"])
    assert any("importance to stakeholders alone" in note for note in run.results["notes"])


def test_planned_counts_make_the_default_method(answered: Assessment):
    for position, count in enumerate([1, 2]):
        TierFactory(assessment=answered, position=position, name=f"Level {position}", planned_count=count)
    assert method_of(answered) == Method(tiers=("Level 0", "Level 1"), rule=Counts((1, 2)))


def test_counts_that_do_not_fit_the_list_give_way_to_natural_breaks(answered: Assessment):
    TierFactory(assessment=answered, position=0, name="All", planned_count=2)
    assert method_of(answered).rule == NaturalBreaks()


def test_a_chosen_method_is_used_and_printed_in_the_result(answered: Assessment):
    method = Method(tiers=("In", "Out"), rule=CutOffs((4,)))
    choose_method(assessment=answered, method=method)
    run = analyse_now(assessment=answered)
    assert [tier["count"] for tier in run.results["tiers"]] == [1, 2]
    assert Method.from_dict(run.results["method"]) == method


def test_a_method_that_does_not_fit_is_refused_with_the_value(answered: Assessment):
    choose_method(assessment=answered, method=Method(tiers=("In", "Out"), rule=CutOffs((9,))))
    with pytest.raises(ValidationError, match="cut-off 9 is outside the scale"):
        analyse_now(assessment=answered)


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


def test_natural_breaks_make_a_result_that_can_be_stored(answered: Assessment):
    choose_method(assessment=answered, method=Method(tiers=("High", "Low"), rule=NaturalBreaks()))
    assert sum(tier["count"] for tier in analyse_now(assessment=answered).results["tiers"]) == 3
