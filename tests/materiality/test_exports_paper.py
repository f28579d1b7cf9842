"""The meeting paper and the minutes: two pages at most, whatever stands in them, and every text as it is."""

import datetime
import io
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import translation
from pypdf import PdfReader

from figures import fonts
from figures.fonts import MissingFont
from materiality.exports.cleaning import clean
from materiality.exports.paper import meeting_paper_pdf, minutes_text
from materiality.exports.paper.contents import contents_of
from materiality.models import HouseStyle, Proposal, ReviewComment, Signature
from materiality.review.decided import GivenTier, decide
from materiality.services.confirming import propose, reopen, sign
from scoping.models import Assessment
from tests.materiality.chapters import HARD_NAMES, analysed, ranked
from tests.materiality.documents import issue
from tests.materiality.proposals import proposed, proposed_list
from tests.support.factories import AssessmentFactory, IssueFactory
from tests.support.people import House

NAMES = ["Water", "Waste", "Pay", "Safety", "Tax", "Biodiversity"]


@pytest.fixture
def empty(house: House) -> Assessment:
    return AssessmentFactory(organisation=house.organisation, name="Our year", company="Example Ltd.")


def decided(names: list[str], **fields: Any) -> dict[str, Any]:
    """A result in which the last issue stands in the higher tier by decision, and the first is close to a boundary."""
    rows = ranked(names)
    rows[0] |= {"tier_probability": {"High": 0.62, "Minor": 0.38}, "to_settle": {"answers": 41}}
    given = {rows[-1]["code"]: GivenTier("High", "The regulator asks for it.", datetime.date(2022, 5, 1))}
    return decide(analysed(*rows, **fields), given)


def read(raw: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(raw))


def text(raw: bytes) -> str:
    """All text, on one line; places where long words may break are none."""
    found = " ".join(page.extract_text() for page in read(raw).pages)
    return " ".join(found.replace("\u200b", "").split())


def elements(raw: bytes) -> list[Any]:
    """The elements of the structure, in the order in which they are read."""
    found: list[Any] = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for one in node:
                walk(one)
        elif isinstance(node, dict):
            found.extend([node] if "/S" in node else [])
            walk(node.get("/K", []))

    walk(read(raw).trailer["/Root"]["/StructTreeRoot"])
    return found


def test_the_paper_says_what_is_to_be_decided(empty: Assessment):
    proposal = proposed(
        empty, decided(NAMES, simulated=5, notes=["Two people gave no answer."]), note="We asked twice.",
        meeting_on=datetime.date(2023, 3, 9), people_needed=2,
    )  # fmt: skip
    ReviewComment.objects.create(assessment=empty, text="Ask suppliers again?", is_open_point=True)
    said = text(meeting_paper_pdf(proposal))
    for words in (
        "For decision by the board of directors",
        "Meeting of 9 March 2023",
        "Result of the materiality assessment of Example Ltd., 2022",
        "5 of 20 answers are simulated",
        "The working group puts forward six issues: 4 in “High” and 2 in “Minor”.",
        "20 answers from 2 of 2 stakeholder groups.",
        "Two people have to confirm.",
        "Biodiversity †",
        "Computed: Minor. Proposed: High. The regulator asks for it.",
        "Water *",
        "High 62 %, Minor 38 %; about 41 more answers would settle it",
        "Two people gave no answer.",
        "Ask suppliers again?",
        "We asked twice.",
        proposal.digest,
        str(proposal.document["run"]),
    ):
        assert words in said, words
    assert said.count("Signature") == 2
    assert said.count("Simulated answers") == 2  # at the foot of each page


def test_it_is_tagged_titled_and_in_a_language(empty: Assessment):
    raw = meeting_paper_pdf(proposed(empty, decided(NAMES)))
    root, about = read(raw).trailer["/Root"], read(raw).metadata
    assert root["/MarkInfo"]["/Marked"] is not None
    assert root["/Lang"] == "en-GB"
    assert about.title == "Result of the materiality assessment of Example Ltd., 2022"
    assert about.author == "Example Ltd."
    for standard in (b"<pdfuaid:part>1", b"<pdfaid:part>2", b"<pdfaid:conformance>A"):
        assert standard in raw
    kinds = [str(one["/S"]) for one in elements(raw)]
    assert kinds.count("/H1") == 1
    # From the top: the title, the sections, their tiers; no level is left out.
    levels = [int(kind[2:]) for kind in kinds if kind[:2] == "/H" and kind[2:].isdigit()]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert {"/Figure", "/Table", "/TH", "/L", "/LI"} <= set(kinds)


def test_the_picture_has_its_text(empty: Assessment):
    raw = meeting_paper_pdf(proposed(empty, decided(NAMES)))
    (picture,) = [one for one in elements(raw) if one["/S"] == "/Figure"]
    assert picture["/Alt"].startswith("6 issues by importance")


def test_the_same_proposal_is_the_same_file(empty: Assessment):
    proposal = proposed(empty, decided(NAMES))
    raw = meeting_paper_pdf(proposal)
    with time_machine.travel(datetime.datetime(2031, 1, 1, tzinfo=datetime.UTC)):
        assert meeting_paper_pdf(Proposal.objects.get(pk=proposal.pk)) == raw


def test_names_are_text_and_never_markup(empty: Assessment):
    names = [*map(clean, HARD_NAMES), "#let x = 1", "$a_b^c$ *bold* _low_ `code` \\alpha", "@ref <label> // no // [x]"]
    empty.name = empty.company = "#strong[$x$]"
    document = decided(names, company_name="#panic()", title="= $x$", notes=["#eval($1+1$)"])
    said = text(meeting_paper_pdf(proposed(empty, document, body="*Board* #1", note='#include "/etc/passwd"')))
    for words in ("#let x = 1", "$a_b^c$ *bold* _low_ `code` \\alpha", "@ref <label> // no // [x]", "#panic()",
                  "<script>alert('x')</script> & more", '=HYPERLINK("http://x")', "*Board* #1", "#eval($1+1$)",
                  '#include "/etc/passwd"', "绿色金融与气候变化应对", "Bell, half and turned"):  # fmt: skip
        assert words in said, words


@pytest.mark.parametrize(("count", "long"), [(1, False), (30, True), (500, False), (500, True)])
def test_two_pages_hold_any_number_of_issues(empty: Assessment, count: int, long: bool):
    name = "A very long name of an issue that goes on and on and says everything twice " * 4 if long else "Issue"
    rows = ranked([f"{name[:295]} {number}" for number in range(count)])
    for row in rows:
        row |= {"tier_probability": {"High": 0.6, "Minor": 0.4}, "to_settle": {"answers": 400}}
    given = {row["code"]: GivenTier("High", "Because " * 200, datetime.date(2022, 5, 1)) for row in rows[count // 2 :]}
    document = decide(analysed(*rows, notes=["A note. " * 40] * 20), given)
    for number in range(40):
        ReviewComment.objects.create(assessment=empty, text=f"{number} " + "open " * 300, is_open_point=True)
    proposal = proposed(empty, document, note="What we think. " * 400, body="Board " * 33, people_needed=2)
    raw = meeting_paper_pdf(proposal)
    assert len(read(raw).pages) == 2
    if count == 500:
        assert "more in the annexed table" in text(raw)
    assert proposal.digest in text(raw)


@pytest.mark.parametrize("tiers", [1, 4, 40])
def test_any_number_of_tiers(empty: Assessment, tiers: int):
    rows = [
        issue(
            f"i{number}",
            number + 1,
            f"Tier {number}",
            name=f"Issue {number}",
            tier_probability={},
            company=4,
            stakeholders=4,
            priority=4,
            company_interval=None,
            stakeholders_interval=None,
        )
        for number in range(tiers)
    ]
    document = analysed() | {
        "issues": rows,
        "tiers": [{"name": f"Tier {number}", "count": 1} for number in range(tiers)],
        "boundaries": {},
    }
    raw = meeting_paper_pdf(proposed(empty, document))
    assert len(read(raw).pages) == 2
    assert "Tier 0 1" in text(raw)


def test_without_any_issue_or_score(empty: Assessment):
    document = analysed() | {"issues": [], "tiers": [{"name": "High", "count": 0}, {"name": "Minor", "count": 0}]}
    raw = meeting_paper_pdf(proposed(empty, document))
    assert "No issue could be ranked." in text(raw)
    assert "No issue is in this tier." in text(raw)


def test_a_list_without_survey_is_a_page_when_it_fits(empty: Assessment):
    raw = meeting_paper_pdf(proposed_list(empty, NAMES))
    said = text(raw)
    assert len(read(raw).pages) == 1
    assert "No survey was held: the list is the result." in said
    assert "Without a category 3" in said
    empty.proposals.all().delete()
    assert len(read(meeting_paper_pdf(proposed_list(empty, ["X" * 300] * 500))).pages) == 2


def test_in_chinese(empty: Assessment):
    with translation.override("zh-hans"):
        raw = meeting_paper_pdf(proposed(empty, decided(["绿色金融", "供应链管理"])))
    assert read(raw).trailer["/Root"]["/Lang"] == "zh-CN"
    assert "重要性矩阵" in text(raw)


def test_what_no_font_can_draw_is_told(empty: Assessment, monkeypatch: pytest.MonkeyPatch):
    """Installed fonts differ from machine to machine: as if none had ideographs."""
    real = fonts._family_of.__wrapped__
    monkeypatch.setattr(fonts, "_family_of", lambda char: None if "\u4e00" <= char <= "\u9fff" else real(char))
    proposal = proposed_list(empty, ["绿色金融"])
    with pytest.raises(MissingFont, match="fonts-noto-cjk"):
        meeting_paper_pdf(proposal)


def test_points_that_were_open_when_it_was_decided(empty: Assessment):
    proposal = proposed_list(empty, NAMES)
    one = ReviewComment.objects.create(assessment=empty, text="Still open", is_open_point=True)
    ReviewComment.objects.create(assessment=empty, text="Only a remark")
    said = text(meeting_paper_pdf(proposal))
    assert "Still open" in said
    assert "Only a remark" not in said
    Proposal.objects.filter(pk=proposal.pk).update(
        state="returned", ended_at=one.at + datetime.timedelta(hours=1), ended_because="Look again"
    )
    one.resolved_at = one.at + datetime.timedelta(hours=2)
    one.save()
    ReviewComment.objects.create(assessment=empty, text="Came later", is_open_point=True)
    ReviewComment.objects.filter(text="Came later").update(at=one.at + datetime.timedelta(hours=2))
    proposal.refresh_from_db()
    said = text(meeting_paper_pdf(proposal))
    assert "Still open" in said
    assert "Came later" not in said
    assert "Returned to the working group on" in said


# --- minutes ------------------------------------------------------------------------------------------------------
@pytest.fixture
def open_proposal(house: House) -> Proposal:
    assessment = AssessmentFactory(
        organisation=house.organisation, name="Our year", company="Example Ltd.", with_survey=False
    )
    for position, name in enumerate(NAMES):
        IssueFactory(assessment=assessment, name=name, category="Social", position=position)
    return propose(assessment=assessment, body="the board of directors", by=house.analyst, note="We asked twice.")


def test_minutes_before_the_meeting_are_a_draft(open_proposal: Proposal):
    said = minutes_text(open_proposal)
    assert "DRAFT: nothing has been decided yet." in said
    assert "Proposed resolution: the board of directors confirms the list of issues of Example Ltd." in said
    assert "Social (6): Water; Waste; Pay; Safety; Tax; Biodiversity." in said
    assert "The working group adds: We asked twice." in said
    assert open_proposal.digest in said


def test_minutes_after_it_say_who_when_and_how(open_proposal: Proposal, house: House):
    member = house.approver.memberships.get()
    with time_machine.travel(datetime.datetime(2023, 3, 9, 14, 5, tzinfo=datetime.UTC), tick=False):
        sign(proposal=open_proposal, membership=member, verdict="confirm", means=Signature.Means.PASSKEY,
             digest=open_proposal.digest, remark="Well done")  # fmt: skip
    open_proposal.refresh_from_db()
    said = minutes_text(open_proposal)
    assert "DRAFT" not in said
    assert "Resolved: the board of directors confirms the list of issues of Example Ltd." in said
    assert "Approver confirmed on 9 March 2023" in said
    assert "identified by passkey. Remark: Well done" in said
    assert "Approver confirmed on 9 March 2023" in text(meeting_paper_pdf(open_proposal))
    reopen(proposal=open_proposal, by=house.owner, because="Two issues were missing")
    open_proposal.refresh_from_db()
    for said in (minutes_text(open_proposal), text(meeting_paper_pdf(open_proposal))):
        assert "This confirmation is void since" in said
        assert "Two issues were missing" in said


def test_minutes_tell_of_a_return(open_proposal: Proposal, house: House):
    sign(proposal=open_proposal, membership=house.approver.memberships.get(), verdict="return", means="password",
         digest=open_proposal.digest, remark="Ask suppliers")  # fmt: skip
    open_proposal.refresh_from_db()
    said = minutes_text(open_proposal)
    assert "Not resolved: the board of directors returned proposal 1" in said
    assert "Ask suppliers" in said


def test_minutes_list_decisions_with_reasons(empty: Assessment):
    said = minutes_text(proposed(empty, decided(NAMES)))
    assert "1 issue stands in another tier than computed:\n- Biodiversity. Computed: Minor. Proposed: High." in said


# --- downloads ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("name", "kind"), [("paper.pdf", "application/pdf"), ("minutes.txt", "text/plain")])
def test_every_member_can_download_them(
    open_proposal: Proposal, viewer_client: Client, outsider_client: Client, client: Client, name: str, kind: str
):
    assessment = open_proposal.assessment
    page = f"/o/{assessment.organisation.slug}/a/{assessment.slug}/confirmation/1/{name}"
    answer = viewer_client.get(page)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith(kind)
    assert f'filename="{assessment.slug}-1-{name}"' in answer["Content-Disposition"]
    assert viewer_client.get(page.replace("/1/", "/2/")).status_code == 404
    assert outsider_client.get(page).status_code == 404
    assert client.get(page).status_code == 302


def test_where_a_font_is_missing_the_page_says_so(
    open_proposal: Proposal, viewer_client: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fonts, "_family_of", lambda char: None)
    assessment = open_proposal.assessment
    page = f"/o/{assessment.organisation.slug}/a/{assessment.slug}/confirmation/1/paper.pdf"
    answer = viewer_client.get(page, follow=True)
    assert "No installed font can draw these characters" in answer.content.decode()


def test_it_has_the_organisation_s_tier_colours(empty: Assessment):
    proposal = proposed(empty, decided(NAMES))
    usual = contents_of(proposal)
    HouseStyle.objects.create(organisation=empty.organisation, tier_colours=["#003366", "#b30000"])
    own = contents_of(proposal)
    assert [tier["mark"] for tier in own["colours"]["tiers"][:2]] == ["#003366", "#b30000"]
    assert "#003366" in own["matrix"]["svg"]
    assert "#003366" not in usual["matrix"]["svg"]
    assert own["warning"] == usual["warning"]


def test_a_list_without_tiers_is_asked_to_be_confirmed_without_them(empty: Assessment):
    assert "the tiers" not in text(meeting_paper_pdf(proposed_list(empty, NAMES)))
    other = AssessmentFactory(organisation=empty.organisation, slug="other")
    said = text(meeting_paper_pdf(proposed(other, decided(NAMES))))
    assert "the ranking and the tiers" in said
    assert "Which tiers count as material topics is for Example Ltd. to choose" in said


def test_what_is_resolved_is_the_ranking_and_the_tiers(empty: Assessment):
    said = minutes_text(proposed(empty, decided(NAMES)))
    assert "confirms the result of the materiality assessment of Example Ltd. for 2022: the ranking" in said
    assert "High (4): 1. Water; 2. Waste; 3. Pay; 6. Biodiversity." in said
    assert "as the material topics" not in said
    assert "Which tiers count as material topics is for Example Ltd. to choose" in said


@pytest.mark.parametrize("count", [26, 60])
def test_long_names_wrap_and_stay_distinguishable(empty: Assessment, count: int):
    long = "Anti-corruption and fair competition across jurisdictions with strategic exposure"
    names = [f"{long} {number:02}" for number in range(count)]
    said = text(meeting_paper_pdf(proposed(empty, decided(names))))
    shown = [name for name in names if name in said]
    assert len(shown) >= 26
    assert "with s…" not in said
