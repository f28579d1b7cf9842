"""Loading a case makes an assessment; loading it again changes nothing that users decided."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from scoping import services
from scoping.cases.catalogue import find_case
from scoping.cases.format import Case
from scoping.models import (
    Assessment,
    Channel,
    Concern,
    Criterion,
    IndexEntry,
    Issue,
    Mention,
    Phase,
    Pillar,
    ProcessNote,
    PublishedResult,
    StakeholderGroup,
)
from scoping.services.issues import MOST_ISSUES
from tests.support.factories import (
    AssessmentFactory,
    ChannelFactory,
    CriterionFactory,
    IndexEntryFactory,
    MentionFactory,
    OrganisationFactory,
    PillarFactory,
    ProcessNoteFactory,
)
from tests.support.people import House


@pytest.fixture
def case() -> Case:
    return find_case("qifu-2022")


@pytest.fixture
def loaded(house: House, case: Case) -> Assessment:
    return services.load_case(organisation=house.organisation, case=case)


def contents(assessment: Assessment) -> dict[str, list[object]]:
    return {
        "groups": list(assessment.groups.values_list("code", "name", "side", "weight", "position", "reading")),
        "issues": list(assessment.issues.values_list("code", "name", "category", "description", "position")),
        "tiers": list(assessment.tiers.values_list("name", "planned_count")),
        "concerns": list(
            Concern.objects.filter(group__assessment=assessment).values_list("group__code", "topic", "issue__code")
        ),
        "published": list(
            PublishedResult.objects.filter(issue__assessment=assessment).values_list(
                "issue__code", "tier__name", "rank"
            )
        ),
    }


def all_rows(assessment: Assessment) -> dict[str, list[tuple[object, ...]]]:
    """Every row that a case can make, with every field."""
    stored = {
        StakeholderGroup: assessment.groups.all(),
        Channel: Channel.objects.filter(group__assessment=assessment),
        Issue: assessment.issues.all(),
        Concern: Concern.objects.filter(group__assessment=assessment),
        PublishedResult: PublishedResult.objects.filter(issue__assessment=assessment),
        Pillar: assessment.pillars.all(),
        Criterion: assessment.criteria.all(),
        ProcessNote: assessment.process_notes.all(),
        IndexEntry: assessment.index_entries.all(),
        Mention: Mention.objects.filter(issue__assessment=assessment),
    }
    rows = {model.__name__: list(found.order_by("pk").values_list()) for model, found in stored.items()}
    carried = Pillar.issues.through.objects.filter(pillar__assessment=assessment)
    return rows | {"carried": sorted(carried.values_list("pillar_id", "issue_id"))}


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("qifu-2022", {"Issue": 18, "StakeholderGroup": 8, "Concern": 30, "PublishedResult": 18, "ProcessNote": 7,
                       "IndexEntry": 48, "Mention": 12}),
        ("uxin-2022", {"Issue": 18, "Pillar": 5, "carried": 19, "ProcessNote": 8}),
        ("atrenew-2021", {"Issue": 20, "StakeholderGroup": 7, "Channel": 29, "Concern": 24, "PublishedResult": 7,
                          "Pillar": 4, "carried": 20, "Criterion": 4, "ProcessNote": 16, "Mention": 2}),
    ],
)  # fmt: skip
def test_each_report_is_loaded_whole_and_loads_twice_without_change(
    house: House, name: str, counts: dict[str, int]
) -> None:
    assessment = services.load_case(organisation=house.organisation, case=name)
    before = all_rows(assessment)
    assert {kind: len(rows) for kind, rows in before.items() if rows} == counts
    services.load_case(organisation=house.organisation, case=name)
    assert all_rows(assessment) == before


def test_everything_in_the_case_is_loaded(loaded: Assessment, case: Case) -> None:
    assert {kind: len(rows) for kind, rows in contents(loaded).items()} == {
        "groups": 8,
        "issues": 18,
        "tiers": 3,
        "concerns": 30,
        "published": 18,
    }
    assert (loaded.slug, loaded.company, loaded.reporting_period) == ("qifu-2022", "QiFu Technology", "2022")
    assert loaded.origin == case.origin


def test_loading_again_changes_nothing(loaded: Assessment, case: Case, house: House) -> None:
    before = contents(loaded)
    again = services.load_case(organisation=house.organisation, case=case)
    assert again.pk == loaded.pk
    assert contents(again) == before


def test_a_case_is_found_by_its_name_too(loaded: Assessment, house: House) -> None:
    assert services.load_case(organisation=house.organisation, case="qifu-2022").pk == loaded.pk


def test_loading_leaves_a_line_in_the_audit_trail(loaded: Assessment, house: House) -> None:
    assert house.organisation.events.filter(subject="qifu-2022", summary__contains="8 groups, 18 issues").exists()


def test_weights_and_sides_that_users_set_stay(loaded: Assessment, case: Case, house: House) -> None:
    group = loaded.groups.get(code="client")
    services.save_group(assessment=loaded, group=group, name=group.name, side="internal", weight=Decimal("2.5"))
    services.load_case(organisation=house.organisation, case=case)
    group.refresh_from_db()
    assert (group.side, group.weight) == ("internal", Decimal("2.5"))


def test_the_name_that_users_gave_it_stays(loaded: Assessment, case: Case, house: House) -> None:
    services.rename_assessment(assessment=loaded, name="Ours", company="QiFu", reporting_period="2022")
    again = services.load_case(organisation=house.organisation, case=case)
    assert (again.pk, again.name, again.company) == (loaded.pk, "Ours", "QiFu")


def test_a_case_whose_name_an_assessment_has_is_not_loaded_beside_it(house: House, case: Case) -> None:
    AssessmentFactory(organisation=house.organisation, name=case.name, reporting_period=case.reporting_period)
    with pytest.raises(ValidationError, match="There is already an assessment named"):
        services.load_case(organisation=house.organisation, case=case)


def test_tiers_that_users_named_and_sized_stay(loaded: Assessment, case: Case, house: House) -> None:
    plans = [services.TierPlan(f"Tier {tier.pk}", 6, tier.pk) for tier in loaded.tiers.all()]
    services.save_tiers(assessment=loaded, tiers=plans)
    services.load_case(organisation=house.organisation, case=case)
    assert list(loaded.tiers.values_list("name", "planned_count")) == [(plan.name, 6) for plan in plans]
    assert loaded.issues.get(code="resource-use").published.tier.name == plans[2].name


def test_what_users_added_stays(loaded: Assessment, case: Case, house: House) -> None:
    issue = services.save_issue(assessment=loaded, name="Biodiversity")
    group = services.save_group(assessment=loaded, name="Media", side="external")
    asked = services.save_concern(assessment=loaded, group=loaded.groups.get(code="client"), topic="Opening hours")
    services.load_case(organisation=house.organisation, case=case)
    assert loaded.issues.filter(pk=issue.pk).exists()
    assert loaded.groups.filter(pk=group.pk).exists()
    assert Concern.objects.filter(pk=asked.pk).exists()


def test_names_and_descriptions_follow_the_case(loaded: Assessment, case: Case, house: House) -> None:
    changed = replace(case, issues=(replace(case.issues[0], name="Compliance", description="New."), *case.issues[1:]))
    services.load_case(organisation=house.organisation, case=changed)
    issue = loaded.issues.get(code="compliance-operation")
    assert (issue.name, issue.description) == ("Compliance", "New.")


def test_a_result_that_the_case_takes_back_goes(loaded: Assessment, case: Case, house: House) -> None:
    unpublished = tuple(replace(issue, published=None) for issue in case.issues)
    services.load_case(organisation=house.organisation, case=replace(case, issues=unpublished))
    assert contents(loaded)["published"] == []


def test_issues_may_trade_their_names(loaded: Assessment, case: Case, house: House) -> None:
    first, second, *rest = case.issues
    traded = replace(case, issues=(replace(first, name=second.name), replace(second, name=first.name), *rest))
    services.load_case(organisation=house.organisation, case=traded)
    assert loaded.issues.get(code=first.code).name == second.name


def test_a_concern_that_moves_to_another_group_is_not_left_behind(loaded: Assessment, case: Case, house: House) -> None:
    moved = replace(case.concerns[23], group="government")
    changed = replace(case, concerns=(*case.concerns[:23], moved, *case.concerns[24:]))
    services.load_case(organisation=house.organisation, case=changed)
    assert list(Concern.objects.filter(topic=moved.topic).values_list("group__code", flat=True)) == ["government"]


def test_an_issue_typed_again_by_hand_is_recognised_by_its_name(loaded: Assessment, case: Case, house: House) -> None:
    services.remove_issue(issue=loaded.issues.get(code="emissions"))
    typed = services.save_issue(assessment=loaded, name="Emission Management")
    services.load_case(organisation=house.organisation, case=case)
    typed.refresh_from_db()
    assert typed.code == "emissions"
    assert loaded.issues.count() == 18


def test_a_name_that_stands_twice_is_explained(loaded: Assessment, case: Case, house: House) -> None:
    issue = loaded.issues.get(code="emissions")
    services.save_issue(assessment=loaded, issue=issue, name="Exhaust", code=issue.code)
    services.save_issue(assessment=loaded, name="Emission Management")
    with pytest.raises(ValidationError, match=r"“Emission Management” stands twice.*Rename or remove"):
        services.load_case(organisation=house.organisation, case=case)


def test_once_the_survey_has_opened_the_words_respondents_saw_stay(
    loaded: Assessment, case: Case, house: House
) -> None:
    services.set_phase(assessment=loaded, phase=Phase.SURVEY)
    changed = replace(case, issues=(replace(case.issues[0], name="Compliance"), *case.issues[1:]))
    services.load_case(organisation=house.organisation, case=changed)
    assert loaded.issues.get(code="compliance-operation").name == "Compliance Operation"


def test_once_the_survey_has_opened_another_list_is_refused(loaded: Assessment, case: Case, house: House) -> None:
    services.set_phase(assessment=loaded, phase=Phase.SURVEY)
    extra = replace(case.issues[0], code="biodiversity", name="Biodiversity")
    with pytest.raises(ValidationError, match=r"issues are frozen.*biodiversity.*another organisation"):
        services.load_case(organisation=house.organisation, case=replace(case, issues=(*case.issues, extra)))
    assert loaded.issues.count() == 18


def test_every_organisation_has_its_own_copy(loaded: Assessment, case: Case) -> None:
    elsewhere = OrganisationFactory()
    copy = services.load_case(organisation=elsewhere, case=case)
    assert (copy.organisation, copy.slug) == (elsewhere, "qifu-2022-2")
    assert services.load_case(organisation=elsewhere, case=case).pk == copy.pk


def test_an_assessment_of_the_same_slug_is_not_taken_over(house: House, case: Case) -> None:
    other = AssessmentFactory(organisation=house.organisation, slug="qifu-2022", name="Our own")
    loaded = services.load_case(organisation=house.organisation, case=case)
    other.refresh_from_db()
    assert (other.name, loaded.slug) == ("Our own", "qifu-2022-2")


# --- the sheets, and what a report tells around its list ---------------------------------------------------------


@pytest.fixture
def uxin(house: House) -> Assessment:
    return services.load_case(organisation=house.organisation, case="uxin-2022")


@pytest.fixture
def atrenew(house: House) -> Assessment:
    return services.load_case(organisation=house.organisation, case="atrenew-2021")


def test_sheets_are_loaded(atrenew: Assessment) -> None:
    issue = atrenew.issues.get(code="climate-change")
    assert issue.meaning.startswith("Storms, floods")
    assert (issue.chapters, issue.sdgs) == ("Tackling climate change\nGreen industry", [12, 13])


def test_what_users_write_on_a_sheet_stays_and_what_they_empty_is_filled(uxin: Assessment, house: House) -> None:
    uxin.issues.filter(code="business-ethics").update(meaning="Ours.", practice="")
    services.load_case(organisation=house.organisation, case="uxin-2022")
    issue = uxin.issues.get(code="business-ethics")
    assert issue.meaning == "Ours."
    assert issue.practice.startswith("A code of conduct")


def test_sheets_are_filled_also_after_the_survey_has_opened(atrenew: Assessment, house: House) -> None:
    services.set_phase(assessment=atrenew, phase=Phase.SURVEY)
    atrenew.issues.update(meaning="", chapters="", sdgs=[])
    services.load_case(organisation=house.organisation, case="atrenew-2021")
    assert atrenew.issues.get(code="compliant-operation").sdgs == [16]


def test_a_relevance_that_users_wrote_stays(atrenew: Assessment, house: House) -> None:
    atrenew.groups.filter(code="consumers").update(relevance="They pay.")
    services.load_case(organisation=house.organisation, case="atrenew-2021")
    assert atrenew.groups.get(code="consumers").relevance == "They pay."


def test_a_case_without_a_survey_makes_an_assessment_without_one(uxin: Assessment, atrenew: Assessment) -> None:
    assert (uxin.with_survey, atrenew.with_survey) == (False, True)


def test_a_survey_that_users_decided_for_stays(uxin: Assessment, house: House) -> None:
    uxin.with_survey = True
    uxin.save()
    assert services.load_case(organisation=house.organisation, case="uxin-2022").with_survey


def test_the_criteria_are_those_of_the_report(loaded: Assessment, atrenew: Assessment) -> None:
    assert loaded.criteria.count() == 0
    assert atrenew.criteria.first().name == "Contribution to sustainable development"


def test_rows_that_the_case_no_longer_has_go(atrenew: Assessment, house: House) -> None:
    case = find_case("atrenew-2021")
    shorter = replace(case, channels=case.channels[:1], pillars=case.pillars[:1], process=case.process[:1])
    services.load_case(organisation=house.organisation, case=shorter)
    left = {kind: len(rows) for kind, rows in all_rows(atrenew).items()}
    assert (left["Channel"], left["Pillar"], left["ProcessNote"]) == (1, 1, 1)


def test_a_criterion_that_the_case_no_longer_has_stays_since_marks_may_hang_on_it(
    atrenew: Assessment, house: House
) -> None:
    services.load_case(organisation=house.organisation, case=replace(find_case("atrenew-2021"), criteria=()))
    assert atrenew.criteria.count() == 4


def test_rows_of_users_own_stay(atrenew: Assessment, house: House) -> None:
    group = atrenew.groups.get(code="consumers")
    own = [
        ChannelFactory(group=group),
        PillarFactory(assessment=atrenew),
        ProcessNoteFactory(assessment=atrenew, added_by=house.analyst, source="Minutes"),
        CriterionFactory(assessment=atrenew),
        IndexEntryFactory(assessment=atrenew),
        MentionFactory(issue=atrenew.issues.first()),
    ]
    services.load_case(organisation=house.organisation, case="atrenew-2021")
    assert all(type(row).objects.filter(pk=row.pk).exists() for row in own)


def test_a_pillar_keeps_the_issues_that_users_gave_it(uxin: Assessment, house: House) -> None:
    pillar = uxin.pillars.get(name="Green Uxin")
    pillar.issues.set(uxin.issues.filter(code="business-ethics"))
    services.load_case(organisation=house.organisation, case="uxin-2022")
    assert [issue.code for issue in pillar.issues.all()] == ["business-ethics"]


def test_a_location_that_users_wrote_stays_and_one_they_emptied_is_filled(
    loaded: Assessment, case: Case, house: House
) -> None:
    loaded.index_entries.filter(code="A1.1").update(location="Chapter 9", issue=loaded.issues.first())
    loaded.index_entries.filter(code="A1.2").update(location="")
    services.load_case(organisation=house.organisation, case=case)
    moved = loaded.index_entries.get(code="A1.1")
    assert (moved.location, moved.issue) == ("Chapter 9", loaded.issues.first())
    assert loaded.index_entries.get(code="A1.2").location == "Data statistics"


def test_a_note_that_the_case_words_anew_is_worded_anew(loaded: Assessment, case: Case, house: House) -> None:
    first, *rest = case.process
    changed = replace(case, process=(replace(first, text="Asked everybody."), *rest))
    services.load_case(organisation=house.organisation, case=changed)
    assert loaded.process_notes.all()[0].text == "Asked everybody."
    assert loaded.process_notes.count() == 7


def test_a_case_that_does_not_fit_beside_what_users_added_is_refused(
    loaded: Assessment, case: Case, house: House
) -> None:
    PublishedResult.objects.filter(issue__assessment=loaded).delete()
    loaded.issues.all().delete()
    Issue.objects.bulk_create(
        Issue(assessment=loaded, code=f"own-{number}", name=f"Own {number}") for number in range(MOST_ISSUES)
    )
    with pytest.raises(ValidationError, match=f"would have {MOST_ISSUES + 18} issues, and at most {MOST_ISSUES} fit"):
        services.load_case(organisation=house.organisation, case=case)
    assert loaded.issues.count() == MOST_ISSUES
