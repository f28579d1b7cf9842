"""Criteria, rule and marks: what the services allow, refuse and record, and what marks come to."""

import importlib
from decimal import Decimal
from fractions import Fraction

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from accounts.models import Role
from scoping import services as scoping_services
from scoping.models import Assessment, Mark, ShortListRule, Standing
from scoping.selectors import screening as selectors
from scoping.services.screening import (
    DEFAULT_CRITERIA,
    MOST_CRITERIA,
    CriterionPlan,
    NewMark,
    remove_criterion,
    save_marks,
)
from tests.scoping.screened import give, issue, set_rule, texts_of, to_be_screened
from tests.support.factories import (
    AssessmentFactory,
    CriterionFactory,
    MarkFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment() -> Assessment:
    return to_be_screened()


# --- criteria and rule ------------------------------------------------------------------------------------
def test_a_new_assessment_comes_with_the_four_usual_criteria():
    made = scoping_services.create_assessment(
        organisation=OrganisationFactory(), name="Mill", company="Mill", reporting_period="2026"
    )
    assert [criterion.name for criterion in made.criteria.all()] == [plan.name for plan in DEFAULT_CRITERIA]
    assert len(DEFAULT_CRITERIA) == 4


def test_an_assessment_from_before_gets_the_usual_criteria_and_one_that_has_some_keeps_them():
    migration = importlib.import_module("scoping.migrations.0003_default_criteria")
    old, other = AssessmentFactory(), CriterionFactory().assessment
    migration.add_criteria(apps, None)
    assert [(row.name, row.position) for row in old.criteria.all()] == [
        (plan.name, position) for position, plan in enumerate(DEFAULT_CRITERIA)
    ]
    assert other.criteria.count() == 1


def test_criteria_are_added_renamed_and_put_in_order(assessment: Assessment):
    first, second = assessment.criteria.all()
    plans = [
        CriterionPlan("Newest"),
        CriterionPlan(first.name, criterion=second.pk),
        CriterionPlan("Old", criterion=first.pk),
    ]
    set_rule(assessment, criteria=plans)
    assert [(row.name, row.pk) for row in assessment.criteria.all()][1:] == [(first.name, second.pk), ("Old", first.pk)]
    assert assessment.criteria.first().name == "Newest"


def test_what_was_set_is_recorded(assessment: Assessment):
    by = UserFactory()
    set_rule(assessment, threshold=Decimal("2.5"), by=by)
    event = assessment.organisation.events.get()
    assert event.actor == by
    assert event.summary == "set the screening to a total of at least 2.5 by Criterion 0, Criterion 1"


def test_a_criterion_that_somebody_else_added_stays(assessment: Assessment):
    plans = [CriterionPlan(row.name, criterion=row.pk) for row in assessment.criteria.all()]
    CriterionFactory(assessment=assessment, name="Theirs", position=7)
    set_rule(assessment, criteria=plans)
    assert [row.name for row in assessment.criteria.all()] == ["Criterion 0", "Criterion 1", "Theirs"]


def test_a_criterion_that_was_removed_meanwhile_is_said_so(assessment: Assessment):
    gone = assessment.criteria.last()
    plans = [CriterionPlan(row.name, criterion=row.pk) for row in assessment.criteria.all()]
    gone.delete()
    with pytest.raises(ValidationError) as caught:
        set_rule(assessment, criteria=plans)
    assert f"“{gone.name}” was removed meanwhile" in texts_of(caught)


@pytest.mark.parametrize("names", [["Same", " same "], [""], ["x" * 201], [f"C{n}" for n in range(MOST_CRITERIA)]])
def test_names_are_unique_and_there_are_ten_at_most(assessment: Assessment, names: list[str]):
    with pytest.raises(ValidationError):
        set_rule(assessment, criteria=[CriterionPlan(name) for name in names])
    assert [row.name for row in assessment.criteria.all()] == ["Criterion 0", "Criterion 1"]


@pytest.mark.parametrize(
    ("rule", "threshold", "field", "text"),
    [
        ("total", "6.01", "threshold", "from 0 to 6"),
        ("total", "-0.1", "threshold", "from 0 to 6"),
        ("total", "2.333", "threshold", "Two decimals"),
        ("must-have", "2", "rule", "No criterion is a must-have"),
        ("by-mood", "2", "rule", "one of the two"),
    ],
)
def test_a_rule_that_nothing_could_meet_is_refused_at_its_field(
    assessment: Assessment, rule: str, threshold: str, field: str, text: str
):
    with pytest.raises(ValidationError) as caught:
        set_rule(assessment, rule=rule, threshold=Decimal(threshold))
    assert text in caught.value.message_dict[field][0]


def test_a_threshold_for_must_haves_goes_to_three(assessment: Assessment):
    plans = [CriterionPlan("Only one", must_have=True)]
    with pytest.raises(ValidationError) as caught:
        set_rule(assessment, criteria=plans, rule="must-have", threshold=Decimal(4))
    assert "from 0 to 3" in caught.value.message_dict["threshold"][0]
    set_rule(assessment, criteria=plans, rule="must-have", threshold=Decimal(3))
    assert Assessment.objects.get().short_list_rule == ShortListRule.MUST_HAVE


def test_a_removed_criterion_takes_its_marks_with_it(assessment: Assessment):
    give(assessment, 6, 3)
    first, second = assessment.criteria.all()
    assert remove_criterion(criterion=first, marks_seen=2) == 2
    assert Mark.objects.count() == second.marks.count() == 2
    assert assessment.organisation.events.get().summary == "removed the criterion Criterion 0 with 2 marks"


def test_marks_that_came_meanwhile_are_not_lost_unasked(assessment: Assessment):
    give(assessment, 6, 3)
    with pytest.raises(ValidationError) as caught:
        remove_criterion(criterion=assessment.criteria.first(), marks_seen=1)
    assert "has 2 marks by now, 1 more than when you looked" in texts_of(caught)
    assert Mark.objects.count() == 4


def test_the_only_criterion_stays():
    with pytest.raises(ValidationError, match="the only criterion"):
        remove_criterion(criterion=CriterionFactory())


def test_a_criterion_that_the_rule_needs_stays(assessment: Assessment):
    set_rule(assessment, threshold=Decimal("3.5"))
    with pytest.raises(ValidationError) as caught:
        remove_criterion(criterion=assessment.criteria.first())
    assert "Without “Criterion 0” the rule could not be met. A total over 1 criterion is at most 3." in texts_of(caught)
    assert assessment.criteria.count() == 2


# --- marks ------------------------------------------------------------------------------------------------
def mark(assessment: Assessment, value: int | None, reason: str = "", number: int = 0) -> NewMark:
    return NewMark(issue(assessment, number).pk, assessment.criteria.first().pk, value, reason)


def test_a_mark_is_given_changed_and_taken_back(assessment: Assessment):
    member = UserFactory()
    for wanted, stored in [(mark(assessment, 2), [(2, "")]), (mark(assessment, 3, " Asked  for "), [(3, "Asked for")])]:
        assert save_marks(assessment=assessment, marks=[wanted], by=member) == 1
        assert list(Mark.objects.values_list("value", "reason")) == stored
    assert save_marks(assessment=assessment, marks=[mark(assessment, None)], by=member) == 1
    assert not Mark.objects.exists()


def test_marks_of_others_stay_as_they_are(assessment: Assessment):
    other = give(assessment, 6)
    save_marks(assessment=assessment, marks=[mark(assessment, None), mark(assessment, 1, number=1)], by=UserFactory())
    assert Mark.objects.filter(member=other).count() == 2


def test_marks_that_change_nothing_leave_no_line(assessment: Assessment):
    member = UserFactory()
    for changed in (1, 0):
        assert save_marks(assessment=assessment, marks=[mark(assessment, 2)], by=member) == changed
    assert [event.summary for event in assessment.organisation.events.all()] == ["marked 1 issue"]


def test_the_same_place_twice_keeps_the_later_mark(assessment: Assessment):
    save_marks(assessment=assessment, marks=[mark(assessment, 1), mark(assessment, 3)], by=UserFactory())
    assert Mark.objects.get().value == 3


@pytest.mark.parametrize(
    ("value", "reason", "text"),
    [(4, "", "not 4"), (-1, "", "not -1"), (None, "why", "no mark"), (1, "x" * 501, "501 characters")],
)
def test_a_mark_that_is_none_is_refused_by_name_and_nothing_is_saved(
    assessment: Assessment, value: int | None, reason: str, text: str
):
    wanted = [mark(assessment, 2, number=1), mark(assessment, value, reason)]
    with pytest.raises(ValidationError) as caught:
        save_marks(assessment=assessment, marks=wanted, by=UserFactory())
    assert "“Issue 0”, Criterion 0:" in texts_of(caught)
    assert text in texts_of(caught)
    assert not Mark.objects.exists()


def test_a_criterion_of_another_assessment_is_refused(assessment: Assessment):
    theirs = CriterionFactory()
    wanted = [mark(assessment, 2), NewMark(issue(assessment, 0).pk, theirs.pk, 2)]
    with pytest.raises(ValidationError) as caught:
        save_marks(assessment=assessment, marks=wanted, by=UserFactory())
    assert caught.value.code == "stale"
    assert not Mark.objects.exists()


def test_an_issue_that_was_merged_meanwhile_is_refused(assessment: Assessment):
    wanted = mark(assessment, 2)
    assessment.issues.filter(pk=wanted.issue).update(standing=Standing.MERGED, merged_into=issue(assessment, 1))
    with pytest.raises(ValidationError) as caught:
        save_marks(assessment=assessment, marks=[wanted], by=UserFactory())
    assert caught.value.code == "stale"


# --- what the marks come to -------------------------------------------------------------------------------
def test_means_of_several_people_make_the_total(assessment: Assessment):
    give(assessment, 6, 3)
    give(assessment, 3)
    found = {row.name: row.outcome for row in selectors.screening_of(assessment).issues}
    assert (found["Issue 0"].total, found["Issue 0"].proposal) == (Fraction(9, 2), True)
    assert (found["Issue 1"].total, found["Issue 1"].proposal) == (3, True)
    assert found["Issue 2"].proposal is None


def test_the_highest_comes_first_and_the_unmarked_last(assessment: Assessment):
    give(assessment, 1, 6, 4)
    assert [row.name for row in selectors.screening_of(assessment).issues] == [
        "Issue 1",
        "Issue 2",
        "Issue 0",
        "Issue 3",
    ]


def test_by_must_haves_the_order_follows_the_weakest_of_them(assessment: Assessment):
    assessment.criteria.filter(position=1).update(must_have=True)
    give(assessment, 3, 4, 5)
    assessment.short_list_rule, assessment.short_list_threshold = ShortListRule.MUST_HAVE, Decimal(2)
    screening = selectors.screening_of(assessment)
    assert [row.name for row in screening.issues][:3] == ["Issue 2", "Issue 1", "Issue 0"]
    assert [row.name for row in screening.proposed_in] == ["Issue 2"]


def test_marks_of_a_merged_issue_do_not_count(assessment: Assessment):
    member = give(assessment, 6, 6)
    assessment.issues.filter(code="issue-0").update(standing=Standing.MERGED, merged_into=issue(assessment, 1))
    assert [row.name for row in selectors.screening_of(assessment).issues] == ["Issue 1", "Issue 2", "Issue 3"]
    assert [(row.name, row.marked, row.of) for row in selectors.markers_of(assessment)] == [(member.name, 1, 3)]


def test_everybody_who_may_mark_is_named_with_how_far_they_are(assessment: Assessment):
    for role in (Role.ANALYST, Role.VIEWER):
        MembershipFactory(organisation=assessment.organisation, role=role, user__name=role.label)
    busy = give(assessment, 6, 6)
    MarkFactory(issue=issue(assessment, 2), criterion=assessment.criteria.first(), member=busy)
    rows = [(row.name, row.marked, row.begun) for row in selectors.markers_of(assessment)]
    assert rows == [(busy.name, 2, 1), ("Analyst", 0, 0)]


def test_reasons_and_disputed_marks_are_worth_a_look(assessment: Assessment):
    give(assessment, 6, member=UserFactory(name="Anna"))
    give(assessment, 3, member=UserFactory(name="Ben"))
    Mark.objects.filter(value=3, member__name="Ben").update(reason="Asked for")
    screening = selectors.screening_of(assessment)
    found = selectors.voices_of(screening.issues, screening.criteria)[issue(assessment, 0).pk]
    assert [(mark.criterion, mark.member, mark.value, mark.reason) for mark in found] == [
        ("Criterion 0", "Ben", 3, "Asked for"),
        ("Criterion 1", "Anna", 3, ""),
        ("Criterion 1", "Ben", 0, ""),
    ]
