"""Results and response rates to draw as rows: those that real surveys give, and those that break drawings."""

from collections.abc import Sequence
from typing import Any

from figures.rates import Asked, GroupRate, RatesFigure
from figures.wording import ENGLISH, Wording
from tests.figures.sample_results import CHINESE_NAMES, LONG_NAMES, QIFU, Row, qifu, results_of

GROUPS = ("Staff", "Shareholders", "Clients", "Suppliers", "Regulators", "Community")
HARD_NAMES = [
    "A very long name that somebody pasted from a report without looking at it " * 4,
    "供应链中的人权尽职调查、负责任采购以及对高风险供应商的现场审核与能力建设（包括矿产来源）" * 3,
    "حقوق الإنسان في سلسلة التوريد",
    "Climate 🌍 and energy 🔋",
    "Scope $x_1^2$ emissions \\frac{1}{2} 100 %",
    "<script>alert('1')</script> & \"quoted\" ]]>",
    '=HYPERLINK("http://example.org")',
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
]


def with_groups(results: dict[str, Any], groups: Sequence[str] = GROUPS, *, answers: int = 40) -> dict[str, Any]:
    """`results` with groups that rate around the scores of their axis; the first third is internal."""
    inside = max(len(groups) // 3, 1)
    results["minimum_group"] = 5
    results["stakeholder_groups"] = [
        {"code": f"g{place}", "name": name, "side": "internal" if place < inside else "external", "n": answers}
        for place, name in enumerate(groups)
    ]
    low, high = results["scale"]
    for row, issue in enumerate(results["issues"]):
        score = issue["priority"] or 3.0
        issue["priority_interval"] = [score - 0.1, score + 0.1]
        issue["contested"] = row % 7 == 3
        issue["groups"] = {
            name: {"mean": min(max(score + ((row * 7 + place * 3) % 9 - 4) * 0.15, low), high), "n": answers}
            for place, name in enumerate(groups)
        }
    return results


def decided(results: dict[str, Any], place: int = 10) -> dict[str, Any]:
    """The issue at `place` stands in the highest tier by decision."""
    issue = results["issues"][place]
    issue["decision"] = {"tier": "High", "reason": "R", "on": "2022-01-01", "computed_tier": issue["tier"]}
    issue["tier"] = results["tiers"][0]["name"]
    return results


def withheld(results: dict[str, Any]) -> dict[str, Any]:
    """The second group is not told of some issues, and rated one not at all."""
    name = results["stakeholder_groups"][1]["name"]
    results["stakeholder_groups"][1]["n"] = 3
    for issue in results["issues"][:4]:
        issue["groups"][name] = {"mean": None, "n": None, "hidden": True}
    results["issues"][-1]["groups"][name] = {"mean": None, "n": 0}
    return results


def many(count: int, names: Sequence[str] = LONG_NAMES) -> dict[str, Any]:
    rows: list[Row] = [
        (f"i{n}", f"{names[n % len(names)]} {n}", 5 - 4 * n / count, 5 - 4 * n / count, 0.1, 0.1) for n in range(count)
    ]
    return results_of(rows, boundaries=(4.0, 2.5))


def hard() -> dict[str, Any]:
    rows: list[Row] = [(f"i{n}", name, 4.0, 4.0, 0.1, 0.1) for n, name in enumerate(HARD_NAMES)]
    return results_of(rows, boundaries=(3.0,), tiers=("High " * 40, "Low"))


RESULTS = {
    "QiFu": lambda: with_groups(qifu()),
    "decided": lambda: with_groups(decided(qifu())),
    "withheld": lambda: withheld(with_groups(qifu())),
    "one": lambda: with_groups(results_of([("a", "Water", 4.0, 3.5, 0.1, 0.1)]), ["Staff"]),
    "500": lambda: with_groups(many(500)),
    "long names": lambda: with_groups(many(30), LONG_NAMES[:8]),
    "hard names": lambda: with_groups(hard(), HARD_NAMES),
    "Chinese": lambda: with_groups(many(6, CHINESE_NAMES), ["员工", "客户", "供应商", "政府及监管机构"]),
    "without tiers": lambda: with_groups(results_of([(code, name, x, y, 0.1, 0.1) for code, name, x, y, *_ in QIFU])),
    "30 groups": lambda: with_groups(qifu(), [f"Group number {n}" for n in range(30)]),
    "0 to 100": lambda: with_groups(
        results_of([("a", "A", 80.0, 70.0, 1, 1), ("b", "B", 2.0, 1.0, 1, 1)], scale=(0, 100), boundaries=(50.0,))
    ),
}

RATED = (
    GroupRate("Staff", True, 412, 520, Asked.INVITED),
    GroupRate("Shareholders", True, None, 40, Asked.INVITED),
    GroupRate("Clients", False, 1204, 4200, Asked.PEOPLE),
    GroupRate("Government and regulatory agencies of all the provinces where we work", False, 0, 12, Asked.INVITED),
    GroupRate("Community", False, 75),
    GroupRate("Suppliers", False, None),
    GroupRate("Environmental organisations", False, 30, 31, Asked.PEOPLE, "all"),
)
UNRATED = tuple(
    GroupRate(one.name, one.internal, one.answered, simulated="all" if one.answered else "none") for one in RATED
)


def rates_of(groups: Sequence[GroupRate] = RATED, words: Wording = ENGLISH) -> RatesFigure:
    return RatesFigure("Example Ltd., 2022", tuple(groups), 5, words)


RATES = {
    "asked": lambda: rates_of(),
    "not asked": lambda: rates_of(UNRATED),
    "one": lambda: rates_of([GroupRate("Staff", True, 7)]),
    "nobody yet": lambda: rates_of([GroupRate("Staff", True, 0), GroupRate("Clients", False, 0)]),
    "only too few": lambda: rates_of([GroupRate("Staff", True, None)]),
    "hard names": lambda: rates_of([GroupRate(name, False, 40, 90, Asked.INVITED) for name in HARD_NAMES]),
    "200 groups": lambda: rates_of([GroupRate(f"Group {n}", False, n + 5, 900, Asked.PEOPLE) for n in range(200)]),
}
