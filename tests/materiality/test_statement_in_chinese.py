"""The method statement and the process in Chinese: of published cases, and of everything that could be told."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from materiality.facts import ConfirmationRecord, Facts, GroupAnswered, RunRecord, SignedBy, SurveyRecord, facts_of
from materiality.process import Worked, activity_of, process_of
from materiality.services import analyse_now
from materiality.statement import as_text, statement_of
from scoping.continuity import Relation
from scoping.models import Assessment, Phase, ProcessStage, Side, SourceKind, Standing, WeightBasis
from scoping.selectors.record import DecisionRecord, GroupRecord, NoteRecord, ScopeRecord
from scoping.services import load_case
from surveys import wording
from surveys.content import Content, ContentItem
from surveys.models import Anonymity, IssueQuestion
from surveys.services import close_survey, open_survey, prepare_survey
from surveys.services.simulating import simulate_answers
from tests.support.people import House

# Two words of English one after the other.
ENGLISH = re.compile(r"[A-Za-z]{2,},? [a-z]{2,}")
# What stays in Latin letters: the names of disclosures.
DISCLOSURE = re.compile(r"GRI 3-\d( [ab])?")
# Of the facts: what is not typed by people but ours, or stands for words of ours.
OURS = {
    "attributes", "axes", "because", "means", "method", "phase", "protection", "role", "scoring", "side", "stage",
    "state", "task", "weight_basis",
}  # fmt: skip
DAY = date(2022, 5, 3)


@pytest.fixture
def chinese() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield


def told(facts: Facts) -> list[str]:
    """Everything that both pages and the file say."""
    stages = process_of(facts, {})
    return [
        *as_text(facts).splitlines(),
        *(part for section in statement_of(facts) for part in (section.title, *section.paragraphs)),
        *(part for stage in stages for part in (stage.name, stage.when, stage.remark)),
        *(stage.next.text for stage in stages if stage.next),
        *(part for stage in stages for fact in stage.facts for part in (fact.label, fact.value)),
    ]


def typed(value: Any) -> Iterator[str]:
    """Every text in the facts that people typed: names, notes and reasons."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            if field.name not in OURS:
                yield from typed(getattr(value, field.name))
    elif isinstance(value, tuple):
        for one in value:
            yield from typed(one)


def english_in(facts: Facts) -> list[str]:
    """What is left of English in it beside what people typed."""
    names = sorted({text.strip() for text in typed(facts) if text}, key=len, reverse=True)
    left = []
    for text in told(facts):
        for name in names:
            for form in (name, name[:1].upper() + name[1:]):
                text = text.replace(form, "〇")
        if ENGLISH.search(DISCLOSURE.sub("", text)):
            left.append(text)
    return left


# --- cases ------------------------------------------------------------------------------------------------
@pytest.fixture(params=["qifu-2022", "atrenew-2021", "uxin-2022"])
def case(request: pytest.FixtureRequest, house: House) -> Assessment:
    """A published case as the demo loads it, with a result where it holds a survey."""
    assessment = load_case(organisation=house.organisation, case=request.param)
    if assessment.with_survey:
        survey = prepare_survey(assessment=assessment)
        open_survey(survey=survey)
        simulate_answers(assessment=assessment, respondents=80, seed=1)
        survey.refresh_from_db()
        close_survey(survey=survey)
        assessment.refresh_from_db()
        analyse_now(assessment=assessment)
    return assessment


def test_a_case_has_no_english_sentence_left_but_what_was_typed(case: Assessment, house: House, chinese: None):
    facts = facts_of(organisation=house.organisation, assessment=case)
    assert english_in(facts) == []
    assert statement_of(facts)[0].paragraphs[0].endswith("的记录。")


def test_the_pages_and_the_file_are_in_the_language_of_the_reader(
    answered: Assessment, viewer_client: Client, house: House
):
    analyse_now(assessment=answered)
    address = f"/o/{house.organisation.slug}/a/{answered.slug}"
    for path, words in (
        ("statement/", ("方法说明", "优先度为两轴的平均值", "各利益相关方群体受邀")),
        ("process/", ("议题如何确定", "待完成", "与利益相关方沟通")),
        ("statement.txt", ("如何确定重要性议题", "（GRI 3-1）")),
        ("results/", ("优先度为两轴的平均值；", "回答太少，无法说明任何议题位置的确定性")),
    ):
        page = viewer_client.get(f"{address}/{path}", headers={"accept-language": "zh-CN"}).content.decode()
        assert all(word in page for word in words), path
        english = viewer_client.get(f"{address}/{path}", headers={"accept-language": "en"}).content.decode()
        assert not any(word in english for word in words), path


def test_the_audit_trail_stays_in_english(answered: Assessment, house: House, analyst_client: Client):
    address = f"/o/{house.organisation.slug}/a/{answered.slug}/method/"
    choice = {"weights": "equal", "priority": "max", "rule": "natural_breaks", "cannot_judge": "left_out"}
    choice |= {"leniency": "as_rated", "finite_population": "no"}
    assert analyst_client.post(address, choice, headers={"accept-language": "zh-CN"}).status_code == 302
    line = house.organisation.events.filter(subject=answered.slug).order_by("-pk").first()
    assert line is not None
    assert line.summary == (
        "chose the method: priority by max, tiers by natural breaks (Fisher-Jenks): where the scores leave the widest "
        "gaps. All groups weigh the same"
    )


def test_who_worked_on_a_stage_is_told_in_the_language_of_the_page(house: House, answered: Assessment, chinese: None):
    assert str(Worked(("A. Lee", "B. Li"), DAY)) == "A. Lee和B. Li，最近一次为2022年5月3日"
    assert activity_of(house.organisation, "none") == {}


# --- everything that could be told ------------------------------------------------------------------------
INSIDE = GroupRecord("员工", Side.INTERNAL, 2, 1, 1, is_scored=True, weight_basis=WeightBasis.ACCEPTED)
OUTSIDE = GroupRecord("客户", Side.EXTERNAL, 1, 2, 0, is_scored=True, weight_basis=WeightBasis.OVERRULED)
PRESS = GroupRecord("媒体", Side.EXTERNAL)
DECISION = DecisionRecord(2, DAY, "李明", 18, 46, 1, ("法规", "影响"), ("法规",), 3, "6", False, "已讨论")
NOTES = tuple(
    NoteRecord(stage, text, by, on, source)
    for stage in ProcessStage
    for text, by, on, source in (
        ("已开会", "", "", ""),
        ("已开会", "李明", "五月", ""),
        ("已比较", "董事会", "", "报告"),
    )
)
SCOPE = ScopeRecord(
    groups=(INSIDE, OUTSIDE, PRESS),
    contacts=3,
    standings={Standing.LISTED: 18, Standing.MERGED: 2, Standing.LEFT_OUT: 3, Standing.NEXT: 1},
    categories=4,
    without_source=2,
    carried_over=5,
    mentions=dict.fromkeys(SourceKind, 2),
    experts=("王教授", "张教授"),
    libraries=("指南",),
    criteria=("法规",),
    markers=2,
    decision=DECISION,
    next_version=3,
    since_decision=2,
    published=(("高", 9), ("低", 9)),
    notes=NOTES,
    previous_name="上次评估",
    previous_period="2021年",
    changes={Relation.SAME: 3, Relation.NEW: 1, Relation.DROPPED: 1},
)
SURVEY = SurveyRecord(
    opened_on=DAY,
    closed_on=date(2022, 5, 20),
    issues=18,
    task="对18项议题评分",
    groups=(GroupAnswered("员工", 40, 3), GroupAnswered("客户", 2), GroupAnswered("媒体", 0)),
    left_out=("3份（原因）",),
    fewest=5,
)
RUN = RunRecord(DAY, 40, 0, "优先度。", (("高", 10), ("低", 8)), (("高", 9), ("低", 9)), 1)
SIGNED = (SignedBy("李明", "approver", "passkey", DAY), SignedBy("王芳", "owner", "password", DAY, confirms=False))
PROPOSED = ConfirmationRecord("open", "董事会", 1, DAY, meeting_on=DAY, people_needed=2, signed=SIGNED)
ALL = Facts("评估", "公司", "2022年", True, Phase.RESULTS, SCOPE, SURVEY, RUN, PROPOSED)


def scope(**changes: Any) -> Facts:
    return replace(ALL, scope=replace(SCOPE, **changes))


def survey(**changes: Any) -> Facts:
    return replace(ALL, survey=replace(SURVEY, **changes))


def confirmation(**changes: Any) -> Facts:
    return replace(ALL, confirmation=replace(PROPOSED, **changes))


VARIANTS = {
    "all": ALL,
    "nothing": Facts("评估", "公司", "2022年"),
    "a list": replace(ALL, with_survey=False, survey=None, run=None),
    "a list without categories": replace(scope(categories=0), with_survey=False, survey=None, run=None),
    "one group": scope(groups=(replace(INSIDE, answered_concerns=0),)),
    "two groups": scope(groups=(INSIDE, replace(OUTSIDE, answered_concerns=2))),
    "no channels": scope(groups=(PRESS,)),
    "salience": scope(attributes=("power", "legitimacy", "urgency"), groups=(replace(INSIDE, is_scored=False), PRESS)),
    "one source": scope(mentions={SourceKind.MEDIA: 2}, standings={Standing.LISTED: 18}, experts=("王教授",) * 7),
    "one must-have": scope(decision=replace(DECISION, by_must_haves=True)),
    "must-haves": scope(decision=replace(DECISION, by_must_haves=True, must_haves=("法规", "影响"))),
    "not decided": scope(decision=None, notes=(), since_decision=0),
    "some published": scope(published=(("高", 9),)),
    "scoping": replace(scope(decision=None, notes=(), since_decision=0), phase=Phase.SCOPING, survey=None, run=None),
    "still open": survey(closed_on=None),
    "closed the same day": survey(closed_on=DAY),
    "nobody answered": survey(groups=(GroupAnswered("员工", 0),)),
    "all simulated": survey(groups=(GroupAnswered("员工", 40, 40),)),
    "one simulated": survey(groups=(GroupAnswered("员工", 1, 1),)),
    "nothing computed": replace(ALL, run=None, confirmation=None),
    "not proposed": replace(scope(notes=()), confirmation=None),
    "no meeting": confirmation(meeting_on=None),
    "returned": confirmation(state="returned", because="不完整"),
    "confirmed": confirmation(state="confirmed", confirmed_on=DAY),
    "public": confirmation(state="confirmed", confirmed_on=DAY, is_public=True),
    "void": confirmation(state="void", confirmed_on=DAY, ended_on=DAY),
}


@pytest.mark.parametrize("facts", VARIANTS.values(), ids=VARIANTS)
def test_nothing_that_could_be_told_is_english(facts: Facts, chinese: None):
    latin = re.compile("[A-Za-z]{2,}")
    assert [text for text in told(facts) if latin.search(re.sub("GRI|ESG", "", text))] == []
    # Sentences end and are joined as Chinese is; numbers stand without blanks.
    for section in statement_of(facts):
        for paragraph in section.paragraphs:
            assert paragraph.endswith(("。", "已开会")), paragraph
            assert not re.search("[。，、] |[\u4e00-\u9fff][,.;:]|[\u4e00-\u9fff] \\d", paragraph), paragraph


@pytest.mark.parametrize("kind", IssueQuestion.values)
@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("anonymity", Anonymity.values)
def test_what_a_survey_asked_is_told_in_chinese(kind: str, both: bool, anonymity: str, chinese: None):
    dimensions = ("company", "stakeholders") if both else ("",)
    items = tuple(ContentItem(place, code, on) for place, code in enumerate("ab") for on in dimensions)
    content = Content(kind=kind, items=items, anonymity=anonymity)
    for text in (
        wording.task(content),
        wording.scoring(content),
        wording.axes(content),
        wording.anonymity(content, 5),
    ):
        assert not re.search("[A-Za-z]{2,}", text), text


def test_notes_end_as_the_language_they_were_typed_in_does(chinese: None):
    facts = scope(
        notes=(
            NoteRecord(ProcessStage.DETERMINING, "Compared with peers", source="Report"),
            NoteRecord(ProcessStage.DETERMINING, "比较同行", source="Report"),
            NoteRecord(ProcessStage.DETERMINING, "Asked staff", source="Report"),
        )
    )
    [found] = [section for section in statement_of(facts) if section.title == "议题的来源"]
    assert found.paragraphs[-1] == "据报告：Compared with peers. 比较同行。Asked staff."
