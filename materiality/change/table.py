"""The comparison as a table for a CSV file, with every number that the page shows."""

from materiality.change.comparison import Comparison, Then
from materiality.change.years import Place, Year
from materiality.scoring.change import Difference, Estimate
from scoping.wording import listed
from tables.writing import Cell, Table, csv_bytes


def changes_csv(comparison: Comparison) -> bytes:
    """The table as a file."""
    return csv_bytes(changes_table(comparison))


def changes_table(comparison: Comparison) -> Table:
    """One row per issue, this year's by rank, then those that were dropped. Several predecessors share a cell."""
    before, now = comparison.before, comparison.now
    header = ["Code", "Issue", "Relation"]
    for year in (before, now):
        header += [f"{year.period}: {what}" for what in ("rank", "tier", "priority")]
    header.insert(3, f"Issues in {before.period}")
    decided = [year for year in (before, now) if year.decided]
    limits = f"{float(now.choice('interval')) * 100:.0f} %"
    unit = " (share of the scale)" if comparison.measure == "share" else ""
    header += ["Ranks gained", f"Ranks gained, low, {limits}", f"Ranks gained, high, {limits}"]
    header += [f"Change of priority{unit}", f"Change of priority, low, {limits}", f"Change of priority, high, {limits}"]
    header += ["p-value", "p-value adjusted for all moves", "Verdict"]
    header += ["Probability of a higher tier", "Probability of the same tier", "Probability of a lower tier"]
    header += [f"{year.period}: computed tier, where another was given by decision" for year in decided]
    simulated = [f"Simulated answers in {year.period}" for year in (before, now) if year.simulated]
    rows: list[list[Cell]] = []
    for row in comparison.rows:
        cells: list[Cell] = [row.code, row.name, row.relation.value, listed([then.name for then in row.before])]
        cells += [*_then(row.before, before), *_place(row.now, now)]
        move = row.priority
        cells += [*_gained(row.ranks), *_move(move.difference if move else None)]
        cells += [move.difference.p_value, move.adjusted, move.verdict.value] if move else [None, None, ""]
        cells += [row.tiers.higher, row.tiers.same, row.tiers.lower] if row.tiers else [None, None, None]
        told = {before.period: [then.place for then in row.before], now.period: [row.now]}
        cells += [
            listed([place.computed for place in told[year.period] if place and place.computed]) or None
            for year in decided
        ]
        rows.append([*cells, *(year.simulated for year in (before, now) if year.simulated)])
    return Table("Changes", [*header, *simulated], rows)


def _place(place: Place | None, year: Year) -> list[Cell]:
    """Rank, name of the tier and priority."""
    if place is None:
        return [None, None, None]
    tier = None if place.tier is None else year.tiers[place.tier]
    return [_rank(place.rank), tier, place.priority.value if place.priority else None]


def _then(issues: tuple[Then, ...], year: Year) -> list[Cell]:
    """The same of what an issue continues; of several, in one text each."""
    places = [_place(then.place, year) for then in issues]
    if len(places) == 1:
        return places[0]
    return [listed([_text(cell) for cell in column]) or None for column in zip(*places, strict=True)] or [None] * 3


def _text(cell: Cell) -> str:
    return "-" if cell is None else f"{cell:.2f}" if isinstance(cell, float) else str(cell)


def _rank(rank: Estimate | None) -> int | None:
    return None if rank is None else round(rank.value)


def _gained(ranks: Difference | None) -> list[Cell]:
    """As the page says it: up is positive, though rank 1 is the highest."""
    if ranks is None:
        return [None, None, None]
    low, high = ranks.interval or (None, None)
    return [_turned(ranks.value), _turned(high), _turned(low)]


def _turned(number: float | None) -> float | None:
    return -number if number else number


def _move(move: Difference | None) -> list[Cell]:
    return [move.value, *(move.interval or (None, None))] if move else [None, None, None]
