"""Presets fit where what they are named after can be done, and say what to change elsewhere."""

import pytest

from materiality.presets import BEFORE, PRESETS, method_before, offered, offers_for
from materiality.scoring.weights import GroupFacts
from materiality.services import Choice, TierScope

KNOWN = [GroupFacts("Staff", headcount=40)]
UNKNOWN = [GroupFacts("Staff"), GroupFacts("Press", given=0)]


def scope(*sizes: int | None, tiers: int = 0, issues: int = 18, scale: tuple[int, int] = (1, 5)) -> TierScope:
    names = tuple(f"Tier {number}" for number in range(len(sizes) or tiers))
    return TierScope(names, tuple(size for size in sizes if size is not None), issues, scale)


def fits(preset: str, found: TierScope, facts: list[GroupFacts] = KNOWN) -> Choice | None:
    return offered(preset, offers_for(found, facts))


@pytest.mark.parametrize(
    ("preset", "found", "choice"),
    [
        ("usual", scope(tiers=3), Choice()),
        ("qifu-2022", scope(9, 7, 2), Choice(rule="counts")),
        ("atrenew-2021", scope(7, 11, 2, issues=20), Choice(rule="counts")),
        ("uxin-2022", scope(tiers=1), Choice(rule="quantiles")),
        ("distance", scope(tiers=4), Choice(priority="distance", rule="quantiles")),
        ("both-sides", scope(tiers=2), Choice(priority="min", rule="axis_cut_offs", cuts=("3",))),
        ("either-side", scope(tiers=4, scale=(1, 9)), Choice("max", "cut_offs", ("7", "5", "3"))),
        ("all-people", scope(tiers=3), Choice(weights="headcount", finite_population=True)),
    ],
)
def test_where_a_preset_fits_it_fills_in_its_choice(preset: str, found: TierScope, choice: Choice) -> None:
    assert fits(preset, found) == choice


@pytest.mark.parametrize(
    ("preset", "found", "words"),
    [
        ("qifu-2022", scope(9, 7, 2, issues=20), "It parts 18 issues; this list has 20."),
        ("qifu-2022", scope(2, 7, 9), "Give the tiers the sizes 9 / 7 / 2 first."),
        ("qifu-2022", scope(9, 7, None), "Give the tiers the sizes 9 / 7 / 2 first."),
        ("uxin-2022", scope(tiers=3), "1 instead of 3"),
        ("distance", scope(tiers=3), "4 instead of 3"),
        ("either-side", scope(tiers=1), "It needs two tiers or more."),
    ],
)
def test_where_a_preset_does_not_fit_it_is_no_click_and_says_why(preset: str, found: TierScope, words: str) -> None:
    offer = next(one for one in offers_for(found, KNOWN) if one.preset.slug == preset)
    assert offer.choice is None
    assert words in offer.obstacle
    assert offer.page == "scoping:tiers"


def test_the_method_of_the_period_before_comes_first_where_its_cut_offs_fit() -> None:
    before = method_before("2021", Choice(rule="cut_offs", cuts=("4", "3"), cannot_judge="lowest"))
    fitting, elsewhere = (offers_for(scope(tiers=tiers), KNOWN, before)[0] for tiers in (3, 4))
    assert (fitting.preset.slug, fitting.preset.name, fitting.choice) == (BEFORE, "As in 2021", before.choice)
    assert elsewhere.choice is None
    assert "It has 2 cut-offs, which part 3 tiers; here there are 4." in elsewhere.obstacle


def test_headcounts_are_asked_for_only_of_groups_that_count() -> None:
    offer = next(one for one in offers_for(scope(tiers=3), UNKNOWN) if one.preset.slug == "all-people")
    assert (offer.choice, offer.obstacle) == (None, "Enter the headcount of Staff first.")


def test_no_two_presets_have_one_name() -> None:
    assert len({preset.slug for preset in PRESETS}) == len({preset.name for preset in PRESETS}) == len(PRESETS)
    assert fits("nothing-of-the-kind", scope(tiers=3)) is None
