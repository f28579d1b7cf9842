"""What the benchmark of the pages takes for a page, and what it refuses."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import engines
from django.test import Client, RequestFactory

from accounts.models import User
from benchmarks import scoping_pages
from benchmarks.scoping_pages import bare, pages_of_site
from tests.support.factories import UserFactory


def test_the_pages_of_the_scoping_are_found_and_files_are_not() -> None:
    found = dict(pages_of_site())
    assert found["scoping:scope"] == "o/<slug:organisation>/a/<slug:slug>/scoping/"
    assert "materiality:overview" in found
    assert not {"materiality:results", "scoping:list-export", "accounts:members"} & set(found)


@pytest.mark.django_db
def test_a_template_that_asks_the_database_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    UserFactory()
    request = RequestFactory().get("/bare/", {"of": "/page/"})
    request.user = AnonymousUser()
    template = engines["django"].from_string("{% for user in users %}{{ user }}{% endfor %}")
    context = {"users": User.objects.all()}
    visit = scoping_pages.Visit(member=Client(), bare="/bare/", rendered={"/page/": (template, context, request)})
    monkeypatch.setattr(scoping_pages, "_visit", visit, raising=False)
    with pytest.raises(AssertionError, match="A template asks the database"):
        bare(request)
    context["users"] = list(context["users"])
    assert bare(request).status_code == 200
