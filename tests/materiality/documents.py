"""A results document by hand: three issues, two groups, two tiers."""

from typing import Any


def issue(code: str, rank: int | None, tier: str | None, chance: float = 1.0, **fields: Any) -> dict[str, Any]:
    """An issue whose tier has the probability `chance`; the rest goes to the other tier."""
    other = "Minor" if tier == "High" else "High"
    return {
        "code": code,
        "name": code.title(),
        "category": "Governance",
        "company": None if rank is None else 5 - rank,
        "stakeholders": None if rank is None else 4.5 - rank,
        "priority": None if rank is None else 4.75 - rank,
        "rank": rank,
        "tier": tier,
        "tier_probability": {tier: chance, other: 1 - chance} if tier else {},
        "rank_interval": None if rank is None else [rank, rank],
        "company_interval": None if rank is None else [4.5 - rank, 5.25 - rank],
        "stakeholders_interval": None if rank is None else [4.25 - rank, 4.75 - rank],
        "spread": 0.5,
        "contested": False,
        "n": 0 if rank is None else 20,
        "groups": {
            "Staff": {"mean": None if rank is None else 5 - rank, "n": 10},
            "Clients": {"mean": None if rank is None else 4.5 - rank, "n": 10},
        },
        "published": None,
    } | fields


CHOICES = [
    {
        "choice": "Priority of an issue",
        "value": "mean",
        "label": "Mean of both axes",
        "sentence": "Both axes count the same, and one makes up for the other.",
        "formula": "p = (x + y) / 2",
        "reference": "Hwang and Yoon (1981)",
    },
    {
        "choice": "How issues get their tier",
        "value": "counts",
        "label": "Fixed counts: 2 / 1",
        "sentence": "Each tier takes as many issues as its size says.",
        "formula": "",
        "reference": "This product’s rule",
    },
]


def results(*issues: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The document that `analyse --json` prints, for the issues given or for three of the usual kind."""
    rows = list(issues) or [issue("alpha", 1, "High"), issue("beta", 2, "High"), issue("gamma", 3, "Minor")]
    return {
        "assessment": "example",
        "run": "00000000-0000-0000-0000-000000000001",
        "title": "Example assessment",
        "company_name": "Example Ltd.",
        "reporting_period": "2022",
        "respondents": 20,
        "simulated": 0,
        "scale": [1, 5],
        "tiers": [{"name": name, "count": sum(row["tier"] == name for row in rows)} for name in ("High", "Minor")],
        "stakeholder_groups": [
            {
                "code": "staff",
                "name": "Staff",
                "side": "internal",
                "weight": 1.0,
                "share": 1.0,
                "n": 10,
                "simulated": 0,
            },
            {
                "code": "clients",
                "name": "Clients",
                "side": "external",
                "weight": 1.0,
                "share": 1.0,
                "n": 10,
                "simulated": 0,
            },
        ],
        "issues": rows,
        "agreement": {"kendall_w": 1.0, "groups": 2, "issues": 3},
        "method": {"priority": "mean", "draws": 2000, "contested_spread": 1.2},
        "method_sentence": "The mean of both axes; tiers by fixed counts.",
        "boundaries": {"rule": "counts", "values": [2.25]},
        "engine": "1.0",
        "seed": 42,
        "notes": [],
        "computed_at": "2022-01-01T00:00:00+00:00",
    } | fields
