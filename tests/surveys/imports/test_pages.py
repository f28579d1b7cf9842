"""The pages of an import: upload, columns, preview, and what is left behind."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent
from scoping.models import Assessment, PendingImport, Side
from surveys.models import Response, Survey, SurveyState
from tests.support.factories import AssessmentFactory, IssueFactory, StakeholderGroupFactory
from tests.support.people import House
from tests.surveys.imports import exports
from tests.surveys.imports.exports import GROUPS, ISSUES, TOOLS, WORDS, Export, answers, file_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment(house: House) -> Assessment:
    """Asks about the issues of the exports, though not in the same words, and about one more."""
    made = AssessmentFactory(organisation=house.organisation, slug="a1", name="Our survey")
    names = ["Tackling climate change", "Soil, water and waste", "Fair wages", "Data security", "Business ethics", "Community"]
    for position, name in enumerate([*names, "Packaging"]):
        IssueFactory(assessment=made, position=position, name=name, code=f"issue-{position}")
    StakeholderGroupFactory(assessment=made, position=0, name="Employees", code="staff", side=Side.INTERNAL)
    for position, name in enumerate(["Management", "Suppliers", "Customers", "Investors"], start=1):
        side = Side.INTERNAL if name == "Management" else Side.EXTERNAL
        StakeholderGroupFactory(assessment=made, position=position, name=name, code=name.lower(), side=side)
    return made


def page(name: str, **more: Any) -> str:
    return reverse(f"surveys:{name}", kwargs={"organisation": "example", "slug": "a1", **more})


def upload(client: Client, export: Export, kind: str = "csv", mapping: str | None = None) -> Any:
    name, raw = file_of(export, kind)
    sent: dict[str, Any] = {"file": SimpleUploadedFile(name, raw)}
    if mapping is not None:
        sent["mapping"] = SimpleUploadedFile("MAP.toml", mapping.encode())
    return client.post(page("import"), sent)


def as_shown(text: str) -> dict[str, str]:
    """What a browser would send if nothing on the page were changed."""
    sent = {name: value for name, value in re.findall(r'<input[^>]* name="([^"]+)" value="([^"]*)"', text)}
    for name, options in re.findall(r'<select[^>]* name="([^"]+)".*?>(.*?)</select>', text):
        chosen = re.search(r'<option value="([^"]*)" selected>', options) or re.search(r'value="([^"]*)"', options)
        assert chosen
        sent[name] = chosen[1]
    return {name: value.replace("&amp;", "&").replace("&#x27;", "'") for name, value in sent.items()}


def stored() -> list[tuple[str, tuple[int, ...]]]:
    rows = Response.objects.values_list("group__name", "ratings")
    return sorted((group, tuple(bytes(ratings))) for group, ratings in rows)


def expected(names: dict[str, str] | None = None, more: tuple[int, ...] = ()) -> list[tuple[str, tuple[int, ...]]]:
    """What the answers of the exports are as rows."""
    names = names or {}
    return sorted(
        (names.get(one.group, one.group), (*(rating or 0 for rating in one.ratings), *more)) for one in answers()
    )


PLURALS = {"Employee": "Employees", "Supplier": "Suppliers", "Customer": "Customers", "Investor": "Investors"}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("tool", TOOLS)
def test_an_export_is_imported_as_it_is_recognised(
    analyst_client: Client, assessment: Assessment, tool: str, kind: str
) -> None:
    columns = upload(analyst_client, TOOLS[tool](answers(), WORDS), kind)
    shown = analyst_client.get(columns.url)
    assert f"{TOOLS[tool]([]).tool} export" in shown.content.decode()
    preview = analyst_client.post(columns.url, as_shown(shown.content.decode()))
    assert preview.status_code == 302, preview.context["form"].errors
    text = analyst_client.get(preview.url).content.decode()
    assert "Import 60 answers" in text
    pending = PendingImport.objects.get(kind="answers")
    analyst_client.post(page("import-apply", upload=pending.pk))
    assert stored() == expected(PLURALS, more=(0,))
    assert not PendingImport.objects.exists()
    assert Survey.objects.get().state == SurveyState.OPEN
    assert AuditEvent.objects.filter(summary=f"imported 60 answers from answers.{kind}", actor__email__contains="@")


def test_a_second_upload_of_the_same_file_brings_nothing(analyst_client: Client, assessment: Assessment) -> None:
    for _ in range(2):
        columns = upload(analyst_client, exports.qualtrics(answers(), WORDS)).url
        preview = analyst_client.post(columns, as_shown(analyst_client.get(columns).content.decode())).url
        text = analyst_client.get(preview).content.decode()
        analyst_client.post(page("import-apply", upload=PendingImport.objects.get(kind="answers").pk))
    assert "There is nothing new in this file" in text
    assert Response.objects.count() == 60


def test_nothing_about_a_respondent_is_shown_or_stored(analyst_client: Client, assessment: Assessment) -> None:
    columns = upload(analyst_client, exports.qualtrics(answers(), WORDS)).url
    text = analyst_client.get(columns).content.decode()
    assert not re.search(r"@example\.org|192\.0\.2\.|47\.115|R_0000|\bJane\b", text)
    assert "IPAddress" in text
    assert not re.search(r'name="column-\d+" aria-label="What column D is"', text)


def test_the_mapping_comes_back_as_a_file_and_is_taken(analyst_client: Client, assessment: Assessment) -> None:
    columns = upload(analyst_client, exports.google_forms(answers(), WORDS)).url
    sent = as_shown(analyst_client.get(columns).content.decode())
    analyst_client.post(columns, sent | {"unstated": "Customers"})
    pending = PendingImport.objects.get(kind="answers")
    text = analyst_client.get(page("import-mapping", upload=pending.pk)).content.decode()
    again = upload(analyst_client, exports.google_forms(answers(), WORDS), mapping=text).url
    shown = analyst_client.get(again).content.decode()
    assert as_shown(shown)["unstated"] == "Customers"
    changed = as_shown(shown).items() ^ (sent | {"unstated": "Customers"}).items()
    assert {name for name, _ in changed} == {"csrfmiddlewaretoken"}
