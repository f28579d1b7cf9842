"""How much each benchmark does: the size that its bar is about, and a small one that shows that it works."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """How much one assessment holds."""

    issues: int
    groups: int
    contacts: int


@dataclass(frozen=True)
class Size:
    """`few`, `many` and `most` are respondents; `submits` is answers sent per measurement; `pairs` is even."""

    few: int
    many: int
    most: int
    pairs: int
    draws: int
    submits: int
    seeds: tuple[int, ...]
    scope: Scope


ITEMS = 40
GROUPS = 8
FULL = Size(
    few=10_000, many=1_000_000, most=10_000_000, pairs=8, draws=2_000, submits=600, seeds=(1, 2, 3, 2022, 31337),
    scope=Scope(issues=500, groups=50, contacts=20_000),
)  # fmt: skip
QUICK = Size(
    few=400, many=2_000, most=12_000, pairs=2, draws=50, submits=24, seeds=(2022,),
    scope=Scope(issues=50, groups=6, contacts=200),
)  # fmt: skip
