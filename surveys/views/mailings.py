"""Mailings: write one, see it as it will arrive, have it approved, follow it, and what an organisation allows."""

from collections.abc import Callable, Collection, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import editors_only
from accounts.requests import MemberRequest
from jobs.selectors import jobs_of
from scoping.models import Assessment, StakeholderGroup
from scoping.views.base import form_page
from surveys import invited
from surveys.forms.inviting import MailingForm, PolicyForm
from surveys.languages import name_of
from surveys.mail import SAMPLE_TOKEN, Letter, Letterhead, Recipient, sender_of
from surveys.mail_texts import PLACEHOLDERS, read_reply_to, read_texts
from surveys.models import Mailing, MailingKind, MailingState, Survey
from surveys.post_office import Deferred, Down, Misconfigured, PostOffice, Refused, Unsure
from surveys.services import mailing as services
from surveys.views.base import back, find_assessment, find_survey

SAMPLE_NAME = "Li Wei"


@editors_only
@form_page
def write(request: MemberRequest, slug: str) -> HttpResponse:
    """Write a mailing; a POST shows it, sends it to oneself, asks once more, or prepares it for everybody."""
    assessment = find_assessment(request, slug)
    survey = find_survey(request, assessment)
    kind = _kind(request)
    numbers = services.numbers_of_recipients(survey, kind)
    form = _form(request, survey, kind, numbers)
    if request.method != "POST":
        return _write_page(request, assessment, survey, form, numbers)
    prepared: list[Mailing] = []
    to_confirm: list[Mapping[int, int]] = []

    def carry_out(values: dict[str, Any]) -> None:
        if "test" in request.POST:
            _send_test(request, survey, form)
        elif "preview" in request.POST:
            _letters(request, survey, form)
        else:
            asked: dict[str, Any] = {
                "survey": survey,
                "kind": kind,
                "groups": list(assessment.groups.filter(code__in=values["groups"])),
                "texts": form.texts(),
                "reply_to": values["reply_to"],
            }
            if "prepare" in request.POST:
                prepared.append(services.prepare_mailing(**asked, by=request.user))
            else:
                to_confirm.append(services.check_mailing(**asked))

    if form.attempt(carry_out) and prepared:
        return back(request, "surveys:mailing", slug, mailing=str(prepared[0].pk))
    if to_confirm:
        return _confirm_page(request, assessment, survey, form, to_confirm[0])
    return _write_page(request, assessment, survey, form, numbers)


@editors_only
@require_POST
def preview(request: MemberRequest, slug: str) -> HttpResponse:
    """How the mail will look, for the page on which it is written."""
    survey = find_survey(request, find_assessment(request, slug))
    form = _form(request, survey, _kind(request), {})
    form.is_valid()
    try:
        letters, problem = _letters(request, survey, form), ""
    except ValidationError as error:
        letters, problem = [], " ".join(error.messages)
    context = {"letters": letters, "problem": problem, "sender": sender_of(survey)}
    return render(request, "surveys/invite/_preview.html", context)


@require_GET
def mailing(request: MemberRequest, slug: str, mailing: UUID) -> HttpResponse:
    """How far it is, what it says, and whom it did not reach."""
    assessment = find_assessment(request, slug)
    survey = find_survey(request, assessment)
    found = _mailing(survey, mailing)
    job = jobs_of(request.organisation).filter(kind=services.SEND, arguments__mailing=str(found.pk)).first()
    may_approve = request.membership.role in services.MAY_APPROVE and found.created_by_id != request.user.pk
    context = {
        "assessment": assessment,
        "survey": survey,
        "mailing": found,
        "progress": invited.mailing_progress(found),
        "texts": [{"tag": tag, "name": name_of(tag), **parts} for tag, parts in sorted(found.texts.items())],
        "job": job,
        "may_approve": may_approve,
        "policy": services.policy_of(request.organisation),
        "unfinished": found.state in services.UNFINISHED,
        "running": found.state in (MailingState.READY, MailingState.SENDING),
    }
    return render(request, "surveys/invite/mailing.html", context)


@require_POST
def approve(request: MemberRequest, slug: str, mailing: UUID) -> HttpResponse:
    if request.membership.role not in services.MAY_APPROVE:
        raise PermissionDenied(_("Owners, analysts and approvers can approve a mailing."))
    done = _("The mailing is approved, and its mails go out.")
    return _change(request, slug, mailing, services.approve_mailing, done)


@editors_only
@require_POST
def pause(request: MemberRequest, slug: str, mailing: UUID) -> HttpResponse:
    return _change(request, slug, mailing, services.pause_mailing, _("The mailing is paused. Nothing is lost."))


@editors_only
@require_POST
def resume(request: MemberRequest, slug: str, mailing: UUID) -> HttpResponse:
    return _change(request, slug, mailing, services.resume_mailing, _("The mailing goes on."))


@editors_only
@require_POST
def cancel(request: MemberRequest, slug: str, mailing: UUID) -> HttpResponse:
    done = _("The mailing is cancelled. Sent mails stay sent.")
    return _change(request, slug, mailing, services.cancel_mailing, done)


@editors_only
@require_POST
def settle(request: MemberRequest, slug: str, mailing: UUID) -> HttpResponse:
    """Mails of which nobody knows whether they arrived: once more, or taken as sent."""
    again = "again" in request.POST

    def service(*, mailing: Mailing, by: Any) -> None:
        services.settle_unsure(mailing=mailing, again=again, by=by)

    done = _("They are sent once more.") if again else _("They count as sent.")
    return _change(request, slug, mailing, service, done)


@form_page
def policy(request: MemberRequest) -> HttpResponse:
    """What the surveys of the organisation may send. Everybody may know; owners change it."""
    if request.method == "POST" and not request.membership.may_manage:
        raise PermissionDenied(_("Only owners can change the mail policy."))
    present = services.policy_of(request.organisation)
    form = PolicyForm.of(present, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.attempt(
        lambda values: services.set_policy(organisation=request.organisation, by=request.user, **values)
    ):
        messages.success(request, _("The mail policy is saved. It counts from the next mail on."))
        return redirect("surveys:mail-policy", organisation=request.organisation.slug)
    context = {"form": form, "policy": present}
    return render(request, "surveys/invite/policy.html", context, status=400 if form.errors else 200)


def _kind(request: MemberRequest) -> str:
    asked = request.POST.get("kind") or request.GET.get("kind", "")
    return asked if asked in MailingKind.values else str(MailingKind.INVITATION)


def _form(request: MemberRequest, survey: Survey, kind: str, numbers: Mapping[int, int]) -> MailingForm:
    groups = [(group, numbers.get(group.pk, 0)) for group in survey.assessment.groups.all()]
    return MailingForm(request.POST if request.method == "POST" else None, survey=survey, kind=kind, groups=groups)


def _write_page(
    request: MemberRequest, assessment: Assessment, survey: Survey, form: MailingForm, numbers: Mapping[int, int]
) -> HttpResponse:
    kind = _kind(request)
    chosen = set(form["groups"].value() or [])
    groups = [(group, numbers.get(group.pk, 0), group.code in chosen) for group in assessment.groups.all()]
    letters: list[Letter] = []
    if not form.errors:
        if request.method != "POST":
            letters = _compose(survey, _initial_texts(form), _first_group(survey, chosen))
        else:
            letters = _letters(request, survey, form)
    context = {
        "assessment": assessment,
        "survey": survey,
        "kind": kind,
        "is_reminder": kind == MailingKind.REMINDER,
        "form": form,
        "groups": groups,
        "people": sum(number for _, number, _ in groups),
        "placeholders": PLACEHOLDERS,
        "letters": letters,
        "sender": sender_of(survey),
        "policy": services.policy_of(request.organisation),
        "is_open": survey.takes_answers(timezone.now()),
    }
    return render(request, "surveys/invite/write.html", context, status=400 if form.errors else 200)


def _confirm_page(
    request: MemberRequest, assessment: Assessment, survey: Survey, form: MailingForm, numbers: Mapping[int, int]
) -> HttpResponse:
    """To whom it goes, once more; its form holds what was written, so that nothing is stored before it is sent."""
    kind = _kind(request)
    people = sum(numbers.values())
    letters = _letters(request, survey, form)
    shown = ("csrfmiddlewaretoken", "send", "preview", "test", "prepare")
    context = {
        "assessment": assessment,
        "survey": survey,
        "is_reminder": kind == MailingKind.REMINDER,
        "groups": [(group, numbers[group.pk]) for group in assessment.groups.all() if group.pk in numbers],
        "people": people,
        "languages": [name_of(letter.language) for letter in letters],
        "letters": letters,
        "sender": sender_of(survey),
        "reply_to": form.cleaned_data["reply_to"].strip(),
        "needs_approval": people > services.policy_of(request.organisation).approval_above,
        "posted": [(name, value) for name in request.POST if name not in shown for value in request.POST.getlist(name)],
    }
    return render(request, "surveys/invite/confirm.html", context)


def _first_group(survey: Survey, codes: Collection[str]) -> StakeholderGroup | None:
    """The first of the chosen groups; the first of all where none is chosen."""
    groups = list(survey.assessment.groups.all())
    return next((group for group in groups if group.code in codes), groups[0] if groups else None)


def _initial_texts(form: MailingForm) -> dict[str, dict[str, str]]:
    return {tag: {part: str(form[f"{part}.{tag}"].value() or "") for part in ("subject", "body")} for tag in form.tags}


def _letters(request: MemberRequest, survey: Survey, form: MailingForm) -> list[Letter]:
    """The mail in each language as somebody would get it. Raises ValidationError as preparing it would."""
    read_reply_to(request.POST.get("reply_to", ""))
    return _compose(survey, form.texts(), _first_group(survey, request.POST.getlist("groups")))


def _compose(survey: Survey, texts: Any, group: StakeholderGroup | None) -> list[Letter]:
    kept = read_texts(texts, source=survey.source_language, closes=survey.closes_at is not None)
    letterhead = Letterhead(survey, kept)
    return [letterhead.letter(_sample(group, tag)) for tag in kept]


def _sample(
    group: StakeholderGroup | None, language: str, *, address: str = "li.wei@example.org", name: str = SAMPLE_NAME
) -> Recipient:
    return Recipient(address, name, language, group.pk if group else 0, SAMPLE_TOKEN)


def _send_test(request: MemberRequest, survey: Survey, form: MailingForm) -> None:
    """The mail in each language to oneself; its link leads nowhere. Raises ValidationError if it could not be sent."""
    closes = survey.closes_at is not None
    kept = read_texts(form.texts(), source=survey.source_language, closes=closes)
    letterhead = Letterhead(survey, kept, read_reply_to(form.cleaned_data["reply_to"]))
    group = _first_group(survey, form.cleaned_data["groups"])
    try:
        with PostOffice() as office:
            for tag in kept:
                sample = _sample(group, tag, address=request.user.email, name=request.user.name)
                office.hand_over(letterhead.message(sample))
    except (Down, Deferred, Refused, Misconfigured, Unsure) as error:
        failed = _("The test could not be sent: %(error)s. Look at the mail settings.")
        raise ValidationError(failed % {"error": error}) from error
    tested = _("A test is sent to %(email)s. Its link is a sample and leads nowhere.")
    messages.success(request, tested % {"email": request.user.email})


def _change(request: MemberRequest, slug: str, pk: UUID, service: Callable[..., Any], done: str) -> HttpResponse:
    survey = find_survey(request, find_assessment(request, slug))
    try:
        service(mailing=_mailing(survey, pk), by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, done)
    return back(request, "surveys:mailing", slug, mailing=str(pk))


def _mailing(survey: Survey, pk: UUID) -> Mailing:
    found = invited.mailing_of(survey, pk)
    if found is None:
        raise Http404("There is no such mailing in this survey.")
    return found
