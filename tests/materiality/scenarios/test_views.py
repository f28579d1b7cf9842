import csv
import io
import json

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from materiality.models import CurrentRun, Scenario
from materiality.services import analyse_now
from scoping.models import Assessment
from tests.materiality.scenarios.conftest import Keep, answer_all, weights
from tests.support.people import House


def url(name: str, assessment: Assessment, **more: object) -> str:
    place = {"organisation": assessment.organisation.slug, "slug": assessment.slug} | more
    return reverse(f"materiality:{name}", kwargs=place)


def test_an_empty_page_says_what_a_scenario_is(analysed: Assessment, viewer_client: Client):
    page = viewer_client.get(url("scenarios", analysed)).content.decode()
    assert "No scenario is kept yet" in page
    assert url("whatif", analysed) in page


@pytest.mark.parametrize("role", ["owner", "analyst", "approver", "viewer"])
def test_members_of_every_role_read(analysed: Assessment, keep: Keep, role: str, request: pytest.FixtureRequest):
    scenario = keep("Managers first", managers=4)
    client: Client = request.getfixturevalue(f"{role}_client")
    page = client.get(url("scenarios", analysed)).content.decode()
    assert "1 of 3 issues changes tier" in page
    assert "lower tier" in page
    assert "2 of 3 issues in the same tier" in page
    assert "Managers: 80" in page
    assert ("Rename" in page) is (role in ("owner", "analyst"))
    assert client.get(url("scenario-json", analysed, scenario=scenario.pk)).status_code == 200


def test_a_stranger_finds_nothing(analysed: Assessment, keep: Keep, outsider_client: Client, house: House):
    scenario = keep("Managers first", managers=4)
    for name in ("scenarios", "scenarios-export", "scenario-json"):
        more = {"format": "csv"} if name == "scenarios-export" else {}
        more |= {"scenario": scenario.pk} if name == "scenario-json" else {}
        assert outsider_client.get(url(name, analysed, **more)).status_code == 404
    for name in ("scenario-rename", "scenario-delete"):
        for organisation in (analysed.organisation, house.elsewhere):
            place = {"organisation": organisation.slug, "slug": analysed.slug, "scenario": scenario.pk}
            assert outsider_client.post(reverse(f"materiality:{name}", kwargs=place)).status_code == 404
    assert outsider_client.post(url("scenario-keep", analysed), {"name": "Mine"}).status_code == 404
    assert Scenario.objects.count() == 1


@pytest.mark.parametrize("role", ["approver", "viewer"])
def test_readers_cannot_change_anything(analysed: Assessment, keep: Keep, role: str, request: pytest.FixtureRequest):
    scenario = keep("Managers first", managers=4)
    client: Client = request.getfixturevalue(f"{role}_client")
    for name, more in (("scenario-keep", {}), ("scenario-rename", {"scenario": scenario.pk})):
        assert client.post(url(name, analysed, **more), {"name": "Mine"}).status_code == 403
    assert client.post(url("scenario-delete", analysed, scenario=scenario.pk)).status_code == 403
    assert Scenario.objects.get().name == "Managers first"


def test_keeping_computes_what_the_address_says(analysed: Assessment, analyst_client: Client, house: House):
    query = weights(analysed, managers=4).to_query()
    response = analyst_client.post(url("scenario-keep", analysed), {"name": "Managers first", "query": query})
    assert response.url == url("scenarios", analysed)
    scenario = Scenario.objects.get()
    assert scenario.created_by == house.analyst
    assert next(one for one in scenario.results["issues"] if one["code"] == "a")["tier"] == "Moderate"
    page = analyst_client.get(response.url).content.decode()
    assert f"{url('whatif', analysed)}?{query.replace('&', '&amp;')}" in page


@pytest.mark.parametrize(
    ("name", "query", "message"),
    [("", "w-managers=4", "Give the scenario a name"), ("Mine", "w-managers=many", "is “many”: give a number")],
)
def test_what_is_refused_goes_back_with_all_that_was_typed(
    analysed: Assessment, analyst_client: Client, name: str, query: str, message: str
):
    response = analyst_client.post(url("scenario-keep", analysed), {"name": name, "query": query})
    assert response.url == f"{url('whatif', analysed)}?{query}&scenario={name}"
    assert not Scenario.objects.exists()
    page = analyst_client.get(response.url).content.decode()
    assert message in page
    if name == "":
        assert 'name="query"' in page


def test_renaming_and_what_is_refused_comes_back_at_its_place(analysed: Assessment, keep: Keep, analyst_client: Client):
    first, second = keep("One", managers=4), keep("Two", managers=3)
    place = url("scenario-rename", analysed, scenario=first.pk)
    response = analyst_client.post(place, {"name": " two "})
    assert response.status_code == 400
    page = response.content.decode()
    assert f'id="error-{first.pk}"' in page
    assert f'id="error-{second.pk}"' not in page
    assert 'value=" two "' in page
    response = analyst_client.post(place, {"name": "Three"})
    assert response.url == f"{url('scenarios', analysed)}#scenario-{first.pk}"
    assert Scenario.objects.get(pk=first.pk).name == "Three"


def test_deleting(analysed: Assessment, keep: Keep, analyst_client: Client):
    place = url("scenario-delete", analysed, scenario=keep("One", managers=4).pk)
    assert analyst_client.post(place).url == url("scenarios", analysed)
    assert not Scenario.objects.exists()
    assert analyst_client.post(place).status_code == 404
    assert analyst_client.get(place).status_code == 405


def test_the_chosen_ones_are_compared_four_at_most(analysed: Assessment, keep: Keep, viewer_client: Client):
    kept = [keep(f"Number {number}", managers=number) for number in range(2, 8)]
    page = viewer_client.get(url("scenarios", analysed)).content.decode()
    assert [f'data-label="Number {number}"' in page for number in range(2, 8)] == [False] * 2 + [True] * 4
    query = {"s": [str(kept[0].pk), "nonsense", str(kept[5].pk)]}
    page = viewer_client.get(url("scenarios", analysed), query).content.decode()
    assert [f'data-label="Number {number}"' in page for number in range(2, 8)] == [True, *[False] * 4, True]
    page = viewer_client.get(url("scenarios", analysed), {"s": [str(one.pk) for one in kept]}).content.decode()
    assert page.count('data-label="Number') == 4 * 3
    assert "Up to 4 scenarios are compared at once." in page
    page = viewer_client.get(url("scenarios", analysed), {"s": "none"}).content.decode()
    assert "data-label" not in page
    assert "Compare the chosen ones" in page


def test_other_answers_than_those_of_the_current_result_are_named(
    analysed: Assessment, keep: Keep, viewer_client: Client
):
    keep("Then", managers=4)
    assert (
        "another number than the current result" not in viewer_client.get(url("scenarios", analysed)).content.decode()
    )
    answer_all(analysed)
    analyse_now(assessment=analysed)
    page = viewer_client.get(url("scenarios", analysed)).content.decode()
    assert "From 3 answers, another number than the current result" in page


def test_without_a_current_result_there_is_nothing_beside_them(analysed: Assessment, keep: Keep, viewer_client: Client):
    keep("Managers first", managers=4)
    CurrentRun.objects.all().delete()
    page = viewer_client.get(url("scenarios", analysed)).content.decode()
    assert "No result has been computed yet" in page
    assert "Current result" not in page
    response = viewer_client.get(url("scenarios-export", analysed, format="csv"))
    assert response.content.decode("utf-8-sig").splitlines()[0].count(",") == 4


def test_names_are_escaped(analysed: Assessment, keep: Keep, analyst_client: Client):
    keep("<script>alert(1)</script>", managers=4)
    assert "<script>alert(1)" not in analyst_client.get(url("scenarios", analysed)).content.decode()


def test_the_comparison_as_csv_opens_again(analysed: Assessment, keep: Keep, viewer_client: Client):
    keep("=Managers", managers=4)
    response = viewer_client.get(url("scenarios-export", analysed, format="csv"))
    assert response["Content-Disposition"] == 'attachment; filename="example-2022-scenarios.csv"'
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row["Code"] for row in rows] == ["a", "b", "c"]
    first = rows[0]
    assert (first["Current result: rank"], first["Current result: tier"]) == ("1", "High")
    assert (first["'=Managers: rank"], first["'=Managers: tier"], first["'=Managers: other tier"]) == (
        "2",
        "Moderate",
        "yes",
    )
    assert first["'=Managers: ranks gained"] == "-1"


def test_the_comparison_as_workbook_says_where_it_comes_from(
    analysed: Assessment, keep: Keep, viewer_client: Client, house: House
):
    keep("Staff first", staff=4)
    keep("Managers first", managers=4)
    content = viewer_client.get(url("scenarios-export", analysed, format="xlsx")).content
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Comparison", "Scenarios"]
    header, row, _ = ([cell.value for cell in line] for line in book["Scenarios"].iter_rows())
    told = dict(zip(header, row, strict=True))
    assert told["Scenario"] == "Managers first"
    assert told["What it changed"].startswith("Managers: 80")
    assert (told["Issues in the same tier as in the current result"], told["of"], told["Answers"]) == (2, 3, 3)
    assert told["Kept by"] == str(house.analyst)


def test_one_scenario_as_json_is_whole(analysed: Assessment, keep: Keep, viewer_client: Client):
    scenario = keep("Managers first", managers=4)
    response = viewer_client.get(url("scenario-json", analysed, scenario=scenario.pk))
    found = json.loads(response.content)
    assert found["scenario"] == "Managers first"
    assert found["results"] == scenario.results
    assert found["adjustments"]["weights"] == {"managers": "4"}
    assert found["digest"] == scenario.digest


@pytest.mark.parametrize("format", ["pdf", "exe"])
def test_other_formats_are_not_found(analysed: Assessment, format: str, viewer_client: Client):
    assert viewer_client.get(url("scenarios-export", analysed, format=format)).status_code == 404


def test_with_nothing_to_export_the_page_says_what_to_do(analysed: Assessment, viewer_client: Client):
    response = viewer_client.get(url("scenarios-export", analysed, format="csv"), follow=True)
    assert "choose a scenario first" in response.content.decode()


def test_the_number_of_queries_does_not_grow_with_scenarios(
    analysed: Assessment, keep: Keep, viewer_client: Client, django_assert_max_num_queries
):
    keep("One", managers=2)
    viewer_client.get(url("scenarios", analysed))
    with django_assert_max_num_queries(40) as few:
        viewer_client.get(url("scenarios", analysed))
    for number in range(3, 12):
        keep(f"Number {number}", managers=number)
    with django_assert_max_num_queries(len(few.captured_queries)):
        viewer_client.get(url("scenarios", analysed))


def test_the_page_of_the_what_if_says_how_robust_it_is(analysed: Assessment, viewer_client: Client):
    page = viewer_client.get(url("whatif", analysed)).content.decode()
    assert "No change of one group’s weight by less than 10 points moves any issue across a boundary." in page
    assert "Lower end of" in page
    tried = page.partition('<table class="table moves sensitivity">')[2].partition(f'href="{url("whatif", analysed)}?')[
        2
    ]
    query = tried.partition('"')[0].replace("&amp;", "&")
    assert "w-managers=" in query
    assert "Issue A</em> falls to Moderate" in viewer_client.get(f"{url('whatif', analysed)}?{query}").content.decode()
