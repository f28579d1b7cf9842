"""Every operation of the API, found in the URL configuration: strangers, other organisations, and queries.

A new operation is covered as soon as it has an address; a new kind of parameter must be filled in `parameters`.
"""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, get_resolver, resolve

from accounts.models import Membership, Organisation
from accounts.tokens import READ, SCOPES, note_use, tokens_for
from materiality.models import ExportFile, Override, Publication, ReviewComment
from materiality.scenarios.services import keep_scenario
from materiality.services import analyse_now
from materiality.whatif.adjustments import Adjustments
from scoping.models import Assessment, PendingImport, Predecessor
from scoping.services.screening import decide_short_list
from surveys.models import Exclusion, SurveyLink
from surveys.services import open_survey, prepare_survey, submit_response
from tests.api.conftest import Api, key_of
from tests.support.factories import (
    AssessmentFactory,
    ChannelFactory,
    ConcernFactory,
    ContactFactory,
    DeliveryFactory,
    IndexEntryFactory,
    IssueFactory,
    JobFactory,
    MailingFactory,
    MarkFactory,
    MembershipFactory,
    MentionFactory,
    PeerFactory,
    PillarFactory,
    StakeholderGroupFactory,
    TierFactory,
)
from tests.support.people import House
from webhooks.models import Endpoint, WebhookDelivery

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
METHODS = ("get", "post", "put", "patch", "delete")


def operations(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from operations(entry, route)
        elif route.startswith("api/v1/"):
            yield from ((method, route) for method in getattr(entry.callback, "actions", {}) if method in METHODS)


def example(method: str, route: str) -> Any:
    """A body that fits, from the operation itself; None where it takes none."""
    callback = resolve(address(route, PLACEHOLDERS)).func
    takes = getattr(callback.cls, callback.actions[method]).operation.takes
    return takes.example if takes else None


def needs_more_than_reading(method: str, route: str) -> bool:
    """Whether it is a read that a key of a viewer does not get: personal data, and what is the owners'."""
    callback = resolve(address(route, PLACEHOLDERS)).func
    return method == "get" and callback.cls.scope_of(callback.actions[method]) != READ


class _Placeholders(dict[str, str]):
    def __missing__(self, name: str) -> str:
        uuids = (
            "job", "run", "before", "scenario", "proposal", "publication", "file", "endpoint", "delivery", "mailing",
            "pending", "sheet",
        )  # fmt: skip
        return str(UUID(int=0)) if name in uuids else "1"


# Not an assessment's own: codes and languages, which both have, the organisation's peers, what comes with Salient.
SHARED = {"slug", "code", "language", "peer", "library", "chart", "framework"}
# Of the key's own organisation, whichever that is.
OWN = {"template"}
PLACEHOLDERS = _Placeholders()
OPERATIONS = sorted(set(operations(get_resolver())))


def concluded(organisation: Organisation, slug: str) -> Assessment:
    """An assessment with answers, a result, and one of everything that the API lists."""
    before = AssessmentFactory(organisation=organisation, slug=f"{slug}-before")
    assessment = AssessmentFactory(organisation=organisation, slug=slug, groups=2, issues=3, previous=before)
    for position, (name, count) in enumerate([("High", 1), ("Low", 2)]):
        TierFactory(assessment=assessment, name=name, position=position, planned_count=count)
    survey = prepare_survey(assessment=assessment)
    survey.minimum_group = 1
    survey.save(update_fields=["minimum_group"])
    decide_short_list(assessment=assessment)
    open_survey(survey=survey)
    type(survey).objects.filter(pk=survey.pk).update(languages=["fr"])
    for link in SurveyLink.objects.filter(survey=survey):
        submit_response(link=link, answers=bytes([5, 3, 1]))
    analyse_now(assessment=assessment)
    return assessment


def one_more(assessment: Assessment) -> dict[str, Any]:
    """One more of everything that is listed, as the parameters of addresses."""
    owner = Membership.objects.filter(organisation=assessment.organisation, role="owner").earliest("pk").user
    group, issue = assessment.groups.first(), assessment.issues.first()
    run = assessment.runs.first()
    override = Override.objects.create(
        assessment=assessment, issue=issue, run=run, tier="High", reason="x", by=owner, ended_at=run.created_at
    )
    number = assessment.proposals.count() + 1
    proposal = assessment.proposals.create(
        number=number, run=run, document=run.results, digest="x", body="Board", state="withdrawn", proposed_by=owner
    )
    proposal.signatures.create(by=owner, name="x", role="owner", verdict="return", means="password", digest="x")
    job = JobFactory(organisation=assessment.organisation, subject=assessment.slug)
    endpoint = Endpoint.objects.create(
        organisation=assessment.organisation, url="https://example.org/", events=["run.finished"], created_by=owner
    )
    MarkFactory(issue=issue)
    Predecessor.objects.create(issue=issue, previous=IssueFactory(assessment=assessment.previous))
    mailing = MailingFactory(survey=assessment.survey, created_by=owner)
    DeliveryFactory(mailing=mailing, invitation__group=group)
    pillar = PillarFactory(assessment=assessment)
    pillar.issues.add(issue)
    number = str(uuid4())
    uploads = {"assessment": assessment, "filename": "x.csv", "added_by": owner}
    flag = Exclusion.objects.update_or_create(survey=assessment.survey, flag="speeder", defaults={"reason": "x"})[0]
    return {
        "slug": assessment.slug,
        "criterion": assessment.criteria.create(name=number).pk,
        "pending": PendingImport.objects.create(kind="issues", content=b"Name\nNew\n", **uploads).pk,
        "sheet": PendingImport.objects.create(kind="translations", content=b"Key,fr\ntitle,Titre\n", **uploads).pk,
        "library": "gri",
        "note": assessment.process_notes.create(stage="criteria", text="x").pk,
        "language": "fr",
        "question": assessment.survey.profile_questions.create(code=number[:8], text="x", position=1).code,
        "flag": flag.flag,
        "chart": "matrix",
        "framework": "gri",
        "template": "docx",
        "member": MembershipFactory(organisation=assessment.organisation, role="viewer").pk,
        "job": job.pk,
        "concern": ConcernFactory(group=group, issue=issue).pk,
        "channel": ChannelFactory(group=group).pk,
        "mention": MentionFactory(issue=issue).pk,
        "contact": ContactFactory(group=group).pk,
        "pillar": pillar.pk,
        "entry": IndexEntryFactory(assessment=assessment, issue=issue).pk,
        "peer": PeerFactory(organisation=assessment.organisation, issues=2).pk,
        "endpoint": endpoint.pk,
        "delivery": WebhookDelivery.objects.create(endpoint=endpoint, event="run.finished", payload={}).pk,
        "mailing": mailing.pk,
        "run": run.pk,
        "before": run.pk,
        "scenario": keep_scenario(assessment=assessment, name=str(uuid4()), adjustments=Adjustments(), by=owner).pk,
        "override": override.pk,
        "comment": ReviewComment.objects.create(assessment=assessment, issue=issue, text="x", by=owner).pk,
        "proposal": proposal.pk,
        "publication": Publication.objects.create(
            assessment=assessment, proposal=proposal, document={}, published_by=owner, withdrawn_at=run.created_at
        ).pk,
        "file": ExportFile.objects.create(assessment=assessment, kind="ranking", job=job, requested_by=owner).pk,
    }


def address(route: str, values: dict[str, Any]) -> str:
    code = "group-0" if "groups" in route or "links" in route else "issue-0"
    return "/" + PARAMETER.sub(lambda found: code if found[1] == "code" else str(values[found[1]]), route)


def all_rows() -> dict[str, list[tuple[Any, ...]]]:
    skipped = ("sessions", "contenttypes", "auth")
    models = [model for model in apps.get_models() if model._meta.app_label not in skipped]
    return {
        model._meta.label: sorted(model.objects.values_list(), key=str)
        for model in models
        if model._meta.label != "accounts.ApiToken"  # when it was used
    }


@pytest.fixture
def owners(house: House) -> Api:
    return Api(key_of(house.owner, *SCOPES))


def test_what_a_reading_key_does_not_read():
    assert {route for method, route in OPERATIONS if needs_more_than_reading(method, route)} == {
        "api/v1/webhooks/",
        "api/v1/webhooks/<uuid:endpoint>/",
        "api/v1/webhooks/<uuid:endpoint>/deliveries/",
        "api/v1/assessments/<slug:slug>/contacts/",
        "api/v1/assessments/<slug:slug>/contacts/<int:contact>/",
        "api/v1/assessments/<slug:slug>/lists/contacts/",
        "api/v1/assessments/<slug:slug>/imports/<uuid:pending>/",
        "api/v1/assessments/<slug:slug>/survey/translations/<uuid:sheet>/",
    }


def test_the_operations_are_found():
    assert len(OPERATIONS) > 180
    assert ("get", "api/v1/assessments/<slug:slug>/issues/") in OPERATIONS


def test_nothing_opens_without_a_key(house: House):
    values = one_more(concluded(house.organisation, "here"))
    before = all_rows()
    for method, route in OPERATIONS:
        answer = Api().send(method, address(route, values), {} if method in ("post", "put", "patch") else None)
        assert answer.status_code == 401, (method, route)
    assert all_rows() == before


def test_things_of_another_organisation_do_not_exist(house: House, owners: Api):
    values = one_more(concluded(house.elsewhere, "theirs"))
    before = all_rows()
    for method, route in OPERATIONS:
        if set(PARAMETER.findall(route)) - OWN:
            answer = owners.send(method, address(route, values), example(method, route))
            assert answer.status_code == 404, (method, route, answer.content)
    assert all_rows() == before


def test_things_of_another_assessment_are_not_under_this_one(house: House, owners: Api):
    concluded(house.organisation, "here")
    values = one_more(concluded(house.organisation, "there")) | {"slug": "here"}
    before = all_rows()
    for method, route in OPERATIONS:
        named = set(PARAMETER.findall(route)) - SHARED - OWN
        if "slug" in route and named and method in ("get", "delete"):
            assert owners.send(method, address(route, values)).status_code == 404, (method, route)
    assert all_rows() == before


def test_readers_change_nothing(house: House):
    viewer = Api(key_of(house.viewer))
    values = one_more(concluded(house.organisation, "here"))
    before = all_rows()
    for method, route in OPERATIONS:
        answer = viewer.send(method, address(route, values), None if method in ("get", "delete") else {})
        if needs_more_than_reading(method, route):
            assert answer.status_code == 403, (method, route)
        elif method == "get":
            assert answer.status_code == (404 if route.endswith("content/") else 200), (route, answer.content)
        else:
            # To ask for a file or what if changes nothing of the assessment; what is asked for is missing.
            asks = route.endswith(("files/", "what-if/"))
            assert answer.status_code == (400 if asks else 403), (method, route)
    assert all_rows() == before


def queries(api: Api, path: str) -> int:
    with CaptureQueriesContext(connection) as found:
        answer = api.get(path)
    assert answer.status_code == 200, (path, answer.content)
    return len(found)


def test_no_list_asks_the_database_once_for_each_row(house: House, owners: Api):
    assessment = concluded(house.organisation, "here")
    values = one_more(assessment)
    note_use(tokens_for(house.owner.memberships.get()).get())
    reads = [address(route, values) for method, route in OPERATIONS if method == "get" and "content/" not in route]
    few = {path: queries(owners, path) for path in reads}
    for number in range(5):
        one_more(assessment)
        AssessmentFactory(organisation=house.organisation, previous=assessment)
        IssueFactory(assessment=assessment, standing="merged", merged_into=assessment.issues.earliest("pk"))
        StakeholderGroupFactory(assessment=assessment, code=f"more-{number}")
    many = {path: queries(owners, path) for path in reads}
    assert {path: count for path, count in many.items() if count > few[path]} == {}
    # What looks at the whole assessment takes more questions than a list, and no more of them for more rows.
    whole = {path for path in many if path.endswith(("/charts/", "/statement/"))}
    everything = {path for path in many if "/disclosures" in path}
    assert max(count for path, count in many.items() if path not in whole | everything) <= 25
    assert max(many[path] for path in whole) <= 50
    assert max(many[path] for path in everything) <= 60
