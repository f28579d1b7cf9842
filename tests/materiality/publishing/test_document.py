import json

from django.utils import translation

from materiality.models import Proposal
from materiality.publishing.document import public_document
from materiality.publishing.services import publish
from materiality.services import analyse_now, propose
from materiality.services.reviewing import comment
from scoping.models import Assessment, ProcessStage
from surveys.services import close_survey
from tests.materiality import documents
from tests.materiality.publishing.conftest import Confirm, approve
from tests.materiality.years import link, listed, placed, result_of
from tests.support.factories import (
    AssessmentFactory,
    ChannelFactory,
    ConcernFactory,
    ContactFactory,
    ExclusionFactory,
    IssueFactory,
    MembershipFactory,
    ProcessNoteFactory,
    PublishedResultFactory,
    StakeholderGroupFactory,
    TierFactory,
    UserFactory,
)
from tests.support.people import House


def test_it_holds_ranks_scores_tiers_and_who_confirmed(bare: Assessment, confirm: Confirm):
    proposal = confirm(bare)
    document = public_document(proposal)
    first = document["results"]["issues"][0]
    assert (first["code"], first["rank"], first["tier"], first["priority"]) == ("alpha", 1, "High", 3.75)
    assert document["confirmed"]["by"] == "the board of directors"
    assert document["proposal"]["digest"] == proposal.digest


def test_means_of_single_groups_are_not_in_it(bare: Assessment, confirm: Confirm):
    assert all("groups" not in issue for issue in public_document(confirm(bare))["results"]["issues"])


def test_nobody_is_named(bare: Assessment, confirm: Confirm, house: House):
    group = StakeholderGroupFactory(assessment=bare)
    contact = ContactFactory(group=group, name="Zoe Contact", email="zoe@example.com")
    member = UserFactory(name="Quentin Member", email="quentin@example.com")
    MembershipFactory(organisation=house.organisation, user=member)
    for person in ("Quentin Member", "The ESG team and quentin member", contact.name, "zoe@example.com"):
        ProcessNoteFactory(
            assessment=bare, stage=ProcessStage.DETERMINING, text=f"Read {len(person)} reports.", done_by=person
        )
    proposal = confirm(bare)
    comment(assessment=bare, text="Quentin thinks so.", by=member)
    text = json.dumps(public_document(proposal)).lower()
    for secret in ("quentin", "zoe", house.approver.email, house.analyst.email):
        assert secret not in text
    assert "read 14 reports" in text


def test_owners_of_issues_sources_and_readings_stay_inside(bare: Assessment, confirm: Confirm):
    IssueFactory(
        assessment=bare, code="alpha", name="Alpha", practice="Meters everywhere.", owners="Head of plants",
        source="page 12", reading="we read it so",
    )  # fmt: skip
    document = public_document(confirm(bare))
    assert document["sheets"][0]["practice"] == "Meters everywhere."
    text = json.dumps(document)
    assert not any(secret in text for secret in ("Head of plants", "page 12", "we read it so"))


def test_of_a_group_below_the_smallest_number_it_says_that_somebody_answered(bare: Assessment, confirm: Confirm):
    groups = documents.results()["stakeholder_groups"]
    groups[1]["n"] = 3
    document = public_document(confirm(bare, stakeholder_groups=groups, minimum_group=5))
    clients = document["results"]["stakeholder_groups"][1]
    assert (clients["n"], clients["few"]) == (None, True)


def test_why_answers_were_left_out_is_not_in_the_notes(bare: Assessment, confirm: Confirm):
    notes = ["Left out of the count by the working group: 9 (Fast: Bob clicked through).", "Nobody rated Beta."]
    assert public_document(confirm(bare, notes=notes))["results"]["notes"] == ["Nobody rated Beta."]


def test_why_answers_were_left_out_is_in_nothing_that_is_confirmed(answered: Assessment, house: House):
    """The public files are made of what was confirmed, whole."""
    ExclusionFactory(survey=answered.survey, reason="Bob only clicked through.")
    close_survey(survey=answered.survey)
    analyse_now(assessment=answered)
    document = json.dumps(propose(assessment=answered, body="the board", by=house.analyst).document)
    assert "Left out of the count by the working group: " in document
    assert "Bob" not in document


def test_a_decision_is_in_it_with_the_computed_tier_and_the_reason(bare: Assessment, confirm: Confirm):
    told = {"tier": "High", "reason": "A new law.", "on": "2022-05-03", "computed_tier": "Minor"}
    proposal = confirm(bare, documents.issue("alpha", 1, "High", decision=told))
    assert public_document(proposal)["results"]["issues"][0]["decision"] == told


def test_the_year_before_is_told_issue_by_issue(bare: Assessment, confirm: Confirm, house: House):
    before = AssessmentFactory(organisation=house.organisation, reporting_period="2021")
    listed(before, "alpha", "old")
    result_of(before, placed("old", 1, "High", 4.0), placed("alpha", 2, "Minor", 3.0))
    bare.previous = before
    bare.save()
    listed(bare, "alpha", "beta", "gamma")
    link(bare, before, alpha="alpha")
    since = public_document(confirm(bare))["since"]
    assert since["period"] == "2021"
    assert since["issues"]["alpha"]["before"] == [{"name": "Alpha", "rank": 2, "tier": "Minor", "tier_number": 2}]
    assert since["issues"]["beta"]["relation"] == "new"
    assert since["gone"] == ["Old"]


def test_what_stakeholders_ask_is_in_it_with_answers_and_channels(bare: Assessment, confirm: Confirm):
    group = StakeholderGroupFactory(assessment=bare, name="Clients")
    issue = IssueFactory(assessment=bare, code="alpha", name="Alpha")
    ConcernFactory(group=group, issue=issue, topic="Safe toys", response="A recall within a day")
    ChannelFactory(group=group, name="Hotline", frequency="daily")
    [clients] = public_document(confirm(bare))["stakeholders"]
    assert clients["topics"] == [{"topic": "Safe toys", "issue": "alpha", "response": "A recall within a day"}]
    assert clients["channels"] == [{"name": "Hotline", "frequency": "daily"}]


def test_a_list_without_a_survey_has_its_issues_and_the_tiers_that_were_published(house: House):
    assessment = AssessmentFactory(organisation=house.organisation, with_survey=False, issues=2)
    tier = TierFactory(assessment=assessment, position=0, name="Vital")
    PublishedResultFactory(issue=assessment.issues.first(), tier=tier)
    proposal = approve(house, propose(assessment=assessment, body="the board", by=house.analyst))
    document = public_document(proposal)
    assert document["results"] is None
    assert [issue["tier"] for issue in document["list"]] == ["Vital", None]
    assert document["list_tiers"] == ["Vital"]


def test_its_own_words_are_english_whoever_publishes(confirmed: Proposal, house: House):
    with translation.override("zh-hans"):
        document = publish(proposal=confirmed, by=house.analyst).document
    assert document["statement"][0]["title"] == "The assessment"


def test_a_published_statement_is_in_english_whoever_publishes_it(confirm, bare):
    proposal = confirm(bare)
    english = public_document(proposal)["statement"]
    with translation.override("zh-hans"):
        assert public_document(proposal)["statement"] == english


def test_the_method_statement_has_the_names_that_were_confirmed(bare: Assessment, confirm: Confirm):
    proposal = confirm(bare, company_name="Confirmed Ltd.", title="Topics of 2022")
    document = public_document(proposal)
    told = " ".join(text for section in document["statement"] for text in section["paragraphs"])
    assert document["company"] == "Confirmed Ltd."
    assert "Confirmed Ltd." in told
    assert "Topics of 2022" in told
    assert bare.company not in told
    assert bare.name not in told
