"""The case of ATRenew holds what its report holds. The counts were taken from the report by hand."""

from collections import Counter

import pytest

from scoping.cases.catalogue import find_case
from scoping.cases.format import Case

# Group: topics, channels.
ROWS_OF = {
    "shareholders": (4, 7),
    "consumers": (4, 4),
    "merchants": (4, 3),
    "employees": (5, 6),
    "government": (2, 3),
    "community": (2, 2),
    "suppliers": (3, 4),
}
HIGH = [
    "Tackling Climate Change",
    "Product Governance",
    "Customer Responsibility and Service",
    "Information Security and Privacy Protection",
    "Employee Training and Growth",
    "Corporate Governance",
    "Compliant Operation",
]


@pytest.fixture(scope="module")
def case() -> Case:
    return find_case("atrenew-2021")


def test_seven_stakeholder_groups_stand_in_the_order_of_the_table(case: Case) -> None:
    assert [group.name for group in case.groups] == [
        "Shareholders/Investors",
        "Consumers",
        "Platform merchants",
        "Employees",
        "Governments and regulatory agencies",
        "Community and the public",
        "Suppliers and partners",
    ]


def test_every_group_has_its_relevance_and_a_side_that_is_said_to_be_a_reading(case: Case) -> None:
    assert all(group.relevance.endswith(".") for group in case.groups)
    assert [group.code for group in case.groups if group.side == "internal"] == ["shareholders", "employees"]
    assert all("Side not said" in group.reading and "no weights" in group.reading for group in case.groups)


def test_every_group_has_its_topics_and_channels(case: Case) -> None:
    topics = Counter(concern.group for concern in case.concerns)
    channels = Counter(channel.group for channel in case.channels)
    assert {code: (topics[code], channels[code]) for code in topics} == ROWS_OF


def test_topics_and_channels_are_numbered_as_in_their_row(case: Case) -> None:
    for rows in (case.concerns, case.channels):
        for code in ROWS_OF:
            places = [row.source.rpartition(" ")[2] for row in rows if row.group == code]
            assert places == [str(number) for number in range(1, len(places) + 1)]


def test_topics_lead_to_issues_except_those_about_business_results_and_esg_as_a_whole(case: Case) -> None:
    assert [concern.topic for concern in case.concerns if not concern.issue] == [
        "Market performance",
        "Economic performance",
        "ESG performance",
    ]


def test_the_hotline_has_its_hours(case: Case) -> None:
    hotline = next(channel for channel in case.channels if channel.name == "Customer service hotline")
    assert (hotline.frequency, hotline.group) == ("12 hours a day, Monday to Sunday", "consumers")
    assert hotline.source == "Communication with Stakeholders, table, row Consumers, Communication, item 2"


def test_a_frequency_that_the_table_does_not_print_is_a_reading(case: Case) -> None:
    from_elsewhere = [channel for channel in case.channels if channel.frequency and not channel.reading]
    assert [channel.name for channel in from_elsewhere] == ["Customer service hotline"]


def test_twenty_issues_are_seven_eleven_and_two(case: Case) -> None:
    assert len(case.issues) == 20
    assert [(tier.name, tier.count) for tier in case.tiers] == [
        ("High importance", 7),
        ("Intermediate importance", 11),
        ("Moderate importance", 2),
    ]


def test_only_the_seven_high_issues_have_a_published_tier_and_none_a_rank(case: Case) -> None:
    published = [issue for issue in case.issues if issue.published]
    assert [issue.name for issue in published] == HIGH
    assert {(issue.published.tier, issue.published.rank) for issue in published if issue.published} == {
        ("High importance", None)
    }


def test_the_seven_have_significance_measures_chapters_and_goals(case: Case) -> None:
    for issue in case.issues[:7]:
        assert issue.meaning
        assert issue.improvement
        assert issue.chapters
        assert issue.sdgs
        assert issue.source == f"Identification of Material Issues, table, row {issue.name}"


def test_goals_are_readings_since_their_icons_are_lost(case: Case) -> None:
    for issue in case.issues:
        assert bool(issue.sdgs) == ("Goals: the icons are lost." in issue.reading)
        assert all(str(goal) in issue.reading for goal in issue.sdgs)


def test_the_chapters_of_the_seven_are_those_of_the_table(case: Case) -> None:
    assert {issue.code: issue.chapters for issue in case.issues[:7]} == {
        "climate-change": ("Tackling climate change", "Green industry"),
        "product-governance": ("Product quality control", "Supply chain management", "Contribution to Industry"),
        "customer-responsibility": ("Customer service",),
        "information-security": ("Privacy protection", "Risk management & compliance"),
        "employee-training": ("Employee development",),
        "corporate-governance": ("Corporate governance", "ESG governance"),
        "compliant-operation": ("Risk management & compliance",),
    }


def test_the_other_thirteen_are_marked_as_a_reading(case: Case) -> None:
    others = case.issues[7:]
    assert len(others) == 13
    for issue in others:
        assert "the matrix is a picture that the text lost" in issue.reading
        assert "Its tier is not known." in issue.reading
        assert issue.chapters


def test_issues_are_environmental_social_or_governance(case: Case) -> None:
    assert Counter(issue.category for issue in case.issues) == {"Environmental": 3, "Social": 13, "Governance": 4}


def test_six_kinds_of_source_determine_the_issues(case: Case) -> None:
    places = [step.source for step in case.process if "Determining Issues" in step.source]
    figure = "Identification of Material Issues, figure, Determining Issues, item"
    assert places == [f"{figure} {number}" for number in range(1, 7)]


def test_four_criteria_screen_them(case: Case) -> None:
    assert [criterion.name for criterion in case.criteria] == [
        "Contribution to sustainable development",
        "General concern of stakeholders",
        "Highlighting related ESG guidelines",
        "Need for the Company's strategic development",
    ]


def test_every_stage_of_the_process_is_told(case: Case) -> None:
    assert Counter(step.stage for step in case.process) == {
        "dialogue": 2,
        "determining": 7,
        "criteria": 1,
        "results": 3,
        "confirmation": 3,
    }


def test_the_board_approved_the_report_on_its_day(case: Case) -> None:
    approved = next(step for step in case.process if step.on)
    assert (approved.stage, approved.on) == ("confirmation", "20 May 2022")
    assert "ESGC" in approved.by
    assert "Board of Directors" in approved.by


def test_product_and_corporate_governance_are_noted_as_new(case: Case) -> None:
    assert [mention.issue for mention in case.mentions] == ["product-governance", "corporate-governance"]
    assert [issue.code for issue in case.issues if "new in this report" in issue.reading] == [
        "product-governance",
        "corporate-governance",
    ]


def test_the_four_parts_of_the_values_model_carry_all_issues(case: Case) -> None:
    names = ["Core Power", "Green DNA", "A Link to Transfer Values", "Align to UN SDGs"]
    assert [pillar.name for pillar in case.pillars] == names
    carried = Counter(code for pillar in case.pillars for code in pillar.issues)
    assert carried == Counter(issue.code for issue in case.issues)


def test_every_row_names_its_place_in_the_report(case: Case) -> None:
    rows = (
        *case.tiers, *case.groups, *case.channels, *case.issues, *case.concerns, *case.pillars, *case.process,
        *case.criteria, *case.mentions,
    )  # fmt: skip
    assert len(rows) == 3 + 7 + 29 + 20 + 24 + 4 + 16 + 4 + 2
    assert all(row.source for row in rows)
