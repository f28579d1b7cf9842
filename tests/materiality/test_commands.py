import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from materiality.models import AnalysisRun
from scoping.models import Assessment
from surveys.models import Survey
from surveys.services import close_survey
from tests.materiality.conftest import Answer


def test_analyse_writes_the_document_that_others_rely_on(answered: Assessment, answer: Answer, tmp_path: Path):
    for group in ["staff", "clients"] * 3:
        answer(group, [5, 3, 1])
    path = tmp_path / "result.json"
    call_command("analyse", answered.slug, json=str(path), stdout=StringIO())
    document = json.loads(path.read_text())
    assert document["assessment"] == "example-2022"
    assert document["run"] == str(AnalysisRun.objects.get().pk)
    assert (document["respondents"], document["scale"]) == (10, [1, 5])
    assert sum(tier["count"] for tier in document["tiers"]) == 3
    first = document["issues"][0]
    assert {"code", "name", "category", "company", "stakeholders", "priority", "rank", "tier"} <= set(first)
    assert sum(first["tier_probability"].values()) == pytest.approx(1)
    assert first["rank_interval"][0] <= first["rank"] <= first["rank_interval"][1]


def test_analyse_prints_pure_json_on_request(answered: Assessment, capfdbinary: pytest.CaptureFixture[bytes]):
    call_command("analyse", answered.slug, json="-")
    assert json.loads(capfdbinary.readouterr().out)["respondents"] == 4


def test_analyse_says_why_small_groups_do_not_count(answered: Assessment):
    survey = Survey.objects.get(assessment=answered)
    survey.minimum_group = 5
    survey.save()
    close_survey(survey=survey)
    out = StringIO()
    call_command("analyse", answered.slug, stdout=out)
    assert "Note: Fewer than 5 people of" in out.getvalue()


def test_an_unknown_assessment_is_named(db: None):
    with pytest.raises(CommandError, match="no assessment 'nothing'"):
        call_command("analyse", "nothing")


def test_analysing_without_answers_says_what_to_do(assessment: Assessment):
    with pytest.raises(CommandError, match="Nobody has answered yet"):
        call_command("analyse", assessment.slug)


@pytest.mark.parametrize(
    ("format", "start"),
    [
        ("png", b"\x89PNG"),
        ("svg", b"<?xml"),
        ("pdf", b"%PDF"),
        ("csv", b'\xef\xbb\xbf"Rank"'),
        ("docx", b"PK"),
        ("xlsx", b"PK"),
        ("json", b"{"),
    ],
)
def test_export_writes_every_format(answered: Assessment, tmp_path: Path, format: str, start: bytes):
    call_command("analyse", answered.slug, stdout=StringIO())
    path = tmp_path / f"out.{format}"
    call_command("export", answered.slug, format=format, output=str(path), stdout=StringIO())
    assert path.read_bytes().startswith(start)


def test_export_before_any_result_says_what_to_run(answered: Assessment, tmp_path: Path):
    with pytest.raises(CommandError, match=r"Run: manage\.py analyse example-2022"):
        call_command("export", answered.slug, format="png", output=str(tmp_path / "x.png"))


def test_export_to_a_place_that_cannot_be_written_names_it(answered: Assessment, tmp_path: Path):
    call_command("analyse", answered.slug, stdout=StringIO())
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export", answered.slug, format="json", output=str(tmp_path / "no" / "x.json"))
