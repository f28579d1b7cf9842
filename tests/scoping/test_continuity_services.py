"""Naming the assessment before, linking issues, and carrying a scope into the next period."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts.selectors import events_of
from scoping.models import (
    Assessment,
    Attribute,
    Concern,
    Contact,
    Issue,
    Mark,
    Mention,
    Phase,
    Pillar,
    Predecessor,
    ProcessNote,
    ShortListDecision,
    ShortListRule,
    StakeholderModel,
    Standing,
    WeightBasis,
)
from scoping.services.continuity import carry_forward, link_issues, set_previous
from tests.support.factories import (
    AssessmentFactory,
    ChannelFactory,
    ConcernFactory,
    ContactFactory,
    CriterionFactory,
    IssueFactory,
    MarkFactory,
    MentionFactory,
    PillarFactory,
    ProcessNoteFactory,
    ScoreFactory,
    TierFactory,
    UserFactory,
)
from tests.support.people import House


@pytest.fixture
def old(house: House) -> Assessment:
    return AssessmentFactory(organisation=house.organisation, name="Assessment 2021", reporting_period="2021", issues=3)


@pytest.fixture
def new(house: House, old: Assessment) -> Assessment:
    return AssessmentFactory(
        organisation=house.organisation, name="Assessment 2022", reporting_period="2022", issues=3, previous=old
    )


def pairs(assessment: Assessment) -> set[tuple[str, str]]:
    of_these = Predecessor.objects.filter(issue__assessment=assessment)
    return set(of_these.values_list("issue__code", "previous__code"))


# --- the assessment before --------------------------------------------------------------------------------
def test_the_assessment_before_is_named_and_noted(house: House, old: Assessment) -> None:
    assessment = AssessmentFactory(organisation=house.organisation)
    set_previous(assessment=assessment, previous=old, by=house.analyst)
    assessment.refresh_from_db()
    assert assessment.previous == old
    assert events_of(house.organisation, assessment.slug, 1)[0].summary == (
        "this assessment continues Assessment 2021 (2021)"
    )


def test_naming_another_one_removes_the_links(house: House, new: Assessment) -> None:
    link_issues(assessment=new, links={"issue-0": ["issue-0"]})
    other = AssessmentFactory(organisation=house.organisation)
    set_previous(assessment=new, previous=other)
    assert pairs(new) == set()


def test_naming_the_same_one_again_keeps_the_links(new: Assessment, old: Assessment) -> None:
    link_issues(assessment=new, links={"issue-0": ["issue-0"]})
    set_previous(assessment=new, previous=old)
    assert pairs(new) == {("issue-0", "issue-0")}


def test_an_assessment_of_another_organisation_is_refused(new: Assessment) -> None:
    with pytest.raises(ValidationError, match="another organisation"):
        set_previous(assessment=new, previous=AssessmentFactory())


def test_an_assessment_does_not_continue_itself(new: Assessment) -> None:
    with pytest.raises(ValidationError, match="cannot continue itself"):
        set_previous(assessment=new, previous=new)


def test_two_assessments_do_not_continue_each_other(new: Assessment, old: Assessment) -> None:
    with pytest.raises(ValidationError, match="“Assessment 2022” continues this assessment"):
        set_previous(assessment=old, previous=new)


def test_a_circle_of_three_is_refused(house: House, new: Assessment, old: Assessment) -> None:
    third = AssessmentFactory(organisation=house.organisation, previous=new)
    with pytest.raises(ValidationError, match="continues this assessment"):
        set_previous(assessment=old, previous=third)


# --- links ------------------------------------------------------------------------------------------------
def test_links_are_stored_and_counted(house: House, new: Assessment) -> None:
    assert link_issues(assessment=new, links={"issue-0": ["issue-0", "issue-1"], "issue-1": []}, by=house.analyst) == 1
    assert pairs(new) == {("issue-0", "issue-0"), ("issue-0", "issue-1")}
    assert events_of(house.organisation, new.slug, 1)[0].summary == "linked one issue with those of Assessment 2021"


def test_issues_that_are_not_named_keep_their_links(new: Assessment) -> None:
    link_issues(assessment=new, links={"issue-0": ["issue-0"], "issue-1": ["issue-1"]})
    link_issues(assessment=new, links={"issue-1": []})
    assert pairs(new) == {("issue-0", "issue-0")}


def test_the_same_links_again_leave_no_trace(house: House, new: Assessment) -> None:
    for _ in range(2):
        link_issues(assessment=new, links={"issue-0": ["issue-0"]})
    assert len(events_of(house.organisation, new.slug, 9)) == 1


@pytest.mark.parametrize("links", [{"nothing": ["issue-0"]}, {"issue-0": ["issue-0"], "issue-1": ["nothing"]}])
def test_an_unknown_code_links_nothing(new: Assessment, links: dict[str, list[str]]) -> None:
    with pytest.raises(ValidationError, match="has no issue nothing"):
        link_issues(assessment=new, links=links)
    assert pairs(new) == set()


def test_without_an_assessment_before_nothing_is_linked(old: Assessment) -> None:
    with pytest.raises(ValidationError, match="Name the assessment before this one first"):
        link_issues(assessment=old, links={"issue-0": []})


def test_links_do_not_freeze_with_the_survey(new: Assessment) -> None:
    Assessment.objects.update(phase=Phase.RESULTS)
    assert link_issues(assessment=new, links={"issue-0": ["issue-0"]}) == 1


# --- carrying forward -------------------------------------------------------------------------------------
def carried(assessment: Assessment, **fields: object) -> Assessment:
    values = {"name": "Next", "company": "Example Ltd.", "reporting_period": "2023"} | fields
    return carry_forward(assessment=assessment, **values)


def names(assessment: Assessment) -> list[str]:
    return list(assessment.issues.values_list("name", flat=True))


def test_the_new_assessment_continues_the_old_one(old: Assessment) -> None:
    new = carried(old)
    assert (new.previous, new.phase, new.reporting_period) == (old, Phase.SCOPING, "2023")


def test_the_new_issues_were_added_by_whoever_carried_them_forward(old: Assessment) -> None:
    old.issues.update(added_by=UserFactory())
    by = UserFactory()
    assert set(carried(old, by=by).issues.values_list("added_by", flat=True)) == {by.pk}


def test_each_issue_is_linked_with_the_one_that_it_continues(old: Assessment) -> None:
    assert pairs(carried(old)) == {(f"issue-{number}", f"issue-{number}") for number in range(3)}


def test_the_sheet_goes_along_and_the_place_in_the_old_report_stays(old: Assessment) -> None:
    sheet = {
        "description": "Using water sparingly.",
        "meaning": "Plants need it.",
        "practice": "Meters.",
        "improvement": "Reuse.",
        "chapters": "Water",
        "sdgs": [6],
        "owners": "Site managers",
    }
    old.issues.filter(code="issue-0").update(**sheet, source="p. 9", reading="Perhaps.")
    issue = carried(old).issues.get(code="issue-0")
    assert {field: getattr(issue, field) for field in sheet} == sheet
    assert (issue.source, issue.reading) == ("", "")


def test_groups_go_along_with_all_that_is_known_of_them(old: Assessment) -> None:
    group = old.groups.create(
        code="staff", name="Staff", side="internal", relevance="They do the work.", weight=Decimal("2.5"),
        weight_basis=WeightBasis.OVERRULED, weight_reason="Few of them.", source="p. 3",
    )  # fmt: skip
    ScoreFactory(group=group, attribute=Attribute.POWER, value=4, reason="Works council.")
    ChannelFactory(group=group, name="Meeting", frequency="monthly")
    ConcernFactory(group=group, topic="Pay", response="A raise.", issue=old.issues.get(code="issue-1"))
    fresh = carried(old).groups.get()
    assert (fresh.relevance, fresh.weight, fresh.weight_basis, fresh.weight_reason, fresh.source) == (
        "They do the work.", Decimal("2.5"), WeightBasis.OVERRULED, "Few of them.", "",
    )  # fmt: skip
    assert fresh.scores.values_list("attribute", "value", "reason").get() == ("power", 4, "Works council.")
    assert fresh.channels.values_list("name", "frequency").get() == ("Meeting", "monthly")
    concern = fresh.concerns.get()
    assert (concern.topic, concern.response, concern.issue.code) == ("Pay", "A raise.", "issue-1")
    assert concern.issue.assessment == fresh.assessment


def test_a_concern_of_an_issue_that_stays_behind_names_none(old: Assessment) -> None:
    issue = old.issues.get(code="issue-1")
    Issue.objects.filter(pk=issue.pk).update(standing=Standing.LEFT_OUT)
    ConcernFactory(group__assessment=old, issue=issue)
    assert Concern.objects.get(group__assessment=carried(old)).issue is None


def test_a_concern_of_a_merged_issue_goes_to_the_survivor(old: Assessment) -> None:
    survivor, merged = old.issues.get(code="issue-0"), old.issues.get(code="issue-1")
    Issue.objects.filter(pk=merged.pk).update(standing=Standing.MERGED, merged_into=survivor)
    ConcernFactory(group__assessment=old, issue=merged)
    assert Concern.objects.get(group__assessment=carried(old)).issue.code == "issue-0"


def test_contacts_stay_where_they_were_given(old: Assessment) -> None:
    ContactFactory(group__assessment=old)
    assert not Contact.objects.filter(assessment=carried(old)).exists()


def test_what_was_said_and_decided_stays_in_its_period(old: Assessment) -> None:
    MarkFactory(issue=old.issues.first())
    MentionFactory(issue=old.issues.first())
    ProcessNoteFactory(assessment=old)
    new = carried(old)
    assert not Mark.objects.filter(issue__assessment=new).exists()
    assert not Mention.objects.filter(issue__assessment=new).exists()
    assert not ProcessNote.objects.filter(assessment=new).exists()
    assert not ShortListDecision.objects.filter(assessment=new).exists()


def test_pillars_carry_the_new_issues(old: Assessment) -> None:
    PillarFactory(assessment=old, name="Planet", topics="Water").issues.set(old.issues.filter(code="issue-0"))
    pillar = Pillar.objects.get(assessment=carried(old))
    assert (pillar.name, pillar.topics, [issue.code for issue in pillar.issues.all()]) == (
        "Planet",
        "Water",
        ["issue-0"],
    )
    assert pillar.issues.get().assessment == pillar.assessment


def test_criteria_rule_and_stakeholder_model_go_along(old: Assessment) -> None:
    CriterionFactory(assessment=old, name="Law", must_have=True)
    Assessment.objects.filter(pk=old.pk).update(
        short_list_rule=ShortListRule.MUST_HAVE,
        short_list_threshold=Decimal("1.5"),
        stakeholder_model=StakeholderModel.SALIENCE,
    )
    new = carried(old)
    assert list(new.criteria.values_list("name", "must_have")) == [("Law", True)]
    assert (new.short_list_rule, new.short_list_threshold, new.stakeholder_model) == (
        ShortListRule.MUST_HAVE, Decimal("1.5"), StakeholderModel.SALIENCE,
    )  # fmt: skip


@pytest.mark.parametrize("sizes", [[1, 2], [2, 2], [None, None]])
def test_sizes_of_tiers_go_along_whether_they_fit_the_list_or_not(old: Assessment, sizes: list[int | None]) -> None:
    for position, size in enumerate(sizes):
        TierFactory(assessment=old, position=position, name=f"Tier {position}", planned_count=size)
    new = carried(old)
    assert list(new.tiers.values_list("name", "planned_count")) == [
        (f"Tier {position}", size) for position, size in enumerate(sizes)
    ]


def test_only_the_short_list_and_what_came_since_go_along(old: Assessment) -> None:
    IssueFactory(assessment=old, name="Screened out", position=8, standing=Standing.LEFT_OUT)
    IssueFactory(assessment=old, name="Came later", position=9, standing=Standing.NEXT)
    new = carried(old)
    assert names(new) == ["Issue 0", "Issue 1", "Issue 2", "Came later"]
    assert set(new.issues.values_list("standing", flat=True)) == {Standing.LISTED}


def decide(assessment: Assessment, listed: dict[str, bool], *, version: int = 1, **fields: object) -> ShortListDecision:
    entries = [
        {"issue": issue.pk, "code": issue.code, "name": issue.name, "proposed": None, "listed": listed[issue.code]}
        for issue in assessment.issues.filter(code__in=listed)
    ]
    return ShortListDecision.objects.create(assessment=assessment, version=version, rule={}, entries=entries, **fields)


def test_a_decision_for_the_next_survey_is_where_the_next_list_starts(old: Assessment) -> None:
    IssueFactory(assessment=old, name="Came later", position=9, code="later", standing=Standing.NEXT)
    decide(old, {"issue-0": True, "issue-1": False, "issue-2": True, "later": False}, applies=False)
    assert names(carried(old)) == ["Issue 0", "Issue 2"]


def test_a_decision_that_was_undone_does_not_count(house: House, old: Assessment) -> None:
    decide(old, {"issue-0": True, "issue-1": True, "issue-2": True})
    decide(old, {"issue-0": False}, version=2, undone_at="2026-01-01T00:00Z", undone_by=house.owner)
    assert names(carried(old)) == ["Issue 0", "Issue 1", "Issue 2"]


def test_pairs_that_were_found_distinct_stay_so(old: Assessment) -> None:
    one, other = old.issues.get(code="issue-0"), old.issues.get(code="issue-1")
    one.distinct_from.add(other)
    new = carried(old)
    assert [issue.code for issue in new.issues.get(code="issue-0").distinct_from.all()] == ["issue-1"]


def test_both_assessments_have_a_line_about_it(house: House, old: Assessment) -> None:
    new = carried(old, by=house.analyst)
    assert events_of(house.organisation, new.slug, 1)[0].summary == (
        "carried forward from Assessment 2021 (2021): no groups, three issues"
    )
    assert events_of(house.organisation, old.slug, 1)[0].summary == "carried forward into Next (2023)"


def test_the_old_assessment_is_left_as_it_was(old: Assessment) -> None:
    before = Assessment.objects.values().get(pk=old.pk)
    carried(old)
    assert Assessment.objects.values().get(pk=old.pk) == before
    assert old.issues.count() == 3


def test_a_name_that_is_taken_makes_nothing(old: Assessment) -> None:
    with pytest.raises(ValidationError, match="already an assessment"):
        carried(old, name=old.name, reporting_period=old.reporting_period)
    assert Assessment.objects.filter(organisation=old.organisation).count() == 1


def test_whether_there_is_a_survey_is_decided_anew(old: Assessment) -> None:
    assert carried(old, with_survey=False).with_survey is False
