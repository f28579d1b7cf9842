"""Who is invited, group by group: add people, look for one, withdraw or renew a link. Lists of people are personal
data: only who edits sees them."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import editors_only
from accounts.requests import MemberRequest
from jobs.models import Job, Status
from jobs.selectors import recent_jobs
from scoping.forms.lists import UploadForm
from scoping.lists.pending import undecided
from scoping.models import Assessment, PendingImport, StakeholderGroup
from scoping.views.base import form_page, sent
from scoping.views.paging import links_to_pages, page_number
from surveys import invited
from surveys.addresses import COLUMNS, People, pasted
from surveys.forms.inviting import CorrectionForm, PasteForm
from surveys.models import Invitation, InvitationState, Survey
from surveys.services import invitations as one_by_one
from surveys.services import inviting
from surveys.services.mailing import policy_of
from surveys.views.base import back, find_assessment, find_survey, survey_to_change, survey_to_design
from tables.names import tidy
from tables.problems import SourceError


@require_GET
def invitations(request: MemberRequest, slug: str) -> HttpResponse:
    """Every group with its numbers, and the mailings."""
    assessment = find_assessment(request, slug)
    survey = survey_to_design(request, assessment)
    groups = invited.invitations_by_group(survey)
    context = {
        "assessment": assessment,
        "survey": survey,
        "groups": groups,
        "total": sum(row.invited for row in groups),
        "ready": sum(row.ready for row in groups),
        "answered": sum(row.answered for row in groups),
        "mailings": list(invited.mailings_of(survey)) if survey.pk else [],
        "policy": policy_of(request.organisation),
        "jobs": _adding(request, assessment),
    }
    return render(request, "surveys/invite/invitations.html", context)


@editors_only
@form_page
def people(request: MemberRequest, slug: str, group: str) -> HttpResponse:
    """The invited people of a group, a hundred at a time; a POST adds those of a pasted list."""
    assessment = find_assessment(request, slug)
    chosen = _group(assessment, group)
    if request.method != "POST":
        survey = survey_to_design(request, assessment)
        return _people(request, assessment, survey, chosen, PasteForm())
    survey = survey_to_change(request, assessment)
    form = PasteForm(request.POST)
    outcome: list[inviting.Added | Job] = []

    def add(values: dict[str, Any]) -> None:
        people = pasted(values["lines"])
        checked = inviting.check_people(survey=survey, people=people)
        if checked.wrong:
            raise ValidationError({"lines": _problems(checked)})
        pending = None
        if checked.people > inviting.AT_ONCE:
            raw = values["lines"].encode()
            pending = inviting.keep_people(
                survey=survey, group=chosen, name=inviting.PASTED_NAME, raw=raw, by=request.user
            )
        outcome.append(
            inviting.add_people(survey=survey, group=chosen, people=people, by=request.user, pending=pending)
        )

    if form.attempt(add):
        return _added(request, slug, chosen, outcome[0])
    return _people(request, assessment, survey, chosen, form)


@editors_only
@require_POST
def add_contacts(request: MemberRequest, slug: str, group: str) -> HttpResponse:
    """Invites the contacts of the register that belong to the group."""
    assessment = find_assessment(request, slug)
    chosen = _group(assessment, group)
    survey = survey_to_change(request, assessment)
    try:
        added = inviting.add_people(survey=survey, group=chosen, people=inviting.contacts_of(chosen), by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return back(request, "surveys:invited", slug, group=group)
    return _added(request, slug, chosen, added)


@editors_only
@form_page
def upload(request: MemberRequest, slug: str, group: str) -> HttpResponse:
    """Takes a file with people, and goes on to its preview."""
    assessment = find_assessment(request, slug)
    chosen = _group(assessment, group)
    form = UploadForm(sent(request), request.FILES if request.method == "POST" else None)
    kept: list[PendingImport] = []

    def keep(values: dict[str, Any]) -> None:
        file = values["file"]
        survey = survey_to_change(request, assessment)
        kept.append(
            inviting.keep_people(
                survey=survey, group=chosen, name=tidy(file.name or "file"), raw=file.read(), by=request.user
            )
        )

    if request.method == "POST" and form.attempt(keep):
        return back(request, "surveys:invite-preview", slug, group=group, pending=str(kept[0].pk))
    context = {"assessment": assessment, "group": chosen, "form": form, "columns": COLUMNS}
    return render(request, "surveys/invite/upload.html", context, status=400 if form.errors else 200)


@editors_only
@form_page
def preview(request: MemberRequest, slug: str, group: str, pending: str) -> HttpResponse:
    """What a file would add, and what is wrong with it; a POST adds it, or forgets it."""
    assessment = find_assessment(request, slug)
    chosen = _group(assessment, group)
    kept = undecided(assessment).filter(pk=pending, kind=inviting.kind_of_upload(chosen)).first()
    if kept is None:
        messages.info(request, _("That file was dealt with already, or waited longer than a day. Upload it again."))
        return back(request, "surveys:invited", slug, group=group)
    survey = (
        survey_to_change(request, assessment) if request.method == "POST" else survey_to_design(request, assessment)
    )
    if "forget" in request.POST:
        kept.delete()
        messages.success(request, _("%(file)s is forgotten. Nobody was added.") % {"file": kept.filename})
        return back(request, "surveys:invited", slug, group=group)
    try:
        people = inviting.people_of(kept)
        if request.method == "POST":
            outcome = inviting.add_people(survey=survey, group=chosen, people=people, by=request.user, pending=kept)
            return _added(request, slug, chosen, outcome)
        return _preview(request, assessment, survey, chosen, kept, people)
    except SourceError as error:
        context = {"assessment": assessment, "group": chosen, "pending": kept, "unreadable": str(error)}
        return render(request, "surveys/invite/preview.html", context, status=400)
    except ValidationError:
        return _preview(request, assessment, survey, chosen, kept, people, status=400)


@editors_only
@require_POST
def remove_unsent(request: MemberRequest, slug: str, group: str) -> HttpResponse:
    """Takes everybody of a group off the list to whom no mail went."""
    assessment = find_assessment(request, slug)
    chosen = _group(assessment, group)
    removed = one_by_one.remove_unsent(survey=find_survey(request, assessment), group=chosen, by=request.user)
    done = _("%(n)s of %(group)s who were never written to are taken off the list.")
    messages.success(request, done % {"n": f"{removed:,}", "group": chosen})
    return back(request, "surveys:invited", slug, group=group)


@editors_only
@form_page
def invitation(request: MemberRequest, slug: str, invitation: int) -> HttpResponse:
    """One person's invitation, and what can be done about it; a POST corrects it."""
    assessment = find_assessment(request, slug)
    survey = find_survey(request, assessment)
    found = _invitation(survey, invitation)
    form = CorrectionForm.of(found, sent(request))
    if request.method == "POST" and form.attempt(
        lambda values: one_by_one.correct_invitation(invitation=found, by=request.user, **values)
    ):
        messages.success(request, _("The invitation is corrected."))
        return back(request, "surveys:invitation", slug, invitation=str(found.pk))
    context = {
        "form": form,
        "not_corrected": _why_not_corrected(found),
        "assessment": assessment,
        "survey": survey,
        "invitation": found,
        "unsent": one_by_one.never_written_to(survey, found.group).filter(pk=found.pk).exists(),
        "says_how_often": invited.shows_who_answered(survey),
    }
    return render(request, "surveys/invite/invitation.html", context, status=400 if form.errors else 200)


def _why_not_corrected(found: Invitation) -> str:
    """Why the invitation cannot be corrected; empty where it can."""
    try:
        one_by_one.refuse_correction(found)
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    return ""


@editors_only
@require_POST
def revoke(request: MemberRequest, slug: str, invitation: int) -> HttpResponse:
    done = _("The invitation is withdrawn, and its link leads nowhere.")
    return _change(request, slug, invitation, one_by_one.revoke_invitation, done)


@editors_only
@require_POST
def renew(request: MemberRequest, slug: str, invitation: int) -> HttpResponse:
    done = _("There is a new link, and the old one leads nowhere. The next mailing of invitations sends it.")
    return _change(request, slug, invitation, one_by_one.renew_link, done)


@editors_only
@require_POST
def remove(request: MemberRequest, slug: str, invitation: int) -> HttpResponse:
    done = _("The person is taken off the list.")
    return _change(request, slug, invitation, one_by_one.remove_invitation, done)


def _change(request: MemberRequest, slug: str, pk: int, service: Callable[..., Any], done: str) -> HttpResponse:
    survey = find_survey(request, find_assessment(request, slug))
    found = _invitation(survey, pk)
    try:
        service(invitation=found, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        if Invitation.objects.filter(pk=pk).exists():
            return back(request, "surveys:invitation", slug, invitation=str(pk))
    else:
        messages.success(request, done)
    return back(request, "surveys:invited", slug, group=found.group.code)


def _people(
    request: MemberRequest, assessment: Assessment, survey: Survey, chosen: StakeholderGroup, form: PasteForm
) -> HttpResponse:
    words = tidy(request.GET.get("q", ""))[:200]
    state = request.GET.get("state", "")
    state = state if state in InvitationState.values else ""
    numbers = next(row for row in invited.invitations_by_group(survey) if row.group.pk == chosen.pk)
    page = (
        invited.invited_page(survey, chosen, words=words, state=state, page=page_number(request))
        if survey.pk
        else invited.InvitedPage([], 0, 1, 1, 0)
    )
    jobs = _adding(request, assessment)
    query = {name: value for name, value in (("q", words), ("state", state)) if value}
    context = {
        "assessment": assessment,
        "survey": survey,
        "group": chosen,
        "numbers": numbers,
        "form": form,
        "words": words,
        "state": state,
        "states": InvitationState.choices,
        "page": page,
        "pages": links_to_pages(page.page, page.pages, query),
        "shows_answered": invited.shows_who_answered(survey),
        "unsent": one_by_one.never_written_to(survey, chosen).count() if survey.pk else 0,
        "jobs": jobs,
        "outcome": next((inviting.outcome_of(job) for job in jobs if job.status == Status.DONE), ""),
    }
    return render(request, "surveys/invite/group.html", context, status=400 if form.errors else 200)


def _preview(
    request: MemberRequest,
    assessment: Assessment,
    survey: Survey,
    chosen: StakeholderGroup,
    kept: PendingImport,
    people: People,
    status: int = 200,
) -> HttpResponse:
    checked = inviting.check_people(survey=survey, people=people)
    context = {"assessment": assessment, "group": chosen, "pending": kept, "checked": checked}
    return render(request, "surveys/invite/preview.html", context, status=status)


def _added(request: MemberRequest, slug: str, chosen: StakeholderGroup, outcome: inviting.Added | Job) -> HttpResponse:
    if isinstance(outcome, Job):
        messages.info(request, _("The list is long, so it is added in the background. You can leave this page."))
    else:
        messages.success(request, _("%(outcome)s.") % {"outcome": outcome})
    return redirect(reverse("surveys:invited", args=[request.organisation.slug, slug, chosen.code]))


def _problems(checked: inviting.Checked) -> Sequence[str]:
    more = inviting.more_lines(checked.wrong - len(checked.problems))
    return [*(str(problem) for problem in checked.problems), *more]


def _adding(request: MemberRequest, assessment: Assessment) -> list[Job]:
    """Lists that are being added, and the outcome of the last one."""
    jobs = [job for job in recent_jobs(request.organisation, assessment.slug, 30) if job.kind == inviting.INVITE]
    return [job for place, job in enumerate(jobs) if job.status != Status.DONE or place == 0][:5]


def _group(assessment: Assessment, code: str) -> StakeholderGroup:
    return get_object_or_404(assessment.groups, code=code)


def _invitation(survey: Survey, pk: int) -> Invitation:
    found = invited.invitation_of(survey, pk)
    if found is None:
        raise Http404("There is no such invitation in this survey.")
    return found
