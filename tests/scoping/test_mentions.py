"""Where issues were found: mentions as services keep them, and the pages that change them."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from scoping import services
from scoping.models import Assessment, Issue, Mention, Phase, SourceKind
from scoping.services import NewIssue
from scoping.services.mentions import NewMention, remove_mention, save_mention
from tests.support.factories import AssessmentFactory, MentionFactory
from tests.support.people import House

TYPED = {
    "kind": "media",
    "source": "Evening paper",
    "found_on": "2022-03-12",
    "quotation": "The river smells.",
    "link": "https://example.org/river",
}


@pytest.fixture
def assessment(house: House) -> Assessment:
    return AssessmentFactory(organisation=house.organisation, slug="paper-2024", issues=2)


@pytest.fixture
def issue(assessment: Assessment) -> Issue:
    return assessment.issues.first()


def page(name: str, **kwargs: object) -> str:
    return reverse(f"scoping:{name}", kwargs={"organisation": "example", "slug": "paper-2024", **kwargs})


# --- services ---------------------------------------------------------------------------------------------
def test_a_mention_is_kept_with_who_noted_it(issue: Issue, house: House) -> None:
    wanted = NewMention(
        "media", " Evening  paper ", date(2022, 3, 12), "The river smells.", "https://example.org/", "gri:303"
    )
    saved = save_mention(issue=issue, wanted=wanted, by=house.analyst)
    saved.refresh_from_db()
    assert (saved.kind, saved.source, saved.found_on) == (SourceKind.MEDIA, "Evening paper", date(2022, 3, 12))
    assert (saved.reference, saved.added_by) == ("gri:303", house.analyst)
    assert issue.assessment.organisation.events.get().summary == "added a mention of Issue 0: Evening paper"


def test_a_change_leaves_who_noted_it_and_its_library_entry(issue: Issue, house: House) -> None:
    mention = MentionFactory(issue=issue, reference="gri:303", added_by=house.owner)
    save_mention(issue=issue, mention=mention, wanted=NewMention("guideline", "GRI 303"), by=house.analyst)
    mention.refresh_from_db()
    assert (mention.source, mention.reference, mention.added_by) == ("GRI 303", "gri:303", house.owner)


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (NewMention("media", "  "), "source"),
        (NewMention("rumour", "Somebody"), "kind"),
        (NewMention("media", "Paper", link="ftp://example.org/river"), "link"),
        (NewMention("media", "Paper", link="javascript:alert(1)"), "link"),
        (NewMention("media", "Paper", link="example"), "link"),
        (NewMention("media", "x" * 301), "source"),
    ],
)
def test_a_mention_that_makes_no_sense_is_refused_at_its_field(issue: Issue, wanted: NewMention, field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        save_mention(issue=issue, wanted=wanted)
    assert list(caught.value.message_dict) == [field]
    assert not issue.mentions.exists()


def test_a_day_to_come_is_refused(issue: Issue) -> None:
    with pytest.raises(ValidationError, match="has not come yet"):
        save_mention(
            issue=issue, wanted=NewMention("media", "Paper", found_on=timezone.localdate() + timedelta(days=2))
        )


def test_the_same_mention_is_noted_once(issue: Issue) -> None:
    save_mention(issue=issue, wanted=NewMention("media", "Paper", quotation="It smells."))
    with pytest.raises(ValidationError, match="already noted for this issue"):
        save_mention(issue=issue, wanted=NewMention("media", "Paper", quotation="It smells."))


def test_one_source_can_mention_an_issue_twice(issue: Issue) -> None:
    save_mention(issue=issue, wanted=NewMention("media", "Paper", quotation="It smells."))
    save_mention(issue=issue, wanted=NewMention("media", "Paper", quotation="It is loud."))
    assert issue.mentions.count() == 2


def test_mentions_never_freeze(issue: Issue) -> None:
    services.set_phase(assessment=issue.assessment, phase=Phase.SURVEY)
    remove_mention(mention=save_mention(issue=issue, wanted=NewMention("media", "Paper")))
    assert not issue.mentions.exists()


def test_a_new_issue_comes_with_its_first_mention(assessment: Assessment, house: House) -> None:
    saved = services.save_issue(
        assessment=assessment, name="Noise", mention=NewMention("interview", "Neighbour"), by=house.analyst
    )
    assert list(saved.mentions.values_list("kind", "source", "added_by")) == [
        ("interview", "Neighbour", house.analyst.pk)
    ]


def test_many_new_issues_come_with_theirs(assessment: Assessment) -> None:
    mentions = (NewMention("expert", "Panel"), NewMention("peers", "Mill report"))
    services.add_issues(assessment=assessment, issues=[NewIssue("Noise", mentions=mentions), NewIssue("Dust")])
    found = assessment.issues.filter(name__in=["Noise", "Dust"]).values_list("name", "mentions__source")
    assert list(found) == [("Noise", "Panel"), ("Noise", "Mill report"), ("Dust", None)]


def test_a_wrong_mention_in_a_list_names_its_line_and_nothing_is_added(assessment: Assessment) -> None:
    wanted = [NewIssue("Noise"), NewIssue("Dust", mentions=(NewMention("media", "Paper", link="river"),))]
    with pytest.raises(ValidationError, match="Line 2: Enter a web address"):
        services.add_issues(assessment=assessment, issues=wanted)
    assert assessment.issues.count() == 2


# --- pages ------------------------------------------------------------------------------------------------
def test_a_mention_is_added_and_the_lineage_shows_it(issue: Issue, analyst_client: Client) -> None:
    response = analyst_client.post(page("mention-new", code=issue.code), TYPED, follow=True)
    assert response.redirect_chain[-1][0] == page("sheet", code=issue.code) + "#lineage"
    text = response.content.decode()
    for fact in (
        "12 Mar 2022",
        "Evening paper",
        "Media analysis",
        "The river smells.",
        'href="https://example.org/river"',
    ):
        assert fact in text


def test_another_mention_can_follow(issue: Issue, analyst_client: Client) -> None:
    response = analyst_client.post(page("mention-new", code=issue.code), TYPED | {"another": "1"})
    assert response["Location"] == page("mention-new", code=issue.code)


def test_a_mention_without_kind_and_source_keeps_what_was_typed(issue: Issue, analyst_client: Client) -> None:
    response = analyst_client.post(page("mention-new", code=issue.code), {"quotation": "It smells."})
    assert response.status_code == 400
    for said in ("Choose the kind of source.", "Say who or what it was", "It smells."):
        assert said in response.content.decode()


def test_a_link_to_elsewhere_than_the_web_is_refused_at_its_field(issue: Issue, analyst_client: Client) -> None:
    response = analyst_client.post(page("mention-new", code=issue.code), TYPED | {"link": "javascript:alert(1)"})
    assert list(response.context["form"].errors) == ["link"]
    assert not Mention.objects.exists()


def test_a_mention_is_changed(issue: Issue, analyst_client: Client) -> None:
    mention = MentionFactory(issue=issue)
    url = page("mention", code=issue.code, mention_id=mention.pk)
    assert mention.source in analyst_client.get(url).content.decode()
    analyst_client.post(url, TYPED)
    mention.refresh_from_db()
    assert (mention.kind, mention.source) == ("media", "Evening paper")


def test_a_mention_is_removed(issue: Issue, analyst_client: Client) -> None:
    mention = MentionFactory(issue=issue)
    analyst_client.post(page("mention-remove", code=issue.code, mention_id=mention.pk))
    assert not issue.mentions.exists()


def test_a_mention_is_found_under_its_own_issue_only(assessment: Assessment, analyst_client: Client) -> None:
    mention = MentionFactory(issue=assessment.issues.get(code="issue-0"))
    assert analyst_client.get(page("mention", code="issue-1", mention_id=mention.pk)).status_code == 404


@pytest.mark.parametrize("role", ["approver", "viewer"])
def test_readers_get_no_form_and_no_link_to_one(issue: Issue, house: House, client_of, role: str) -> None:
    MentionFactory(issue=issue)
    client = client_of(getattr(house, role))
    assert client.get(page("mention-new", code=issue.code)).status_code == 403
    assert "/mentions/" not in client.get(page("sheet", code=issue.code)).content.decode()


def test_there_is_no_mention_with_the_number_0(assessment: Assessment, issue: Issue, analyst_client: Client) -> None:
    address = page("mention", code=issue.code, mention_id=0)
    assert (analyst_client.get(address).status_code, analyst_client.post(address, TYPED).status_code) == (404, 404)
    assert not Mention.objects.exists()
