"""Our list beside those of peers: which issues are the same, what we lack, and what it comes to. No database."""

import pytest

from scoping.models import Standing
from scoping.peers import (
    LEFT_OUT,
    LISTED,
    Comparison,
    OwnIssue,
    PeerList,
    PeerListIssue,
    compare,
    findings,
    tiers_of,
)

TIERS = {1: "High", 2: "Medium", 3: "Low"}


def own(*names: str, standing: str = LISTED) -> list[OwnIssue]:
    return [OwnIssue(name.lower().replace(" ", "-"), name, standing) for name in names]


def peer(key: str, *issues: tuple[str, int | None, int | None] | str) -> PeerList:
    """A peer with issues of a name, a level and a rank; a name alone is listed without either."""
    rows = [(issue, None, None) if isinstance(issue, str) else issue for issue in issues]
    listed = tuple(
        PeerListIssue(name, tier=TIERS.get(level or 0, ""), level=level, levels=3 if level else 0, rank=rank)
        for name, level, rank in rows
    )
    return PeerList(key, key.title(), "2022", "", listed, built_in=False, tiers=tiers_of(listed))


def cells(comparison: Comparison) -> list[list[list[str]]]:
    return [[[holding.issue.name for holding in cell] for cell in row.cells] for row in comparison.rows]


def gaps(comparison: Comparison) -> list[list[str]]:
    return [[holding.key for holding in gap.holdings] for gap in comparison.gaps]


# --- which are the same -----------------------------------------------------------------------------------
def test_names_decide_which_issues_are_the_same() -> None:
    found = compare(own("Water use", "Data privacy"), [peer("mill", "Privacy and data security", "Noise")], {})
    assert cells(found) == [[[]], [["Privacy and data security"]]]
    assert gaps(found) == [["mill:Noise"]]


def test_the_name_of_a_merged_issue_counts_for_the_one_it_went_into() -> None:
    kept = OwnIssue("water", "Water", LISTED, also=("Blasting",))
    assert cells(compare([kept], [peer("mill", "Blasting")], {})) == [[["Blasting"]]]


def test_what_was_said_by_hand_goes_before_the_names() -> None:
    ours = own("Noise", "Dust")
    found = compare(ours, [peer("mill", "Noise")], {("mill", "Noise"): "dust"})
    assert cells(found) == [[[]], [["Noise"]]]
    assert found.rows[1].cells[0][0].by_hand


def test_none_of_ours_by_hand_makes_it_one_that_we_lack() -> None:
    found = compare(own("Noise"), [peer("mill", "Noise")], {("mill", "Noise"): None})
    assert (cells(found), gaps(found)) == ([[[]]], [["mill:Noise"]])


def test_what_was_said_of_one_peer_does_not_touch_another() -> None:
    found = compare(own("Noise"), [peer("mill", "Noise"), peer("yard", "Noise")], {("mill", "Noise"): None})
    assert cells(found) == [[[], ["Noise"]]]


def test_what_was_said_of_an_issue_that_is_gone_leaves_it_to_the_names() -> None:
    found = compare(own("Noise"), [peer("mill", "Noise")], {("mill", "Noise"): "gone"})
    assert cells(found) == [[["Noise"]]]
    assert not found.rows[0].cells[0][0].by_hand


def test_two_issues_of_a_peer_may_be_one_of_ours() -> None:
    decided = {("mill", "Engines"): "noise", ("mill", "Horns"): "noise"}
    assert cells(compare(own("Noise"), [peer("mill", "Engines", "Horns")], decided)) == [[["Engines", "Horns"]]]


@pytest.mark.parametrize("ours", [[], own("Noise")])
def test_without_peers_there_is_nothing_beside_ours(ours: list[OwnIssue]) -> None:
    found = compare(ours, [], {})
    assert (len(found.rows), found.gaps) == (len(ours), ())


def test_an_empty_list_of_ours_lacks_everything() -> None:
    assert gaps(compare([], [peer("mill", "Noise", "Dust")], {})) == [["mill:Noise"], ["mill:Dust"]]


# --- what we lack -----------------------------------------------------------------------------------------
def test_the_same_issue_of_two_peers_is_one_that_we_lack() -> None:
    found = compare([], [peer("mill", "Data privacy"), peer("yard", "Privacy protection and data security")], {})
    assert gaps(found) == [["mill:Data privacy", "yard:Privacy protection and data security"]]


def test_two_like_issues_of_one_peer_stay_two() -> None:
    assert len(compare([], [peer("mill", "Data privacy", "Privacy protection and data security")], {}).gaps) == 2


def test_what_is_held_high_most_widely_comes_first() -> None:
    mill = peer("mill", ("Dust", 3, 3), ("Noise", 2, 2), ("Charity", 1, 1))
    yard = peer("yard", ("Charity", 2, 2), ("Noise", 1, 1), ("Taxes", 1, 3))
    shop = peer("shop", ("Noise", 1, 2), "Pets", ("Wood", 2, 1))
    found = compare([], [mill, yard, shop], {})
    assert [(gap.name, gap.high) for gap in found.gaps] == [
        ("Noise", 2), ("Charity", 1), ("Taxes", 1), ("Wood", 0), ("Dust", 0), ("Pets", 0),
    ]  # fmt: skip


def test_the_highest_holding_names_what_we_lack() -> None:
    mill, yard = peer("mill", ("Data privacy", 3, 9)), peer("yard", ("Privacy protection and data security", 1, 1))
    assert compare([], [mill, yard], {}).gaps[0].name == "Privacy protection and data security"


def test_what_we_lack_has_the_first_category_that_a_peer_gives() -> None:
    with_category = PeerListIssue("Noise", category="Environmental")
    other = PeerList("yard", "Yard", "2022", "", (with_category,), built_in=False)
    assert compare([], [peer("mill", "Noise"), other], {}).gaps[0].category == "Environmental"


def test_a_row_counts_who_has_it_and_who_holds_it_high() -> None:
    peers = [peer("mill", ("Noise", 1, 1)), peer("yard", ("Noise", 2, 4)), peer("shop", "Noise"), peer("pond", "Dust")]
    (row,) = compare(own("Noise"), peers, {}).rows
    assert (row.held, row.high) == (3, 1)


# --- how it is said ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("issue", "words"),
    [
        (PeerListIssue("Noise", tier="Highly important", level=1, rank=7), "rank 7, Highly important"),
        (PeerListIssue("Noise", tier="Highly important", level=1), "Highly important"),
        (PeerListIssue("Noise", rank=7), "rank 7"),
        (PeerListIssue("Noise"), "listed"),
        (PeerListIssue("Noise", levels=3), "listed"),
        (PeerListIssue("Noise", reading="The category is ours."), "listed"),
        (PeerListIssue("Noise", levels=3, reading="Not printed: from a chapter."), "listed (a reading)"),
    ],
)
def test_the_standing_of_an_issue_in_words(issue: PeerListIssue, words: str) -> None:
    assert issue.standing == words


def test_what_lies_below_the_fifth_level_has_its_mark() -> None:
    assert [PeerListIssue("Noise", level=level).mark for level in (None, 1, 5, 6, 20)] == [None, 1, 5, 5, 5]


def test_tiers_are_counted_highest_first() -> None:
    mill = peer("mill", ("Dust", 3, None), ("Noise", 1, None), ("Wood", 3, None), "Pets")
    assert [(tier.name, tier.count) for tier in mill.tiers] == [("High", 1), ("Low", 2)]


def test_a_peer_is_named_without_what_the_period_has_in_brackets() -> None:
    assert PeerList("mill", "Mill", "FY2022 (April to March)", "", (), built_in=True).name == "Mill FY2022"


def test_findings_name_what_peers_hold_high_and_we_do_not_ask_about() -> None:
    ours = [*own("Noise"), *own("Dust", standing=LEFT_OUT)]
    mill = peer("mill", ("Dust", 1, 2), ("Charity", 1, 3), ("Noise", 1, 1), ("Wood", 2, 4))
    yard = peer("yard", ("Charity", 1, 1))
    found = findings(compare(ours, [mill, yard], {}))
    assert found.missing == "Two issues that peers hold high are not on your short list: Charity and Dust (left out)."
    assert found.shared == "The one issue on your short list is held high by a peer: Noise."


def test_findings_name_what_we_share_with_most_peers() -> None:
    ours = own("Noise", "Dust", "Wood")
    mill, yard = peer("mill", ("Dust", 1, 2), ("Noise", 1, 1)), peer("yard", ("Dust", 1, 1), ("Wood", 2, 2))
    found = findings(compare(ours, [mill, yard], {}))
    assert found.shared == "Two of your three issues are held high by a peer: Dust and Noise; Dust by two of them."
    assert found.missing == "Everything that these peers hold high is on your list."


def test_findings_say_that_none_of_ours_is_held_high() -> None:
    found = findings(compare(own("Noise", "Dust"), [peer("mill", ("Dust", 2, 2), ("Wood", 1, 1))], {}))
    assert found.shared == "None of your two issues is held high by one of these peers."


def test_findings_say_who_names_no_tiers() -> None:
    found = findings(compare(own("Noise"), [peer("mill", "Noise"), peer("yard", ("Noise", 1, 1))], {}))
    assert found.without_tiers == ("Mill 2022 names no tiers, so what stands there counts as listed, not as high.")


def test_peers_without_tiers_hold_nothing_high() -> None:
    found = findings(compare(own("Noise"), [peer("mill", "Noise", "Dust")], {}))
    assert (found.missing, found.shared) == ("", "")


def test_a_finding_does_not_name_a_hundred_issues() -> None:
    names = ["Noise", "Dust", "Wood", "Charity", "Taxes", "Pets", "Lobbying", "Housing"]
    mill = peer("mill", *[(name, 1, None) for name in names])
    assert findings(compare([], [mill], {})).missing.endswith("Taxes, Pets and 2 more.")


def test_standings_are_called_as_in_the_database() -> None:
    assert (LISTED, LEFT_OUT) == (Standing.LISTED, Standing.LEFT_OUT)
