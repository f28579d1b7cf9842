"""What the tests of imports share: a scope to import into, and the way from an upload to its decision."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from scoping.models import Assessment, PendingImport
from tests.support.factories import AssessmentFactory
from tests.support.people import House


def scope_with_groups(house: House) -> Assessment:
    """An assessment with the groups that PEOPLE names."""
    made = AssessmentFactory(organisation=house.organisation, slug="paper-2024")
    made.groups.create(code="staff", name="Staff", side="internal")
    made.groups.create(code="customers", name="Customers", side="external", position=1)
    return made


def page(name: str, **kwargs: Any) -> str:
    return reverse(f"scoping:{name}", kwargs={"organisation": "example", "slug": "paper-2024", **kwargs})


def upload(client: Client, raw: bytes | str, name: str = "people.csv", kind: str = "contacts", **more: Any) -> Any:
    file = SimpleUploadedFile(name, raw.encode() if isinstance(raw, str) else raw)
    return client.post(page("list-import", kind=kind), {"file": file}, **more)


def preview(client: Client, raw: bytes | str, **more: Any) -> tuple[PendingImport, str]:
    response = upload(client, raw, **more)
    assert response.status_code == 302, said(response)
    pending = PendingImport.objects.latest("added_at")
    assert response["Location"] == f"{page('list-preview', pending=pending.pk)}?kind={pending.kind}"
    return pending, said(client.get(response["Location"]))


def agree(client: Client, pending: PendingImport) -> Any:
    response = client.get(page("list-preview", pending=pending.pk))
    return client.post(page("list-apply", pending=pending.pk), {"plan": response.context["plan"].digest})


def said(response: Any) -> str:
    return " ".join(response.content.decode().split())


PEOPLE = "Group,Name,E-mail,Shoe size\nStaff,Li Wei,li@example.org,44\nCustomers,Ann,ann@example.org,38\n"
