"""The page of the keys to the API: which there are, a new one, an end to one."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from accounts import selectors
from accounts.models import ApiToken
from accounts.requests import MemberRequest
from accounts.token_forms import TokenForm
from accounts.tokens import TOKENS, create_token, revoke_token, tokens_for


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_variables("key")
def tokens(request: MemberRequest) -> HttpResponse:
    """The keys; after a new one was made, its text, this once."""
    form = TokenForm(request.POST if request.method == "POST" else None, membership=request.membership)
    if request.method != "POST":
        return _page(request, form)
    if form.is_valid():
        try:
            token, key = create_token(membership=request.membership, **form.values())
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            return _page(request, TokenForm(membership=request.membership), made=token, key=key)
    return _page(request, form, status=400)


def _page(
    request: MemberRequest, form: TokenForm, *, made: ApiToken | None = None, key: str = "", status: int = 200
) -> HttpResponse:
    now = timezone.now()
    found = list(tokens_for(request.membership))
    context = {
        "form": form,
        "made": made,
        "key": key,
        "working": [token for token in found if token.revoked_at is None and token.expires_at > now],
        "ended": [token for token in found if token.revoked_at is not None or token.expires_at <= now][:20],
        "events": selectors.events_of(request.organisation, TOKENS, 8),
    }
    return render(request, "accounts/tokens.html", context, status=status)


@require_POST
def revoke(request: MemberRequest, token: UUID) -> HttpResponse:
    found = get_object_or_404(ApiToken, pk=token, organisation=request.organisation)
    if found.user != request.user and not request.membership.may_manage:
        raise PermissionDenied(_("Only owners can revoke the keys of others."))
    revoke_token(token=found, by=request.user)
    messages.success(request, _("“%(name)s” opens nothing any more.") % {"name": found.name})
    return redirect("accounts:tokens", organisation=request.organisation.slug)
