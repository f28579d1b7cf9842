"""Keys of the house, and clients that send them."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import Membership, User
from accounts.tokens import SCOPES, create_token, scopes_of_role
from tests.support.people import House

BASE = "/api/v1/"


class Api:
    """Sends JSON with a key. What comes back is the response; `.json()` reads it."""

    def __init__(self, key: str = "", **headers: str) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = ({"Authorization": f"Bearer {key}"} if key else {}) | headers

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        content = {} if body is None and method == "get" else {"content_type": "application/json"}
        if body is not None:
            content["data"] = json.dumps(body)
        path = path if path.startswith("/") else BASE + path
        return getattr(self.client, method)(path, headers=self.headers | headers, **content)

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.send("get", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.send("post", path, body, **headers)

    def put(self, path: str, body: Any = None) -> HttpResponse:
        return self.send("put", path, body)

    def patch(self, path: str, body: Any = None) -> HttpResponse:
        return self.send("patch", path, body)

    def delete(self, path: str) -> HttpResponse:
        return self.send("delete", path)

    def read(self, path: str) -> Any:
        answer = self.get(path)
        assert answer.status_code == 200, answer.content
        return answer.json()


def key_of(user: User, *scopes: str, service: bool = False, name: str = "Test") -> str:
    """A new key of that member of the house, with all that the role allows if no scope is named."""
    membership = Membership.objects.select_related("organisation", "user").get(
        user=user, organisation=user.memberships.get().organisation
    )
    wanted = list(scopes)
    if not wanted:
        wanted = sorted(scopes_of_role(membership.role))
    return create_token(membership=membership, name=name, scopes=wanted, days=30, service=service)[1]


ApiOf = Callable[..., Api]


@pytest.fixture
def api_of() -> ApiOf:
    """api_of(user, *scopes): a client with a new personal key."""
    return lambda user, *scopes, **more: Api(key_of(user, *scopes, **more))


@pytest.fixture
def api(house: House) -> Api:
    """The owner's, with every scope."""
    return Api(key_of(house.owner, *SCOPES))


@pytest.fixture
def service(house: House) -> Api:
    """A service's, with every scope."""
    return Api(key_of(house.owner, *SCOPES, service=True))
