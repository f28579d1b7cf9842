"""Results of made-up runs to draw: the shapes that real ones take, and those that break drawings."""

import math
import random
from collections.abc import Sequence
from typing import Any

# Code, name, company, stakeholders, and half the interval of each.
QIFU = [
    ("co", "Compliance Operation", 4.75, 4.61, 0.11, 0.09),
    ("pq", "Product Quality Assurance", 4.52, 4.73, 0.14, 0.085),
    ("rd", "Innovation and R&D", 4.72, 4.39, 0.083, 0.125),
    ("ip", "Intellectual Property Protection", 4.64, 4.27, 0.136, 0.134),
    ("pi", "Privacy & Information Security", 4.19, 4.66, 0.15, 0.09),
    ("cf", "Customer First", 4.38, 4.45, 0.14, 0.128),
    ("rm", "Risk Management", 4.46, 4.14, 0.123, 0.134),
    ("dg", "Data Governance", 3.96, 4.34, 0.149, 0.097),
    ("sm", "Benefit the Small and Micro Businesses", 3.89, 4.26, 0.127, 0.123),
    ("su", "Supplier Management", 4.09, 3.92, 0.124, 0.124),
    ("cw", "Community Public Welfare", 3.37, 4.10, 0.108, 0.133),
    ("in", "Collaborate with the Industry", 3.82, 3.55, 0.167, 0.136),
    ("st", "Staff Training and Development", 4.06, 3.17, 0.183, 0.155),
    ("hs", "Employee Health and Safety", 3.65, 3.35, 0.105, 0.13),
    ("gf", "Green Finance", 3.19, 3.68, 0.161, 0.116),
    ("em", "Emission Management", 2.91, 3.42, 0.14, 0.15),
    ("ru", "Resource Use", 2.93, 3.08, 0.2, 0.157),
    ("ew", "Response to Extreme Weather", 2.48, 2.82, 0.19, 0.146),
]
LONG_NAMES = [
    "Occupational health, safety and wellbeing of employees and contract workers",
    "Responsible procurement and human rights due diligence in the supply chain",
    "Greenhouse gas emissions, energy efficiency and transition to renewable power",
    "Protection of personal information and cyber security of customers",
    "Anti-corruption, anti-money laundering and business ethics",
    "Water stewardship in regions of scarcity",
    "Product quality, recall management and customer satisfaction",
    "Diversity, equity and inclusion at all levels of the organisation",
    "Circular economy: repair, reuse and recycling of electronic devices",
    "Community investment and support for rural education",
    "Climate change adaptation and physical risks to sites",
    "Responsible marketing and truthful product information",
    "Talent attraction, training and career development",
    "Waste and hazardous substances management",
    "Biodiversity and ecosystem protection near operations",
    "Corporate governance and board oversight of sustainability",
    "Fair wages, working hours and freedom of association",
    "Innovation and research for low-carbon technology",
    "Data governance and responsible use of artificial intelligence",
    "Tax transparency and economic contribution to local communities",
]
CHINESE_NAMES = [
    "合规经营与商业道德",
    "产品质量与客户满意度保障",
    "隐私与信息安全（个人信息保护、数据安全治理体系建设及应急响应能力）",
    "知识产权保护",
    "普惠小微企业金融服务",
    "员工健康与安全",
]
Row = tuple[str, str, float | None, float | None, float, float]
JOINS = {
    "mean": lambda x, y: (x + y) / 2,
    "distance": lambda x, y: math.hypot(x, y) / math.sqrt(2),
    "max": max,
    "min": min,
}


def results_of(
    rows: Sequence[Row],
    *,
    boundaries: Sequence[float | None] = (),
    tiers: Sequence[str] = ("High", "Moderate", "Minor"),
    priority: str = "mean",
    rule: str = "counts",
    scale: tuple[int, int] = (1, 5),
    respondents: int = 288,
    simulated: int = 288,
) -> dict[str, Any]:
    """The results document of a run with these scores; without boundaries, all issues are in one tier."""
    tiers = tiers if boundaries else tiers[:1]
    issues = []
    for code, name, x, y, half_x, half_y in rows:
        known = [score for score in (x, y) if score is not None]
        score = JOINS[priority](x, y) if len(known) == 2 else known[0] if known else None
        reached = (x, y) if rule == "axis_cut_offs" else (score,)
        tier = None
        if score is not None:
            tier = sum(any(one < cut for one in reached) for cut in boundaries if cut is not None)
        issues.append(
            {
                "code": code,
                "name": name,
                "company": x,
                "stakeholders": y,
                "priority": score,
                "tier": None if tier is None else tiers[tier],
                "company_interval": None if x is None else [x - half_x, x + half_x],
                "stakeholders_interval": None if y is None else [y - half_y, y + half_y],
            }
        )
    issues.sort(key=lambda issue: -math.inf if issue["priority"] is None else -issue["priority"])
    issues.sort(key=lambda issue: issue["priority"] is None)
    for rank, issue in enumerate(issues, start=1):
        issue["rank"] = None if issue["priority"] is None else rank
    return {
        "title": "Materiality assessment 2022",
        "company_name": "QiFu Technology",
        "reporting_period": "2022",
        "respondents": respondents,
        "simulated": simulated,
        "scale": list(scale),
        "tiers": [{"name": tier, "count": sum(issue["tier"] == tier for issue in issues)} for tier in tiers],
        "issues": issues,
        "method": {"priority": priority, "draws": 4000, "interval": 0.9},
        "boundaries": {"rule": rule, "values": list(boundaries)},
        "notes": [],
    }


def qifu(**changes: Any) -> dict[str, Any]:
    return results_of(QIFU, **({"boundaries": (4.045, 3.08)} | changes))


def cluster(count: int, seed: int, names: Sequence[str] = LONG_NAMES, spread: float = 0.22) -> dict[str, Any]:
    """Most issues crowd in the upper right corner; every sixth lies apart."""
    draw = random.Random(seed)
    rows: list[Row] = []
    for number in range(count):
        common = draw.gauss(0, 1)
        x, y = (min(5.0, max(1.0, 4.3 + spread * (common + draw.gauss(0, 1)) / 2)) for _ in range(2))
        if number % 6 == 5:
            x, y = x - draw.random() * 1.2, y - draw.random() * 1.2
        name = names[number % len(names)] + (f" {number}" if number >= len(names) else "")
        rows.append((f"i{number}", name, x, y, draw.uniform(0.06, 0.15), draw.uniform(0.06, 0.15)))
    if count < 6:
        return results_of(rows)
    means = sorted(((row[2] + row[3]) / 2 for row in rows), reverse=True)
    thirds = (count // 3, 2 * count // 3)
    return results_of(rows, boundaries=tuple((means[cut - 1] + means[cut]) / 2 for cut in thirds))


def one_spot(count: int, x: float = 4.0, y: float = 4.0) -> dict[str, Any]:
    """Every issue has the same scores."""
    names = [LONG_NAMES[number % len(LONG_NAMES)] for number in range(count)]
    return results_of([(f"i{number}", name, x, y, 0.1, 0.1) for number, name in enumerate(names)])
