from surveys.readiness import readiness_of
from surveys.services import open_survey, prepare_survey
from tests.support.factories import AssessmentFactory


def test_a_complete_scope_has_nothing_to_mend_and_nothing_to_confirm(assessment):
    readiness = readiness_of(assessment)
    assert (readiness.missing, readiness.waiver) == ((), "")


def test_what_may_stay_open_is_confirmed_in_one_sentence(assessment):
    assessment.groups.filter(side="internal").delete()
    assessment.tiers.all().delete()
    assert readiness_of(assessment).waiver == (
        "Open without the steps “Add an internal stakeholder group” and “Name the tiers”"
    )


def test_what_is_waived_stands_in_the_way_no_longer(assessment):
    assessment.tiers.all().delete()
    readiness = readiness_of(assessment)
    assert len(readiness.refusals(waived=False)) == 1
    assert readiness.refusals(waived=True) == []


def test_an_empty_scope_cannot_be_waived(db):
    needed = readiness_of(AssessmentFactory()).needed
    assert {point.place for point in needed} == {"groups", "issues"}


def test_an_import_may_open_what_the_page_would_not(db):
    assessment = AssessmentFactory(groups=1, issues=1)
    open_survey(survey=prepare_survey(assessment=assessment))
    assert readiness_of(assessment).needed
