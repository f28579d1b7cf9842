"""Ratios, bars and turns of the benchmark harness."""

import pytest

from benchmarks.comparison import Bar, Outcome, count, seconds, take_turns


def outcome(ratio: float, bar: Bar) -> Outcome:
    return Outcome("sending", 6.0, "a peer", 3.0, "s", ratio, bar)


@pytest.mark.parametrize(
    ("bar", "ratio", "holds"),
    [
        (Bar("<=", 3), 3.0, True),
        (Bar("<=", 3), 3.01, False),
        (Bar("<", 1.5), 1.5, False),
        (Bar("<", 1.5), 1.49, True),
        (Bar(">=", 0.8), 0.8, True),
        (Bar(">=", 0.8), 0.79, False),
        (Bar("=", 1), 1.0, True),
        (Bar("=", 1), 17 / 18, False),
    ],
)
def test_a_bar_holds_up_to_its_value(bar: Bar, ratio: float, holds: bool) -> None:
    assert outcome(ratio, bar).holds is holds


def test_an_unknown_bar_is_refused() -> None:
    with pytest.raises(ValueError, match="'=>'"):
        Bar("=>", 3)


def test_the_line_for_others_has_the_promised_keys() -> None:
    assert outcome(2.0, Bar("<=", 3)).to_dict() == {
        "name": "sending",
        "ours": 6.0,
        "against": "a peer (s)",
        "reference": 3.0,
        "ratio": 2.0,
        "bar": "<= 3",
        "holds": True,
    }


def test_a_count_is_ours_to_the_reference() -> None:
    assert count(name="x", ours=3, against="y", reference=5, unit="z", bar=Bar("<", 1)).ratio == 0.6


def turns(ours: list[float], reference: list[float], pairs: int, warm_ups: int = 0) -> tuple[Outcome, str]:
    """The outcome of measurements given in advance, and who was measured in which order."""
    order: list[str] = []

    def measured(name: str, values: list[float]) -> float:
        order.append(name)
        return values.pop(0)

    found = take_turns(
        name="sending",
        ours=lambda: measured("o", ours),
        against="a peer",
        reference=lambda: measured("r", reference),
        unit="s",
        bar=Bar("<=", 3),
        pairs=pairs,
        warm_ups=warm_ups,
    )
    return found, "".join(order)


def test_the_ratio_is_the_median_of_the_pairs_ratios() -> None:
    # The second pair fell into a slow minute: the ratio of the medians would be 2 / 1.
    found, _ = turns([2.0, 30.0, 1.5], [1.0, 10.0, 0.5], pairs=3)
    assert found.ratio == 3.0


def test_both_sides_report_their_medians() -> None:
    found, _ = turns([2.0, 30.0, 1.5], [1.0, 10.0, 0.5], pairs=3)
    assert (found.ours, found.reference) == (2.0, 1.0)


def test_who_goes_first_changes_from_pair_to_pair() -> None:
    _, order = turns([1.0] * 4, [1.0] * 4, pairs=4)
    assert order == "orroorro"


def test_warming_up_does_not_count() -> None:
    found, _ = turns([100.0, 2.0], [1.0, 1.0], pairs=1, warm_ups=1)
    assert found.ratio == 2.0


def test_nothing_is_measured_without_a_pair() -> None:
    with pytest.raises(ValueError, match="not 0"):
        turns([], [], pairs=0)


def test_seconds_does_the_work_once() -> None:
    done: list[int] = []
    assert seconds(lambda: done.append(1))() >= 0
    assert done == [1]
