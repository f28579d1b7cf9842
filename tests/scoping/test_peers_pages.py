"""The pages of peers: who may see and change them, what they show, and that nothing typed is lost."""

import pytest
from django.test import Client
from django.urls import reverse

from scoping import services
from scoping.models import Assessment, Peer, PeerMatch, Phase, Standing
from tests.support.factories import AssessmentFactory, IssueFactory, PeerFactory, PeerIssueFactory
from tests.support.people import House

TYPED = {"company": "Mill", "reporting_period": "2022", "source": "", "link": "", "lines": "Noise | | High | 1 | 1"}


@pytest.fixture
def assessment(house: House) -> Assessment:
    return AssessmentFactory(organisation=house.organisation, slug="paper-2024")


@pytest.fixture
def mill(house: House) -> Peer:
    """One who holds noise high, and lists dust."""
    made = PeerFactory(organisation=house.organisation, company="Mill", source="ESG Report, page 4")
    PeerIssueFactory(peer=made, name="Noise at night", rank=1, category="Environmental")
    PeerIssueFactory(peer=made, name="Dust", tier="Low", level=2, rank=2, position=1)
    return made


def page(name: str, **kwargs: object) -> str:
    return reverse(f"scoping:{name}", kwargs={"organisation": "example", "slug": "paper-2024"} | kwargs)


def said(response) -> str:
    return response.content.decode()


# --- who may ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["owner", "analyst", "approver", "viewer"])
def test_every_member_sees_peers(assessment: Assessment, mill: Peer, house: House, client_of, role: str) -> None:
    client = client_of(getattr(house, role))
    assert "Noise at night" in said(client.get(page("peers")))
    assert "Noise at night" in said(client.get(page("peer", peer=mill.pk)))


def test_a_viewer_is_shown_no_way_to_change_things(assessment: Assessment, mill: Peer, viewer_client: Client) -> None:
    text = said(viewer_client.get(page("peers"))) + said(viewer_client.get(page("peer", peer=mill.pk)))
    ways = [page("peer-new"), page("peer-take"), page("peer-match"), page("peer-edit", peer=mill.pk)]
    assert [way for way in ways if way in text] == []


@pytest.mark.parametrize("role", ["approver", "viewer"])
def test_who_does_not_edit_changes_nothing(
    assessment: Assessment, mill: Peer, house: House, client_of, role: str
) -> None:
    client = client_of(getattr(house, role))
    for way in ("peer-new", "peer-take", "peer-match"):
        assert client.post(page(way), TYPED).status_code == 403
    for way in ("peer-edit", "peer-remove"):
        assert client.post(page(way, peer=mill.pk), TYPED).status_code == 403
    assert Peer.objects.get().company == "Mill"


@pytest.mark.parametrize("name", ["peer", "peer-edit", "peer-remove"])
def test_a_peer_of_another_organisation_is_404(assessment: Assessment, owner_client: Client, name: str) -> None:
    foreign = PeerFactory(issues=1)
    assert owner_client.post(page(name, peer=foreign.pk), TYPED).status_code in (404, 405)
    assert owner_client.get(page(name, peer=foreign.pk)).status_code in (404, 405)
    assert Peer.objects.filter(pk=foreign.pk).exists()


@pytest.mark.parametrize("name", ["peer-edit", "peer-remove"])
def test_a_published_case_cannot_be_changed(assessment: Assessment, owner_client: Client, name: str) -> None:
    assert owner_client.post(page(name, peer="qifu-2022"), TYPED).status_code == 404


@pytest.mark.parametrize("peer", ["nobody", "qifu-2023", "00000000-0000-4000-8000-000000000000"])
def test_an_unknown_peer_is_404(assessment: Assessment, owner_client: Client, peer: str) -> None:
    assert owner_client.get(page("peer", peer=peer)).status_code == 404


@pytest.mark.parametrize("name", ["peer-take", "peer-remove"])
def test_changing_by_a_link_alone_is_refused(
    assessment: Assessment, mill: Peer, owner_client: Client, name: str
) -> None:
    kwargs = {"peer": mill.pk} if name == "peer-remove" else {}
    assert owner_client.get(page(name, **kwargs)).status_code == 405


# --- the comparison ---------------------------------------------------------------------------------------
def test_the_comparison_begins_with_what_it_comes_to(assessment: Assessment, mill: Peer, viewer_client: Client) -> None:
    IssueFactory(assessment=assessment, name="Dust")
    text = said(viewer_client.get(page("peers"), {"peer": str(mill.pk)}))
    assert "One issue that peers hold high is not on your short list: Noise at night." in text
    assert "The one issue on your short list is not held high by one of these peers." in text


def test_a_row_has_the_peers_own_name_tier_and_rank(assessment: Assessment, mill: Peer, viewer_client: Client) -> None:
    IssueFactory(assessment=assessment, name="Noise")
    PeerMatch.objects.create(
        assessment=assessment, peer=str(mill.pk), peer_issue="Noise at night", issue=assessment.issues.get()
    )
    text = said(viewer_client.get(page("peers"), {"peer": str(mill.pk)}))
    assert 'aria-label="High"' in text
    assert '<span class="sr">rank </span>1' in text
    assert f'href="{page("sheet", code=assessment.issues.get().code)}"' in text


def test_issues_stand_under_their_standing(assessment: Assessment, viewer_client: Client) -> None:
    IssueFactory(assessment=assessment, name="Dust")
    IssueFactory(assessment=assessment, name="Wood", standing=Standing.LEFT_OUT)
    IssueFactory(assessment=assessment, name="Pets", standing=Standing.NEXT)
    text = said(viewer_client.get(page("peers")))
    places = [
        text.index(title) for title in ("On our short list", "Left out in screening", "Noted for the next assessment")
    ]
    assert places == sorted(places)


def test_peers_can_be_chosen(assessment: Assessment, mill: Peer, viewer_client: Client) -> None:
    response = viewer_client.get(page("peers"), {"peer": ["uxin-2022", str(mill.pk)]})
    assert [peer.key for peer in response.context["comparison"].peers] == ["uxin-2022", str(mill.pk)]
    assert "Compare with all" in said(response)


@pytest.mark.parametrize("asked", [{}, {"peer": "nobody"}])
def test_without_a_choice_all_peers_are_compared(assessment: Assessment, mill: Peer, viewer_client, asked) -> None:
    response = viewer_client.get(page("peers"), asked)
    assert len(response.context["comparison"].peers) == 4
    assert "Compare with all" not in said(response)


def test_the_own_case_is_not_compared_with_itself(house: House, viewer_client: Client) -> None:
    services.load_case(organisation=house.organisation, case="qifu-2022")
    response = viewer_client.get(page("peers", slug="qifu-2022"))
    assert [peer.key for peer in response.context["comparison"].peers] == ["atrenew-2021", "uxin-2022"]
    assert viewer_client.get(page("peer", slug="qifu-2022", peer="qifu-2022")).status_code == 404


def test_an_empty_list_says_what_to_do(assessment: Assessment, analyst_client: Client) -> None:
    text = said(analyst_client.get(page("peers")))
    assert "Your list is empty" in text
    assert page("libraries") in text


def test_a_long_row_of_gaps_is_cut(assessment: Assessment, house: House, viewer_client: Client) -> None:
    big = PeerFactory(organisation=house.organisation)
    for number in range(103):
        PeerIssueFactory(peer=big, name=f"{number} unheard-of", position=number)
    response = viewer_client.get(page("peers"), {"peer": str(big.pk)})
    assert (len(response.context["gaps"]), response.context["more_gaps"]) == (100, 3)
    assert "3 more move up as you work through these." in said(response)


def test_hostile_and_chinese_names_are_shown_as_text(
    assessment: Assessment, house: House, analyst_client: Client
) -> None:
    made = PeerFactory(organisation=house.organisation, company="<b>Mill")
    PeerIssueFactory(peer=made, name='数据治理 "><script>alert(1)</script> & more')
    text = said(analyst_client.get(page("peers"))) + said(analyst_client.get(page("peer", peer=made.pk)))
    assert "<script>alert" not in text
    assert "&lt;b&gt;Mill" in text


# --- a peer's own list ------------------------------------------------------------------------------------
def test_a_peers_list_is_as_published(assessment: Assessment, viewer_client: Client) -> None:
    text = said(viewer_client.get(page("peer", peer="qifu-2022")))
    assert "Highly important: 9, Moderately important: 7, Minor important: 2." in text
    assert text.index("Compliance Operation") < text.index("Response to Extreme Weather")


def test_readings_of_a_report_are_said_to_be_readings(assessment: Assessment, viewer_client: Client) -> None:
    text = said(viewer_client.get(page("peer", peer="atrenew-2021")))
    assert "Only 7 of the 20 issues are named with their tier." in text
    assert text.count("a reading; its tier is not told") == 13
    assert "listed (a reading)" in said(viewer_client.get(page("peers"), {"peer": "atrenew-2021"}))


def test_a_list_without_tiers_says_so(assessment: Assessment, viewer_client: Client) -> None:
    text = said(viewer_client.get(page("peer", peer="uxin-2022")))
    assert "It names no tiers: every issue counts as listed, none as high. It gives no ranks." in text


def test_a_peer_without_issues_says_what_to_do(assessment: Assessment, house: House, analyst_client: Client) -> None:
    made = PeerFactory(organisation=house.organisation)
    assert "No issues yet" in said(analyst_client.get(page("peer", peer=made.pk)))


# --- entering and changing --------------------------------------------------------------------------------
def test_a_peer_is_entered(assessment: Assessment, analyst_client: Client) -> None:
    lines = "Noise\tEnvironmental\tHigh\t1\t1\r\n\r\nDust | | Low | 2 | 2\n数据治理"
    response = analyst_client.post(page("peer-new"), TYPED | {"lines": lines})
    made = Peer.objects.get()
    assert response["Location"] == page("peer", peer=made.pk)
    assert list(made.issues.values_list("name", "category", "tier", "level", "rank")) == [
        ("Noise", "Environmental", "High", 1, 1), ("Dust", "", "Low", 2, 2), ("数据治理", "", "", None, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"company": ""}, "Name the company that published the list."),
        ({"reporting_period": ""}, "Name the period that the report is for."),
        ({"link": "no address"}, "Enter a web address that begins with https://"),
        ({"link": "javascript:alert(1)"}, "Enter a web address that begins with https://"),
        ({"lines": " \n "}, "Paste at least one line."),
        ({"lines": "Noise\n\nDust|a|b|1|2|c"}, "Line 3: 6 columns. There are five: name, category, tier, level, rank."),
        ({"lines": "Noise\n\nNoise"}, "Line 3: “Noise” is given a second time. It stands in line 1 as well."),
        ({"lines": "Noise||High|1|none"}, "Line 1: the rank is “none”."),
        ({"lines": "x\n" * 10_000}, "These are 10,000 lines."),
        ({"lines": "x" * 400_001}, "This is more text than a list of 500 issues has."),
    ],
)
def test_a_mistake_keeps_what_was_typed(
    assessment: Assessment, analyst_client: Client, typed: dict[str, str], message: str
) -> None:
    response = analyst_client.post(page("peer-new"), TYPED | {"source": "page 4"} | typed)
    assert response.status_code == 400
    assert message in said(response)
    assert 'value="page 4"' in said(response)
    assert not Peer.objects.exists()


def test_an_empty_post_says_what_is_missing(assessment: Assessment, analyst_client: Client) -> None:
    assert analyst_client.post(page("peer-new")).status_code == 400


def test_a_peer_that_is_saved_unchanged_stays_as_it_is(
    assessment: Assessment, mill: Peer, analyst_client: Client
) -> None:
    PeerIssueFactory(peer=mill, name="Wood | paper", tier="", level=None, position=2)
    before = list(mill.issues.values_list("name", "category", "tier", "level", "rank", "position"))
    form = analyst_client.get(page("peer-edit", peer=mill.pk)).context["form"]
    analyst_client.post(page("peer-edit", peer=mill.pk), form.initial)
    assert list(mill.issues.values_list("name", "category", "tier", "level", "rank", "position")) == before


def test_a_peer_is_removed(assessment: Assessment, mill: Peer, analyst_client: Client) -> None:
    response = analyst_client.post(page("peer-remove", peer=mill.pk), follow=True)
    assert "“Mill 2022” is removed." in said(response)
    assert not Peer.objects.exists()


# --- what we lack -----------------------------------------------------------------------------------------
def test_what_we_lack_goes_to_the_long_list(assessment: Assessment, mill: Peer, analyst_client: Client) -> None:
    typed = {"take": f"{mill.pk}:Noise at night", "peer": [str(mill.pk)]}
    response = analyst_client.post(page("peer-take"), typed)
    assert response["Location"] == f"{page('peers')}?peer={mill.pk}#lacking"
    issue = assessment.issues.get()
    assert (issue.name, issue.category) == ("Noise at night", "Environmental")
    assert issue.mentions.get().source == "Mill 2022, rank 1, High"


def test_a_button_pressed_twice_adds_once(assessment: Assessment, mill: Peer, analyst_client: Client) -> None:
    for _ in range(2):
        response = analyst_client.post(page("peer-take"), {"take": f"{mill.pk}:Dust"}, follow=True)
    assert "This is not lacking any more." in said(response)
    assert assessment.issues.count() == 1


@pytest.mark.parametrize("take", ["", "x", "nobody:Dust", "qifu-2022:Unicorns"])
def test_what_no_peer_has_is_not_taken_over(assessment: Assessment, analyst_client: Client, take: str) -> None:
    assert analyst_client.post(page("peer-take"), {"take": take}).status_code == 302
    assert not assessment.issues.exists()


def test_a_full_list_takes_nothing_over(assessment: Assessment, mill: Peer, analyst_client: Client) -> None:
    assessment.issues.bulk_create(
        [IssueFactory.build(assessment=assessment, code=f"i-{n}", name=f"{n}. issue") for n in range(500)]
    )
    response = analyst_client.post(page("peer-take"), {"take": f"{mill.pk}:Dust"}, follow=True)
    assert "at most 500" in said(response)


def test_after_opening_the_page_says_that_it_waits(assessment: Assessment, mill: Peer, analyst_client: Client) -> None:
    services.set_phase(assessment=assessment, phase=Phase.SURVEY)
    response = analyst_client.post(page("peer-take"), {"take": f"{mill.pk}:Dust"}, follow=True)
    assert "It waits for the next assessment, since the survey has opened." in said(response)


# --- which of ours it is ----------------------------------------------------------------------------------
def ask(client: Client, peer: Peer, *names: str):
    return client.get(page("peer-match"), {"of": [f"{peer.pk}:{name}" for name in names]})


def answer(client: Client, peer: Peer, name: str, **typed: str):
    query = reverse("scoping:peer-match", kwargs={"organisation": "example", "slug": "paper-2024"})
    return client.post(f"{query}?of={peer.pk}:{name}&peer={peer.pk}", typed, follow=True)


def test_the_question_names_the_issue_and_its_standing(
    assessment: Assessment, mill: Peer, analyst_client: Client
) -> None:
    text = said(ask(analyst_client, mill, "Dust", "Noise at night"))
    assert "Mill 2022, rank 2, Low" in text
    assert "Mill 2022, rank 1, High, Environmental" in text


def test_a_likely_issue_is_chosen(assessment: Assessment, mill: Peer, analyst_client: Client) -> None:
    issue = IssueFactory(assessment=assessment, name="Dust in the air")
    response = answer(analyst_client, mill, "Dust", answer=f"issue:{issue.code}")
    assert response.redirect_chain == [(f"{page('peers')}?peer={mill.pk}", 302)]
    assert PeerMatch.objects.get().issue == issue


def test_another_issue_is_chosen_from_the_list(assessment: Assessment, mill: Peer, analyst_client: Client) -> None:
    issue = IssueFactory(assessment=assessment, name="Wood")
    answer(analyst_client, mill, "Dust", answer="another", other=issue.code)
    assert PeerMatch.objects.get().issue == issue
    assert ask(analyst_client, mill, "Dust").context["form"].initial == {"answer": "another", "other": issue.code}


def test_none_of_ours_is_an_answer(assessment: Assessment, mill: Peer, analyst_client: Client) -> None:
    answer(analyst_client, mill, "Dust", answer="none")
    assert PeerMatch.objects.get().issue is None


def test_an_answer_is_taken_back(assessment: Assessment, mill: Peer, analyst_client: Client) -> None:
    assert "takes back" not in said(ask(analyst_client, mill, "Dust"))
    answer(analyst_client, mill, "Dust", answer="none")
    assert "takes back" in said(ask(analyst_client, mill, "Dust"))
    answer(analyst_client, mill, "Dust", answer="by-name")
    assert not PeerMatch.objects.exists()


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({}, "Choose one of the answers."),
        ({"answer": "another"}, "Choose the issue from the list."),
        ({"answer": "another", "other": "gone"}, "This issue is not on the list any more."),
        ({"answer": "issue:gone"}, "The list has changed meanwhile."),
    ],
)
def test_an_answer_that_is_none_is_refused(
    assessment: Assessment, mill: Peer, analyst_client: Client, typed: dict[str, str], message: str
) -> None:
    IssueFactory(assessment=assessment, name="Wood")
    response = answer(analyst_client, mill, "Dust", **typed)
    assert (response.status_code, message in said(response)) == (400, True)
    assert not PeerMatch.objects.exists()


@pytest.mark.parametrize("of", [[], ["nobody:Dust"], ["x"]])
def test_a_question_about_nothing_leads_back(assessment: Assessment, analyst_client: Client, of: list[str]) -> None:
    response = analyst_client.get(page("peer-match"), {"of": of}, follow=True)
    assert response.redirect_chain[0][0] == page("peers")
    assert "Choose from the lists below." in said(response)


# --- how much is asked ------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 3])
def test_the_comparison_asks_as_much_for_three_as_for_one(
    assessment: Assessment, house: House, analyst_client: Client, count: int, django_assert_num_queries
) -> None:
    for number in range(count):
        issue = IssueFactory(assessment=assessment, name=f"Issue {number}")
        made = PeerFactory(organisation=house.organisation)
        PeerIssueFactory.create_batch(count, peer=made)
        PeerIssueFactory(peer=made, name="Wood")
        PeerMatch.objects.create(assessment=assessment, peer=str(made.pk), peer_issue="Wood", issue=issue)
    # Session, user and membership; the assessment, peers and their issues; our issues, and what was said.
    with django_assert_num_queries(8):
        analyst_client.get(page("peers"))


@pytest.mark.parametrize("count", [1, 3])
def test_a_peers_list_asks_as_much_for_three_as_for_one(
    assessment: Assessment, house: House, analyst_client: Client, count: int, django_assert_num_queries
) -> None:
    made = PeerFactory(organisation=house.organisation, issues=count)
    with django_assert_num_queries(6):
        analyst_client.get(page("peer", peer=made.pk))
