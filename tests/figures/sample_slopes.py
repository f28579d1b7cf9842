"""Slope charts to draw: those that real years give, and those that break drawings."""

from figures.slopes import LineKind, SlopeEnd, SlopeFigure, SlopeLine
from tests.figures.sample_results import LONG_NAMES, QIFU

NAMES = [name for _, name, *_ in QIFU]
CHINESE = ["合规运营", "产品质量保障", "创新与研发", "知识产权保护", "隐私与信息安全", "客户至上", "风险管理"]


def end(rank: int, name: str, tier: int | None = 0, *, alone: bool = False) -> SlopeEnd:
    return SlopeEnd(rank, name, tier, alone, f"#issue-{rank}", f"{name}: told")


def two_years(names: list[str], *, clear: int = 2, turn: int = 5) -> SlopeFigure:
    """The same names in both years, `turn` places on; the last one before is dropped, the last one now is new."""
    count = len(names)
    turned = [(number + turn) % (count - 1) for number in range(count - 1)]
    before = tuple(end(n + 1, name, min(n * 3 // count, 2), alone=n == count - 1) for n, name in enumerate(names))
    order = sorted(range(count - 1), key=lambda number: turned[number])
    now = [end(n + 1, names[number], min(n * 3 // count, 2)) for n, number in enumerate(order)]
    now.append(end(count, "An issue that nobody had on the list", 2, alone=True))
    lines = tuple(SlopeLine(number, n, _kind(n, clear)) for n, number in enumerate(order))
    return SlopeFigure("Example Ltd.", ("2021", "2022"), before, tuple(now), lines, ("High", "Moderate", "Minor"))


def _kind(number: int, clear: int) -> LineKind:
    return "clear" if number < clear else "part" if number == clear else "faint"


FIGURES = {
    "QiFu": lambda: two_years(NAMES),
    "long names": lambda: two_years(LONG_NAMES),
    "Chinese": lambda: two_years(CHINESE, turn=2),
    "one": lambda: SlopeFigure("One", ("2021", "2022"), (end(1, "A"),), (end(1, "A"),), (SlopeLine(0, 0, "clear"),)),
    "60": lambda: two_years([f"Issue number {n}" for n in range(60)]),
    "200": lambda: two_years([f"Issue number {n}" for n in range(200)]),
    "long periods": lambda: SlopeFigure(
        "One",
        ("FY2021 (April 2021 to March 2022, restated)", "FY2022 (April 2022 to March 2023, unaudited)"),
        (end(1, "A", None), end(1, "B", None)),
        (end(1, "B", None), end(2, "C", None, alone=True)),
        (SlopeLine(1, 0, "faint"),),
    ),
}
