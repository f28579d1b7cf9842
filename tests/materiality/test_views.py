from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from jobs.models import Job
from materiality.choices import kept_choices
from materiality.exports import EXPORTS
from materiality.models import AnalysisRun, Method
from materiality.scoring.method import Method as ScoringMethod
from materiality.services import analyse_now
from scoping.models import Assessment
from surveys.models import Questionnaire
from tests.materiality.conftest import Answer
from tests.support.factories import ResponseFactory

PAGES = ["overview", "results"]


def url(name: str, assessment: Assessment, **more: object) -> str:
    place = {"organisation": assessment.organisation.slug, "slug": assessment.slug} | more
    return reverse(f"materiality:{name}", kwargs=place)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["owner", "analyst", "approver", "viewer"])
def test_members_of_every_role_read(answered: Assessment, page: str, role: str, request: pytest.FixtureRequest):
    analyse_now(assessment=answered)
    client: Client = request.getfixturevalue(f"{role}_client")
    assert client.get(url(page, answered)).status_code == 200


@pytest.mark.parametrize("page", [*PAGES, "method"])
def test_a_stranger_finds_nothing(answered: Assessment, page: str, outsider_client: Client):
    assert outsider_client.get(url(page, answered)).status_code == 404


def test_a_stranger_cannot_reach_a_run_by_way_of_his_own_organisation(
    answered: Assessment, outsider_client: Client, house
):
    run = analyse_now(assessment=answered)
    place = {"organisation": house.elsewhere.slug, "slug": answered.slug, "run": run.pk}
    assert outsider_client.get(reverse("materiality:run", kwargs=place)).status_code == 404


def test_without_answers_the_page_says_what_is_missing(assessment: Assessment, analyst_client: Client):
    page = analyst_client.get(url("results", assessment)).content.decode()
    assert "Nobody has answered yet" in page
    assert reverse("surveys:survey", kwargs={"organisation": "example", "slug": assessment.slug}) in page


def test_with_answers_but_no_run_the_page_offers_to_compute(answered: Assessment, analyst_client: Client):
    page = analyst_client.get(url("results", answered)).content.decode()
    assert "4 answers, not analysed yet" in page
    assert "Compute the results" in page


def test_the_results_page_shows_matrix_ranking_and_heat_table(answered: Assessment, viewer_client: Client):
    analyse_now(assessment=answered)
    page = viewer_client.get(url("results", answered)).content.decode()
    assert 'class="chart matrix' in page
    assert page.index('<tr id="a">') < page.index('<tr id="b">') < page.index('<tr id="c">')
    assert '<table class="table heat">' in page


def test_too_few_answers_show_no_column_of_certainty(answered: Assessment, answer: Answer, viewer_client: Client):
    analyse_now(assessment=answered)
    page = viewer_client.get(url("results", answered)).content.decode()
    assert "too few answers yet to say how sure" in page
    assert "Certainty" not in page
    assert "How sure is a tier?" not in page
    for _ in range(3):
        answer("staff", [5, 3, 1])
        answer("clients", [4, 3, 1])
    analyse_now(assessment=answered)
    page = viewer_client.get(url("results", answered)).content.decode()
    assert "Certainty of tier" in page
    assert "How sure is a tier?" in page


def test_a_group_of_one_is_not_said_to_have_a_certainty_that_no_page_shows(
    assessment: Assessment, answer: Answer, viewer_client: Client
):
    answer("staff", [5, 3, 1])
    answer("clients", [4, 3, 1])
    analyse_now(assessment=assessment)
    page = viewer_client.get(url("results", assessment)).content.decode()
    assert "Staff has one respondent" in page
    assert "certainty shown" not in page


@pytest.mark.parametrize("page", ["materiality:overview", "materiality:results", "scoping:scope", "surveys:survey"])
def test_the_stepper_says_that_a_result_is_there(answered: Assessment, page: str, viewer_client: Client):
    address = reverse(page, kwargs={"organisation": answered.organisation.slug, "slug": answered.slug})
    assert "as answers come in" in viewer_client.get(address).content.decode()
    analyse_now(assessment=answered)
    shown = viewer_client.get(address).content.decode()
    assert "a first result is there" in shown
    assert '<span class="sr">begun: </span><span class="step-name">Results</span>' in shown


def test_names_are_escaped_in_table_and_figure(answered: Assessment, viewer_client: Client):
    Questionnaire.objects.get(survey__assessment=answered).items.filter(code="a").update(
        name="<script>alert(1)</script>"
    )
    analyse_now(assessment=answered)
    assert "<script>alert(1)" not in viewer_client.get(url("results", answered)).content.decode()


def test_simulated_answers_are_named_on_the_page(assessment: Assessment, answer: Answer, viewer_client: Client):
    answer("clients", [3, 3, 3], simulated=True)
    run = analyse_now(assessment=assessment)
    page = viewer_client.get(url("results", assessment)).content.decode()
    assert "All answers on this page are simulated" in page
    # Results of earlier versions can hold both kinds.
    AnalysisRun.objects.filter(pk=run.pk).update(respondents=5)
    page = viewer_client.get(url("results", assessment)).content.decode()
    assert "1 of 5 answers on this page are simulated" in page


def test_new_answers_since_the_run_are_announced(answered: Assessment, answer: Answer, analyst_client: Client):
    analyse_now(assessment=answered)
    answer("staff", [1, 1, 1])
    assert "1 new answer since" in analyst_client.get(url("results", answered)).content.decode()


def test_updating_asks_the_worker_and_shows_the_job(answered: Assessment, analyst_client: Client):
    response = analyst_client.post(url("analyse", answered))
    assert response.url == url("results", answered)
    job = Job.objects.get(kind="materiality.analyse")
    page = analyst_client.get(response.url).content.decode()
    assert str(job.pk) in page


@pytest.mark.parametrize("role", ["approver", "viewer"])
@pytest.mark.parametrize("page", ["analyse", "method"])
def test_readers_cannot_change_anything(answered: Assessment, role: str, page: str, request: pytest.FixtureRequest):
    client: Client = request.getfixturevalue(f"{role}_client")
    assert client.post(url(page, answered)).status_code == 403
    assert not Job.objects.filter(kind="materiality.analyse").exists()


@pytest.mark.parametrize("filename", [export.filename for export in EXPORTS.values()])
def test_every_export_downloads(answered: Assessment, filename: str, viewer_client: Client):
    run = analyse_now(assessment=answered)
    response = viewer_client.get(url("export", answered, run=run.pk, filename=filename))
    assert response.status_code == 200
    assert response["Content-Disposition"] == f'attachment; filename="example-2022-{filename}"'
    assert len(response.content) > 100


def test_an_unknown_export_is_not_found(answered: Assessment, viewer_client: Client):
    run = analyse_now(assessment=answered)
    assert viewer_client.get(url("export", answered, run=run.pk, filename="matrix.exe")).status_code == 404


@pytest.mark.parametrize(("language", "axis"), [("en", "Importance to the company"), ("zh-CN", "对公司的重要性")])
def test_a_figure_speaks_the_language_of_the_page(
    answered: Assessment, viewer_client: Client, language: str, axis: str
):
    run = analyse_now(assessment=answered)
    address = url("export", answered, run=run.pk, filename="matrix.pdf")
    picture = viewer_client.get(address, headers={"accept-language": language})
    assert axis in PdfReader(BytesIO(picture.content)).pages[0].extract_text()


def test_an_earlier_run_says_that_it_is_earlier(answered: Assessment, answer: Answer, viewer_client: Client):
    first = analyse_now(assessment=answered)
    answer("staff", [1, 5, 5])
    analyse_now(assessment=answered)
    assert "This is an earlier result" in viewer_client.get(url("run", answered, run=first.pk)).content.decode()


def test_choosing_cut_offs_computes_with_them(answered: Assessment, analyst_client: Client, run_waiting_jobs):
    form = {"priority": "min", "rule": "cut_offs", "cuts": "4,5; 2"}
    analyst_client.post(url("method", answered), form)
    run_waiting_jobs()
    run = AnalysisRun.objects.get()
    assert [tier["count"] for tier in run.results["tiers"]] == [1, 1, 1]


@pytest.mark.parametrize(
    ("rule", "cuts", "message"),
    [
        ("cut_offs", "high", "is not a number"),
        ("cut_offs", "4", "3 tiers need 2 cut-offs"),
        ("cut_offs", "3, 4", "Cut-offs run from high to low"),
        ("axis_cut_offs", "9, 4", "outside the scale"),
        ("counts", "", "no sizes that add up"),
    ],
)
def test_a_method_that_cannot_be_is_refused_at_its_field(
    answered: Assessment, analyst_client: Client, rule: str, cuts: str, message: str
):
    response = analyst_client.post(url("method", answered), {"priority": "mean", "rule": rule, "cuts": cuts})
    assert response.status_code == 400
    assert message in response.content.decode()
    assert not Method.objects.exists()


def test_a_changed_weight_makes_the_page_say_that_the_result_is_old(answered: Assessment, analyst_client: Client):
    analyse_now(assessment=answered)
    answered.groups.filter(code="staff").update(weight=3)
    page = analyst_client.get(url("results", answered)).content.decode()
    assert "Weights, groups, tiers or method have changed since." in page


def test_readers_are_told_the_next_steps_without_buttons_for_them(answered: Assessment, viewer_client: Client):
    page = viewer_client.get(url("overview", answered)).content.decode()
    assert "What the working group does next" in page
    assert ">Go to the survey</a>" not in page


@pytest.mark.parametrize("page", PAGES)
def test_pages_ask_the_database_a_fixed_number_of_times(
    answered: Assessment, page: str, viewer_client: Client, django_assert_max_num_queries
):
    analyse_now(assessment=answered)
    # On PostgreSQL, looking for new answers takes five statements instead of one.
    with django_assert_max_num_queries(38):
        viewer_client.get(url(page, answered))


@pytest.mark.parametrize(
    ("ratings", "words"),
    [([3, 3, 3], "Natural breaks need 3 different scores and found 1"), ([4, 3, 0], "Nobody rated Issue C")],
    ids=["all the same", "one that nobody can judge"],
)
def test_answers_that_say_little_still_make_a_page_and_files(
    assessment: Assessment, answer: Answer, viewer_client: Client, ratings: list[int], words: str
):
    for group in ("staff", "clients"):
        answer(group, ratings)
    run = analyse_now(assessment=assessment)
    assert words in viewer_client.get(url("results", assessment)).content.decode()
    for export in EXPORTS.values():
        assert viewer_client.get(url("export", assessment, run=run.pk, filename=export.filename)).status_code == 200


def test_issues_without_a_tier_show_their_rank_and_priority(
    assessment: Assessment, answer: Answer, viewer_client: Client
):
    for group in ("staff", "clients"):
        answer(group, [3, 3, 3])
    analyse_now(assessment=assessment)
    page = viewer_client.get(url("results", assessment)).content.decode()
    list_of_all = page[page.index('class="table rank-table"') :]
    row = list_of_all[list_of_all.index('<tr id="b">') :].partition("</tr>")[0]
    assert '<td class="no num">1</td>' in row
    assert '<td class="num score">3.00</td>' in row
    # All marks are alike, so the legend must not call them the lowest tier.
    assert "Without a tier" in page[page.index('<ul class="legend">') :].partition("</ul>")[0]


def test_when_nobody_can_judge_anything_the_page_says_so_instead_of_a_figure(
    assessment: Assessment, viewer_client: Client
):
    survey = assessment.survey
    ResponseFactory(
        questionnaire=survey.questionnaires.get(), group=assessment.groups.get(code="staff"), ratings=bytes(3)
    )
    run = analyse_now(assessment=assessment)
    page = viewer_client.get(url("results", assessment)).content.decode()
    assert "No issue could be ranked." in page
    assert "No issue could be drawn" in page
    refused = viewer_client.get(url("export", assessment, run=run.pk, filename="matrix.png"), follow=True)
    assert "PNG could not be made: No issue has a score yet" in refused.content.decode()


@pytest.mark.parametrize(
    ("question", "said", "unsaid"),
    [
        ("rating", ["Mean rating per group", "Mean rating of each issue", "groups’ mean ratings"], ["mean scores"]),
        ("", ["Mean rating per group", "Mean rating of each issue", "groups’ mean ratings"], ["mean scores"]),
        ("top", ["Mean score per group", "Mean score of each issue", "mean scores"], ["Cannot judge", "rating"]),
        ("ranking", ["Mean score per group", "Mean score of each issue", "mean scores"], ["Cannot judge", "rating"]),
    ],
)
def test_the_page_speaks_of_ratings_only_where_issues_were_rated(
    answered: Assessment, viewer_client: Client, question: str, said: list[str], unsaid: list[str]
):
    run = analyse_now(assessment=answered)
    del run.results["question"]  # as in runs of old
    method = ScoringMethod.from_dict(run.results["method"])
    run.results["choices"] = kept_choices(method, rated=question in ("rating", ""))
    AnalysisRun.objects.filter(pk=run.pk).update(results=run.results | ({"question": question} if question else {}))
    page = viewer_client.get(url("results", answered)).content.decode()
    words = page[page.index('id="h-heat"') :]
    assert [text for text in said if text not in words] == []
    assert [text for text in unsaid if text in words] == []


def test_where_everybody_was_asked_for_both_importances_no_side_is_said_to_speak_for_one(
    answered: Assessment, viewer_client: Client
):
    run = analyse_now(assessment=answered)
    staff, clients = run.results["stakeholder_groups"]
    both = [staff, staff | {"side": "external"}, clients, clients | {"side": "internal"}]
    AnalysisRun.objects.filter(pk=run.pk).update(results=run.results | {"stakeholder_groups": both})
    page = viewer_client.get(url("results", answered)).content.decode()
    assert "each is the weighted mean of all groups’ mean ratings of it" in page
    assert "internal groups’" not in page
