"""The case of Uxin holds what its report holds. The counts were taken from the report by hand."""

from collections import Counter

import pytest

from scoping.cases.catalogue import find_case
from scoping.cases.format import Case, CaseIssue

# The chapters of the report by the pillar that bears their number.
PILLAR_OF = {
    "2": "Reputable Uxin",
    "3": "Innovative Uxin",
    "4": "Green Uxin",
    "5": "Considerate Uxin",
    "6": "Responsible Uxin",
}


@pytest.fixture(scope="module")
def case() -> Case:
    return find_case("uxin-2022")


@pytest.fixture(scope="module")
def issues(case: Case) -> dict[str, CaseIssue]:
    return {issue.code: issue for issue in case.issues}


def test_it_is_a_list_without_a_survey_tiers_or_ranks(case: Case) -> None:
    assert not case.with_survey
    assert (case.tiers, case.groups) == ((), ())
    assert not any(issue.published for issue in case.issues)


@pytest.mark.parametrize(
    ("category", "names"),
    [
        (
            "Product Responsibility",
            [
                "Product quality management",
                "Product information disclosure",
                "Privacy protection and data security",
                "Access to service",
                "Customer satisfaction management",
            ],
        ),
        (
            "Corporate Governance",
            ["Corporate governance information", "Business ethics", "Risk management", "Compliant operation"],
        ),
        (
            "Social",
            ["Health and safety", "Labor management", "Talent training and development", "Employee care"],
        ),
        (
            "Environmental",
            [
                "Promoting the development of circular economy",
                "Greenhouse gas emissions",
                "Opportunities in clean technology",
                "Green reconditioning",
                "Energy conservation and emission reduction",
            ],
        ),
    ],
)
def test_each_category_has_its_issues(case: Case, category: str, names: list[str]) -> None:
    assert [issue.name for issue in case.issues if issue.category == category] == names


def test_there_are_eighteen_issues(case: Case) -> None:
    assert len(case.issues) == 18


def test_every_issue_has_its_row_of_the_materiality_table(case: Case) -> None:
    for issue in case.issues:
        assert issue.meaning.endswith(".")
        assert issue.practice.endswith(".")
        assert issue.chapters
        assert "Materiality Management, row" in issue.source
        assert not issue.improvement
        assert not issue.sdgs


@pytest.mark.parametrize(
    ("code", "chapters"),
    [
        ("product-quality", ("3.2 Intelligence Technology Upgrades",)),
        ("privacy-data-security", ("2.4 Privacy Protection", "3.3 Information Security")),
        ("customer-satisfaction", ("2.1 Service Commitment", "2.2 NPS-Focused Growth")),
        ("compliant-operation", ("6.2 Compliance Management", "6.3 Business Ethics")),
        ("labor-management", ("5.1 Diversity and Inclusion",)),
        ("circular-economy", ("4.1 Green “DNA”", "4.4 Green Leadership")),
    ],
)
def test_chapters_are_those_of_the_table(issues: dict[str, CaseIssue], code: str, chapters: tuple[str, ...]) -> None:
    assert issues[code].chapters == chapters


def test_cells_that_lost_their_row_are_readings(issues: dict[str, CaseIssue]) -> None:
    assert "by elimination" in issues["business-ethics"].reading
    assert "stands apart from the row" in issues["customer-satisfaction"].reading
    assert "4.2 has a section with the issue's name" in issues["green-reconditioning"].reading


def test_owners_are_the_departments_of_the_governance_framework(case: Case) -> None:
    owners = Counter(issue.owners for issue in case.issues)
    assert owners["Human Resources and Administration Center"] == 3
    assert owners["Product and Technology Center"] == 1
    assert owners[""] == 7
    assert all("being set up" in issue.reading for issue in case.issues if issue.owners)


def test_five_pillars_have_their_topics(case: Case) -> None:
    assert [pillar.name for pillar in case.pillars] == list(PILLAR_OF.values())
    assert [len(pillar.topics) for pillar in case.pillars] == [4, 3, 5, 4, 3]
    assert case.pillars[4].topics == ("Corporate Governance", "Compliance Management", "Business Ethics")


def test_a_pillar_carries_the_issues_that_its_chapters_treat(case: Case) -> None:
    treated = {
        name: {issue.code for issue in case.issues if any(chapter.startswith(number) for chapter in issue.chapters)}
        for number, name in PILLAR_OF.items()
    }
    assert {pillar.name: set(pillar.issues) for pillar in case.pillars} == treated


def test_a_chapter_has_one_of_the_topics_of_its_pillar(case: Case) -> None:
    topics = {pillar.name: pillar.topics for pillar in case.pillars}
    for issue in case.issues:
        for chapter in issue.chapters:
            number, _, name = chapter.partition(" ")
            place = int(number.partition(".")[2])
            assert topics[PILLAR_OF[number[0]]][place - 1] == name


def test_the_sources_of_the_issues_are_told(case: Case) -> None:
    assert [step.source.rpartition(", ")[2] for step in case.process if step.stage == "determining"] == [
        "industry standards",
        "peers",
        "capital market",
        "regulators",
        "own development and expectations",
    ]


def test_every_row_names_its_place_in_the_report(case: Case) -> None:
    rows = (*case.issues, *case.pillars, *case.process)
    assert len(rows) == 18 + 5 + 8
    assert all(row.source for row in rows)
