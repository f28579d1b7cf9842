"""Names of every kind in the chapter: scripts, directions, markup, what XML forbids; one issue, and hundreds."""

import pytest
from docx.oxml.ns import qn
from lxml import etree

from materiality.exports.chapter import chapter_docx
from materiality.exports.chapter.writing import runs
from materiality.exports.cleaning import clean
from scoping.models import Assessment
from tests.materiality.chapters import HARD_NAMES, WORD, analysed, everything, numbers, opened, parts, ranked
from tests.support.factories import AssessmentFactory, ConcernFactory, IssueFactory, StakeholderGroupFactory
from tests.support.people import House


@pytest.fixture
def hard(house: House) -> Assessment:
    assessment = AssessmentFactory(
        organisation=house.organisation, name="X" * 200, company="有限公司" * 50, with_survey=False
    )
    group = StakeholderGroupFactory(assessment=assessment, position=0, name="الموظفون")
    for position, name in enumerate(HARD_NAMES):
        # What a database takes: the rest comes in results that were made by hand.
        IssueFactory(assessment=assessment, position=position, name=clean(name), meaning=clean(name))
        ConcernFactory(group=group, topic=clean(name), response=clean(name))
    return assessment


def test_hard_names_come_through_as_text(hard):
    document = opened(chapter_docx(analysed(*ranked(HARD_NAMES)), hard))
    assert [name for name, _ in numbers(document)] == [clean(name) for name in HARD_NAMES]
    assert "alert('x')" in everything(document)
    assert "Bell, half and turned" in everything(document)


def test_every_part_of_a_file_with_hard_names_is_sound_xml(hard):
    for text in parts(chapter_docx(analysed(*ranked(HARD_NAMES)), hard)).values():
        etree.fromstring(text.encode())


def test_right_to_left_names_are_right_to_left_runs_in_paragraphs_of_their_direction(hard):
    document = opened(chapter_docx(None, hard))
    (found,) = [one for one in document.paragraphs if one.text == HARD_NAMES[1]]
    assert found._p.pPr.find(qn("w:bidi")) is not None
    assert all(run.find(f"{qn('w:rPr')}/{qn('w:rtl')}") is not None for run in found._p.iter(qn("w:r")))


@pytest.mark.parametrize(
    ("text", "directions"),
    [
        ("plain", [("plain", False)]),
        ("see عقد جديد here", [("see ", False), ("عقد جديد", True), (" here", False)]),
        ("عقد ESG جديد.", [("عقد ", True), ("ESG", False), (" جديد.", True)]),
        ("2022", [("2022", False)]),
    ],
)
def test_mixed_texts_are_cut_where_the_direction_turns(text, directions):
    found = etree.fromstring(f'<p xmlns:w="{WORD}">{runs(text)}</p>')
    assert [
        (run.findtext(qn("w:t")), run.find(f"{qn('w:rPr')}/{qn('w:rtl')}") is not None) for run in found
    ] == directions


@pytest.mark.parametrize("count", [1, 500])
def test_one_issue_and_five_hundred(house, count):
    assessment = AssessmentFactory(organisation=house.organisation, with_survey=False, issues=count)
    names = [f"Issue {number}" for number in range(count)]
    document = opened(chapter_docx(analysed(*ranked(names)), assessment))
    assert [number for _, number in numbers(document)] == list(range(1, count + 1))
    assert len(grid_of_issues(document)) == count


def grid_of_issues(document) -> list:
    return document.tables[0]._tbl.findall(qn("w:tr"))[1:]


def test_an_empty_list_makes_a_chapter_that_says_so(house):
    assessment = AssessmentFactory(organisation=house.organisation, with_survey=False)
    document = opened(chapter_docx(None, assessment))
    assert "No issue is on the list yet." in everything(document)
    assert "[to be written: which stakeholder groups there are]" in everything(document)
    assert opened(chapter_docx(analysed(), assessment)).tables


def test_what_warns_below_a_heading_stays_with_what_follows(house):
    assessment = AssessmentFactory(organisation=house.organisation, with_survey=False)
    document = opened(chapter_docx(analysed(*ranked(["Water", "Air"]), simulated=20), assessment))
    texts = [one.text for one in document.paragraphs]
    warning = document.paragraphs[texts.index("The issues in order of importance") + 1]
    assert warning.text == "Simulated answers"
    assert warning.paragraph_format.keep_with_next


def test_a_row_stays_whole_unless_it_fills_half_a_page(house):
    assessment = AssessmentFactory(organisation=house.organisation, with_survey=False)
    groups = [StakeholderGroupFactory(assessment=assessment, name=name, position=at) for at, name in enumerate("AB")]
    ConcernFactory(group=groups[0], topic="Water", response="A well")
    for _ in range(6):
        ConcernFactory(group=groups[1], topic="Wells and rivers " * 15, response="A new well each year " * 12)
    document = opened(chapter_docx(None, assessment))
    (table,) = [one for one in document.tables if one.rows[0].cells[0].text == "Stakeholders"]
    whole = [row._tr.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in table.rows]
    assert whole == [True, True, False]
