"""Where a member lands, and who else is a member."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import selectors, services
from accounts.forms import AddMemberForm, NameForm, PeopleToConfirmForm, RoleForm
from accounts.models import Membership, Role
from accounts.permissions import owners_only
from accounts.requests import MemberRequest


@require_safe
@login_required
def home(request: MemberRequest) -> HttpResponse:
    """The only organisation at once; a choice where there are several."""
    organisations = list(selectors.organisations_of(request.user))
    if len(organisations) == 1:
        return redirect("scoping:assessments", organisation=organisations[0].slug)
    return render(request, "accounts/home.html", {"organisations": organisations})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def name(request: MemberRequest) -> HttpResponse:
    """The person's own name."""
    form = NameForm(request.POST or None, initial={"name": request.user.name})
    if request.method == "POST" and form.is_valid():
        try:
            services.choose_name(user=request.user, name=form.cleaned_data["name"])
        except ValidationError as error:
            form.add_error("name", error)
        else:
            messages.success(request, _("Your name is saved."))
            return redirect("home")
    return render(request, "accounts/name.html", {"form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def members(request: MemberRequest) -> HttpResponse:
    form = AddMemberForm(request.POST or None)
    if request.method == "POST":
        return _add(request, form)
    return _members_page(request, form)


@owners_only
def _add(request: MemberRequest, form: AddMemberForm) -> HttpResponse:
    if form.is_valid():
        try:
            added = services.add_member(organisation=request.organisation, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("email", error)
        else:
            messages.success(request, _("%(email)s is a member now.") % {"email": added.user.email})
            return redirect("accounts:members", organisation=request.organisation.slug)
    return _members_page(request, form, status=400)


def _members_page(request: MemberRequest, form: AddMemberForm, status: int = 200) -> HttpResponse:
    found = list(selectors.members_of(request.organisation))
    context = {
        "members": found,
        "confirmers": sum(member.may_confirm for member in found),
        "confirming": PeopleToConfirmForm(initial={"people": request.organisation.people_to_confirm}),
        "form": form,
        "roles": Role.choices,
        "events": selectors.events_of(request.organisation, services.MEMBERS, 8),
    }
    return render(request, "accounts/members.html", context, status=status)


@require_POST
@owners_only
def change(request: MemberRequest, member: int) -> HttpResponse:
    """Change a member's role, or take the access away."""
    membership = get_object_or_404(Membership, pk=member, organisation=request.organisation)
    form = RoleForm(request.POST)
    try:
        if "remove" in request.POST:
            services.remove_member(membership=membership, by=request.user)
            messages.success(request, _("%(email)s is no longer a member.") % {"email": membership.user.email})
        elif form.is_valid():
            services.change_role(membership=membership, role=form.cleaned_data["role"], by=request.user)
            role = _(membership.get_role_display()).lower()
            messages.success(request, _("%(email)s is %(role)s now.") % {"email": membership.user.email, "role": role})
        else:
            messages.error(request, _("Choose one of the roles in the list."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    if membership.pk is None and membership.user == request.user:
        return redirect("home")  # the members are no longer theirs to see
    return redirect("accounts:members", organisation=request.organisation.slug)


@require_POST
@owners_only
def confirming(request: MemberRequest) -> HttpResponse:
    """How many people a result needs to be confirmed."""
    form = PeopleToConfirmForm(request.POST)
    if form.is_valid():
        services.choose_people_to_confirm(
            organisation=request.organisation, people=form.cleaned_data["people"], by=request.user
        )
        messages.success(request, _("Saved. It counts for what is proposed from now on."))
    else:
        messages.error(request, _("Choose one person or two."))
    return redirect("accounts:members", organisation=request.organisation.slug)


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the database answers; load balancers ask."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)
