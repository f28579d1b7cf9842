"""Every kind of file, with its options; names of every sort; no issue, one, and hundreds."""

import csv
import io
import json
import re
import zipfile

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from jobs.models import Status
from materiality.files import KINDS, request_export
from materiality.files.kind import GROUPS
from materiality.files.options import checked
from materiality.models import AnalysisRun, CurrentRun
from scoping.models import Assessment
from tests.materiality.chapters import HARD_NAMES
from tests.materiality.files.conftest import closed, content, made
from tests.support.factories import AssessmentFactory

STARTS = {"zip": b"PK", "csv": b"\xef\xbb\xbf", "parquet": b"PAR1", "docx": b"PK", "xlsx": b"PK", "pptx": b"PK"}
STARTS |= {"json": b"{", "png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}


@pytest.mark.parametrize(
    "slug", ["ranking", "tables", "result", "chapter", "deck", "answers", "answers-xlsx", "answers-parquet", "bundle"]
)
def test_a_file_is_what_its_name_says(analysed: Assessment, slug: str):
    closed(analysed)
    file = made(analysed, slug)
    assert file.filename == f"example-2022-{slug}.{KINDS[slug].extension}"
    assert content(file).startswith(STARTS[KINDS[slug].extension])
    assert (file.size, len(file.sha256)) == (len(content(file)), 64)


@pytest.mark.parametrize("format", ["png", "svg", "pdf", "csv"])
@pytest.mark.parametrize("slug", ["matrix", "tiers"])
def test_a_figure_comes_in_each_format(analysed: Assessment, slug: str, format: str):
    file = made(analysed, slug, format=format)
    assert content(file).startswith(STARTS[format])
    assert file.filename.endswith(f"{slug}.{format}")


def test_a_picture_has_the_chosen_size(analysed: Assessment):
    file = made(analysed, "matrix", width_mm=150, dpi=200)
    with Image.open(io.BytesIO(content(file))) as picture:
        assert picture.width == pytest.approx(150 / 25.4 * 200, abs=2)
        assert picture.info["dpi"][0] == pytest.approx(200, abs=0.1)


def test_a_figure_can_speak_chinese(analysed: Assessment):
    file = made(analysed, "matrix", format="svg", language="zh-hans")
    assert file.filename == "example-2022-matrix-zh-hans.svg"
    assert content(file) != content(made(analysed, "matrix", format="svg"))


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("dpi", 35, "from 36 to 1200"),
        ("dpi", 1201, "from 36 to 1200"),
        ("dpi", 150.5, "whole number"),
        ("dpi", "many", "whole number"),
        ("dpi", True, "whole number"),
        ("dpi", "nan", "whole number"),
        ("width_mm", 39.9, "takes 119 mm or more: at 39.9 mm"),
        ("width_mm", "85,5", "takes 119 mm or more: at 85.5 mm"),
        ("width_mm", 501, "at most 500"),
        ("width_mm", "1e400", "at most 500"),
        ("width_mm", "1,5,0", "at most 500"),
        ("width_mm", [100], "at most 500"),
        ("language", "fr", "en, zh-hans"),
        ("format", "gif", "png, svg, pdf, csv"),
        ("proposal", "7", "no key of a proposal"),
        ("answers", True, "takes no option “answers”"),
    ],
)
def test_a_wrong_option_is_named(analysed: Assessment, option: str, value: object, message: str):
    with pytest.raises(ValidationError) as refused:
        request_export(assessment=analysed, kind="matrix", options={option: value})
    assert message in refused.value.message_dict[option][0]


def test_too_many_pixels_are_refused_with_what_would_do():
    taken = KINDS["matrix"].takes
    with pytest.raises(ValidationError, match=r"about 614 million pixels.*up to 484 dots per inch"):
        checked({"width_mm": 500, "dpi": 1200}, taken=taken)
    assert checked({"width_mm": 500, "dpi": 484}, taken=taken)
    assert checked({"width_mm": 500, "dpi": 1200, "format": "svg"}, taken=taken)


def test_the_least_width_that_is_named_can_be_painted(analysed: Assessment):
    for slug in ("matrix", "tiers", "heat"):
        with pytest.raises(ValidationError) as refused:
            request_export(assessment=analysed, kind=slug, options={"width_mm": 40})
        least = int(re.search(r"takes (\d+) mm", refused.value.message_dict["width_mm"][0])[1])
        assert content(made(analysed, slug, width_mm=least, dpi=36))


def test_an_unknown_kind_is_refused_with_the_known_ones(analysed: Assessment):
    with pytest.raises(ValidationError, match="no file “poster”; there are matrix"):
        request_export(assessment=analysed, kind="poster")


def test_kinds_stand_in_the_order_of_their_groups():
    order = [list(GROUPS).index(kind.group) for kind in KINDS.values()]
    assert order == sorted(order)


# --- the report pack --------------------------------------------------------------------------------------
def packed(file):
    archive = zipfile.ZipFile(io.BytesIO(content(file)))
    assert archive.testzip() is None
    return archive, {name.partition("/")[2] for name in archive.namelist()}


def test_the_pack_has_everything_in_folders(analysed: Assessment):
    archive, names = packed(made(analysed, "report-pack"))
    assert {"README.txt", "figures/matrix.png", "figures/tiers.svg", "figures/matrix.pdf"} <= names
    assert {"tables/behind-matrix.csv", "tables/ranking.csv", "tables/tables.xlsx", "tables/result.json"} <= names
    assert {"documents/chapter.docx", "documents/deck.pptx", "evidence/bundle.zip"} <= names
    assert not any(name.startswith("answers/") for name in names)
    readme = archive.read("example-2022-report-pack/README.txt").decode()
    assert str(CurrentRun.objects.get().run_id) in readme
    assert "Meeting paper (PDF): Nothing is proposed" in readme
    for name in names - {"README.txt"}:
        assert name in readme


def test_the_pack_has_the_answers_on_request(analysed: Assessment):
    _, names = packed(made(closed(analysed), "report-pack", answers=True))
    assert {"answers/answers.csv", "answers/answers-xlsx.xlsx", "answers/answers-parquet.parquet"} <= names


def test_a_chinese_pack_has_chinese_documents_and_data_as_they_are(analysed: Assessment):
    archive, names = packed(made(analysed, "report-pack", language="zh-hans"))
    chinese = {"figures/matrix-zh-hans.png", "documents/chapter-zh-hans.docx", "documents/deck-zh-hans.pptx"}
    chinese |= {"tables/tables-zh-hans.xlsx", "tables/disclosures-zh-hans.xlsx"}
    assert chinese <= names
    assert {"tables/behind-matrix.csv", "tables/ranking.csv", "tables/result.json", "evidence/bundle.zip"} <= names
    readme = archive.read("example-2022-report-pack/README.txt").decode()
    assert "简体中文" in readme
    assert "由Salient制作" in readme
    assert "ranking" in readme


def test_documents_take_a_language_and_data_do_not():
    taking = {slug for slug, kind in KINDS.items() if "language" in kind.takes and kind.group != "figures"}
    documents = {"tables", "disclosures", "disclosures-word", "chapter", "deck", "meeting-paper", "minutes"}
    assert taking == documents | {"report-pack"}


def test_the_pack_of_a_list_says_what_it_lacks(house):
    listing = AssessmentFactory(organisation=house.organisation, slug="list", with_survey=False, issues=3)
    archive, names = packed(made(listing, "report-pack"))
    assert {"documents/chapter.docx", "evidence/bundle.zip", "tables/tables.xlsx"} <= names
    assert "NOT IN THIS PACK" in archive.read("list-report-pack/README.txt").decode()


def test_the_table_of_a_list_is_had_and_can_be_read_again(house):
    listing = AssessmentFactory(organisation=house.organisation, slug="list", with_survey=False, issues=3)
    book = openpyxl.load_workbook(io.BytesIO(content(made(listing, "tables"))))
    names = {str(cell) for row in book.active.iter_rows(values_only=True) for cell in row}
    assert {issue.name for issue in listing.issues.all()} <= names


@pytest.mark.parametrize("kind", ["bundle", "public-bundle", "tables"])
def test_of_an_empty_list_there_is_nothing_and_that_is_said_at_once(house, kind: str):
    listing = AssessmentFactory(organisation=house.organisation, slug="list", with_survey=False)
    with pytest.raises(ValidationError, match="The list of issues is empty"):
        request_export(assessment=listing, kind=kind)


# --- names and numbers ------------------------------------------------------------------------------------
LONG = "Responsible sourcing of raw materials " * 8


def named(assessment: Assessment, names: list[str]) -> None:
    """The current result with other names, and as many issues as names."""
    run = AnalysisRun.objects.get(assessment=assessment)
    issues = run.results["issues"]
    run.results["issues"] = [
        issues[place % len(issues)] | {"name": name, "code": f"issue-{place}", "rank": place + 1}
        for place, name in enumerate(names)
    ]
    AnalysisRun.objects.filter(pk=run.pk).update(results=run.results)  # runs are immutable to the product


@pytest.mark.parametrize(
    "name",
    [
        LONG[:300],
        "<script>alert(1)</script>",
        '=HYPERLINK("http://example.org")',
        "水资源管理",
        "إدارة المياه",
        "Water 💧",
        "a_b^c$d$\\alpha",
        "@SUM(1)",
    ],
)
def test_a_hard_name_comes_through(analysed: Assessment, name: str):
    named(analysed, [name, "Other"])
    rows = list(csv.reader(io.StringIO(content(made(analysed, "ranking")).decode("utf-8-sig"))))
    assert rows[1][2].removeprefix("'") == name
    assert not rows[1][2].startswith(("=", "@"))
    assert json.loads(content(made(analysed, "result")))["issues"][0]["name"] == name
    for slug in ("matrix", "tiers"):
        assert content(made(analysed, slug, format="svg")).startswith(b"<?xml")
    assert content(made(analysed, "chapter")).startswith(b"PK")


@pytest.mark.parametrize("number", [0, 1, 500])
def test_any_number_of_issues(analysed: Assessment, number: int):
    named(analysed, [HARD_NAMES[0] if number == 1 else f"Issue {place}" for place in range(number)])
    for slug in ("ranking", "tables", "result"):
        assert content(made(analysed, slug))
    if number:
        assert content(made(analysed, "matrix", dpi=72)).startswith(b"\x89PNG")
    else:
        with pytest.raises(ValidationError, match="No issue has a score yet"):
            request_export(assessment=analysed, kind="matrix")


def test_a_missing_font_ends_the_job_in_the_figures_words(analysed: Assessment):
    named(analysed, ["Water \U000e0fff\u0378\ue000 \U0001e900", "Other"])
    file = made(analysed, "matrix")
    if file.job.status == Status.DEAD:
        assert "No installed font can draw" in file.job.error
        assert file.job.attempts == 1
    else:
        pytest.skip("A font with these letters is installed.")
