import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from scoping.models import Mention, Phase, SourceKind, Standing
from scoping.services import set_phase
from surveys.commenting import SMALL_GROUP, commenting_groups, comments_of
from surveys.models import Comment, CommentKind
from surveys.services.commenting import DELETED, delete_comment
from tests.support.factories import CommentFactory, IssueFactory


def address(name="comments", **more):
    return reverse(f"surveys:{name}", kwargs={"organisation": "example", "slug": "a1", **more})


def html_of(client, **query):
    response = client.get(address(), query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def write(survey, questionnaire):
    """write(text, group=0, kind="overall", **fields): a comment."""

    def written(text, group=0, kind=CommentKind.OVERALL, **fields):
        of_group = survey.assessment.groups.all()[group]
        return CommentFactory(questionnaire=questionnaire, group=of_group, text=text, kind=kind, **fields)

    return written


# --- whose group is named ---------------------------------------------------------------------------------
def test_groups_of_enough_people_are_named(survey, store):
    store(5)
    store(9, group=1)
    store(8, group=2)
    assert list(commenting_groups(survey).values()) == ["Group 0", "Group 1", "Group 2"]


def test_a_single_small_group_is_not_the_one_that_is_not_named(survey, store):
    store(3)
    store(9, group=1)
    store(8, group=2)
    assert list(commenting_groups(survey).values()) == ["Group 1"]


def test_where_all_are_small_none_is_named(survey, store):
    store(3)
    assert commenting_groups(survey) == {}


def test_simulated_answers_make_no_group_large(survey, store):
    store(9, simulated=True)
    assert commenting_groups(survey) == {}


# --- the page ---------------------------------------------------------------------------------------------
def test_every_member_reads_them(house, client_of, survey, write):
    write("More trains")
    for role in ("owner", "analyst", "approver", "viewer"):
        assert "More trains" in html_of(client_of(getattr(house, role)))


def test_strangers_do_not(outsider_client, survey):
    assert outsider_client.get(address()).status_code == 404


def test_kinds_are_apart(owner_client, questionnaire, write):
    write("All is well")
    write("Too long", kind=CommentKind.ISSUE, item=questionnaire.items.first())
    assert "All is well" in html_of(owner_client)
    assert "Too long" not in html_of(owner_client)
    on_issues = html_of(owner_client, kind="issue")
    assert "Too long" in on_issues
    assert "Issue 0" in on_issues


def test_the_order_is_that_of_random_keys(survey, write):
    keys = [write(f"Text {number}").pk for number in range(6)]
    shown = comments_of(survey, kind="overall")
    assert [said.id for said in shown.rows] == sorted(keys)


def test_texts_do_nothing(owner_client, write):
    write('<script>alert("x")</script>\u202e')
    html = html_of(owner_client)
    assert "<script>alert" not in html
    assert '<blockquote dir="auto">&lt;script&gt;' in html


def test_small_groups_are_told_as_that(owner_client, write, store):
    store(3)
    write("Only us three")
    assert SMALL_GROUP in html_of(owner_client).lower()
    assert "<bdi>Group 0</bdi>" not in html_of(owner_client)


def test_searching_finds_words_in_any_letters(owner_client, write):
    write("More TRAINS")
    write("Fewer planes")
    html = html_of(owner_client, q="trains")
    assert "More TRAINS" in html
    assert "Fewer planes" not in html
    assert "Nothing found" in html_of(owner_client, q="ships\0")


def test_long_lists_have_pages(owner_client, write):
    for number in range(51):
        write(f"Text {number}")
    assert html_of(owner_client).count("<blockquote") == 50
    assert html_of(owner_client, page="2").count("<blockquote") == 1
    assert html_of(owner_client, page="99").count("<blockquote") == 1
    assert html_of(owner_client, page="x").count("<blockquote") == 50


def test_without_comments_the_page_says_so(owner_client, survey):
    assert "No comments yet" in html_of(owner_client)


def test_the_number_of_queries_does_not_grow(owner_client, write, django_assert_max_num_queries, questionnaire):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    write("One", kind=CommentKind.ISSUE, item=questionnaire.items.first())
    owner_client.get(address(), {"kind": "issue"})
    with CaptureQueriesContext(connection) as one:
        owner_client.get(address(), {"kind": "issue"})
    for number in range(2):
        write(f"More {number}", group=number, kind=CommentKind.ISSUE, item=questionnaire.items.all()[number])
    with django_assert_max_num_queries(len(one)):
        owner_client.get(address(), {"kind": "issue"})


# --- deleting --------------------------------------------------------------------------------------------
def test_a_comment_is_deleted_after_a_question(analyst_client, write, house):
    comment, _ = write("Eva from accounting is never there"), write("All well")
    assert address("delete-comment", comment=comment.pk) in html_of(analyst_client)
    page = analyst_client.get(address("delete-comment", comment=comment.pk)).content.decode()
    assert "Eva from accounting" in page
    assert "cannot be brought back" in page
    html = analyst_client.post(address("delete-comment", comment=comment.pk), follow=True).content.decode()
    assert "The comment is deleted." in html
    assert [each.text for each in Comment.objects.all()] == ["All well"]
    event = house.organisation.events.get(summary=DELETED)
    assert (event.actor, event.subject) == (house.analyst, "a1")


def test_one_that_is_gone_is_deleted_once(analyst_client, write, survey):
    comment = write("Twice")
    analyst_client.post(address("delete-comment", comment=comment.pk))
    assert analyst_client.post(address("delete-comment", comment=comment.pk)).status_code == 404
    with pytest.raises(ValidationError, match="deleted meanwhile"):
        delete_comment(comment=comment)


def test_what_went_onto_the_long_list_stays_there(analyst_client, write, assessment):
    comment = write("Light pollution", kind=CommentKind.MISSING)
    issue = assessment.issues.first()
    take_up(analyst_client, comment, issue=str(issue.pk))
    page = analyst_client.get(address("delete-comment", comment=comment.pk)).content.decode()
    assert "Its words stay there as a mention" in page
    analyst_client.post(address("delete-comment", comment=comment.pk))
    assert issue.mentions.count() == 1


def test_only_the_working_group_deletes(house, client_of, outsider_client, write):
    comment = write("More trains")
    for role in ("approver", "viewer"):
        assert client_of(getattr(house, role)).post(address("delete-comment", comment=comment.pk)).status_code == 403
    assert outsider_client.post(address("delete-comment", comment=comment.pk)).status_code == 404
    assert ">Delete<" not in html_of(client_of(house.viewer))
    assert Comment.objects.exists()


# --- missing issues ---------------------------------------------------------------------------------------
@pytest.fixture
def missing(write):
    return write("Light pollution", kind=CommentKind.MISSING)


def take_up(client, missing, **fields):
    return client.post(address("missing-issue", comment=missing.pk), fields)


def test_only_the_working_group_takes_them_up(house, client_of, missing):
    for role in ("approver", "viewer"):
        assert take_up(client_of(getattr(house, role)), missing, issue="new", name="Light").status_code == 403
    assert "Put on the long list" not in html_of(client_of(house.viewer), kind="missing")


def test_after_opening_a_new_issue_waits_for_the_next_assessment(analyst_client, missing, assessment, house):
    response = take_up(analyst_client, missing, issue="new", name="Light pollution at night")
    assert response.status_code == 302
    issue = assessment.issues.get(name="Light pollution at night")
    assert issue.standing == Standing.NEXT
    mention = issue.mentions.get()
    assert (mention.kind, mention.quotation, mention.added_by) == (SourceKind.SURVEY, "Light pollution", house.analyst)
    html = html_of(analyst_client, kind="missing")
    assert "noted for the next assessment" in html
    assert "On the long list" in html
    assert assessment.issues.filter(standing=Standing.LISTED).count() == 12


def test_it_becomes_a_mention_of_an_issue_that_is_there(analyst_client, missing, assessment):
    issue = assessment.issues.first()
    take_up(analyst_client, missing, issue=str(issue.pk))
    assert issue.mentions.get().quotation == "Light pollution"
    missing.refresh_from_db()
    assert missing.taken_up


def test_the_same_words_of_two_people_are_one_mention(analyst_client, write, missing, assessment):
    other = write("Light pollution", kind=CommentKind.MISSING, group=1)
    issue = assessment.issues.first()
    for comment in (missing, other):
        take_up(analyst_client, comment, issue=str(issue.pk))
        comment.refresh_from_db()
        assert comment.taken_up
    assert Mention.objects.count() == 1


def test_an_issue_that_is_alike_is_suggested(analyst_client, missing, assessment):
    alike = IssueFactory(assessment=assessment, name="Pollution by light", position=50)
    html = analyst_client.get(address("missing-issue", comment=missing.pk)).content.decode()
    assert f'<option value="{alike.pk}" selected>' in html


def test_a_name_that_is_taken_comes_back_with_what_to_do(analyst_client, missing, assessment):
    response = take_up(analyst_client, missing, issue="new", name="Issue 1")
    assert response.status_code == 400
    assert "already in the list" in response.content.decode()
    missing.refresh_from_db()
    assert not missing.taken_up


def test_a_new_issue_needs_a_name(analyst_client, missing):
    response = take_up(analyst_client, missing, issue="new", name=" ")
    assert response.status_code == 400
    assert "Give the new issue a name." in response.content.decode()


def test_while_the_scope_is_open_it_goes_on_the_list(analyst_client, missing, assessment):
    set_phase(assessment=assessment, phase=Phase.SCOPING)
    take_up(analyst_client, missing, issue="new", name="Light")
    assert assessment.issues.get(name="Light").standing == Standing.LISTED


def test_it_is_taken_up_once(analyst_client, missing, assessment):
    take_up(analyst_client, missing, issue="new", name="Light")
    take_up(analyst_client, missing, issue="new", name="Light again")
    assert not assessment.issues.filter(name="Light again").exists()


def test_other_comments_are_no_missing_issues(analyst_client, write):
    assert take_up(analyst_client, write("All well"), issue="new", name="Light").status_code == 404


def test_a_long_text_is_quoted_and_cut_for_the_name(analyst_client, write, assessment):
    comment = write("Light " * 1000, kind=CommentKind.MISSING)
    page = analyst_client.get(address("missing-issue", comment=comment.pk))
    name = page.context["form"].initial["name"]
    assert len(name) <= 300
    assert take_up(analyst_client, comment, issue="new", name=name).status_code == 302
