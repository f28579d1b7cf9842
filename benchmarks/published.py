"""A whole assessment, from the issues to the public report, as the working group of a company leaves it behind.

Made by the services that people use, with simulated answers and a period before, so that every figure, table and
document can be had of it. Runs in a room, and in tests.
"""

import io

from django.core.management import call_command

from accounts.models import Membership, Organisation, Role, User
from accounts.services import create_organisation
from benchmarks.crowd import issue_name
from materiality.models import Publication, Signature, Verdict
from materiality.publishing.services import publish
from materiality.services import analyse_now, override_tier, propose, sign
from scoping.models import (
    Assessment,
    Attribute,
    Channel,
    Concern,
    Issue,
    Pillar,
    Predecessor,
    Score,
    Side,
    StakeholderGroup,
)
from scoping.services import create_assessment
from surveys.models import Survey
from surveys.services import close_survey

GROUPS = (
    "Shareholders and investors", "Employees", "Customers", "Suppliers and partners", "Communities around our sites",
    "Government and regulators", "Industry associations", "Media and non-governmental organisations",
)  # fmt: skip
SENTENCE = "A sentence of usual length about what is done here and why. "
REASON = "The new law on it takes effect next year, which the answers could not yet know."
DECISIONS, CONCERNS, PILLARS = 3, 4, 4
SEED = 7


def published_report(*, issues: int, groups: int, respondents: int, sentences: int) -> Publication:
    """A public report of so many issues, confirmed after the working group gave three of them another tier.

    Parameters
    ----------
    groups : at most eight.
    respondents : of each of the two periods; all of them simulated.
    sentences : in each of the three texts about an issue.
    """
    owner = User.objects.create_user("owner@benchmark.example", name="Owner")
    approver = User.objects.create_user("approver@benchmark.example", name="Approver")
    organisation = create_organisation(name="Benchmark", owner=owner)
    approving = Membership.objects.create(organisation=organisation, user=approver, role=Role.APPROVER)
    text = SENTENCE * sentences
    before, now = (_answered(organisation, year, issues, groups, respondents, text) for year in ("2023", "2024"))
    continued = zip(now.issues.order_by("position"), before.issues.order_by("position"), strict=True)
    Predecessor.objects.bulk_create(Predecessor(issue=issue, previous=previous) for issue, previous in continued)
    now.previous = before
    now.save(update_fields=["previous"])
    results = analyse_now(assessment=now).results
    for row in results["issues"][-DECISIONS:]:
        issue = now.issues.get(code=row["code"])
        override_tier(assessment=now, issue=issue, tier=results["tiers"][0]["name"], reason=REASON, by=owner)
    proposal = propose(assessment=now, body="the board of directors", by=owner, note="As the working group proposes.")
    proposal = sign(
        proposal=proposal,
        membership=approving,
        verdict=Verdict.CONFIRM,
        means=Signature.Means.PASSWORD,
        digest=proposal.digest,
    )
    return publish(proposal=proposal, by=owner)


def _answered(
    organisation: Organisation, period: str, issues: int, groups: int, respondents: int, text: str
) -> Assessment:
    """An assessment with everything written down, its survey closed, its result computed."""
    assessment = create_assessment(
        organisation=organisation, name=f"Assessment {period}", company="Benchmark Ltd.", reporting_period=period
    )
    listed = Issue.objects.bulk_create(
        Issue(
            assessment=assessment,
            code=f"issue-{position}",
            name=issue_name(position),
            category=("Environment", "Social", "Governance")[position % 3],
            description="A sentence about this issue of the length that such sentences mostly have on a form.",
            meaning=text,
            practice=text,
            improvement=text,
            chapters="A chapter of the report\nAnother chapter",
            sdgs=[3, 8, 13],
            position=position,
        )
        for position in range(issues)
    )
    for position, name in enumerate(GROUPS[:groups]):
        _group(assessment, position, name, listed)
    for position in range(PILLARS):
        pillar = Pillar.objects.create(assessment=assessment, name=f"Pillar {position + 1} of our model")
        pillar.issues.set(listed[position::PILLARS])
    sizes = (issues // 3, issues // 3, issues - 2 * (issues // 3))
    for tier, planned in zip(assessment.tiers.all(), sizes, strict=True):
        tier.planned_count = planned
        tier.save(update_fields=["planned_count"])
    quiet = io.StringIO()
    call_command("simulate", assessment.slug, respondents=respondents, seed=SEED, stdout=quiet, stderr=quiet)
    close_survey(survey=Survey.objects.get(assessment=assessment))
    assessment.refresh_from_db()
    analyse_now(assessment=assessment)
    return assessment


def _group(assessment: Assessment, position: int, name: str, issues: list[Issue]) -> None:
    group = StakeholderGroup.objects.create(
        assessment=assessment,
        code=f"group-{position}",
        name=name,
        side=Side.EXTERNAL if position % 2 else Side.INTERNAL,
        headcount=1_000 * (position + 1),
        position=position,
    )
    Score.objects.bulk_create(
        Score(group=group, attribute=attribute, value=1 + (position * step) % 5, reason="What they can do, and want.")
        for attribute, step in ((Attribute.POWER, 3), (Attribute.INTEREST, 2))
    )
    Channel.objects.create(group=group, name="Meetings, reports and a mailbox", frequency="Each quarter")
    Concern.objects.bulk_create(
        Concern(
            group=group,
            issue=issues[(position * CONCERNS + number) % len(issues)],
            topic=f"Topic {number + 1} of the group",
            response="What the company does about it, in a line.",
            position=number,
        )
        for number in range(CONCERNS)
    )
