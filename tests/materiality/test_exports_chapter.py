"""The chapter as a Word file, read back by python-docx."""

import io
import re
import time
import zipfile
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from docx.oxml.ns import qn
from PIL import Image

from materiality.exports import EXPORTS
from materiality.exports.chapter import chapter_docx
from materiality.exports.chapter.material import material_of
from materiality.exports.chapter.picture import matrix_picture
from materiality.exports.figure import matrix_png
from materiality.models import HouseStyle
from materiality.services import analyse_now
from scoping.models import Assessment, Predecessor, Side
from tests.materiality.chapters import analysed, everything, grid, numbers, opened, parts, ranked, texts
from tests.materiality.conftest import Answer
from tests.materiality.documents import CHOICES, issue
from tests.support.factories import (
    AssessmentFactory,
    ChannelFactory,
    ConcernFactory,
    IssueFactory,
    PublishedResultFactory,
    StakeholderGroupFactory,
    TierFactory,
)
from tests.support.people import House


@pytest.fixture
def listing(house: House) -> Assessment:
    """A list without a survey: two groups, of which one is known, and three issues, of which one has a sheet."""
    assessment = AssessmentFactory(
        organisation=house.organisation, slug="list", name="The list", with_survey=False, company="Example & Sons"
    )
    staff = StakeholderGroupFactory(assessment=assessment, position=0, name="Staff", side=Side.INTERNAL)
    StakeholderGroupFactory(assessment=assessment, position=1, name="Press", side=Side.EXTERNAL)
    water = IssueFactory(
        assessment=assessment,
        position=0,
        name="Water",
        meaning="Without it nothing grows.",
        practice="We save it.\nWe measure it.",
        chapters="3.1 Water",
        sdgs=[6],
    )
    IssueFactory(assessment=assessment, position=1, name="Pay", category="Social")
    IssueFactory(assessment=assessment, position=2, name="Waste")
    ConcernFactory(group=staff, topic="Clean water", issue=water, response="A new well")
    ConcernFactory(group=staff, topic="Pay", response="")
    ChannelFactory(group=staff, name="Town hall", frequency="each month")
    return assessment


# --- what it says -----------------------------------------------------------------------------------------
def test_the_parts_stand_in_the_order_of_a_report(listing):
    headings = texts(opened(chapter_docx(analysed(), listing)), "Heading 1")
    assert headings == [
        "How the material topics were determined",
        "The matrix",
        "The issues in order of importance",
        "Dialogue with stakeholders",
        "Management of the material topics",
        "Notes and limits",
    ]


def test_every_tier_has_its_list_with_the_ranks_as_numbers(listing):
    rows = [issue("a", 1, "High"), issue("b", 2, "High"), issue("c", 2, "High"), issue("d", 4, "Minor")]
    document = opened(chapter_docx(analysed(*rows), listing))
    assert {"High: 3 issues", "Minor: 1 issue"} <= set(texts(document, "Heading 2"))
    assert numbers(document) == [("A", 1), ("B", 2), ("C", 2), ("D", 4)]


def test_an_issue_without_a_rank_stands_in_no_tier(listing):
    document = opened(chapter_docx(analysed(issue("a", 1, "High"), issue("b", None, None)), listing))
    assert "Without a tier" in texts(document, "Heading 2")
    assert "B" in texts(document, "List Bullet")
    assert grid(document, 0)[2][:5] == ["–", "B", "–", "–", "–"]


def test_the_table_of_certainty_has_probability_interval_and_mark(listing):
    rows = [issue("a", 1, "High", 0.873, rank_interval=[1, 3], contested=True), issue("b", 2, "Minor")]
    head, first, second = grid(opened(chapter_docx(analysed(*rows), listing)), 0)
    assert head[4].split() == ["Rank,", "90", "%", "interval"]
    assert [first[0], first[3].split(), first[4], first[5], first[7]] == ["1", ["87", "%"], "1–3", "4.00", "contested"]
    assert (second[3].split()[0], second[4], second[7]) == (">99", "2", "–")


def test_stakeholders_show_expectations_channels_and_responses(listing):
    table = grid(opened(chapter_docx(None, listing)), 0)
    assert table[0] == ["Stakeholders", "What they expect", "How we talk", "Our response"]
    assert table[1] == ["Staff", "Clean water\nPay", "Town hall (each month)", "Clean water: A new well"]
    assert table[2] == ["Press", "[to be written]", "[to be written]", "[to be written]"]


def test_why_a_group_matters_has_a_column_where_somebody_wrote_it(listing):
    listing.groups.filter(name="Press").update(relevance="It reports.")
    table = grid(opened(chapter_docx(None, listing)), 0)
    assert [row[1] for row in table] == ["Why they matter", "[to be written]", "It reports."]


def test_the_management_table_has_each_issue_under_its_category(listing):
    table = grid(opened(chapter_docx(None, listing)), 1)
    assert [row[0] for row in table] == ["Issue", "Environment", "Water", "Waste", "Social", "Pay"]
    assert table[2][1:] == [
        "Without it nothing grows.",
        "We save it.\nWe measure it.\nTo Staff: A new well",
        "3.1 Water\nSDG 6",
    ]
    assert table[3][1:] == ["[to be written]"] * 3


def test_what_is_still_to_be_written_can_be_found_by_its_style(listing):
    document = opened(chapter_docx(None, listing))
    marked = [run for run in document.element.body.iter(qn("w:r")) if _style(run) == "Placeholder"]
    assert len(marked) == everything(document).count("[to be written]") > 3


def _style(run) -> str:
    found = run.find(f"{qn('w:rPr')}/{qn('w:rStyle')}")
    return "" if found is None else found.get(qn("w:val"))


def test_no_cell_is_empty(listing):
    for results in (None, analysed(), analysed(issue("a", None, None))):
        document = opened(chapter_docx(results, listing))
        for number in range(len(document.tables)):
            assert all(cell.strip() for row in grid(document, number) for cell in row)


def test_changes_since_last_year_are_told_where_there_is_a_last_year(listing):
    listing.previous = AssessmentFactory(organisation=listing.organisation, reporting_period="2021")
    listing.save()
    old, gone = (IssueFactory(assessment=listing.previous, name=name) for name in ("Water use", "Noise"))
    Predecessor.objects.create(issue=listing.issues.get(name="Water"), previous=old)
    document = opened(chapter_docx(None, listing))
    assert "What has changed since 2021" in texts(document, "Heading 1")
    rows = {row[0]: row[1:3] for row in grid(document, 2)}
    assert rows["Water"] == ["renamed", "Water use"]
    assert rows["Pay"] == ["new", "–"]
    assert rows["–"] == ["dropped", gone.name]
    assert "What has changed" not in everything(opened(chapter_docx(None, listing.previous)))


def test_every_choice_of_the_method_is_printed_with_formula_and_reference(listing):
    document = opened(chapter_docx(analysed(choices=CHOICES), listing))
    assert texts(document, "Heading 1")[-2:] == ["How this was computed", "Notes and limits"]
    assert grid(document, -1) == [
        ["Choice", "Here", "What it means", "Formula", "Reference"],
        [
            "Priority of an issue",
            "Mean of both axes",
            "Both axes count the same, and one makes up for the other.",
            "p = (x + y) / 2",
            "Hwang and Yoon (1981)",
        ],
        [
            "How issues get their tier",
            "Fixed counts: 2 / 1",
            "Each tier takes as many issues as its size says.",
            "–",
            "This product’s rule",
        ],
    ]


def test_notes_of_the_result_are_notes_of_the_chapter(listing):
    document = opened(chapter_docx(analysed(notes=["Nobody rated Gamma."]), listing))
    assert "Nobody rated Gamma." in texts(document, "List Bullet")


def test_too_few_answers_for_certainty_are_said(listing):
    rows = [issue("a", 1, "High", tier_probability={}, rank_interval=None), issue("b", None, None)]
    document = opened(chapter_docx(analysed(*rows), listing))
    assert "too few answers to say how sure" in everything(document)
    assert grid(document, 0)[1][3:5] == ["–", "–"]


def test_moves_since_last_year_are_told_of_the_current_result(answered: Assessment, answer: Answer):
    first = analyse_now(assessment=answered)
    before = AssessmentFactory(organisation=answered.organisation, reporting_period="2021", slug="example-2021")
    high = TierFactory(assessment=before, position=0, name="Top")
    low = TierFactory(assessment=before, position=1, name="Rest")
    for issue_now, tier in zip(answered.issues.all(), (high, low, low), strict=True):
        was = IssueFactory(assessment=before, code=issue_now.code, name=issue_now.name, position=issue_now.position)
        PublishedResultFactory(issue=was, tier=tier, rank=issue_now.position + 1)
        Predecessor.objects.create(issue=issue_now, previous=was)
    answered.previous = before
    answered.save()
    moves = material_of(answered, first.results).moves
    assert moves
    assert set(moves) <= set(texts(opened(chapter_docx(first.results, answered)), "Normal"))
    answer("staff", [1, 5, 5])
    analyse_now(assessment=answered)
    assert not material_of(answered, first.results).moves


# --- simulated answers ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("simulated", "badge", "notice"),
    [
        (20, "Simulated answers", "All 20 answers behind this chapter are simulated."),
        (5, "5 of 20 answers simulated", "5 of 20 answers behind this chapter are simulated."),
        (1, "1 of 20 answers simulated", "1 of 20 answers behind this chapter is simulated."),
    ],
)
def test_simulated_answers_are_named_on_the_first_page_and_on_each(listing, simulated, badge, notice):
    document = opened(chapter_docx(analysed(simulated=simulated), listing))
    assert document.paragraphs[2].text.startswith(notice)
    assert badge in document.sections[0].header.paragraphs[0].text
    assert not document.sections[0].different_first_page_header_footer


def test_real_answers_carry_no_warning(listing):
    document = opened(chapter_docx(analysed(), listing))
    assert "imulated" not in everything(document) + document.sections[0].header.paragraphs[0].text


# --- the picture ------------------------------------------------------------------------------------------
def test_the_matrix_has_300_dots_per_inch_words_for_it_and_its_source(listing):
    raw = chapter_docx(analysed(), listing)
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        picture = Image.open(io.BytesIO(book.read("word/media/image1.png")))
    assert [round(side) for side in picture.info["dpi"]] == [300, 300]
    document = opened(raw)
    (shape,) = document.inline_shapes
    words = shape._inline.docPr.get("descr")
    assert "3 issues" in words
    assert "High 2; Minor 1" in words
    assert any(text.startswith("Figure 1. 3 issues") for text in texts(document, "Caption"))
    assert any("Scale 1 to 5" in text for text in texts(document, "Source"))
    assert shape.width <= document.sections[0].page_width - 2 * document.sections[0].left_margin


def test_the_picture_has_the_organisation_s_tier_colours(listing):
    HouseStyle.objects.create(organisation=listing.organisation, tier_colours=["#003366", "#b30000"])
    with zipfile.ZipFile(io.BytesIO(chapter_docx(analysed(), listing))) as book:
        picture = Image.open(io.BytesIO(book.read("word/media/image1.png"))).convert("RGB")
    painted = {colour for _count, colour in picture.getcolors(1 << 24)}
    assert {(0x00, 0x33, 0x66), (0xB3, 0x00, 0x00)} <= painted
    assert (0x6C, 0x1C, 0x54) not in painted


def test_the_picture_leaves_title_and_source_to_the_text():
    bare = Image.open(io.BytesIO(matrix_picture(analysed()).png))
    framed = Image.open(io.BytesIO(matrix_png(analysed())))  # at 200 dots per inch
    assert bare.width / 300 == pytest.approx(framed.width / 200, abs=0.02)
    assert bare.height / 300 < framed.height / 200 - 0.5


def test_without_a_score_the_chapter_says_why_there_is_no_picture(listing):
    document = opened(chapter_docx(analysed(issue("a", None, None)), listing))
    assert "The matrix could not be drawn. No issue has a score yet" in everything(document)
    assert len(document.inline_shapes) == 0


# --- Word's own means -------------------------------------------------------------------------------------
def test_heads_repeat_rows_stay_whole_and_captions_count(listing):
    document = opened(chapter_docx(analysed(), listing))
    for table in document.tables:
        assert table.style.name == "Salient Table"
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
        heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
        assert heads == [True] + [False] * (len(heads) - 1)
        assert table._tbl.tblPr.find(qn("w:tblDescription")).get(qn("w:val"))
    captions = [text.split(".")[0] for text in texts(document, "Caption")]
    assert captions == ["Figure 1", "Table 1", "Table 2", "Table 3"]
    fields = [one.get(qn("w:instr")).split()[1] for one in document.element.body.iter(qn("w:fldSimple"))]
    assert fields == ["Figure", "Table", "Table", "Table"]


def test_page_numbers_are_fields(listing):
    footer = opened(chapter_docx(None, listing)).sections[0].footer.paragraphs[0]
    fields = [one.get(qn("w:instr")).strip() for one in footer._p.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert "".join(one.text or "" for one in footer._p.iter(qn("w:t"))).endswith("Page 1 of 1")


def test_languages_fonts_and_properties(listing):
    raw = chapter_docx(analysed(), listing)
    xml = parts(raw)
    assert re.search(r'<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>', xml["word/styles.xml"])
    assert 'w:eastAsia="Microsoft YaHei"' in xml["word/styles.xml"]
    # Word finds a substitute by these where the font is missing.
    assert re.search(r'"Microsoft YaHei".*?<w:charset w:val="86"/>', xml["word/fontTable.xml"], re.DOTALL)
    assert "<Company>Example &amp; Sons</Company>" in xml["docProps/app.xml"]
    properties = opened(raw).core_properties
    assert properties.title == "Material topics of Example & Sons, 2022"
    assert (properties.author, properties.comments) == ("Example & Sons", "Made with Salient")
    assert not any("python" in text for text in xml.values())


def test_the_same_result_gives_the_same_bytes(listing):
    results = analysed()
    with time_machine.travel("2026-01-01 10:00"):
        first = chapter_docx(results, listing)
    with time_machine.travel("2026-03-01 11:00:07"):
        assert chapter_docx(results, listing) == first


# --- how fast ------------------------------------------------------------------------------------------------
def test_thirty_issues_take_less_than_three_seconds(house):
    assessment = AssessmentFactory(organisation=house.organisation, with_survey=False, issues=30, groups=8)
    results = analysed(*ranked([f"Issue {number}" for number in range(30)]))
    chapter_docx(results, assessment)  # matplotlib is imported, as in a process that serves
    start = time.perf_counter()
    chapter_docx(results, assessment)
    assert time.perf_counter() - start < 3


# --- how one gets it --------------------------------------------------------------------------------------
def test_the_chapter_of_an_analysed_survey_tells_of_that_run(answered: Assessment, answer: Answer):
    run = analyse_now(assessment=answered)
    answer("staff", [1, 5, 5])
    analyse_now(assessment=answered)
    said = everything(opened(EXPORTS["docx"].write(run.results, answered)))
    assert "of four answers, sorts the issues into tiers" in said
    assert "One later answer is not in it." in said


def test_reading_takes_a_fixed_number_of_queries(listing, django_assert_max_num_queries):
    for position in range(10, 60):
        ConcernFactory(
            group=StakeholderGroupFactory(assessment=listing, position=position),
            issue=IssueFactory(assessment=listing, position=position),
        )
    with django_assert_max_num_queries(32):
        chapter_docx(analysed(), listing)


def test_the_command_writes_the_chapter_of_a_list(listing, tmp_path: Path):
    path = tmp_path / "list.docx"
    call_command("export", "list", format="docx", output=str(path), verbosity=0)
    assert texts(opened(path.read_bytes()), "Heading 1")[1] == "The material topics"
    assert texts(opened(path.read_bytes()), "List Bullet")[:3] == ["Water", "Waste", "Pay"]


def test_the_command_says_what_to_do_before_there_is_a_result(house, tmp_path: Path):
    AssessmentFactory(organisation=house.organisation, slug="new")
    with pytest.raises(CommandError, match=r"Run: manage\.py analyse new"):
        call_command("export", "new", format="docx", output=str(tmp_path / "x.docx"))


def test_the_page_of_the_statement_offers_it(listing, viewer_client: Client):
    kwargs = {"organisation": "example", "slug": "list"}
    address = reverse("materiality:chapter", kwargs=kwargs)
    assert address in viewer_client.get(reverse("materiality:statement", kwargs=kwargs)).content.decode()
    response = viewer_client.get(address)
    assert response["Content-Disposition"] == 'attachment; filename="list-chapter.docx"'
    assert texts(opened(response.content), "Title") == ["Material topics"]


def test_before_there_is_a_result_it_leads_to_the_results(assessment: Assessment, viewer_client: Client):
    kwargs = {"organisation": "example", "slug": assessment.slug}
    response = viewer_client.get(reverse("materiality:chapter", kwargs=kwargs), follow=True)
    assert response.redirect_chain[-1][0] == reverse("materiality:results", kwargs=kwargs)
    assert "There is no chapter yet" in response.content.decode()
