"""The scoping pages: who may see and change them, what they show, and that nothing typed is lost."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from scoping import services
from scoping.models import Assessment, Concern, Phase
from tests.support.factories import AssessmentFactory, ConcernFactory, PublishedResultFactory, TierFactory
from tests.support.people import House

SCOPED = ("scope", "edit", "group-new", "issue-new", "paste", "tiers", "concern-new")
FORMS = SCOPED[1:]


@pytest.fixture
def assessment(house: House) -> Assessment:
    made = AssessmentFactory(organisation=house.organisation, slug="paper-2024", groups=2, issues=3)
    TierFactory(assessment=made, name="High", position=0)
    return made


def page(name: str, **kwargs: object) -> str:
    return reverse(f"scoping:{name}", kwargs={"organisation": "example"} | kwargs)


def of_paper(name: str, **kwargs: object) -> str:
    return page(name, slug="paper-2024", **kwargs)


def said(response) -> str:
    return response.content.decode()


# --- who may ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", SCOPED)
def test_a_stranger_gets_404(assessment: Assessment, outsider_client: Client, name: str) -> None:
    assert outsider_client.get(of_paper(name)).status_code == 404


@pytest.mark.parametrize("name", SCOPED)
def test_a_visitor_is_asked_to_sign_in(assessment: Assessment, client: Client, name: str) -> None:
    response = client.get(of_paper(name))
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("name", SCOPED)
def test_an_assessment_of_another_organisation_is_not_found(house: House, owner_client: Client, name: str) -> None:
    theirs = AssessmentFactory(organisation=house.elsewhere)
    assert owner_client.get(page(name, slug=theirs.slug)).status_code == 404


@pytest.mark.parametrize("role", ["owner", "analyst", "approver", "viewer"])
def test_every_member_sees_the_scope(assessment: Assessment, house: House, client_of, role: str) -> None:
    client = client_of(getattr(house, role))
    assert client.get(page("assessments")).status_code == 200
    assert client.get(of_paper("scope")).status_code == 200


@pytest.mark.parametrize("role", ["approver", "viewer"])
@pytest.mark.parametrize("name", FORMS)
def test_who_does_not_edit_gets_no_form(assessment: Assessment, house: House, client_of, role: str, name: str) -> None:
    client = client_of(getattr(house, role))
    assert client.get(of_paper(name)).status_code == 403
    assert client.post(of_paper(name), {"name": "X"}).status_code == 403


@pytest.mark.parametrize("role", ["owner", "analyst"])
@pytest.mark.parametrize("name", FORMS)
def test_who_edits_gets_the_forms(assessment: Assessment, house: House, client_of, role: str, name: str) -> None:
    assert client_of(getattr(house, role)).get(of_paper(name)).status_code == 200


def test_a_viewer_is_shown_no_way_to_change_things(assessment: Assessment, viewer_client: Client) -> None:
    text = said(viewer_client.get(of_paper("scope")))
    assert "Group 0" in text
    assert [name for name in FORMS if f'href="{of_paper(name)}"' in text] == []


# --- what is shown ----------------------------------------------------------------------------------------
def test_without_assessments_the_page_says_what_to_do(analyst_client: Client) -> None:
    text = said(analyst_client.get(page("assessments")))
    assert "No assessment yet" in text
    assert page("create") in text


def test_a_viewer_without_assessments_learns_who_can_begin_one(viewer_client: Client) -> None:
    text = said(viewer_client.get(page("assessments")))
    assert page("create") not in text
    assert "An owner or analyst of Example Ltd. can begin one." in text


def test_empty_lists_say_what_to_do(house: House, analyst_client: Client) -> None:
    AssessmentFactory(organisation=house.organisation, slug="paper-2024")
    text = said(analyst_client.get(of_paper("scope")))
    for next_step in (
        "What is missing for the survey",
        "No groups yet",
        "No issues yet",
        "No tiers",
    ):
        assert next_step in text


def test_a_loaded_case_shows_what_the_report_published(house: House, viewer_client: Client) -> None:
    services.load_case(organisation=house.organisation, case="qifu-2022")
    text = said(viewer_client.get(page("scope", slug="qifu-2022")))
    for fact in (
        "8 stakeholder groups",
        "18 issues",
        "Privacy &amp; Information Security",
        "Moderately important",
        "Identification, Evaluation and Ranking of Substantive Issues, item 18",
    ):
        assert fact in text


def test_a_chinese_and_a_hostile_name_are_shown_as_text(assessment: Assessment, viewer_client: Client) -> None:
    services.save_issue(assessment=assessment, name="数据治理 <script>alert(1)</script>")
    text = said(viewer_client.get(of_paper("scope")))
    assert "数据治理 &lt;script&gt;" in text
    assert "<script>alert" not in text


def test_after_opening_the_page_says_why_lists_are_frozen(assessment: Assessment, analyst_client: Client) -> None:
    services.set_phase(assessment=assessment, phase=Phase.SURVEY)
    text = said(analyst_client.get(of_paper("scope")))
    assert "Issues and groups are frozen." in text
    assert f'href="{of_paper("issue-new")}"' not in text
    assert of_paper("group", code="group-0") in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_much_for_three_as_for_one(
    house: House, viewer_client: Client, count: int, django_assert_max_num_queries
) -> None:
    AssessmentFactory.create_batch(count, organisation=house.organisation, groups=count, issues=count)
    with django_assert_max_num_queries(6):
        viewer_client.get(page("assessments"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_scope_asks_as_much_for_three_as_for_one(
    house: House, analyst_client: Client, count: int, django_assert_num_queries
) -> None:
    made = AssessmentFactory(organisation=house.organisation, slug="paper-2024", groups=count, issues=count)
    tiers = [TierFactory(assessment=made, position=position) for position in range(count)]
    for issue in made.issues.all():
        PublishedResultFactory(issue=issue, tier=tiers[0])
    for group in made.groups.all():
        ConcernFactory(group=group, issue=made.issues.first())
    with django_assert_num_queries(SCOPE_QUERIES):
        analyst_client.get(of_paper("scope"))


# Session, user and membership; the assessment, three lists, the counts of the stepper, the decision, the audit trail;
# three looks at what is missing.
SCOPE_QUERIES = 14


# --- changing things --------------------------------------------------------------------------------------
def test_a_new_assessment_leads_to_its_scope(house: House, analyst_client: Client) -> None:
    response = analyst_client.post(page("create"), {"company": "Paper Mill", "reporting_period": "2024", "name": ""})
    made = Assessment.objects.get()
    assert (made.name, made.organisation) == ("Paper Mill 2024", house.organisation)
    assert response["Location"] == page("scope", slug="paper-mill-2024")


def test_a_new_assessment_without_a_period_keeps_what_was_typed(house: House, analyst_client: Client) -> None:
    response = analyst_client.post(page("create"), {"company": "Paper Mill", "reporting_period": ""})
    assert response.status_code == 400
    assert 'value="Paper Mill"' in said(response)
    assert "Name the period that the result is for." in said(response)


def test_a_name_that_is_taken_is_refused_at_its_field(assessment: Assessment, analyst_client: Client) -> None:
    typed = {"company": "Example Ltd.", "reporting_period": "2022", "name": assessment.name}
    response = analyst_client.post(page("create"), typed)
    assert response.status_code == 400
    assert 'id="id_name_error"' in said(response)
    assert "There is already an assessment named" in said(response)


def test_an_assessment_is_renamed(assessment: Assessment, analyst_client: Client) -> None:
    typed = analyst_client.get(of_paper("edit")).context["form"].initial | {"name": "Renamed"}
    assert analyst_client.post(of_paper("edit"), typed)["Location"] == of_paper("scope")
    assert Assessment.objects.get(slug="paper-2024").name == "Renamed"


def test_an_owner_deletes_an_assessment_by_a_button_only(assessment: Assessment, owner_client: Client) -> None:
    assert of_paper("remove") in said(owner_client.get(of_paper("edit")))
    assert owner_client.get(of_paper("remove")).status_code == 405
    assert owner_client.post(of_paper("remove"))["Location"] == page("assessments")
    assert not Assessment.objects.exists()


def test_an_analyst_is_told_that_owners_delete(assessment: Assessment, analyst_client: Client) -> None:
    text = said(analyst_client.get(of_paper("edit")))
    assert of_paper("remove") not in text
    assert "Only an owner of Example Ltd. can delete it." in text
    assert analyst_client.post(of_paper("remove")).status_code == 403
    assert Assessment.objects.exists()


@pytest.mark.parametrize("name", ["scope", "tiers"])
def test_what_results_use_of_the_tiers_is_said(assessment: Assessment, analyst_client: Client, name: str) -> None:
    text = said(analyst_client.get(of_paper(name)))
    assert "Results use these tiers" in text
    assert reverse("materiality:method", kwargs={"organisation": "example", "slug": "paper-2024"}) in text


def test_a_published_case_can_be_loaded_from_the_page(house: House, analyst_client: Client) -> None:
    response = analyst_client.post(page("load-published"), {"case": "qifu-2022"})
    assert response["Location"] == page("scope", slug="qifu-2022")
    assert house.organisation.events.filter(actor=house.analyst, summary__startswith="loaded the case").exists()


@pytest.mark.parametrize("name", ["qifu-2023", "../../secret", ""])
def test_only_published_cases_can_be_loaded_from_the_page(analyst_client: Client, name: str) -> None:
    assert analyst_client.post(page("load-published"), {"case": name}).status_code == 404


def test_loading_by_a_link_alone_is_refused(analyst_client: Client) -> None:
    assert analyst_client.get(page("load-published")).status_code == 405


def test_a_group_is_added(assessment: Assessment, analyst_client: Client) -> None:
    response = analyst_client.post(of_paper("group-new"), {"name": "Media", "side": "external", "weight": "2.5"})
    assert response["Location"] == of_paper("scope") + "#groups"
    assert assessment.groups.get(name="Media").weight == Decimal("2.5")


def test_save_and_add_another_comes_back_to_an_empty_form(assessment: Assessment, analyst_client: Client) -> None:
    typed = {"name": "Media", "side": "external", "weight": "1", "another": "1"}
    assert analyst_client.post(of_paper("group-new"), typed)["Location"] == of_paper("group-new")


def test_a_group_that_is_refused_keeps_what_was_typed(assessment: Assessment, analyst_client: Client) -> None:
    response = analyst_client.post(of_paper("group-new"), {"name": "Group 1", "side": "external", "weight": "7"})
    assert response.status_code == 400
    assert "There is already a group named" in said(response)
    assert 'value="7"' in said(response)


@pytest.mark.parametrize("weight", ["-1", "heavy", "", "NaN", "1e9"])
def test_a_weight_that_is_none_is_refused_at_its_field(
    assessment: Assessment, analyst_client: Client, weight: str
) -> None:
    response = analyst_client.post(of_paper("group-new"), {"name": "Media", "side": "external", "weight": weight})
    assert response.status_code == 400
    assert 'id="id_weight_error"' in said(response)
    assert not assessment.groups.filter(name="Media").exists()


def test_a_group_is_changed(assessment: Assessment, analyst_client: Client) -> None:
    typed = {"name": "Employees", "side": "internal", "weight": "3"}
    analyst_client.post(of_paper("group", code="group-0"), typed)
    assert assessment.groups.get(code="group-0").name == "Employees"


def test_after_opening_the_form_changes_the_weight_alone(assessment: Assessment, analyst_client: Client) -> None:
    services.set_phase(assessment=assessment, phase=Phase.SURVEY)
    typed = {"name": "Employees", "side": "external", "weight": "3"}
    analyst_client.post(of_paper("group", code="group-0"), typed)
    group = assessment.groups.get(code="group-0")
    assert (group.name, group.side, group.weight) == ("Group 0", "internal", 3)


def test_after_opening_the_page_of_a_new_group_has_the_reason_and_no_form(
    assessment: Assessment, analyst_client: Client
) -> None:
    services.set_phase(assessment=assessment, phase=Phase.SURVEY)
    response = analyst_client.get(of_paper("group-new"))
    assert "No group can be added now." in said(response)
    assert "Back to the stakeholders" in said(response)
    assert 'name="weight"' not in response.content.decode()


def test_after_opening_no_group_is_added_by_a_form_left_open(assessment: Assessment, analyst_client: Client) -> None:
    services.set_phase(assessment=assessment, phase=Phase.SURVEY)
    response = analyst_client.post(of_paper("group-new"), {"name": "Media", "side": "external", "weight": "1"})
    assert response.status_code == 400
    assert "frozen when the survey opened" in said(response)


def test_a_group_is_removed_by_a_button_only(assessment: Assessment, analyst_client: Client) -> None:
    assert analyst_client.get(of_paper("group-remove", code="group-1")).status_code == 405
    analyst_client.post(of_paper("group-remove", code="group-1"))
    assert [group.code for group in assessment.groups.all()] == ["group-0"]


def test_a_removal_that_is_refused_says_why(assessment: Assessment, analyst_client: Client) -> None:
    services.set_phase(assessment=assessment, phase=Phase.SURVEY)
    response = analyst_client.post(of_paper("group-remove", code="group-1"), follow=True)
    assert "frozen when the survey opened" in said(response)
    assert assessment.groups.count() == 2


def test_an_issue_is_added_at_its_place(assessment: Assessment, analyst_client: Client) -> None:
    analyst_client.post(of_paper("issue-new"), {"name": "Noise", "category": "Environment", "place": "1"})
    assert [issue.name for issue in assessment.issues.all()][:2] == ["Noise", "Issue 0"]


def test_an_issue_is_changed_and_keeps_its_place(assessment: Assessment, analyst_client: Client) -> None:
    url = of_paper("issue", code="issue-1")
    form = analyst_client.get(url).context["form"]
    analyst_client.post(url, form.initial | {"name": "Noise"})
    assert [issue.name for issue in assessment.issues.all()] == ["Issue 0", "Noise", "Issue 2"]


def test_an_issue_is_removed(assessment: Assessment, analyst_client: Client) -> None:
    analyst_client.post(of_paper("issue-remove", code="issue-1"))
    assert [issue.code for issue in assessment.issues.all()] == ["issue-0", "issue-2"]


def test_a_list_is_pasted_in_columns(assessment: Assessment, analyst_client: Client) -> None:
    lines = "Noise\tEnvironment\tLess noise at night.\r\n\r\nDust | Environment\n数据治理"
    response = analyst_client.post(of_paper("paste"), {"lines": lines})
    assert response["Location"] == of_paper("scope") + "#issues"
    added = list(assessment.issues.values_list("name", "category", "description"))[3:]
    assert added == [
        ("Noise", "Environment", "Less noise at night."),
        ("Dust", "Environment", ""),
        ("数据治理", "", ""),
    ]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("Dust\nIssue 1", "Line 2: “Issue 1” is already in the list."),
        ("Dust\ndust", "Line 2: “dust” is already in the list."),
        ("Dust\na|b|c|d", "Line 2: 4 columns. There are three"),
        ("Dust\n|Environment", "Line 2: the name is missing in front of “Environment”."),
        ("Dust\n" + "x" * 301, "Line 2: Ensure this value has at most 300 characters"),
    ],
)
def test_a_paste_with_a_mistake_adds_nothing_and_keeps_the_text(
    assessment: Assessment, analyst_client: Client, lines: str, message: str
) -> None:
    response = analyst_client.post(of_paper("paste"), {"lines": lines})
    assert response.status_code == 400
    assert message in said(response)
    assert ">\nDust\n" in said(response)
    assert assessment.issues.count() == 3


def test_tiers_are_named_and_sized(assessment: Assessment, analyst_client: Client) -> None:
    url = of_paper("tiers")
    high = assessment.tiers.get()
    typed = {"tier_1": high.pk, "name_1": "Top", "count_1": "1", "name_2": "Rest", "count_2": "2"}
    assert analyst_client.post(url, typed)["Location"] == of_paper("scope") + "#tiers"
    assert list(assessment.tiers.values_list("name", "planned_count")) == [("Top", 1), ("Rest", 2)]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"name_1": "High", "name_2": "High"}, "Two tiers are named “High”."),
        ({"name_1": "High", "count_1": "1", "name_2": "Low"}, "Give every tier a number of issues, or none of them"),
        ({"name_1": "High", "count_2": "3"}, "This tier has a number of issues and needs a name."),
        ({"name_1": "High", "count_1": "many"}, "Enter a whole number, or leave it empty."),
        ({}, "An assessment has 1 to 5 tiers, not 0."),
    ],
)
def test_tiers_with_a_mistake_are_refused(
    assessment: Assessment, analyst_client: Client, typed: dict[str, str], message: str
) -> None:
    response = analyst_client.post(of_paper("tiers"), typed)
    assert response.status_code == 400
    assert message in said(response)
    assert [tier.name for tier in assessment.tiers.all()] == ["High"]


def test_a_concern_is_added_and_changed(assessment: Assessment, analyst_client: Client) -> None:
    typed = {"group": "group-1", "topic": "Noise at night", "issue": "issue-2", "response": "Night rules"}
    analyst_client.post(of_paper("concern-new"), typed)
    concern = Concern.objects.get(group__assessment=assessment)
    assert (concern.group.code, concern.issue.code) == ("group-1", "issue-2")
    analyst_client.post(of_paper("concern", concern_id=concern.pk), typed | {"issue": "", "topic": "Noise"})
    concern.refresh_from_db()
    assert (concern.topic, concern.issue) == ("Noise", None)


def test_a_concern_is_removed(assessment: Assessment, analyst_client: Client) -> None:
    concern = ConcernFactory(group=assessment.groups.first())
    analyst_client.post(of_paper("concern-remove", concern_id=concern.pk))
    assert not Concern.objects.exists()


def test_a_concern_of_another_assessment_is_not_found(assessment: Assessment, analyst_client: Client) -> None:
    foreign = ConcernFactory()
    assert analyst_client.get(of_paper("concern", concern_id=foreign.pk)).status_code == 404
    assert analyst_client.post(of_paper("concern-remove", concern_id=foreign.pk)).status_code == 404


def test_a_concern_cannot_name_a_group_of_another_assessment(assessment: Assessment, analyst_client: Client) -> None:
    foreign = ConcernFactory().group
    response = analyst_client.post(of_paper("concern-new"), {"group": foreign.code + "-x", "topic": "Noise"})
    assert response.status_code == 400
    assert "Choose one of the groups in the list." in said(response)
