"""The pages of an import: upload, columns, preview, and what is left behind."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from scoping.lists.pending import forget_undecided
from scoping.models import Assessment, PendingImport, Side
from surveys.imports.uploads import forget_abandoned
from surveys.models import Response, Survey, SurveyState
from surveys.services import open_survey, prepare_survey
from tests.support.factories import AssessmentFactory, IssueFactory, StakeholderGroupFactory
from tests.support.people import House
from tests.surveys.imports import exports
from tests.surveys.imports.exports import GROUPS, ISSUES, TOOLS, WORDS, Export, answers, file_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment(house: House) -> Assessment:
    """Asks about the issues of the exports, though not in the same words, and about one more."""
    made = AssessmentFactory(organisation=house.organisation, slug="a1", name="Our survey")
    names = [
        "Tackling climate change",
        "Soil, water and waste",
        "Fair wages",
        "Data security",
        "Business ethics",
        "Community",
    ]
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
    sent: dict[str, str] = dict(re.findall(r'<input[^>]* name="([^"]+)" value="([^"]*)"', text))
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
    assert not re.search(r"jane\d+@|192\.0\.2\.|47\.115|R_0000|\bJane\b", text)
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
    assert {name for name, _ in changed} <= {"csrfmiddlewaretoken", "next"}


# --- who may ----------------------------------------------------------------------------------------------
PAGES = ["import", "import-columns", "import-preview", "import-mapping", "import-apply", "import-cancel"]


@pytest.fixture
def pending(analyst_client: Client, assessment: Assessment) -> PendingImport:
    upload(analyst_client, exports.qualtrics(answers(), WORDS))
    return PendingImport.objects.get(kind="answers")


def address(name: str, pending: PendingImport) -> str:
    return page(name) if name == "import" else page(name, upload=pending.pk)


@pytest.mark.parametrize("name", PAGES)
def test_strangers_find_nothing_and_readers_are_refused(
    outsider_client: Client, viewer_client: Client, approver_client: Client, pending: PendingImport, name: str
) -> None:
    for method in ("get", "post"):
        assert getattr(outsider_client, method)(address(name, pending)).status_code == 404
        for client in (viewer_client, approver_client):
            assert getattr(client, method)(address(name, pending)).status_code == 403
    assert PendingImport.objects.filter(pk=pending.pk).exists()


def test_a_file_of_another_assessment_is_not_found(
    analyst_client: Client, house: House, pending: PendingImport
) -> None:
    AssessmentFactory(organisation=house.organisation, slug="a2", groups=1, issues=1)
    for name in PAGES[1:]:
        path = address(name, pending).replace("/a1/", "/a2/")
        assert analyst_client.post(path).status_code in (404, 405)
        assert analyst_client.get(path).status_code in (404, 405)


def test_a_list_page_does_not_know_a_file_of_answers(analyst_client: Client, pending: PendingImport) -> None:
    path = reverse("scoping:list-preview", kwargs={"organisation": "example", "slug": "a1", "pending": pending.pk})
    assert analyst_client.get(path).status_code == 302


# --- what is left behind ----------------------------------------------------------------------------------
def test_a_cancelled_file_is_gone_with_its_mapping(analyst_client: Client, pending: PendingImport) -> None:
    columns = page("import-columns", upload=pending.pk)
    analyst_client.post(columns, as_shown(analyst_client.get(columns).content.decode()))
    assert PendingImport.objects.count() == 2
    analyst_client.post(page("import-cancel", upload=pending.pk))
    assert not PendingImport.objects.exists()
    assert Assessment.objects.filter(slug="a1").exists()
    assert analyst_client.get(columns).status_code == 302


def test_a_file_expires_after_a_day(analyst_client: Client, pending: PendingImport) -> None:
    PendingImport.objects.update(added_at=timezone.now() - timedelta(hours=25))
    assert analyst_client.get(page("import-columns", upload=pending.pk)).url == page("survey")
    forget_undecided()
    assert not PendingImport.objects.exists()


def test_a_second_upload_takes_the_place_of_the_first(analyst_client: Client, pending: PendingImport) -> None:
    upload(analyst_client, exports.google_forms(answers(), WORDS))
    assert PendingImport.objects.get().pk != pending.pk


# --- what is refused --------------------------------------------------------------------------------------
def test_a_file_beyond_the_limit_is_refused_with_what_to_do(analyst_client: Client, assessment: Assessment) -> None:
    large = SimpleUploadedFile("large.csv", b"Role,Water\n" + b"a,1\n" * 5_000_001)
    response = analyst_client.post(page("import"), {"file": large})
    assert response.status_code == 400
    assert "large.csv has 20 MB, and at most 20 MB are read here." in response.content.decode()
    assert not PendingImport.objects.exists()


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (b"Role,Water\nA,4\nB,5,6\n", "row 3: 3 cells, but the header has 2 columns"),
        (b"%PDF-1.7", "this is a PDF, neither a CSV nor an XLSX file"),
        (b"\xd0\xcf\x11\xe0", "Save it as XLSX or CSV"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_place(
    analyst_client: Client, assessment: Assessment, file: bytes, told: str
) -> None:
    response = analyst_client.post(page("import"), {"file": SimpleUploadedFile("answers.csv", file)})
    assert response.status_code == 400
    assert (
        f"answers.csv, {told}" in (text := response.content.decode()) or f"answers.csv: {told}" in text or told in text
    )
    assert not PendingImport.objects.exists()


@pytest.mark.parametrize("mapping", ["[group", '[group]\nname = "All"\n[items]\npattern = "^Nowhere"\n', "\xff"])
def test_a_mapping_that_does_not_fit_is_refused(analyst_client: Client, assessment: Assessment, mapping: str) -> None:
    response = upload(analyst_client, exports.google_forms(answers()), mapping=mapping)
    assert response.status_code == 400
    assert "mapping" in response.context["form"].errors
    assert not PendingImport.objects.exists()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"column-1": "group"}, "Column Q says already who a respondent is"),
        ({"issue-19": "Climate change", "issue-20": "Climate change"}, "Column T rates this issue already"),
        ({"issue-19": ""}, "Name the issue that this column rates"),
        ({"low": "0"}, "0 to 5 does not work"),
        ({"high": "many"}, "as whole numbers"),
        ({"word-0-becomes": ""}, "Choose the rating that this answer is"),
        ({"word-0-becomes": "9"}, "Choose the rating that this answer is"),
        ({"said-0-name": "someone@example.org"}, "the address of a person or a device"),
    ],
)
def test_what_cannot_be_is_said_at_its_place(
    analyst_client: Client, pending: PendingImport, changed: dict[str, str], told: str
) -> None:
    columns = page("import-columns", upload=pending.pk)
    sent = as_shown(analyst_client.get(columns).content.decode())
    if "column-1" in changed:
        changed = {next(name for name in sent if name.startswith("column-") and sent[name] == "out"): "group"}
    response = analyst_client.post(columns, sent | changed)
    assert response.status_code == 400
    assert any(told in error for error in response.context["form"].errors), response.context["form"].errors
    assert not PendingImport.objects.filter(kind="answers-map").exists()


def test_another_column_of_groups_is_shown_before_it_counts(analyst_client: Client, pending: PendingImport) -> None:
    columns = page("import-columns", upload=pending.pk)
    sent = as_shown(analyst_client.get(columns).content.decode())
    group = next(name for name in sent if name.startswith("column-") and sent[name] == "group")
    without = {name: value for name, value in sent.items() if not name.startswith("said")}
    shown = analyst_client.post(columns, without | {group: "out"})
    assert shown.status_code == 400  # one group for all needs a name
    asked = analyst_client.post(columns, without)
    assert asked.status_code == 200
    assert "Look at the groups once more" in asked.content.decode()
    assert analyst_client.post(columns, as_shown(asked.content.decode())).status_code == 302


def test_an_opened_survey_takes_only_its_own_issues(analyst_client: Client, pending: PendingImport) -> None:
    columns = page("import-columns", upload=pending.pk)
    sent = as_shown(analyst_client.get(columns).content.decode())
    open_survey(survey=prepare_survey(assessment=pending.assessment))
    issue = next(name for name in sent if name.startswith("issue-") and sent[name] == "Fair wages")
    response = analyst_client.post(columns, sent | {issue: "Something else", "said-0-name": "Others"})
    assert response.status_code == 400
    assert "The survey does not ask about this issue" in response.content.decode()
    assert "The assessment has no such group" in response.content.decode()
    assert analyst_client.post(columns, sent).status_code == 302


def test_an_assessment_without_a_survey_takes_no_answers(analyst_client: Client, assessment: Assessment) -> None:
    Assessment.objects.update(with_survey=False)
    assert analyst_client.get(page("import")).url == page("survey")


# --- new from a file --------------------------------------------------------------------------------------
NEW = "/o/example/new-from-file/"


def begin(client: Client, export: Export, **more: str) -> Any:
    name, raw = file_of(export, "csv")
    values = {"name": "From a file", "company": "Example Ltd.", "reporting_period": "2026"}
    return client.post(NEW, {"file": SimpleUploadedFile(name, raw), **values, **more})


def test_a_new_assessment_gets_groups_issues_and_answers_of_the_file(analyst_client: Client) -> None:
    columns = begin(analyst_client, exports.surveymonkey(answers(), WORDS)).url
    preview = analyst_client.post(columns, as_shown(analyst_client.get(columns).content.decode())).url
    assert "It is closed right after" in analyst_client.get(preview).content.decode()
    analyst_client.post(preview.replace("/preview/", "/apply/"))
    made = Assessment.objects.get(name="From a file")
    assert tuple(issue.name for issue in made.issues.all()) == ISSUES
    assert {group.name: group.side for group in made.groups.all()} == {
        name: Side.INTERNAL if name in ("Employee", "Management") else Side.EXTERNAL for name in GROUPS
    }
    assert stored() == expected()
    assert Survey.objects.get().state == SurveyState.CLOSED


def test_a_cancelled_new_assessment_is_removed_again(analyst_client: Client) -> None:
    columns = begin(analyst_client, exports.surveymonkey(answers(), WORDS)).url
    assert Assessment.objects.exists()
    analyst_client.post(f"{columns}cancel/")
    assert not Assessment.objects.exists()
    assert not PendingImport.objects.exists()


def test_a_file_that_cannot_be_read_makes_no_assessment(analyst_client: Client) -> None:
    response = begin(analyst_client, Export("", [["Role", "Water"], ["A"]]))
    assert response.status_code == 400
    assert "file" in response.context["form"].errors
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("role", ["viewer", "approver"])
def test_only_the_working_group_begins_from_a_file(request: pytest.FixtureRequest, role: str) -> None:
    client: Client = request.getfixturevalue(f"{role}_client")
    assert client.get(NEW).status_code == client.post(NEW).status_code == 403
    assert "New from a file" not in client.get("/o/example/").content.decode()


def test_the_way_in_is_on_the_list_and_on_the_survey_page(analyst_client: Client, assessment: Assessment) -> None:
    listed = analyst_client.get(reverse("scoping:assessments", kwargs={"organisation": "example"})).content.decode()
    assert f'href="{NEW}"' in listed
    assert f'href="{page("import")}"' in analyst_client.get(page("survey")).content.decode()


def test_a_file_that_waits_is_found_again(analyst_client: Client, assessment: Assessment) -> None:
    assert "Throw away" not in analyst_client.get(page("import")).content.decode()
    upload(analyst_client, TOOLS["google"](answers(20)))
    kept = PendingImport.objects.get()
    text = analyst_client.get(page("import")).content.decode()
    assert kept.filename in text
    assert page("import-columns", upload=kept.pk) in text
    analyst_client.post(page("import-cancel", upload=kept.pk))
    assert "Throw away" not in analyst_client.get(page("import")).content.decode()


@pytest.mark.parametrize("has_issue", [False, True])
def test_an_abandoned_assessment_from_a_file_goes_with_it(
    house: House, analyst_client: Client, *, has_issue: bool
) -> None:
    name, raw = file_of(TOOLS["google"](answers(20)), "csv")
    sent = {"file": SimpleUploadedFile(name, raw), "name": "Begun", "company": "Us", "reporting_period": "2026"}
    analyst_client.post(reverse("surveys:import-new", kwargs={"organisation": "example"}), sent)
    begun = Assessment.objects.get(name="Begun")
    forget_undecided()
    forget_abandoned()
    assert PendingImport.objects.exists()
    if has_issue:
        IssueFactory(assessment=begun, position=0, name="Water", code="water")
    PendingImport.objects.update(added_at=timezone.now() - timedelta(days=2))
    forget_undecided()
    forget_abandoned()
    assert not PendingImport.objects.exists()
    assert Assessment.objects.filter(pk=begun.pk).exists() == has_issue
