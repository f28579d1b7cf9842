"""The ranking of a run as a CSV file."""

from typing import Any

from materiality.review.decided import computed_tier, decision_of
from tables.writing import Cell, Table, csv_bytes


def ranking(results: dict[str, Any]) -> Table:
    """One row per issue, best rank first, with every figure that the page shows.

    Where people gave a tier in place of the computed one, that stands beside it, with the day and the reason.
    """
    tiers = [tier["name"] for tier in results["tiers"]]
    published = any(issue["published"] for issue in results["issues"])
    decided = any(decision_of(issue) for issue in results["issues"])
    header = ["Rank", "Code", "Issue", "Category", "Tier"]
    header += ["Computed tier", "Decided on", "Reason of the decision"] if decided else []
    header += [
        "Priority",
        "Importance to the company",
        "Importance to stakeholders",
        "Answers",
        "Best rank, 90 %",
        "Worst rank, 90 %",
    ]
    probabilities = [f"Probability: {name}" for name in tiers]
    header += probabilities
    header += ["Spread of groups", "Contested"]
    header += ["Published rank", "Published tier"] if published else []
    rows: list[list[Cell]] = []
    for issue in results["issues"]:
        interval = issue["rank_interval"] or [None, None]
        row: list[Cell] = [issue["rank"], issue["code"], issue["name"], issue["category"], issue["tier"]]
        if decided:
            decision = decision_of(issue) or {}
            row += [computed_tier(issue), decision.get("on"), decision.get("reason")]
        row += [issue["priority"], issue["company"], issue["stakeholders"], issue["n"], *interval]
        row += [issue["tier_probability"].get(name) for name in tiers]
        row += [issue["spread"], "yes" if issue["contested"] else "no"]
        if published:
            source = issue["published"] or {"rank": None, "tier": None}
            row += [source["rank"], source["tier"]]
        rows.append(row)
    return Table("Ranking", header, rows, shares=frozenset(probabilities))


def tables_csv(results: dict[str, Any]) -> bytes:
    """The ranking with a column per group.

    A simulated or partly simulated run says so in a last column, since a CSV has no place for a note.
    """
    table = ranking(results)
    names = [group["name"] for group in results["stakeholder_groups"]]
    header = [*table.header, *[f"{name}: {what}" for name in names for what in ("mean", "answers")]]
    simulated = results["simulated"]
    header += ["Simulated answers in this result"] if simulated else []
    rows: list[list[Cell]] = []
    for row, issue in zip(table.rows, results["issues"], strict=True):
        groups = [issue["groups"][name][key] for name in names for key in ("mean", "n")]
        rows.append([*row, *groups, *([simulated] if simulated else [])])
    return csv_bytes(Table(table.name, header, rows))
