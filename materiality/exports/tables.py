"""The tables of a run, for CSV and XLSX files."""

from typing import Any

from tables.writing import Cell, Table, csv_bytes, xlsx_bytes


def ranking(results: dict[str, Any]) -> Table:
    """One row per issue, best rank first, with every figure that the page shows."""
    tiers = [tier["name"] for tier in results["tiers"]]
    published = any(issue["published"] for issue in results["issues"])
    header = ["Rank", "Code", "Issue", "Category", "Tier", "Priority", "Importance to the company"]
    header += ["Importance to stakeholders", "Answers", "Best rank, 90 %", "Worst rank, 90 %"]
    probabilities = [f"Probability: {name}" for name in tiers]
    header += probabilities
    header += ["Spread of groups", "Contested"]
    header += ["Published rank", "Published tier"] if published else []
    rows: list[list[Cell]] = []
    for issue in results["issues"]:
        interval = issue["rank_interval"] or [None, None]
        row: list[Cell] = [issue["rank"], issue["code"], issue["name"], issue["category"], issue["tier"]]
        row += [issue["priority"], issue["company"], issue["stakeholders"], issue["n"], *interval]
        row += [issue["tier_probability"].get(name) for name in tiers]
        row += [issue["spread"], "yes" if issue["contested"] else "no"]
        if published:
            source = issue["published"] or {"rank": None, "tier": None}
            row += [source["rank"], source["tier"]]
        rows.append(row)
    return Table("Ranking", header, rows, shares=frozenset(probabilities))


def group_means(results: dict[str, Any]) -> Table:
    """One row per issue and group: the mean and the number of ratings it stands on."""
    header = ["Rank", "Code", "Issue", "Group", "Side", "Mean", "Answers"]
    side = {group["name"]: group["side"] for group in results["stakeholder_groups"]}
    rows: list[list[Cell]] = [
        [issue["rank"], issue["code"], issue["name"], name, side[name], cell["mean"], cell["n"]]
        for issue in results["issues"]
        for name, cell in issue["groups"].items()
    ]
    return Table("Group means", header, rows)


def stakeholder_groups(results: dict[str, Any]) -> Table:
    share = "Share of its axis"
    header = ["Group", "Side", "Weight", share, "Answers", "of these simulated"]
    rows: list[list[Cell]] = [
        [group["name"], group["side"], group["weight"], group["share"], group["n"], group["simulated"]]
        for group in results["stakeholder_groups"]
    ]
    return Table("Stakeholder groups", header, rows, shares=frozenset({share}))


def about(results: dict[str, Any]) -> Table:
    """Where the numbers come from, for a file that travels alone."""
    low, high = results["scale"]
    rows: list[list[Cell]] = [
        ["Assessment", results["title"]],
        ["Company", results["company_name"]],
        ["Reporting period", results["reporting_period"]],
        ["Answers", results["respondents"]],
        ["of these simulated", results["simulated"]],
        ["Scale", f"{low} to {high}"],
        ["Method", results["method_sentence"]],
        ["Agreement of groups, Kendall's W", results["agreement"]["kendall_w"]],
        ["Run", results["run"]],
        ["Engine", results["engine"]],
        ["Seed", results["seed"]],
        ["Computed", results["computed_at"]],
        *[["Note", note] for note in results["notes"]],
    ]
    return Table("About", ["What", "Value"], rows)


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


def tables_xlsx(results: dict[str, Any]) -> bytes:
    """A sheet per table."""
    tables = (ranking(results), group_means(results), stakeholder_groups(results), about(results))
    return xlsx_bytes(tables, title=results["title"])
