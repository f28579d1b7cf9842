"""Who gets in with which key, and how far."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.models import ApiToken, Membership, Role
from accounts.services import change_role, remove_member
from accounts.tokens import MANAGE, READ, SCOPES, SCOPING, revoke_token
from scoping.models import Assessment
from tests.api.conftest import Api, ApiOf, key_of
from tests.support.factories import AssessmentFactory
from tests.support.people import House, client_of

NEW = {"name": "Water", "company": "Water Ltd.", "reporting_period": "2026"}


def test_a_key_opens_its_organisation(api: Api, house: House):
    found = api.read("organisation/")
    assert (found["slug"], found["people_to_confirm"]) == ("example", 1)
    assert found["key"]["scopes"] == sorted(SCOPES)
    assert not found["key"]["service"]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer slt_wrong", "Basic slt_x", "slt_x", "Bearer \xff"])
def test_without_a_key_that_works_nothing_opens(house: House, header: str):
    answer = Api(**({"Authorization": header} if header else {})).get("organisation/")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="Salient"')
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:salient:problem:no-key"


def test_being_signed_in_opens_nothing(house: House):
    assert client_of(house.owner).get("/api/v1/organisation/").status_code == 401


def _revoked(token: ApiToken, house: House) -> None:
    revoke_token(token=token, by=house.owner)


def _expired(token: ApiToken, house: House) -> None:
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def _left(token: ApiToken, house: House) -> None:
    remove_member(membership=house.analyst.memberships.get(), by=house.owner)


def _inactive(token: ApiToken, house: House) -> None:
    house.analyst.is_active = False
    house.analyst.save()


@pytest.mark.parametrize("end", [_revoked, _expired, _left, _inactive])
def test_a_key_ends_with_its_time_its_person_and_by_revocation(house: House, api_of: ApiOf, end):
    api = api_of(house.analyst)
    assert api.get("organisation/").status_code == 200
    end(ApiToken.objects.get(), house)
    assert api.get("organisation/").status_code == 401


def test_a_member_who_comes_back_does_not_bring_old_keys(house: House, api_of: ApiOf):
    api = api_of(house.analyst)
    membership = house.analyst.memberships.get()
    remove_member(membership=membership, by=house.owner)
    membership.pk = None
    membership.save(force_insert=True)
    assert api.get("organisation/").status_code == 401


def test_a_services_key_outlives_its_maker(house: House, service: Api):
    other = house.analyst.memberships.get()
    change_role(membership=other, role=Role.OWNER, by=house.owner)
    remove_member(membership=house.owner.memberships.get(), by=house.analyst)
    assert service.get("organisation/").status_code == 200


def test_a_personal_key_never_does_more_than_its_person(house: House, api_of: ApiOf):
    api = api_of(house.analyst, READ, SCOPING)
    assert api.post("assessments/", NEW).status_code == 201
    change_role(membership=house.analyst.memberships.get(), role=Role.VIEWER, by=house.owner)
    refused = api.post("assessments/", NEW | {"name": "Other"})
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:salient:problem:not-allowed")
    assert "write:scoping" in refused.json()["detail"]
    assert api.get("assessments/").status_code == 200


def test_each_scope_opens_its_own(house: House, api_of: ApiOf):
    AssessmentFactory(organisation=house.organisation, slug="water", groups=2, issues=6)
    asked = {
        "read": ("get", "assessments/", None),
        "write:scoping": ("patch", "assessments/water/", {}),
        "write:surveys": ("patch", "assessments/water/survey/", {}),
        "write:results": ("put", "assessments/water/method/", {}),
        "manage": ("patch", f"members/{house.viewer.memberships.get().pk}/", {"role": "viewer"}),
    }
    for scope in (*asked, "answers:read"):
        api = api_of(house.owner, scope)
        answers = {name: api.send(*request).status_code for name, request in asked.items()}
        assert answers == {name: 200 if name == scope else 403 for name in asked}, scope


def test_when_a_key_was_used_is_noted_to_the_minute(api: Api):
    api.get("organisation/")
    first = ApiToken.objects.get().last_used_at
    api.get("organisation/")
    assert first is not None
    assert ApiToken.objects.get().last_used_at == first


def test_keys_of_one_organisation_find_nothing_of_another(house: House, api: Api):
    AssessmentFactory(organisation=house.elsewhere, slug="theirs", groups=2, issues=2)
    assert api.get("assessments/theirs/").status_code == 404
    assert api.read("assessments/")["results"] == []
    member = house.outsider.memberships.get().pk
    assert api.patch(f"members/{member}/", {"role": "viewer"}).status_code == 404


def test_who_asks_too_much_is_told_when_to_go_on(api: Api, settings):
    cache.clear()
    settings.API_REQUESTS_PER_MINUTE = 3
    answers = [api.get("organisation/") for _ in range(7)]
    # A minute may end between two of them.
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert 1 <= int(refused[0]["Retry-After"]) <= 60
    assert refused[0].json()["type"] == "urn:salient:problem:too-many-requests"


def test_who_guesses_keys_has_to_wait_and_others_there_do_not(house: House, api: Api, settings):
    cache.clear()
    settings.API_FAILURES_ALLOWED = 2
    guesses = [Api("slt_guess").get("organisation/") for _ in range(6)]
    assert {answer.status_code for answer in guesses} == {401, 429}
    assert all("Retry-After" in answer for answer in guesses if answer.status_code == 429)
    assert api.get("organisation/").status_code == 200


def test_what_a_person_answers_for_is_refused_to_services(house: House, service: Api):
    AssessmentFactory(organisation=house.organisation, slug="water", groups=2, issues=2)
    answer = service.post("assessments/water/comments/", {"text": "Hm."})
    assert answer.status_code == 403
    assert "personal key" in answer.json()["detail"]


def test_key_of_gives_a_key_that_is_kept_as_a_hash_only(house: House):
    key = key_of(house.owner)
    assert key.startswith("slt_")
    assert key not in str(list(ApiToken.objects.values_list()))


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("post", "members/", {"email": "new@example.org", "role": "owner"}), ("delete", "assessments/a-2022/", None)],
)
def test_a_service_gives_no_role_and_deletes_no_assessment(house: House, api_of: ApiOf, method: str, path: str, body):
    """Whoever has a role may confirm by it, so a person answers for that; and for what is gone for good."""
    AssessmentFactory(organisation=house.organisation, slug="a-2022")
    service = api_of(house.owner, MANAGE, service=True)
    answer = getattr(service, method)(path, *([body] if body else []))
    assert answer.status_code == 403
    assert not Membership.objects.filter(user__email="new@example.org").exists()
    assert Assessment.objects.filter(slug="a-2022").exists()
