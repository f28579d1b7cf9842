"""Who may do what, as decorators of views under /o/<organisation>/."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.translation import gettext as _

from accounts.requests import MemberRequest

View = Callable[..., HttpResponse]


def editors_only(view: View) -> View:
    @wraps(view)
    def checked(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.membership.may_edit:
            raise PermissionDenied(_("Only owners and analysts can change an assessment."))
        return view(request, *args, **kwargs)

    return checked


def owners_only(view: View) -> View:
    @wraps(view)
    def checked(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.membership.may_manage:
            raise PermissionDenied(_("Only owners can do this."))
        return view(request, *args, **kwargs)

    return checked


def confirmers_only(view: View) -> View:
    @wraps(view)
    def checked(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.membership.may_confirm:
            raise PermissionDenied(_("Only approvers and owners can confirm a result."))
        return view(request, *args, **kwargs)

    return checked
