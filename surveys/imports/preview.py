"""A plan as text: what becomes what. The same for a dry run and before an import."""

from collections.abc import Iterator, Sequence

from surveys.imports.plan import ImportPlan
from tables.problems import shorten

# What one reads through; the rest is counted.
MAX_READINGS = 30


def preview(plan: ImportPlan, *, notices: Sequence[str] = ()) -> str:
    """The plan for a terminal, with the notices that its place in an assessment adds."""
    return "\n".join(_lines(plan, (*plan.notices, *notices)))


def _lines(plan: ImportPlan, notices: Sequence[str]) -> Iterator[str]:
    low, high = plan.scale
    yield plan.file_name
    yield f"  {plan.reading_facts}"
    yield ""
    yield f"{plan.respondents:,} respondents in {_counted(len(plan.groups), 'stakeholder group')}"
    width = max(len(group.name) for group in plan.groups)
    for group in plan.groups:
        side = "internal" if group.internal else "external"
        yield f"  {group.name:<{width}}  {side}  {group.respondents:>9,}"
    yield ""
    yield f"{_counted(len(plan.items), 'issue')}, rated {low} to {high}"
    names = [shorten(item.name, 80) for item in plan.items]
    width = max(map(len, names))
    for name, item in zip(names, plan.items, strict=True):
        yield f"  {name:<{width}}  column {item.column:<3}  {item.answers:>9,} answers"
    yield ""
    yield "Answers are read as"
    shown = plan.readings[:MAX_READINGS]
    texts = [f'"{shorten(reading.text, 60)}"' for reading in shown]
    width = max(map(len, texts), default=0)
    for text, reading in zip(texts, shown, strict=True):
        times = "time" if reading.times == 1 else "times"
        yield f"  {text:<{width}}  {reading.rating or 'no answer'!s:<9}  {reading.times:>9,} {times}"
    if len(plan.readings) > len(shown):
        yield f"  and {len(plan.readings) - len(shown):,} other texts"
    for left in plan.left_out:
        more = ", ..." if left.rows > len(left.first) else ""
        rows = "row" if left.rows == 1 else "rows"
        yield f"Left out: {left.rows:,} {rows}: {left.reason} ({rows} {', '.join(map(str, left.first))}{more})"
    for notice in notices:
        yield f"Note: {notice}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
