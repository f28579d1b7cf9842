"""The page of files and the download: who may do what, what is said, and how a file is sent."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from materiality.files import request_export, services
from materiality.models import CurrentRun, ExportFile, Publication
from materiality.services import analyse_now, propose
from scoping.models import Assessment
from tests.materiality.conftest import Answer
from tests.materiality.files.conftest import closed, content, made
from tests.support.factories import AssessmentFactory
from tests.support.people import House
from tests.support.waiting_jobs import run_waiting_jobs

PAGE = "/o/example/a/example-2022/files/"


def address(file: ExportFile) -> str:
    return f"{PAGE}{file.pk}/{file.filename}"


def fetched(client: Client, path: str, **more: object) -> tuple[HttpResponse, bytes]:
    """The download, and what came."""
    response = client.get(path, **more)
    return response, b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.parametrize("role", ["owner", "analyst", "approver", "viewer"])
def test_every_member_asks_for_a_file_and_fetches_it(analysed: Assessment, role: str, request: pytest.FixtureRequest):
    client: Client = request.getfixturevalue(f"{role}_client")
    answer = client.post(PAGE, {"kind": "ranking"})
    assert (answer.status_code, answer.url) == (302, f"{PAGE}#making")
    assert "Being made" in client.get(PAGE).content.decode()
    run_waiting_jobs()
    file = ExportFile.objects.get()
    page = client.get(PAGE).content.decode()
    assert address(file) in page
    assert file.sha256[:12] in page
    assert fetched(client, address(file))[1] == content(file)


def test_a_download_is_sent_with_care(analysed: Assessment, viewer_client: Client):
    file = made(analysed, "matrix", format="svg")
    response, sent = fetched(viewer_client, address(file), headers={"accept-encoding": "gzip"})
    assert response["Content-Disposition"] == 'attachment; filename="example-2022-matrix.svg"'
    assert response["Content-Type"] == "image/svg+xml"
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Length"] == str(file.size)
    assert sent == content(file)


@pytest.mark.parametrize("name", ['a"b;c.csv', "水资源.csv", "back\\slash.csv", "new\nline.csv"])
def test_any_name_is_safe_in_the_header(analysed: Assessment, viewer_client: Client, name: str):
    file = made(analysed, "ranking")
    ExportFile.objects.update(filename=name)
    place = {"organisation": "example", "slug": "example-2022", "file": file.pk, "filename": name}
    header = fetched(viewer_client, reverse("materiality:file", kwargs=place))[0]["Content-Disposition"]
    assert header.startswith("attachment; filename")
    assert "\n" not in header
    assert header.isascii()


def test_answers_are_for_those_who_run_the_assessment(
    analysed: Assessment, viewer_client: Client, analyst_client: Client
):
    file = made(closed(analysed), "answers")
    pack = made(analysed, "report-pack", answers=True, dpi=36)
    assert viewer_client.post(PAGE, {"kind": "answers"}).status_code == 403
    assert "Answers (CSV)" not in viewer_client.get(PAGE).content.decode()
    for one in (file, pack):
        assert viewer_client.get(address(one)).status_code == 404
        assert fetched(analyst_client, address(one))[1] == content(one)
        assert one.filename not in viewer_client.get(PAGE).content.decode()
    # What a viewer cannot choose, they do not get.
    viewer_client.post(PAGE, {"kind": "report-pack", "language": "en", "answers": "on"})
    assert ExportFile.objects.latest("requested_at").options == {"language": "en"}


def test_another_organisations_files_do_not_exist(analysed: Assessment, outsider_client: Client, owner_client: Client):
    file = made(analysed, "ranking")
    assert outsider_client.get(address(file)).status_code == 404
    other = AssessmentFactory(organisation=analysed.organisation, slug="other")
    assert owner_client.get(address(file).replace("example-2022/", "other/", 1)).status_code == 404
    assert owner_client.get(address(file) + "x").status_code == 404
    assert other.export_files.count() == 0


def test_a_file_that_is_gone_says_what_to_do(analysed: Assessment, owner_client: Client):
    file = made(analysed, "ranking")
    services.store.forget(file.stored_as)
    assert owner_client.get(address(file)).status_code == 404


def test_bad_options_come_back_at_their_fields(analysed: Assessment, owner_client: Client):
    sent = {"kind": "matrix", "format": "png", "width_mm": "500", "dpi": "1200", "language": "en"}
    response = owner_client.post(PAGE, sent)
    assert response.status_code == 400
    assert "about 614 million pixels" in str(response.context["figure"]["dpi"].errors)
    response = owner_client.post(PAGE, sent | {"width_mm": "wide"})
    assert response.status_code == 400
    assert "at most 500, such as 160 or 85.5" in str(response.context["figure"]["width_mm"].errors)
    for width in ("40", "85,5"):
        response = owner_client.post(PAGE, sent | {"width_mm": width, "dpi": ""})
        assert "“Importance matrix” takes 119 mm or more" in str(response.context["figure"]["width_mm"].errors)
    response = owner_client.post(PAGE, {"kind": "report-pack", "language": "en", "width_mm": "50"})
    assert re.search(r"takes \d+ mm or more: at 50 mm", str(response.context["pack"]["width_mm"].errors))
    response = owner_client.post(PAGE, {"kind": "report-pack", "language": "en", "dpi": "7"})
    assert "from 36 to 1200" in str(response.context["pack"]["dpi"].errors)
    assert not ExportFile.objects.exists()


def test_what_cannot_be_made_is_said(analysed: Assessment, owner_client: Client):
    for kind, why in (("poster", "no file “poster”"), ("minutes", "Nothing is proposed"), ("", "no file")):
        response = owner_client.post(PAGE, {"kind": kind})
        assert response.status_code == 400
        assert why in response.content.decode()
    assert not ExportFile.objects.exists()


def test_the_empty_page_says_what_to_do(assessment: Assessment, owner_client: Client):
    page = owner_client.get(PAGE).content.decode()
    assert "No file has been made yet" in page
    assert "There is no result yet" in page
    assert 'href="/o/example/a/example-2022/results/"' in page


def test_a_file_of_an_earlier_result_says_so(analysed: Assessment, owner_client: Client, answer: Answer):
    made(analysed, "ranking")
    assert "of an earlier result" not in owner_client.get(PAGE).content.decode()
    answer("staff", [1, 1, 5])
    analyse_now(assessment=analysed)
    assert "of an earlier result" in owner_client.get(PAGE).content.decode()


def test_editors_delete_files(analysed: Assessment, analyst_client: Client, viewer_client: Client):
    file = made(analysed, "ranking")
    assert viewer_client.post(f"{PAGE}{file.pk}/delete/").status_code == 403
    assert analyst_client.post(f"{PAGE}{file.pk}/delete/").status_code == 302
    assert not ExportFile.objects.exists()


def test_a_download_of_the_public_report_is_not_deleted(analysed: Assessment, house: House, owner_client: Client):
    kept, other = made(analysed, "ranking"), made(analysed, "result")
    proposal = propose(assessment=analysed, body="Board", by=house.analyst)
    report = Publication.objects.create(
        assessment=analysed, proposal=proposal, document={"downloads": [{"file": str(kept.pk), "kind": "ranking"}]}
    )
    page = owner_client.get(PAGE).content.decode()
    assert page.count("badge-now") == 1
    assert f"{kept.pk}/delete/" not in page
    assert f"{other.pk}/delete/" in page
    response = owner_client.post(f"{PAGE}{kept.pk}/delete/")
    assert response.status_code == 400
    assert "Withdraw the report, or publish a newer one" in response.content.decode()
    assert ExportFile.objects.filter(pk=kept.pk).exists()
    report.withdrawn_at = timezone.now()
    report.save()
    assert owner_client.post(f"{PAGE}{kept.pk}/delete/").status_code == 302
    assert not ExportFile.objects.filter(pk=kept.pk).exists()


def test_a_row_says_of_what_it_is(analysed: Assessment, house: House, owner_client: Client):
    made(analysed, "ranking")
    proposal = propose(assessment=analysed, body="Board", by=house.analyst)
    made(analysed, "ranking", proposal=str(proposal.pk))
    made(analysed, "matrix", dpi=150, language="zh-hans")
    page = owner_client.get(PAGE).content.decode()
    assert page.count("result of ") == 3
    assert page.count("proposal 1") == 1
    assert "150 dpi · 简体中文" in page


def test_what_cannot_succeed_is_dismissed_and_not_tried_again(analysed: Assessment, owner_client: Client):
    file = request_export(assessment=analysed, kind="ranking")
    CurrentRun.objects.all().delete()
    run_waiting_jobs()
    page = owner_client.get(PAGE).content.decode()
    assert "Could not be made" in page
    assert "Being made" not in page
    assert "There is no result yet" in page
    assert "Dismiss" in page
    assert "Try again" not in page
    assert owner_client.post(f"{PAGE}{file.pk}/delete/").status_code == 302
    assert not ExportFile.objects.exists()


def test_who_asked_for_a_file_puts_it_away_when_it_failed(analysed: Assessment, house: House, viewer_client: Client):
    theirs = request_export(assessment=analysed, kind="result", by=house.analyst)
    file = request_export(assessment=analysed, kind="ranking", by=house.viewer)
    there = f"{PAGE}{file.pk}/delete/"
    assert viewer_client.post(there).status_code == 403  # it waits
    CurrentRun.objects.all().delete()
    run_waiting_jobs()
    page = viewer_client.get(PAGE).content.decode()
    assert page.count("Failed") == 2
    assert there in page
    assert f"{theirs.pk}/delete/" not in page
    assert viewer_client.post(f"{PAGE}{theirs.pk}/delete/").status_code == 403
    assert viewer_client.post(there).status_code == 302
    assert list(ExportFile.objects.all()) == [theirs]


def test_a_viewers_finished_file_is_not_theirs_to_delete(analysed: Assessment, house: House, viewer_client: Client):
    file = request_export(assessment=analysed, kind="ranking", by=house.viewer)
    run_waiting_jobs()
    assert viewer_client.post(f"{PAGE}{file.pk}/delete/").status_code == 403
    assert ExportFile.objects.filter(finished_at__isnull=False).exists()


def test_where_too_many_wait_the_page_says_when_to_ask_again(
    analysed: Assessment, viewer_client: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(services, "MOST_OPEN", 1)
    assert viewer_client.post(PAGE, {"kind": "ranking"}).status_code == 302
    for sent in ({"kind": "result"}, {"kind": "matrix", "format": "png", "language": "en"}):
        response = viewer_client.post(PAGE, sent)
        assert response.status_code == 400
        assert "Ask again once it is made" in response.content.decode()
    assert ExportFile.objects.count() == 1


def test_results_and_overview_lead_there(analysed: Assessment, viewer_client: Client):
    for page in ("", "results/"):
        assert f'href="{PAGE}"' in viewer_client.get(f"/o/example/a/example-2022/{page}").content.decode()


def test_names_are_text(analysed: Assessment, owner_client: Client, house):
    house.owner.name = "<script>alert(1)</script>"
    house.owner.save()
    owner_client.post(PAGE, {"kind": "ranking"})
    run_waiting_jobs()
    assert "<script>alert" not in owner_client.get(PAGE).content.decode()


def test_older_files_are_folded(analysed: Assessment, owner_client: Client):
    for _ in range(6):
        made(analysed, "ranking")
    page = owner_client.get(PAGE).content.decode()
    newest, older = page.split("1 older file</summary>")
    assert (newest.count(" download>"), older.count(" download>")) == (5, 1)
