"""Services of the review: tiers given and taken back, comments, open points, and what is refused."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts.models import AuditEvent
from materiality.models import Override, ProposalState, ReviewComment
from materiality.review.decided import decision_of
from materiality.review.selectors import decided_results, history_of
from materiality.services import Locked, comment, override_tier, resolve, withdraw_override
from scoping.models import Assessment
from tests.materiality.documents import issue
from tests.materiality.review.conftest import Give, current, issues, lock
from tests.materiality.years import result_of
from tests.support.factories import AssessmentFactory, IssueFactory
from tests.support.people import House

pytestmark = pytest.mark.django_db


def tiers(assessment: Assessment) -> dict[str, str]:
    return {one["code"]: one["tier"] for one in decided_results(current(assessment))["issues"]}


def refused(call, *args, **kwargs) -> ValidationError:
    with pytest.raises(ValidationError) as refusal:
        call(*args, **kwargs)
    return refusal.value


def test_a_tier_is_given_in_place_of_the_computed_one(reviewed: Assessment, house: House, give: Give):
    override = give("c", "High")
    assert tiers(reviewed) == {"a": "High", "b": "High", "c": "High"}
    assert (override.computed_tier, override.by, override.run) == ("Minor", house.analyst, current(reviewed))
    told = AuditEvent.objects.latest("pk")
    assert (told.summary, told.actor) == ("gave Issue C the tier High in place of Minor", house.analyst)


def test_another_tier_ends_the_one_before_and_both_are_kept(reviewed: Assessment, house: House, give: Give):
    first = give("a", "Minor", "A first thought.")
    second = give("a", "High", "A second one.")
    first.refresh_from_db()
    assert (first.ended_by, second.ended_at) == (house.analyst, None)
    assert history_of(reviewed.issues.get(code="a")) == [second, first]


def test_taken_back_the_computed_tier_stands_and_the_decision_is_kept(reviewed: Assessment, house: House, give: Give):
    override = give("c", "High")
    withdraw_override(override=override, by=house.owner)
    assert tiers(reviewed)["c"] == "Minor"
    assert Override.objects.get().ended_by == house.owner
    assert "taken back before" in refused(withdraw_override, override=override, by=house.owner).messages[0]


def test_a_decision_stays_when_another_result_is_computed(reviewed: Assessment, give: Give):
    give("c", "High")
    before = current(reviewed)
    result_of(reviewed, *issues())
    assert tiers(reviewed)["c"] == "High"
    assert decided_results(before)["issues"][2]["tier"] == "Minor"  # an earlier result stays as computed


def test_a_decision_on_a_tier_that_is_gone_has_no_effect(reviewed: Assessment, give: Give):
    give("c", "High")
    renamed = [{"name": "Most", "count": 2}, {"name": "Minor", "count": 1}]
    result_of(reviewed, *(one | {"tier": None, "tier_probability": {}} for one in issues()), tiers=renamed)
    assert tiers(reviewed)["c"] is None


@pytest.mark.parametrize(
    ("code", "tier", "reason", "field", "why"),
    [
        ("c", "Medium", "Because.", "tier", "“Medium” is not a tier of this result."),
        ("c", "Minor", "Because.", "tier", "“Issue C” stands in the tier “Minor” already."),
        ("c", "High", " \n ", "reason", "Give the reason: it is shown wherever the tier is."),
        ("c", "High", "x" * 4_001, "reason", "At most 4,000 characters; this has 4,001."),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(
    reviewed: Assessment, give: Give, code: str, tier: str, reason: str, field: str, why: str
):
    assert refused(give, code, tier, reason).message_dict == {field: [why]}
    assert not Override.objects.exists()


def test_the_longest_reason_and_any_script_are_kept_as_they_are(give: Give):
    assert len(give("c", "High", "ش" * 4_000).reason) == 4_000
    assert give("a", "Minor", "<script>alert(1)</script>").reason == "<script>alert(1)</script>"


def test_a_long_name_leaves_room_for_the_tiers_in_the_record(reviewed: Assessment, give: Give):
    reviewed.issues.filter(code="c").update(name="N" * 300)
    give("c", "High")
    assert AuditEvent.objects.latest("pk").summary.endswith("N… the tier High in place of Minor")


def test_an_issue_without_a_rank_waits_for_ratings(reviewed: Assessment, give: Give):
    result_of(reviewed, issue("a", 1, "High"), issue("c", None, None))
    assert "needs ratings first" in refused(give, "c", "High").messages[0]


def test_an_issue_of_another_assessment_is_not_in_the_result(reviewed: Assessment, house: House):
    other = IssueFactory(assessment=AssessmentFactory(organisation=house.organisation), code="c")
    values = {"assessment": reviewed, "issue": other, "by": house.analyst}
    assert "is not in this result" in refused(override_tier, tier="High", reason="Because.", **values).messages[0]
    assert "is not in this result" in refused(comment, text="Why?", **values).messages[0]


def test_without_a_result_there_is_nothing_to_decide(assessment: Assessment, house: House):
    values = {"assessment": assessment, "issue": assessment.issues.get(code="c"), "by": house.analyst}
    assert "There is no result yet" in refused(override_tier, tier="High", reason="Because.", **values).messages[0]


def test_what_somebody_else_decided_meanwhile_is_not_replaced_unseen(give: Give):
    override = give("c", "High", seen="")
    why = refused(give, "c", "Minor", seen="").messages[0]
    assert why == "Analyst gave it the tier “High” meanwhile. Read the reason below, then decide."
    assert give("c", "Minor", seen=str(override.pk)).tier == "Minor"
    assert "was taken back meanwhile" in refused(give, "a", "Minor", seen="12345").messages[0]


@pytest.mark.parametrize(
    ("state", "told"), [(ProposalState.OPEN, "withdraw the proposal first"), (ProposalState.CONFIRMED, "reopen it")]
)
def test_a_proposed_or_confirmed_result_keeps_its_tiers(
    reviewed: Assessment, house: House, give: Give, state: ProposalState, told: str
):
    override = give("c", "High")
    lock(reviewed, state)
    for call in (lambda: give("a", "Minor"), lambda: withdraw_override(override=override, by=house.analyst)):
        with pytest.raises(Locked, match=told):
            call()
    assert tiers(reviewed) == {"a": "High", "b": "High", "c": "High"}
    # Comments are no part of what is confirmed.
    assert comment(assessment=reviewed, text="Looks right.", by=house.approver).pk


# --- comments -----------------------------------------------------------------------------------------------
def test_an_open_point_is_closed_once_with_what_came_of_it(reviewed: Assessment, house: House):
    one = reviewed.issues.get(code="a")
    point = comment(assessment=reviewed, issue=one, text="كم عدد العملاء؟", by=house.approver, is_open_point=True)
    assert AuditEvent.objects.latest("pk").summary == "left an open point on Issue A"
    assert refused(resolve, comment=point, resolution=" ", by=house.owner).message_dict == {
        "resolution": ["Say what came of it."]
    }
    resolve(comment=point, resolution="1,204.", by=house.owner)
    point.refresh_from_db()
    assert (point.resolution, point.resolved_by) == ("1,204.", house.owner)
    assert "not an open point any more" in refused(resolve, comment=point, resolution="No.", by=house.owner).messages[0]


def test_a_comment_is_no_open_point(reviewed: Assessment, house: House):
    said = comment(assessment=reviewed, text="Plausible.", by=house.analyst)
    assert "not an open point" in refused(resolve, comment=said, resolution="Yes.", by=house.analyst).messages[0]


@pytest.mark.parametrize("text", ["", "   ", "x" * 4_001])
def test_a_comment_needs_a_text_that_fits(reviewed: Assessment, house: House, text: str):
    assert "text" in refused(comment, assessment=reviewed, text=text, by=house.analyst).message_dict
    assert not ReviewComment.objects.exists()


# --- at the same time ---------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_of_decisions_at_the_same_time_one_is_in_force_and_all_are_kept(reviewed: Assessment, house: House):
    """Each one's tier differs from what was in force when its turn came, or it is refused in words."""
    start = Barrier(4)

    def decide(number: int) -> str:
        start.wait()
        try:
            values = {"tier": ("High", "Minor")[number % 2], "reason": f"Reason {number}", "by": house.analyst}
            override_tier(assessment=reviewed, issue=reviewed.issues.get(code="c"), **values)
        except ValidationError as refusal:
            return refusal.messages[0]
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(4) as threads:
        told = list(threads.map(decide, range(4)))
    given = list(Override.objects.order_by("at", "pk"))
    assert len(given) == told.count("") >= 1
    assert [one.ended_at is None for one in given] == [False] * (len(given) - 1) + [True]
    assert all("already" in why for why in told if why)
    assert decision_of(decided_results(current(reviewed))["issues"][2])["tier"] == given[-1].tier
