"""Names from the reports of Uxin (FY2022), QiFu (2022) and ATRenew (2021) and from the disclosure standards, labelled
by hand: which name the same issue, and which do not. The threshold is chosen on them."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoping.similarity import ALIKE, best_matches, likeness

UXIN = (
    "Product quality management",
    "Product information disclosure",
    "Privacy protection and data security",
    "Access to service",
    "Customer satisfaction management",
    "Corporate governance information",
    "Business ethics",
    "Risk management",
    "Compliant operation",
    "Health and safety",
    "Labor management",
    "Talent training and development",
    "Employee care",
    "Promoting the development of circular economy",
    "Greenhouse gas emissions",
    "Opportunities in clean technology",
    "Green reconditioning",
    "Energy conservation and emission reduction",
)
QIFU = (
    "Compliance Operation",
    "Product Quality Assurance",
    "Innovation and R&D",
    "Intellectual Property Protection",
    "Privacy & Information Security",
    "Customer First",
    "Risk Management",
    "Data Governance",
    "Benefit the Small and Micro Businesses",
    "Supplier Management",
    "Community Public Welfare",
    "Collaborate with the Industry",
    "Staff Training and Development",
    "Employee Health and Safety",
    "Green Finance",
    "Emission Management",
    "Resource Use",
    "Response to Extreme Weather",
)
# What ATRenew's text names: issues of high importance, and the topics of its stakeholders.
ATRENEW = (
    "Tackling Climate Change",
    "Product Governance",
    "Customer Responsibility and Service",
    "Information Security and Privacy Protection",
    "Employee Training and Growth",
    "Corporate Governance",
    "Market performance",
    "Economic performance",
    "Quality products and services",
    "Consumer rights",
    "Integrity in business",
    "Merchant entry and qualification management",
    "Diversity, equity and inclusion",
    "Compensation and welfare",
    "Compliant operations",
    "Community development",
    "Supplier evaluation",
)

# Every pair across the three reports that a reader would call the same issue; all other pairs are different.
SAME_ACROSS_REPORTS = {
    ("Product quality management", "Product Quality Assurance"),
    ("Product quality management", "Quality products and services"),
    ("Product Quality Assurance", "Quality products and services"),
    ("Privacy protection and data security", "Privacy & Information Security"),
    ("Privacy protection and data security", "Information Security and Privacy Protection"),
    ("Privacy & Information Security", "Information Security and Privacy Protection"),
    ("Corporate governance information", "Corporate Governance"),
    ("Business ethics", "Integrity in business"),
    ("Risk management", "Risk Management"),
    ("Compliant operation", "Compliance Operation"),
    ("Compliant operation", "Compliant operations"),
    ("Compliance Operation", "Compliant operations"),
    ("Health and safety", "Employee Health and Safety"),
    ("Talent training and development", "Staff Training and Development"),
    ("Talent training and development", "Employee Training and Growth"),
    ("Staff Training and Development", "Employee Training and Growth"),
    ("Community Public Welfare", "Community development"),
}
SAME = (
    ("Climate change", "Tackling Climate Change"),
    ("Response to climate change", "Tackling Climate Change"),
    ("Climate Change", "Addressing climate-related risks"),
    ("GHG Emissions", "Greenhouse gas emissions"),
    ("Carbon emissions", "Greenhouse gas emissions"),
    ("Carbon neutrality", "Carbon Neutralization Program"),
    ("Occupational Health and Safety", "Employee Health and Safety"),
    ("Workplace safety", "Employee Health & Safety"),
    ("Labour standards", "Labor Standards"),
    ("Employee development", "Staff Training and Development"),
    ("Diversity and Inclusion", "Diversity, equity and inclusion"),
    ("Diversity and Equal Opportunity", "Diversity & inclusion"),
    ("Employee Compensation and Benefits", "Compensation and welfare"),
    ("Supply Chain Management", "Supplier Management"),
    ("Cybersecurity", "Information security"),
    ("Customer Privacy", "Privacy protection"),
    ("Data security", "Privacy protection"),
    ("Client satisfaction", "Customer satisfaction management"),
    ("Anti-corruption", "Anti-bribery and corruption"),
    ("Business conduct", "Business Ethics"),
    ("Local Communities", "Community engagement"),
    ("Charity", "Community Public Welfare"),
    ("Use of Resources", "Resource Use"),
    ("Extreme Weather Response", "Response to Extreme Weather"),
    ("Protecting intellectual property rights", "Intellectual Property Protection"),
    ("Water and wastewater management", "Water use"),
    ("Circular economy", "Promoting the development of circular economy"),
    ("Research and development", "Innovation and R&D"),
    ("Employee Rights", "Rights and interests of staff"),
    ("Privcy protection", "Privacy protection"),
    ("Biodiverity", "Biodiversity"),
    ("员工健康与安全", "职业健康安全"),
    ("隐私保护与数据安全", "信息安全与隐私保护"),
    ("员工培训与发展", "人才培养"),
    ("合规经营", "合规运营"),
    ("供应商管理", "供应链管理"),
    ("应对气候变化", "气候变化"),
    ("绿色翻新", "绿色的翻新"),
    ("员工培训与发展", "Employee Training and Development"),
    ("公司治理", "Corporate Governance"),
    ("绿色金融", "Green Finance"),
    ("人权保护", "Human rights"),
)
DIFFERENT = (
    ("Customer First", "Supplier Management"),
    ("Green Finance", "Green reconditioning"),
    ("Risk Management", "Supplier Management"),
    ("Data Governance", "Corporate Governance"),
    ("Product Health and Safety", "Employee Health and Safety"),
    ("Product safety", "Health and safety"),
    ("Food safety", "Health and safety"),
    ("Customer Privacy", "Employee privacy"),
    ("Consumer rights", "Employee Rights"),
    ("Human rights", "Employee Rights"),
    ("Child Labor", "Forced or Compulsory Labor"),
    ("Supplier Environmental Assessment", "Supplier Social Assessment"),
    ("Water and Effluents", "Waste"),
    ("Water use", "Waste use"),
    ("Climate change adaptation", "Climate change mitigation"),
    ("Pollution of air", "Pollution of water"),
    ("Employee care", "Labor management"),
    ("Employee Rights", "Employee Compensation and Benefits"),
    ("Anti-corruption", "Anti-competitive Behavior"),
    ("Market performance", "Economic performance"),
    ("Poverty Alleviation Charity", "Community Public Welfare"),
    ("ESG governance", "Corporate Governance"),
    ("Energy conservation and emission reduction", "Emission Management"),
    ("Compliance and Anti-Corruption Management", "Compliance Operation"),
    ("Supplier evaluation", "Supplier cooperation"),
    ("Scope 1 emissions", "Scope 2 emissions"),
    ("Issue 1", "Issue 2"),
    ("风险管理", "供应商管理"),
    ("绿色金融", "绿色翻新"),
    ("产品质量", "员工培训"),
    ("数据治理", "公司治理"),
)

NAMES = st.text(max_size=40)


def alike(one: str, other: str) -> float:
    return float(likeness([one], [other])[0, 0])


@pytest.mark.parametrize("pair", [*sorted(SAME_ACROSS_REPORTS), *SAME], ids=" ~ ".join)
def test_two_names_of_one_issue_are_alike(pair: tuple[str, str]):
    assert alike(*pair) >= ALIKE


@pytest.mark.parametrize("pair", DIFFERENT, ids=" / ".join)
def test_names_of_two_issues_are_not_alike(pair: tuple[str, str]):
    assert alike(*pair) < ALIKE


@pytest.mark.parametrize(("ours", "theirs"), [(UXIN, QIFU), (UXIN, ATRENEW), (QIFU, ATRENEW)])
def test_across_two_reports_the_alike_are_the_labelled_ones(ours: tuple[str, ...], theirs: tuple[str, ...]):
    found = {(ours[row], theirs[column]) for row, column in np.argwhere(likeness(ours, theirs) >= ALIKE)}
    assert found == {(one, other) for one, other in SAME_ACROSS_REPORTS if one in ours and other in theirs}


@pytest.mark.parametrize("report", [UXIN, QIFU, ATRENEW])
def test_within_one_report_nothing_is_alike(report: tuple[str, ...]):
    assert np.argwhere(np.triu(likeness(report, report), 1) >= ALIKE).tolist() == []


def test_the_threshold_stands_clear_of_both_labels():
    """The labelled pairs leave a gap; the threshold lies in it, and not at its very edge."""
    same = min(alike(*pair) for pair in (*SAME_ACROSS_REPORTS, *SAME))
    different = max(alike(*pair) for pair in DIFFERENT)
    assert different + 0.005 < ALIKE < same - 0.005


def test_the_best_match_is_the_most_alike_other():
    others = ["Risk management", "Training", "Privacy & Information Security"]
    assert best_matches(["Data security and privacy protection", "Green Finance"], others) == [2, None]


def test_of_equally_alike_others_the_first_is_the_best():
    assert best_matches(["Staff training"], ["Employee training", "Talent training"]) == [0]


def test_nothing_matches_an_empty_list():
    assert best_matches(["Water"], []) == [None]
    assert likeness([], ["Water"]).shape == (0, 1)


def test_names_without_a_word_are_like_nothing():
    assert alike("–", "!") == 0


def test_case_accents_width_and_order_do_not_matter():
    assert alike("ｗａｔｅｒ  USE", "Use of water") == 1


@given(st.lists(NAMES, max_size=5), st.lists(NAMES, max_size=5))
def test_likeness_is_a_share_and_the_same_both_ways(names: list[str], others: list[str]):
    found = likeness(names, others)
    assert found.shape == (len(names), len(others))
    assert ((found >= 0) & (found <= 1 + 1e-6)).all()
    assert np.allclose(found, likeness(others, names).T)


def test_five_hundred_names_are_compared_in_well_under_a_tenth_of_a_second():
    names = [f"{one} {other}" for one in UXIN for other in (*QIFU, *ATRENEW)][:500]
    likeness(names, names)
    durations = []
    for _ in range(3):
        start = time.perf_counter()
        likeness(names, names)
        durations.append(time.perf_counter() - start)
    assert min(durations) < 0.1
