import pytest

from surveys.design import asking_obstacles, design_of, judging_obstacles, outline_of
from surveys.readiness import readiness_of
from surveys.services import building, open_survey
from surveys.services.building import OwnIssue
from tests.support.factories import GroupDesignFactory, GroupIssueFactory


def skip(survey, group, *codes):
    design = GroupDesignFactory(survey=survey, group=group)
    for issue in survey.assessment.issues.filter(code__in=codes):
        GroupIssueFactory(design=design, issue=issue)


ALL = [f"issue-{n}" for n in range(5)]


def test_a_plain_rating_has_no_obstacles(draft):
    design = design_of(draft)
    assert (judging_obstacles(design), asking_obstacles(design)) == ([], [])


def test_who_and_what_is_left_without_a_question_is_named(draft):
    for group in draft.assessment.groups.all():
        skip(draft, group, *(ALL if group.code == "group-0" else ["issue-3"]))
    idle, orphan = asking_obstacles(design_of(draft))
    assert idle.startswith("Group 0: asked about no issue")
    assert orphan.startswith("No group is asked about “Issue 3”.")


def test_an_issue_off_the_short_list_is_nobodys_loss(draft, group):
    skip(draft, group, "issue-0")
    draft.assessment.issues.filter(code="issue-0").update(standing="left-out")
    draft.kind, draft.choose = "ranking", 3
    assert judging_obstacles(design_of(draft)) == []


def test_the_outline_counts_what_a_group_is_asked(draft, group):
    building.set_judging(assessment=draft.assessment, kind="rating", both_importances=True)
    building.save_group_design(
        group=group, issues={"issue-0": OwnIssue(asked=False), "issue-1": OwnIssue(description="Own")}
    )
    draft.refresh_from_db()
    outline = outline_of(draft)
    assert [(row.issues, row.reworded) for row in outline.groups] == [(4, 1), (5, 0), (5, 0)]
    assert [issue.not_for for issue in outline.issues] == [("Group 0",), (), (), (), ()]
    assert outline.differs


@pytest.mark.parametrize("opened", [False, True])
def test_the_outline_is_of_what_was_frozen_once_there_is_something(draft, opened):
    if opened:
        open_survey(survey=draft)
        draft.refresh_from_db()
    draft.assessment.issues.filter(code="issue-0").update(name="Renamed")
    assert (outline_of(draft).issues[0].name == "Renamed") is not opened


# --- ready to open ----------------------------------------------------------------------------------------
def test_a_contradiction_is_mended_first(draft):
    draft.kind, draft.choose = "top", 5
    draft.save()
    (point,) = readiness_of(draft.assessment).needed
    assert (point.area, point.page) == ("Questions", "surveys:build-judging")
    assert point.refusal().startswith("Questions, judging: Change how issues are judged. Of 5 issues, at most 4")


def test_nobody_opens_what_nobody_is_asked(draft):
    for group in draft.assessment.groups.all():
        skip(draft, group, "issue-3")
    (point,) = readiness_of(draft.assessment).needed
    assert point.page == "surveys:build"


def test_untranslated_texts_can_be_waived_and_are_counted(draft):
    draft.languages = ["zh-Hans"]
    draft.save()
    readiness = readiness_of(draft.assessment)
    (point,) = readiness.waivable
    assert point.why.startswith("Simplified Chinese lacks ")
    assert point.why.endswith("Respondents read what is missing in English.")
    assert readiness.waiver == "Open without the step “Translate what is left”"


def test_hints_need_nobodys_consent_and_go_when_followed(draft):
    readiness = readiness_of(draft.assessment)
    assert [point.what for point in readiness.hints] == ["Describe five more issues", "Look at the anonymity"]
    assert readiness.refusals(waived=False) == []
    draft.assessment.issues.update(description="What it is about.")
    building.set_anonymity(assessment=draft.assessment, anonymity="anonymous", minimum_group=5)
    assert readiness_of(draft.assessment).hints == ()
