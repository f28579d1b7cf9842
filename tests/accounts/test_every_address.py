"""Every address under an organisation, found in the URL configuration: who gets in, and who may change things.

A new page is covered as soon as it has an address; a new kind of parameter must be filled in `parameters`.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from accounts.models import ApiToken, Membership, Organisation
from materiality.files import store
from materiality.models import ExportFile, Proposal, ReviewComment
from materiality.scenarios.services import keep_scenario
from materiality.services import analyse_now, propose, withdraw_proposal
from materiality.whatif.adjustments import Adjustments
from scoping.models import Assessment, PendingImport
from scoping.services.screening import decide_short_list
from surveys.models import SurveyLink
from surveys.services import open_survey, prepare_survey, submit_response
from tests.support.factories import (
    AssessmentFactory,
    ChannelFactory,
    CommentFactory,
    ConcernFactory,
    ContactFactory,
    CriterionFactory,
    IndexEntryFactory,
    InvitationFactory,
    JobFactory,
    MailingFactory,
    MentionFactory,
    PeerFactory,
    PillarFactory,
    ProcessNoteFactory,
    ProfileQuestionFactory,
    TierFactory,
    UserFactory,
)
from tests.support.people import House
from webhooks.models import Endpoint, WebhookDelivery
from webhooks.signing import new_secret

ROLES = ["owner", "analyst", "approver", "viewer"]
FOR_OWNERS = ("/o/example/webhooks/",)  # pages that hold secrets
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, route)
        elif route.startswith("o/<slug:organisation>/"):
            yield route


ROUTES = sorted(set(routes(get_resolver())))


def parameters(organisation: Organisation, slug: str) -> dict[str, Any]:
    """An analysed assessment with one of everything, as the parameters of addresses that show it."""
    assessment = AssessmentFactory(organisation=organisation, slug=slug, groups=2, issues=3)
    group, issue = assessment.groups.first(), assessment.issues.first()
    concern = ConcernFactory(group=group)
    pending = PendingImport.objects.create(
        assessment=assessment, kind="issues", filename="list.csv", content=b"name\nWater\n", added_by=UserFactory()
    )
    answers = PendingImport.objects.create(
        assessment=assessment, kind="answers", filename="answers.csv", content=b"Role,Water\nStaff,4\n",
        added_by=UserFactory(),
    )  # fmt: skip
    for position, count in enumerate([1, 2]):
        TierFactory(assessment=assessment, position=position, planned_count=count)
    survey = prepare_survey(assessment=assessment)
    survey.languages, survey.minimum_group = ["ar"], 1
    survey.save(update_fields=["languages", "minimum_group"])
    open_survey(survey=survey)
    for link in SurveyLink.objects.filter(survey__assessment=assessment):
        submit_response(link=link, answers=bytes([5, 3, 1]))
    run = analyse_now(assessment=assessment)
    endpoint = Endpoint.objects.create(organisation=organisation, url="https://example.org/", secret=new_secret())
    delivery = WebhookDelivery.objects.create(endpoint=endpoint, event="test", payload={})
    missing = CommentFactory(questionnaire=survey.questionnaires.get(), group=group, kind="missing")
    return {
        "comment": missing.pk,
        "organisation": organisation.slug,
        "slug": slug,
        "group": "group-0",
        "question": ProfileQuestionFactory(survey=assessment.survey).code,
        "concern_id": concern.pk,
        "channel_id": ChannelFactory(group=group).pk,
        "contact_id": ContactFactory(group=group).pk,
        "mention_id": MentionFactory(issue=issue).pk,
        "criterion_id": CriterionFactory(assessment=assessment).pk,
        "pillar_id": PillarFactory(assessment=assessment).pk,
        "note_id": ProcessNoteFactory(assessment=assessment).pk,
        "entry_id": IndexEntryFactory(assessment=assessment).pk,
        "peer": PeerFactory(organisation=organisation, issues=2).pk,
        "pending": pending.pk,
        "invitation": InvitationFactory(survey=survey, group=group).pk,
        "mailing": MailingFactory(survey=survey, state="cancelled").pk,
        "upload": answers.pk,
        "library": "gri",
        "language": "ar",
        "kind": "issues",
        "version": decide_short_list(assessment=assessment).version,
        "format": "csv",
        "chart": "matrix",
        "run": run.pk,
        "scenario": keep_scenario(assessment=assessment, name="Kept", adjustments=Adjustments()).pk,
        "point": ReviewComment.objects.create(assessment=assessment, text="Why?", is_open_point=True).pk,
        "token": ApiToken.objects.create(
            organisation=organisation, name="Key", key_hash=slug, expires_at=timezone.now()
        ).pk,
        "proposal": past_proposal(assessment).pk,
        "number": 1,
        "filename": "run.json",
        "file": finished_file(assessment).pk,
        "job": JobFactory(organisation=organisation, subject=slug).pk,
        "endpoint": delivery.endpoint_id,
        "delivery": delivery.pk,
        "member": Membership.objects.filter(organisation=organisation).latest("pk").pk,
    }


def finished_file(assessment: Assessment) -> ExportFile:
    """Called as the download of a run is."""
    stored = store.keep(f"{assessment.slug}.json", lambda out: out.write(b"{}"))
    return ExportFile.objects.create(
        assessment=assessment, kind="result", filename="run.json", content_type="application/json",
        stored_as=stored.name, size=stored.size, finished_at=timezone.now(),
    )  # fmt: skip


def past_proposal(assessment: Assessment) -> Proposal:
    """Withdrawn: one that is open would lock the result."""
    by = UserFactory()
    proposal = propose(assessment=assessment, body="the board", by=by)
    return withdraw_proposal(proposal=proposal, by=by)


def address(route: str, values: dict[str, Any]) -> str:
    code = "group-0" if "groups" in route else "issue-0"
    return "/" + PARAMETER.sub(lambda found: str({"code": code, **values}[found[1]]), route)


@pytest.fixture
def here(house: House) -> list[str]:
    values = parameters(house.organisation, "here")
    return [address(route, values) for route in ROUTES]


def all_rows() -> dict[str, list[tuple[Any, ...]]]:
    models = [model for model in apps.get_models() if model._meta.app_label not in ("sessions", "contenttypes", "auth")]
    return {model._meta.label: sorted(model.objects.values_list(), key=str) for model in models}


def test_the_addresses_are_found():
    assert len(ROUTES) > 20
    assert "o/<slug:organisation>/a/<slug:slug>/results/" in ROUTES


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_finds_nothing(here: list[str], outsider_client: Client, method: str):
    answers = {path: getattr(outsider_client, method)(path).status_code for path in here}
    assert set(answers.values()) == {404}, answers


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_gets_in_without_signing_in(here: list[str], client: Client, method: str):
    for path in here:
        answer = getattr(client, method)(path)
        assert (answer.status_code, answer.url.partition("?")[0]) == (302, "/accounts/login/"), path


@pytest.mark.parametrize("role", ROLES)
def test_looking_changes_nothing(here: list[str], role: str, request: pytest.FixtureRequest):
    client: Client = request.getfixturevalue(f"{role}_client")
    before = all_rows()
    for path in here:
        refused = role in ("approver", "viewer") or (role == "analyst" and path.startswith(FOR_OWNERS))
        expected = {200, 302, 405, 403} if refused else {200, 302, 405}
        response = client.get(path)
        if response.streaming:
            list(response.streaming_content)  # closes the file
        assert response.status_code in expected, path
    assert all_rows() == before


@pytest.mark.parametrize("role", ["approver", "viewer"])
def test_readers_change_nothing(here: list[str], role: str, request: pytest.FixtureRequest):
    client: Client = request.getfixturevalue(f"{role}_client")
    before = all_rows()
    for path in here:
        # An approver may approve a mailing, which this one, being cancelled, does not wait for.
        allowed = (302,) if role == "approver" and path.endswith("/approve/") else (403, 405)
        # An approver comments on a result, but not without a word.
        allowed = (400,) if role == "approver" and "/review/" in path and path.endswith("/comment/") else allowed
        # An approver signs, but not what is not open any more.
        allowed = (400,) if role == "approver" and path.endswith("/sign/") else allowed
        # Everybody makes keys to the API, but not without a name.
        allowed = (400,) if path.endswith("/tokens/") else allowed
        allowed = (400,) if path.endswith("/files/") else allowed  # every member may ask for a file, and says for which
        assert client.post(path).status_code in allowed, path
    assert all_rows() == before


@pytest.mark.parametrize("method", ["get", "post"])
def test_things_of_another_organisation_do_not_exist_under_ones_own(house: House, owner_client: Client, method: str):
    elsewhere = parameters(house.elsewhere, "elsewhere-2022") | {"organisation": "example"}
    before = all_rows()
    for route in ROUTES:
        if PARAMETER.findall(route) != ["organisation"]:
            path = address(route, elsewhere)
            assert getattr(owner_client, method)(path).status_code in (404, 405), path
    assert all_rows() == before
