import re

import pytest
from django.test import Client
from django.urls import reverse

from materiality.models import AnalysisRun
from materiality.services import analyse_now
from scoping.models import Assessment
from surveys.models import Survey
from surveys.services import close_survey, fold_responses
from tests.materiality.conftest import Answer
from tests.support.factories import TierFactory


def url(name: str, assessment: Assessment, query: str = "") -> str:
    place = {"organisation": assessment.organisation.slug, "slug": assessment.slug}
    return reverse(f"materiality:{name}", kwargs=place) + query


@pytest.fixture
def analysed(answered: Assessment) -> Assessment:
    analyse_now(assessment=answered)
    return answered


@pytest.mark.parametrize("role", ["owner", "analyst", "approver", "viewer"])
@pytest.mark.parametrize("name", ["whatif", "whatif-result", "whatif-robustness"])
def test_members_of_every_role_may_ask(analysed, name, role, request):
    client: Client = request.getfixturevalue(f"{role}_client")
    assert client.get(url(name, analysed)).status_code == 200


@pytest.mark.parametrize("name", ["whatif", "whatif-result", "whatif-robustness"])
def test_a_stranger_finds_nothing(analysed, name, outsider_client):
    assert outsider_client.get(url(name, analysed)).status_code == 404


def test_nothing_is_stored(analysed, viewer_client):
    before = list(AnalysisRun.objects.values_list("pk", "digest"))
    viewer_client.get(url("whatif", analysed, "?w-staff=3&priority=min"))
    assert list(AnalysisRun.objects.values_list("pk", "digest")) == before
    assert viewer_client.post(url("whatif", analysed)).status_code == 405


def test_without_answers_the_page_says_what_to_do(assessment, analyst_client):
    page = analyst_client.get(url("whatif", assessment)).content.decode()
    assert "There is nothing to compute with" in page
    assert reverse("surveys:survey", kwargs={"organisation": "example", "slug": assessment.slug}) in page
    assert "whatif.js" not in page


def test_as_it_is_nothing_changes(analysed, viewer_client):
    page = viewer_client.get(url("whatif", analysed)).content.decode()
    assert "Nothing changes: every issue keeps its rank and its tier." in page
    assert 'class="ghost"' not in page
    assert 'name="w-staff" id="w-staff" min="0" max="2" step="0.05" value="1"' in page


@pytest.mark.parametrize(("language", "axis"), [("en", "Importance to the company"), ("zh-CN", "对公司的重要性")])
def test_the_drawing_speaks_the_language_of_the_page(analysed, viewer_client, language, axis):
    page = viewer_client.get(url("whatif", analysed), headers={"accept-language": language}).content.decode()
    assert f"{axis} →</text>" in page


def test_the_form_works_without_javascript(analysed, viewer_client):
    """All fields of the form are sent, and only what differs counts."""
    sent = "?weights=given&weighed-by=given&w-staff=1&w-clients=1&priority=mean&rule=cut_offs&cuts=4,5; 3"
    answer = viewer_client.get(url("whatif", analysed, sent))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Two issues change tier" not in page
    assert '<option value="cut_offs" selected>' in page
    assert 'value="4.5; 3"' in page
    assert answer.context["answer"].query == "rule=cut_offs&cuts=4.5%3B+3"


def test_changes_are_said_in_words_and_drawn(analysed, viewer_client):
    part = viewer_client.get(url("whatif-result", analysed, "?rule=cut_offs&cuts=3;2")).content.decode()
    assert re.search(r"<em>Issue B</em> rises to High", part)
    assert "was Moderate" in part


def test_leaving_an_issue_out_lists_it_and_moves_the_others_up(answered, viewer_client):
    for position, name in enumerate(["High", "Low"]):
        TierFactory(assessment=answered, name=name, planned_count=None, position=position)
    analyse_now(assessment=answered)
    page = viewer_client.get(url("whatif", answered, "?leave-issue=a")).content.decode()
    assert "was 1, High" in page
    assert "+1" in page


def test_only_the_drawing_asked_for_is_drawn(analysed, viewer_client):
    wide = viewer_client.get(url("whatif-result", analysed, "?drawing=wide")).content.decode()
    assert "matrix-wide" in wide
    assert "matrix-narrow" not in wide
    narrow = viewer_client.get(url("whatif-result", analysed, "?drawing=narrow")).content.decode()
    assert "matrix-narrow" in narrow
    assert "matrix-wide" not in narrow


def test_certainties_come_from_fewer_draws_only_while_something_moves(answered, answer: Answer, viewer_client):
    for _ in range(5):
        answer("staff", [5, 3, 1])
        answer("clients", [4, 3, 1])
    analyse_now(assessment=answered)
    whole = viewer_client.get(url("whatif-result", answered)).context["answer"].results
    moving = viewer_client.get(url("whatif-result", answered, "?moving=yes")).context["answer"].results
    assert (whole["method"]["draws"], moving["method"]["draws"]) == (2_000, 500)
    for name in ("rank", "tier", "priority", "company", "stakeholders"):
        told = [[issue[name] for issue in found["issues"]] for found in (whole, moving)]
        assert told[0] == told[1]


def test_another_rule_of_weights_brings_new_sliders(analysed, viewer_client):
    part = viewer_client.get(
        url("whatif-result", analysed, "?weights=respondents&weighed-by=given&w-staff=1&w-clients=1")
    ).content.decode()
    assert 'id="whatif-new-weights"' in part
    assert 'name="weighed-by" value="respondents"' in part
    assert 'value="2" data-usual="2"' in part
    assert "whatif-new-weights" not in viewer_client.get(url("whatif-result", analysed)).content.decode()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?w-staff=nan", "The weight of “Staff” is “nan”"),
        ("?w-staff=0", "Importance to the company: all weights are 0 (Staff)"),
        ("?rule=cut_offs&cuts=9;1", "The cut-off 9 is outside the scale"),
        ("?rule=cut_offs&cuts=4", "3 tiers need 2 cut-offs"),
        ("?priority=none", "there is no option “none”"),
        ("?rule=nonsense", "there is no option “nonsense”"),
        ("?finite_population=x", "there is no option “x”"),
        ("?leave-issue=a", "There are 3 tiers for 2 issues"),
        ("?leave-group=nobody", "no group “nobody”"),
        ("?w-<script>=1", "no group “&lt;script&gt;”"),
    ],
)
def test_what_cannot_be_computed_is_said_in_place(analysed, viewer_client, query, sentence):
    for name in ("whatif", "whatif-result"):
        answer = viewer_client.get(url(name, analysed, query))
        assert answer.status_code == 400
        assert sentence in answer.content.decode().replace("&#x27;", "'")
    page = viewer_client.get(url("whatif", analysed, query)).content.decode()
    assert "Below is the current method." in page
    assert 'class="chart matrix' in page
    assert "Below is what was drawn" in viewer_client.get(url("whatif-result", analysed, query)).content.decode()
    assert "Below is" not in viewer_client.get(url("whatif-robustness", analysed, query)).content.decode()


def test_a_method_that_does_not_fit_has_nothing_below(analysed, viewer_client):
    for position in range(4):
        TierFactory(assessment=analysed, name=f"Tier {position}", planned_count=None, position=position)
    answer = viewer_client.get(url("whatif", analysed))
    assert answer.status_code == 400
    assert "There are 4 tiers for 3 issues" in answer.content.decode()
    assert "Below is" not in answer.content.decode()


def test_a_result_of_an_older_engine_is_no_change_of_answers(analysed, viewer_client, analyst_client):
    AnalysisRun.objects.update(engine="1.0", digest="0" * 64)
    page = viewer_client.get(url("whatif", analysed)).content.decode()
    assert "The way results are computed has been improved since the current result." in page
    assert "Answers, groups or weights have changed" not in page
    page = analyst_client.get(url("results", analysed)).content.decode()
    assert "The way results are computed has been improved since." in page
    assert "Weights, groups, tiers or method have changed" not in page
    page = analyst_client.get(url("overview", analysed)).content.decode()
    assert "The way results are computed has been improved since the last analysis." in page


def test_answers_that_came_since_are_told(analysed, answer: Answer, viewer_client):
    assert "have changed since" not in viewer_client.get(url("whatif", analysed)).content.decode()
    answer("staff", [1, 1, 5])
    survey = Survey.objects.get(assessment=analysed)
    close_survey(survey=survey)
    fold_responses(survey=survey)
    assert "have changed since the current result" in viewer_client.get(url("whatif", analysed)).content.decode()


def test_before_a_first_result_the_method_is_what_differences_are_to(answered, viewer_client):
    fold_responses(survey=Survey.objects.get(assessment=answered))
    page = viewer_client.get(url("whatif", answered)).content.decode()
    assert "No result has been computed yet." in page
    assert "Nothing changes" in page


def test_simulated_answers_are_named(assessment, answer: Answer, viewer_client):
    answer("clients", [3, 3, 3], simulated=True)
    analyse_now(assessment=assessment)
    page = viewer_client.get(url("whatif", assessment)).content.decode()
    assert "All answers on this page are simulated" in page


def test_only_who_may_edit_is_offered_to_keep_a_scenario(analysed, analyst_client, viewer_client):
    assert "Keep this scenario" in analyst_client.get(url("whatif", analysed)).content.decode()
    assert "Keep this scenario" not in viewer_client.get(url("whatif", analysed)).content.decode()


@pytest.mark.parametrize("name", ["whatif", "whatif-result"])
def test_queries_do_not_grow(analysed, viewer_client, name, django_assert_max_num_queries):
    viewer_client.get(url(name, analysed))
    with django_assert_max_num_queries(30):
        viewer_client.get(url(name, analysed, "?w-staff=2"))
