"""The case of QiFu Technology holds what its report holds. The counts were taken from the report by hand."""

from collections import Counter

import pytest

from scoping.cases.catalogue import find_case
from scoping.cases.format import Case
from scoping.libraries.catalogue import find_library

ROWS_OF = {
    "client": 7,
    "staff": 5,
    "shareholder": 3,
    "supplier": 2,
    "business-partner": 2,
    "government": 3,
    "environmental-organization": 5,
    "community": 3,
}


@pytest.fixture(scope="module")
def case() -> Case:
    return find_case("qifu-2022")


def test_there_are_eight_stakeholder_groups(case: Case) -> None:
    assert [group.name for group in case.groups] == [
        "Client",
        "Staff",
        "Shareholder",
        "Supplier",
        "Business Partner",
        "Government and Regulatory Agencies",
        "Environmental Organization",
        "Community",
    ]


def test_staff_and_shareholders_speak_for_the_company(case: Case) -> None:
    assert [group.code for group in case.groups if group.side == "internal"] == ["staff", "shareholder"]


def test_all_groups_weigh_the_same_since_no_weights_are_published(case: Case) -> None:
    assert {group.weight for group in case.groups} == {1}


def test_sides_and_weights_are_said_to_be_readings(case: Case) -> None:
    assert all("internal" in group.reading or "external" in group.reading for group in case.groups)
    assert all("no weights" in group.reading for group in case.groups)


def test_eighteen_issues_stand_in_the_published_order(case: Case) -> None:
    assert [issue.published and issue.published.rank for issue in case.issues] == list(range(1, 19))


@pytest.mark.parametrize(
    ("tier", "members"),
    [
        (
            "Highly important",
            [
                "Compliance Operation",
                "Product Quality Assurance",
                "Innovation and R&D",
                "Intellectual Property Protection",
                "Privacy & Information Security",
                "Customer First",
                "Risk Management",
                "Data Governance",
                "Benefit the Small and Micro Businesses",
            ],
        ),
        (
            "Moderately important",
            [
                "Supplier Management",
                "Community Public Welfare",
                "Collaborate with the Industry",
                "Staff Training and Development",
                "Employee Health and Safety",
                "Green Finance",
                "Emission Management",
            ],
        ),
        ("Minor important", ["Resource Use", "Response to Extreme Weather"]),
    ],
)
def test_each_tier_has_its_published_members(case: Case, tier: str, members: list[str]) -> None:
    assert [issue.name for issue in case.issues if issue.published and issue.published.tier == tier] == members


def test_the_tiers_hold_nine_seven_and_two(case: Case) -> None:
    assert [(tier.name, tier.count) for tier in case.tiers] == [
        ("Highly important", 9),
        ("Moderately important", 7),
        ("Minor important", 2),
    ]


def test_every_row_of_the_stakeholder_table_is_there(case: Case) -> None:
    assert len(case.concerns) == 30
    assert Counter(concern.group for concern in case.concerns) == ROWS_OF


def test_the_eight_labelled_rows_are_certain_and_the_others_are_readings(case: Case) -> None:
    certain = {concern.group: concern.topic for concern in case.concerns if not concern.reading}
    assert certain == {
        "client": "Innovation and R&D",
        "staff": "Staff Training and Development",
        "shareholder": "Compliance Operation",
        "supplier": "Collaborating with the Industry",
        "business-partner": "Collaborating with the Industry",
        "government": "Resource Use",
        "environmental-organization": "Community Public Welfare",
        "community": "Community Public Welfare",
    }


def test_topics_that_are_in_the_list_are_linked_to_it(case: Case) -> None:
    names = {issue.code: issue.name for issue in case.issues}
    linked = [concern for concern in case.concerns if concern.issue]
    renamed = {concern.topic: names[concern.issue] for concern in linked if concern.topic != names[concern.issue]}
    assert len(linked) == 21
    assert renamed == {
        "Collaborating with the Industry": "Collaborate with the Industry",
        "Extreme Weather Response": "Response to Extreme Weather",
    }


def test_no_topic_of_the_list_is_left_without_its_link(case: Case) -> None:
    names = {issue.name for issue in case.issues}
    assert not [concern.topic for concern in case.concerns if concern.topic in names and not concern.issue]


def test_every_fact_names_its_place_in_the_report(case: Case) -> None:
    for entry in (*case.tiers, *case.groups, *case.issues, *case.concerns):
        assert entry.source
    assert [concern.source.rpartition(" ")[2] for concern in case.concerns] == [str(row) for row in range(1, 31)]


def test_every_issue_explains_itself_and_its_category(case: Case) -> None:
    for issue in case.issues:
        assert issue.description.endswith(".")
        assert issue.category in {"Environmental", "Social", "Governance"}
        assert issue.reading


def test_every_issue_has_a_chapter(case: Case) -> None:
    assert all(issue.chapters and "Chapter" in issue.reading for issue in case.issues)
    chapters = {issue.code: issue.chapters for issue in case.issues}
    assert chapters["data-governance"] == ("05 Responsible Operation: Data Governance",)
    assert len(chapters["green-finance"]) == 2


def test_the_review_by_the_management_is_told(case: Case) -> None:
    review = next(step for step in case.process if step.stage == "confirmation")
    assert "management" in review.text
    assert review.by == "Management of QiFu Technology"


def test_the_model_of_rights_and_interests_and_the_matrix_are_told(case: Case) -> None:
    told = {step.source: step.text for step in case.process}
    assert "rights and interests" in told["About The Report, Indicator selection, Materiality"]
    assert "matrix" in told["Identification, Evaluation and Ranking of Substantive Issues, ranked list"]


def test_the_index_has_every_disclosure_of_the_guide(case: Case) -> None:
    parents = {entry.parent for entry in find_library("hkex").entries}
    disclosures = [entry.code for entry in find_library("hkex").entries if entry.code not in parents]
    assert [entry.code for entry in case.index] == disclosures
    assert len(case.index) == 48


def test_the_aspects_have_as_many_rows_as_in_the_report(case: Case) -> None:
    assert Counter(entry.code.partition(".")[0] for entry in case.index) == {
        "A1": 7, "A2": 6, "A3": 2, "A4": 2,
        "B1": 3, "B2": 4, "B3": 3, "B4": 3, "B5": 5, "B6": 6, "B7": 4, "B8": 3,
    }  # fmt: skip


def test_every_row_of_the_index_has_a_location(case: Case) -> None:
    locations = Counter(entry.location for entry in case.index)
    assert locations["Data statistics"] == 12
    assert locations["Supply chain management"] == 5
    assert locations[""] == 0


def test_rows_of_the_index_lead_to_the_issue_that_their_location_names(case: Case) -> None:
    linked = {entry.code: entry.issue for entry in case.index}
    assert (linked["A1.1"], linked["B6.2"], linked["B8.1"]) == ("emissions", "customer-first", "community-welfare")
    assert {entry.issue for entry in case.index if entry.location == "Data statistics"} == {""}


def test_a_link_that_the_location_does_not_give_is_a_reading(case: Case) -> None:
    row = next(entry for entry in case.index if entry.code == "B6.5")
    assert (row.issue, row.location) == ("privacy-security", "Compliance and anti-corruption")
    assert "about privacy" in row.reading


def test_mentions_name_aspects_of_the_guide(case: Case) -> None:
    aspects = find_library("hkex").by_code
    assert len(case.mentions) == 12
    assert all(mention.reference.removeprefix("hkex:") in aspects for mention in case.mentions)


def test_every_row_around_the_list_names_its_place(case: Case) -> None:
    assert all(row.source for row in (*case.process, *case.index, *case.mentions))
