"""The members' page of publishing, its preview and its buttons."""

import html

import pytest
from django.conf import settings
from django.test import Client

from figures import fonts
from materiality.models import AnalysisRun, Proposal, Publication
from materiality.publishing.services import publish, withdraw
from materiality.services import analyse_now, propose, reopen
from scoping.models import Assessment
from surveys.services import close_survey
from tests.materiality.conftest import Answer
from tests.materiality.publishing.conftest import BODY, Show, approve
from tests.support.people import House
from tests.support.waiting_jobs import run_waiting_jobs

PAGE = "/o/example/a/example-2022/publish/"


def test_without_a_confirmation_it_leads_there(owner_client: Client, answered: Assessment):
    page = owner_client.get(PAGE).content.decode()
    assert "The result is not confirmed." in page
    assert 'href="/o/example/a/example-2022/confirmation/"' in page
    assert "Publish for everybody" not in page


def test_while_it_waits_for_the_board_it_says_so(owner_client: Client, answered: Assessment, house: House):
    analyse_now(assessment=answered)
    propose(assessment=answered, body="the board of Example", by=house.analyst)
    assert "waits for the confirmation by the board of Example" in owner_client.get(PAGE).content.decode()


def test_editors_publish_what_is_confirmed(analyst_client: Client, client: Client, confirmed: Proposal):
    assert "Publish for everybody" in analyst_client.get(PAGE).content.decode()
    answer = analyst_client.post(f"{PAGE}now/", follow=True)
    page = answer.content.decode()
    assert "The report is public" in page
    assert f"{settings.BASE_URL}/reports/example-2022/" in page
    assert "&lt;iframe src=&quot;" in page
    assert client.get("/reports/example-2022/").status_code == 200


def test_who_publishes_simulated_answers_is_warned(
    analyst_client: Client, assessment: Assessment, answer: Answer, house: House
):
    answer("staff", [5, 3, 1], simulated=True)
    answer("clients", [4, 3, 1], simulated=True)
    close_survey(survey=assessment.survey)
    analyse_now(assessment=assessment)
    approve(house, propose(assessment=assessment, body=BODY, by=house.analyst))
    page = analyst_client.get(PAGE).content.decode()
    assert "All answers are simulated." in page
    assert "publish it only to show how the method works" in page


def test_no_warning_stands_beside_answers_of_people(analyst_client: Client, confirmed: Proposal):
    assert "simulated" not in analyst_client.get(PAGE).content.decode()


def test_what_cannot_be_published_is_refused_with_a_reason(owner_client: Client, answered: Assessment):
    answer = owner_client.post(f"{PAGE}now/", follow=True)
    assert "Only a confirmed result can be published." in answer.content.decode()
    assert not Publication.objects.exists()


def test_readers_see_the_page_without_its_buttons(viewer_client: Client, public: Publication):
    page = viewer_client.get(PAGE).content.decode()
    assert "The report is public" in page
    assert 'method="post" action="/o/example/a/' not in page
    assert viewer_client.post(f"{PAGE}now/").status_code == 403
    assert viewer_client.post(f"{PAGE}withdraw/", {"because": "x"}).status_code == 403


def test_the_preview_is_the_public_page_for_members(
    viewer_client: Client, client: Client, confirmed: Proposal, house: House
):
    answer = viewer_client.get(f"{PAGE}preview/")
    page = answer.content.decode()
    assert "Preview: only members see this page." in page
    assert '<meta name="robots" content="noindex">' in page
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert client.get("/reports/example-2022/").status_code == 404
    publish(proposal=confirmed, by=house.analyst)
    shown = client.get("/reports/example-2022/").content.decode()
    assert page.partition("<h1>")[2].partition("<footer")[0] == shown.partition("<h1>")[2].partition("<footer")[0]


def test_without_a_confirmed_result_there_is_no_preview(owner_client: Client, answered: Assessment):
    answer = owner_client.get(f"{PAGE}preview/", follow=True)
    assert "There is nothing to preview" in answer.content.decode()


def test_withdrawing_needs_a_reason(owner_client: Client, public: Publication):
    answer = owner_client.post(f"{PAGE}withdraw/", {"because": " "})
    assert answer.status_code == 400
    assert "Say why: readers see it" in answer.content.decode()
    public.refresh_from_db()
    assert public.withdrawn_at is None


def test_a_withdrawn_report_stands_in_the_history_with_its_reason(owner_client: Client, public: Publication):
    page = owner_client.post(f"{PAGE}withdraw/", {"because": "A figure was wrong."}, follow=True).content.decode()
    assert "The report is withdrawn." in page
    assert "A figure was wrong." in page.partition("What was public before")[2]


def test_there_is_nothing_to_withdraw_twice(owner_client: Client, public: Publication, house: House):
    withdraw(publication=public, by=house.owner, because="Wrong.")
    page = owner_client.post(f"{PAGE}withdraw/", {"because": "Again."}, follow=True).content.decode()
    assert "there is nothing to withdraw" in page


def test_members_are_told_that_the_confirmation_became_void(owner_client: Client, public: Publication, house: House):
    reopen(proposal=public.proposal, by=house.owner, because="Look again.")
    assert "The confirmation of what is public became void" in owner_client.get(PAGE).content.decode()


def test_downloads_that_could_not_be_made_are_named_with_the_reason(
    owner_client: Client, answered: Assessment, house: House, monkeypatch: pytest.MonkeyPatch
):
    """As if no font had Thai letters."""
    close_survey(survey=answered.survey)
    real = fonts._family_of.__wrapped__
    monkeypatch.setattr(fonts, "_family_of", lambda char: None if "\u0e00" <= char <= "\u0e7f" else real(char))
    run = analyse_now(assessment=answered)
    run.results["issues"][0]["name"] = "น้ำ"
    AnalysisRun.objects.filter(pk=run.pk).update(results=run.results)  # runs are immutable to the product
    publish(proposal=approve(house, propose(assessment=answered, body=BODY, by=house.analyst)), by=house.analyst)
    assert "Downloads that it does not offer" not in owner_client.get(PAGE).content.decode()
    run_waiting_jobs()
    page = html.unescape(owner_client.get(PAGE).content.decode())
    assert "Downloads that it does not offer" in page
    assert "(PNG)" in page
    assert "apt-get install fonts-noto-core" in page
    assert page.count("apt-get install") == 1


def test_strangers_find_nothing(outsider_client: Client, public: Publication):
    for path in ("", "preview/"):
        assert outsider_client.get(f"{PAGE}{path}").status_code == 404


def test_a_list_has_no_code_for_a_matrix(owner_client: Client, show: Show, bare: Assessment):
    publication = show(bare)
    Proposal.objects.filter(pk=publication.proposal_id).update(run=None)
    assert "iframe" not in owner_client.get("/o/example/a/bare-2022/publish/").content.decode()


def test_the_code_for_other_sites_holds_with_any_name(owner_client: Client, public: Publication):
    confirmed = public.proposal.document | {"company_name": 'A "quoted" <b>name</b>'}
    Proposal.objects.filter(pk=public.proposal_id).update(document=confirmed)
    page = owner_client.get(PAGE).content.decode()
    code = html.unescape(page.partition('<textarea id="embed"')[2].partition(">")[2].partition("</textarea>")[0])
    assert 'title="Importance matrix of A &quot;quoted&quot; &lt;b&gt;name&lt;/b&gt;, 2022"' in code
    assert code.startswith(f'<iframe src="{settings.BASE_URL}/reports/example-2022/matrix/"')


@pytest.mark.parametrize("page", ["", "publish/", "confirmation/"])
def test_once_it_is_public_what_the_report_is_written_from_is_one_click_away(
    public: Publication, page: str, analyst_client: Client, viewer_client: Client
):
    place = "/o/example/a/example-2022/"
    for client in (analyst_client, viewer_client):
        shown = client.get(f"{place}{page}").content.decode()
        assert "For the report" in shown
        for there in ("disclosures/", "charts/", "files/", "statement/"):
            assert f'href="{place}{there}"' in shown
    assert f'href="{place}publish/"' in viewer_client.get(place).content.decode()


def test_once_it_is_public_the_next_step_is_the_report(public: Publication, analyst_client: Client):
    todos = analyst_client.get("/o/example/a/example-2022/").context["overview"].todos
    assert [todo.title for todo in todos] == ["Put the result into the report", "Put the method into the report"]
    assert todos[0].url == "/o/example/a/example-2022/disclosures/"


def test_the_results_lead_to_the_disclosure_tables(confirmed: Proposal, viewer_client: Client):
    assert (
        'href="/o/example/a/example-2022/disclosures/"'
        in viewer_client.get("/o/example/a/example-2022/results/").content.decode()
    )
    assert "For the report" not in viewer_client.get("/o/example/a/example-2022/publish/").content.decode()
