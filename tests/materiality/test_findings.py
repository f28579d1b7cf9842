import pytest
from django.utils import translation

from materiality.findings import agreement_with_published, headline, percent
from tests.materiality.documents import issue, results


def said(document: dict) -> str:
    return "".join(part.text for part in headline(document))


def test_settled_places_are_called_settled():
    assert said(results()) == "Two issues are in the highest tier, High. All of them are settled."


def test_a_tier_named_important_reads_as_a_sentence():
    document = results(issue("alpha", 1, "Highly important"))
    document["tiers"] = [{"name": "Highly important", "count": 1}]
    assert said(document) == "One issue is highly important. Its place is settled."


def test_the_close_place_is_named_with_its_certainty():
    document = results(issue("alpha", 1, "High"), issue("beta", 2, "High", 0.83), issue("gamma", 3, "Minor"))
    assert said(document) == (
        "Two issues are in the highest tier, High. One of them is settled; Beta holds its place with 83 % certainty."
    )


def test_the_issue_below_the_boundary_is_named_when_it_could_join():
    document = results(issue("alpha", 1, "High"), issue("beta", 2, "High", 0.83), issue("gamma", 3, "Minor", 0.82))
    assert said(document).endswith("83 % certainty; Gamma could join them, with 18 %.")


def test_doubt_below_the_highest_tier_is_not_kept_back():
    document = results(
        issue("alpha", 1, "High"),
        issue("beta", 2, "Minor", 0.9),
        issue("gamma", 3, "Minor", 0.8),
        issue("d", 4, "Minor"),
    )
    assert said(document) == (
        "One issue is in the highest tier, High. Its place is settled; Gamma could join them, with 20 %; "
        "one other issue is close to a boundary."
    )


def test_a_tier_whose_name_is_no_predicate_is_named_as_a_tier():
    document = results(issue("alpha", 1, "Minor important"))
    document["tiers"] = [{"name": "Minor important", "count": 1}]
    assert said(document) == "One issue is in the highest tier, Minor important. Its place is settled."


def test_an_empty_highest_tier_is_the_finding():
    document = results(issue("alpha", 1, "Minor"), issue("beta", 2, "Minor"))
    assert said(document) == "No issue is in the highest tier, High."


def test_too_few_answers_are_said_instead_of_a_certainty():
    document = results(issue("alpha", 1, "High", tier_probability={}), issue("beta", 2, "Minor", tier_probability={}))
    assert said(document).endswith("There are too few answers yet to say how sure that is.")


def test_a_lone_place_that_is_not_settled_is_named():
    assert said(results(issue("alpha", 1, "High", 0.8), issue("beta", 2, "Minor"))) == (
        "One issue is in the highest tier, High. Alpha holds its place with 80 % certainty."
    )


def test_names_are_marked_so_that_the_page_can_set_them_apart():
    document = results(issue("alpha", 1, "High"), issue("beta", 2, "High", 0.83))
    assert [part.text for part in headline(document) if part.is_name] == ["Beta"]


def test_without_any_ranked_issue_the_headline_says_so():
    assert said(results(issue("alpha", None, None))) == "No issue could be ranked."


def test_ranked_issues_without_tiers_are_not_called_unranked():
    assert said(results(issue("alpha", 1, None))) == "No issue could be put in a tier."


def test_no_sample_shows_certainty():
    assert [percent(share) for share in (1.0, 0.991, 0.99, 0.5, 0.004)] == [">99 %", ">99 %", "99 %", "50 %", "<1 %"]


def test_comparison_with_the_published_tiers_counts_the_matches():
    document = results(
        issue("alpha", 1, "High", published={"tier": "High", "rank": 1}),
        issue("beta", 2, "Minor", published={"tier": "High", "rank": 2}),
    )
    assert agreement_with_published(document) == "Tiers: 1 High, 1 Minor; 1 of 2 in their published tier."


@pytest.mark.parametrize(
    ("beta", "said_of_them"),
    [
        ("Minor", "all 2 issues with a published tier stand in it"),
        ("High", "1 of the 2 issues with a published tier stand in it"),
    ],
)
def test_a_report_that_names_the_tier_of_some_issues_says_nothing_about_the_others(beta: str, said_of_them: str):
    document = results(
        issue("alpha", 1, "High", published={"tier": "High", "rank": None}),
        issue("beta", 2, "Minor", published={"tier": beta, "rank": None}),
        issue("gamma", 3, "Minor", published=None),
    )
    assert agreement_with_published(document) == f"Tiers: 1 High, 2 Minor; {said_of_them}."


def test_percentages_are_in_the_language_of_the_page_and_stay_below_settled():
    with translation.override("zh-hans"):
        assert [percent(share) for share in (0.999, 0.92, 0.001)] == [">99%", "92%", "<1%"]
    assert [percent(share) for share in (0.944, 0.9499, 0.95, 0.956)] == ["94 %", "94 %", "95 %", "96 %"]
