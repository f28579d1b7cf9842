"""Mails to members about a proposal: who may confirm it is told that it waits, and its working group what came of it.

A mail is a job of its own, in the transaction of what it tells of: what is not committed is not told, and a mail server
that is down holds up nobody. No mail holds anything of the result, only where it is read.
"""

from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from accounts.selectors import members_of
from jobs.runner import Refusal, RunningJob
from jobs.services import enqueue
from materiality.models import Proposal, ProposalState
from scoping.wording import dated

TELL = "materiality.tell"
# Not an assessment's: what waits for a mail server is nothing that runs about a result.
SUBJECT = "mails"
# Between attempts, in seconds: a hiccup, a restart, an outage. Then it is given up.
PAUSES = (60, 600, 3_600, 6 * 3_600)


def tell_members(proposal: Proposal, by: User | None) -> None:
    """Have those told whom the state of `proposal` concerns, but not `by`, who brought it about.

    The mails are in the language of the page on which that was done, as far as it is known: a worker writes English.
    """
    organisation = proposal.assessment.organisation
    for member in members_of(organisation):
        if member.user != by and member.user.is_active and _is_concerned(member, proposal):
            enqueue(
                kind=TELL,
                organisation=organisation,
                subject=SUBJECT,
                arguments={
                    "proposal": str(proposal.pk),
                    "state": str(proposal.state),
                    "user": str(member.user_id),
                    "language": translation.get_language() or settings.LANGUAGE_CODE,
                },
            )


def _is_concerned(member: Membership, proposal: Proposal) -> bool:
    """Before it is decided, who may confirm; afterwards the working group, and who was asked or signed in vain."""
    if proposal.state == ProposalState.OPEN:
        return member.may_confirm
    if member.may_edit or member.user_id == proposal.proposed_by_id:
        return True
    if proposal.state == ProposalState.WITHDRAWN:
        return member.may_confirm
    return proposal.state == ProposalState.VOID and proposal.signatures.filter(by=member.user_id).exists()


def send_mail(run: RunningJob) -> None:
    """Send one mail; after a failure another attempt follows, later each time, until all are used up.

    Raises
    ------
    Refusal
        If the mail server takes no mail for that address, or all attempts are used up.
    """
    given = run.arguments
    found = Proposal.objects.select_related("assessment__organisation", "proposed_by", "ended_by").defer("document")
    proposal = found.filter(
        pk=given["proposal"], state=given["state"], assessment__organisation=run.organisation_id
    ).first()
    members = Membership.objects.select_related("user").filter(organisation=run.organisation_id)
    member = members.filter(user=given["user"], user__is_active=True).first()
    # What became of it since is told by another mail; roles change, and people leave.
    if proposal is None or member is None or not _is_concerned(member, proposal):
        return
    with translation.override(given["language"]):
        mail = mail_about(proposal, member)
    try:
        mail.send()
    except SMTPRecipientsRefused as error:
        raise Refusal(f"The mail server does not take mails for {member.user.email}.") from error
    except (OSError, SMTPException) as error:
        tried = given.get("tried", 0)
        if tried >= len(PAUSES):
            raise Refusal(f"The mail server could not be reached: {error}", final=False) from error
        with run.completing() as result:
            enqueue(
                kind=TELL,
                organisation=proposal.assessment.organisation,
                subject=SUBJECT,
                arguments={**given, "tried": tried + 1},
                delay_seconds=PAUSES[tried],
            )
            result["error"] = str(error)[:300]


def mail_about(proposal: Proposal, member: Membership) -> EmailMessage:
    """The mail to `member` about what `proposal` is now, in the active language."""
    assessment = proposal.assessment
    place = {"organisation": assessment.organisation.slug, "slug": assessment.slug}
    about = {
        "name": _line(assessment.name),
        "body": _line(proposal.body),
        "organisation": _line(assessment.organisation.name),
        "who": proposal.proposed_by or _("Somebody"),
        "role": _(member.get_role_display()),
    }
    subject, paragraphs = _words(proposal)
    lines = [paragraph % about for paragraph in paragraphs]
    if proposal.state == ProposalState.OPEN and proposal.meeting_on:
        lines.append(_("Meeting on %(day)s.") % {"day": dated(proposal.meeting_on)})
    if because := proposal.ended_because.strip():
        # Reasons of the software are in the catalogue, those of people are told as they are.
        lines.append(_("The reason: %(because)s") % {"because": because if proposal.ended_by_id else _(because)})
    lines.append(
        _("Read it and decide here; you need to sign in:")
        if proposal.state == ProposalState.OPEN
        else _("Read more here; you need to sign in:")
    )
    lines.append(f"{settings.BASE_URL}{reverse('materiality:confirmation', kwargs=place)}")
    lines.append(_("You get this mail as a member of %(organisation)s in Salient (role: %(role)s).") % about)
    return EmailMessage(
        subject % about, "\n\n".join(lines), None, [member.user.email], headers={"Auto-Submitted": "auto-generated"}
    )


def _words(proposal: Proposal) -> tuple[str, list[str]]:
    """Subject and first paragraphs, with places for names."""
    return {
        ProposalState.OPEN: (
            _("For you to decide: %(name)s"),
            [_("%(who)s has put the result of “%(name)s” before %(body)s. You may confirm it or return it.")],
        ),
        ProposalState.CONFIRMED: (
            _("Confirmed: %(name)s"),
            [_("The result of “%(name)s” is confirmed by %(body)s. Owners and analysts can publish it now.")],
        ),
        ProposalState.RETURNED: (
            _("Returned: %(name)s"),
            [_("The result of “%(name)s” was not confirmed by %(body)s, but returned to the working group.")],
        ),
        ProposalState.WITHDRAWN: (
            _("Withdrawn: %(name)s"),
            [_("The result of “%(name)s” is not before %(body)s any more: the proposal was withdrawn.")],
        ),
        ProposalState.VOID: (
            _("Confirmation void: %(name)s"),
            [_("The confirmation of the result of “%(name)s” by %(body)s is void. It has to be proposed again.")],
        ),
    }[ProposalState(proposal.state)]


def _line(text: str) -> str:
    """Subjects hold no line breaks."""
    return " ".join(text.split())
