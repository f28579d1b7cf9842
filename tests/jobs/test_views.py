from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from jobs.models import Job, Status, Worker
from tests.support.factories import JobFactory
from tests.support.job_kinds import COUNT

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
ROLES = ["owner", "analyst", "approver", "viewer"]


@pytest.fixture
def make_job(house):
    """make_job(**fields): a job of the house's organisation."""
    return lambda **fields: JobFactory(organisation=house.organisation, kind=COUNT, **fields)


def address(name, job, organisation=None):
    return reverse(f"jobs:{name}", kwargs={"organisation": organisation or job.organisation.slug, "job": job.pk})


class TestAccess:
    @pytest.mark.parametrize("role", ROLES)
    def test_every_member_sees_a_job(self, house, client_of, make_job, role):
        job = make_job()
        client = client_of(getattr(house, role))
        assert client.get(address("job", job)).status_code == 200
        assert client.get(address("progress", job), headers=HTMX).status_code == 200

    def test_to_an_outsider_it_does_not_exist(self, outsider_client, make_job):
        job = make_job(status=Status.DEAD)
        assert outsider_client.get(address("job", job)).status_code == 404
        assert outsider_client.get(address("progress", job), headers=HTMX).status_code == 404
        assert outsider_client.post(address("retry", job)).status_code == 404

    def test_nor_under_the_outsiders_own_organisation(self, outsider_client, make_job):
        job = make_job(status=Status.DEAD)
        assert outsider_client.get(address("job", job, "elsewhere")).status_code == 404
        assert outsider_client.post(address("retry", job, "elsewhere")).status_code == 404
        job.refresh_from_db()
        assert job.status == Status.DEAD

    def test_a_stranger_is_asked_to_sign_in(self, client, make_job):
        response = client.get(address("job", make_job()))
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/")

    @pytest.mark.parametrize(("role", "status"), list(zip(ROLES, [302, 302, 403, 403], strict=True)))
    def test_owners_and_analysts_start_it_again(self, house, client_of, make_job, role, status):
        job = make_job(status=Status.DEAD, attempts=3)
        response = client_of(getattr(house, role)).post(address("retry", job))
        assert response.status_code == status
        job.refresh_from_db()
        assert job.status == (Status.QUEUED if status == 302 else Status.DEAD)

    def test_a_link_does_not_start_it_again(self, owner_client, make_job):
        assert owner_client.get(address("retry", make_job(status=Status.DEAD))).status_code == 405


class TestCard:
    def card(self, client, job):
        return client.get(address("progress", job), headers=HTMX)

    def test_a_waiting_job_without_a_worker_says_how_long_and_what_to_do(self, viewer_client, make_job):
        job = make_job()
        Job.objects.update(created_at=timezone.now() - timedelta(seconds=80))
        html = self.card(viewer_client, job).text
        assert "Waiting for a worker for 1 min 20 s. No worker has ever reported." in html
        assert "make worker" in html

    def test_with_a_worker_it_only_waits_for_its_turn(self, viewer_client, make_job):
        Worker.objects.create(name="busy", seen_at=timezone.now())
        html = self.card(viewer_client, make_job()).text
        assert "Waiting for its turn" in html
        assert "make worker" not in html

    def test_a_running_job_shows_its_progress_and_asks_again(self, viewer_client, make_job):
        progress = {"steps_done": 1500, "steps_total": 6100, "step": "Counting"}
        job = make_job(status=Status.RUNNING, attempts=1, started_at=timezone.now(), **progress)
        html = self.card(viewer_client, job).text
        assert '<progress value="1500" max="6100"' in html
        assert "1,500 of 6,100" in html
        assert "attempt 1 of 3" in html
        assert f'hx-get="{address("progress", job)}" hx-trigger="every 1s"' in html

    def test_a_done_job_asks_no_more_links_its_outcome_and_tells_the_page(self, viewer_client, make_job):
        now = timezone.now()
        job = make_job(status=Status.DONE, started_at=now - timedelta(seconds=61), finished_at=now)
        response = self.card(viewer_client, job)
        assert "hx-get" not in response.text
        assert "after 1 min 1 s" in response.text
        assert 'href="/counted/"' in response.text
        assert response["HX-Trigger-After-Settle"] == "job-done"

    def test_a_failed_job_shows_the_error_and_editors_a_button(self, analyst_client, viewer_client, make_job):
        job = make_job(status=Status.DEAD, attempts=3, error="OSError: disk <full>", finished_at=timezone.now())
        html = self.card(analyst_client, job).text
        assert "OSError: disk &lt;full&gt;" in html
        assert f'action="{address("retry", job)}"' in html
        assert "<form" not in self.card(viewer_client, job).text

    def test_without_htmx_the_progress_address_leads_to_the_page(self, viewer_client, make_job):
        job = make_job()
        assert viewer_client.get(address("progress", job))["Location"] == address("job", job)


class TestPage:
    def test_it_names_the_work_and_works_without_javascript(self, viewer_client, make_job):
        html = viewer_client.get(address("job", make_job())).text
        assert "<h1>Counting</h1>" in html
        assert '<noscript><p class="sub"><a href="">Refresh</a>' in html

    def test_retrying_what_runs_already_says_so(self, owner_client, make_job):
        job = make_job(status=Status.RUNNING)
        html = owner_client.post(address("retry", job), follow=True).text
        assert "Only a job that failed can be started again; this one is running." in html
