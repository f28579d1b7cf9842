"""Peers that members enter, what is said about their issues, and taking over what we lack."""

from collections.abc import Sequence

import pytest
from django.core.exceptions import ValidationError

from scoping.models import Assessment, Peer, PeerIssue, PeerMatch, Phase, SourceKind, Standing
from scoping.peers import Holding
from scoping.selectors.peers import (
    PeerNotFound,
    compare_with,
    entered_peer,
    find_peer,
    own_issues,
    peers_of,
    question_about,
)
from scoping.services import set_phase
from scoping.services.peers import (
    LONGEST,
    MOST_PEER_ISSUES,
    NewPeerIssue,
    checked_list,
    forget_match,
    match_peer_issues,
    remove_peer,
    save_peer,
    take_over,
)
from tests.support.factories import AssessmentFactory, IssueFactory, PeerFactory, PeerIssueFactory
from tests.support.people import House

BUILT_IN = {"atrenew-2021", "qifu-2022", "uxin-2022"}


@pytest.fixture
def assessment(house: House) -> Assessment:
    return AssessmentFactory(organisation=house.organisation, slug="paper-2024")


def line(text: str) -> NewPeerIssue:
    return NewPeerIssue(*[cell.strip() for cell in text.split("|")])


def enter(assessment: Assessment, *lines: str, company: str = "Mill", **kwargs) -> Peer:
    kwargs.setdefault("reporting_period", "2022")
    return save_peer(assessment=assessment, company=company, issues=[line(text) for text in lines], **kwargs)


def rows(peer: Peer) -> list[tuple[object, ...]]:
    return list(peer.issues.values_list("name", "category", "tier", "level", "rank"))


def holding(assessment: Assessment, peer: Peer | str, name: str) -> Holding:
    found = find_peer(assessment, str(peer.pk) if isinstance(peer, Peer) else peer)
    issue = found.issue_named(name)
    assert issue is not None
    return Holding(found, issue)


# --- which peers there are --------------------------------------------------------------------------------
def test_the_published_cases_are_peers(assessment: Assessment) -> None:
    assert {peer.key for peer in peers_of(assessment) if peer.built_in} == BUILT_IN


def test_the_own_case_is_no_peer(assessment: Assessment) -> None:
    assessment.case = "qifu-2022"
    assert {peer.key for peer in peers_of(assessment)} == BUILT_IN - {"qifu-2022"}


def test_a_case_of_the_same_company_is_no_peer(assessment: Assessment) -> None:
    assessment.company = "QIFU Technology"
    assert {peer.key for peer in peers_of(assessment)} == BUILT_IN - {"qifu-2022"}


def test_a_case_brings_its_tiers_and_ranks(assessment: Assessment) -> None:
    qifu = find_peer(assessment, "qifu-2022")
    assert [tier.count for tier in qifu.tiers] == [9, 7, 2]
    assert [issue.rank for issue in qifu.issues] == list(range(1, 19))
    assert qifu.issues[0].standing == "rank 1, Highly important"


def test_uxin_lists_without_tiers(assessment: Assessment) -> None:
    uxin = find_peer(assessment, "uxin-2022")
    assert (uxin.tiers, {issue.standing for issue in uxin.issues}) == ((), {"listed"})


def test_thirteen_issues_of_atrenew_are_a_reading(assessment: Assessment) -> None:
    atrenew = find_peer(assessment, "atrenew-2021")
    assert [tier.count for tier in atrenew.tiers] == [7, 11, 2]
    assert sum(issue.is_high for issue in atrenew.issues) == 7
    assert sum(issue.is_read for issue in atrenew.issues) == 13


def test_an_entered_peer_serves_all_assessments_of_the_organisation(assessment: Assessment, house: House) -> None:
    mill = enter(assessment, "Noise | Environmental | High | 1 | 1", "Dust")
    other = AssessmentFactory(organisation=house.organisation)
    found = find_peer(other, str(mill.pk))
    assert (found.name, found.built_in, len(found.issues)) == ("Mill 2022", False, 2)


@pytest.mark.parametrize("key", ["", "nobody", "00000000-0000-4000-8000-000000000000"])
def test_an_unknown_peer_is_not_found(assessment: Assessment, key: str) -> None:
    with pytest.raises(PeerNotFound):
        find_peer(assessment, key)
    with pytest.raises(Peer.DoesNotExist):
        entered_peer(assessment, key)


def test_a_peer_of_another_organisation_does_not_exist(assessment: Assessment) -> None:
    foreign = PeerFactory()
    with pytest.raises(PeerNotFound):
        find_peer(assessment, str(foreign.pk))
    with pytest.raises(Peer.DoesNotExist):
        entered_peer(assessment, str(foreign.pk))


# --- entering one -----------------------------------------------------------------------------------------
def test_a_peer_is_entered_with_its_list(assessment: Assessment, house: House) -> None:
    mill = enter(
        assessment, "Noise | Environmental | High | 1 | 1", "Dust | | Low | 2 | 2", "Pets", by=house.analyst,
        source="ESG Report 2022, page 4", link="https://example.org/report",
    )  # fmt: skip
    assert rows(mill) == [
        ("Noise", "Environmental", "High", 1, 1), ("Dust", "", "Low", 2, 2), ("Pets", "", "", None, None),
    ]  # fmt: skip
    assert (mill.organisation, mill.source) == (house.organisation, "ESG Report 2022, page 4")
    assert house.organisation.events.filter(summary="entered the peer Mill 2022 with three issues").exists()


def test_tiers_without_levels_count_in_their_order(assessment: Assessment) -> None:
    mill = enter(assessment, "Noise||Very important", "Dust||Important", "Wood||very Important", "Pets||Less")
    assert [row[3] for row in rows(mill)] == [1, 2, 1, 3]


def test_a_level_that_one_line_gives_holds_for_its_tier(assessment: Assessment) -> None:
    mill = enter(assessment, "Noise||Low|2", "Dust||High|1", "Wood||Low")
    assert [row[3] for row in rows(mill)] == [2, 1, 2]


def test_a_peer_is_changed_and_its_list_replaced(assessment: Assessment) -> None:
    mill = enter(assessment, "Noise", "Dust")
    enter(assessment, "Dust", "Wood", company="Paper Mill", peer=mill)
    assert (Peer.objects.get().company, [row[0] for row in rows(mill)]) == ("Paper Mill", ["Dust", "Wood"])


def test_an_imported_level_without_a_name_is_called_by_its_number(assessment: Assessment) -> None:
    made = PeerFactory(organisation=assessment.organisation)
    PeerIssueFactory(peer=made, name="Noise", tier="", level=2)
    assert find_peer(assessment, str(made.pk)).issues[0].standing == "level 2"


@pytest.mark.parametrize(("company", "period"), [("mill", "2022"), (" Mill ", " 2022")])
def test_a_company_is_entered_once_per_period(assessment: Assessment, company: str, period: str) -> None:
    enter(assessment, "Noise")
    with pytest.raises(ValidationError) as caught:
        enter(assessment, "Noise", company=company, reporting_period=period)
    assert list(caught.value.message_dict) == ["company"]
    assert "is among the peers already" in caught.value.messages[0]


def test_the_same_company_may_be_entered_for_another_period_or_organisation(assessment: Assessment) -> None:
    enter(assessment, "Noise")
    enter(assessment, "Noise", reporting_period="2023")
    enter(AssessmentFactory(), "Noise")
    assert Peer.objects.count() == 3


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["Noise", "Dust", "noise"], "Line 3: “noise” is given a second time. It stands in line 1 as well."),
        (["Noise", "|Social"], "Line 2: the name is missing."),
        (["Noise||High|1|0"], "Line 1: the rank is “0”. Enter a whole number from 1 to 9999, or leave it empty."),
        (["Noise||High|1|first"], "Line 1: the rank is “first”."),
        (["Noise||High|1|2.5"], "Line 1: the rank is “2.5”."),
        (["Noise||High|1|-1"], "Line 1: the rank is “-1”."),
        (["Noise||High|1|99999999999999999999"], "Line 1: the rank is “99999999999999999999”."),
        (["Noise||High|1|١"], "Line 1: the rank is “١”."),
        (["Noise||High|0|1"], "Line 1: the level is “0”. Enter a whole number from 1 to 20"),
        (["Noise||High|top|1"], "Line 1: the level is “top”."),
        (["Noise|||1|1"], "Line 1: level 1 without a tier. Name the tier in front of its level."),
        (["Noise||High|1|1", "Dust||High|1|1"], "Line 2: rank 1 is given a second time. It stands in line 1 as well."),
        (["Noise||High|1", "Dust||High|2"], "Line 2: the tier “High” has level 2 here and level 1 in line 1."),
        (["Noise||High|1", "Dust||Low|1"], "Line 2: level 1 is “Low” here and another tier in line 1."),
        (["Noise||High|1", "Dust||Low"], "Line 2: no line gives the level of the tier “Low”, as others do."),
        (["x" * 301], "Line 1: the name has 301 characters, and 300 fit."),
        ([f"Noise|{'x' * 121}"], "Line 1: the category has 121 characters, and 120 fit."),
        ([f"Noise||{'x' * 81}"], "Line 1: the tier has 81 characters, and 80 fit."),
        ([f"Issue {n}||{n}. place" for n in range(21)], "These are 21 different tiers; no list has more than 20."),
        ([], "Give at least one issue, one per line."),
        (["Noise"] * 10_000, "These are 10,000 lines. A peer's list has at most 500 issues"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_list_is_named_and_nothing_is_entered(
    assessment: Assessment, lines: Sequence[str], message: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        enter(assessment, *lines)
    assert list(caught.value.message_dict) == ["lines"]
    assert any(message in said for said in caught.value.messages), caught.value.messages
    assert not Peer.objects.exists()


def test_mistakes_are_named_together_and_not_by_the_hundred() -> None:
    with pytest.raises(ValidationError) as caught:
        checked_list([line("Noise||High|1|x")] * 100)
    assert len(caught.value.messages) == 21
    assert caught.value.messages[-1] == "179 more mistakes follow."


def test_lines_are_named_as_they_stood_where_empty_ones_were_between() -> None:
    issues = [NewPeerIssue("Noise", line=2), NewPeerIssue("Noise", line=7)]
    with pytest.raises(ValidationError, match="Line 7: “Noise” is given a second time"):
        checked_list(issues)


def test_a_mistake_in_a_change_leaves_the_peer_as_it_was(assessment: Assessment) -> None:
    mill = enter(assessment, "Noise")
    with pytest.raises(ValidationError):
        enter(assessment, "Dust||High|1|x", company="Paper Mill", peer=mill)
    assert (Peer.objects.get().company, [row[0] for row in rows(mill)]) == ("Mill", ["Noise"])


@pytest.mark.parametrize(("field", "value"), [("company", " "), ("reporting_period", ""), ("link", "javascript:x")])
def test_a_peer_with_a_wrong_text_is_refused_at_its_field(assessment: Assessment, field: str, value: str) -> None:
    with pytest.raises(ValidationError) as caught:
        enter(assessment, "Noise", **{field: value})
    assert list(caught.value.message_dict) == [field]


def test_the_longest_texts_are_those_of_the_columns() -> None:
    assert {name: PeerIssue._meta.get_field(name).max_length for name in LONGEST} == LONGEST


def test_as_many_issues_as_there_may_be_are_entered(assessment: Assessment) -> None:
    mill = enter(assessment, *[f"Issue {n}" for n in range(MOST_PEER_ISSUES)])
    assert mill.issues.count() == MOST_PEER_ISSUES


def test_a_removed_peer_takes_what_was_said_about_it(assessment: Assessment) -> None:
    mill = enter(assessment, "Noise")
    match_peer_issues(assessment=assessment, holdings=[holding(assessment, mill, "Noise")], issue=None)
    remove_peer(assessment=assessment, peer=mill)
    assert not Peer.objects.exists()
    assert not PeerMatch.objects.exists()


def test_what_was_said_of_a_line_that_is_gone_goes_with_it(assessment: Assessment) -> None:
    mill = enter(assessment, "Noise", "Dust")
    for name in ("Noise", "Dust"):
        match_peer_issues(assessment=assessment, holdings=[holding(assessment, mill, name)], issue=None)
    enter(assessment, "Dust", peer=mill)
    assert [match.peer_issue for match in PeerMatch.objects.all()] == ["Dust"]


# --- which of ours it is ----------------------------------------------------------------------------------
def test_what_is_said_decides_until_it_is_taken_back(assessment: Assessment) -> None:
    dust = IssueFactory(assessment=assessment, name="Dust")
    mill = enter(assessment, "Engines")
    engines = holding(assessment, mill, "Engines")
    match_peer_issues(assessment=assessment, holdings=[engines], issue=dust)
    assert not compare_with(assessment, [engines.peer]).gaps
    match_peer_issues(assessment=assessment, holdings=[engines], issue=None)
    assert len(compare_with(assessment, [engines.peer]).gaps) == 1
    forget_match(assessment=assessment, holdings=[engines])
    assert not PeerMatch.objects.exists()


def test_what_is_said_of_a_merged_issue_is_said_of_the_one_it_went_into(assessment: Assessment) -> None:
    kept = IssueFactory(assessment=assessment, name="Dust")
    merged = IssueFactory(assessment=assessment, name="Powder", standing=Standing.MERGED, merged_into=kept)
    mill = enter(assessment, "Engines")
    match_peer_issues(assessment=assessment, holdings=[holding(assessment, mill, "Engines")], issue=merged)
    assert PeerMatch.objects.get().issue == kept


def test_an_issue_that_is_merged_later_hands_on_what_was_said(assessment: Assessment) -> None:
    kept, merged = (IssueFactory(assessment=assessment, name=name) for name in ("Dust", "Powder"))
    mill = enter(assessment, "Engines")
    match_peer_issues(assessment=assessment, holdings=[holding(assessment, mill, "Engines")], issue=merged)
    merged.standing, merged.merged_into = Standing.MERGED, kept
    merged.save()
    (row,) = compare_with(assessment, [find_peer(assessment, str(mill.pk))]).rows
    assert (row.issue.name, row.issue.also, row.held) == ("Dust", ("Powder",), 1)


def test_an_issue_of_another_assessment_is_refused(assessment: Assessment) -> None:
    mill = enter(assessment, "Engines")
    with pytest.raises(ValidationError, match="of another assessment"):
        match_peer_issues(assessment=assessment, holdings=[holding(assessment, mill, "Engines")], issue=IssueFactory())


def test_a_question_offers_the_likely_issues_first(assessment: Assessment) -> None:
    for name in ("Dust", "Water", "Data privacy"):
        IssueFactory(assessment=assessment, name=name)
    mill = enter(assessment, "Privacy of personal data")
    question = question_about(assessment, [f"{mill.pk}:Privacy of personal data"])
    assert [issue.name for issue in question.likely] == ["Data privacy"]
    assert {issue.name for issue in question.others} == {"Dust", "Water"}
    assert question.answer is None


@pytest.mark.parametrize("keys", [[], ["nobody:Noise"], ["qifu-2022:Unicorns"], ["qifu-2022"]])
def test_a_question_about_nothing_is_refused(assessment: Assessment, keys: list[str]) -> None:
    with pytest.raises(PeerNotFound):
        question_about(assessment, keys)


# --- taking over ------------------------------------------------------------------------------------------
def test_what_we_lack_becomes_an_issue_with_a_mention_of_each_peer(assessment: Assessment, house: House) -> None:
    mill = enter(assessment, "Noise at night||High|1|1", link="https://example.org/mill")
    yard = enter(assessment, "Night noise|Environmental|Low|2|9", company="Yard")
    holdings = [holding(assessment, mill, "Noise at night"), holding(assessment, yard, "Night noise")]
    issue = take_over(assessment=assessment, holdings=holdings, by=house.analyst)
    assert (issue.name, issue.category, issue.standing) == ("Noise at night", "Environmental", Standing.LISTED)
    assert [(mention.kind, mention.source, mention.link) for mention in issue.mentions.order_by("id")] == [
        (SourceKind.PEERS, "Mill 2022, rank 1, High", "https://example.org/mill"),
        (SourceKind.PEERS, "Yard 2022, rank 9, Low", ""),
    ]


def test_a_published_case_is_cited_with_rank_and_tier(assessment: Assessment) -> None:
    issue = take_over(assessment=assessment, holdings=[holding(assessment, "qifu-2022", "Risk Management")])
    assert issue.mentions.get().source == "QiFu Technology 2022, rank 7, Highly important"


def test_what_was_taken_over_is_not_lacking_whatever_it_is_called_later(assessment: Assessment) -> None:
    mill = enter(assessment, "Noise")
    issue = take_over(assessment=assessment, holdings=[holding(assessment, mill, "Noise")])
    issue.name = "Quiet nights"
    issue.save()
    assert not compare_with(assessment, [find_peer(assessment, str(mill.pk))]).gaps


def test_what_is_none_of_ours_can_be_taken_over_later(assessment: Assessment) -> None:
    mill = enter(assessment, "Noise")
    noise = holding(assessment, mill, "Noise")
    match_peer_issues(assessment=assessment, holdings=[noise], issue=None)
    issue = take_over(assessment=assessment, holdings=[noise])
    assert PeerMatch.objects.get().issue == issue


def test_a_name_that_is_taken_is_refused_with_nothing_half_done(assessment: Assessment) -> None:
    IssueFactory(assessment=assessment, name="Noise")
    mill = enter(assessment, "Noise")
    with pytest.raises(ValidationError, match="already in the list"):
        take_over(assessment=assessment, holdings=[holding(assessment, mill, "Noise")])
    assert not PeerMatch.objects.exists()


def test_after_the_survey_opened_what_is_taken_over_waits(assessment: Assessment) -> None:
    mill = enter(assessment, "Noise")
    set_phase(assessment=assessment, phase=Phase.SURVEY)
    issue = take_over(assessment=assessment, holdings=[holding(assessment, mill, "Noise")])
    assert issue.standing == Standing.NEXT


# --- how much is asked ------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 3])
def test_a_comparison_asks_as_much_for_three_as_for_one(
    assessment: Assessment, count: int, django_assert_num_queries
) -> None:
    for number in range(count):
        IssueFactory(assessment=assessment, name=f"Issue {number}")
        made = PeerFactory(organisation=assessment.organisation)
        PeerIssueFactory.create_batch(count, peer=made)
    # Peers and their issues; our issues, and what was said.
    with django_assert_num_queries(4):
        compare_with(assessment, peers_of(assessment))


def test_our_issues_are_all_but_the_merged(assessment: Assessment) -> None:
    kept = IssueFactory(assessment=assessment, name="Dust", standing=Standing.LEFT_OUT)
    IssueFactory(assessment=assessment, name="Powder", standing=Standing.MERGED, merged_into=kept)
    IssueFactory(assessment=assessment, name="Noise", standing=Standing.NEXT)
    assert [(issue.name, issue.standing, issue.also) for issue in own_issues(assessment)] == [
        ("Dust", "left-out", ("Powder",)), ("Noise", "next", ()),
    ]  # fmt: skip
